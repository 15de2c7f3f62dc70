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
    """Intersection over union (N, M) of boxes (N, 4) and (M, 4)."""
    low = torch.maximum(a[:, None, :2], b[:, :2])
    high = torch.minimum(a[:, None, 2:], b[:, 2:])
    shared = (high - low).clamp_min(0).prod(-1)
    area_a, area_b = ((box[:, 2:] - box[:, :2]).prod(-1) for box in (a, b))
    return shared / (area_a[:, None] + area_b - shared).clamp_min(1e-9)


def inside(points: Tensor, boxes: Tensor) -> Tensor:
    """Bool (M, A): which points (A, 2) lie in which boxes (M, 4)."""
    after = (points > boxes[:, None, :2]).all(-1)
    return after & (points < boxes[:, None, 2:]).all(-1)


def assign(cells: Cells, score: Tensor, boxes: Tensor, people: Tensor) -> tuple[Tensor, Tensor]:
    """Give each person its cells, for one picture.

    Args:
        cells: A cells.
        score: float32 (A,), 0..1, as predicted; no gradient is taken.
        boxes: float32 (A, 4), as predicted, pixels.
        people: float32 (M, 4), true boxes, pixels.

    Returns:
        int64 (A,), the person each cell learns or -1; float32 (A,), the score it should reach:
        its worth, scaled so that a person's best cell is asked for the best IoU (TOOD, eq. 4).
    """
    person = torch.full((len(score),), -1, dtype=torch.int64, device=score.device)
    target = torch.zeros_like(score)
    if not len(people):
        return person, target
    overlap = pair_iou(people, boxes)
    centre = (people[:, None, :2] + people[:, None, 2:]) / 2
    near = ((cells.centre_px - centre).abs() < cells.stride_px).all(-1)
    allowed = inside(cells.centre_px, people) | near
    worth = torch.where(allowed, score**SCORE_POWER * overlap**IOU_POWER, -1.0)
    best = worth.topk(min(CELLS_A_PERSON, len(score)), dim=1)
    chosen = torch.zeros_like(allowed)
    # Cells outside `allowed` have worth -1 and are only in the list when there are too few.
    chosen.scatter_(1, best.indices, best.values >= 0)
    claimed = torch.where(chosen, overlap, -1.0)
    owner_overlap, owner = claimed.max(0)
    mine = owner_overlap >= 0
    person[mine] = owner[mine]
    rows, columns = person[mine], mine.nonzero().squeeze(1)
    won = worth[rows, columns].clamp_min(0)
    top = torch.zeros(len(people), device=score.device).scatter_reduce(0, rows, won, "amax")
    reach = torch.zeros_like(top).scatter_reduce(0, rows, overlap[rows, columns], "amax")
    target[mine] = won / top[rows].clamp_min(1e-9) * reach[rows]
    return person, target
