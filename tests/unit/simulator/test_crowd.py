from itertools import pairwise

import numpy as np
import pytest
import shapely

from edge_core.simulator import World
from edge_core.simulator.crowd import STEP_S, Crowd
from edge_core.simulator.scene import Scene
from edge_core.simulator.shopper import stride_length_m


def history(scene: Scene, seed: int, seconds: float) -> list[list[tuple[int, float, float]]]:
    crowd = Crowd(scene, seed)
    frames = []
    for _ in range(round(seconds / STEP_S)):
        crowd.step()
        frames.append([(p.number, *p.position_m) for p in crowd.states()])
    return frames


def test_the_same_seed_gives_the_same_history(shop: Scene):
    assert history(shop, 5, 30) == history(shop, 5, 30)


def test_another_seed_gives_another_history(shop: Scene):
    assert history(shop, 5, 30) != history(shop, 6, 30)


def test_nobody_is_ever_inside_a_fixture_or_off_the_floor(scene: Scene):
    floor = scene.site.floors[0]
    blocked = shapely.union_all([shapely.Polygon(f.polygon_m) for f in floor.fixtures])
    outline = shapely.Polygon(floor.outline_m)
    shapely.prepare([blocked, outline])
    rows = np.array([row for frame in history(scene, 2, 90)[::5] for row in frame])
    assert len(rows) > 500
    assert not shapely.contains_xy(blocked, rows[:, 1], rows[:, 2]).any()
    assert shapely.contains_xy(outline, rows[:, 1], rows[:, 2]).all()


def test_nobody_jumps(scene: Scene):
    frames = history(scene, 3, 40)
    for before, after in pairwise(frames):
        was = {number: (x, y) for number, x, y in before}
        for number, x, y in after:
            if number in was:
                assert np.hypot(x - was[number][0], y - was[number][1]) < 0.15


def test_shoppers_get_somewhere(scene: Scene):
    world = World(scene, seed=4, warm_up_s=0)
    world.advance_to(150)
    assert len(world.log.crossings) >= 10
    visited = {stay.zone for stay in world.log.stays if stay.duration_s > 5}
    assert len(visited) >= 6
    stuck = [p for p in world.crowd.shoppers if world.time_s - p.walking_since_s > 120]
    assert not [p for p in stuck if p.dwell_until_s is None]


def test_strides_grow_with_speed_and_height():
    assert stride_length_m(1.6, 1.7) > stride_length_m(0.8, 1.7)
    assert stride_length_m(1.2, 1.9) > stride_length_m(1.2, 1.5)
    assert stride_length_m(1.3, 1.72) == pytest.approx(1.35)
