import json
import shutil

import numpy as np
import pytest

from edge_core.errors import ModelError
from edge_core.interaction import FCC_R420, TagMotion
from edge_core.interaction.motion_features import FEATURES
from edge_core.interaction.motion_model import MODEL_FILE, Logistic, MotionModel
from edge_core.interaction.windows import WindowCutter
from edge_core.tag_reads import TagReads

from .conftest import Radio, carried, rail, still

PLACE = (2.0, 2.5, 1.2)


def slices(reads, seconds=0.25):
    step = (reads.time_ns // int(seconds * 1e9)).astype(np.int64)
    for number in np.unique(step):
        yield reads.take(step == number)


def same(first, second):
    return first.epcs == second.epcs and all(
        np.array_equal(getattr(first, name), getattr(second, name), equal_nan=True)
        for name in ("tag", "t0_s", "t1_s", "p_moving", "reads", "antenna", "rssi_dbm")
    )


def test_a_tag_at_rest_stays_at_rest_and_a_carried_one_moves(radio):
    ways = {"aa": still(PLACE), "bb": carried(PLACE, 0, 20)}
    scores = TagMotion().windows(radio.reads(ways, seconds=20))
    moving = scores.p_moving[scores.tag == scores.epcs.index("bb")]
    resting = scores.p_moving[scores.tag == scores.epcs.index("aa")]
    assert np.mean(moving > 0.5) > 0.9
    assert np.mean(resting < 0.5) > 0.95


@pytest.mark.parametrize("rate_hz", [2.0, 1.0])
def test_sparse_reads_get_longer_windows_and_still_tell(rate_hz):
    radio = Radio(seed=3)
    ways = {"aa": still(PLACE), "bb": carried((3.0, 2.0, 1.0), 0, 60)}
    scores = TagMotion().windows(radio.reads(ways, seconds=60, rate_hz=rate_hz))
    assert set(np.round(scores.t1_s - scores.t0_s, 3)) <= {2.0, 5.0}
    assert np.median(scores.t1_s - scores.t0_s) == pytest.approx(5.0)
    said = scores.p_moving > 0.5
    truth = scores.tag == scores.epcs.index("bb")
    assert np.mean(said[truth]) > 0.85
    assert np.mean(~said[~truth]) > 0.9


def test_windows_are_two_seconds_long_one_second_apart(radio):
    scores = TagMotion().windows(radio.reads({"aa": still(PLACE)}, seconds=12))
    assert np.allclose(scores.t1_s - scores.t0_s, 2.0)
    assert np.allclose(np.diff(scores.t1_s), 1.0)
    assert len(scores) == 11


def test_a_reader_without_hop_table_or_phase_is_served_too(radio):
    ways = {"aa": still(PLACE), "bb": carried(PLACE, 0, 30)}
    reads = radio.reads(ways, seconds=30)
    scores = TagMotion(table=None).windows(reads)
    truth = scores.tag == scores.epcs.index("bb")
    assert np.quantile(scores.p_moving[truth], 0.1) > scores.p_moving[~truth].max()
    blind = TagReads(
        reads.epcs,
        reads.tag,
        reads.time_ns,
        reads.antenna,
        reads.channel,
        reads.rssi_dbm,
        np.full(len(reads), np.nan, np.float32),
        np.full(len(reads), np.nan, np.float32),
    )
    assert np.isfinite(TagMotion().windows(blind).p_moving).all()


def test_neither_level_nor_cable_nor_pi_matters(radio):
    """A weaker reader, other cables and the ambiguity of pi change nothing."""
    reads = radio.reads({"aa": still(PLACE), "bb": carried(PLACE, 0, 8)}, seconds=8)
    rng = np.random.default_rng(0)
    turned = reads.phase_rad + 0.7 * reads.antenna + np.pi * rng.integers(0, 2, len(reads))
    other = TagReads(
        reads.epcs,
        reads.tag,
        reads.time_ns + 5_000_000_000,
        reads.antenna,
        reads.channel,
        reads.rssi_dbm - 9,
        (turned % (2 * np.pi)).astype(np.float32),
        reads.doppler_hz,
    )
    first, second = TagMotion().windows(reads), TagMotion().windows(other)
    assert np.allclose(first.p_moving, second.p_moving, atol=0.02)


def test_reads_in_pieces_give_the_same_windows_as_a_recording(radio):
    reads = radio.reads({"aa": still(PLACE), "bb": carried(PLACE, 3, 9)}, seconds=15)
    motion = TagMotion()
    pieces = [motion.push(piece) for piece in slices(reads)]
    joined = type(pieces[0]).joined(pieces)
    whole = TagMotion().windows(reads)
    keep = np.flatnonzero(whole.t1_s <= joined.t1_s.max() + 1e-9)
    assert same(joined, whole.take(keep))


def test_windows_remembers_nothing_between_recordings(radio):
    reads = radio.reads({"aa": still(PLACE)}, seconds=8)
    motion = TagMotion()
    assert same(motion.windows(reads), motion.windows(reads))
    assert len(motion.windows(TagReads.empty())) == 0


def test_a_rail_pushed_aside_is_no_motion_of_its_garments():
    radio = Radio(seed=5)
    ways = {epc: carried(place, 6, 10) for epc, place in rail(12).items()}
    scores = TagMotion().windows(radio.reads(ways, seconds=14))
    pushed = (scores.t1_s > 7) & (scores.t1_s < 11)
    assert np.mean(scores.p_moving[pushed] > 0.5) < 0.1


def test_one_garment_among_many_is_found():
    radio = Radio(seed=6)
    ways = {epc: still(place) for epc, place in rail(12).items()}
    taken = next(iter(ways))
    ways[taken] = carried((1.2, 2.0, 1.2), 8, 16)
    scores = TagMotion().windows(radio.reads(ways, seconds=24))
    during = (scores.t0_s >= 8.5) & (scores.t1_s <= 15.5)
    its = scores.tag == scores.epcs.index(taken)
    assert np.mean(scores.p_moving[during & its] > 0.5) > 0.8
    assert np.mean(scores.p_moving[~its] > 0.5) < 0.01


def test_a_garment_put_back_elsewhere_is_told_from_one_put_back():
    radio = Radio(seed=7)
    ways = {
        "aa": carried(PLACE, 15, 20, back=True),
        "bb": carried(PLACE, 15, 20, back=False, speed_m_s=0.4),
    }
    scores = TagMotion().windows(radio.reads(ways, seconds=32))
    late = scores.t0_s > 23
    for epc, moved in (("aa", False), ("bb", True)):
        told = scores.moved_from_rest[late & (scores.tag == scores.epcs.index(epc))]
        assert (np.median(told) > 0.5) == moved


def test_memory_stays_bounded_over_many_tags():
    """A shop sees tags come and go all day; only the last seconds' are kept."""
    cutter = WindowCutter()
    for number in range(40):
        epcs = tuple(f"{number:02x}{other:02x}" for other in range(100))
        tag = np.arange(100, dtype=np.int32)
        level = np.full(100, -60, np.float32)
        ones = np.ones(100, np.int16)
        time_ns = number * 1_000_000_000 + np.arange(100) * 1_000_000
        list(cutter.push(TagReads(epcs, tag, time_ns, ones, ones, level, level, level)))
    assert len(cutter._kept) <= 100 * 12
    assert len(cutter._numbers) < 1024 + 2 * 100 * 12


def test_the_strongest_antenna_is_the_nearest(radio):
    scores = TagMotion().windows(radio.reads({"aa": still((0.4, 0.4, 1.5))}, seconds=6))
    assert set(scores.antenna.tolist()) == {1}
    assert scores.antennas[np.nanargmax(scores.rssi_dbm[0])] == 1


def test_an_altered_model_is_refused(tmp_path):
    with pytest.raises(ModelError, match="Reinstall"):
        MotionModel.load(tmp_path / "missing.json")
    path = tmp_path / "model.json"
    shutil.copy(MODEL_FILE, path)
    data = json.loads(path.read_text())
    data["moving"]["features"][0] = "height"
    path.write_text(json.dumps(data))
    with pytest.raises(ModelError, match="unknown features"):
        MotionModel.load(path)


def test_a_model_survives_saving(tmp_path):
    model = MotionModel.load()
    model.save(tmp_path / "again.json")
    again = MotionModel.load(tmp_path / "again.json")
    features = np.random.default_rng(0).normal(size=(5, len(FEATURES)))
    assert np.allclose(model.moving.log_odds(features), again.moving.log_odds(features))


def test_unknown_features_count_as_average():
    model = Logistic(("rssi_sd",), np.array([2.0]), np.array([1.0]), np.array([1.5]), -0.3)
    assert model.log_odds(np.full((1, len(FEATURES)), np.nan))[0] == pytest.approx(-0.3)


def test_hop_table_names_every_carrier_of_the_band_once():
    channels = np.arange(1, 51).astype(np.int16)
    assert sorted(FCC_R420.at(channels)) == pytest.approx([902.75 + 0.5 * k for k in range(50)])
    assert np.isnan(FCC_R420.at(np.array([0, 51], np.int16))).all()
