from dataclasses import replace

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from edge_core.service.demo import mall_folder
from edge_core.simulator import Cameras, World, load_scene
from edge_core.vision import load_detector
from edge_core.vision.region import cut_off, part_to_look_at

FRAME_PX = (1280, 720)
NOBODY = np.zeros((0, 4), np.float32)


@given(st.integers(0, 1200), st.integers(0, 640), st.integers(1, 600), st.integers(1, 500))
@example(0, 429, 1, 291)  # four steps of 98.46 pixels are one less than what they must hold
def test_a_part_holds_what_moved_and_stays_within_the_frame(x, y, width, height):
    moved_px = (x, y, min(1280, x + width), min(720, y + height))
    part = part_to_look_at(moved_px, NOBODY, FRAME_PX, 416)
    if part is not None:
        assert part[0] <= moved_px[0]
        assert part[1] <= moved_px[1]
        assert moved_px[2] <= part[2] <= 1280
        assert moved_px[3] <= part[3] <= 720
        assert min(part) >= 0


def test_people_who_are_known_are_looked_at_though_they_stand_still():
    known_px = np.array([[900, 300, 960, 500]], np.float32)
    part = part_to_look_at((600, 300, 700, 500), known_px, FRAME_PX, 416)
    assert part is not None
    assert part[0] <= 600
    assert part[2] >= 960


def test_nothing_known_and_nothing_moved_is_no_part():
    assert part_to_look_at(None, NOBODY, FRAME_PX, 416) is None


def test_nearly_everything_is_everything():
    assert part_to_look_at((0, 0, 1200, 700), NOBODY, FRAME_PX, 416) is None


def test_whoever_is_cut_off_by_an_edge_inside_the_frame_is_told():
    boxes = np.array([[100, 0, 200, 300], [300.5, 50, 350, 300], [500, 50, 600, 300]], np.float32)
    told = cut_off(boxes, (300, 0, 600, 720), FRAME_PX)
    assert told.tolist() == [True, True, True]
    assert cut_off(boxes[:1], (0, 0, 300, 720), FRAME_PX).tolist() == [False]


@pytest.fixture(scope="module")
def at_the_door():
    """A picture of the simulated shop's door with people in it."""
    scene = load_scene(mall_folder("shop"))
    poses = tuple(pose for pose in scene.config.cameras if pose.id == "door")
    scene = replace(scene, config=scene.config.model_copy(update={"cameras": poses}))
    return Cameras(scene, 3).render("door", World(scene, 3, 30.0).advance_to(20.0)).bgr


def test_in_a_part_people_are_found_where_they_are_in_the_whole(at_the_door):
    detector = load_detector(provider="cpu")
    size_px = (at_the_door.shape[1], at_the_door.shape[0])
    whole = detector.detect([at_the_door])[0]
    sure = whole.xyxy_px[whole.score > 0.6]
    part = part_to_look_at(tuple(map(int, sure[0])), NOBODY, size_px, detector.size_px)
    assert part is not None
    found = detector.detect_within(at_the_door, part)
    best = found.xyxy_px[np.abs(found.xyxy_px - sure[0]).max(axis=1).argmin()]
    assert best == pytest.approx(sure[0], abs=0.12 * float(sure[0][3] - sure[0][1]))
