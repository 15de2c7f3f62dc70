"""Sums by the site's hours and days: they agree with the events whatever happens to the ledger."""

import shutil
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge_core.ledger import History, Ledger, SiteTime, minute_of
from edge_core.ledger.site_time import DWELL_EDGES_S, day_number, dwell_bin
from edge_core.types import Event, EventKind, FloorGrid, PresenceSums, TraitCount
from edge_core.units import NS_PER_S

OLD = Path(__file__).with_name("data") / "version-2.sqlite"
BERLIN, KATHMANDU = "Europe/Berlin", "Asia/Kathmandu"
GRID = FloorGrid("ground", 0.0, 0.0, 0.25, 8, 6)
MINUTE_NS = 60 * NS_PER_S
HOUR_NS = 60 * MINUTE_NS


def utc_ns(text: str) -> int:
    return int(np.datetime64(text, "ns").astype(np.int64))


def presence(at_ns: int, cell: int = 3, ms: int = 250, cameras=("a",)) -> PresenceSums:
    dwell, walked = np.zeros((2, GRID.cells), np.int64)
    dwell[cell], walked[cell] = ms, 2 * ms
    return PresenceSums(GRID, at_ns, dwell, walked, {cameras: ms})


def test_the_hours_of_a_day_that_clocks_change_on_are_twenty_three_and_twenty_five():
    time = SiteTime(BERLIN)
    for day, hours in ((date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 6, 1), 24)):
        number = day_number(day)
        start, end = time.day_start(number), time.day_start(number + 1)
        assert (end - start) // 60 == hours
        assert {time.day_of_hour(hour) for hour in range(start, end, 60)} == {number}
    twice = [time.hour(utc_ns(f"2026-10-25T{hour}:30")) for hour in ("00", "01")]
    assert [time.hour_of_day(hour) for hour in twice] == [2, 2]
    assert twice[0] != twice[1]


def test_hours_of_a_zone_not_a_whole_hour_off_utc_begin_when_its_clocks_strike():
    time = SiteTime(KATHMANDU)  # 5:45 ahead
    hour = time.hour(utc_ns("2026-01-01T06:20"))
    assert hour == minute_of(utc_ns("2026-01-01T06:15"))
    assert time.hour_of_day(hour) == 12


@given(st.floats(0, 1e5, allow_nan=False))
def test_a_length_lies_within_its_bin(seconds):
    place = dwell_bin(seconds)
    assert DWELL_EDGES_S[place] <= max(seconds, 1.0)
    assert place + 1 == len(DWELL_EDGES_S) or seconds < DWELL_EDGES_S[place + 1]


def test_an_old_ledger_is_summed_by_hour_and_day_when_it_is_opened(tmp_path):
    path = tmp_path / "l.db"
    shutil.copy(OLD, path)
    with closing(sqlite3.connect(path)) as old:
        assert old.execute("PRAGMA user_version").fetchone() == (2,)
        crossings = old.execute("SELECT count(*) FROM events WHERE kind = 'crossing'").fetchone()[0]
    with Ledger(path, timezone=BERLIN) as ledger, ledger.reader() as reader:
        assert ledger.backups[0].name == "l.db.v2.backup"
        assert reader.rollup_differences() == []
        history = History(reader)
        first = day_number(date(2026, 3, 29))
        days = history.line_days(first, first + 2)
        assert sum(rows.values.sum() for rows in days.values()) == crossings
        numbers = np.concatenate([rows.number for rows in days.values()])
        assert set(numbers) == {first, first + 1, first + 2}
        assert sum(a.sum() + b.sum() for a, b in history.stay_lengths(first, first + 2).values())
        hours = history.camera_hours("door-cam", 0, 2**40)
        assert hours.values.sum() == sum(reader.watched_s(0, 2**62).values()) * 1000
        # Nobody judged those stays: they are not told as unengaged.
        assert all(rows.values[:, 2].sum() == 0 for rows in history.zone_days(0, 10**6).values())


def test_another_time_zone_counts_everything_anew(tmp_path):
    path = tmp_path / "l.db"
    shutil.copy(OLD, path)
    totals = []
    for timezone in ("UTC", BERLIN, KATHMANDU, "UTC"):
        with Ledger(path, timezone=timezone) as ledger, ledger.reader() as reader:
            if not totals:
                ledger.add_presence([presence(utc_ns("2026-03-31T22:30"))])
                ledger.add_traits([TraitCount(utc_ns("2026-03-31T22:30"), "", "gender", "male", 9)])
            assert reader.rollup_differences() == []
            months = [row[0] for row in reader.rows("SELECT month FROM heat_months")]
            rows = reader.rows("SELECT line_id, day, entered FROM line_days ORDER BY 1, 2")
            totals.append((months, rows))
    assert totals[0] == totals[3]
    assert totals[0][0] != totals[1][0]
    assert totals[0][1] != totals[1][1]


