"""Occupancy: crossings corrected by what is seen, on the site's calendar."""

import json
from datetime import time
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge_core.analytics.occupancy import OccupancyFilter
from edge_core.analytics.occupancy_meter import OccupancyMeter
from edge_core.types import Event, EventKind
from edge_core.units import NS_PER_S

MINUTE_NS = 60 * NS_PER_S
JULY_1 = 20_635  # 2026-07-01, days since 1970
MINUTES = st.tuples(
    st.integers(0, 12), st.integers(0, 12), st.none() | st.integers(0, 20), st.floats(0, 1)
)


def crossing(minute: int, direction: str, line: str = "main") -> Event:
    return Event(f"{minute}", EventKind.CROSSING, minute * MINUTE_NS, 0, "door", line,
                 {"direction": direction})  # fmt: skip


def meter(opens: time = time(10), closes: time = time(20), zone: str = "UTC") -> OccupancyMeter:
    return OccupancyMeter({"main": "door"}, opens, closes, ZoneInfo(zone))


def run(
    followed: OccupancyMeter, minute: int, *, entered: int = 0, left: int = 0,
    seen: int | None = 0, watched_s: float = 60.0,
) -> list[Event]:  # fmt: skip
    """One minute passes."""
    followed.cross([crossing(minute, "in")] * entered + [crossing(minute, "out")] * left)
    followed.watch("door", minute, watched_s)
    return followed.advance((minute + 2) * MINUTE_NS, seen)


@settings(max_examples=25, deadline=None)
@given(st.lists(MINUTES, min_size=1, max_size=30))
def test_the_estimate_is_never_negative_and_lies_in_its_interval(minutes):
    followed = OccupancyFilter()
    for entered, left, seen, watched in minutes:
        followed.advance(entered, left, seen, watched=watched)
        told = followed.estimate()
        assert 0 <= told.low <= told.high
        assert told.inside >= 0
        assert np.isfinite(told.inside)
        assert followed.estimate(0, 1000).inside == 0


@settings(max_examples=12, deadline=None)
@given(st.lists(MINUTES, min_size=1, max_size=30))
def test_after_closing_time_with_nobody_in_view_the_site_is_empty(minutes):
    followed = meter()
    first = JULY_1 * 1440 + 19 * 60
    for offset, (entered, left, seen, watched) in enumerate(minutes):
        run(followed, first + offset, entered=entered, left=left, seen=seen,
            watched_s=60 * watched)  # fmt: skip
    for minute in range(first + len(minutes), first + 95):
        run(followed, minute, seen=0)
    told = followed.now()
    assert told.estimate is not None
    assert told.estimate.inside == pytest.approx(0, abs=1e-9)
    assert (told.estimate.low, told.estimate.high) == (0, 0)
    assert told.since_utc_ns >= (first + 90) * MINUTE_NS


def test_with_perfect_counts_it_is_the_difference():
    followed = OccupancyFilter()
    for _ in range(30):
        followed.advance(2, 0, None)
    for _ in range(10):
        followed.advance(0, 3, None)
    told = followed.estimate()
    assert told.inside == pytest.approx(30, abs=1)
    assert told.low <= 30 <= told.high


def test_people_in_view_hold_a_count_that_misses_entries():
    rng = np.random.default_rng(3)
    followed, true, net = OccupancyFilter(), 0, 0
    for minute in range(500):
        entered = int(rng.poisson(3 if minute < 400 else 1))
        left = int(rng.binomial(true, 1 / 20))
        true += entered - left
        counted = int(rng.binomial(entered, 0.9 if minute > 60 else 1.0)), left
        net += counted[0] - counted[1]
        followed.advance(*counted, int(rng.binomial(true, 0.6)))
    assert abs(followed.estimate().inside - true) < abs(net - true) / 3


def test_who_is_seen_is_inside_whatever_was_counted():
    followed = OccupancyFilter()
    for _ in range(20):
        followed.advance(0, 1, 12)
    assert followed.estimate().low >= 12


def test_a_gap_at_the_door_is_told_and_widens_the_interval():
    followed = meter()
    first = JULY_1 * 1440 + 12 * 60
    for minute in range(first, first + 60):
        run(followed, minute, entered=3, left=2, seen=None)
    before = followed.now()
    told = [
        run(followed, minute, seen=None, watched_s=0) for minute in range(first + 60, first + 75)
    ]
    assert before.estimate is not None
    assert followed.now().estimate is None, "nobody knows: it is no zero and no stale number"
    gap = [event for events in told for event in events][-1]
    assert (gap.data["inside"], gap.data["low"], gap.data["watched"]) == (None, None, 0)
    for minute in range(first + 75, first + 90):
        run(followed, minute, entered=3, left=2, seen=None)
    after = followed.now().estimate
    assert after is not None
    assert after.high - after.low > 1.5 * (before.estimate.high - before.estimate.low)  # fmt: skip


def test_an_event_every_five_minutes_restores_the_next_life():
    first = JULY_1 * 1440 + 12 * 60
    whole, killed, heir = meter(), meter(), meter()
    told: list[Event] = []
    for minute in range(first, first + 42):
        for each in (whole, killed):
            events = run(each, minute, entered=minute % 3, left=minute % 2, seen=10)
        told += events
    assert len(told) == 8
    assert [event.key for event in told] == [f"occupancy/{minute}" for minute in
                                             range(first + 5, first + 42, 5)]  # fmt: skip
    stored = Event(**{name: getattr(told[-1], name) for name in (
        "key", "kind", "utc_ns", "mono_ns", "camera_id", "place_id")},
        data=json.loads(json.dumps(told[-1].data)))  # fmt: skip
    since = range(stored.utc_ns // MINUTE_NS, first + 42)
    heir.restore(stored, {minute: (minute % 3, minute % 2) for minute in since})
    for minute in range(first + 42, first + 60):
        run(whole, minute, entered=1, seen=10)
        run(heir, minute, entered=1, seen=10)
    one, other = whole.now().estimate, heir.now().estimate
    assert one is not None
    assert other is not None
    assert other.inside == pytest.approx(one.inside, abs=2.5)


@pytest.mark.parametrize(
    ("zone", "day", "closing_utc_min"),
    [
        ("UTC", JULY_1, 20 * 60),
        ("Europe/Berlin", JULY_1, 18 * 60),
        ("Europe/Berlin", 20_541, 18 * 60),  # 29 March 2026, when the clocks leap
        ("Europe/Berlin", 20_751, 19 * 60),  # 25 October 2026, when they fall back
    ],
)
def test_closing_time_is_by_the_clock_on_the_wall(zone, day, closing_utc_min):
    followed = meter(zone=zone)
    first = day * 1440 + closing_utc_min - 10
    for minute in range(first, first + 39):
        run(followed, minute, entered=1, seen=0)
    assert followed.now().since_utc_ns < (first + 10) * MINUTE_NS
    for minute in range(first + 39, first + 42):
        run(followed, minute, seen=0)
    assert followed.now().since_utc_ns == (first + 41) * MINUTE_NS


def test_the_ratio_of_the_doors_is_learnt_over_days():
    followed = OccupancyFilter()
    for _ in range(6):
        for _ in range(100):
            followed.advance(10, 0, None)
        for _ in range(100):
            followed.advance(0, 9, None)
        followed.close()
    assert 1.05 < followed.ratio < 1.12
