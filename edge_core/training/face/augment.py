"""Face chips made harder: aligned a little wrong, lit, blurred, compressed and covered."""

from dataclasses import dataclass

import cv2
import numpy as np

from edge_core.training.detector.augment import colour_changed, spoilt
from edge_core.training.reid.augment import erased, tinted
from edge_core.types import ImageArray


@dataclass(frozen=True, slots=True)
class FaceHardness:
    """How far and how often chips are changed.

    Attributes:
        turn_deg: largest rotation.
        shift: largest shift, as a share of the side.
        scale: range of the scale.
        spoil: share blurred, darkened, hazed, downscaled or compressed.
        tint: share under lamps of another colour.
        erase: share with a rectangle covered (Zhong et al. 2020).
        mix: share of batches mixed with their own reverse (Zhang et al. 2018).
    """

    turn_deg: float = 15.0
    shift: float = 0.07
    scale: tuple[float, float] = (0.85, 1.2)
    spoil: float = 0.3
    tint: float = 0.2
    erase: float = 0.3
    mix: float = 0.5


def varied(chip: ImageArray, hardness: FaceHardness, rng: np.random.Generator) -> ImageArray:
    """One training chip, uint8 of the same shape (S, S, 3).

    Args:
        chip: uint8 (S, S, 3), BGR.
        hardness: how much is changed.
        rng: all chance.
    """
    image = np.ascontiguousarray(chip[:, ::-1]) if rng.random() < 0.5 else chip
    image = _misaligned(image, hardness, rng)
    image = colour_changed(image, rng)
    if rng.random() < hardness.tint:
        image = tinted(image, rng)
    if rng.random() < hardness.spoil:
        image = spoilt(image, rng)
    return erased(image, rng) if rng.random() < hardness.erase else image


def _misaligned(image: ImageArray, hardness: FaceHardness, rng: np.random.Generator) -> ImageArray:
    """Turned, scaled and shifted, as landmarks found in poor light do."""
    side = image.shape[0]
    scale = float(np.exp(rng.uniform(*np.log(hardness.scale))))
    turn = float(rng.uniform(-hardness.turn_deg, hardness.turn_deg))
    matrix = cv2.getRotationMatrix2D((side / 2, side / 2), turn, scale)
    matrix[:, 2] += rng.uniform(-hardness.shift, hardness.shift, 2) * side
    moved = cv2.warpAffine(image, matrix, (side, side), borderMode=cv2.BORDER_REFLECT_101)
    return np.asarray(moved, np.uint8)
