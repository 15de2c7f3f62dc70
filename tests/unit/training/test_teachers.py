import numpy as np
import pytest

from edge_core.errors import ModelError, SourceError
from edge_core.training.detector.pictures import NO_BOXES, Picture, read_folder
from edge_core.training.detector.teachers import TIGHTER, Ensemble, cached, completed, taught
from edge_core.types import Detections

IMAGE = np.zeros((100, 100, 3), np.uint8)
FOUND = Detections(
    np.array([[0, 0, 20, 60], [50, 0, 70, 60], [80, 0, 90, 30]], np.float32),
    np.array([0.9, 0.3, 0.1], np.float32),
)


def test_sure_boxes_are_taught_and_possible_ones_ignored():
    picture = taught(IMAGE, FOUND)
    assert picture.xyxy_px.tolist() == FOUND.xyxy_px[:1].tolist()
    assert picture.ignored_px.tolist() == FOUND.xyxy_px[1:2].tolist()


def test_labels_move_to_the_teachers_and_sure_strangers_are_taught():
    labelled = Picture(IMAGE, np.array([[2, 0, 22, 60], [0, 70, 30, 100]], np.float32), NO_BOXES)
    found = Detections(
        np.array([[0, 0, 20, 60], [50, 0, 70, 60], [80, 0, 90, 30], [40, 60, 60, 99]], np.float32),
        np.array([0.9, 0.3, 0.1, 0.8], np.float32),
    )
    picture = completed(labelled, found)
    moved = 2 * (1 - TIGHTER)
    assert picture.xyxy_px == pytest.approx(
        np.array([[moved, 0, 20 + moved, 60], [0, 70, 30, 100], [40, 60, 60, 99]])
    )
    assert picture.ignored_px.tolist() == found.xyxy_px[1:2].tolist()


def test_labels_stay_where_teachers_see_nobody():
    labelled = Picture(IMAGE, np.array([[1, 0, 21, 60]], np.float32), NO_BOXES)
    nobody = Detections(NO_BOXES, np.zeros(0, np.float32))
    assert completed(labelled, nobody).xyxy_px.tolist() == [[1, 0, 21, 60]]
    nothing = Picture(IMAGE, NO_BOXES, NO_BOXES)
    assert completed(nothing, FOUND).xyxy_px.tolist() == FOUND.xyxy_px[:1].tolist()


def test_teachers_look_once_and_are_remembered(tmp_path):
    calls = []

    def detect(images):
        calls.append(len(images))
        return [FOUND]

    first = cached(tmp_path / "set.npz", detect, [IMAGE, IMAGE])
    again = cached(tmp_path / "set.npz", detect, [IMAGE, IMAGE])
    assert calls == [1, 1]
    for one, two in zip(first, again, strict=True):
        assert (one.xyxy_px == two.xyxy_px).all()
        assert (one.score == two.score).all()


def test_missing_teachers_and_pictures_say_what_to_do(tmp_path):
    with pytest.raises(ModelError, match="yolox_nano"):
        Ensemble(tmp_path)
    with pytest.raises(SourceError, match="no pictures"):
        read_folder(tmp_path)
