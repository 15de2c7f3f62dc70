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
from edge_core.training.detector.batches import Batch
from edge_core.training.detector.pictures import Progress
from edge_core.training.loop import Plan, Trainer
from edge_core.training.reid.augment import CropHardness, varied
from edge_core.types import Float32Array, ImageArray, Int64Array
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
_GRADIENT_NORM: Final = 10.0


@dataclass(frozen=True, slots=True)
class BodyLesson:
    """All that is learnt from, in memory only.

    Attributes:
        views: uint8 (M, 160, 80, 3), several views of each crop.
        target: float32 (M, 8), what is taught of each view, 0..1.
        chance: float64 (M,), how often each is drawn, before attributes are evened out.
        labelled: int64 (L,), views of which a person told something.
    """

    views: ImageArray
    target: Float32Array
    chance: "np.ndarray[tuple[int], np.dtype[np.float64]]"
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


def make_lesson(
    crops: BodyCrops,
    told: Float32Array,
    teacher: BodyTeacher,
    views: int,
    seed: int,
    progress: Progress,
) -> BodyLesson:
    """Shift and scale every crop a few times and ask the teacher about each view.

    What a face tells takes the teacher's place, and what a person saw takes both's.

    Args:
        crops: to learn from.
        told: float32 (N, 8), hand labels or NaN.
        teacher: the body teacher.
        views: of each crop.
        seed: of the shifts.
        progress: told the share done, 0..1.
    """
    rng = np.random.default_rng(seed)
    made = np.stack([shifted(crop, rng) for crop in crops.bgr for _ in range(views)])
    target = teacher(made, progress)
    face = np.repeat(crops.face_female, views)
    target[:, 0] = np.where(np.isnan(face), target[:, 0], smoothed(face))
    told = np.repeat(told, views, axis=0)
    target = np.where(np.isnan(told), target, smoothed(told))
    # Near-copies together count as the square root of their number (ours).
    _, run, size = np.unique(crops.run, return_inverse=True, return_counts=True)
    chance = np.repeat(1 / np.sqrt(size[run]), views)
    labelled = np.flatnonzero(np.isfinite(told).any(axis=1))
    return BodyLesson(made, target.astype(np.float32), chance / chance.sum(), labelled)


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


class BodyTrainer(Trainer):
    """The shared loop with batches of views.

    Half of a batch is drawn evenly; half in proportion to one attribute's target, all attributes
    in turn, so that the rare ones are seen; of each half, a share is of views a person labelled.

    Args:
        network: to train, in place.
        lesson: what from.
        plan: length and rates.
    """

    def __init__(self, network: BodyNetwork, lesson: BodyLesson, plan: Plan) -> None:
        super().__init__(network, _no_batch, plan)
        self._lesson = lesson
        self._hardness = CropHardness(erased=0.2, tinted=0.3, coarse=0.25, spoilt=0.3)

    def _one_step(self) -> Tensor:
        # A generator a step: a run taken up again sees the views it would have seen.
        rng = np.random.default_rng((self.plan.seed, self.step))
        inputs, target = self.batch(rng)
        for group in self._optimiser.param_groups:
            group["lr"] = self.rate()
        with torch.autocast(self.device.type, torch.bfloat16):
            logits = self.network.logits(inputs)
        loss = functional.binary_cross_entropy_with_logits(logits.float(), target)
        self._optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(self.network.parameters(), _GRADIENT_NORM)
        self._optimiser.step()
        self._follow()
        # Above what the targets' own spread leaves: comparable between runs.
        floor = functional.binary_cross_entropy(target, target)
        return loss.detach() - floor

    def batch(self, rng: np.random.Generator) -> tuple[Tensor, Tensor]:
        """Inputs float (N, 3, 160, 80) and targets float (N, 8), some mixed with each other."""
        chosen = self.draw(rng)
        views, size = self._lesson.views, (WIDTH_PX, HEIGHT_PX)
        made = np.stack([varied(views[i], size, self._hardness, rng) for i in chosen])
        # (N, H, W, 3) seen as (N, 3, H, W) already lies as channels_last wants it.
        inputs = torch.from_numpy(made).to(self.device).permute(0, 3, 1, 2).float()
        target = torch.from_numpy(self._lesson.target[chosen]).to(self.device)
        if rng.random() < MIXED_SHARE:
            # Zhang et al. 2018, "mixup".
            share = float(rng.beta(_MIXED_BETA, _MIXED_BETA))
            inputs = share * inputs + (1 - share) * inputs.flip(0)
            target = share * target + (1 - share) * target.flip(0)
        return inputs, target

    def draw(self, rng: np.random.Generator) -> Int64Array:
        """Places in the lesson's views, int64 (batch,)."""
        lesson, count = self._lesson, self.plan.batch
        half = count // 2
        wanted = lesson.chance * lesson.target[:, self.step % len(BODY_ATTRIBUTES)]
        parts = [
            self._some(lesson.chance, count - half, rng),
            self._some(wanted, half, rng),
        ]
        return rng.permutation(np.concatenate(parts))

    def _some(
        self,
        chance: "np.ndarray[tuple[int], np.dtype[np.float64]]",
        count: int,
        rng: np.random.Generator,
    ) -> Int64Array:
        labelled = self._lesson.labelled
        few = round(LABELLED_SHARE * count) if len(labelled) else 0
        told = chance[labelled]
        return np.concatenate(
            [
                rng.choice(len(chance), count - few, p=chance / chance.sum()),
                labelled[rng.choice(len(labelled), few, p=told / told.sum())]
                if few
                else labelled[:0],
            ]
        )


def _no_batch(_: int) -> Batch:
    """The shared loop draws detection pictures; this recipe draws views instead."""
    return Batch(torch.zeros(0), [], [])
