from dataclasses import replace

import numpy as np
import pytest

from edge_core.simulator import Cameras, Scene, World
from edge_core.simulator.frames import CameraRenderer
from edge_core.simulator.looks import random_look
from edge_core.simulator.shopper import PersonState
from edge_core.simulator.wardrobe import Wardrobe


def somebody(position_m, *, number=1, heading=0.0, activity="stand", seed=0) -> PersonState:
    look = random_look(np.random.default_rng(seed))
    return PersonState(number, look, position_m, heading, 0.1, 0.0, activity)


@pytest.fixture
def quiet_door(shop: Scene, shop_cameras: Cameras) -> CameraRenderer:
    """The door camera without noise."""
    renderer = shop_cameras.renderers["door"]
    pose = renderer.pose.model_copy(update={"noise": 0.0})
    return CameraRenderer(shop, pose, renderer.background, Wardrobe(), 0)


def changed(renderer: CameraRenderer, people: list[PersonState]) -> np.ndarray:
    """Pixels that differ strongly from the empty picture; shadows differ less."""
    picture = renderer.render(people).bgr.astype(int)
    empty = renderer.background.bgr.astype(int)
    return np.abs(picture - empty).max(axis=2) > 90


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("position", [(9.0, 10.5), (8.0, 11.5), (10.2, 13.0)])
def test_the_box_holds_the_drawn_pixels(quiet_door, position, seed):
    person = somebody(position, heading=seed, seed=seed)
    (seen,) = quiet_door.render([person]).people
    rows, columns = np.nonzero(changed(quiet_door, [person]))
    x1, y1, x2, y2 = seen.full
    assert len(rows) > 50
    assert columns.min() >= x1 - 2
    assert columns.max() <= x2 + 2
    assert rows.min() >= y1 - 2
    assert rows.max() <= y2 + 2
    assert seen.visibility > 0.9


def test_the_box_ends_at_the_feet_and_the_head(quiet_door):
    person = somebody((9.0, 11.0), seed=2)
    (seen,) = quiet_door.render([person]).people
    ends = np.array([[9.0, 11.0, 0.0], [9.0, 11.0, person.look.height_m]])
    (foot, head), _ = quiet_door.camera.project(ends)
    height = foot[1] - head[1]
    assert seen.full[3] == pytest.approx(foot[1], abs=0.07 * height)
    assert seen.full[1] == pytest.approx(head[1], abs=0.07 * height)


def test_whoever_stands_behind_a_wall_is_not_in_the_picture(quiet_door):
    assert quiet_door.render([somebody((3.0, 13.5))]).people == ()


def test_whoever_stands_behind_somebody_is_partly_hidden(quiet_door):
    front, back = somebody((9.0, 10.0), seed=1), somebody((9.1, 11.2), number=2, seed=3)
    alone = quiet_door.render([back]).people[0].visibility
    seen = {p.person: p for p in quiet_door.render([front, back]).people}
    assert seen[1].visibility > 0.95
    assert seen[2].visibility < 0.75 * alone
    assert seen[2].full == quiet_door.render([back]).people[0].full


def test_pictures_repeat_with_the_seed(shop: Scene, shop_cameras: Cameras):
    def pictures() -> list[bytes]:
        world = World(shop, seed=2, warm_up_s=20)
        pose = shop.config.cameras[0]
        background = shop_cameras.renderers[pose.id].background
        renderer = CameraRenderer(shop, pose, background, Wardrobe(), 3)
        return [renderer.render(world.advance_to(t)).bgr.tobytes() for t in (1.0, 2.0, 3.0)]

    assert pictures() == pictures()


def test_people_look_different_from_each_other():
    rng = np.random.default_rng(0)
    looks = [random_look(rng) for _ in range(60)]
    assert len({replace(look, texture_seed=0) for look in looks}) == 60
    assert np.ptp([look.height_m for look in looks]) > 0.2
    assert len({look.hair_style for look in looks}) >= 5
