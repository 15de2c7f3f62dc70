"""Re-identification's lesson and its training steps; the loop around them is shared.

Crops lie on the training device from the start and their views are made there, so that a step
waits for nothing.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from edge_core.training.detector.batches import Batch
from edge_core.training.detector.sets import Say
from edge_core.training.loop import Plan, Trainer
from edge_core.training.precision import short_floats
from edge_core.training.reid.data import Crops, composed, read_crops, unnamed_crops
from edge_core.training.reid.losses import NOBODY, Known, reid_loss
from edge_core.training.reid.network import HEIGHT_PX, WIDTH_PX, ReidLearner, ReidNetwork
from edge_core.training.reid.sampling import IdentitySampler
from edge_core.training.reid.teachers import ALL_TEACHERS, OPEN_TEACHERS, teacher_embeddings
from edge_core.training.reid.tracklets import (
    CROPS_A_TRACK,
    TRACKS_AT_ONCE,
    drawn_moment,
    follow_people,
    moments,
)
from edge_core.training.reid.views import CALM, HARD, chance, views
from edge_core.types import Float32Array, Int64Array

PEOPLE: Final = 48
CROPS_EACH: Final = 4
COMPOSED: Final = 6000
"""People who do not exist, put together from the named crops, or from the unnamed ones."""
SMALL_SHARE: Final = 0.25
"""Share of the steps, at the beginning, that show crops at half the size: four times faster."""
CALM_SHARE: Final = 0.15
"""Share of the steps, at the end, whose views are changed less."""
_FULL_PX: Final = (WIDTH_PX, HEIGHT_PX)
_GRADIENT_NORM: Final = 10.0


@dataclass(frozen=True, slots=True)
class Lesson:
    """All that is learnt from, in memory only.

    Attributes:
        crops: named crops first, then the unnamed and composed ones, then those of followed people.
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
    unnamed = unnamed_crops(data, unnamed_most, seed, say)
    if open_data:
        named, parts = 0, [unnamed]
    else:
        train = read_crops(data / "reid" / "train", say("read crops"))
        parts = [train.only(~train.held_out()), unnamed]
        named = len(parts[0])
    made = composed(parts[0], COMPOSED, np.random.default_rng((seed, COMPOSED)))
    parts += [made, followed]
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
    """The shared loop with batches of named, unnamed and followed crops.

    Args:
        learner: to train, in place.
        lesson: what from.
        plan: length and rates; `batch` counts all crops of a step.
        tutor: a trained network of the same family that sees the same views; None without.
    """

    def __init__(
        self,
        learner: ReidLearner,
        lesson: Lesson,
        plan: Plan,
        tutor: ReidNetwork | None = None,
    ) -> None:
        super().__init__(learner, _no_batch, plan)
        self._lesson = lesson
        # Scaled once: the crops are read many times.
        bgr = np.stack([cv2.resize(crop, _FULL_PX) for crop in lesson.crops.bgr])
        self._bgr = torch.from_numpy(bgr).permute(0, 3, 1, 2).contiguous().to(self.device)
        self._teacher = torch.from_numpy(lesson.teacher).to(self.device)
        self._tutor = None if tutor is None else tutor.to(self.device).eval()
        people = lesson.people
        place = np.searchsorted(people, lesson.crops.identity)
        numbers = np.where(lesson.crops.identity >= 0, place, lesson.crops.identity)
        self._number = torch.from_numpy(numbers).to(self.device)
        self._people = min(PEOPLE, len(people))
        named = lesson.crops.only(np.arange(len(lesson.crops)) < lesson.named)
        self._sampler = IdentitySampler(named, self._people, CROPS_EACH)
        self._nobody = np.flatnonzero(lesson.crops.identity == NOBODY)
        followed = TRACKS_AT_ONCE * CROPS_A_TRACK if lesson.moments else 0
        self._room = max(0, plan.batch - self._people * CROPS_EACH - followed)

    def _one_step(self) -> Tensor:
        # A generator a step: a run taken up again sees the crops it would have seen.
        parts = self.draw(np.random.default_rng((self.plan.seed, self.step)))
        chosen = torch.from_numpy(np.concatenate(parts)).to(self.device)
        hardness = CALM if self.step >= (1 - CALM_SHARE) * self.plan.steps else HARD
        dice = chance(self.plan.seed, self.step, self.device)
        inputs = views(self._bgr[chosen], _FULL_PX, dice, hardness)
        known = Known(
            self._number[chosen],
            self._teacher[chosen],
            named=len(parts[0]),
            followed=len(parts[2]),
            tutor=self._told(inputs),
        )
        if self._small():
            inputs = functional.avg_pool2d(inputs, 2)
        for group in self._optimiser.param_groups:
            group["lr"] = self.rate()
        with short_floats(self.device):
            features, necks = self.network(inputs)
        loss = reid_loss(
            self.network,
            [part.float() for part in features],
            [part.float() for part in necks],
            known,
        )
        self._optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(self.network.parameters(), _GRADIENT_NORM)
        self._optimiser.step()
        self._follow()
        return loss.detach()

    def _small(self) -> bool:
        """Whether this step shows crops at half the size."""
        return self.step < SMALL_SHARE * self.plan.steps

    def _told(self, inputs: Tensor) -> Tensor | None:
        """What the tutor says of the same views, float (N, D)."""
        if self._tutor is None:
            return None
        with torch.no_grad(), short_floats(self.device):
            rows: Tensor = self._tutor(inputs)
        return rows.float()

    def draw(self, rng: np.random.Generator) -> tuple[Int64Array, Int64Array, Int64Array]:
        """Places in the lesson's crops: named ones, nobody's, followed people's of one frame."""
        named = unnamed = followed = np.zeros(0, np.int64)
        if self._lesson.named:
            named = self._sampler.draw(rng)
        if len(self._nobody) and self._room:
            few = len(self._nobody) < self._room
            unnamed = rng.choice(self._nobody, self._room, replace=few)
        if self._lesson.moments:
            followed = drawn_moment(self._lesson.moments, rng)
        return named, unnamed, followed


def _no_batch(_: int) -> Batch:
    """The shared loop draws detection pictures; this recipe draws crops instead."""
    return Batch(torch.zeros(0), [], [])
