"""Joining the boxes of several detectors: weighted box fusion (Solovyev et al. 2021)."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from edge_core.types import Detections, Float32Array
from edge_core.vision.boxes import iou

FUSION_IOU: Final = 0.55


def fuse(
    found: Sequence[Detections], weights: Sequence[float], *, iou_least: float = FUSION_IOU
) -> Detections:
    """Average the boxes that several detectors agree on.

    Boxes are taken in falling order of weighted score; each joins the cluster whose mean it
    overlaps most, or starts one. A cluster's box is the score-weighted mean of its members; its
    score their mean times the share of the detectors that could have spoken.

    Args:
        found: per detector, boxes in the pixels of one picture.
        weights: how much each detector's score counts.
        iou_least: overlap from which boxes join.
    """
    boxes = np.concatenate([one.xyxy_px for one in found])
    scores = np.concatenate(
        [one.score * np.float32(w) for one, w in zip(found, weights, strict=True)]
    )
    sums = np.zeros((len(boxes), 5), np.float32)
    members = np.zeros(len(boxes), np.int64)
    count = 0
    for index in np.argsort(-scores, kind="stable"):
        box, score = boxes[index], scores[index]
        cluster = _nearest(box, sums[:count], iou_least)
        if cluster is None:
            cluster, count = count, count + 1
        sums[cluster] += np.append(box * score, score)
        members[cluster] += 1
    sums, members = sums[:count], members[:count]
    mean = sums[:, 4] / np.maximum(members, 1)
    # More members than detectors: one of them spoke twice of the same person.
    agreed = np.minimum(mean * np.minimum(members, len(found)) / sum(weights), 1)
    return Detections(sums[:, :4] / sums[:, 4:], agreed.astype(np.float32))


def _nearest(box: Float32Array, sums: Float32Array, iou_least: float) -> int | None:
    if not len(sums):
        return None
    overlap = iou(box[None], sums[:, :4] / sums[:, 4:])[0]
    best = int(np.argmax(overlap))
    return best if overlap[best] >= iou_least else None
