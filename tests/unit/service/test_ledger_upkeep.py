import sqlite3
import time
from contextlib import closing
from datetime import timedelta

import pytest

from edge_core.clock import ManualClock
from edge_core.errors import DamagedLedgerError, LedgerError
from edge_core.ledger import Ledger
from edge_core.ledger.backups import backups
from edge_core.service.ledger_upkeep import LedgerUpkeep
from edge_core.types import Event, EventKind

AT_NS = 1_772_000_000 * 10**9


@pytest.fixture
def clock():
    return ManualClock(wall_ns=AT_NS)


@pytest.fixture
def ledger(tmp_path):
    with Ledger(tmp_path / "l.db") as opened:
        opened.append(
            [Event("a", EventKind.CROSSING, AT_NS, AT_NS, "cam", "door", {"direction": "in"})]
        )
        yield opened


@pytest.fixture
def upkeep(ledger, clock):
    with ledger.reader() as reader:
        made = LedgerUpkeep(ledger, reader, clock)
        yield made
        made.wait()


def after(clock, upkeep, **span):
    clock.advance_ns(timedelta(**span) // timedelta(microseconds=1) * 1000)
    upkeep.look()
    upkeep.wait()


def test_a_ledger_is_backed_up_soon_and_then_once_a_day(ledger, clock, upkeep):
    after(clock, upkeep, minutes=5)
    assert backups(ledger.path) == []
    after(clock, upkeep, minutes=10)
    assert len(backups(ledger.path)) == 1
    for _ in range(20):
        after(clock, upkeep, hours=1)
    assert len(backups(ledger.path)) == 1
    for _ in range(5):
        after(clock, upkeep, hours=1)
    assert len(backups(ledger.path)) == 2
    with ledger.reader() as reader:
        health = upkeep.health(reader)
    assert health.ok
    assert health.backup_at is not None
    assert health.backup_failed == ""


def test_that_there_is_no_room_is_told_and_tried_again(ledger, clock, upkeep, monkeypatch):
    full = LedgerError("There is no room.", "Free some disk space.")
    with monkeypatch.context() as disk, ledger.reader() as reader:

        def refuse(_, at=None):
            raise full

        disk.setattr(Ledger, "back_up", refuse)
        after(clock, upkeep, minutes=11)
        assert "no room" in upkeep.health(reader).backup_failed
    after(clock, upkeep, hours=1)
    with ledger.reader() as reader:
        assert upkeep.health(reader).backup_failed == ""


def test_a_torn_page_found_by_the_backup_has_the_ledger_opened_anew(ledger, clock, upkeep):
    ledger.append(
        [
            Event(f"k{n}", EventKind.CROSSING, AT_NS, AT_NS, "cam", "door", {"direction": "in"})
            for n in range(3000)
        ]
    )
    with closing(sqlite3.connect(ledger.path)) as other:
        other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with ledger.path.open("r+b") as file:
        file.seek(40_960)
        file.write(bytes(8192))
    after(clock, upkeep, minutes=11)
    with pytest.raises(DamagedLedgerError):
        upkeep.look()
    assert backups(ledger.path) == []


def test_that_it_was_restored_is_told_for_a_week(tmp_path, clock):
    path = tmp_path / "other.db"
    Ledger(path).close()
    path.write_bytes(b"torn")
    with Ledger(path) as ledger, ledger.reader() as reader:
        clock.wall_ns = time.time_ns()
        upkeep = LedgerUpkeep(ledger, reader, clock)
        assert "was damaged" in upkeep.health(reader).restored
        clock.advance_ns(8 * 86_400 * 10**9)
        assert upkeep.health(reader).restored == ""
