"""The face lesson, what is made small, and the training steps; the loop around them is shared."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from edge_core.training.detector.batches import Batch
from edge_core.training.face.augment import FaceHardness, varied
from edge_core.training.face.data import Faces
from edge_core.training.face.network import (
    AGES,
    MEAN,
    MINOR_YEARS,
    SPREAD,
    FaceNetwork,
    mean_years,
)
from edge_core.training.loop import Plan, Trainer
from edge_core.types import Float32Array, ImageArray, Int64Array

TEACHER_SHARE: Final = 0.3
"""How much of a grown face's gender target is the teacher's word; the rest is the label's."""
TEACHER_FROM_YEARS: Final = 16
"""The teacher was made for adults: of younger faces it is not asked."""
YEARS_WEIGHT: Final = 0.15
GENDER_WEIGHT: Final = 2.0
MINOR_WEIGHT: Final = 1.0
_CHILD_SHOWN: Final = 0.4
_GENDER_COUNTS_FROM: Final = (12.0, 18.0)
_CHILD_GENDER: Final = 0.15
_SPREAD_YEARS: Final = (1.5, 0.05)
_MIX_BETA: Final = 0.4
_GRADIENT_NORM: Final = 5.0


@dataclass(frozen=True, slots=True)
class Lesson:
    """All that is learnt from, in memory only.

    Attributes:
        faces: the chips and labels.
        p_female: float32 (N,), the teacher's word.
    """

    faces: Faces
    p_female: Float32Array


@dataclass(frozen=True, slots=True)
class Targets:
    """What a batch should be told as.

    Attributes:
        age: float (N, 101), distributions over whole years.
        years: float (N,).
        p_female: float (N,).
        gender_counts: float (N,), how much a face's gender matters.
        minor: float (N,), 1 under 18.
    """

    age: Tensor
    years: Tensor
    p_female: Tensor
    gender_counts: Tensor
    minor: Tensor


def age_distribution(years: Tensor) -> Tensor:
    """Normal distributions over whole years, float (N, 101), wider with age.

    A year is seen at 5 and guessed at 60: the spread is 1.5 years plus a twentieth of the age
    (ours).
    """
    bins = torch.arange(AGES, device=years.device, dtype=torch.float32)
    spread = _SPREAD_YEARS[0] + _SPREAD_YEARS[1] * years[:, None]
    return (-0.5 * ((bins - years[:, None]) / spread).square()).softmax(1)


def face_loss(outputs: tuple[Tensor, Tensor, Tensor], targets: Targets) -> Tensor:
    """Age, gender and minority together; each a mean over the batch.

    Args:
        outputs: of `FaceNetwork`.
        targets: of the same faces.
    """
    age, female, minor = outputs
    far = functional.kl_div(age.float().log_softmax(1), targets.age, reduction="batchmean")
    years = (mean_years(age) - targets.years).abs().mean()
    each = functional.binary_cross_entropy_with_logits(
        female.float(), targets.p_female, reduction="none"
    )
    gender = (each * targets.gender_counts).sum() / targets.gender_counts.sum()
    young = functional.binary_cross_entropy_with_logits(minor.float(), targets.minor)
    return far + YEARS_WEIGHT * years + GENDER_WEIGHT * gender + MINOR_WEIGHT * young


class FaceTrainer(Trainer):
    """The shared loop with batches of faces.

    Args:
        network: to train, in place.
        lesson: what from.
        plan: length and rates.
        hardness: of the changes.
    """

    def __init__(
        self,
        network: FaceNetwork,
        lesson: Lesson,
        plan: Plan,
        *,
        hardness: FaceHardness | None = None,
    ) -> None:
        super().__init__(network, _no_batch, plan)
        self._lesson = lesson
        self._face_hardness = hardness or FaceHardness()
        shown = np.where(lesson.faces.adults(), 1.0, _CHILD_SHOWN)
        self._share = shown / shown.sum()

    def _one_step(self) -> Tensor:
        # A generator a step: a run taken up again sees the faces it would have seen.
        rng = np.random.default_rng((self.plan.seed, self.step))
        chosen = self.draw(rng)
        inputs, targets = self.inputs(chosen, rng), self.targets(chosen)
        calm = self.step >= (1 - self.plan.calm) * self.plan.steps
        if not calm and rng.random() < self._face_hardness.mix:
            inputs, targets = _mixed(inputs, targets, float(rng.beta(_MIX_BETA, _MIX_BETA)))
        for group in self._optimiser.param_groups:
            group["lr"] = self.rate()
        with torch.autocast(self.device.type, torch.bfloat16):
            outputs = self.network(inputs)
        loss = face_loss(outputs, targets)
        self._optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(self.network.parameters(), _GRADIENT_NORM)
        self._optimiser.step()
        self._follow()
        return loss.detach()

    def draw(self, rng: np.random.Generator) -> Int64Array:
        """Places of a batch's faces; a child is shown less often than an adult."""
        return rng.choice(len(self._share), self.plan.batch, p=self._share)

    def inputs(self, chosen: Int64Array, rng: np.random.Generator) -> Tensor:
        """Changed chips as network inputs, float (N, 3, 96, 96)."""
        chips = self._lesson.faces.bgr
        made = np.stack([varied(chips[i], self._face_hardness, rng) for i in chosen])
        return pixels(made).to(self.device)

    def targets(self, chosen: Int64Array) -> Targets:
        """Labels, and where it is asked the teacher's word, weighed."""
        faces = self._lesson.faces

        def tensor(values: Float32Array) -> Tensor:
            return torch.from_numpy(np.asarray(values[chosen], np.float32)).to(self.device)

        years = tensor(faces.age_years).clamp(0, AGES - 1)
        share = TEACHER_SHARE * (years >= TEACHER_FROM_YEARS).float()
        low, high = _GENDER_COUNTS_FROM
        grown = ((years - low) / (high - low)).clamp(0, 1)
        return Targets(
            age_distribution(years),
            years,
            (1 - share) * tensor(faces.female) + share * tensor(self._lesson.p_female),
            _CHILD_GENDER + (1 - _CHILD_GENDER) * grown,
            (years < MINOR_YEARS).float(),
        )


def pixels(chips: ImageArray) -> Tensor:
    """Network inputs float (N, 3, S, S) of chips uint8 (N, S, S, 3)."""
    # (N, H, W, 3) seen as (N, 3, H, W) already lies as channels_last wants it.
    return (torch.from_numpy(chips).permute(0, 3, 1, 2).float() - MEAN) / SPREAD


def _mixed(inputs: Tensor, targets: Targets, share: float) -> tuple[Tensor, Targets]:
    """Each face mixed with another of the batch, and so its targets (Zhang et al. 2018)."""

    def mixed(values: Tensor) -> Tensor:
        return share * values + (1 - share) * values.flip(0)

    return mixed(inputs), Targets(
        mixed(targets.age),
        mixed(targets.years),
        mixed(targets.p_female),
        mixed(targets.gender_counts),
        mixed(targets.minor),
    )


def _no_batch(_: int) -> Batch:
    """The shared loop is given detection pictures; this recipe draws faces instead."""
    return Batch(torch.zeros(0, 3, 1, 1), [], [])
