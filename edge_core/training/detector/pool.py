"""Inputs made once, with what a teacher says of them, so that many short runs can share both."""

from dataclasses import dataclass
from typing import Final

import numpy as np
import torch
from torch import Tensor

from edge_core.training.detector.augment import Draw, Hardness, make_input
from edge_core.training.detector.batches import Batch, Lesson, network_inputs
from edge_core.training.detector.distil import Teacher
from edge_core.training.detector.pictures import Picture, Progress

_ASKED_AT_ONCE: Final = 16


@dataclass(frozen=True, slots=True)
class Pool:
    """Inputs, labels and answers, held in memory: nothing of a picture is written.

    Attributes:
        inputs: P pictures of one square size, augmented.
        raw: float16 (P, A, 5), the teacher's maps in the order of `Cells`.
        features: its C3, C4, C5 as bfloat16 (P, C, h, w); empty unless asked for.
    """

    inputs: list[Picture]
    raw: Tensor
    features: tuple[Tensor, ...]


def make_pool(
    draw: Draw,
    teacher: Teacher,
    count: int,
    size_px: int,
    hardness: Hardness,
    *,
    features: bool,
    seed: int = 0,
    progress: Progress | None = None,
) -> Pool:
    """Make inputs and ask the teacher about each.

    The teacher hears the very pictures the student will see: an input is changed no more
    afterwards, since a mirrored picture's answer is not exactly the mirrored answer.

    Args:
        draw: gives training pictures.
        teacher: answers.
        count: P.
        size_px: side of the inputs, a multiple of 32.
        hardness: of the augmentation.
        features: keep the teacher's features too, about 0.5 MB an input at 192 px.
        seed: of the augmentation.
        progress: told the share done, 0..1.
    """
    made, answers = [], []
    for first in range(0, count, _ASKED_AT_ONCE):
        some = [
            make_input(draw, size_px, hardness, np.random.default_rng((seed, index)))
            for index in range(first, min(count, first + _ASKED_AT_ONCE))
        ]
        lesson = teacher(network_inputs(np.stack([one.bgr for one in some])), features=features)
        made += some
        answers.append(
            (lesson.raw.half(), *(feature.to(torch.bfloat16) for feature in lesson.features))
        )
        if progress is not None:
            progress(len(made) / count)
    raw, *kept = (torch.cat(parts) for parts in zip(*answers, strict=True))
    return Pool(made, raw, tuple(kept))


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
        a_pass = len(self._pool.inputs) // self._batch
        order = np.random.default_rng((self._seed, step // a_pass)).permutation(
            len(self._pool.inputs)
        )
        place = step % a_pass * self._batch
        chosen = order[place : place + self._batch]
        some = [self._pool.inputs[index] for index in chosen]
        rows = torch.from_numpy(chosen)
        kept = self._pool.features if self._features else ()
        return Batch(
            network_inputs(np.stack([one.bgr for one in some])),
            [torch.tensor(one.xyxy_px) for one in some],
            [torch.tensor(one.ignored_px) for one in some],
            Lesson(self._pool.raw[rows], tuple(feature[rows] for feature in kept)),
        )
