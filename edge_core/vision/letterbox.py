"""Fitting a picture of any size into a network's input without changing its proportions."""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from edge_core.types import Float32Array, ImageArray

PAD: Final = 114
STRIDE_PX: Final = 32


@dataclass(frozen=True, slots=True)
class Letterbox:
    """How a picture was fitted: scaled, put at the top left, padded right and below.

    Attributes:
        source_px: width and height of the picture.
        content_px: width and height of the scaled picture.
        canvas_px: width and height with the padding, multiples of 32.
    """

    source_px: tuple[int, int]
    content_px: tuple[int, int]
    canvas_px: tuple[int, int]

    @classmethod
    def plan(cls, source_px: tuple[int, int], size_px: int, *, square: bool = False) -> "Letterbox":
        """Fit the long side into `size_px`.

        Args:
            source_px: width and height of the picture.
            size_px: long side of the canvas, a multiple of 32.
            square: pad to a square instead of to the next multiples of 32; slower and no better.
        """
        if size_px < STRIDE_PX or size_px % STRIDE_PX:
            raise ValueError(f"size_px must be a positive multiple of {STRIDE_PX}, got {size_px}")
        scale = size_px / max(source_px)
        width, height = (max(1, round(side * scale)) for side in source_px)
        if square:
            return cls(source_px, (width, height), (size_px, size_px))
        canvas = (-(-width // STRIDE_PX) * STRIDE_PX, -(-height // STRIDE_PX) * STRIDE_PX)
        return cls(source_px, (width, height), canvas)

    def apply(self, image: ImageArray) -> ImageArray:
        """The fitted picture, uint8 (H, W, 3) of the canvas, from uint8 (h, w, 3)."""
        width, height = self.content_px
        canvas = np.full((self.canvas_px[1], self.canvas_px[0], 3), PAD, np.uint8)
        canvas[:height, :width] = cv2.resize(_halved(image, width, height), (width, height))
        return canvas

    def to_canvas(self, xyxy_px: Float32Array) -> Float32Array:
        """Boxes (N, 4) of the picture as boxes of the canvas."""
        return np.asarray(xyxy_px * self._scale(), np.float32)

    def to_source(self, xyxy_px: Float32Array) -> Float32Array:
        """Boxes (N, 4) of the canvas as boxes of the picture."""
        return np.asarray(xyxy_px / self._scale(), np.float32)

    def _scale(self) -> Float32Array:
        # Rounding to whole pixels makes the two axes' scales differ slightly.
        x = self.content_px[0] / self.source_px[0]
        y = self.content_px[1] / self.source_px[1]
        return np.array([x, y, x, y], np.float32)


def _halved(image: ImageArray, width: int, height: int) -> ImageArray:
    """The picture halved as often as it stays no smaller than asked for.

    The linear filter that follows reads two pixels of a row however many it skips.
    """
    while image.shape[1] >= 2 * width and image.shape[0] >= 2 * height:
        half = (image.shape[1] // 2, image.shape[0] // 2)
        image = cv2.resize(image, half, interpolation=cv2.INTER_AREA).astype(np.uint8, copy=False)
    return image
