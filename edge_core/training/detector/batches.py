"""What a training step is given: inputs, who is in them, and what a teacher said of them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import torch
from torch import Tensor

from edge_core.training.detector.augment import Draw, Hardness, make_input

_INPUT_RANGE: Final = 255.0


@dataclass(frozen=True, slots=True)
class Lesson:
    """What a teacher of the same family says of the same inputs.

    Attributes:
        raw: float (N, A, 5), its maps in the order of `Cells`.
        features: its C3, C4, C5, float (N, channels, H/s, W/s) at strides 8, 16, 32; empty where
            nobody asks for them.
    """

    raw: Tensor
    features: tuple[Tensor, ...] = ()

    def to(self, device: torch.device) -> "Lesson":
        """The same on a device."""
        return Lesson(self.raw.to(device), tuple(one.to(device) for one in self.features))


@dataclass(frozen=True, slots=True)
class Batch:
    """Inputs of one step.

    Attributes:
        inputs: float32 (N, 3, H, W), BGR / 255.
        people: per input float32 (M, 4), true boxes xyxy in input pixels.
        ignored: per input float32 (K, 4), where there may be people: nothing is learnt there.
        lesson: a teacher's answers where they are known beforehand.
    """

    inputs: Tensor
    people: list[Tensor]
    ignored: list[Tensor]
    lesson: Lesson | None = None

    def to(self, device: torch.device) -> "Batch":
        """The same on a device."""
        return Batch(
            self.inputs.to(device),
            [boxes.to(device) for boxes in self.people],
            [boxes.to(device) for boxes in self.ignored],
            self.lesson and self.lesson.to(device),
        )


Batches = Callable[[int], Batch]
"""Gives the inputs of a step, counted from 0; the same for the same step, so that a run taken up
again sees what it would have seen."""


def network_inputs(bgr: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> Tensor:
    """Float32 (N, 3, H, W), lying as channels_last wants it, from uint8 pictures (N, H, W, 3)."""
    return torch.from_numpy(bgr).permute(0, 3, 1, 2).float() / _INPUT_RANGE


class AugmentedBatches:
    """Fresh inputs every step, one size a step, without mosaics at the end.

    Args:
        draw: gives training pictures.
        hardness: of the augmentation.
        batch: inputs a step.
        sizes_px: sides of the inputs, one drawn a step.
        calm_from: step from which there are no mosaics.
        seed: of all chance, with the step.
    """

    def __init__(
        self,
        draw: Draw,
        hardness: Hardness,
        *,
        batch: int,
        sizes_px: tuple[int, ...],
        calm_from: float,
        seed: int,
    ) -> None:
        self._draw = draw
        self._hardness = hardness
        self._batch = batch
        self._sizes_px = sizes_px
        self._calm_from = calm_from
        self._seed = seed

    def __call__(self, step: int) -> Batch:
        """See `Batches`."""
        rng = np.random.default_rng((self._seed, step))
        size_px = int(rng.choice(self._sizes_px))
        calm = step >= self._calm_from
        hardness = self._hardness.without_mosaics() if calm else self._hardness
        made = [make_input(self._draw, size_px, hardness, rng) for _ in range(self._batch)]
        people, ignored = (
            [torch.from_numpy(np.ascontiguousarray(boxes)) for boxes in side]
            for side in ([m.xyxy_px for m in made], [m.ignored_px for m in made])
        )
        return Batch(network_inputs(np.stack([one.bgr for one in made])), people, ignored)
