from collections.abc import Callable
from math import nan

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_core.analytics import DwellMeter, LineCounter, PaceMeter, Present, ZoneMap
from edge_core.config.zones import LineConfig, ZoneConfig
from edge_core.types import Event, LivePerson, Observation

Observe = Callable[..., Observation]
OUTSIDE, INSIDE = (1.0, 5.0), (5.0, 5.0)


@pytest.fixture(scope="module")
def zones() -> ZoneMap:
    square = ((4, 4), (6, 4), (6, 6), (4, 6))
    return ZoneMap(
        [
            ZoneConfig(id="shoes", name="Shoes", floor="ground", polygon_m=square),
            ZoneConfig(id="bags", name="Bags", floor="upper", polygon_m=square),
        ]
    )


@pytest.fixture
def meter(zones: ZoneMap) -> DwellMeter:
    return DwellMeter(zones, {"door": "ground", "side": "ground"})


def feed(meter: DwellMeter, seen: list[Observation], visitor: int = 1) -> list[Event]:
    return [
        event
        for each in seen
        for event in meter.ingest(each, np.full(len(each.track_id), visitor, np.int64))
    ]


def stand(
    observe: Observe, plan: list[tuple[float, tuple[float, float]]], start_s: float = 0
) -> list[Observation]:
    """Ten observations a second; `plan` lists how long to stand where."""
    points = [point for seconds, point in plan for _ in range(round(seconds * 10))]
    return [observe(start_s + step / 10, {1: point}) for step, point in enumerate(points)]


def test_a_stay_lasts_from_the_first_to_the_last_moment_inside(observe, meter):
    events = feed(meter, stand(observe, [(2, OUTSIDE), (5, INSIDE), (3, OUTSIDE)]))
    assert len(events) == 1
    assert events[0].place_id == "shoes"
    assert events[0].data == {"duration_s": 4.9, "censored": False}
    assert events[0].mono_ns == round(6.9e9)


def test_a_step_outside_for_less_than_a_second_does_not_end_a_stay(observe, meter):
    plan = [(1, OUTSIDE), (3, INSIDE), (0.8, OUTSIDE), (3, INSIDE), (2, OUTSIDE)]
    events = feed(meter, stand(observe, plan))
    assert [event.data["duration_s"] for event in events] == [6.7]


def test_walking_through_in_less_than_a_second_is_no_stay(observe, meter):
    assert feed(meter, stand(observe, [(1, OUTSIDE), (0.8, INSIDE), (2, OUTSIDE)])) == []


def test_a_stay_seen_from_its_middle_or_lost_before_its_end_is_censored(observe, meter):
    begun_inside = feed(meter, stand(observe, [(3, INSIDE), (2, OUTSIDE)]))
    assert [event.data["censored"] for event in begun_inside] == [True]
    lost_inside = stand(observe, [(1, OUTSIDE), (3, INSIDE)], start_s=20)
    later = [observe(24 + step / 10, {}) for step in range(100)]
    events = feed(meter, lost_inside + later, visitor=2)
    assert [event.data["censored"] for event in events] == [True]
    assert events[0].data["duration_s"] == 2.9


def test_the_end_of_a_recording_ends_open_stays_as_censored(observe, meter):
    assert feed(meter, stand(observe, [(1, OUTSIDE), (3, INSIDE)])) == []
    assert [event.data["censored"] for event in meter.finish()] == [True]
    assert meter.finish() == []


def test_a_visitor_whose_track_breaks_or_is_seen_by_two_cameras_stays_once(observe, meter):
    first = stand(observe, [(1, OUTSIDE), (3, INSIDE)])
    second = [observe(6 + step / 10, {9: INSIDE}, camera_id="side") for step in range(20)]
    third = [observe(6 + step / 10, {1: INSIDE}) for step in range(20)]
    out = [observe(8 + step / 10, {1: OUTSIDE}) for step in range(20)]
    both = sorted([*first, *second, *third, *out], key=lambda each: each.mono_ns)
    events = feed(meter, both)
    assert [event.data for event in events] == [{"duration_s": 6.9, "censored": False}]


