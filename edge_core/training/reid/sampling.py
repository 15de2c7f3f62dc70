"""Batches of people seen by several cameras."""

from collections.abc import Sequence

import numpy as np

from edge_core.training.reid.data import Crops
from edge_core.types import Int64Array


class IdentitySampler:
    """Batches of P people with K crops each, from alternating cameras (Hermans et al. 2017).

    Args:
        crops: named crops.
        people: P.
        each: K.
    """

    def __init__(self, crops: Crops, people: int, each: int) -> None:
        self._people, self._each = people, each
        self._crops_of: list[Sequence[Int64Array]] = []
        for identity in np.unique(crops.identity):
            mine = np.flatnonzero(crops.identity == identity)
            cameras = np.unique(crops.camera[mine])
            self._crops_of.append([mine[crops.camera[mine] == camera] for camera in cameras])

    def draw(self, rng: np.random.Generator) -> Int64Array:
        """Indices int64 (P x K,), a person's crops together."""
        chosen = rng.choice(len(self._crops_of), self._people, replace=False)
        return np.concatenate([self._of(self._crops_of[i], rng) for i in chosen])

    def _of(self, cameras: Sequence[Int64Array], rng: np.random.Generator) -> Int64Array:
        """K crops of a person: cameras in turn, no crop again before all were shown."""
        decks = [rng.permutation(some) for some in cameras]
        first = int(rng.integers(len(decks)))
        picked = []
        for index in range(self._each):
            round_, camera = divmod(index, len(decks))
            deck = decks[(first + camera) % len(decks)]
            picked.append(deck[round_ % len(deck)])
        return np.array(picked, np.int64)
