"""What was deleted is proven, and choices are counted without anybody in them."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from edge_core.ledger import Ledger, broken_at
from edge_core.types import Event, EventKind

HOUR_NS = 3600 * 10**9
NOON_NS = 1_780_000_200 * 10**9


def crossing(number, utc_ns):
    data = {"direction": "in", "marker": f"planted-marker-{number}" * 8}
    return Event(f"c/{number}", EventKind.CROSSING, utc_ns, 0, "door", "main", data)


@pytest.fixture
def ledger(tmp_path):
    with Ledger(tmp_path / "shop.db") as opened:
        yield opened


def filled(ledger, start=0):
    ledger.append([crossing(start + it, NOON_NS + it * HOUR_NS) for it in range(20)])


def test_a_deletion_is_looked_up_again_and_written_down(ledger):
    filled(ledger)
    assert ledger.delete_older_than(NOON_NS + 5 * HOUR_NS) == 5
    with ledger.reader() as reader:
        (entry,) = reader.deletions()
    assert entry.counts == {"events": 5, "line_minutes": 5}
    assert (entry.left_over, entry.overwritten, entry.folded) == (0, True, True)
    assert broken_at([entry]) is None


def test_nothing_is_written_down_where_nothing_was_deleted(ledger):
    filled(ledger)
    assert ledger.delete_older_than(NOON_NS) == 0
    with ledger.reader() as reader:
        assert reader.deletions() == []


def test_an_entry_that_was_changed_or_left_out_shows(ledger):
    filled(ledger)
    for hours in (3, 6, 9):
        ledger.delete_older_than(NOON_NS + hours * HOUR_NS)
    with ledger.reader() as reader:
        chain = reader.deletions()
    assert broken_at(chain) is None
    assert broken_at([chain[0], replace(chain[1], left_over=7), chain[2]]) == 1
    assert broken_at([chain[0], chain[2]]) == 1
    assert broken_at(chain[1:]) == 0


def test_after_two_more_backups_what_was_deleted_is_in_no_byte_beside_the_ledger(ledger, tmp_path):
    filled(ledger)
    ledger.delete_older_than(NOON_NS + 19 * HOUR_NS)
    ledger.back_up(datetime(2026, 6, 1, tzinfo=UTC))
    ledger.back_up(datetime(2026, 6, 2, tzinfo=UTC))
    left = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"planted-marker-19" in left
    assert not any(f"planted-marker-{it}planted".encode() in left for it in range(19))


def test_choices_are_counted_by_the_hour_and_go_with_the_events(ledger):
    for minute in (1, 20, 59):
        ledger.count_consent(
            NOON_NS // HOUR_NS * HOUR_NS + minute * 60 * 10**9, "lobby", "7", "seen"
        )
    ledger.count_consent(NOON_NS, "lobby", "7", "no-thanks")
    with ledger.reader() as reader:
        told = {(it.choice, it.people) for it in reader.consents()}
    assert told == {("seen", 3), ("no-thanks", 1)}
    ledger.delete_older_than(NOON_NS + 2 * HOUR_NS)
    with ledger.reader() as reader:
        assert reader.consents() == []
