"""Which cells of the output maps learn which person: task-aligned assignment.

Feng et al. 2021 (TOOD), section 3.2: a cell's worth for a person is score^a x IoU^b, so that cells
that already place and score the person well learn it further. Here a = 0.5, b = 4, ten cells a
person; cells may lie inside the box or within one stride of its centre (ours: a box smaller than
a cell may hold none).
"""

from dataclasses import dataclass
from typing import Final

import torch
from torch import Tensor

from edge_core.training.detector.network import STRIDES_PX

CELLS_A_PERSON: Final = 10
SCORE_POWER: Final = 0.5
IOU_POWER: Final = 4.0
_LOG_SIZE_RANGE: Final = (-4.0, 5.0)


@dataclass(frozen=True, slots=True)
class Cells:
    """All cells of the three maps in one row.

    Attributes:
        centre_px: float32 (A, 2), x and y in pixels of the network's input.
        stride_px: float32 (A, 1).
    """

    centre_px: Tensor
    stride_px: Tensor

    @classmethod
    def of(cls, height_px: int, width_px: int, device: torch.device) -> "Cells":
        """Cells of an input of this size, both sides multiples of 32."""
        centres, strides = [], []
        for stride in STRIDES_PX:
            y = (torch.arange(height_px // stride, device=device) + 0.5) * stride
            x = (torch.arange(width_px // stride, device=device) + 0.5) * stride
            grid = torch.stack(torch.meshgrid(y, x, indexing="ij")[::-1], -1).reshape(-1, 2)
            centres.append(grid)
            strides.append(torch.full((len(grid), 1), float(stride), device=device))
        return cls(torch.cat(centres), torch.cat(strides))

    def boxes_px(self, raw: Tensor) -> Tensor:
        """Boxes xyxy (..., A, 4) in pixels from raw outputs (..., A, 5)."""
        centre = self.centre_px + raw[..., :2] * self.stride_px
        half = raw[..., 2:4].clamp(*_LOG_SIZE_RANGE).exp() * self.stride_px / 2
        return torch.cat([centre - half, centre + half], -1)


def flatten(maps: tuple[Tensor, ...]) -> Tensor:
    """Raw outputs float32 (N, A, 5) from maps (N, 5, h, w), in the order of `Cells`."""
    return torch.cat([m.float().flatten(2).transpose(1, 2) for m in maps], 1)


def pair_iou(a: Tensor, b: Tensor) -> Tensor:
    """Intersection over union (..., N, M) of boxes (..., N, 4) and (..., M, 4)."""
    a, b = a[..., :, None, :], b[..., None, :, :]
    low, high = torch.maximum(a[..., :2], b[..., :2]), torch.minimum(a[..., 2:], b[..., 2:])
    shared = (high - low).clamp_min(0).prod(-1)
    return shared / (area(a) + area(b) - shared).clamp_min(1e-9)


def area(boxes: Tensor) -> Tensor:
    """Of boxes (..., 4)."""
    return (boxes[..., 2:] - boxes[..., :2]).prod(-1)


def inside(points: Tensor, boxes: Tensor) -> Tensor:
    """Bool (..., M, A): which points (A, 2) lie in which boxes (..., M, 4)."""
    x, y = points.unbind(-1)
    left, top, right, bottom = boxes[..., None].unbind(-2)
    return (x > left) & (x < right) & (y > top) & (y < bottom)


def assign(cells: Cells, score: Tensor, boxes: Tensor, people: Tensor) -> tuple[Tensor, Tensor]:
    """Give each person its cells.

    Args:
        cells: A cells.
        score: float32 (N, A), 0..1, as predicted for N pictures; no gradient is taken.
        boxes: float32 (N, A, 4), as predicted, pixels.
        people: float32 (N, M, 4), true boxes, pixels; rows of nought are nobody.

    Returns:
        int64 (N, A), the person each cell learns or -1; float32 (N, A), the score it should reach:
        its worth, scaled so that a person's best cell is asked for the best IoU (TOOD, eq. 4).
    """
    overlap = pair_iou(people, boxes)
    middle = (people[..., :2] + people[..., 2:]) / 2
    away = (cells.centre_px - middle[..., None, :]).abs()
    allowed = inside(cells.centre_px, people) | (away < cells.stride_px).all(-1)
    allowed &= (area(people) > 0)[..., None]
    worth = score[:, None] ** SCORE_POWER * overlap**IOU_POWER
    worth = torch.where(allowed, worth, -1.0)
    best = worth.topk(min(CELLS_A_PERSON, worth.shape[-1]), dim=-1)
    # Cells outside `allowed` have worth -1 and are only in the list when there are too few.
    chosen = torch.zeros_like(allowed).scatter_(-1, best.indices, best.values >= 0)
    owner_overlap, owner = torch.where(chosen, overlap, -1.0).max(1)
    mine = owner_overlap >= 0
    won = worth.gather(1, owner[:, None])[:, 0].clamp_min(0) * mine
    nought = torch.zeros_like(people[..., 0])
    top = nought.scatter_reduce(1, owner, won, "amax")
    reach = nought.scatter_reduce(1, owner, owner_overlap.clamp_min(0), "amax")
    target = won / top.gather(1, owner).clamp_min(1e-9) * reach.gather(1, owner)
    return torch.where(mine, owner, -1), target
