"""What a student is asked to take over from a teacher of its own family, cell by cell.

The teacher's maps have the student's cells, so each cell's answer is compared with the teacher's
answer in the same place. Sources: soft targets, Hinton et al. 2014; hints, Romero et al. 2014
(FitNets); the bound on the teacher's boxes, Chen et al. 2017; objectness scaling and suppression
on the maps, Mehta and Ozturk 2018; the choice of uncertain cells is ours.
"""

from typing import Final

import torch
from torch import Tensor
from torch.nn import functional

from edge_core.training.detector.assign import Cells, inside, pair_iou
from edge_core.training.detector.network import STRIDES_PX

TEMPERATURE: Final = 2.0
UNSURE: Final = (0.05, 0.95)
"""Between these softened scores a teacher's answer says more than yes or no."""
DISAGREEMENT: Final = 0.2
PERSON_LEAST: Final = 0.05
"""Score from which the teacher may be said to see somebody."""
SURE_WEIGHT: Final = 0.25
BOUND: Final = 0.02
"""Overlap by which a student must beat its teacher's box before it is left alone."""
DILATION: Final = 1.2
BACKGROUND_HINT: Final = 0.1
ANNEALED_SHARE: Final = 0.1
"""Of the run, at its end, in which the teacher's weight falls to nothing."""


def annealed(share_done: float) -> float:
    """How much the teacher counts, 1..0, after a share of the run, 0..1."""
    return min(1.0, max(0.0, (1 - share_done) / ANNEALED_SHARE))


def soft_divergence(student: Tensor, teacher: Tensor) -> Tensor:
    """T^2 KL of the softened scores per cell, of logits of the same shape.

    The factor keeps gradients of one size whatever the temperature (Hinton et al. 2014, section
    2.1). The binary cross-entropy less the teacher's entropy: nothing where both agree.
    """
    target = (teacher / TEMPERATURE).sigmoid()
    scaled = student / TEMPERATURE
    cross = functional.binary_cross_entropy_with_logits(scaled, target, reduction="none")
    entropy = functional.binary_cross_entropy(target, target, reduction="none")
    return TEMPERATURE**2 * (cross - entropy)


def strongest(logit: Tensor, height_px: int, width_px: int) -> Tensor:
    """Bool (N, A): cells no neighbour of which (3x3, same map) finds the same person better.

    Suppression on the maps (Mehta and Ozturk 2018): only the strongest prediction around is a
    target. Where the teacher sees nobody there is nothing to suppress, and cells are kept.

    Args:
        logit: the teacher's, (N, A).
        height_px: of the input.
        width_px: of the input.
    """
    kept = []
    sides = [(height_px // stride, width_px // stride) for stride in STRIDES_PX]
    for part, (high, wide) in zip(logit.split([h * w for h, w in sides], 1), sides, strict=True):
        score = part.reshape(-1, 1, high, wide)
        peak = functional.max_pool2d(score, 3, 1, 1)
        nobody = peak.sigmoid() <= PERSON_LEAST
        kept.append(((score >= peak) | nobody).flatten(1))
    return torch.cat(kept, 1)


def uncertain(
    student: Tensor, teacher: Tensor, allowed: Tensor, generator: torch.Generator
) -> Tensor:
    """Weights (N, A) of the cells worth asking the teacher about; 0 elsewhere. Ours.

    Chosen are cells where the teacher is unsure or the student disagrees, and about as many easy
    cells at random, so that the quiet background is not forgotten. A cell weighs 4 o (1 - o) +
    0.25 for the teacher's softened score o: most where the teacher is least sure.

    Args:
        student: logits (N, A); no gradient is taken.
        teacher: logits (N, A).
        allowed: bool (N, A).
        generator: of the random cells, on the CPU.
    """
    with torch.no_grad():
        soft, said = ((logit / TEMPERATURE).sigmoid() for logit in (teacher, student))
        unsure = (soft > UNSURE[0]) & (soft < UNSURE[1])
        chosen = (unsure | ((soft - said).abs() > DISAGREEMENT)) & allowed
        easy = allowed & ~chosen & (soft <= UNSURE[0])
        luck = torch.rand(easy.shape, generator=generator).to(easy.device)
        drawn = easy & (luck * easy.sum() < chosen.sum())
        return (chosen | drawn) * (4 * soft * (1 - soft) + SURE_WEIGHT)


def same_cell_iou(a: Tensor, b: Tensor) -> Tensor:
    """Intersection over union (...,) of boxes (..., 4), one to one."""
    low, high = torch.maximum(a[..., :2], b[..., :2]), torch.minimum(a[..., 2:], b[..., 2:])
    shared = (high - low).clamp_min(0).prod(-1)
    area_a, area_b = ((box[..., 2:] - box[..., :2]).prod(-1) for box in (a, b))
    return shared / (area_a + area_b - shared).clamp_min(1e-9)


def unbeaten(student: Tensor, teacher: Tensor, people: Tensor) -> Tensor:
    """Bool (N, A): where the student's box is not yet better than the teacher's by `BOUND`.

    Both are measured on the person the teacher's box overlaps most (Chen et al. 2017, equation
    5, with overlap in place of distance). Without people nobody is better.

    Args:
        student: boxes (N, A, 4).
        teacher: boxes (N, A, 4).
        people: (N, M, 4); rows of nought are nobody.
    """
    with torch.no_grad():
        reached, nearest = pair_iou(teacher, people).max(-1)
        true = people.gather(1, nearest[..., None].expand(-1, -1, 4))
        return same_cell_iou(student, true) < reached + BOUND


def box_divergence(student: Tensor, teacher: Tensor, weight: Tensor, share: Tensor) -> Tensor:
    """Sum of weight x (1 - IoU) over cells, divided by `share`; boxes (N, A, 4), weight (N, A)."""
    apart = 1 - same_cell_iou(student, teacher)
    return (weight * apart).sum() / share.clamp_min(1.0)


def not_ignored(cells: Cells, ignored: Tensor) -> Tensor:
    """Bool (N, A): cells outside the regions (N, K, 4)."""
    return ~inside(cells.centre_px, ignored).any(1)


def hint_mask(cells: Cells, people: Tensor, allowed: Tensor) -> Tensor:
    """Weights (N, A) of hints: 1 in and closely around people, 0.1 elsewhere, 0 where ignored.

    Args:
        cells: A cells.
        people: (N, M, 4), pixels; widened by a fifth here.
        allowed: bool (N, A), false where nothing is learnt.
    """
    centre, half = (people[..., :2] + people[..., 2:]) / 2, (people[..., 2:] - people[..., :2]) / 2
    wide = torch.cat([centre - half * DILATION, centre + half * DILATION], -1)
    near = inside(cells.centre_px, wide).any(1)
    return torch.where(near, 1.0, BACKGROUND_HINT) * allowed


def hint_loss(regressed: tuple[Tensor, ...], hints: tuple[Tensor, ...], mask: Tensor) -> Tensor:
    """Sum over C3, C4, C5 of the mean over cells of mask x squared length of the difference.

    FitNets, equation 3, with the length over the channels, and a mean in place of its half.

    Args:
        regressed: the student's features as its regressors render them, (N, C, h, w).
        hints: the teacher's, same shapes.
        mask: (N, A) in the order of `Cells`.
    """
    sizes = [one.shape[2] * one.shape[3] for one in hints]
    loss = mask.new_zeros(())
    for ours, theirs, part in zip(regressed, hints, mask.split(sizes, 1), strict=True):
        each = (ours.float() - theirs.float()).square().sum(1).flatten(1)
        loss = loss + (part * each).mean()
    return loss
