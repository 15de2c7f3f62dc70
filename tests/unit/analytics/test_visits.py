"""Visits from entrance to exit: the door is the line y = 5, and going south is in."""

from collections.abc import Callable, Iterable, Sequence
from random import Random
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge_core.analytics import LineCounter, VisitMeter, ZoneMap
from edge_core.config.visits import StaffConfig, VisitsConfig
from edge_core.config.zones import LineConfig, ZoneConfig
from edge_core.types import Event, EventKind, Observation

Observe = Callable[..., Observation]
Walk = Sequence[tuple[float, float]]

LINE = LineConfig(id="main", name="Main", camera="door", start_m=(2, 5), end_m=(6, 5))
FLOORS = {"door": "ground", "hall": "ground"}
ZONES = ZoneMap(
    [
        ZoneConfig(id="shoes", name="Shoes", floor="ground",
                   polygon_m=((2, 7), (6, 7), (6, 9), (2, 9))),
        ZoneConfig(id="till", name="Till", floor="ground",
                   polygon_m=((7, 7), (9, 7), (9, 9), (7, 9))),
    ]
)  # fmt: skip
IN: Walk = [(4.0, 4 + step / 10) for step in range(25)]
OUT: Walk = IN[::-1]


class Shop:
    """Feeds one meter by time; visitors are what the test says they are."""

    def __init__(self, timezone: str = "UTC", **rules: float) -> None:
        self.meter = VisitMeter(
            ZONES,
            FLOORS,
            [LINE],
            rules=VisitsConfig.model_validate({"settle_s": 60, "unseen_s": 600} | rules),
            staff=StaffConfig(zones=("till",), zone_s=20),
            timezone=ZoneInfo(timezone),
            rng=Random(1),
            remember_s=3600,
        )
        self.counter = LineCounter(LINE)
        self.told: list[Event] = []

    def see(self, seen: Observation, visitors: dict[int, int] | None = None) -> None:
        who = [(visitors or {}).get(track, track) for track in seen.track_id.tolist()]
        crossings = self.counter.ingest(seen)
        numbers = {visitor: 1000 + visitor for visitor in who}
        self.told += self.meter.ingest(seen, np.array(who, np.int64), numbers, crossings)


def walk(
    observe: Observe, shop: Shop, at_s: float, points: Walk, track: int = 1, visitor: int = 0
) -> float:
    """One person alone; the time at which they stop."""
    for step, point in enumerate(points):
        shop.see(observe(at_s + step / 10, {track: point}), {track: visitor or track})
    return at_s + len(points) / 10


def stand(
    observe: Observe, shop: Shop, at_s: float, place: tuple[float, float], seconds: float,
    track: int = 1, visitor: int = 0,
) -> float:  # fmt: skip
    return walk(observe, shop, at_s, [place] * round(seconds * 10), track, visitor)


def nobody(observe: Observe, shop: Shop, at_s: float) -> None:
    shop.see(observe(at_s, {}))


def one_visit(observe: Observe, shop: Shop, at_s: float, track: int, visitor: int = 0) -> float:
    """In, 30 s among the shoes, out."""
    at_s = walk(observe, shop, at_s, IN, track, visitor)
    at_s = stand(observe, shop, at_s, (4.0, 8.0), 30, track, visitor)
    return walk(observe, shop, at_s, OUT, track, visitor)


def test_a_visit_tells_its_doors_its_zones_and_how_long(observe):
    shop = Shop()
    end_s = one_visit(observe, shop, 10.0, track=1)
    nobody(observe, shop, end_s + 30)
    assert shop.told == [], "who comes back in within a minute never left"
    nobody(observe, shop, end_s + 70)
    (event,) = shop.told
    assert (event.kind, event.place_id, event.camera_id) == (EventKind.VISIT, "main", "door")
    assert event.data["visit"] == 1001
    assert (event.data["entrance"], event.data["exit"]) == ("main", "main")
    assert event.data["seen_in"] == "complete"
    assert event.data["duration_s"] == pytest.approx(32.7, abs=0.5)
    assert event.data["left_utc_ns"] == event.utc_ns
    ((zone, seconds),) = event.data["zones"]
    assert zone == "shoes"
    assert seconds == pytest.approx(30, abs=0.5)
    assert (event.data["group"], event.data["group_id"]) == (1, None)
    assert not event.data["staff"]
    assert not event.data["again"]
    assert not {"age", "gender"} & event.data.keys()


