"""Inputs made once, with what a teacher says of them, so that many short runs can share both."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from edge_core.training.detector.batches import Batch, Lesson, Material
from edge_core.training.detector.distil import Teacher
from edge_core.training.detector.shelf import Shelf

_ASKED_AT_ONCE: Final = 32
_INPUT_RANGE: Final = 255.0


@dataclass(frozen=True, slots=True)
class Pool:
    """Inputs, labels and answers, held in memory: nothing of a picture is written.

    Attributes:
        inputs: uint8 (P, 3, S, S), BGR, augmented.
        people: float32 (P, M, 4), as in `Batch`.
        ignored: float32 (P, K, 4), likewise.
        raw: float16 (P, A, 5), the teacher's maps in the order of `Cells`.
        features: its C3, C4, C5 as bfloat16 (P, C, h, w); empty unless asked for.
    """

    inputs: Tensor
    people: Tensor
    ignored: Tensor
    raw: Tensor
    features: tuple[Tensor, ...]


def make_pool(
    material: Material,
    teacher: Teacher,
    count: int,
    size_px: int,
    *,
    features: bool,
    device: torch.device,
    seed: int = 0,
    progress: Callable[[float], None] | None = None,
) -> Pool:
    """Make inputs and ask the teacher about each.

    The teacher hears the very pictures the student will see: an input is changed no more
    afterwards, since a mirrored picture's answer is not exactly the mirrored answer.

    Args:
        material: what from.
        teacher: answers.
        count: P.
        size_px: side of the inputs, a multiple of 32.
        features: keep the teacher's features too, about 0.5 MB an input at 192 px.
        device: where the pool lies.
        seed: of the augmentation.
        progress: told the share done, 0..1.
    """
    shelf = Shelf(material.pictures, device)
    made, people, ignored, answers = [], [], [], []
    for first in range(0, count, _ASKED_AT_ONCE):
        some = min(_ASKED_AT_ONCE, count - first)
        plan = material.plan(some, size_px, np.random.default_rng((seed, first)))
        inputs = (material.inputs(shelf, plan, (seed, first)) * _INPUT_RANGE).round().byte()
        lesson = teacher(inputs.float() / _INPUT_RANGE, features=features)
        made.append(inputs)
        people.append(plan.people)
        ignored.append(plan.ignored)
        answers.append(
            (lesson.raw.half(), *(feature.to(torch.bfloat16) for feature in lesson.features))
        )
        if progress is not None:
            progress((first + some) / count)
    raw, *kept = (torch.cat(parts) for parts in zip(*answers, strict=True))
    true, possible = (_stacked(parts).to(device) for parts in (people, ignored))
    return Pool(torch.cat(made), true, possible, raw, tuple(kept))


def _stacked(parts: list[Tensor]) -> Tensor:
    """Boxes (N, M, 4) with differing M, one after the other, filled up with noughts."""
    most = max(part.shape[1] for part in parts)
    return torch.cat([functional.pad(part, (0, 0, 0, most - part.shape[1])) for part in parts])


class PoolBatches:
    """Goes through a pool again and again, each time in another order.

    Args:
        pool: shared by all runs.
        batch: inputs a step.
        seed: of the order.
        features: hand out the teacher's features too.
    """

    def __init__(self, pool: Pool, batch: int, seed: int, *, features: bool) -> None:
        self._pool = pool
        self._batch = batch
        self._seed = seed
        self._features = features

    def __call__(self, step: int) -> Batch:
        """See `Batches`."""
        pool = self._pool
        a_pass = len(pool.inputs) // self._batch
        order = np.random.default_rng((self._seed, step // a_pass)).permutation(len(pool.inputs))
        place = step % a_pass * self._batch
        rows = torch.from_numpy(order[place : place + self._batch]).to(pool.inputs.device)
        kept = pool.features if self._features else ()
        inputs = (pool.inputs[rows].float() / _INPUT_RANGE).contiguous(
            memory_format=torch.channels_last
        )
        lesson = Lesson(pool.raw[rows], tuple(feature[rows] for feature in kept))
        return Batch(inputs, pool.people[rows], pool.ignored[rows], lesson)
