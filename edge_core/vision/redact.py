"""A still for the set-up: the room without its people."""

from collections.abc import Sequence
from typing import Final

import cv2
import numpy as np

from edge_core.types import Float32Array, Float64Array, ImageArray
from edge_core.vision.floor import Calibration

GROWN: Final = 0.12
"""Share of a box added at each side: hair, hands and bags lie outside."""
CELLS: Final = (3, 6)
"""What is left of a person: this many colours across and down."""
_QUALITIES: Final = (88, 70, 45)
_HIDDEN: Final = (24, 20, 17)


def redacted(
    image: ImageArray, people_xyxy_px: Float32Array, rooms_px: Sequence[Float64Array]
) -> ImageArray:
    """A copy of a picture in which people are a few patches of colour and rooms are covered.

    Args:
        image: uint8 (H, W, 3), BGR.
        people_xyxy_px: float32 (N, 4), boxes of people in it.
        rooms_px: float64 (K, 2) each, corners in pixels of areas nobody may look into.
    """
    copy = image.copy()
    height, width = image.shape[:2]
    for x1, y1, x2, y2 in people_xyxy_px:
        more_x, more_y = (x2 - x1) * GROWN, (y2 - y1) * GROWN
        left, right = max(0, int(x1 - more_x)), min(width, int(x2 + more_x) + 1)
        top, bottom = max(0, int(y1 - more_y)), min(height, int(y2 + more_y) + 1)
        if right - left < 1 or bottom - top < 1:
            continue
        patch = copy[top:bottom, left:right]
        few = cv2.resize(patch, CELLS, interpolation=cv2.INTER_AREA)
        size = (right - left, bottom - top)
        copy[top:bottom, left:right] = cv2.resize(few, size, interpolation=cv2.INTER_NEAREST)
    for room in rooms_px:
        cv2.fillPoly(copy, [np.round(room).astype(np.int32)], _HIDDEN)
    return copy


def room_px(
    calibration: Calibration, polygon_m: Float64Array, size_px: tuple[int, int]
) -> Float64Array:
    """Where the floor of a room lies in the picture.

    Args:
        calibration: the camera's.
        polygon_m: float64 (N, 2), its corners on the plan.
        size_px: width and height of the picture.

    Returns:
        float64 (K, 2) in pixels; what lies behind the camera is cut off, K may be 0.
    """
    to_picture = np.linalg.inv(calibration.to_floor)
    seen = np.column_stack([polygon_m, np.ones(len(polygon_m))]) @ to_picture.T
    nearest = 1e-3 * float(np.abs(seen[:, 2]).max())
    corners = []
    for here, after in zip(seen, np.roll(seen, -1, axis=0), strict=True):
        if here[2] >= nearest:
            corners.append(here)
        if (here[2] >= nearest) != (after[2] >= nearest):
            share = (nearest - here[2]) / (after[2] - here[2])
            corners.append(here + share * (after - here))
    if len(corners) < 3:
        return np.zeros((0, 2))
    cut = np.array(corners)
    width, height = calibration.picture_px
    scale = np.array([size_px[0] / width, size_px[1] / height])
    far = 20.0 * max(size_px)  # beyond any picture; keeps the corners within 32 bits
    return np.asarray(np.clip(cut[:, :2] / cut[:, 2:] * scale, -far, far))


def encoded(image: ImageArray, most_bytes: int) -> bytes:
    """The picture as JPEG of at most so many bytes.

    Raises:
        ValueError: it cannot be made so small.
    """
    for quality in _QUALITIES:
        done, data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])
        if done and len(data) <= most_bytes:
            return data.tobytes()
    raise ValueError(f"a picture of {image.shape} does not fit {most_bytes} bytes")
