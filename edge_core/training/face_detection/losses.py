"""What the face detector is trained to make small: the person detector's losses and landmarks."""

from typing import Final

import torch
from torch import Tensor
from torch.nn import functional

from edge_core.training.detector.assign import Cells, assign, flatten, inside
from edge_core.training.detector.losses import BOX_WEIGHT, complete_iou_loss, soft_target_loss

LANDMARK_WEIGHT: Final = 12.0
_BEND: Final = 0.03
"""Error, as a share of the face, below which the loss is quadratic: the teacher is no surer."""


def landmarks_px(cells: Cells, raw: Tensor) -> Tensor:
    """Landmarks (..., A, 5, 2) in pixels from raw outputs (..., A, 15)."""
    offsets = raw[..., 5:].unflatten(-1, (5, 2))
    return cells.centre_px[:, None] + offsets * cells.stride_px[:, None]


def landmark_loss(points: Tensor, true: Tensor, boxes: Tensor) -> Tensor:
    """Smooth absolute error (N,) of landmarks (N, 5, 2), as a share of the faces' side.

    Args:
        points: as predicted, pixels.
        true: as they should be.
        boxes: float32 (N, 4), the true faces, whose mean side is the measure.
    """
    side = (boxes[:, 2:] - boxes[:, :2]).clamp_min(1.0).prod(1).sqrt()[:, None, None]
    each = functional.smooth_l1_loss(points / side, true / side, reduction="none", beta=_BEND)
    return each.mean((1, 2))


def face_loss(
    maps: tuple[Tensor, ...], faces: Tensor, points: Tensor, ignored: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    """Score, box and landmark losses of a batch, each divided by the sum of score targets.

    Args:
        maps: p3, p4, p5 of N pictures.
        faces: float32 (N, M, 4), true boxes in input pixels; rows of nought are nobody.
        points: float32 (N, M, 5, 2), their landmarks.
        ignored: float32 (N, K, 4): cells inside that learn no face learn nothing.

    Returns:
        Three scalars; the loss is their sum.
    """
    raw = flatten(maps)
    height, width = (side * 8 for side in maps[0].shape[2:])
    cells = Cells.of(height, width, raw.device)
    boxes, seen = cells.boxes_px(raw[..., :5]), landmarks_px(cells, raw)
    with torch.no_grad():
        face, target = assign(cells, raw[..., 4].sigmoid(), boxes, faces)
        counted = ~inside(cells.centre_px, ignored).any(1) | (face >= 0)
        mine = face.clamp_min(0)[..., None]
        true = faces.gather(1, mine.expand(-1, -1, 4)).flatten(0, 1)
        marks = points.flatten(2).gather(1, mine.expand(-1, -1, 10)).reshape(-1, 5, 2)
    score = soft_target_loss(raw[..., 4], target, counted)
    # Where no face is learnt the target is nought.
    weight = target.flatten()
    place = (complete_iou_loss(boxes.flatten(0, 1), true) * weight).sum()
    off = (landmark_loss(seen.flatten(0, 1), marks, true) * weight).sum()
    share = target.sum().clamp_min(1.0)
    return score / share, BOX_WEIGHT * place / share, LANDMARK_WEIGHT * off / share
