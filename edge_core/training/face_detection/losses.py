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
    """Landmarks (A, 5, 2) in pixels from raw outputs (A, 15)."""
    offsets = raw[:, 5:].unflatten(1, (5, 2))
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
    maps: tuple[Tensor, ...], faces: list[Tensor], points: list[Tensor], ignored: list[Tensor]
) -> tuple[Tensor, Tensor, Tensor]:
    """Score, box and landmark losses of a batch, each divided by the sum of score targets.

    Args:
        maps: p3, p4, p5 of N pictures.
        faces: per picture float32 (M, 4), true boxes in input pixels.
        points: per picture float32 (M, 5, 2), their landmarks.
        ignored: per picture float32 (K, 4): cells inside that learn no face learn nothing.

    Returns:
        Three scalars; the loss is their sum.
    """
    raw = flatten(maps)
    height, width = (side * 8 for side in maps[0].shape[2:])
    cells = Cells.of(height, width, raw.device)
    boxes = cells.boxes_px(raw[..., :5])
    losses, share = raw.new_zeros(3), raw.new_zeros(())
    for one, box, true, marks, skip in zip(raw, boxes, faces, points, ignored, strict=True):
        with torch.no_grad():
            face, target = assign(cells, one[:, 4].sigmoid(), box, true)
            counted = ~inside(cells.centre_px, skip).any(0) | (face >= 0)
        score = soft_target_loss(one[:, 4], target, counted)
        taken = (face >= 0).nonzero().squeeze(1)
        mine, weight = face[taken], target[taken]
        place = (complete_iou_loss(box[taken], true[mine]) * weight).sum()
        seen = landmarks_px(cells, one)[taken]
        aside = (landmark_loss(seen, marks[mine], true[mine]) * weight).sum()
        losses = losses + torch.stack([score, BOX_WEIGHT * place, LANDMARK_WEIGHT * aside])
        share = share + target.sum()
    score, place, aside = losses / share.clamp_min(1.0)
    return score, place, aside
