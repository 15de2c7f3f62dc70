"""A ledger whose file, write-ahead log or redo log is torn, and what is left of it afterwards."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from random import Random

import numpy as np
import pytest

from edge_core.errors import LedgerError
from edge_core.ledger import Ledger, minute_of
from edge_core.ledger.backups import backups, mark_of
from edge_core.ledger.outbox import OutboxRow
from edge_core.ledger.redo import RedoLog, redo_files
from edge_core.types import FloorGrid, PresenceSums, TraitCount

GRID = FloorGrid("ground", 0.0, 0.0, 0.5, 4, 3)


def keys(ledger):
    with closing(sqlite3.connect(ledger.path)) as db:
        return dict(db.execute("SELECT id, key FROM events").fetchall())


def dump(path):
    """Everything a ledger holds, but for the note that it was restored."""
    with closing(sqlite3.connect(path)) as db:
        tables = [row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type='table'")]
        every = {table: sorted(db.execute(f"SELECT * FROM {table}").fetchall()) for table in tables}
    every["settings"] = [row for row in every["settings"] if row[0] != "restored"]
    return every


def change_everything(ledger, crossing, stay, noon_ns, begin=0):
    """One change of every kind."""
    ledger.append([crossing(f"c{begin + number}") for number in range(40)])
    ledger.append([stay(f"s{begin}", 12.5)])
    ledger.mark_available("door-cam", minute_of(noon_ns), 20.5)
    cells = np.arange(GRID.cells, dtype=np.int64)
    sums = PresenceSums(GRID, noon_ns, cells * 1000, cells, {("door-cam",): 60_000})
    ledger.add_presence([sums], {noon_ns: {"coats": 3}})
    ledger.add_traits([TraitCount(noon_ns, "coats", "age", "adult", 2)])
    ledger.put_out([OutboxRow(f"fact-{begin}-{n}", "day", "{}") for n in range(3)], {"event": 7})
    with ledger.reader() as reader:
        seqs = [row.seq for row in reader.waiting_out(3)]
    ledger.settle_out(seqs[:1], {seqs[1]: "no such site"})


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("backed_up", [True, False], ids=["backup", "no backup"])
def test_nothing_acknowledged_is_lost_wherever_the_file_is_torn(
    tmp_path, crossing, stay, noon_ns, seed, backed_up
):
    rng, path = Random(seed), tmp_path / "l.db"
    with Ledger(path, timezone="Europe/Berlin") as ledger:
        ledger.append([crossing(f"old-{number}") for number in range(300)])
        if backed_up:
            ledger.back_up()
        for part in range(3):
            change_everything(ledger, crossing, stay, noon_ns, 100 * part)
        ledger.delete_older_than(noon_ns - 60_000_000_000)
    before = dump(path)
    content = bytearray(path.read_bytes())
    if seed % 3 == 0:
        content = content[: rng.randrange(len(content))]
    else:
        for _ in range(4):
            at = rng.randrange(len(content))
            content[at : at + 600] = rng.randbytes(min(600, len(content) - at))
        content[100:140] = bytes(40)  # the first page's own header, so that it is noticed
    path.write_bytes(content)
    with Ledger(path, timezone="Europe/Berlin") as ledger:
        assert ledger.recovery is not None
        assert ledger.recovery.whole
        assert (ledger.recovery.backup is not None) == backed_up
        assert "nothing is missing" in str(ledger.recovery)
        with ledger.reader() as reader:
            assert reader.rollup_differences() == []
    assert dump(path) == before


def test_what_was_committed_but_torn_from_the_write_ahead_log_is_made_again(tmp_path, crossing):
    path, copy = tmp_path / "l.db", tmp_path / "copy.db"
    with Ledger(path) as ledger:
        ledger.append([crossing("first")])
        ledger.append([crossing("second"), crossing("third")])
        # As a power cut leaves it: the last commits are in no file but the redo log.
        for file in (path, *redo_files(path)):
            (tmp_path / file.name.replace("l.db", "copy.db")).write_bytes(file.read_bytes())
    with Ledger(copy) as ledger:
        assert ledger.recovery is None
        assert keys(ledger) == {1: "first", 2: "second", 3: "third"}
    with Ledger(copy) as ledger:
        assert len(keys(ledger)) == 3


def test_a_bad_backup_is_passed_over_for_the_one_before_it(tmp_path, crossing):
    path = tmp_path / "l.db"
    with Ledger(path) as ledger:
        for day in (1, 2, 3):
            ledger.append([crossing(f"day-{day}")])
            ledger.back_up(datetime(2026, 1, day, tzinfo=UTC))
        ledger.append([crossing("today")])
        before = keys(ledger)
    newest, older = backups(path)
    newest.write_bytes(newest.read_bytes()[:5000])
    path.write_bytes(b"torn")
    with Ledger(path) as ledger:
        assert ledger.recovery.backup == older
        assert ledger.recovery.whole
        assert keys(ledger) == before


def test_a_lost_file_comes_back(tmp_path, crossing):
    path = tmp_path / "l.db"
    with Ledger(path) as ledger:
        ledger.append([crossing("a")])
        ledger.back_up()
        ledger.append([crossing("b")])
    path.unlink()
    with Ledger(path) as ledger:
        assert keys(ledger) == {1: "a", 2: "b"}
        assert "had gone" in str(ledger.recovery)


def test_without_backup_and_redo_log_what_can_be_read_is_salvaged(tmp_path, crossing):
    path = tmp_path / "l.db"
    with Ledger(path) as ledger:
        ledger.append([crossing(f"key-{number:05d}") for number in range(5000)])
        ledger.put_out([OutboxRow("fact", "day", "{}")], {"event": 5000})
    for redo in redo_files(path):
        redo.write_bytes(b"")
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 20_000] = bytes(20_000)
    path.write_bytes(content)
    with Ledger(path) as ledger:
        recovery, left = ledger.recovery, keys(ledger)
        assert not recovery.whole
        assert "some events are missing" in str(recovery)
        assert 2500 < len(left) < 5000
        assert recovery.salvaged == len(left)
        assert all(key == f"key-{number - 1:05d}" for number, key in left.items())
        with ledger.reader() as reader:
            assert reader.rollup_differences() == []
            assert [row.key for row in reader.waiting_out(9)] == ["fact"]
        assert ledger.append([crossing("next")])[0] > max(left)


def test_the_damaged_file_is_kept_for_whoever_wants_to_look(tmp_path, crossing):
    path = tmp_path / "l.db"
    with Ledger(path) as ledger:
        ledger.append([crossing("a")])
    for _ in range(2):
        path.write_bytes(b"torn")
        with Ledger(path) as ledger:
            assert ledger.recovery.damaged.read_bytes() == b"torn"
    assert len(list(tmp_path.glob("l.db.damaged-*"))) == 1


def test_a_change_the_disk_refuses_is_not_kept_and_may_be_tried_again(
    tmp_path, crossing, monkeypatch
):
    path = tmp_path / "l.db"
    with Ledger(path) as ledger:
        ledger.append([crossing("a")])

        def full(_):
            raise OSError(28, "No space left on device")

        with monkeypatch.context() as disk:
            disk.setattr("edge_core.ledger.redo.os.fsync", full)
            with pytest.raises(LedgerError, match="No space left"):
                ledger.append([crossing("b")])
        assert keys(ledger) == {1: "a"}
        assert ledger.append([crossing("b")]) == [2]
    with Ledger(path) as ledger:
        assert keys(ledger) == {1: "a", 2: "b"}


def test_backups_bound_the_redo_log_and_themselves(tmp_path, crossing):
    path = tmp_path / "l.db"
    with Ledger(path) as ledger:
        for day in range(1, 6):
            ledger.append([crossing(f"{day}-{number}") for number in range(50)])
            ledger.back_up(datetime(2026, 1, day, tzinfo=UTC))
            ledger.append([crossing(f"{day}-late")])
        assert len(backups(path)) == 2
        assert len(redo_files(path)) == 2
        oldest = mark_of(backups(path)[-1])
    log = RedoLog(path)
    assert [change.seq for change in log.changes(0)] == list(range(oldest + 1, log.last_seq + 1))
    log.close()


@pytest.mark.parametrize("left", [0, 1, 7, 20])
def test_half_a_line_of_the_redo_log_harms_nothing_after_it(tmp_path, left):
    log = RedoLog(tmp_path / "l.db")
    for number in range(3):
        log.keep("append", [["k", number]])
    log.close()
    (path,) = redo_files(tmp_path / "l.db")
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:2]) + lines[2][:left])
    log = RedoLog(tmp_path / "l.db")
    log.keep("append", [["k", "new"]])
    assert [(it.seq, it.arguments[0][1]) for it in log.changes(0)] == [(1, 0), (2, 1), (3, "new")]
    log.close()


def test_the_redo_log_tells_a_spoilt_line(tmp_path):
    log = RedoLog(tmp_path / "l.db")
    for number in range(3):
        log.keep("append", [["k", number]])
    log.close()
    (path,) = redo_files(tmp_path / "l.db")
    path.write_bytes(path.read_bytes().replace(b'"k",1', b'"k",9'))
    log = RedoLog(tmp_path / "l.db")
    assert [it.seq for it in log.changes(0)] == [1, 3]
    assert log.spoilt > 0
    log.close()


def test_an_event_altered_on_the_disk_is_found_unless_seals_are_left_out(tmp_path, crossing):
    path = tmp_path / "l.db"
    with Ledger(path) as ledger:
        ledger.append([crossing("in"), crossing("out")])
    with closing(sqlite3.connect(path)) as db:
        db.execute("UPDATE events SET utc_ns = utc_ns + 1 WHERE key = 'out'")
        db.commit()
    with Ledger(path, check_seals=False) as ledger:
        assert ledger.recovery is None
    with Ledger(path) as ledger:
        assert ledger.recovery is not None
        assert set(keys(ledger).values()) == {"in", "out"}