def test_stepping_out_for_a_moment_stays_one_visit(observe):
    shop = Shop()
    end_s = one_visit(observe, shop, 10.0, track=1)
    end_s = one_visit(observe, shop, end_s + 20, track=2, visitor=1)
    nobody(observe, shop, end_s + 70)
    (event,) = shop.told
    assert [zone for zone, _ in event.data["zones"]] == ["shoes", "shoes"]


def test_coming_back_later_is_another_visit_of_the_same_number(observe):
    shop = Shop()
    end_s = one_visit(observe, shop, 10.0, track=1)
    nobody(observe, shop, end_s + 100)
    end_s = one_visit(observe, shop, end_s + 200, track=2, visitor=1)
    nobody(observe, shop, end_s + 70)
    assert [event.data["again"] for event in shop.told] == [False, True]
    assert len({event.data["visit"] for event in shop.told}) == 1
    assert len({event.key for event in shop.told}) == 2


@pytest.mark.parametrize(
    ("timezone", "first_utc_s", "again"),
    [
        # The made-up observations begin at 2026-01-01 00:00 UTC.
        ("UTC", 23 * 3600 + 3500.0, False),
        ("Europe/Berlin", 23 * 3600 + 3500.0, True),
        # On 29 March 2026 Berlin's clocks leap from 02:00 to 03:00: midnight was at 23:00 UTC.
        ("Europe/Berlin", 86 * 86_400 + 22 * 3600 + 3500.0, False),
        ("Europe/Berlin", 87 * 86_400 + 21 * 3600 + 3500.0, False),
        ("Europe/Berlin", 87 * 86_400 + 22 * 3600 + 3500.0, True),
    ],
)
def test_again_is_told_within_one_day_of_the_sites_calendar(observe, timezone, first_utc_s, again):
    shop = Shop(timezone)
    end_s = one_visit(observe, shop, first_utc_s, track=1)
    nobody(observe, shop, end_s + 70)
    end_s = one_visit(observe, shop, end_s + 120, track=2, visitor=1)
    nobody(observe, shop, end_s + 70)
    assert [event.data["again"] for event in shop.told] == [False, again]


def test_who_is_never_seen_leaving_is_told_after_the_configured_time(observe):
    shop = Shop()
    end_s = stand(observe, shop, walk(observe, shop, 10.0, IN), (4.0, 8.0), 30)
    nobody(observe, shop, end_s + 590)
    assert shop.told == []
    nobody(observe, shop, end_s + 610)
    (event,) = shop.told
    assert event.data["seen_in"] == "entry-only"
    assert event.data["left_utc_ns"] is None
    assert event.data["duration_s"] == pytest.approx(31.5, abs=0.5)


def test_who_is_first_seen_inside_has_no_entrance(observe):
    shop = Shop()
    end_s = walk(observe, shop, stand(observe, shop, 10.0, (4.0, 8.0), 30), OUT)
    nobody(observe, shop, end_s + 70)
    stand(observe, shop, end_s + 80, (4.0, 8.0), 30, track=2)
    shop.told += shop.meter.finish()
    assert [event.data["seen_in"] for event in shop.told] == ["exit-only", "inside-only"]
    assert {event.data["entrance"] for event in shop.told} == {""}


def test_passing_by_and_turning_back_on_the_doorstep_are_no_visits(observe):
    shop = Shop()
    at_s = walk(observe, shop, 10.0, [(1 + step / 10, 4.0) for step in range(60)], track=1)
    at_s = walk(observe, shop, at_s, [*IN, *OUT], track=2)
    nobody(observe, shop, at_s + 700)
    assert shop.told == []
    assert shop.meter.seen_inside(0) == 0


def test_merging_moves_the_entrance_to_the_visitor_who_goes_on(observe):
    shop = Shop()
    at_s = walk(observe, shop, 10.0, IN, track=1)
    at_s = stand(observe, shop, at_s, (4.0, 8.0), 20, track=2)
    shop.told += shop.meter.merge(1, 2)
    at_s = walk(observe, shop, at_s, OUT, track=3, visitor=1)
    nobody(observe, shop, at_s + 70)
    (event,) = shop.told
    assert event.data["seen_in"] == "complete"
    assert [zone for zone, _ in event.data["zones"]] == ["shoes"]


