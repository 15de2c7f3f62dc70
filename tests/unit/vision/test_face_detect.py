import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_core.vision import load_face_detector
from edge_core.vision.face_detect import (
    Faces,
    decode_faces,
    head_region,
    suppressed,
)

UPRIGHT_OFFSETS = np.array([[-1, -1], [1, -1], [0, 0], [-1, 1], [1, 1]], np.float32)


def faces(*boxes, score=0.9):
    """Faces with landmarks at fixed places in their boxes."""
    xyxy = np.array(boxes, np.float32).reshape(-1, 4)
    middle, half = (xyxy[:, :2] + xyxy[:, 2:]) / 2, (xyxy[:, 2:] - xyxy[:, :2]) / 2
    points = middle[:, None] + UPRIGHT_OFFSETS * 0.5 * half[:, None]
    return Faces(xyxy, np.full(len(xyxy), score, np.float32), points)


def test_a_cell_is_decoded_as_the_model_card_says():
    maps = [np.full((15, 320 // s, 320 // s), -9, np.float32) for s in (8, 16, 32)]
    maps[1][:5, 3, 4] = [0.25, -0.5, np.log(2), np.log(5), 0.0]
    maps[1][5:, 3, 4] = np.arange(10) / 4
    found = decode_faces(maps, 0.3)
    x, y = (4.5 + 0.25) * 16, (3.5 - 0.5) * 16
    np.testing.assert_allclose(found.xyxy_px, [[x - 16, y - 40, x + 16, y + 40]], rtol=1e-5)
    np.testing.assert_allclose(found.score, [0.5])
    np.testing.assert_allclose(found.landmarks_px[0, 1], [(4.5 + 0.5) * 16, (3.5 + 0.75) * 16])


def test_guesses_at_one_face_become_one_with_their_mean_landmarks():
    near = faces((100, 100, 140, 150), (102, 100, 142, 150), (300, 20, 330, 60))
    one = suppressed(near)
    assert len(one) == 2
    np.testing.assert_allclose(one.xyxy_px[0], [101, 100, 141, 150])
    np.testing.assert_allclose(one.landmarks_px[0], near.landmarks_px[:2].mean(axis=0))


def test_moving_and_picking_keep_faces_together():
    two = faces((0, 0, 10, 20), (50, 50, 70, 80))
    moved = two.moved(2.0, 5, -3).only(np.array([1]))
    np.testing.assert_allclose(moved.xyxy_px, [[105, 97, 145, 157]])
    np.testing.assert_allclose(moved.landmarks_px[0, 2], [125, 127])
    assert len(Faces.joined([two, moved, Faces.empty()])) == 3


@given(
    st.tuples(*[st.floats(-50, 700, width=32)] * 2),
    st.tuples(*[st.floats(1, 500, width=32)] * 2),
)
def test_heads_are_looked_for_inside_the_frame_only(corner, size):
    box = np.array([*corner, corner[0] + size[0], corner[1] + size[1]], np.float32)
    x1, y1, x2, y2 = head_region(box, (640, 480))
    assert x1 >= 0
    assert y1 >= 0
    assert x2 <= max(640, x1)
    assert y2 <= max(480, y1)


def test_a_standing_persons_head_region_leaves_the_legs_out():
    x1, y1, x2, y2 = head_region(np.array([200, 100, 260, 300], np.float32), (640, 480))
    assert (x1, y1) < (200, 100)
    assert x2 > 260
    assert 184 <= y2 < 220


def test_an_empty_wall_holds_no_face():
    wall = np.full((480, 640, 3), 180, np.uint8)
    finder = load_face_detector(provider="cpu")
    assert len(finder.detect([wall])[0]) == 0
    people = np.array([[10, 10, 60, 200], [630, 470, 640, 480], [700, 500, 800, 600]], np.float32)
    assert [len(one) for one in finder.detect_on_people(wall, people)] == [0, 0, 0]


def test_pictures_of_different_shapes_go_together():
    random = np.random.default_rng(1)
    shapes = ((480, 640, 3), (64, 700, 3), (33, 17, 3))
    pictures = [random.integers(0, 255, shape, dtype=np.uint8) for shape in shapes]
    found = load_face_detector(score=0.02, provider="cpu").detect(pictures)
    assert len(found) == 3
    for one, picture in zip(found, pictures, strict=True):
        height, width = picture.shape[:2]
        assert (one.xyxy_px >= 0).all()
        assert (one.xyxy_px <= [width, height, width, height]).all()
        assert (np.diff(one.score) <= 0).all()


def test_a_grey_picture_is_refused():
    with pytest.raises(ValueError, match="image must have shape"):
        load_face_detector(provider="cpu").detect([np.zeros((48, 64), np.uint8)])


def test_a_score_outside_its_range_is_refused():
    with pytest.raises(ValueError, match="score must lie between 0 and 1"):
        load_face_detector(score=0.0, provider="cpu")


def test_aligned_portraits_are_found_with_their_landmarks_in_place(data_folder):
    from edge_core.vision.face_align import UPRIGHT

    finder = load_face_detector(provider="cpu")
    paths = sorted((data_folder / "faces" / "val").glob("*.jpg"))[::7]
    errors = []
    for path in paths:
        edges = cv2.copyMakeBorder(
            cv2.imread(str(path)), *[150] * 4, cv2.BORDER_CONSTANT, value=(114, 114, 114)
        )
        found = finder.detect([edges])[0]
        if len(found):
            aside = np.linalg.norm(found.landmarks_px[0] - 150 - UPRIGHT, axis=1).mean()
            errors.append(aside / (UPRIGHT[1, 0] - UPRIGHT[0, 0]))
    assert len(errors) >= 0.8 * len(paths)
    assert np.median(errors) < 0.3
