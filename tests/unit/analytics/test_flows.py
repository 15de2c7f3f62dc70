import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge_core.analytics.flows import FlowMeter, balance, ends_of, transition_shares
from edge_core.analytics.heatmap import grid_of
from edge_core.config.zones import LineConfig, ZoneConfig
from edge_core.types import Event

ROOM = ((0.0, 0.0), (20.0, 0.0), (20.0, 10.0), (0.0, 10.0))


def square(name: str, left: float, kind: str = "department", top: float = 2.0) -> ZoneConfig:
    corners = ((left, top), (left + 4, top), (left + 4, 8), (left, 8))
    return ZoneConfig(id=name, name=name, floor="ground", kind=kind, polygon_m=corners)


ZONES = [square("coats", 4), square("shoes", 10), square("window", 16, "window")]
IN_COATS, IN_SHOES, AT_WINDOW, BETWEEN = (6.0, 5.0), (12.0, 5.0), (18.0, 5.0), (9.0, 5.0)
DOOR, AISLE = (2.0, 9.5), (9.0, 1.0)


@pytest.fixture
def meter() -> FlowMeter:
    return FlowMeter(ZONES, {"door": "ground"}, lambda _, point: _end(point))


def _end(point: tuple[float, float]) -> str:
    return "@entrance" if point[1] > 9 else "@appeared" if point[0] > 8 else "@edge"


def feed(meter, observe, plan, visitor=1, start_s=0.0, after_s=9.0) -> list[Event]:
    """Ten sightings a second at each place of a plan, then nobody."""
    events, step = [], 0
    for seconds, point in plan:
        for _ in range(round(seconds * 10)):
            seen = observe(start_s + step / 10, {visitor: point})
            events += meter.ingest(seen, np.array([visitor]))
            step += 1
    empty = observe(start_s + step / 10 + after_s, {})
    return events + meter.ingest(empty, np.zeros(0, np.int64))


def ways(events: list[Event]) -> list[tuple[str, str]]:
    return [(event.data["from"], event.place_id) for event in events]


def test_a_visit_is_a_chain_from_an_end_to_an_end(meter, observe):
    plan = [(1, DOOR), (3, IN_COATS), (1, BETWEEN), (4, IN_SHOES), (1, DOOR)]
    assert ways(feed(meter, observe, plan)) == [
        ("@entrance", "coats"),
        ("coats", "shoes"),
        ("shoes", "@exit"),
    ]


def test_half_a_second_in_a_zone_is_no_move(meter, observe):
    plan = [(3, IN_COATS), (0.5, IN_SHOES), (3, IN_COATS)]
    assert ways(feed(meter, observe, plan)) == [("@edge", "coats"), ("coats", "@edge")]


def test_whoever_vanishes_in_the_middle_is_lost(meter, observe):
    assert ways(feed(meter, observe, [(6, IN_SHOES)])) == [
        ("@appeared", "shoes"),
        ("shoes", "@lost"),
    ]


def test_a_glimpse_of_three_seconds_is_nobody(meter, observe):
    assert feed(meter, observe, [(3, IN_SHOES)]) == []


def test_coming_in_after_a_window_is_credited_to_it(meter, observe):
    events = feed(meter, observe, [(5, AT_WINDOW), (2, AISLE), (3, IN_SHOES), (3, IN_COATS)])
    assert [(it.place_id, it.data["window"]) for it in events[:3]] == [
        ("window", ""),
        ("shoes", "window"),
        ("coats", ""),
    ]


def test_a_double_that_is_joined_soon_leaves_no_trace(meter, observe):
    for step in range(60):
        people = {1: IN_SHOES} | ({2: IN_SHOES} if step >= 30 else {})
        meter.ingest(observe(step / 10, people), np.array(list(people)))
    assert meter.join(1, 2) == []
    assert meter.present() == {"coats": 0, "shoes": 1, "window": 0}


def test_after_a_restart_nobody_arrives_a_second_time(observe):
    heir = FlowMeter(ZONES, {"door": "ground"}, lambda _, point: _end(point), resumed_ns=10**10)
    events = feed(heir, observe, [(3, IN_COATS), (5, IN_SHOES)], start_s=8)
    assert ways(events) == [("coats", "shoes"), ("shoes", "@lost")]


def test_a_replay_gives_the_same_keys(meter, observe):
    heir = FlowMeter(ZONES, {"door": "ground"}, lambda _, point: _end(point))
    plan = [(5, IN_COATS), (5, IN_SHOES)]
    first = {it.key for it in feed(meter, observe, plan)}
    again = {it.key for it in feed(heir, observe, plan)}
    assert first == again


steps = st.lists(
    st.tuples(st.integers(1, 6), st.sampled_from([IN_COATS, IN_SHOES, AT_WINDOW, BETWEEN, DOOR])),
    min_size=1,
    max_size=5,
)


@settings(max_examples=40, deadline=None)
@given(st.lists(steps, min_size=1, max_size=4), st.integers(1, 150))
def test_moves_balance_with_the_people_present_at_any_moment(observe, plans, cut):
    """inflow = outflow + change of the people in it, whenever one looks."""
    meter = FlowMeter(ZONES, {"door": "ground"}, lambda _, point: _end(point))
    tracks = {
        number + 1: [point for seconds, point in plan for _ in range(seconds * 10)]
        for number, plan in enumerate(plans)
    }
    moves: dict[tuple[str, str], int] = {}
    for step in range(cut):
        people = {who: points[step] for who, points in tracks.items() if step < len(points)}
        seen = observe(step / 10, people)
        for event in meter.ingest(seen, np.array(list(people), np.int64)):
            pair = (event.data["from"], event.place_id)
            moves[pair] = moves.get(pair, 0) + 1
    accounts = balance(moves, {}, meter.present())
    assert all(account.residual == 0 for account in accounts.values())


def test_ends_are_told_by_the_entrance_the_edge_of_the_view_and_the_middle():
    grid = grid_of("ground", ROOM)
    visible = grid.centres_m()[:, 0] < 15
    line = LineConfig(id="door", name="Door", camera="door", start_m=(2, 10), end_m=(5, 10))
    end_at = ends_of({"ground": grid}, {"ground": visible}, [("ground", line)], ZONES)
    assert end_at("ground", (3.0, 9.0)) == "@entrance"
    assert end_at("ground", (14.5, 5.0)) == "@edge"
    assert end_at("ground", (8.0, 5.0)) == "@appeared"
    assert end_at("upper", (8.0, 5.0)) == "@edge"


def test_smoothed_shares_add_up_and_call_nothing_impossible():
    shares = transition_shares(np.array([[9.0, 0.0, 0.0], [0.0, 0.0, 0.0]]))
    assert shares.sum(axis=1) == pytest.approx([1, 1])
    assert shares[0] == pytest.approx([9.5 / 10.5, 0.5 / 10.5, 0.5 / 10.5])
