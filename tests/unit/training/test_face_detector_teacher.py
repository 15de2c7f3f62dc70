"""The teacher's findings, from several views made one."""

import os
from pathlib import Path

import cv2
import numpy as np
import pytest

from edge_core.errors import ModelError
from edge_core.training.face_detection.data import taught
from edge_core.training.face_detection.teacher import (
    FILE,
    YuNet,
    labels,
    landmark_error,
    merged,
    mirrored_faces,
)
from edge_core.vision.face_detect import Faces


def faces(boxes, scores):
    xyxy = np.array(boxes, np.float32).reshape(-1, 4)
    spread = np.array([[0.3, 0.4], [0.7, 0.4], [0.5, 0.6], [0.35, 0.8], [0.65, 0.8]], np.float32)
    points = xyxy[:, None, :2] + spread * (xyxy[:, None, 2:] - xyxy[:, None, :2])
    return Faces(xyxy, np.array(scores, np.float32), points)


@pytest.fixture
def data_folder():
    folder = os.environ.get("PROMENADE_DATA")
    if not folder:
        pytest.skip("set PROMENADE_DATA to the folder of the evaluation data to run this test")
    return Path(folder)


def test_without_the_teacher_the_remedy_is_told(tmp_path):
    with pytest.raises(ModelError, match=FILE):
        YuNet(tmp_path)


def test_the_teacher_says_what_opencv_says_it_says(data_folder):
    teacher = YuNet(data_folder / "teachers", 0.6)
    seen = 0
    for path in sorted((data_folder / "detection" / "val").glob("*.jpg"))[:12]:
        image = cv2.imread(str(path))[:-5, :-3]
        size = (image.shape[1], image.shape[0])
        theirs = cv2.FaceDetectorYN.create(
            str(data_folder / "teachers" / FILE), "", size, 0.6, 0.3, 5000
        )
        rows = theirs.detect(image)[1]
        rows = np.zeros((0, 15)) if rows is None else rows[np.argsort(-rows[:, 14])]
        (ours,) = teacher.detect([image])
        assert ours.xyxy_px[:, :2] == pytest.approx(rows[:, :2], abs=0.01)
        assert ours.landmarks_px.reshape(-1, 10) == pytest.approx(rows[:, 4:14], abs=0.01)
        assert ours.score == pytest.approx(rows[:, 14], abs=1e-4)
        seen += len(ours)
    assert seen > 5


def test_a_mirrored_picture_mirrored_again_is_the_picture():
    some = faces([(10, 20, 40, 60), (100, 5, 130, 50)], [0.9, 0.8])
    once = mirrored_faces(some, 200)
    assert once.landmarks_px[0, 0, 0] < once.landmarks_px[0, 1, 0], "right eye stays left"
    twice = mirrored_faces(once, 200)
    np.testing.assert_allclose(twice.xyxy_px, some.xyxy_px)
    np.testing.assert_allclose(twice.landmarks_px, some.landmarks_px)


def test_views_of_one_face_are_averaged_and_a_face_in_a_face_goes():
    found = merged(
        faces(
            [(10, 10, 50, 60), (12, 10, 52, 60), (22, 30, 36, 44), (200, 10, 220, 30)],
            [0.9, 0.9, 0.7, 0.65],
        )
    )
    np.testing.assert_allclose(found.xyxy_px, [[11, 10, 51, 60], [200, 10, 220, 30]], atol=1e-4)
    np.testing.assert_allclose(found.score, [0.9, 0.65])


def test_only_sure_faces_are_taught_and_possible_ones_ignored():
    image = np.zeros((80, 250, 3), np.uint8)
    picture = taught(image, faces([(0, 0, 9, 9), (20, 0, 29, 9), (40, 0, 49, 9)], [0.9, 0.5, 0.6]))
    assert picture.faces.xyxy_px[:, 0].tolist() == [0, 40]
    assert picture.ignored_px[:, 0].tolist() == [20]


class Counting:
    """Finds one face in every picture, and knows how often it was asked."""

    def __init__(self):
        self.asked = 0

    def detect(self, images):
        self.asked += len(images)
        return [faces([(1, 2, 3, 4)], [0.9]) for _ in images]


def test_findings_are_kept_and_hold_no_picture(tmp_path):
    images = [np.zeros((32, 32, 3), np.uint8)] * 3
    teacher, path = Counting(), tmp_path / "labels" / "set.npz"
    first = labels(path, teacher, images)
    again = labels(path, teacher, images)
    assert teacher.asked == 3
    for a, b in zip(first, again, strict=True):
        np.testing.assert_array_equal(a.landmarks_px, b.landmarks_px)
    with np.load(path) as stored:
        assert set(stored) == {"ends", "xyxy_px", "score", "landmarks_px"}


def test_landmark_error_is_a_share_of_the_distance_between_the_eyes():
    true = faces([(0, 0, 100, 100)], [1.0]).landmarks_px
    assert landmark_error(true, true)[0] == 0
    shifted = true + np.float32([4, 0])
    assert landmark_error(shifted, true)[0] == pytest.approx(0.1)
