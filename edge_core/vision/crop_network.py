"""What networks that look at crops of one size share: how they are found, loaded and tried."""

from typing import ClassVar, Self

import numpy as np

from edge_core.runtime.inference import InferenceSession, Provider
from edge_core.vision.models import Kind, ModelSpec, find_model


class CropNetwork:
    """A network of the manifest whose input is float32 (N, 3, H, W) of the manifest's size.

    Args:
        spec: the model's manifest entry.
        session: its loaded network.
    """

    kind: ClassVar[Kind]

    def __init__(self, spec: ModelSpec, session: InferenceSession) -> None:
        self.spec = spec
        self._session = session

    @classmethod
    def load(cls, name: str, *, provider: Provider = "auto", threads: int = 1) -> Self:
        """Load a model of this kind by its name; see the loaders of `edge_core.vision`.

        Raises:
            ModelError: there is no such model, or its file is missing or altered.
        """
        spec, path = find_model(name, cls.kind)
        width, height = spec.input_size_px
        probe = {spec.input_name: np.zeros((1, 3, height, width), np.float32)}
        return cls(spec, InferenceSession(path, probe, provider=provider, threads=threads))

    @property
    def provider(self) -> str:
        """What runs the network."""
        return self._session.provider
