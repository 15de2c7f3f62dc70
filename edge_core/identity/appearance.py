"""What a track looks like: a running, quality-weighted mean of its embeddings. RAM only.

An embedding is a global block and three stripes, each compared on its own and weighed by how well
both sides show it: `similarity` is sum_k v_k w_k cos_k / sum_k v_k w_k over the blocks. The
lengths of an embedding's blocks carry its visibilities v, those of a template the w.
"""

from collections.abc import Sequence

import numpy as np

from edge_core.types import EMBEDDING_BLOCKS, Float32Array

MINIMUM_QUALITY = 0.2
"""Crops below this show too little of a body to say who it is."""
_NOUGHT = 1e-12


class Appearance:
    """Quality-weighted mean embedding of one track, block by block."""

    def __init__(self) -> None:
        self.weight = 0.0
        self._sum: Float32Array | None = None
        self._visible = np.zeros(EMBEDDING_BLOCKS, np.float32)
        self._template: Float32Array | None = None

    def add(self, embedding: Float32Array, quality: float) -> bool:
        """Take in one embedding, float32 (D,) of four blocks; False if too poor."""
        if quality < MINIMUM_QUALITY or not np.isfinite(embedding).all():
            return False
        lengths = block_lengths(embedding)
        most = max(float(lengths.max()), _NOUGHT)
        part = (quality / most * embedding).reshape(EMBEDDING_BLOCKS, -1)
        self._sum = part if self._sum is None else self._sum + part
        # One good look at the legs is enough to know them.
        self._visible = np.maximum(self._visible, lengths / most)
        self.weight += quality
        self._template = None
        return True

    @property
    def template(self) -> Float32Array | None:
        """Float32 (D,) of unit length, or None before any embedding.

        Its blocks' lengths go as the best visibility each part has had.
        """
        if self._template is None and self._sum is not None:
            norms = np.maximum(np.linalg.norm(self._sum, axis=1), _NOUGHT)
            weights = self._visible / np.linalg.norm(self._visible)
            self._template = (self._sum * (weights / norms)[:, None]).ravel().astype(np.float32)
        return self._template


def block_lengths(row: Float32Array) -> Float32Array:
    """Length of each block of an embedding or template, float32 (4,)."""
    blocks = row.reshape(EMBEDDING_BLOCKS, -1)
    return np.asarray(np.linalg.norm(blocks, axis=1), np.float32)


def similarity(query: Float32Array, templates: Sequence[Float32Array]) -> float:
    """Highest weighted mean of the blocks' cosines with any of several; -1 when there are none.

    Where no part is seen of both, nothing speaks for them being one: 0.
    """
    lengths = block_lengths(query)
    return max(
        (
            float(template @ query) / max(float(lengths @ block_lengths(template)), _NOUGHT)
            for template in templates
        ),
        default=-1.0,
    )
