"""Found faces become upright chips, and poor looks weigh little."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_core.vision.face_align import (
    CHIP_PX,
    UPRIGHT,
    aligned,
    face_quality,
    similarity,
    yaw_rad,
)
from edge_core.vision.face_detect import Faces


def placed(scale, tilt, x, y):
    """Landmarks of an upright face after scaling, tilting and moving: float32 (5, 2)."""
    turn = np.array([[np.cos(tilt), -np.sin(tilt)], [np.sin(tilt), np.cos(tilt)]])
    return ((UPRIGHT - CHIP_PX / 2) @ turn.T * scale + (x, y)).astype(np.float32)


def face(points):
    box = np.concatenate([points.min(0) - 0.6 * np.ptp(points, 0), points.max(0)])
    return Faces(box[None].astype(np.float32), np.ones(1, np.float32), points[None])


def dotted(points, size=400, radius=2):
    """A dark picture with a light dot at every landmark."""
    image = np.full((size, size, 3), 30, np.uint8)
    for x, y in points:
        cv2.circle(image, (round(float(x)), round(float(y))), radius, (255, 255, 255), -1)
    return image


def textured(side, size=200):
    """A picture full of detail, and a face of that side in its middle."""
    noise = np.random.default_rng(0).integers(0, 255, (size // 4, size // 4, 3), dtype=np.uint8)
    image = cv2.resize(noise, (size, size), interpolation=cv2.INTER_CUBIC)
    points = placed(side / 90, 0.0, size / 2, size / 2)
    half = side / 2
    box = np.array([[size / 2 - half, size / 2 - half, size / 2 + half, size / 2 + half]])
    return image, Faces(box.astype(np.float32), np.ones(1, np.float32), points[None])


@given(
    st.floats(0.1, 6), st.floats(-3.1, 3.1), st.floats(-500, 1500), st.floats(-500, 1500)
)  # fmt: skip
def test_any_tilt_size_and_place_is_undone(scale, tilt, x, y):
    points = placed(scale, tilt, x, y)
    matrix = similarity(points)
    there = points @ matrix[:, :2].T + matrix[:, 2]
    np.testing.assert_allclose(there, UPRIGHT, atol=0.05)


@pytest.mark.parametrize(("scale", "tilt"), [(1.0, 0.0), (0.7, 0.5), (1.5, -0.8), (3.2, 0.3)])
def test_landmarks_come_to_lie_where_the_attribute_model_expects_them(scale, tilt):
    points = placed(scale, tilt, 200, 200)
    image = dotted(points, radius=max(2, round(2 * scale)))
    (chip,) = aligned(image, face(points))
    assert chip.shape == (CHIP_PX, CHIP_PX, 3)
    for x, y in UPRIGHT:
        around = chip[round(y) - 2 : round(y) + 3, round(x) - 2 : round(x) + 3]
        assert around.max() > 120


def test_a_face_beyond_the_pictures_edge_still_gives_a_chip():
    points = placed(1.0, 0.2, 5, 390)
    (chip,) = aligned(dotted(points), face(points))
    assert chip.shape == (CHIP_PX, CHIP_PX, 3)


def test_no_faces_give_no_chips_and_no_weights():
    image = np.zeros((50, 50, 3), np.uint8)
    assert aligned(image, Faces.empty()) == []
    assert face_quality(image, Faces.empty()).shape == (0,)


def test_yaw_grows_as_the_nose_leaves_the_middle_whatever_the_tilt():
    yaws = []
    for tilt in (0.0, 0.6):
        for shift in (0, 4, 8, 12):
            points = placed(1.0, 0.0, 0, 0)
            points[2, 0] += shift
            turn = np.array([[np.cos(tilt), -np.sin(tilt)], [np.sin(tilt), np.cos(tilt)]])
            yaws.append(float(yaw_rad((points @ turn.T).astype(np.float32)[None])[0]))
    assert yaws[0] == pytest.approx(0, abs=0.02)
    assert yaws[:4] == sorted(yaws[:4])
    assert yaws[:4] == pytest.approx(yaws[4:], abs=0.01)
    assert np.degrees(yaws[3]) > 40


def test_a_large_sharp_frontal_look_counts_fully():
    image, found = textured(60)
    assert face_quality(image, found)[0] == pytest.approx(1.0, abs=0.05)


def test_small_blurred_dark_turned_and_cut_looks_count_less():
    image, found = textured(60)
    whole = face_quality(image, found)[0]
    blurred = cv2.GaussianBlur(image, (0, 0), 4)
    smeared = cv2.blur(image, (15, 1))
    dark = (image * 0.04).astype(np.uint8)
    turned = found.landmarks_px.copy()
    turned[:, 2, 0] += 10
    beside = Faces(found.xyxy_px, found.score, found.landmarks_px - np.float32([105, 0]))
    worse = [
        face_quality(*textured(22))[0],
        face_quality(blurred, found)[0],
        face_quality(smeared, found)[0],
        face_quality(dark, found)[0],
        face_quality(image, Faces(found.xyxy_px, found.score, turned))[0],
        face_quality(image, beside)[0],
    ]
    assert all(0 <= one < 0.7 * whole for one in worse)
    assert face_quality(*textured(11))[0] == 0
