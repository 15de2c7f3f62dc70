"""Person crops made harder, one by one."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from edge_core.training.detector.augment import colour_changed, spoilt
from edge_core.types import ImageArray
from edge_core.vision.letterbox import PAD

PAD_SHARE: Final = 0.06
_ERASED_AREA: Final = (0.02, 0.3)
_ERASED_ASPECT: Final = (0.3, 3.3)
_TINT: Final = 0.2
_COARSE_SHARE: Final = (0.2, 0.6)


@dataclass(frozen=True, slots=True)
class CropHardness:
    """How often crops are changed, as shares of all.

    Attributes:
        erased: a random rectangle covered (Zhong et al. 2020).
        tinted: under lamps of another colour.
        coarse: shown as if the person were 40 to 115 px high.
        spoilt: blurred, darkened, hazed, downscaled or compressed.
    """

    erased: float = 0.4
    tinted: float = 0.2
    coarse: float = 0.15
    spoilt: float = 0.15


def varied(
    crop: ImageArray, size_px: tuple[int, int], hardness: CropHardness, rng: np.random.Generator
) -> ImageArray:
    """One training crop, uint8 (height, width, 3).

    Args:
        crop: uint8 (H, W, 3), BGR.
        size_px: width and height of the result.
        hardness: how much is changed.
        rng: all chance.
    """
    image = np.asarray(cv2.resize(crop, size_px), np.uint8)
    if rng.random() < 0.5:
        image = np.ascontiguousarray(image[:, ::-1])
    return marred(_shifted(image, rng), hardness, rng)


def marred(image: ImageArray, hardness: CropHardness, rng: np.random.Generator) -> ImageArray:
    """Other colours, coarser, spoilt or covered in part, uint8 of the same size."""
    height, width = image.shape[:2]
    image = colour_changed(image, rng)
    if rng.random() < hardness.tinted:
        image = tinted(image, rng)
    if rng.random() < hardness.coarse:
        share = rng.uniform(*_COARSE_SHARE)
        small = cv2.resize(
            image, (round(width * share), round(height * share)), interpolation=cv2.INTER_AREA
        )
        image = np.asarray(cv2.resize(small, (width, height)), np.uint8)
    if rng.random() < hardness.spoilt:
        image = spoilt(image, rng)
    return erased(image, rng) if rng.random() < hardness.erased else image


def _shifted(image: ImageArray, rng: np.random.Generator) -> ImageArray:
    """Padded all round and cut to the old size at a random place."""
    height, width = image.shape[:2]
    margin = round(height * PAD_SHARE)
    wide = cv2.copyMakeBorder(
        image, margin, margin, margin, margin, cv2.BORDER_CONSTANT, value=(PAD, PAD, PAD)
    )
    top, left = rng.integers(0, 2 * margin + 1, 2)
    return np.ascontiguousarray(wide[top : top + height, left : left + width], np.uint8)


def tinted(image: ImageArray, rng: np.random.Generator) -> ImageArray:
    """Each channel stronger or weaker by up to a fifth, as white balance differs by camera."""
    gains = rng.uniform(1 - _TINT, 1 + _TINT, 3)
    table = np.clip(np.arange(256)[:, None] * gains, 0, 255).astype(np.uint8)[None]
    return np.asarray(cv2.LUT(image, table), np.uint8)


def erased(image: ImageArray, rng: np.random.Generator) -> ImageArray:
    """A rectangle of 2 to 30 % of the area filled with one random colour."""
    height, width = image.shape[:2]
    area = rng.uniform(*_ERASED_AREA) * height * width
    aspect = np.exp(rng.uniform(*np.log(_ERASED_ASPECT)))
    high = min(height, max(1, round(float(np.sqrt(area * aspect)))))
    wide = min(width, max(1, round(float(np.sqrt(area / aspect)))))
    top, left = rng.integers(0, height - high + 1), rng.integers(0, width - wide + 1)
    changed = image.copy()
    changed[top : top + high, left : left + wide] = rng.integers(0, 256, 3)
    return changed
