import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge_core.config import CameraConfig
from edge_core.errors import ConfigError
from edge_core.vision.floor import FloorMapper, calibrate

SIZE = (1280, 720)
FOCAL_PX = 900.0


class PinholeCamera:
    """A camera 3 m above the floor that looks down at an angle; y runs away, x to its left."""

    def __init__(self, pitch_deg=25.0, height_m=3.0):
        self.height_m = height_m
        self.sin, self.cos = np.sin(np.deg2rad(pitch_deg)), np.cos(np.deg2rad(pitch_deg))

    def project(self, x_m, y_m, z_m=0.0):
        down = self.height_m - z_m
        depth = y_m * self.cos + down * self.sin
        return (
            SIZE[0] / 2 - FOCAL_PX * x_m / depth,
            SIZE[1] / 2 + FOCAL_PX * (down * self.cos - y_m * self.sin) / depth,
        )

    def person(self, x_m, y_m, tall_m=1.7):
        x, foot = self.project(x_m, y_m)
        _, head = self.project(x_m, y_m, tall_m)
        half = 0.2 * (foot - head)
        return [x - half, head, x + half, foot]

    def config(self, points_m, shift_px=None):
        shift = np.zeros((len(points_m), 2)) if shift_px is None else np.asarray(shift_px)
        pairs = [
            {"px": tuple(np.add(self.project(*point), moved)), "m": point}
            for point, moved in zip(points_m, shift, strict=True)
        ]
        return CameraConfig(
            id="door", source="usb:0", floor="ground", calibration_px=SIZE, calibration=pairs
        )


def ids(*numbers):
    return np.array(numbers, np.int64)


POINTS_M = [(-2.0, 4.0), (2.0, 4.0), (-3.0, 7.0), (3.0, 7.0), (0.0, 9.0), (-4.0, 12.0), (4.0, 12.0)]


@settings(max_examples=40)
@given(st.floats(-3, 3), st.floats(4, 14), st.sampled_from([0.5, 1.0, 1.5]))
def test_people_stand_where_they_stand_at_any_resolution(x_m, y_m, scale):
    camera = PinholeCamera()
    mapper = FloorMapper(camera.config(POINTS_M))
    box = np.array([camera.person(x_m, y_m)], np.float32) * np.float32(scale)
    size_px = (round(SIZE[0] * scale), round(SIZE[1] * scale))
    if box[0, 3] >= size_px[1] - 4:
        return
    np.testing.assert_allclose(mapper.place(box, size_px, ids(1)), [[x_m, y_m]], atol=0.05)


def test_the_error_of_each_point_is_told_and_one_wrong_point_spoils_nothing():
    shift = np.zeros((len(POINTS_M), 2))
    shift[4] = [120, 40]
    calibration = calibrate(PinholeCamera().config(POINTS_M, shift))
    wrong = int(np.argmax(calibration.error_cm))
    assert wrong == 4
    assert calibration.error_cm[4] > 100
    assert np.delete(calibration.error_cm, 4).max() < 1


def test_a_point_beyond_the_horizon_has_no_place():
    mapper = FloorMapper(PinholeCamera(pitch_deg=10).config(POINTS_M))
    sky = np.array([[600, 20, 640, 60]], np.float32)
    assert np.isnan(mapper.place(sky, SIZE, ids(1))).all()


def test_without_calibration_every_place_is_unknown():
    mapper = FloorMapper(CameraConfig(id="door", source="usb:0"))
    assert np.isnan(mapper.place(np.array([[0, 0, 10, 20]], np.float32), SIZE, ids(1))).all()


def test_points_on_one_line_are_refused_with_a_remedy():
    camera = PinholeCamera().config([(0.0, 4.0), (0.0, 6.0), (0.0, 8.0), (0.0, 10.0)])
    with pytest.raises(ConfigError, match=r"cameras\[door\]\.calibration.*Spread them"):
        calibrate(camera)


def test_three_points_on_a_line_and_one_beside_it_fit_too_many_floors():
    camera = PinholeCamera().config([(0.0, 4.0), (0.0, 6.0), (0.0, 8.0), (2.0, 6.0)])
    with pytest.raises(ConfigError, match="Spread them"):
        calibrate(camera)


def test_a_floor_seen_as_in_a_mirror_is_refused():
    camera = PinholeCamera().config(POINTS_M)
    swapped = [pair.model_copy(update={"m": pair.m[::-1]}) for pair in camera.calibration]
    with pytest.raises(ConfigError, match="x runs to the right"):
        calibrate(camera.model_copy(update={"calibration": tuple(swapped)}))


def hidden_below(box, row_px):
    """The same box, ended by something that stands in front of the legs."""
    return [*box[:3], row_px]


