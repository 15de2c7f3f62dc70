"""Training pictures on the device that trains, drawn there as `layout` says.

Each picture lies there with copies of a half, a quarter and an eighth of its side, four bytes a
pixel in one row of numbers for all, so that one look-up fetches a pixel of any picture: an input
of nine tiles costs what an input of one costs. A tile is drawn from the copy nearest to its size
by bilinear interpolation (Williams 1983, "Pyramidal parametrics"). On the CPU, where look-ups of
single pixels are dear, OpenCV draws the same tile by tile.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from typing import Final

import cv2
import numpy as np
import torch
from torch import Tensor

from edge_core.training.detector.layout import GRID, Layout
from edge_core.training.detector.pictures import Picture
from edge_core.types import Float32Array, ImageArray
from edge_core.vision.letterbox import PAD

COPIES: Final = 4
_CELLS: Final = GRID**2


@dataclass(frozen=True, slots=True)
class Plan:
    """What `Shelf.inputs` needs to know of a batch's layouts, ready to travel between processes.

    Attributes:
        size_px: side of the inputs.
        cuts_px: float32 (N, 2, 2), as in `Layout`.
        picture: int64 (N, 9).
        copy: int64 (N, 9), which of a picture's copies is drawn, from the full one.
        xywh_px: float32 (N, 9, 4).
        mirrored: bool (N, 9).
        people: float32 (N, M, 4), rows of nought where a picture has fewer.
        ignored: float32 (N, K, 4), likewise.
    """

    size_px: int
    cuts_px: Tensor
    picture: Tensor
    copy: Tensor
    xywh_px: Tensor
    mirrored: Tensor
    people: Tensor
    ignored: Tensor

    def to(self, device: torch.device) -> "Plan":
        """The same on a device."""
        return self._each(lambda part: part.to(device, non_blocking=True))

    def pin_memory(self) -> "Plan":
        """The same where a GPU can fetch it; `DataLoader` asks for it."""
        return self._each(Tensor.pin_memory)

    def _each(self, change: Callable[[Tensor], Tensor]) -> "Plan":
        parts = (getattr(self, field.name) for field in fields(self)[1:])
        return Plan(self.size_px, *(change(part) for part in parts))


def plan_of(
    layouts: Sequence[Layout], pictures: Sequence[Picture], size_px: int, rng: np.random.Generator
) -> Plan:
    """Stack layouts of inputs of one size, and choose the copies to draw from.

    Cameras and drivers differ in how they downscale, and the network must not learn one filter:
    chance decides between the two nearest copies.
    """
    picture = np.stack([one.picture for one in layouts])
    xywh_px = np.stack([one.xywh_px for one in layouts])
    width = np.array([p.bgr.shape[1] for p in pictures])[picture]
    shrunk = np.log2(np.maximum(width / np.maximum(xywh_px[..., 2], 1), 1))
    copy = np.floor(shrunk + rng.uniform(0.1, 0.9, shrunk.shape)).clip(0, COPIES - 1)
    return Plan(
        size_px,
        torch.from_numpy(np.stack([one.cuts_px for one in layouts])),
        torch.from_numpy(picture),
        torch.from_numpy(copy.astype(np.int64)),
        torch.from_numpy(xywh_px),
        torch.from_numpy(np.stack([one.mirrored for one in layouts])),
        padded([one.people for one in layouts]),
        padded([one.ignored for one in layouts]),
    )


def padded(boxes: Sequence[np.ndarray]) -> Tensor:
    """Boxes (M, 4) of N pictures as float32 (N, most, 4), filled up with noughts; most >= 1."""
    most = max(1, *(len(some) for some in boxes))
    rows = np.zeros((len(boxes), most, 4), np.float32)
    for row, some in zip(rows, boxes, strict=True):
        row[: len(some)] = some
    return torch.from_numpy(rows)


class Shelf:
    """All training pictures on one device.

    Args:
        pictures: any sizes.
        device: where inputs are wanted.
    """

    def __init__(self, pictures: Sequence[Picture], device: torch.device) -> None:
        self.device = device
        self._copies = [copies_of(picture.bgr) for picture in pictures]
        if device.type != "cpu":
            self._lay_flat(self._copies, device)
            self._copies = []

    def _lay_flat(self, copies: list[list[ImageArray]], device: torch.device) -> None:
        """One row of pixels, and where in it each copy begins, with its width and height."""
        self.device = device
        flat = [copy for some in copies for copy in some]
        sizes = np.array([(copy.shape[1], copy.shape[0]) for copy in flat], np.int64)
        starts = np.cumsum([0, *sizes.prod(1)[:-1]])
        table = np.column_stack([starts, sizes]).reshape(len(copies), COPIES, 3)
        self._table = torch.from_numpy(table).to(device)
        self._pixels = torch.from_numpy(np.concatenate([_packed(copy) for copy in flat])).to(device)

    def inputs(self, plan: Plan) -> Tensor:
        """Draw a batch, float32 (N, 3, S, S), BGR 0..255, padding where no picture lies."""
        if self.device.type == "cpu":
            return self._by_tiles(plan)
        return self._by_pixels(plan.to(self.device))

    def _by_tiles(self, plan: Plan) -> Tensor:
        made = np.full((len(plan.picture), plan.size_px, plan.size_px, 3), PAD, np.uint8)
        for one, canvas in enumerate(made):
            edges = [[0, *cuts, plan.size_px] for cuts in plan.cuts_px[one].int().tolist()]
            for cell in range(_CELLS):
                row, column = divmod(cell, GRID)
                (left, right), (top, bottom) = (
                    np.minimum(side[at : at + 2], plan.size_px)
                    for side, at in zip(edges, (column, row), strict=True)
                )
                if left < right and top < bottom:
                    copy = self._copies[plan.picture[one, cell]][plan.copy[one, cell]]
                    canvas[top:bottom, left:right] = _tile(
                        copy,
                        plan.xywh_px[one, cell].numpy() - (left, top, 0, 0),
                        bool(plan.mirrored[one, cell]),
                        (int(right - left), int(bottom - top)),
                    )
        return torch.from_numpy(made).permute(0, 3, 1, 2).float()

    def _by_pixels(self, plan: Plan) -> Tensor:
        entry = self._table[plan.picture, plan.copy]
        start, width, height = (part.reshape(-1) for part in entry.unbind(-1))
        left, top, wide, high = plan.xywh_px.reshape(-1, 4).unbind(-1)
        wide, high = wide.clamp_min(1), high.clamp_min(1)
        turn = torch.where(plan.mirrored.reshape(-1), -1.0, 1.0)
        # Along each axis a place in the copy is slope x place in the input + offset.
        slope_x, slope_y = turn * width / wide, height / high
        offset_x = (0.5 - left - wide / 2) * slope_x + width / 2 - 0.5
        offset_y = (0.5 - top) * slope_y - 0.5
        cell = self._cells(plan)
        place = torch.arange(plan.size_px, device=self.device, dtype=torch.float32)
        u = place * slope_x[cell] + offset_x[cell]
        v = place[:, None] * slope_y[cell] + offset_y[cell]
        return self._sampled(u, v, start[cell], width[cell], height[cell])

    def _cells(self, plan: Plan) -> Tensor:
        """Which of the batch's N x 9 cells each pixel lies in, int64 (N, S, S)."""
        place = torch.arange(plan.size_px, device=self.device)
        along = (place >= plan.cuts_px[..., None]).sum(2)
        number = torch.arange(len(along), device=self.device)[:, None, None] * _CELLS
        return number + along[:, 1, :, None] * GRID + along[:, 0, None, :]

    def _sampled(
        self, u: Tensor, v: Tensor, start: Tensor, width: Tensor, height: Tensor
    ) -> Tensor:
        """Bilinear samples at (u, v) of the copies that begin at `start`."""
        inside = (u > -0.5) & (v > -0.5) & (u < width - 0.5) & (v < height - 0.5)
        u, v = (torch.minimum(w.clamp_min(0), n - 1.0) for w, n in ((u, width), (v, height)))
        left, top = u.long(), v.long()
        right, bottom = torch.minimum(left + 1, width - 1), torch.minimum(top + 1, height - 1)
        part_x, part_y = (u - left)[:, None], (v - top)[:, None]
        upper, lower = start + top * width, start + bottom * width
        above = torch.lerp(self._fetch(upper + left), self._fetch(upper + right), part_x)
        below = torch.lerp(self._fetch(lower + left), self._fetch(lower + right), part_x)
        return torch.where(inside[:, None], torch.lerp(above, below, part_y), float(PAD))

    def _fetch(self, place: Tensor) -> Tensor:
        """Pixels (N, S, S) as float32 (N, 3, S, S)."""
        packed = self._pixels[place]
        return torch.stack([(packed >> shift) & 255 for shift in (0, 8, 16)], 1).float()


