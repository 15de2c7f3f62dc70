"""A detector taught by a larger one of its family: soft targets, hints, and which cells to ask.

Nothing here changes the student's network: whatever helps it learn is left behind when it is
exported, so every arm costs the same to run.
"""

from enum import StrEnum
from pathlib import Path
from typing import Any, Final

import torch
from torch import Tensor, nn

from edge_core.errors import ModelError
from edge_core.training.detector.assign import Cells, flatten
from edge_core.training.detector.batches import Batch, Lesson
from edge_core.training.detector.distil_losses import (
    annealed,
    box_divergence,
    hint_loss,
    hint_mask,
    not_ignored,
    soft_divergence,
    strongest,
    unbeaten,
    uncertain,
)
from edge_core.training.detector.losses import BOX_WEIGHT as LABELS_BOX_WEIGHT
from edge_core.training.detector.losses import detection_loss
from edge_core.training.detector.network import NETWORKS, NetworkSpec, PersonDetector
from edge_core.training.detector.objective import Labels
from edge_core.training.precision import short_floats
from edge_core.training.warm_start import load_onnx_weights

SCORE_WEIGHT: Final = 1.0
BOX_WEIGHT: Final = 0.5 * LABELS_BOX_WEIGHT
"""A teacher's box counts half as much as a label's (Chen et al. 2017)."""
HINT_WEIGHT: Final = 0.01


class Arm(StrEnum):
    """How much of the teacher a student listens to.

    `NONE`: the labels alone. `ALL`: every cell's softened score and box, all alike (Hinton et al.
    2014). `OBJECTNESS`: squared difference of scores, boxes by the teacher's score (Mehta and
    Ozturk 2018). `UNCERTAIN`: only cells worth asking about, boxes until the student beats the
    teacher (ours). `HINTS`: the same, and the teacher's features at C3, C4, C5.
    """

    NONE = "none"
    ALL = "all"
    OBJECTNESS = "objectness"
    UNCERTAIN = "uncertain"
    HINTS = "uncertain-hints"


class Teacher:
    """A trained detector that answers for whole batches; it learns nothing.

    Args:
        network: any member of the family.
    """

    def __init__(self, network: PersonDetector) -> None:
        self.network = network.eval().requires_grad_(False).to(memory_format=torch.channels_last)
        self.spec: NetworkSpec = network.spec

    @classmethod
    def load(cls, path: Path) -> "Teacher":
        """From an exported ONNX file, or from the averaged weights of a checkpoint.

        Raises:
            ModelError: the file is missing or holds no network of the family.
        """
        if not path.exists():
            raise ModelError(f"There is no teacher {path}.", "Train one, or give another file.")
        for spec in NETWORKS.values():
            network = PersonDetector(spec)
            try:
                if path.suffix == ".onnx":
                    load_onnx_weights(network, path)
                else:
                    _load_checkpoint(network, path)
            except ModelError:
                continue
            return cls(network)
        raise ModelError(
            f"{path.name} holds no detector of this family.",
            f"Use one trained as {', '.join(NETWORKS)}.",
        )

    @torch.no_grad()
    def __call__(self, inputs: Tensor, *, features: bool) -> Lesson:
        """Answers to float (N, 3, H, W) inputs, with its features if wanted."""
        self.network.to(inputs.device)
        with short_floats(inputs.device):
            trunk = self.network.features(inputs)
            maps = self.network.maps(*trunk)
        return Lesson(flatten(maps), trunk if features else ())


def _load_checkpoint(network: PersonDetector, path: Path) -> None:
    averaged: dict[str, Tensor] = torch.load(path, map_location="cpu", weights_only=True)[
        "averaged"
    ]
    wanted = {name: value.shape for name, value in network.state_dict().items()}
    if wanted != {name: value.shape for name, value in averaged.items()}:
        raise ModelError(f"{path.name} holds another network.", "Give a checkpoint of this one.")
    network.load_state_dict(averaged)