def test_heat_of_whole_months_is_the_sum_of_its_hours(tmp_path):
    with Ledger(tmp_path / "l.db", timezone=BERLIN) as ledger, ledger.reader() as reader:
        start = utc_ns("2026-01-31T20:00")
        for hour in range(40 * 24):
            cameras = ("a", "b") if hour % 3 else ("a",)
            ledger.add_presence([presence(start + hour * HOUR_NS, hour % 7, 100 + hour, cameras)])
        assert reader.rollup_differences() == []
        history = History(reader)
        first, last = day_number(date(2026, 1, 31)), day_number(date(2026, 3, 5))
        for kind in ("walked", "dwell"):
            by_months = history.heat(GRID, kind, first, last, range(24))
            by_days = [
                history.heat(GRID, kind, day, day, range(24)) for day in range(first, last + 1)
            ]
            assert (by_months.amount == sum(it.amount for it in by_days)).all()
        for cameras, spent in by_months.watched_ms.items():
            assert spent == sum(it.watched_ms.get(cameras, 0) for it in by_days)
        evening = history.heat(GRID, "dwell", first, last, range(18, 20))
        assert 0 < evening.amount.sum() < by_months.amount.sum() / 8
        other = FloorGrid("ground", 0.0, 0.0, 0.5, 8, 6)
        assert history.heat(other, "dwell", first, last, range(24)).amount.sum() == 0


def test_adding_twice_to_an_hour_adds_up(tmp_path):
    with Ledger(tmp_path / "l.db") as ledger, ledger.reader() as reader:
        at = utc_ns("2026-01-01T12:10")
        ledger.add_presence([presence(at, 3), presence(at + 20 * MINUTE_NS, 3)])
        ledger.add_presence([presence(at, 4)], {at: {"coats": 2}})
        ledger.add_presence([], {at: {"coats": 9}})
        history = History(reader)
        day = day_number(date(2026, 1, 1))
        heat = history.heat(GRID, "dwell", day, day, range(24))
        assert heat.amount[[3, 4]].tolist() == [500, 250]
        assert heat.watched_ms == {("a",): 750}
        assert history.present_at(minute_of(utc_ns("2026-01-01T12:00"))) == {"coats": 2}


facts = st.tuples(
    st.sampled_from(["crossing", "stay", "move", "item", "sale", "visit"]),
    st.integers(0, 50 * 3600),
    st.integers(0, 3),
)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.lists(facts, max_size=10), max_size=3), st.integers(0, 50 * 3600))
def test_sums_agree_with_the_events_before_and_after_some_are_forgotten(
    tmp_path_factory, batches, cut_s
):
    start = utc_ns("2026-10-24T18:00")  # over the end of summer time
    path = tmp_path_factory.mktemp("l") / "l.db"
    with Ledger(path, timezone=BERLIN) as ledger, ledger.reader() as reader:
        for number, batch in enumerate(batches):
            ledger.append([_event(f"{number}/{n}", start, *it) for n, it in enumerate(batch)])
            for _, second, which in batch:
                at = start + second * NS_PER_S
                ledger.mark_available(f"cam-{which}", minute_of(at), 40)
                ledger.add_presence([presence(at, which)])
                ledger.add_traits([TraitCount(at, "", "gender", "male", which + 1)])
        assert reader.rollup_differences() == []
        ledger.delete_older_than(start + cut_s * NS_PER_S)
        assert reader.rollup_differences() == []
        ledger.delete_older_than(start + 60 * 3600 * NS_PER_S)
        for table in (
            "line_days",
            "zone_days",
            "stay_days",
            "move_days",
            "item_days",
            "visit_days",
        ):
            assert reader.rows(f"SELECT count(*) FROM {table}") == [(0,)]
        for table in ("heat_hours", "heat_months", "watch_months", "trait_days", "camera_hours"):
            assert reader.rows(f"SELECT count(*) FROM {table}") == [(0,)]


def _event(key: str, start: int, kind: str, second: int, which: int) -> Event:
    data = {
        "crossing": {"direction": "in" if which else "out"},
        "stay": {"duration_s": 3.0 * 4**which, "censored": which == 1, "engaged": which > 1},
        "move": {"from": f"zone-{which}", "window": "window" if which == 2 else ""},
        "item": {"action": "tried-on", "sku": f"sku-{which}", "visit": which or None},
        "sale": {"sku": f"sku-{which}", "quantity": which - 1},
        "visit": {
            "entrance": "door",
            "staff": which == 3,
            "again": which == 1,
            "group": which,
            "seen_in": "complete" if which else "entry-only",
            "duration_s": 600.5,
        },
    }[kind]
    at = start + second * NS_PER_S
    return Event(key, EventKind(kind), at, at, "cam", f"place-{which}", data)


def test_sales_matched_to_tries_are_counted_day_by_day(tmp_path):
    with Ledger(tmp_path / "l.db") as ledger, ledger.reader() as reader:
        noon = utc_ns("2026-01-01T12:00")
        tries = [_event(f"t{n}", noon, "item", n, 1) for n in range(3)]
        sale = Event("s", EventKind.SALE, noon, noon, "", "", {"sku": "sku-1", "quantity": 2})
        later = Event(
            "z", EventKind.SALE, noon + 24 * HOUR_NS, 0, "", "", {"sku": "sku-1", "quantity": 1}
        )
        ledger.append([*tries, sale, later])
        day = day_number(date(2026, 1, 1))
        totals = History(reader).item_totals(day, day + 1)["sku-1"]
        assert totals == (0, 0, 3, 0, 0, 3, 0, 2)


@pytest.mark.parametrize("place", ["", "coats"])
def test_traits_of_a_day_are_those_of_its_hours(tmp_path, place):
    with Ledger(tmp_path / "l.db", timezone=BERLIN) as ledger, ledger.reader() as reader:
        for hour in range(48):
            at = utc_ns("2026-03-28T20:00") + hour * HOUR_NS
            ledger.add_traits([TraitCount(at, place, "gender", "female", 2)])
        days = History(reader).trait_days(place, 0, 10**6)["gender", "female"]
        assert days.values[:, 0].tolist() == [6, 46, 44]
