import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from edge_core.vision.boxes import iou
from edge_core.vision.nms import non_maximum_suppression, vote

from .conftest import boxes


def plain_iou(a, b):
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    shared = max(width, 0) * max(height, 0)
    area = [(c[2] - c[0]) * (c[3] - c[1]) for c in (a, b)]
    return shared / (sum(area) - shared)


def plain_suppression(xyxy, score, limit):
    left = sorted(range(len(score)), key=lambda i: -score[i])
    kept = []
    while left:
        best = left.pop(0)
        kept.append(best)
        left = [i for i in left if plain_iou(xyxy[best], xyxy[i]) <= limit]
    return kept


@given(boxes(), boxes())
def test_overlap_is_that_of_the_schoolbook(a, b):
    expected = np.array([[plain_iou(p, q) for q in b.tolist()] for p in a.tolist()])
    np.testing.assert_allclose(iou(a, b), expected.reshape(len(a), len(b)), atol=1e-5)


@given(boxes(), st.floats(0.11, 0.89), st.randoms())
def test_suppression_is_that_of_the_schoolbook(xyxy, limit, random):
    score = np.array(random.sample(range(1, 1000), len(xyxy)), np.float32) / 1000
    limit = float(np.float32(limit))
    overlaps = iou(xyxy, xyxy)
    if (abs(overlaps - limit) < 1e-4).any():
        return
    kept = non_maximum_suppression(xyxy, score, iou_limit=limit)
    assert kept.tolist() == plain_suppression(xyxy.tolist(), score.tolist(), limit)


def test_only_the_best_boxes_are_looked_at():
    xyxy = np.array([[i * 20, 0, i * 20 + 10, 10] for i in range(9)], np.float32)
    score = np.linspace(0.1, 0.9, 9, dtype=np.float32)
    assert non_maximum_suppression(xyxy, score, iou_limit=0.5, at_most=3).tolist() == [8, 7, 6]


def test_a_kept_box_becomes_the_weighted_mean_of_those_that_agree():
    xyxy = np.array([[0, 0, 10, 20], [0, 0, 12, 20], [100, 0, 110, 20]], np.float32)
    score = np.array([0.6, 0.3, 0.9], np.float32)
    mean = vote(np.array([0, 2]), xyxy, score, iou_least=0.6)
    np.testing.assert_allclose(mean[0], [0, 0, (10 * 0.6 + 12 * 0.3) / 0.9, 20], rtol=1e-5)
    np.testing.assert_allclose(mean[1], xyxy[2])
