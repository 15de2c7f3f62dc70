"""The face detector's training steps; the loop around them is shared."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from edge_core.training.detector.batches import Batch
from edge_core.training.detector.shelf import padded
from edge_core.training.detector.spoil import colour_changed, spoilt
from edge_core.training.face_detection.augment import FaceHardness, Placing, placing
from edge_core.training.face_detection.data import FacePicture
from edge_core.training.face_detection.losses import face_loss
from edge_core.training.loop import Plan
from edge_core.training.precision import short_floats
from edge_core.training.views import placed, stacked
from edge_core.types import Float32Array, ImageArray, Int64Array
from edge_core.vision.face_detect import Faces
from edge_core.vision.letterbox import PAD

WITH_FACES: Final = 0.8
"""Share of the pictures drawn that show a face."""
SOURCE_PX: Final = 416
"""Longest side that pictures are kept at."""
_INPUT_RANGE: Final = 255.0
_TILES: Final = (1, 2, 3)


@dataclass(frozen=True, slots=True, kw_only=True)
class FaceBatch(Batch):
    """Inputs of one step; `people` holds the boxes of faces.

    Attributes:
        points: float32 (N, M, 5, 2), the faces' landmarks in input pixels.
    """

    points: Tensor

    def to(self, device: torch.device) -> "FaceBatch":
        """The same on a device."""
        inputs, people, ignored, points = (
            part.to(device, non_blocking=True)
            for part in (self.inputs, self.people, self.ignored, self.points)
        )
        return FaceBatch(inputs=inputs, people=people, ignored=ignored, points=points)


class FaceBatches:
    """Fresh inputs every step, one size a step, without mosaics at the end.

    Args:
        pictures: to learn from.
        plan: sizes, batch and seed.
        hardness: of the augmentation.
        device: that learns; it holds the pictures.
    """

    def __init__(
        self,
        pictures: Sequence[FacePicture],
        plan: Plan,
        hardness: FaceHardness,
        device: torch.device,
    ) -> None:
        self._plan, self._hardness = plan, hardness
        fitted = [_fitted(picture) for picture in pictures]
        self._truth = [(one.faces, one.ignored_px) for one in fitted]
        self._sizes = [(one.bgr.shape[1], one.bgr.shape[0]) for one in fitted]
        self._bgr = stacked([_filled(one.bgr) for one in fitted]).to(device)
        shown = np.array([len(one.faces) > 0 for one in fitted])
        self._shown, self._blank = np.flatnonzero(shown), np.flatnonzero(~shown)

    def __call__(self, step: int) -> FaceBatch:
        """The inputs of a step; the same for the same step."""
        plan, rng = self._plan, np.random.default_rng((self._plan.seed, step))
        size_px = int(rng.choice(plan.sizes_px))
        calm = step >= (1 - plan.calm) * plan.steps
        mosaic = 0.0 if calm else self._hardness.mosaic
        counts = rng.multinomial(plan.batch, (1 - mosaic, mosaic / 2, mosaic / 2))
        inputs, faces, ignored = [], [], []
        for tiles, count in zip(_TILES, counts.tolist(), strict=True):
            if count:
                made = self._tiled(count, tiles, size_px, rng)
                inputs.append(made[0])
                faces += made[1]
                ignored += made[2]
        chance = torch.Generator().manual_seed(int(rng.integers(2**31)))
        views = colour_changed(torch.cat(inputs), chance)
        views = spoilt(views, self._hardness.spoil, chance) / _INPUT_RANGE
        marks = [one.landmarks_px.reshape(-1, 10) for one in faces]
        points = np.zeros((len(marks), max(1, *(len(m) for m in marks)), 10), np.float32)
        for row, some in zip(points, marks, strict=True):
            row[: len(some)] = some
        return FaceBatch(
            inputs=views.contiguous(memory_format=torch.channels_last),
            people=padded([one.xyxy_px for one in faces]),
            ignored=padded(ignored),
            points=torch.from_numpy(points).unflatten(2, (5, 2)),
        )

    def _tiled(
        self, count: int, tiles: int, size_px: int, rng: np.random.Generator
    ) -> tuple[Tensor, list[Faces], list[Float32Array]]:
        """Inputs float (count, 3, size, size) of tiles x tiles pictures each."""
        side = -(-size_px // tiles)
        chosen = [self._draw(rng) for _ in range(count * tiles**2)]
        places = [self._placing(index, side, rng) for index in chosen]
        cells = self._warped(np.array(chosen), places, side)
        grid = cells.reshape(count, tiles, tiles, 3, side, side).permute(0, 3, 1, 4, 2, 5)
        inputs = grid.reshape(count, 3, tiles * side, tiles * side)[..., :size_px, :size_px]
        faces, ignored = [], []
        for start in range(0, len(places), tiles**2):
            corners = [(k % tiles * side, k // tiles * side) for k in range(tiles**2)]
            some = list(zip(places[start : start + tiles**2], corners, strict=True))
            faces.append(Faces.joined([one.faces.moved(1.0, x, y) for one, (x, y) in some]))
            moved = [one.ignored_px + np.array([x, y, x, y], np.float32) for one, (x, y) in some]
            ignored.append(np.concatenate(moved))
        return inputs, faces, ignored

    def _draw(self, rng: np.random.Generator) -> int:
        """A picture that shows faces four times in five, else one that shows none."""
        faces = not len(self._blank) or (len(self._shown) and rng.random() < WITH_FACES)
        return int(rng.choice(self._shown if faces else self._blank))

    def _placing(self, index: int, side: int, rng: np.random.Generator) -> Placing:
        faces, ignored_px = self._truth[index]
        return placing(self._sizes[index], faces, ignored_px, (side, side), self._hardness, rng)

    def _warped(self, chosen: Int64Array, places: Sequence[Placing], side: int) -> Tensor:
        """The chosen pictures as placed, float (N, 3, side, side)."""
        # The linear filter reads four pixels however many it skips: halve first.
        halvings = np.array([max(0, int(np.log2(1 / one.scale))) for one in places])
        made = torch.empty(len(places), 3, side, side, device=self._bgr.device)
        for times in np.unique(halvings).tolist():
            mine = np.flatnonzero(halvings == times)
            at = torch.from_numpy(chosen[mine]).to(self._bgr.device)
            sources = self._bgr[at].float() - PAD
            if times:
                sources = functional.avg_pool2d(sources, 2**times)
            matrix = np.stack([places[k].matrix for k in mine.tolist()]) / 2**times
            rows = torch.from_numpy(mine).to(made.device)
            made.index_copy_(0, rows, placed(sources, matrix, (side, side), "zeros") + PAD)
        return made


def _fitted(picture: FacePicture) -> FacePicture:
    """Shrunk to the longest side that is kept."""
    height, width = picture.bgr.shape[:2]
    scale = min(1.0, SOURCE_PX / max(height, width))
    if scale == 1:
        return picture
    size = (round(width * scale), round(height * scale))
    bgr = np.asarray(cv2.resize(picture.bgr, size, interpolation=cv2.INTER_AREA), np.uint8)
    ignored = picture.ignored_px * np.float32(scale)
    return FacePicture(bgr, picture.faces.moved(scale, 0, 0), ignored)


def _filled(bgr: ImageArray) -> ImageArray:
    """Grey below and to the right, up to a square."""
    canvas = np.full((SOURCE_PX, SOURCE_PX, 3), PAD, np.uint8)
    canvas[: bgr.shape[0], : bgr.shape[1]] = bgr
    return canvas


class FaceObjective(nn.Module):
    """What the face detector is trained for: the teacher's faces and landmarks."""

    def forward(self, network: nn.Module, batch: FaceBatch, step: int, steps: int) -> Tensor:
        """The scalar to make small; arguments as of `detector.objective.Labels`."""
        with short_floats(batch.inputs.device):
            maps = network(batch.inputs)
        losses = face_loss(maps, batch.people, batch.points, batch.ignored)
        return losses[0] + losses[1] + losses[2]