def test_merging_with_somebody_who_left_long_ago_makes_their_second_visit(observe):
    shop = Shop(settle_s=5)
    end_s = one_visit(observe, shop, 10.0, track=1)
    at_s = walk(observe, shop, end_s + 120, IN, track=2)
    shop.told += shop.meter.merge(1, 2)
    at_s = stand(observe, shop, at_s, (4.0, 8.0), 20, track=2, visitor=1)
    at_s = walk(observe, shop, at_s, OUT, track=2, visitor=1)
    nobody(observe, shop, at_s + 10)
    assert [event.data["again"] for event in shop.told] == [False, True]


def test_standing_in_a_staff_zone_or_being_marked_makes_staff(observe):
    shop = Shop()
    at_s = stand(observe, shop, walk(observe, shop, 10.0, IN), (8.0, 8.0), 25)
    at_s = walk(observe, shop, at_s, OUT)
    walk(observe, shop, at_s, IN, track=2)
    assert shop.meter.mark_staff(1002)
    assert not shop.meter.mark_staff(77)
    assert shop.meter.staff_inside() == 1, "the first one has gone out"
    shop.told += shop.meter.finish()
    assert [event.data["staff"] for event in shop.told] == [True, True]


def test_who_comes_in_together_and_stays_together_is_a_group(observe):
    shop = Shop()
    at_s = 10.0
    beside = {1: 0.0, 2: 0.8, 3: 1.6}
    for step, (x, y) in enumerate([*IN, *[(4.0, 8.0)] * 80]):
        # The fourth crosses with them and goes another way.
        places = {track: (x + dx - 0.8, y) for track, dx in beside.items()}
        places[4] = (x + 1.6, y) if step < 25 else (5.8, 5.8)
        shop.see(observe(at_s + step / 10, places))
    shop.told += shop.meter.finish()
    sizes = {event.data["visit"]: event.data["group"] for event in shop.told}
    assert sizes == {1001: 3, 1002: 3, 1003: 3, 1004: 1}
    assert len({event.data["group_id"] for event in shop.told}) == 2


def stream(observe: Observe) -> Iterable[Observation]:
    """Two people come and go; then nobody is there for a quarter of an hour."""
    at_s = 10.0
    for track in (1, 2):
        for point in [*IN, *[(4.0, 8.0)] * 100, *OUT]:
            yield observe(at_s, {track: point})
            at_s += 0.1
        at_s += 30
    for step in range(12):
        yield observe(at_s + step, {})


@settings(max_examples=12, deadline=None)
@given(restart=st.integers(0, 299))
def test_replaying_the_last_ten_seconds_after_a_restart_adds_no_second_visit(observe, restart):
    """However the core dies, one end of a visit has one key."""
    seen = list(stream(observe))
    whole, killed, heir = Shop(settle_s=5), Shop(settle_s=5), Shop(settle_s=5)
    for each in seen:
        whole.see(each)
    for each in seen[:restart]:
        killed.see(each)
    cut_ns = seen[restart].mono_ns
    for each in seen:
        if each.mono_ns >= cut_ns - 10_000_000_000:
            heir.see(each)
    heir.told += heir.meter.finish()
    kept = {event.key for event in [*killed.told, *heir.told]}
    expected = {event.key for event in whole.told}
    assert len(expected) == 2
    assert expected <= kept | {event.key for event in whole.told if event.utc_ns < cut_ns}
    ends = [event.utc_ns for event in {e.key: e for e in [*killed.told, *heir.told]}.values()]
    assert len(ends) == len(set(ends))
    assert kept <= expected


def test_whoever_leaves_by_a_track_that_broke_at_the_door_has_left_and_is_nobody_new(observe):
    """Outside they are another track, of which nobody ever learns whose it is."""
    shop = Shop()
    at_s = walk(observe, shop, 10.0, IN, track=1)
    at_s = stand(observe, shop, at_s, (4.0, 8.0), 30, track=1)
    inside, outside = OUT[:11], OUT[16:]
    at_s = walk(observe, shop, at_s, inside, track=1)
    at_s = walk(observe, shop, at_s + 0.5, outside, track=2, visitor=2)
    nobody(observe, shop, at_s + 70)
    shop.told += shop.meter.finish()
    (event,) = shop.told
    assert event.data["visit"] == 1001
    assert event.data["seen_in"] == "complete"
