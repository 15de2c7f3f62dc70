"""The body attributes' lesson and training steps; the loop around them is shared."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from edge_core.errors import SourceError
from edge_core.training.body.data import KEPT_HEIGHT_PX, KEPT_WIDTH_PX, BodyCrops
from edge_core.training.body.network import BodyNetwork
from edge_core.training.body.teacher import HEIGHT_PX, WIDTH_PX, BodyTeacher
from edge_core.training.detector.batches import NOBODY, Batch
from edge_core.training.detector.pictures import Progress
from edge_core.training.loop import Plan
from edge_core.training.precision import short_floats
from edge_core.training.views import Changes, mixed, stacked, varied
from edge_core.types import Float32Array, Float64Array, ImageArray, Int64Array
from edge_core.vision.body import BODY_ATTRIBUTES

HAND_LABELS: Final = Path(__file__).with_name("labels.csv")
"""What a person saw on some crops of the labelled boxes: picture, box, then 0, 1 or nothing for
each attribute."""
SMOOTHED: Final = 0.05
"""Labels are taught as .05 and .95: eyes err too."""
LABELLED_SHARE: Final = 0.4
MIXED_SHARE: Final = 0.5
_MIXED_BETA: Final = 0.4
_SIZES: Final = (0.9, 1.14)
BODY_CHANGES: Final = Changes(
    turn_rad=float(np.radians(4)),
    shift=0.06,
    scale=(KEPT_HEIGHT_PX / HEIGHT_PX / _SIZES[1], KEPT_HEIGHT_PX / HEIGHT_PX / _SIZES[0]),
    stretch=1.15,
    tint=0.3,
    erase=0.2,
)
"""At a scale of 1.2 a view shows the box; smaller ones show some of what is around it."""


@dataclass(frozen=True, slots=True)
class BodyLesson:
    """All that is learnt from, in memory only.

    Attributes:
        crops: uint8 (N, 192, 96, 3), with their margins.
        target: float32 (N, 8), what is taught of each, 0..1.
        chance: float64 (N,), how often each is drawn, before attributes are evened out.
        labelled: int64 (L,), crops of which a person told something.
    """

    crops: ImageArray
    target: Float32Array
    chance: Float64Array
    labelled: Int64Array


def read_labels(path: Path = HAND_LABELS) -> dict[tuple[int, int], Float32Array]:
    """Hand labels float32 (8,), NaN where nothing could be seen, by picture and box.

    Raises:
        SourceError: the file is missing or is no such table.
    """
    try:
        with path.open(newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        return {
            (int(row["picture"]), int(row["box"])): np.array(
                [float(row[name] or "nan") for name in BODY_ATTRIBUTES], np.float32
            )
            for row in rows
        }
    except (OSError, KeyError, ValueError) as error:
        raise SourceError(
            f"The labels {path} cannot be used: {error}.", "Restore the file from the release."
        ) from None


def labels_of(crops: BodyCrops, labels: Mapping[tuple[int, int], Float32Array]) -> Float32Array:
    """Float32 (N, 8): hand labels of crops, NaN where there are none."""
    unknown = np.full(len(BODY_ATTRIBUTES), np.nan, np.float32)
    keys = zip(crops.picture.tolist(), crops.box.tolist(), strict=True)
    rows = [labels.get(key, unknown) for key in keys]
    return np.array(rows, np.float32).reshape(-1, len(BODY_ATTRIBUTES))


def taught(
    crops: BodyCrops, teacher: BodyTeacher, views: int, seed: int, progress: Progress
) -> Float32Array:
    """What the teacher says of each crop, float32 (N, 8): the mean over views of it.

    Half of the views are mirrored. One view's answer moves with the box; the mean is steadier and
    closer to what is worn.

    Args:
        crops: to look at.
        teacher: the body teacher.
        views: of each crop.
        seed: of the shifts.
        progress: told the share done, 0..1.
    """
    rng = np.random.default_rng(seed)
    made = [shifted(crop, rng) for crop in crops.bgr for _ in range(views)]
    made = [view[:, ::-1] if k % 2 else view for k, view in enumerate(made)]
    told = teacher(np.array(made, np.uint8).reshape(-1, HEIGHT_PX, WIDTH_PX, 3), progress)
    return np.asarray(told.reshape(len(crops), views, -1).mean(axis=1), np.float32)


def make_lesson(crops: BodyCrops, by_teacher: Float32Array, told: Float32Array) -> BodyLesson:
    """What a face tells takes the teacher's place, and what a person saw takes both's.

    Args:
        crops: to learn from.
        by_teacher: float32 (N, 8), from `taught`.
        told: float32 (N, 8), hand labels or NaN.
    """
    target, face = by_teacher.copy(), crops.face_female
    target[:, 0] = np.where(np.isnan(face), target[:, 0], smoothed(face))
    target = np.where(np.isnan(told), target, smoothed(told))
    # Near-copies together count as the square root of their number (ours).
    _, run, size = np.unique(crops.run, return_inverse=True, return_counts=True)
    chance = 1 / np.sqrt(size[run])
    labelled = np.flatnonzero(np.isfinite(told).any(axis=1))
    return BodyLesson(crops.bgr, target.astype(np.float32), chance / chance.sum(), labelled)


def smoothed(label: Float32Array) -> Float32Array:
    """Labels 0 and 1 as .05 and .95; NaN stays."""
    return np.asarray(SMOOTHED + (1 - 2 * SMOOTHED) * label, np.float32)


def shifted(crop: ImageArray, rng: np.random.Generator) -> ImageArray:
    """A view as from another detection of the same person: uint8 (192, 96, 3) to (160, 80, 3)."""
    wide, high = rng.uniform(*_SIZES, 2) * (WIDTH_PX, HEIGHT_PX)
    left = rng.uniform(0, KEPT_WIDTH_PX - wide)
    top = rng.uniform(0, KEPT_HEIGHT_PX - high)
    cut = crop[round(top) : round(top + high), round(left) : round(left + wide)]
    return np.asarray(cv2.resize(cut, (WIDTH_PX, HEIGHT_PX)), np.uint8)


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyBatch(Batch):
    """Inputs of one step, BGR 0..255; nobody is looked for.

    Attributes:
        target: float (N, 8).
    """

    target: Tensor

    def to(self, _: torch.device) -> "BodyBatch":
        """The same: made where it is needed."""
        return self


class BodyBatches:
    """Batches of changed crops.

    Half of a batch is drawn evenly; half in proportion to one attribute's target, all attributes
    in turn, so that the rare ones are seen; of each half, a share is of crops a person labelled.

    Args:
        lesson: what from.
        plan: batch and seed.
        device: that learns.
    """

    def __init__(self, lesson: BodyLesson, plan: Plan, device: torch.device) -> None:
        self._lesson, self._plan = lesson, plan
        self._crops = stacked(lesson.crops).to(device)
        self._target = torch.from_numpy(lesson.target).to(device)

    def __call__(self, step: int) -> BodyBatch:
        """The inputs of a step, some mixed with each other; the same for the same step."""
        rng = np.random.default_rng((self._plan.seed, step))
        chosen = torch.from_numpy(self.draw(step, rng)).to(self._crops.device)
        inputs = varied(self._crops[chosen], (WIDTH_PX, HEIGHT_PX), BODY_CHANGES, rng)
        target = self._target[chosen]
        if rng.random() < MIXED_SHARE:
            share = float(rng.beta(_MIXED_BETA, _MIXED_BETA))
            inputs, target = mixed(inputs, share), mixed(target, share)
        inputs = inputs.contiguous(memory_format=torch.channels_last)
        return BodyBatch(inputs=inputs, people=NOBODY, ignored=NOBODY, target=target)

    def draw(self, step: int, rng: np.random.Generator) -> Int64Array:
        """Places in the lesson's crops, int64 (batch,)."""
        lesson, count = self._lesson, self._plan.batch
        half = count // 2
        wanted = lesson.chance * lesson.target[:, step % len(BODY_ATTRIBUTES)]
        parts = [self._some(lesson.chance, count - half, rng), self._some(wanted, half, rng)]
        return rng.permutation(np.concatenate(parts))

    def _some(self, chance: Float64Array, count: int, rng: np.random.Generator) -> Int64Array:
        labelled = self._lesson.labelled
        few = round(LABELLED_SHARE * count) if len(labelled) else 0
        some = rng.choice(len(chance), count - few, p=chance / chance.sum())
        if not few:
            return some
        told = chance[labelled]
        return np.concatenate([some, labelled[rng.choice(len(told), few, p=told / told.sum())]])


class BodyObjective(nn.Module):
    """What body attributes are learnt for: the targets' own probabilities."""

    def forward(self, network: BodyNetwork, batch: BodyBatch, _: int, __: int) -> Tensor:
        """The scalar to make small; arguments as of `detector.objective.Labels`."""
        with short_floats(batch.inputs.device):
            logits = network.logits(batch.inputs)
        loss = functional.binary_cross_entropy_with_logits(logits.float(), batch.target)
        # Above what the targets' own spread leaves: comparable between runs.
        return loss - functional.binary_cross_entropy(batch.target, batch.target)
