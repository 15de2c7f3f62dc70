from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_core.analytics.audit import judge, shifts_of, wilson
from edge_core.analytics.matching import Events, match_events
from edge_core.analytics.walks import rates_from_walks, walks_of
from edge_core.types import Event, EventKind
from edge_core.units import NS_PER_S

T0 = 1_767_268_800


def at(seconds: float) -> int:
    return round((T0 + seconds) * NS_PER_S)


def crossing(seconds: float, direction: str = "in", line: str = "main") -> Event:
    key = f"crossing/{line}/{seconds}/{direction}"
    return Event(key, EventKind.CROSSING, at(seconds), 0, "door", line, {"direction": direction})


def tally(observer: str, seconds: float, line: str = "main", **data: object) -> Event:
    key = f"tally/{observer}-{seconds}-{len(data)}-{data.get('mark', '')}"
    told = {"observer": observer} | data
    return Event(key, EventKind.TALLY, at(seconds), 0, "", line, told)


def shift(observer: str, times: Sequence[float], end: float = 600, way: str = "in") -> list[Event]:
    begin, done = tally(observer, 0, mark="begin"), tally(observer, end, mark="end")
    return [begin, *(tally(observer, t, direction=way) for t in times), done]


TRUE = [10.0, 12.0, 40.0, 95.0, 96.0, 200.0, 300.0, 420.0, 500.0, 590.0]


def test_a_counter_that_nets_its_errors_is_found_out_by_f1():
    """Two missed, two invented: the total is perfect, the events are not."""
    tallies = shift("A", TRUE) + shift("B", [t + 0.8 for t in TRUE])
    counted = [crossing(t + 1) for t in TRUE[2:]] + [crossing(130), crossing(350)]
    inward = judge(shifts_of(tallies), counted)[0]
    assert (inward.line_id, inward.direction, inward.minutes) == ("main", "in", 10)
    assert (inward.tallied, inward.counted) == ((10, 10), 10)
    assert inward.events == Events(hits=8, found=10, true=10)
    assert inward.netted is not None
    assert inward.netted[0] == 1.0
    assert inward.f1 is not None
    assert inward.f1[0] == pytest.approx(0.8)
    assert inward.f1[1] < 0.8 < inward.f1[2]
    assert inward.agreement == 1.0


def test_what_only_one_observer_tells_counts_neither_way():
    tallies = shift("A", TRUE) + shift("B", TRUE[:-1])
    with_it = judge(shifts_of(tallies), [crossing(t) for t in TRUE])[0]
    without = judge(shifts_of(tallies), [crossing(t) for t in TRUE[:-1]])[0]
    for judged in (with_it, without):
        assert judged.disputed == 1
        assert judged.f1 is not None
        assert judged.f1[0] == 1.0
        assert judged.agreement == pytest.approx(18 / 19)


def test_only_the_time_in_which_both_tallied_is_judged():
    tallies = shift("A", TRUE, end=600) + shift("B", TRUE[:3], end=60)
    judged = judge(shifts_of(tallies), [crossing(t) for t in TRUE[:3]])[0]
    assert judged.minutes == 1
    assert judged.events == Events(3, 3, 3)


def test_what_was_taken_back_and_the_other_direction_are_left_out():
    wrong = tally("A", 33, direction="out")
    tallies = [*shift("A", [10]), wrong, tally("A", 34, undo=wrong.key), *shift("B", [10])]
    inward, outward = judge(shifts_of(tallies), [crossing(10)])
    assert inward.f1 is not None
    assert outward.tallied == (0, 0)
    assert outward.f1 is None, "of nothing there is no accuracy"


def test_one_observer_alone_is_judged_by_without_agreement():
    judged = judge(shifts_of(shift("A", TRUE)), [crossing(t) for t in TRUE])[0]
    assert judged.agreement is None
    assert judged.f1 is not None
    assert judged.f1[0] == 1


@given(
    st.lists(st.floats(0, 300), max_size=25), st.lists(st.floats(0, 300), max_size=25),
    st.floats(0.5, 10),
)  # fmt: skip
def test_matching_uses_each_event_once_within_the_tolerance_and_misses_none(found, true, tolerance):
    pairs = match_events(found, true, tolerance)
    assert len({a for a, _ in pairs}) == len({b for _, b in pairs}) == len(pairs)
    assert all(abs(found[a] - true[b]) <= tolerance for a, b in pairs)
    left, most = sorted(true), 0
    for one in sorted(found):  # earliest first is the largest matching of times on a line
        near = [t for t in left if abs(t - one) <= tolerance]
        if near:
            left.remove(near[0])
            most += 1
    assert len(pairs) == most


def test_wilsons_interval_of_19_of_20():
    share, low, high = wilson(19, 20) or (0, 0, 0)
    assert share == 0.95
    assert (low, high) == (pytest.approx(0.764, abs=1e-3), pytest.approx(0.991, abs=1e-3))
    assert wilson(0, 0) is None


def visit(number: int, start: float | None, end: float | None) -> Event:
    first, last = start if start is not None else 0, end if end is not None else 900
    data = {
        "visit": number,
        "entered_utc_ns": at(first),
        "left_utc_ns": None if end is None else at(last),
        "entrance": "" if start is None else "main",
        "exit": "" if end is None else "main",
    }
    return Event(f"visit/{number}/{start}", EventKind.VISIT, at(last), 0, "door", "main", data)


def test_test_walks_tell_splits_and_merges():
    taps = [
        tally("A", t, direction=way, walk=True)
        for t, way in [(10, "in"), (100, "out"), (200, "in"), (300, "out"), (400, "in"),
                       (500, "out"), (600, "in"), (700, "out")]
    ]  # fmt: skip
    visits = [
        visit(1, 11, 101),  # right
        visit(2, 201, None), visit(3, None, 301),  # one walk, two numbers
        visit(9, 350, 380), visit(9, 401, 501),  # taken for somebody who was here before
        visit(4, 600, 701),
    ]  # fmt: skip
    walks = walks_of(taps)
    assert len(walks) == 4
    rates = rates_from_walks(walks, visits)
    assert rates is not None
    assert (rates.duplicates, rates.clusters, rates.absorbed, rates.persons) == (1, 5, 1, 4)
    assert shifts_of(taps) == []
