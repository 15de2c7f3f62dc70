from itertools import pairwise

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from edge_core.simulator import World
from edge_core.simulator.scene import Scene
from edge_core.simulator.truth import crossing_direction

metres = st.floats(-20, 20, allow_nan=False)


def step(start, end, before, after):
    return crossing_direction(*(np.array(p, dtype=float) for p in (start, end, before, after)))


def test_walking_right_on_the_plan_the_right_hand_is_down_the_page():
    assert step((0, 0), (4, 0), (2, -0.1), (2, 0.1)) == "in"
    assert step((0, 0), (4, 0), (2, 0.1), (2, -0.1)) == "out"


def test_passing_beside_the_line_is_no_crossing():
    assert step((0, 0), (4, 0), (4.5, -0.1), (4.5, 0.1)) is None


@given(metres, metres, metres, metres)
def test_swapping_the_ends_swaps_in_and_out(x0, y0, x1, y1):
    forward = step((-3, 1), (5, -2), (x0, y0), (x1, y1))
    swapped = step((5, -2), (-3, 1), (x0, y0), (x1, y1))
    assert {forward, swapped} in ({"in", "out"}, {None})


@pytest.mark.parametrize("seed", [1, 2])
def test_crossings_agree_with_who_stands_inside(shop: Scene, seed: int):
    """Inside the shop is above the door line; in minus out tells who changed sides."""
    world = World(shop, seed, warm_up_s=10)
    inside = {p.number: p.position_m[1] < 12 for p in world.crowd.states()}
    last = dict(inside)
    for tick in range(1, 480):
        for person in world.advance_to(tick * 0.25):
            inside.setdefault(person.number, False)
            last[person.number] = person.position_m[1] < 12
    for number, was in inside.items():
        mine = [c.direction for c in world.log.crossings if c.person == number]
        assert mine.count("in") - mine.count("out") == last[number] - was
        assert all(a != b for a, b in pairwise(mine))
    assert len(world.log.crossings) >= 10


def test_stays_are_the_time_spent_in_the_polygon(shop: Scene):
    world = World(shop, seed=3, warm_up_s=5)
    zone = shapely.Polygon(shop.zone_polygon("women"))
    spent: dict[int, float] = {}
    for tick in range(1, 1200):
        for person in world.advance_to(tick * 0.05):
            if zone.contains(shapely.Point(person.position_m)):
                spent[person.number] = spent.get(person.number, 0) + 0.05
    said = world.log.as_json()["stays"]
    assert spent
    for number, seconds in spent.items():
        mine = [s for s in said if s["person"] == number and s["zone"] == "women"]
        assert sum(s["end_s"] - s["start_s"] for s in mine) == pytest.approx(seconds, abs=0.2)
