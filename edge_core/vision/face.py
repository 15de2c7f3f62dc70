"""Age and gender from aligned face chips, for anonymous shares of visitors only."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from edge_core.types import BoolArray, Float32Array, ImageArray, checked
from edge_core.vision.crop_network import CropNetwork

MINOR_MOST: Final = 0.01
"""Probability of being under 18 from which nobody's gender is told."""
SURE_LEAST: Final = 0.8
"""Confidence in a gender below which it is not told."""
_MEAN, _SCALE = 115.0, 1 / 65


@dataclass(frozen=True, slots=True)
class FaceAttributes:
    """Estimates for N faces.

    Attributes:
        age_years: float32 (N,).
        p_female: float32 (N,), 0..1, calibrated on adults. Little better than a guess for
            children: count nobody whose `gender_usable` is False.
        p_minor: float32 (N,), 0..1, of being under 18.
    """

    age_years: Float32Array
    p_female: Float32Array
    p_minor: Float32Array

    def __post_init__(self) -> None:
        checked(self.age_years, "age_years", (None,), np.float32)
        checked(self.p_female, "p_female", (len(self.age_years),), np.float32)
        checked(self.p_minor, "p_minor", (len(self.age_years),), np.float32)

    def __len__(self) -> int:
        return len(self.age_years)

    @property
    def gender_usable(self) -> BoolArray:
        """Whose gender may be counted: bool (N,), True for those judged adult and told surely."""
        sure = np.maximum(self.p_female, 1 - self.p_female)
        return np.asarray((self.p_minor < MINOR_MOST) & (sure >= SURE_LEAST))


class FaceAttributeModel(CropNetwork):
    """Estimates age and gender."""

    kind = "face-attributes"

    def predict(self, chips: Sequence[ImageArray]) -> FaceAttributes:
        """Age and gender of each face.

        Args:
            chips: BGR pictures of aligned faces, uint8 (H, W, 3), each of any size.
        """
        if not chips:
            return FaceAttributes(*np.zeros((3, 0), np.float32))
        for chip in chips:
            checked(chip, "chip", (None, None, 3), np.uint8)
        inputs = cv2.dnn.blobFromImages(
            [cv2.resize(chip, self.spec.input_size_px) for chip in chips],
            _SCALE,
            mean=(_MEAN, _MEAN, _MEAN),
        )
        rows, minor = self._session.run({self.spec.input_name: inputs})
        return FaceAttributes(rows[:, 0].copy(), rows[:, 1].copy(), minor)