def test_feet_beyond_the_pictures_edge_are_told_by_the_head():
    camera = PinholeCamera()
    mapper = FloorMapper(camera.config(POINTS_M))
    near = camera.person(0.3, 2.2)
    assert near[3] > SIZE[1]
    box = np.array([hidden_below(near, SIZE[1])], np.float32)
    place = mapper.place(box, SIZE, ids(1))[0]
    np.testing.assert_allclose(place, [0.3, 2.2], atol=0.2)
    assert abs(camera_floor_y(camera, SIZE[1]) - 2.2) > 0.4


@pytest.mark.parametrize("shown", [0.45, 0.6, 0.8])
def test_whoever_steps_behind_a_rail_stays_where_they_are(shown):
    camera = PinholeCamera()
    mapper = FloorMapper(camera.config(POINTS_M))
    whole = camera.person(0.5, 6.0, tall_m=1.82)
    for _ in range(10):
        mapper.place(np.array([whole], np.float32), SIZE, ids(1))
    rail = hidden_below(whole, whole[1] + shown * (whole[3] - whole[1]))
    place = mapper.place(np.array([rail], np.float32), SIZE, ids(1))[0]
    np.testing.assert_allclose(place, [0.5, 6.0], atol=0.3)
    assert abs(camera_floor_y(camera, rail[3]) - 6.0) > 0.6


def test_a_newcomer_behind_a_rail_is_taken_to_be_of_the_usual_height():
    camera = PinholeCamera()
    mapper = FloorMapper(camera.config(POINTS_M))
    for number in range(60):
        for _ in range(3):
            tall = camera.person(0.0, 6.0, tall_m=1.8)
            mapper.place(np.array([tall], np.float32), SIZE, ids(number))
        mapper.forget([number])
    box = camera.person(-1.0, 6.0, tall_m=1.8)
    rail = hidden_below(box, box[1] + 0.5 * (box[3] - box[1]))
    place = mapper.place(np.array([rail], np.float32), SIZE, ids(99))[0]
    np.testing.assert_allclose(place, [-1.0, 6.0], atol=0.15)


def test_a_box_that_twitches_moves_nobody():
    camera = PinholeCamera()
    mapper = FloorMapper(camera.config(POINTS_M))
    whole = camera.person(0.0, 9.0)
    for _ in range(10):
        mapper.place(np.array([whole], np.float32), SIZE, ids(1))
    wide = 0.55 * (whole[3] - whole[1])
    stride = [whole[0] - wide / 2, whole[1] + 0.1 * (whole[3] - whole[1]), whole[2], whole[3]]
    place = mapper.place(np.array([stride], np.float32), SIZE, ids(1))[0]
    assert abs(place[1] - 9.0) < 0.05


def test_clothes_that_hang_before_the_legs_lengthen_nobody():
    camera = PinholeCamera()
    mapper = FloorMapper(camera.config(POINTS_M))
    whole = camera.person(0.0, 7.0)
    for _ in range(10):
        mapper.place(np.array([whole], np.float32), SIZE, ids(1))
    lower = whole[3] + 0.3 * (whole[3] - whole[1])
    place = mapper.place(np.array([hidden_below(whole, lower)], np.float32), SIZE, ids(1))[0]
    np.testing.assert_allclose(place, [0.0, 7.0], atol=0.1)
    assert abs(camera_floor_y(camera, lower) - 7.0) > 0.5


@pytest.mark.parametrize("tall_m", [1.2, 1.4, 1.6, 1.8])
def test_a_camera_as_high_as_heads_goes_by_the_feet(tall_m):
    camera = PinholeCamera(pitch_deg=8, height_m=1.5)
    mapper = FloorMapper(camera.config(POINTS_M))
    for y_m in (7.0, 6.5, 6.0):
        box = np.array([camera.person(0.5, y_m, tall_m=tall_m)], np.float32)
        place = mapper.place(box, SIZE, ids(1))[0]
        np.testing.assert_allclose(place, [0.5, y_m], atol=0.1)


def test_children_are_not_taken_for_adults_whose_legs_are_hidden():
    camera = PinholeCamera()
    mapper = FloorMapper(camera.config(POINTS_M))
    child = np.array([camera.person(1.0, 7.0, tall_m=1.15)], np.float32)
    np.testing.assert_allclose(mapper.place(child, SIZE, ids(1)), [[1.0, 7.0]], atol=0.05)


def test_heights_of_people_who_left_are_let_go():
    camera = PinholeCamera()
    mapper = FloorMapper(camera.config(POINTS_M))
    boxes = np.array([camera.person(x, 7.0) for x in (-1.0, 0.0, 1.0)], np.float32)
    mapper.place(boxes, SIZE, ids(1, 2, 3))
    mapper.forget([1, 3])
    assert set(mapper._people) == {2}


def camera_floor_y(camera, row_px):
    """Floor y of a picture row, by bisection."""
    low, high = 0.1, 50.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if camera.project(0, middle)[1] > row_px else (low, middle)
    return low
