"""What the detector is trained to make small."""

import math
from typing import Final

import torch
from torch import Tensor
from torch.nn import functional

from edge_core.training.detector.assign import Cells, assign, flatten, inside

BOX_WEIGHT: Final = 5.0


def complete_iou_loss(a: Tensor, b: Tensor) -> Tensor:
    """1 - CIoU (N,) of boxes (N, 4) pairwise (Zheng et al. 2020, section 3).

    Besides the overlap it counts the distance of the centres against the diagonal of the box
    around both, and the difference in proportions.
    """
    shared = (torch.minimum(a[:, 2:], b[:, 2:]) - torch.maximum(a[:, :2], b[:, :2])).clamp_min(0)
    size_a, size_b = (a[:, 2:] - a[:, :2]).clamp_min(1e-3), (b[:, 2:] - b[:, :2]).clamp_min(1e-3)
    union = size_a.prod(1) + size_b.prod(1) - shared.prod(1)
    overlap = shared.prod(1) / union
    around = torch.maximum(a[:, 2:], b[:, 2:]) - torch.minimum(a[:, :2], b[:, :2])
    apart = (a[:, :2] + a[:, 2:] - b[:, :2] - b[:, 2:]).square().sum(1) / 4
    shape = (
        4
        / math.pi**2
        * (
            torch.atan(size_a[:, 0] / size_a[:, 1]) - torch.atan(size_b[:, 0] / size_b[:, 1])
        ).square()
    )
    with torch.no_grad():
        trade = shape / (1 - overlap + shape + 1e-7)
    return 1 - overlap + apart / around.square().sum(1).clamp_min(1e-6) + trade * shape


def soft_target_loss(logit: Tensor, target: Tensor, counted: Tensor) -> Tensor:
    """Sum of binary cross-entropies against targets in 0..1, over the cells that count."""
    each = functional.binary_cross_entropy_with_logits(logit, target, reduction="none")
    return (each * counted).sum()


def detection_loss(
    maps: tuple[Tensor, ...], people: Tensor, ignored: Tensor
) -> tuple[Tensor, Tensor]:
    """Score and box losses of a batch, each divided by the sum of score targets.

    Args:
        maps: p3, p4, p5 of N pictures.
        people: float32 (N, M, 4), true boxes in input pixels; rows of nought are nobody.
        ignored: float32 (N, K, 4): cells inside that learn no person learn nothing.

    Returns:
        Two scalars; the loss is their sum.
    """
    raw = flatten(maps)
    height, width = (side * 8 for side in maps[0].shape[2:])
    cells = Cells.of(height, width, raw.device)
    boxes = cells.boxes_px(raw)
    with torch.no_grad():
        person, target = assign(cells, raw[..., 4].sigmoid(), boxes, people)
        taken = person >= 0
        counted = ~inside(cells.centre_px, ignored).any(1) | taken
        true = people.gather(1, person.clamp_min(0)[..., None].expand(-1, -1, 4))
    score_loss = soft_target_loss(raw[..., 4], target, counted)
    each = complete_iou_loss(boxes.flatten(0, 1), true.flatten(0, 1))
    # Where nobody is learnt the target is nought.
    box_loss = (each * target.flatten()).sum()
    share = target.sum().clamp_min(1.0)
    return score_loss / share, BOX_WEIGHT * box_loss / share