class Distilled(nn.Module):
    """The labels, and a teacher besides.

    Args:
        arm: any but `Arm.NONE`.
        student: the network's spec.
        teacher: the teacher's spec.
        ask: answers for batches that come without a lesson; may be left out where all have one.
    """

    def __init__(
        self, arm: Arm, student: NetworkSpec, teacher: NetworkSpec, ask: Teacher | None = None
    ) -> None:
        super().__init__()
        self.arm = arm
        self._ask = ask
        widths = (256, 512, 512) if arm is Arm.HINTS else ()
        self.regressors = nn.ModuleList(
            nn.Conv2d(student.channels(width), teacher.channels(width), 1) for width in widths
        )

    def forward(self, network: nn.Module, batch: Batch, step: int, steps: int) -> Tensor:
        """See `Labels`."""
        device = batch.inputs.device
        student: Any = network
        with short_floats(device):
            trunk = student.features(batch.inputs)
            maps = student.maps(*trunk)
            regressed = tuple(
                one(feature) for one, feature in zip(self.regressors, trunk, strict=False)
            )
        loss = sum(detection_loss(maps, batch.people, batch.ignored))
        weight = annealed(step / steps)
        if not weight:
            return loss
        lesson = batch.lesson or self._asked(batch.inputs)
        height_px, width_px = batch.inputs.shape[2:]
        cells = Cells.of(height_px, width_px, device)
        allowed = not_ignored(cells, batch.ignored)
        raw, said = flatten(maps), lesson.raw.float()
        chance = torch.Generator().manual_seed(step)
        taught = self._taught(raw, said, cells, allowed, batch, chance)
        if self.regressors:
            mask = hint_mask(cells, batch.people, allowed)
            taught = taught + HINT_WEIGHT * hint_loss(regressed, lesson.features, mask)
        return loss + weight * taught

    def _asked(self, inputs: Tensor) -> Lesson:
        if self._ask is None:
            raise ValueError("a batch came without a lesson, and there is no teacher to ask")
        return self._ask(inputs, features=bool(self.regressors))

    def _taught(
        self,
        raw: Tensor,
        said: Tensor,
        cells: Cells,
        allowed: Tensor,
        batch: Batch,
        chance: torch.Generator,
    ) -> Tensor:
        """Score and box terms, from student's and teacher's raw outputs (N, A, 5)."""
        ours, theirs = raw[..., 4], said[..., 4]
        boxes, taught_boxes = cells.boxes_px(raw), cells.boxes_px(said)
        if self.arm is Arm.ALL:
            count = allowed.sum()
            score = (soft_divergence(ours, theirs) * allowed).sum() / count.clamp_min(1)
            box = box_divergence(boxes, taught_boxes, allowed.float(), count)
            return SCORE_WEIGHT * score + BOX_WEIGHT * box
        allowed = allowed & strongest(theirs, *batch.inputs.shape[2:])
        trust = theirs.sigmoid() * allowed
        share = trust.sum()
        if self.arm is Arm.OBJECTNESS:
            apart = (theirs.sigmoid() - ours.sigmoid()).square() * allowed
            score = apart.sum() / share.clamp_min(1.0)
        else:
            weight = uncertain(ours, theirs, allowed, chance)
            score = (soft_divergence(ours, theirs) * weight).sum() / weight.sum().clamp_min(1e-9)
            trust = trust * unbeaten(boxes, taught_boxes, batch.people)
        box = box_divergence(boxes, taught_boxes, trust, share)
        return SCORE_WEIGHT * score + BOX_WEIGHT * box


def objective_of(
    arm: Arm, student: NetworkSpec, teacher: NetworkSpec, ask: Teacher | None = None
) -> nn.Module:
    """What a student of this arm is trained for; arguments as for `Distilled`."""
    return Labels() if arm is Arm.NONE else Distilled(arm, student, teacher, ask)
