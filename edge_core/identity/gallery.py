"""What everybody remembered looks like, in one matrix, so that asking for all costs one product.

In memory only, with the visitors' time to live; see `appearance` for what a similarity is.
"""

from collections.abc import Hashable
from typing import Final

import numpy as np
from scipy.sparse import csr_array

from edge_core.identity.appearance import block_lengths
from edge_core.types import EMBEDDING_BLOCKS, Float32Array, Float64Array, Int64Array

NEWEST: Final = 2
"""How many of an owner's templates say what they look like lately."""
_FIRST: Final = 64
_NOUGHT: Final = 1e-12


class Gallery:
    """Templates by name of what they are of (a track), each owned by somebody above zero."""

    def __init__(self) -> None:
        self._rows: Float32Array = np.zeros((_FIRST, 0), np.float32)
        self._lengths: Float32Array = np.zeros((_FIRST, EMBEDDING_BLOCKS), np.float32)
        self._owner: Int64Array = np.zeros(_FIRST, np.int64)
        self._since: Int64Array = np.zeros(_FIRST, np.int64)
        self._count = 0
        self._place: dict[Hashable, int] = {}
        self._free = list(range(_FIRST - 1, -1, -1))

    def __len__(self) -> int:
        return len(self._place)

    def put(self, name: Hashable, owner: int, template: Float32Array) -> None:
        """Remember a template, float32 (D,), or its newer state."""
        if self._rows.shape[1] == 0:
            self._rows = np.zeros((len(self._owner), len(template)), np.float32)
        place = self._place.get(name)
        if place is None:
            place = self._place[name] = self._free.pop() if self._free else self._grow()
            self._count += 1
            self._since[place] = self._count
        self._rows[place] = template
        self._lengths[place] = block_lengths(template)
        self._owner[place] = owner

    def give(self, name: Hashable, owner: int) -> None:
        """Let a template, if there is one of that name, be another one's."""
        place = self._place.get(name)
        if place is not None:
            self._owner[place] = owner

    def drop(self, name: Hashable) -> bool:
        """Forget a template; whether there was one of that name."""
        place = self._place.pop(name, None)
        if place is None:
            return False
        self._owner[place] = 0
        self._rows[place] = 0
        self._free.append(place)
        return True

    def best(self, query: Float32Array, owners: Int64Array) -> Float64Array:
        """Highest similarity of a template with any of each owner's.

        Args:
            query: the template asked with, float32 (D,).
            owners: int64 (N,), each once.

        Returns:
            float64 (N,); NaN for owners without a template.
        """
        rows, column = self._rows_of(owners)
        seen = np.maximum(self._lengths[rows] @ block_lengths(query), _NOUGHT)
        found = np.full(len(owners), -np.inf)
        np.maximum.at(found, column, self._rows[rows] @ query / seen)
        return np.where(np.isfinite(found), found, np.nan)

    def means(self, owners: Int64Array, others: Int64Array, newest: int = NEWEST) -> Float64Array:
        """Mean similarity of the newest templates of some owners with those of others (ours).

        Unlike the best of many it does not grow with their number; and what was wrongly taken
        for somebody's long ago misleads no more.

        Args:
            owners: int64 (A,), each once.
            others: int64 (N,), each once.
            newest: how many of each owner's templates count.

        Returns:
            float64 (A, N); NaN where either has no template.
        """
        rows, row = self._newest(*self._rows_of(owners), newest)
        columns, column = self._newest(*self._rows_of(others), newest)
        seen = np.maximum(self._lengths[rows] @ self._lengths[columns].T, _NOUGHT)
        scores = self._rows[rows] @ self._rows[columns].T / seen
        by_owner = _averaging(row, len(owners)) @ scores
        found = np.asarray((_averaging(column, len(others)) @ by_owner.T).T, np.float64)
        found[np.bincount(row, minlength=len(owners)) == 0] = np.nan
        found[:, np.bincount(column, minlength=len(others)) == 0] = np.nan
        return found

    def _rows_of(self, owners: Int64Array) -> tuple[Int64Array, Int64Array]:
        """Places of all templates of some owners (M,), and which owner each is of (M,)."""
        if not len(owners):
            return np.zeros(0, np.int64), np.zeros(0, np.int64)
        order = np.argsort(owners)
        place = np.minimum(np.searchsorted(owners, self._owner, sorter=order), len(owners) - 1)
        index = order[place]
        rows = np.flatnonzero(owners[index] == self._owner)
        return rows, index[rows].astype(np.int64)

    def _newest(
        self, rows: Int64Array, owner: Int64Array, count: int
    ) -> tuple[Int64Array, Int64Array]:
        """Only the `count` rows (M,) that were put last for each owner (M,)."""
        order = np.lexsort((-self._since[rows], owner))
        rows, owner = rows[order], owner[order]
        begins = np.searchsorted(owner, owner)
        kept = np.arange(len(owner)) - begins < count
        return rows[kept], owner[kept]

    def _grow(self) -> int:
        """Twice the room; returns a free place."""
        count = len(self._owner)
        self._rows = np.concatenate([self._rows, np.zeros_like(self._rows)])
        self._lengths = np.concatenate([self._lengths, np.zeros_like(self._lengths)])
        self._owner = np.concatenate([self._owner, np.zeros_like(self._owner)])
        self._since = np.concatenate([self._since, np.zeros_like(self._since)])
        self._free = list(range(2 * count - 1, count, -1))
        return count


def _averaging(group: Int64Array, count: int) -> csr_array:
    """Sparse (count, M) that averages M values by group; empty groups get 0."""
    size = np.bincount(group, minlength=count)
    weights = (1 / size[group]).astype(np.float32)
    return csr_array((weights, (group, np.arange(len(group)))), shape=(count, len(group)))
