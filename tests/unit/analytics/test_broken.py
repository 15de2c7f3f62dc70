"""Which track goes on where another broke off."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_core.analytics.broken import BROKEN_NS, Walk, went_on
from edge_core.units import ns_from_s

SPEED_M_S = 1.2


def walk(until_s: float = 2.0, along: float = 0.0, per_m: float = 1.0) -> Walk:
    """Somebody who comes straight on; at `until_s` they are at across 0."""
    it = Walk()
    for step in range(round(until_s * 10) + 1):
        at_s = step / 10
        it.see(ns_from_s(at_s), SPEED_M_S * (at_s - until_s) * per_m, along * per_m)
    return it


def began(places: dict[int, tuple[float, float]], broken: dict[int, Walk], at_s: float):
    return went_on(places, broken, ns_from_s(at_s), dict.fromkeys(places, 1.0))


@given(st.floats(0.1, 2.4), st.floats(-0.4, 0.4), st.floats(-0.4, 0.4))
def test_a_track_that_begins_where_the_walk_led_goes_on_with_it(gap_s, off_across, off_along):
    place = (SPEED_M_S * gap_s + off_across, off_along)
    assert began({2: place}, {1: walk()}, 2 + gap_s) == {2: 1}


def test_one_that_begins_elsewhere_or_too_late_does_not():
    assert began({2: (-2.0, 0.0)}, {1: walk()}, 3.0) == {}, "they were walking the other way"
    assert began({2: (1.2, 3.0)}, {1: walk()}, 3.0) == {}, "too far along"
    late_s = 2.1 + BROKEN_NS / 1e9
    assert began({2: (SPEED_M_S * (late_s - 2), 0.0)}, {1: walk()}, late_s) == {}


def test_nobody_is_guessed_between_two_who_walked_side_by_side():
    side_by_side = {1: walk(along=-0.2), 2: walk(along=0.2)}
    assert began({3: (1.2, 0.0)}, side_by_side, 3.0) == {}
    assert began({3: (1.2, 0.2)}, {1: walk(along=-0.6), 2: walk(along=0.2)}, 3.0) == {3: 2}


def test_two_who_begin_at_once_do_not_both_go_on_with_one():
    assert began({2: (1.2, 0.0), 3: (1.2, 0.1)}, {1: walk()}, 3.0) == {}


def test_units_of_the_line_make_no_difference():
    per_m = 80.0
    place = (SPEED_M_S * per_m, 0.2 * per_m)
    assert went_on({2: place}, {1: walk(per_m=per_m)}, ns_from_s(3.0), {2: per_m}) == {2: 1}


def test_somebody_who_stood_still_is_found_again_where_they_stood():
    still = Walk()
    for step in range(15):
        still.see(ns_from_s(step / 10), 0.0, 0.0)
    assert still.at(ns_from_s(3), 1.0) == pytest.approx((0.0, 0.0), abs=1e-6)


def test_one_wild_foot_point_does_not_send_a_walk_across_the_hall():
    wild = Walk()
    for step in range(5):
        wild.see(ns_from_s(step / 10), 0.0, 0.0)
    wild.see(ns_from_s(0.5), 4.0, 0.0)
    across, _ = wild.at(ns_from_s(1.5), 1.0)
    assert across < 5.5, "no faster than people walk"
