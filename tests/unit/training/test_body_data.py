"""Crops and labels for the body attributes: cutting, holding out, drawing."""

import cv2
import numpy as np
import pytest

from edge_core.errors import ModelError, SourceError
from edge_core.training.body.data import GUARD, BodyCrops, Numbered, beside, runs, with_margin
from edge_core.training.body.data import thumbnails as thumbnails_of
from edge_core.training.body.faces import FaceGender, face_of
from edge_core.training.body.teacher import BodyTeacher
from edge_core.training.detector.pictures import NO_BOXES, Picture
from edge_core.vision.body import BODY_ATTRIBUTES


def scene(seed):
    """A smooth picture that no other seed's resembles."""
    noise = np.random.default_rng(seed).integers(0, 256, (6, 6, 3)).astype(np.uint8)
    return cv2.resize(noise, (120, 90), interpolation=cv2.INTER_CUBIC)


def numbered(numbers, images):
    pictures = [Picture(image, NO_BOXES, NO_BOXES) for image in images]
    return Numbered(pictures, np.array(numbers), thumbnails_of(images))


def test_a_margin_surrounds_the_box_and_the_edge_is_continued():
    image = np.zeros((100, 100, 3), np.uint8)
    image[20:80, 30:60] = 200
    kept = with_margin(image, np.array([30, 20, 60, 80], np.float32))
    assert kept.shape == (192, 96, 3)
    assert kept[24:168, 14:82].min() == 200
    assert kept[:10].max() == 0
    whole = with_margin(np.full((50, 30, 3), 90, np.uint8), np.array([0, 0, 30, 50], np.float32))
    assert (whole == 90).all()


def test_the_middle_of_a_kept_crop_is_the_box():
    bgr = np.zeros((1, 192, 96, 3), np.uint8)
    bgr[:, 16:176, 8:88] = 255
    one = np.zeros(1, np.int64)
    crops = BodyCrops(bgr, one, one, one, np.zeros(1, np.float32))
    assert crops.plain().shape == (1, 160, 80, 3)
    assert crops.plain().min() == 255


def test_darkened_neighbours_are_one_run_and_other_scenes_are_not():
    images = [scene(1), scene(2), (scene(1) * 0.6).astype(np.uint8), scene(3), scene(1)]
    assert runs(numbered([10, 11, 12, 13, 40], images)).tolist() == [10, 10, 10, 13, 40]


def test_pictures_beside_judged_ones_are_not_trained_on():
    judged = numbered([100], [scene(1)])
    grey = cv2.cvtColor(cv2.cvtColor(scene(1), cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR)
    numbers = [100 + GUARD, 101 + GUARD, 5000]
    candidates = numbered(numbers, [scene(2), scene(3), grey])
    assert beside(candidates, judged).tolist() == [True, False, True]


def test_a_face_belongs_to_whom_it_is_on_top_of():
    person = np.array([100, 100, 200, 400], np.float32)
    faces = np.array([[135, 110, 30, 30], [105, 110, 30, 30], [140, 300, 30, 30]], np.float32)
    assert face_of(person, faces).tolist() == faces[0].tolist()
    assert face_of(person, faces[2:]) is None
    assert face_of(person, np.array([[145, 110, 10, 10]], np.float32)) is None
    assert face_of(person, np.zeros((0, 4), np.float32)) is None


def test_missing_teachers_are_named(tmp_path):
    with pytest.raises(ModelError, match="crossroad-0230"):
        BodyTeacher(tmp_path)
    with pytest.raises(ModelError, match=r"yunet.*age-gender"):
        FaceGender(tmp_path)


def test_shipped_labels_are_a_row_a_crop():
    pytest.importorskip("torch", reason="PyTorch is not installed (extra [train])")
    from edge_core.training.body.trainer import read_labels

    labels = read_labels()
    assert len(labels) > 300
    rows = np.array(list(labels.values()))
    assert rows.shape[1] == len(BODY_ATTRIBUTES)
    assert set(np.unique(rows[np.isfinite(rows)])) == {0, 1}


def test_a_table_of_something_else_is_refused(tmp_path):
    pytest.importorskip("torch", reason="PyTorch is not installed (extra [train])")
    from edge_core.training.body.trainer import read_labels

    (tmp_path / "labels.csv").write_text("a,b\n1,2\n")
    with pytest.raises(SourceError, match="cannot be used"):
        read_labels(tmp_path / "labels.csv")
