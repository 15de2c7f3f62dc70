"""What people wear and carry, from person crops; no face is needed and nobody is named."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from edge_core.types import Float32Array, ImageArray, checked
from edge_core.vision.crop_network import CropNetwork
from edge_core.vision.crops import HARDLY_SEEN, STRIPES

BODY_ATTRIBUTES: Final = (
    "female",
    "bag",
    "backpack",
    "hat",
    "long_sleeves",
    "long_trousers",
    "long_hair",
    "coat",
)
"""Columns of `BodyAttributes.probability`. `female` is how somebody is dressed and built as seen
by a camera (gender presentation), not who they are."""

BODY_ATTRIBUTES_ON: Final[tuple[str, ...]] = ()
"""Attributes shown by default: those whose mean recognition rate (mA) against hand labels is at
least .75 at the lower end of its 95 % interval. With the shipped weights none is; the card tells
the figures. A shop may switch one on after an audit of its own."""

_BODY, _HEAD, _MIDDLE, _LEGS = range(4)
_SHOWN_BY: Final = (_BODY, _MIDDLE, _MIDDLE, _HEAD, _MIDDLE, _LEGS, _HEAD, _MIDDLE)
"""Part of the body that tells each attribute, as columns of `crops.part_visibility`."""


def look_weights(quality: Float32Array, visible: Float32Array) -> Float32Array:
    """What each look is worth to `fusion` by attribute: float32 (N, 8), 0..1 (ours).

    A crop that ends at the knees tells of hats as well as any other, and nothing of trousers.

    Args:
        quality: float32 (N,), from `crops.crop_quality`.
        visible: float32 (N, 4), from `crops.part_visibility`.
    """
    checked(quality, "quality", (None,), np.float32)
    checked(visible, "visible", (len(quality), 1 + STRIPES), np.float32)
    shown = visible[:, _SHOWN_BY]
    return np.where(shown >= HARDLY_SEEN, quality[:, None] * shown, 0).astype(np.float32)


@dataclass(frozen=True, slots=True)
class BodyAttributes:
    """Estimates for N people.

    Attributes:
        probability: float32 (N, 8), 0..1, a column per name in `BODY_ATTRIBUTES`.
    """

    probability: Float32Array

    def __post_init__(self) -> None:
        checked(self.probability, "probability", (None, len(BODY_ATTRIBUTES)), np.float32)

    def __len__(self) -> int:
        return len(self.probability)

    def of(self, attribute: str) -> Float32Array:
        """One attribute's probabilities, float32 (N,). Raises ValueError for an unknown name."""
        return self.probability[:, BODY_ATTRIBUTES.index(attribute)]


class BodyAttributeModel(CropNetwork):
    """Estimates body attributes."""

    kind = "body-attributes"

    def predict(self, crops: Sequence[ImageArray]) -> BodyAttributes:
        """Attributes of each person.

        Args:
            crops: BGR person crops, uint8 (H, W, 3), each of any size.
        """
        if not crops:
            return BodyAttributes(np.zeros((0, len(BODY_ATTRIBUTES)), np.float32))
        for image in crops:
            checked(image, "crop", (None, None, 3), np.uint8)
        inputs = cv2.dnn.blobFromImages([cv2.resize(i, self.spec.input_size_px) for i in crops])
        return BodyAttributes(self._session.run({self.spec.input_name: inputs})[0])