def _tile(
    copy: ImageArray, xywh_px: Float32Array, mirrored: bool, size_px: tuple[int, int]
) -> ImageArray:
    """A picture's copy where `xywh_px` puts it on a canvas (width, height)."""
    left, top, wide, high = np.maximum(xywh_px, (-np.inf, -np.inf, 1, 1)).tolist()
    turn = -1.0 if mirrored else 1.0
    slope_x, slope_y = turn * copy.shape[1] / wide, copy.shape[0] / high
    offset_x = (0.5 - left - wide / 2) * slope_x + copy.shape[1] / 2 - 0.5
    offset_y = (0.5 - top) * slope_y - 0.5
    tile = cv2.warpAffine(
        copy,
        np.array([[slope_x, 0, offset_x], [0, slope_y, offset_y]]),
        size_px,
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=(PAD, PAD, PAD),
    )
    return np.asarray(tile, np.uint8)


def copies_of(bgr: ImageArray) -> list[ImageArray]:
    """The picture, and a half, a quarter and an eighth of its side."""
    copies = [bgr]
    for _ in range(COPIES - 1):
        height, width = (max(1, side // 2) for side in copies[-1].shape[:2])
        smaller = cv2.resize(copies[-1], (width, height), interpolation=cv2.INTER_AREA)
        copies.append(np.asarray(smaller, np.uint8))
    return copies


def _packed(bgr: ImageArray) -> np.ndarray:
    """Pixels as int32 (H x W,), blue lowest."""
    four = np.zeros((*bgr.shape[:2], 4), np.uint8)
    four[..., :3] = bgr
    return four.view("<i4").reshape(-1)
