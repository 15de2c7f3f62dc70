"""Tells where in a frame something moves, and frames in which nothing does.

Works on luma averaged over small cells, compared with a slowly following background. Averaging
makes it deaf to sensor noise, subtracting the median change deaf to exposure and lamps.
OpenCV can hand out either the decoder's Y plane or BGR from one open stream, not both, so luma
is computed from a subsample of the BGR frame that vision gets anyway. All constants are ours.
"""

from typing import Final

import cv2
import numpy as np

from edge_core.types import EVERYWHERE_PX, BoolArray, BoxPx, Float32Array, ImageArray
from edge_core.units import NS_PER_S

_SUBSAMPLE: Final = 4
_CELL: Final = 4
_FOLLOW: Final = 0.08


class MotionGate:
    """Motion gate of one camera.

    Args:
        level: change of a cell's mean luma (0-255) that counts as movement.
        share: share of moved cells from which a frame counts as moving; at least two cells.
        refresh_ns: a frame counts as moving after this long without one, so that somebody who
            stands still is looked at again.
    """

    def __init__(
        self, *, level: float = 6.0, share: float = 0.0005, refresh_ns: int = NS_PER_S
    ) -> None:
        self._level = level
        self._share = share
        self._refresh_ns = refresh_ns
        self._background: Float32Array | None = None
        self._passed_ns = 0

    def moved_px(self, image: ImageArray, mono_ns: int) -> BoxPx | None:
        """Where the frame shows movement; everywhere when it is due to be looked at anyway.

        Args:
            image: uint8 (H, W, 3), BGR.
            mono_ns: the frame's place on its camera's monotonic timeline.

        Returns:
            The box round all that moved, or None when nothing did.
        """
        cells = cell_luma(image)
        background = self._background
        if background is None or background.shape != cells.shape:
            self._background = cells
            self._passed_ns = mono_ns
            return EVERYWHERE_PX
        change = cells - background
        background += _FOLLOW * change
        moved = np.abs(change - np.median(change)) > self._level
        due = mono_ns - self._passed_ns >= self._refresh_ns or mono_ns < self._passed_ns
        if np.count_nonzero(moved) >= max(2.0, self._share * cells.size):
            self._passed_ns = mono_ns
            return _box_px(moved)
        if due:
            self._passed_ns = mono_ns
            return EVERYWHERE_PX
        return None


def _box_px(moved: BoolArray) -> BoxPx:
    """The box round all moved cells, bool (rows, columns) with at least one."""
    pitch = _SUBSAMPLE * _CELL
    rows, columns = np.flatnonzero(moved.any(axis=1)), np.flatnonzero(moved.any(axis=0))
    return (
        int(columns[0]) * pitch,
        int(rows[0]) * pitch,
        int(columns[-1] + 1) * pitch,
        int(rows[-1] + 1) * pitch,
    )


def cell_luma(image: ImageArray) -> Float32Array:
    """Mean luma of cells of 16 x 16 pixels, from every fourth pixel of every fourth row.

    Args:
        image: uint8 (H, W, 3), BGR, at least 16 pixels each way.

    Returns:
        float32 (H // 16, W // 16), 0-255.
    """
    pitch = _SUBSAMPLE * _CELL
    rows, columns = (side // pitch for side in image.shape[:2])
    size = (columns * _CELL, rows * _CELL)
    image = image[: rows * pitch, : columns * pitch]
    # Nearest-neighbour by a whole factor picks the same pixels as image[::4, ::4], five times
    # faster than numpy's strided copy.
    thinned = cv2.resize(image, size, interpolation=cv2.INTER_NEAREST)
    luma = cv2.cvtColor(thinned, cv2.COLOR_BGR2GRAY)
    cells = cv2.resize(luma, (columns, rows), interpolation=cv2.INTER_AREA)
    return cells.astype(np.float32)
