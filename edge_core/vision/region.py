"""Which part of a frame to look for people in: where something moved, and where people are known.

What a detector costs grows with the area it is given. A part is looked at in the scale of the
whole, so that people have the size they would have there; its sides are whole steps of the
network's stride. Ours.
"""

from math import ceil, floor
from typing import Final

import numpy as np

from edge_core.types import BoolArray, BoxPx, Float32Array
from edge_core.vision.letterbox import STRIDE_PX

MARGIN: Final = 0.08
"""Of the frame's long side, added on every side: limbs move less than the gate can tell."""
WORTH_IT: Final = 0.8
"""A part larger than this share of the frame is not told apart from the whole."""
_EDGE_PX: Final = 2.0


def part_to_look_at(
    moved_px: BoxPx | None, known_px: Float32Array, size_px: tuple[int, int], network_px: int
) -> BoxPx | None:
    """The part of a frame that holds what moved and who is known.

    Args:
        moved_px: where something moved, None = nowhere.
        known_px: float32 (N, 4), where people are expected.
        size_px: width and height of the frame.
        network_px: long side of the network's input when it is given the whole frame.

    Returns:
        The part; None for the whole frame.
    """
    boxes = known_px if moved_px is None else np.vstack([known_px, np.array([moved_px])])
    if not len(boxes):
        return None
    margin = MARGIN * max(size_px)
    step = STRIDE_PX * max(size_px) / network_px
    x1, x2 = _steps(boxes[:, 0].min() - margin, boxes[:, 2].max() + margin, size_px[0], step)
    y1, y2 = _steps(boxes[:, 1].min() - margin, boxes[:, 3].max() + margin, size_px[1], step)
    if (x2 - x1) * (y2 - y1) > WORTH_IT * size_px[0] * size_px[1]:
        return None
    return x1, y1, x2, y2


def cut_off(xyxy_px: Float32Array, part: BoxPx, size_px: tuple[int, int]) -> BoolArray:
    """Which boxes end where the part ends and the frame goes on: somebody seen only partly.

    Args:
        xyxy_px: float32 (N, 4), in the frame.
        part: that was looked at.
        size_px: width and height of the frame.

    Returns:
        bool (N,).
    """
    x1, y1, x2, y2 = part
    width, height = size_px
    return np.asarray(
        ((x1 > 0) & (xyxy_px[:, 0] < x1 + _EDGE_PX))
        | ((y1 > 0) & (xyxy_px[:, 1] < y1 + _EDGE_PX))
        | ((x2 < width) & (xyxy_px[:, 2] > x2 - _EDGE_PX))
        | ((y2 < height) & (xyxy_px[:, 3] > y2 - _EDGE_PX)),
        np.bool_,
    )


def _steps(low: float, high: float, side_px: int, step: float) -> tuple[int, int]:
    """The least whole number of steps that holds low to high, within the side."""
    first, last = max(0, floor(low)), min(side_px, ceil(high))
    count = max(1, ceil((last - first) / step))
    length = int(count * step)
    if length >= side_px:
        return 0, side_px
    start = min(max(0, (first + last - length) // 2), side_px - length)
    return start, start + length
