import threading
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from edge_core.errors import LedgerError
from edge_core.ledger import LedgerReader, LineBucket, LineTotal, day_bounds_utc_ns, minute_of
from edge_core.ledger.migrations import MIGRATIONS
from edge_core.units import NS_PER_S

MINUTE_NS = 60 * NS_PER_S
LONG_AFTER = 2**61


def test_an_unwatched_span_is_told_from_an_empty_one(ledger, crossing, noon_ns):
    ledger.append([crossing("a"), crossing("b", "out", after_s=61)])
    ledger.mark_available("door-cam", minute_of(noon_ns), 60)
    ledger.mark_available("door-cam", minute_of(noon_ns) + 1, 15)
    ledger.mark_available("door-cam", minute_of(noon_ns) + 1, 15)
    with ledger.reader() as reader:
        found = reader.line_buckets(
            noon_ns, noon_ns + 3 * MINUTE_NS, 60, {"door": "door-cam"}, LONG_AFTER
        )
    assert found == [
        LineBucket(noon_ns, "door", 1, 0, 1.0),
        LineBucket(noon_ns + MINUTE_NS, "door", 0, 1, 0.5),
        LineBucket(noon_ns + 2 * MINUTE_NS, "door", 0, 0, 0.0),
    ]


def test_a_minute_never_has_more_than_sixty_seconds(ledger, noon_ns):
    for _ in range(3):
        ledger.mark_available("door-cam", minute_of(noon_ns), 45)
    with ledger.reader() as reader:
        assert reader.watched_s(noon_ns, noon_ns + MINUTE_NS) == {"door-cam": 60.0}


def test_the_running_span_is_judged_by_what_has_passed_of_it(ledger, noon_ns):
    ledger.mark_available("door-cam", minute_of(noon_ns), 60)
    now = noon_ns + 2 * MINUTE_NS
    with ledger.reader() as reader:
        running, future = reader.line_buckets(
            noon_ns, noon_ns + 7200 * NS_PER_S, 3600, {"door": "door-cam"}, now
        )
    assert running.available == pytest.approx(0.5)
    assert future.available == 0


def test_buckets_add_up_to_the_total(ledger, crossing, noon_ns):
    ledger.append([crossing(str(second), after_s=second) for second in range(0, 3600, 7)])
    with ledger.reader() as reader:
        total = reader.line_totals(noon_ns, noon_ns + 60 * MINUTE_NS)["door"].entered
        for bucket_s in (60, 300, 900, 3600):
            found = reader.line_buckets(
                noon_ns, noon_ns + 60 * MINUTE_NS, bucket_s, {"door": "door-cam"}, LONG_AFTER
            )
            assert len(found) == 3600 // bucket_s
            assert sum(bucket.entered for bucket in found) == total


def test_a_day_at_the_end_of_summer_time_has_twenty_five_hours(ledger, noon_ns, crossing):
    start, end = day_bounds_utc_ns(date(2026, 10, 25), ZoneInfo("Europe/Berlin"))
    assert (end - start) // (3600 * NS_PER_S) == 25
    first_s = (start - noon_ns) / NS_PER_S
    ledger.append(
        [
            crossing("yesterday", after_s=first_s - 1),
            crossing("first", after_s=first_s),
            crossing("last", after_s=first_s + 25 * 3600 - 1),
            crossing("tomorrow", after_s=first_s + 25 * 3600),
        ]
    )
    with ledger.reader() as reader:
        day = reader.line_totals_of_day(date(2026, 10, 25), ZoneInfo("Europe/Berlin"))
    assert day == {"door": LineTotal(2, 0)}


def test_events_after_an_id_come_in_pages(ledger, crossing):
    ids = ledger.append([crossing(str(number)) for number in range(7)])
    with ledger.reader() as reader:
        assert [it.id for it in reader.events_after(ids[2], limit=3)] == ids[3:6]
        assert reader.events_after(ids[-1]) == []
        assert reader.newest_id() == ids[-1]


def test_readers_on_other_threads_see_every_acknowledged_event_while_writing(ledger, crossing):
    acknowledged: list[int] = []
    wrong: list[str] = []
    done = threading.Event()

    def watch() -> None:
        with ledger.reader() as reader:
            while not done.is_set():
                expected = len(acknowledged)
                if reader.event_count() < expected:
                    wrong.append(f"an acknowledged event of {expected} is not there")

    watchers = [threading.Thread(target=watch) for _ in range(3)]
    for watcher in watchers:
        watcher.start()
    for number in range(200):
        acknowledged.extend(ledger.append([crossing(str(number))]))
    done.set()
    for watcher in watchers:
        watcher.join()
    assert wrong == []


def test_a_reader_says_so_when_there_is_no_ledger(tmp_path):
    with pytest.raises(LedgerError, match="cannot be used"):
        LedgerReader(tmp_path / "none.db")


def test_size_version_and_checks_are_told(ledger, crossing):
    ledger.append([crossing("a")])
    with ledger.reader() as reader:
        assert reader.schema_version() == MIGRATIONS[-1].version
        assert reader.size_mb() > 0
        assert reader.quick_check() == []
        assert reader.integrity_check() == []
