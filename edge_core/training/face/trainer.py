"""What faces are learnt as: batches of changed chips, and what is made small."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Final

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from edge_core.training.detector.batches import NOBODY, Batch
from edge_core.training.face.data import Faces
from edge_core.training.face.network import (
    AGES,
    MEAN,
    MINOR_YEARS,
    SPREAD,
    FaceNetwork,
    mean_years,
)
from edge_core.training.loop import Plan
from edge_core.training.precision import short_floats
from edge_core.training.views import Changes, mixed, stacked, varied
from edge_core.types import BoolArray, Float32Array, Float64Array, ImageArray, Int64Array

FACE_CHANGES: Final = Changes(
    turn_rad=float(np.radians(15)),
    shift=0.07,
    scale=(0.8, 1.2),
    stretch=1.1,
)
LABEL_SHARE: Final = 0.4
"""How much of a target is the label, where there is one and it is believed, once there are elders
to tell the rest."""
TEACHER_SHARE: Final = 0.3
"""How much of a grown face's gender target is the public teacher's word."""
TEACHER_FROM_YEARS: Final = 16
"""The teacher was made for adults: of younger faces it is not asked."""
MIXED_SHARE: Final = 0.6
_MIX_BETA: Final = 0.5
YEARS_WEIGHT: Final = 0.15
GENDER_WEIGHT: Final = 2.0
MINOR_WEIGHT: Final = 1.0
HINT_WEIGHT: Final = 1.0
_CHILD_SHOWN: Final = 0.4
_GENDER_COUNTS_FROM: Final = (12.0, 18.0)
_CHILD_GENDER: Final = 0.15
_SMOOTHED: Final = 0.02
_SPREAD_YEARS: Final = (1.5, 0.05)


@dataclass(frozen=True, slots=True)
class Lesson:
    """All that is learnt from, in memory only.

    Attributes:
        faces: the chips, with labels where they have any.
        fold: int64 (N,), the elder that never saw the face; -1 where none did, as it has no label.
        label_share: float32 (N,), how much the label counts: 1 before there are elders.
        p_female: float32 (N,), the public teacher's word; NaN where it is not asked.
    """

    faces: Faces
    fold: Int64Array
    label_share: Float32Array
    p_female: Float32Array

    def only(self, mask: BoolArray) -> "Lesson":
        """Those of a bool (N,) mask."""
        told = self.fold[mask], self.label_share[mask], self.p_female[mask]
        return Lesson(self.faces.only(mask), *told)


@dataclass(frozen=True, slots=True)
class Targets:
    """What a batch should be told as; where an elder tells its part, only the others' part.

    Attributes:
        age: float (N, 101), distributions over whole years.
        p_female: float (N,).
        minor: float (N,), 1 under 18.
        gender_counts: float (N,), how much a face's gender matters.
        share: float (N,), the part of age and minority that is told already.
        gender_share: float (N,), that of gender.
    """

    age: Tensor
    p_female: Tensor
    minor: Tensor
    gender_counts: Tensor
    share: Tensor
    gender_share: Tensor

    def mixed(self, share: float) -> "Targets":
        """Those of mixed faces."""
        return Targets(*(mixed(getattr(self, field.name), share) for field in fields(self)))

    def completed(self, outputs: tuple[Tensor, Tensor, Tensor]) -> "Targets":
        """With an elder's word, its outputs for the same inputs, for what labels leave open."""
        age, female, minor = (one.float() for one in outputs)
        rest = 1 - self.share
        return replace(
            self,
            age=self.age + rest[:, None] * age.softmax(1),
            p_female=self.p_female + (1 - self.gender_share) * female.sigmoid(),
            minor=self.minor + rest * minor.sigmoid(),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class FaceBatch(Batch):
    """Inputs of one step, (BGR - 115) / 65; nobody is looked for.

    Attributes:
        targets: of the inputs.
        elder: which elder may be asked about them.
    """

    targets: Targets
    elder: int

    def to(self, _: torch.device) -> "FaceBatch":
        """The same: made where it is needed."""
        return self


class FaceBatches:
    """Changed chips, most of the batches mixed with their own reverse.

    Args:
        lesson: what from.
        plan: batch, seed and length.
        device: that learns.
        elders: how many are asked in turn, about a face whose label is not believed only the one
            that never saw it; 0 asks none.
        changes: of the chips.
    """

    def __init__(
        self,
        lesson: Lesson,
        plan: Plan,
        device: torch.device,
        *,
        elders: int = 0,
        changes: Changes = FACE_CHANGES,
    ) -> None:
        self._plan, self._changes = plan, changes
        self._chips = stacked(lesson.faces.bgr).to(device)
        self._targets = _targets(lesson, device)
        young = lesson.faces.age_years < MINOR_YEARS
        shown = np.where(young & (lesson.fold >= 0), _CHILD_SHOWN, 1.0)
        open_to_all = (lesson.label_share > 0) | (lesson.fold < 0)
        allowed = [(lesson.fold == k) | open_to_all for k in range(elders)]
        self._chances: list[Float64Array] = [
            shown * mask / (shown * mask).sum() for mask in allowed or [np.ones(len(shown))]
        ]

    def __call__(self, step: int) -> FaceBatch:
        """The inputs of a step; the same for the same step."""
        rng, plan = np.random.default_rng((self._plan.seed, step)), self._plan
        elder = step % len(self._chances)
        chance = self._chances[elder]
        chosen = torch.from_numpy(rng.choice(len(chance), plan.batch, p=chance))
        chosen = chosen.to(self._chips.device)
        side = (self._chips.shape[3], self._chips.shape[2])
        inputs = scaled(varied(self._chips[chosen], side, self._changes, rng))
        targets = Targets(*(column[chosen] for column in self._targets))
        calm = step >= (1 - plan.calm) * plan.steps
        if not calm and rng.random() < MIXED_SHARE:
            share = float(rng.beta(_MIX_BETA, _MIX_BETA))
            inputs, targets = mixed(inputs, share), targets.mixed(share)
        inputs = inputs.contiguous(memory_format=torch.channels_last)
        return FaceBatch(inputs=inputs, people=NOBODY, ignored=NOBODY, targets=targets, elder=elder)


def _targets(lesson: Lesson, device: torch.device) -> tuple[Tensor, ...]:
    """The columns of `Targets` of all faces, on the device."""
    faces = lesson.faces
    asked = np.isfinite(lesson.p_female)
    # Where labels told all, the teacher takes a part of theirs; else it adds to them.
    by_teacher = TEACHER_SHARE * asked
    by_label = np.minimum(lesson.label_share, 1 - by_teacher)
    label = _SMOOTHED + (1 - 2 * _SMOOTHED) * faces.female
    told = by_label * label + by_teacher * np.where(asked, lesson.p_female, 0)
    years, share, female, gender_share = (
        torch.from_numpy(np.asarray(values, np.float32)).to(device)
        for values in (faces.age_years, lesson.label_share, told, by_label + by_teacher)
    )
    years = years.clamp(0, AGES - 1)
    low, high = _GENDER_COUNTS_FROM
    grown = ((years - low) / (high - low)).clamp(0, 1)
    return (
        share[:, None] * age_distribution(years),
        female,
        share * (years < MINOR_YEARS).float(),
        _CHILD_GENDER + (1 - _CHILD_GENDER) * grown,
        share,
        gender_share,
    )


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
    bins = torch.arange(AGES, device=age.device, dtype=torch.float32)
    years = (mean_years(age) - targets.age @ bins).abs().mean()
    each = functional.binary_cross_entropy_with_logits(
        female.float(), targets.p_female, reduction="none"
    )
    gender = (each * targets.gender_counts).sum() / targets.gender_counts.sum()
    young = functional.binary_cross_entropy_with_logits(minor.float(), targets.minor)
    return far + YEARS_WEIGHT * years + GENDER_WEIGHT * gender + MINOR_WEIGHT * young


class FaceObjective(nn.Module):
    """What faces are learnt for: labels, and the word of elders.

    Elders look at the very input the small network looks at, changed and mixed as it is (Beyer et
    al. 2022, "a good teacher is patient and consistent"), and their features are to be told from
    the small network's (Romero et al. 2015, "hints"), which carries more than three answers can.

    Args:
        elders: in evaluation mode; with none the labels alone are learnt.
        width: features of the network that learns from them.
    """

    def __init__(self, elders: Sequence[FaceNetwork] = (), width: int = 0) -> None:
        super().__init__()
        # Kept from the module's own layers: they learn no more and are not saved with it.
        self._elders = tuple(elders)
        self.hints = nn.ModuleList(nn.Linear(width, elder.width) for elder in elders)

    def forward(self, network: FaceNetwork, batch: FaceBatch, _: int, __: int) -> Tensor:
        """The scalar to make small; arguments as of `detector.objective.Labels`."""
        with short_floats(batch.inputs.device):
            features = network.features(batch.inputs)
            outputs = network.heads(features)
            if not self._elders:
                return face_loss(outputs, batch.targets)
            with torch.no_grad():
                elder = self._elders[batch.elder]
                theirs = elder.features(batch.inputs)
                told = elder.heads(theirs)
            alike = functional.cosine_similarity(
                self.hints[batch.elder](features).float(), theirs.float()
            )
        loss = face_loss(outputs, batch.targets.completed(told))
        return loss + HINT_WEIGHT * (1 - alike).mean()


def scaled(bgr: Tensor) -> Tensor:
    """Network inputs of chips in 0..255."""
    return (bgr - MEAN) / SPREAD


def pixels(chips: ImageArray) -> Tensor:
    """Network inputs float (N, 3, S, S) of chips uint8 (N, S, S, 3)."""
    return scaled(stacked(chips).float())
