"""Re-identification's lesson and its training steps; the loop around them is shared."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np
import torch
from torch import Tensor, nn

from edge_core.training.detector.batches import Batch
from edge_core.training.detector.sets import Say
from edge_core.training.loop import Plan, Trainer
from edge_core.training.reid.augment import CropHardness, IdentitySampler, varied
from edge_core.training.reid.data import Crops, read_crops, unnamed_crops
from edge_core.training.reid.losses import NOBODY, reid_loss
from edge_core.training.reid.network import HEIGHT_PX, WIDTH_PX, ReidLearner
from edge_core.training.reid.teachers import ALL_TEACHERS, OPEN_TEACHERS, teacher_embeddings
from edge_core.training.reid.tracklets import (
    CROPS_A_TRACK,
    TRACKS_AT_ONCE,
    drawn_moment,
    follow_people,
    moments,
)
from edge_core.types import Float32Array, Int64Array

PEOPLE: Final = 21
CROPS_EACH: Final = 4
SMALL_SHARE: Final = 0.35
"""Share of the steps, at the beginning, that show crops at half the size: four times faster."""
_SMALL_PX: Final = (48, 96)
_FULL_PX: Final = (WIDTH_PX, HEIGHT_PX)
_GRADIENT_NORM: Final = 10.0


@dataclass(frozen=True, slots=True)
class Lesson:
    """All that is learnt from, in memory only.

    Attributes:
        crops: named crops first, then the unnamed ones, then those of followed people.
        teacher: float32 (N, T), what the teachers say of each, rows of unit length.
        named: how many are named.
        moments: for frames with several followed people, each one's places in `crops`.
    """

    crops: Crops
    teacher: Float32Array
    named: int
    moments: tuple[tuple[Int64Array, ...], ...] = ()

    @property
    def people(self) -> Int64Array:
        """int64 (P,), the identities in order; a classifier's output is a place in here."""
        return np.unique(self.crops.identity[: self.named])


def read_lesson(data: Path, unnamed_most: int, seed: int, say: Say, *, open_data: bool) -> Lesson:
    """Read and cut the crops, and ask the teachers; arguments as in `train_reid`."""
    followed = follow_people(data, say, open_data=open_data)
    parts = [unnamed_crops(data, unnamed_most, seed, say, open_data=open_data), followed]
    named = 0
    if not open_data:
        train = read_crops(data / "reid" / "train", say("read crops"))
        parts.insert(0, train.only(~train.held_out()))
        named = len(parts[0])
    crops = Crops(
        np.concatenate([part.bgr for part in parts]),
        np.concatenate([part.identity for part in parts]),
        np.concatenate([part.camera for part in parts]),
    )
    names = OPEN_TEACHERS if open_data else ALL_TEACHERS
    teacher = teacher_embeddings(data / "teachers", names, crops.bgr, say("teachers"))
    offset = len(crops) - len(followed)
    known = (tuple(rows + offset for rows in moment) for moment in moments(followed))
    return Lesson(crops, teacher, named, tuple(known))


class ReidTrainer(Trainer):
    """The shared loop with batches of named and unnamed crops.

    Args:
        learner: to train, in place.
        lesson: what from.
        plan: length and rates; `batch` counts all crops of a step.
    """

    def __init__(self, learner: ReidLearner, lesson: Lesson, plan: Plan) -> None:
        super().__init__(learner, _no_batch, plan)
        self._lesson = lesson
        # Scaled once: the crops are read many times.
        self._bgr = np.stack([cv2.resize(crop, _FULL_PX) for crop in lesson.crops.bgr])
        self._crop_hardness = CropHardness()
        self._number = {int(who): place for place, who in enumerate(lesson.people)}
        people = min(PEOPLE, len(self._number))
        named = lesson.crops.only(np.arange(len(lesson.crops)) < lesson.named)
        self._sampler = IdentitySampler(named, people, CROPS_EACH)
        self._nobody = np.flatnonzero(lesson.crops.identity == NOBODY)
        followed = TRACKS_AT_ONCE * CROPS_A_TRACK if lesson.moments else 0
        self._room = max(0, plan.batch - people * CROPS_EACH - followed)

    def _one_step(self) -> Tensor:
        # A generator a step: a run taken up again sees the crops it would have seen.
        rng = np.random.default_rng((self.plan.seed, self.step))
        chosen = self.draw(rng)
        small = self.step < SMALL_SHARE * self.plan.steps
        inputs = self.inputs(chosen, _SMALL_PX if small else _FULL_PX, rng)
        names = self._lesson.crops.identity[chosen].tolist()
        numbers = [self._number.get(who, who) for who in names]
        identity = torch.tensor(numbers, device=self.device)
        teacher = torch.from_numpy(self._lesson.teacher[chosen]).to(self.device)
        for group in self._optimiser.param_groups:
            group["lr"] = self.rate()
        with torch.autocast(self.device.type, torch.bfloat16):
            features, necks = self.network(inputs)
        loss = reid_loss(
            self.network,
            [part.float() for part in features],
            [part.float() for part in necks],
            identity,
            teacher,
        )
        self._optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(self.network.parameters(), _GRADIENT_NORM)
        self._optimiser.step()
        self._follow()
        return loss.detach()

    def draw(self, rng: np.random.Generator) -> Int64Array:
        """Places in the lesson's crops: named ones, unnamed ones, followed people of one frame."""
        parts = [self._sampler.draw(rng)] if self._lesson.named else []
        if len(self._nobody) and self._room:
            few = len(self._nobody) < self._room
            parts.append(rng.choice(self._nobody, self._room, replace=few))
        if self._lesson.moments:
            parts.append(drawn_moment(self._lesson.moments, rng))
        return np.concatenate(parts)

    def inputs(
        self, chosen: Int64Array, size_px: tuple[int, int], rng: np.random.Generator
    ) -> Tensor:
        """Changed crops as network inputs, float (N, 3, H, W), BGR 0..255."""
        made = np.stack([varied(self._bgr[i], size_px, self._crop_hardness, rng) for i in chosen])
        # (N, H, W, 3) seen as (N, 3, H, W) already lies as channels_last wants it.
        return torch.from_numpy(made).to(self.device).permute(0, 3, 1, 2).float()


def _no_batch(_: int) -> Batch:
    """The shared loop draws detection pictures; this recipe draws crops instead."""
    return Batch(torch.zeros(0), [], [])
