"""Appearance embeddings of person crops. They live in memory only.

Networks differ in how alike they find strangers, and what follows must not: every block carries
one constant number besides what the network says, so large that two strangers' cosine comes to lie
where it lies for all, and that of equal crops stays at one (ours). Who is nearest stays the same.
"""

from collections.abc import Sequence
from math import sqrt
from typing import Final

import cv2
import numpy as np

from edge_core.runtime.inference import InferenceSession, Provider
from edge_core.types import EMBEDDING_BLOCKS, Float32Array, ImageArray, checked
from edge_core.vision.appearance import PER_FRAME
from edge_core.vision.models import ModelSpec, find_model

STRANGERS: Final = 0.37
"""Where two strangers' cosine lies, whatever the network; `identity.evidence` was fitted to it."""


class Embedder:
    """Turns person crops into unit vectors; the cosine of two tells how alike they look.

    Args:
        spec: the model's manifest entry.
        session: its loaded network.
        said: length of what the network says of a crop.
    """

    def __init__(self, spec: ModelSpec, session: InferenceSession, said: int) -> None:
        self.spec = spec
        self.dimensions = said + EMBEDDING_BLOCKS
        self._session = session
        self._shared = sqrt((1 - spec.strangers) / (1 - STRANGERS) - 1)

    @classmethod
    def load(cls, name: str, *, provider: Provider = "auto", threads: int = 1) -> "Embedder":
        """See `edge_core.vision.load_embedder`."""
        spec, path = find_model(name, "embedder")
        width, height = spec.input_size_px
        probe = {spec.input_name: np.zeros((1, 3, height, width), np.float32)}
        session = InferenceSession(path, probe, provider=provider, threads=threads)
        return cls(spec, session, session.run(probe)[0].shape[1])

    @property
    def provider(self) -> str:
        """What runs the network."""
        return self._session.provider

    def wipe(self) -> None:
        """Let nothing of the last crops stay in the network's own memory.

        It keeps the memory of its layers for the next run, one piece for each number of crops.
        """
        width, height = self.spec.input_size_px
        for crops in range(1, PER_FRAME + 1):
            blank = np.zeros((crops, 3, height, width), np.float32)
            self._session.run({self.spec.input_name: blank})

    def embed(
        self, crops: Sequence[ImageArray], visible: Float32Array | None = None
    ) -> Float32Array:
        """One embedding per crop.

        Args:
            crops: BGR person crops, uint8 (H, W, 3), each of any size.
            visible: float32 (N, 4), how much of the body and of each stripe a crop shows, not all
                nought; everything when None.

        Returns:
            float32 (N, `dimensions`), rows of unit length. A row is four blocks of equal size: the
            whole body, then three stripes from the top. Their lengths go as `visible`; all are
            1/2 without it.
        """
        if not crops:
            return np.zeros((0, self.dimensions), np.float32)
        for image in crops:
            checked(image, "crop", (None, None, 3), np.uint8)
        inputs = cv2.dnn.blobFromImages([cv2.resize(i, self.spec.input_size_px) for i in crops])
        said = self._session.run({self.spec.input_name: inputs})[0]
        blocks = said.reshape(len(crops), EMBEDDING_BLOCKS, -1)
        shared = np.full((*blocks.shape[:2], 1), self._shared, np.float32)
        blocks = np.concatenate([blocks, shared], axis=2)
        if visible is not None:
            checked(visible, "visible", (len(crops), EMBEDDING_BLOCKS), np.float32)
            blocks = blocks * visible[:, :, None]
        rows = blocks.reshape(len(crops), -1)
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        return np.asarray(rows / np.maximum(lengths, 1e-12), np.float32)
