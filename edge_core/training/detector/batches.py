"""What a training step is given: inputs, who is in them, and what a teacher said of them."""

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader, Dataset

from edge_core.training.detector.layout import Draw, Hardness, lay_out
from edge_core.training.detector.pictures import Picture
from edge_core.training.detector.sets import drawing_from
from edge_core.training.detector.shelf import Plan, Shelf, plan_of
from edge_core.training.detector.spoil import colour_changed, spoilt

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
        people: float32 (N, M, 4), true boxes xyxy in input pixels, and rows of nought.
        ignored: float32 (N, K, 4), where there may be people, likewise: nothing is learnt there.
        lesson: a teacher's answers where they are known beforehand.
    """

    inputs: Tensor
    people: Tensor
    ignored: Tensor
    lesson: Lesson | None = None

    def to(self, device: torch.device) -> "Batch":
        """The same on a device."""
        inputs, people, ignored = (
            part.to(device, non_blocking=True) for part in (self.inputs, self.people, self.ignored)
        )
        return Batch(inputs, people, ignored, self.lesson and self.lesson.to(device))


NOBODY: Final = torch.zeros(0, 0, 4)
"""For batches in which nobody is looked for."""
Batches = Callable[[int], Batch]
"""Gives the inputs of a step, counted from 0; the same for the same step, so that a run taken up
again sees what it would have seen."""


def network_inputs(bgr: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> Tensor:
    """Float32 (N, 3, H, W), lying as channels_last wants it, from uint8 pictures (N, H, W, 3)."""
    return torch.from_numpy(bgr).permute(0, 3, 1, 2).float() / _INPUT_RANGE


@dataclass(frozen=True, slots=True)
class Material:
    """What training inputs are made from, and how.

    Attributes:
        pictures: all of them.
        draw: gives a place in `pictures`.
        hardness: of the augmentation.
    """

    pictures: list[Picture]
    draw: Draw
    hardness: Hardness = field(default_factory=Hardness)

    @classmethod
    def of(
        cls, sources: Mapping[str, list[Picture]], hardness: Hardness | None = None
    ) -> "Material":
        """From pictures by source, drawn by the sources' shares."""
        pictures = [picture for some in sources.values() for picture in some]
        return cls(pictures, drawing_from(sources), hardness or Hardness())

    def plan(self, count: int, size_px: int, rng: np.random.Generator) -> Plan:
        """Lay out inputs of one size."""
        layouts = [
            lay_out(self.pictures, self.draw, size_px, self.hardness, rng) for _ in range(count)
        ]
        return plan_of(layouts, self.pictures, size_px, rng)

    def inputs(self, shelf: Shelf, plan: Plan, seed: Sequence[int]) -> Tensor:
        """Draw and spoil a plan's inputs, float32 (N, 3, S, S), BGR / 255."""
        word = int(np.random.SeedSequence(seed).generate_state(1)[0])
        chance = torch.Generator().manual_seed(word)
        x = colour_changed(shelf.inputs(plan), chance)
        x = spoilt(x, self.hardness.spoil, chance) / _INPUT_RANGE
        return x.contiguous(memory_format=torch.channels_last)


class AugmentedBatches(Dataset[Plan]):
    """Fresh inputs every step, one size a step, without mosaics at the end.

    Args:
        material: what from.
        device: where the inputs are wanted.
        batch: inputs a step.
        sizes_px: sides of the inputs, one drawn a step.
        calm_from: step from which there are no mosaics.
        seed: of all chance, with the step.
        workers: processes that lay inputs out beforehand; 0 lays them out when they are wanted.
    """

    def __init__(
        self,
        material: Material,
        device: torch.device,
        *,
        batch: int,
        sizes_px: tuple[int, ...],
        calm_from: float,
        seed: int,
        workers: int = 0,
    ) -> None:
        self._calm = replace(material, hardness=material.hardness.without_mosaics())
        self._lively = material
        self._shelf = Shelf(material.pictures, device)
        self._batch = batch
        self._sizes_px = sizes_px
        self._calm_from = calm_from
        self._seed = seed
        self._workers = workers
        self._ahead: Iterator[Plan] | None = None

    def __call__(self, step: int) -> Batch:
        """See `Batches`; where workers lay out, steps are asked for in order."""
        return self._drawn(step, next(self._ahead_from(step)) if self._workers else self[step])

    def at(self, step: int) -> Batch:
        """The inputs of any step, whatever was asked for before."""
        return self._drawn(step, self[step])

    def _drawn(self, step: int, plan: Plan) -> Batch:
        inputs = self._material(step).inputs(self._shelf, plan, (self._seed, step))
        return Batch(inputs, plan.people, plan.ignored)

    def close(self) -> None:
        """Let the workers go."""
        self._ahead = None

    def __getitem__(self, step: int) -> Plan:
        """A step's layouts."""
        rng = np.random.default_rng((self._seed, step))
        size_px = int(rng.choice(self._sizes_px))
        return self._material(step).plan(self._batch, size_px, rng)

    def _material(self, step: int) -> Material:
        return self._calm if step >= self._calm_from else self._lively

    def _ahead_from(self, step: int) -> Iterator[Plan]:
        if self._ahead is None:
            self._ahead = iter(
                DataLoader(
                    self,
                    batch_size=None,
                    sampler=itertools.count(step),
                    num_workers=self._workers,
                    prefetch_factor=8,
                    pin_memory=self._shelf.device.type == "cuda",
                )
            )
        return self._ahead
