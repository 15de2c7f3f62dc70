import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge_core.errors import LedgerError
from edge_core.ledger import Ledger, LineTotal, SiteTime, ZoneTotal, minute_of
from edge_core.ledger.opening import connect
from edge_core.ledger.rollups import ROLLUPS
from edge_core.types import Event, EventKind
from edge_core.units import NS_PER_S


def test_the_same_fact_is_kept_once(ledger, crossing, noon_ns):
    assert len(ledger.append([crossing("a"), crossing("b")])) == 2
    again = ledger.append([crossing("b"), crossing("c"), crossing("c")])
    with ledger.reader() as reader:
        assert [stored.event.key for stored in reader.events_after(0)] == ["a", "b", "c"]
        assert [stored.id for stored in reader.events_after(0)][-1:] == again
        assert reader.line_totals(noon_ns, noon_ns + 60 * NS_PER_S) == {"door": LineTotal(3, 0)}


def test_ids_rise_and_come_back_in_the_order_of_the_events(ledger, crossing):
    ids = ledger.append([crossing(str(number)) for number in range(50)])
    assert ids == sorted(set(ids))
    with ledger.reader() as reader:
        stored = {it.id: it.event.key for it in reader.events_after(0)}
    assert [stored[event_id] for event_id in ids] == [str(number) for number in range(50)]


def test_an_event_comes_back_as_it_was_kept(ledger, stay):
    event = stay("k", 12.345, zone="coats")
    ledger.append([event])
    with ledger.reader() as reader:
        assert reader.events_after(0)[0].event == event


def test_a_batch_with_a_malformed_event_keeps_nothing(ledger, crossing):
    with pytest.raises(ValueError, match="in or out"):
        ledger.append([crossing("good"), crossing("bad", direction="sideways")])
    with ledger.reader() as reader:
        assert reader.event_count() == 0
        assert reader.rollup_differences() == []


@pytest.mark.parametrize("duration", [-1, None, "long", float("nan")])
def test_a_stay_needs_a_duration(ledger, stay, duration):
    with pytest.raises(ValueError, match=r"stay|JSON"):
        ledger.append([stay("bad", duration)])


def test_ids_go_on_after_a_restart_and_after_all_events_are_deleted(tmp_path, crossing, noon_ns):
    with Ledger(tmp_path / "l.db") as first:
        newest = first.append([crossing("a"), crossing("b")])[-1]
        assert first.delete_older_than(noon_ns + 120 * NS_PER_S) == 2
    with Ledger(tmp_path / "l.db") as second:
        assert second.newest_id == newest
        assert second.append([crossing("c")]) == [newest + 1]


def test_retention_forgets_whole_minutes_with_their_sums(ledger, crossing, stay, noon_ns):
    ledger.append([crossing("old"), stay("old stay", 5.0), crossing("new", after_s=3600)])
    for minute in (minute_of(noon_ns), minute_of(noon_ns) + 60):
        ledger.mark_available("door-cam", minute, 60)
    assert ledger.delete_older_than(noon_ns + 1800 * NS_PER_S) == 2
    with ledger.reader() as reader:
        assert [it.event.key for it in reader.events_after(0)] == ["new"]
        assert reader.line_totals(0, noon_ns * 2) == {"door": LineTotal(1, 0)}
        assert reader.zone_totals(0, noon_ns * 2) == {}
        assert reader.watched_s(0, noon_ns * 2) == {"door-cam": 60.0}
        assert reader.event_count() == 1
        assert reader.rollup_differences() == []


def test_expired_events_are_not_left_readable_in_the_file(tmp_path, crossing, noon_ns):
    path = tmp_path / "l.db"
    with Ledger(path) as ledger:
        ledger.append([crossing("visitor-key-to-be-forgotten")])
        ledger.delete_older_than(noon_ns + 3600 * NS_PER_S)
    assert b"visitor-key-to-be-forgotten" not in path.read_bytes()


def test_a_second_writer_is_refused_until_the_first_has_closed(tmp_path):
    first = Ledger(tmp_path / "l.db")
    with pytest.raises(LedgerError, match="Another process is writing") as refusal:
        Ledger(tmp_path / "l.db")
    assert "Stop the other edge service" in refusal.value.remedy
    first.close()
    Ledger(tmp_path / "l.db").close()


def test_a_ledger_reached_by_another_path_is_the_same_ledger(tmp_path):
    (tmp_path / "alias").symlink_to(tmp_path)
    with Ledger(tmp_path / "l.db"), pytest.raises(LedgerError, match="Another process"):
        Ledger(tmp_path / "alias" / "l.db")


keys = st.integers(0, 30).map(str)
facts = st.tuples(keys, st.sampled_from(["in", "out", 0.0, 1.2345, 86_400.25]), st.integers(0, 240))


@settings(max_examples=25, deadline=None)
@given(st.lists(st.lists(facts, max_size=12), max_size=6))
def test_sums_equal_the_first_fact_of_each_key_however_they_are_batched(batches):
    first: dict[str, Event] = {}
    with tempfile.TemporaryDirectory() as folder, Ledger(Path(folder) / "l.db") as ledger:
        for batch in batches:
            events = [_event(*fact) for fact in batch]
            ledger.append(events)
            for event in events:
                first.setdefault(event.key, event)
        crossings = Counter(
            event.data["direction"] for event in first.values() if event.kind == EventKind.CROSSING
        )
        stays = [event.data["duration_s"] for event in first.values() if event.kind == "stay"]
        with ledger.reader() as reader:
            total = reader.line_totals(0, 2**62).get("door", LineTotal())
            zone = reader.zone_totals(0, 2**62).get("coats", ZoneTotal())
            assert (total.entered, total.left) == (crossings["in"], crossings["out"])
            assert zone.stays == len(stays)
            assert zone.dwell_s == pytest.approx(sum(stays), abs=0.001 * len(stays))
            assert reader.event_count() == len(first)
            assert reader.rollup_differences() == []


def _event(key: str, fact: str | float, second: int) -> Event:
    at_ns = (1_767_268_800 + second) * NS_PER_S
    if isinstance(fact, str):
        return Event(key, EventKind.CROSSING, at_ns, 0, "cam", "door", {"direction": fact})
    return Event(key, EventKind.STAY, at_ns, 0, "cam", "coats", {"duration_s": fact})


def test_folding_new_events_looks_at_no_older_one(ledger):
    connection = connect(ledger.path, writable=False)
    SiteTime("UTC").register(connection)
    for rollup in ROLLUPS:
        plan = connection.execute(f"EXPLAIN QUERY PLAN {rollup.fold_sql()}", (0,)).fetchall()
        looks = [row[3] for row in plan if " events" in row[3]]
        assert looks, rollup.table
        assert all(look.startswith("SEARCH") and ">?" in look for look in looks), looks
    connection.close()
