"""Whether somebody's hands are at goods, from one person crop."""

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np

from edge_core.types import Float32Array, ImageArray, checked
from edge_core.vision.crop_network import CropNetwork
from edge_core.vision.letterbox import PAD

WIDTH_PX: Final = 96
HEIGHT_PX: Final = 160
CONTEXT: Final = 0.15
"""Of a box's size, seen beyond it on every side: an arm and what it reaches for."""
_LEAST: Final = 1e-6
PREVALENCE: Final = 0.0597
"""Share of handling among the crops that the shipped probabilities are calibrated on."""


def at_even_odds(p: Float32Array) -> Float32Array:
    """What the picture alone tells, float32 (N,): one half where it tells nothing.

    Args:
        p: float32 (N,), from `ActionClassifier.predict`, calibrated at `PREVALENCE`.
    """
    odds = p / np.maximum(1 - p, _LEAST) * ((1 - PREVALENCE) / PREVALENCE)
    return np.asarray(odds / (1 + odds), np.float32)


def surroundings(frame: ImageArray, xyxy_px: Float32Array, context: float = CONTEXT) -> ImageArray:
    """A box (4,) of a frame and what is around it, uint8 (H, W, 3); grey beyond the edge.

    Args:
        frame: BGR uint8 (H, W, 3).
        xyxy_px: the person's box.
        context: share of the box's size added on every side.
    """
    height, width = frame.shape[:2]
    x1, y1, x2, y2 = (float(side) for side in xyxy_px)
    wide, high = max(x2 - x1, 1.0) * context, max(y2 - y1, 1.0) * context
    left, top = int(np.floor(x1 - wide)), int(np.floor(y1 - high))
    right, bottom = int(np.ceil(x2 + wide)), int(np.ceil(y2 + high))
    inside = frame[
        min(max(0, top), height - 1) : max(min(height, bottom), 1),
        min(max(0, left), width - 1) : max(min(width, right), 1),
    ]
    sides = (max(0, -top), max(0, bottom - height), max(0, -left), max(0, right - width))
    if not any(sides):
        return inside
    grey = (PAD, PAD, PAD)
    return np.asarray(cv2.copyMakeBorder(inside, *sides, cv2.BORDER_CONSTANT, value=grey), np.uint8)


class ActionClassifier(CropNetwork):
    """Tells whether people handle goods."""

    kind = "action"

    def predict(self, crops: Sequence[ImageArray]) -> Float32Array:
        """Probability that the hands are at goods, float32 (N,), calibrated at `PREVALENCE`.

        Args:
            crops: BGR crops from `surroundings`, uint8 (H, W, 3), each of any size.
        """
        if not crops:
            return np.zeros(0, np.float32)
        for image in crops:
            checked(image, "crop", (None, None, 3), np.uint8)
        inputs = cv2.dnn.blobFromImages([cv2.resize(i, self.spec.input_size_px) for i in crops])
        return np.asarray(self._session.run({self.spec.input_name: inputs})[0][:, 0], np.float32)
