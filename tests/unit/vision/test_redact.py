import cv2
import numpy as np
import pytest

from edge_core.config import load_site
from edge_core.service.demo import mall_folder
from edge_core.vision.floor import calibrate
from edge_core.vision.redact import encoded, redacted, room_px

SITE = load_site(mall_folder("shop") / "site.toml")


@pytest.fixture
def noise():
    return np.random.default_rng(3).integers(0, 255, (360, 640, 3), np.uint8)


def test_a_person_is_a_few_patches_and_the_rest_is_as_it_was(noise):
    box = np.array([[100.0, 50.0, 180.0, 300.0]], np.float32)
    still = redacted(noise, box, [])
    inside = still[60:290, 105:175].reshape(-1, 3)
    assert len(np.unique(inside, axis=0)) <= 18
    outside = np.ones(noise.shape[:2], bool)
    outside[15:335, 85:195] = False
    assert np.array_equal(still[outside], noise[outside])
    assert not np.array_equal(still, noise)


@pytest.mark.parametrize(
    "box", [(-40, -40, 30, 60), (600, 300, 900, 900), (700, 10, 800, 60), (50, 50, 50, 50)]
)
def test_boxes_over_the_edge_do_no_harm(noise, box):
    still = redacted(noise, np.array([box], np.float32), [])
    assert still.shape == noise.shape


def test_the_floor_of_a_fitting_room_is_covered_where_the_camera_sees_it(noise):
    camera = SITE.cameras[1]
    calibration = calibrate(camera)
    spots = np.array([pair.m for pair in camera.calibration])
    centre = spots.mean(axis=0)
    room_m = centre + np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]]) * 0.8
    room = room_px(calibration, room_m, (640, 360))
    still = redacted(noise, np.zeros((0, 4), np.float32), [room])
    covered = np.zeros(noise.shape[:2], np.uint8)
    cv2.fillPoly(covered, [np.round(room).astype(np.int32)], 1)
    assert covered.sum() > 500
    assert len(np.unique(still[covered > 0], axis=0)) == 1


def test_a_room_behind_the_camera_covers_nothing():
    camera = SITE.cameras[1]
    calibration = calibrate(camera)
    seen = np.array([pair.m for pair in camera.calibration]).mean(axis=0)
    behind = np.array(camera.position_m) - 6 * (seen - camera.position_m)
    room = behind + np.array([[0, 0], [0.5, 0], [0.5, 0.5], [0, 0.5]])
    assert len(room_px(calibration, room, (640, 360))) == 0


def test_a_still_is_made_to_fit(noise):
    large = encoded(noise, 10_000_000)
    small = encoded(noise, len(large) - 1)
    assert len(small) < len(large)
    with pytest.raises(ValueError, match="does not fit"):
        encoded(noise, 100)
