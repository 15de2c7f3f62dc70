"""Non-maximum suppression."""

import numpy as np

from edge_core.types import Float32Array, Int64Array
from edge_core.vision.boxes import iou


def non_maximum_suppression(
    xyxy_px: Float32Array, score: Float32Array, *, iou_limit: float, at_most: int = 300
) -> Int64Array:
    """Greedy suppression: the best box stays, those that overlap it more than the limit go.

    Args:
        xyxy_px: float32 (N, 4).
        score: float32 (N,).
        iou_limit: overlap above which the weaker box goes.
        at_most: only this many of the best boxes are looked at.

    Returns:
        int64 (K,), indices of the boxes kept, in falling order of score.
    """
    order = np.argsort(-score, kind="stable")[:at_most]
    overlaps = iou(xyxy_px[order], xyxy_px[order]) > iou_limit
    alive = np.ones(len(order), np.bool_)
    for index in range(len(order)):
        if alive[index]:
            alive[index + 1 :] &= ~overlaps[index, index + 1 :]
    return order[alive].astype(np.int64, copy=False)


def vote(
    kept: Int64Array, xyxy_px: Float32Array, score: Float32Array, *, iou_least: float
) -> Float32Array:
    """Boxes of the kept, each averaged with the boxes that overlap it, weighted by score.

    Neighbouring cells each guess the whole box; their mean is nearer than the best one's guess
    (box voting: Gidaris and Komodakis 2015, section 5).

    Args:
        kept: int64 (K,), from `non_maximum_suppression`.
        xyxy_px: float32 (N, 4), all boxes before suppression.
        score: float32 (N,).
        iou_least: overlap from which a box has a voice.

    Returns:
        float32 (K, 4).
    """
    weight = np.where(iou(xyxy_px[kept], xyxy_px) >= iou_least, score, np.float32(0))
    return np.asarray(weight @ xyxy_px / weight.sum(axis=1, keepdims=True), np.float32)