def test_visitors_that_turn_out_to_be_one_keep_one_stay(observe, meter):
    feed(meter, stand(observe, [(1, OUTSIDE), (3, INSIDE)]), visitor=1)
    feed(meter, stand(observe, [(2, INSIDE)], start_s=4), visitor=2)
    meter.merge(1, 2)
    events = feed(meter, stand(observe, [(2, OUTSIDE)], start_s=6), visitor=1)
    assert [event.data for event in events] == [{"duration_s": 4.9, "censored": False}]


def test_a_track_that_is_nobody_stays_nowhere(observe, meter):
    seen = stand(observe, [(1, OUTSIDE), (3, INSIDE), (2, OUTSIDE)])
    assert feed(meter, seen, visitor=0) + meter.finish() == []


def test_cameras_without_a_floor_and_unknown_positions_see_no_zones(observe, meter):
    seen = [observe(step / 10, {1: INSIDE}, camera_id="yard") for step in range(30)]
    blind = [observe(5 + step / 10, {1: (nan, nan)}) for step in range(30)]
    assert feed(meter, seen + blind) + meter.finish() == []


@given(
    plan=st.lists(
        st.tuples(st.floats(0.2, 4), st.sampled_from([INSIDE, OUTSIDE])), min_size=2, max_size=8
    ),
    start=st.integers(0, 150),
)
def test_replaying_the_end_of_a_recording_gives_no_stay_a_new_key(observe, zones, plan, start):
    """After a restart the last seconds are seen again: the ledger must recognise every stay."""
    seen = stand(observe, plan)
    whole = feed(DwellMeter(zones, {"door": "ground"}), seen)
    again = feed(DwellMeter(zones, {"door": "ground"}), seen[start:])
    assert {event.key for event in again} <= {event.key for event in whole}


def test_a_crossing_and_a_stay_at_a_line_and_a_zone_of_one_name_are_two_facts(observe):
    door = ((0, 0), (9, 0), (9, 5.25), (0, 5.25))
    zone = ZoneConfig(id="door", name="Door", floor="ground", polygon_m=door)
    line = LineConfig(id="door", name="Door", camera="door", start_m=(2, 5), end_m=(6, 5))
    meter, counter = DwellMeter(ZoneMap([zone]), {"door": "ground"}), LineCounter(line)
    seen = [observe(step / 10, {1: (4.0, 3 + step / 10)}) for step in range(50)]
    (stay,) = feed(meter, seen)
    (crossing,) = [it.event for each in seen for it in counter.ingest(each)]
    assert stay.mono_ns == crossing.mono_ns
    assert stay.key != crossing.key


def test_occupancy_names_every_zone(zones):
    person = LivePerson(5, "ground", INSIDE, (0, 0), "door", (0, 0, 1, 1), ("shoes",))
    assert zones.occupancy([person]) == {"shoes": 1, "bags": 0}
    assert zones.zones_at("ground", INSIDE) == ("shoes",)
    assert zones.zones_at("upper", OUTSIDE) == ()


def test_a_stay_is_engaged_when_somebody_stood_in_it_for_longer_than_five_seconds(observe, meter):
    for stand_s, engaged in ((7, True), (4, False)):
        events = []
        for step in range(round((stand_s + 6) * 10)):
            now_s = 100 * stand_s + step / 10
            at = INSIDE if 2 <= step / 10 < stand_s + 2 else OUTSIDE
            events += feed(meter, [observe(now_s, {1: at})])
            since_s = 100 * stand_s + 2 if at is INSIDE else None
            meter.engage(
                lambda _, since_s=since_s: None if since_s is None else round(since_s * 1e9),
                round(now_s * 1e9),
            )
        assert [event.data["engaged"] for event in events] == [engaged]


def test_a_shaking_foot_point_is_no_walk_and_a_stroll_is():
    rng = np.random.default_rng(7)
    pace = PaceMeter()
    for step in range(60):
        shaking = tuple(np.array(INSIDE) + rng.normal(0, 0.05, 2))
        strolling = (1 + 0.1 * step, 5.0)  # 0.4 m/s
        people = [Present(1, "ground", shaking, ()), Present(2, "ground", strolling, ())]
        pace.see(people, round(step * 0.25e9))
    assert pace.slow_since_ns(1) == 0
    assert pace.slow_since_ns(2) is None
    assert pace.speeds_m_s()[2] == pytest.approx(0.4, rel=0.01)
