import numpy as np
import pytest

from edge_core.training.detector.fusion import fuse
from edge_core.types import Detections


def found(*rows):
    boxes = np.array([row[:4] for row in rows], np.float32).reshape(-1, 4)
    return Detections(boxes, np.array([row[4] for row in rows], np.float32))


def test_boxes_that_agree_become_their_weighted_mean():
    joined = fuse([found((0, 0, 10, 20, 0.9)), found((2, 0, 12, 20, 0.3))], (1.0, 1.0))
    assert joined.xyxy_px[0] == pytest.approx([0.5, 0, 10.5, 20], abs=1e-4)
    assert joined.score[0] == pytest.approx(0.6)


def test_one_voice_of_three_counts_a_third():
    joined = fuse([found((0, 0, 10, 20, 0.9)), found(), found()], (1.0, 1.0, 1.0))
    assert joined.score == pytest.approx([0.3])


def test_boxes_apart_stay_apart():
    joined = fuse([found((0, 0, 10, 20, 0.9)), found((30, 0, 40, 20, 0.8))], (1.0, 1.0))
    assert len(joined.score) == 2


def test_nothing_found_is_nothing():
    assert len(fuse([found(), found()], (1.0, 1.0)).score) == 0
