"""What a track looks like: a running, quality-weighted mean of its embeddings. RAM only."""

from collections.abc import Sequence

import numpy as np

from edge_core.types import Float32Array

BLOCKS = 4
"""An embedding is a global block and three stripes, each of which is compared on its own."""
MINIMUM_QUALITY = 0.2
"""Crops below this show too little of a body to say who it is."""


class Appearance:
    """Quality-weighted mean embedding of one track."""

    def __init__(self) -> None:
        self.weight = 0.0
        self._sum: Float32Array | None = None
        self._template: Float32Array | None = None

    def add(self, embedding: Float32Array, quality: float) -> bool:
        """Take in one embedding, float32 (D,), D a multiple of `BLOCKS`; False if too poor."""
        if quality < MINIMUM_QUALITY or not np.isfinite(embedding).all():
            return False
        part = quality * embedding
        self._sum = part if self._sum is None else self._sum + part
        self.weight += quality
        self._template = None
        return True

    @property
    def template(self) -> Float32Array | None:
        """Float32 (D,) of unit length with blocks of equal length, or None before any embedding.

        The dot product of two templates is the mean cosine of their blocks.
        """
        if self._template is None and self._sum is not None:
            blocks = self._sum.reshape(BLOCKS, -1)
            norms = np.maximum(np.linalg.norm(blocks, axis=1, keepdims=True), 1e-12)
            self._template = (blocks / norms / np.sqrt(BLOCKS)).reshape(-1).astype(np.float32)
        return self._template


def similarity(query: Float32Array, templates: Sequence[Float32Array]) -> float:
    """Highest mean block cosine between a template and several; -1 when there are none."""
    return max((float(template @ query) for template in templates), default=-1.0)
