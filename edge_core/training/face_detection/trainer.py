"""The face detector's training steps; the loop around them is shared."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from edge_core.training.detector.batches import Batch, network_inputs
from edge_core.training.face_detection.augment import DrawFace, FaceHardness, make_face_input
from edge_core.training.face_detection.data import FacePicture
from edge_core.training.face_detection.losses import face_loss
from edge_core.training.loop import Plan
from edge_core.types import Float32Array

WITH_FACES = 0.8
"""Share of the pictures drawn that show a face."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FaceBatch(Batch):
    """Inputs of one step; `people` holds the boxes of faces.

    Attributes:
        points: per input float32 (M, 5, 2), the faces' landmarks in input pixels.
    """

    points: list[Tensor]

    def to(self, device: torch.device) -> "FaceBatch":
        """The same on a device."""
        people, ignored, points = (
            [one.to(device) for one in part] for part in (self.people, self.ignored, self.points)
        )
        inputs = self.inputs.to(device)
        return FaceBatch(inputs=inputs, people=people, ignored=ignored, points=points)


class FaceBatches:
    """Fresh inputs every step, one size a step, without mosaics at the end.

    Args:
        draw: gives training pictures.
        plan: sizes, batch and seed.
        hardness: of the augmentation.
    """

    def __init__(self, draw: DrawFace, plan: Plan, hardness: FaceHardness) -> None:
        self._draw, self._plan, self._hardness = draw, plan, hardness

    def __call__(self, step: int) -> FaceBatch:
        """The inputs of a step; the same for the same step."""
        rng = np.random.default_rng((self._plan.seed, step))
        size_px = int(rng.choice(self._plan.sizes_px))
        calm = step >= (1 - self._plan.calm) * self._plan.steps
        hardness = self._hardness.without_mosaics() if calm else self._hardness
        made = [
            make_face_input(self._draw, size_px, hardness, rng) for _ in range(self._plan.batch)
        ]
        return FaceBatch(
            inputs=network_inputs(np.stack([one.bgr for one in made])),
            people=[_tensor(one.faces.xyxy_px) for one in made],
            ignored=[_tensor(one.ignored_px) for one in made],
            points=[_tensor(one.faces.landmarks_px) for one in made],
        )


class FaceObjective(nn.Module):
    """What the face detector is trained for: the teacher's faces and landmarks."""

    def forward(self, network: nn.Module, batch: FaceBatch, step: int, steps: int) -> Tensor:
        """The scalar to make small; arguments as of `detector.objective.Labels`."""
        with torch.autocast(batch.inputs.device.type, torch.bfloat16):
            maps = network(batch.inputs)
        losses = face_loss(maps, batch.people, batch.points, batch.ignored)
        return losses[0] + losses[1] + losses[2]


def drawing_faces(pictures: Sequence[FacePicture]) -> DrawFace:
    """Draws a picture that shows faces four times in five, else one that shows none."""
    shown = [picture for picture in pictures if len(picture.faces)]
    blank = [picture for picture in pictures if not len(picture.faces)]

    def draw(rng: np.random.Generator) -> FacePicture:
        some = shown if not blank or (shown and rng.random() < WITH_FACES) else blank
        return some[int(rng.integers(len(some)))]

    return draw


def _tensor(array: Float32Array) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(array, np.float32))
