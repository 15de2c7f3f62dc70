import numpy as np
import pytest

from edge_core.errors import SourceError
from edge_core.tag_reads import TAG_READ_COLUMNS, TagReads

HEADER = ",".join(TAG_READ_COLUMNS)


def recording(folder, *lines):
    path = folder / "reads.csv"
    path.write_text("\n".join(lines) + "\n")
    return path


def test_a_recording_is_read_in_order_of_time_and_in_plain_units(tmp_path):
    path = recording(tmp_path, HEADER, "2000,2,50,-61.5,2048,-32,ab", "1000,1,7,-60,0,16,cd")
    reads = TagReads.from_csv(path)
    assert reads.epcs == ("ab", "cd")
    assert reads.tag.tolist() == [1, 0]
    assert reads.time_ns.tolist() == [1_000_000, 2_000_000]
    assert reads.antenna.tolist() == [1, 2]
    assert reads.phase_rad.tolist() == pytest.approx([0.0, np.pi])
    assert reads.doppler_hz.tolist() == [1.0, -2.0]


def test_a_reader_without_phase_leaves_it_unknown(tmp_path):
    reads = TagReads.from_csv(recording(tmp_path, HEADER, "0,1,7,-60,,,cd"))
    assert np.isnan(reads.phase_rad).all()
    assert np.isnan(reads.doppler_hz).all()


def test_columns_may_stand_in_any_order(tmp_path):
    path = recording(
        tmp_path,
        "epc,phase_raw,doppler_raw,time_us,antenna,channel,rssi_dbm",
        "cd,1024,0,5,3,9,-50",
    )
    assert TagReads.from_csv(path).channel.tolist() == [9]


@pytest.mark.parametrize(
    "lines",
    [
        (),
        ("time_us,antenna",),
        (HEADER, "1,2,3"),
        (HEADER, "soon,1,7,-60,0,0,cd"),
        (HEADER, "nan,1,7,-60,0,0,cd"),
    ],
    ids=["empty", "columns", "short", "word", "nan"],
)
def test_what_is_no_recording_is_refused_with_a_remedy(tmp_path, lines):
    with pytest.raises(SourceError, match="needs the columns"):
        TagReads.from_csv(recording(tmp_path, *lines))


def test_a_missing_recording_is_named(tmp_path):
    with pytest.raises(SourceError, match=r"none\.csv"):
        TagReads.from_csv(tmp_path / "none.csv")


def test_reads_that_contradict_themselves_are_refused():
    one = np.zeros(1, np.float32)
    fields = (np.zeros(1, np.int16), np.zeros(1, np.int16), one, one, one)
    with pytest.raises(ValueError, match="index the 0 epcs"):
        TagReads((), np.zeros(1, np.int32), np.zeros(1, np.int64), *fields)


def test_reads_of_one_tag_follow_one_another(tmp_path):
    path = recording(tmp_path, HEADER, "1000,1,7,-60,0,16,cd", "2000,2,50,-61.5,2048,-32,cd")
    reads = TagReads.from_csv(path)
    again = reads.take(slice(1)).followed_by(reads.take(slice(1, None)))
    assert again.time_ns.tolist() == reads.time_ns.tolist()
    assert again.antenna.tolist() == [1, 2]
    with pytest.raises(ValueError, match="never fall"):
        reads.take(slice(1, None)).followed_by(reads.take(slice(1)))
    with pytest.raises(ValueError, match="same epcs"):
        reads.followed_by(reads.of_one("ab"))


def test_reads_said_to_be_of_one_tag_keep_everything_else(tmp_path):
    path = recording(tmp_path, HEADER, "1000,1,7,-60,0,16,cd", "2000,2,50,-61.5,2048,-32,ab")
    one = TagReads.from_csv(path).of_one("ef")
    assert one.epcs == ("ef",)
    assert one.tag.tolist() == [0, 0]
    assert one.channel.tolist() == [7, 50]
