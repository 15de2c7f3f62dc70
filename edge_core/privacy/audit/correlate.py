"""Where in a long row of numbers a short one stands, up to its scale (ours).

Overlap-save correlation by FFT, each window divided by its own length, so that 1 is the same
direction. Pixels are compared less their mean, embeddings as they are.
"""

from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np
from scipy.fft import irfft, rfft

from edge_core.types import Float32Array, Int64Array

_BLOCKS: Final = (1 << 12, 1 << 15, 1 << 18)
"""Lengths of what is transformed at once: the shortest that the row fits in, or the longest."""
_PAGE: Final = 1024
_MOST: Final = 4.0
LARGEST: Final = 8.0
"""Of an embedding, several times over; what is larger would drown the rest in rounding."""


class Correlator:
    """Finds some vectors of one length in long rows of numbers.

    Args:
        vectors: float32 (V, L), L at least 16.
        centred: whether windows and vectors are compared less their means.
        limit: cosine from which a window counts as found.
    """

    def __init__(self, vectors: Float32Array, *, centred: bool = False, limit: float) -> None:
        kernels = np.asarray(vectors, np.float64)
        if centred:
            kernels = kernels - kernels.mean(axis=1, keepdims=True)
        kernels = kernels / np.linalg.norm(kernels, axis=1, keepdims=True)
        self._length = kernels.shape[1]
        self._centred, self._limit = centred, limit
        self._turned = [it[::-1].astype(np.float32) for it in kernels]
        self._kernels: dict[int, list[Any]] = {}

    def places(self, row: Float32Array) -> Iterator[int]:
        """Where in float32 (N,) finite numbers a window is one of the vectors, rising by block."""
        size = next((it for it in _BLOCKS if it >= len(row) + self._length), _BLOCKS[-1])
        step = size - self._length + 1
        for begin in range(0, max(1, len(row) - self._length + 1), step):
            block = row[begin : begin + size]
            if len(block) < self._length or not block.any():
                continue
            for place in self._in_block(block, size):
                yield begin + place

    def _in_block(self, block: Float32Array, size: int) -> Sequence[int]:
        windows = len(block) - self._length + 1
        length = self._norms(block, windows)
        seen: Any = length > 1e-4
        if not seen.any():
            return ()
        if size not in self._kernels:
            self._kernels[size] = [rfft(it, size) for it in self._turned]
        turned = rfft(block, size)
        found = np.zeros(windows, np.bool_)
        for kernel in self._kernels[size]:
            both = irfft(turned * kernel, size)[self._length - 1 : self._length - 1 + windows]
            found |= seen & (both >= self._limit * length)
        places: Int64Array = np.flatnonzero(found)
        return [int(it) for it in places]

    def _norms(self, block: Float32Array, windows: int) -> np.ndarray:
        wide = block.astype(np.float64)
        square = _window_sums(wide * wide, self._length, windows)
        if self._centred:
            square = square - _window_sums(wide, self._length, windows) ** 2 / self._length
        return np.asarray(np.sqrt(np.maximum(square, 0)))


def _window_sums(values: np.ndarray, length: int, windows: int) -> np.ndarray:
    total = np.concatenate([[0.0], np.cumsum(values)])
    return np.asarray(total[length : length + windows] - total[:windows])


def likely(row: Float32Array, run: int) -> tuple[Float32Array, Int64Array]:
    """Only the pages of a row that may hold `run` numbers of an embedding, and whence each came.

    Most memory holds no numbers at all, and text none below nought: this spares both the work.
    float32 (N,) gives float32 (M,) and int64 (M,). A page is kept with its neighbours, because a
    vector may lie across both.
    """
    pages = len(row) // _PAGE
    if not pages:
        return row, np.arange(len(row))
    values = row[: pages * _PAGE].reshape(pages, _PAGE)
    with np.errstate(invalid="ignore"):
        above = ((values > 1e-6) & (values < _MOST)).sum(axis=1)
        below = ((values < -1e-6) & (values > -_MOST)).sum(axis=1)
    some = (above + below >= run // 2) & (above >= run // 16) & (below >= run // 16)
    kept = np.concatenate([some, [True]])  # what is left over at the end
    kept[1:] |= some
    kept[:-2] |= some[1:]
    place = np.flatnonzero(np.repeat(kept, _PAGE)[: len(row)])
    return row[place], place


def plausible(row: Float32Array) -> Float32Array:
    """The same with nought in place of what no embedding holds: no numbers, huge ones."""
    with np.errstate(invalid="ignore"):
        return np.where(np.abs(row) <= LARGEST, row, np.float32(0)).astype(np.float32)
