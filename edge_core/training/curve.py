"""The learning curve as a picture, drawn with OpenCV: no further library for three lines."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import cv2
import numpy as np

_SIZE_PX: Final = (900, 420)
_LEFT, _TOP, _RIGHT, _BOTTOM = 60, 44, 24, 44
_INK: Final = (60, 60, 60)
_GRID: Final = (228, 228, 228)
_COLOURS: Final = ((178, 114, 0), (0, 94, 213), (115, 158, 0), (167, 121, 204), (0, 159, 230))
"""Blue, vermilion, green, purple and orange of Okabe and Ito 2008: told apart by all eyes; BGR."""


def draw_curve(
    path: Path,
    lines: Mapping[str, Sequence[tuple[float, float]]],
    title: str,
    *,
    most: float = 1.0,
    below: str = "passes over the training set",
) -> None:
    """Write a PNG of lines over passes.

    Args:
        path: the PNG.
        lines: name -> points (passes, value); values share one axis from 0 to `most`.
        title: above the picture.
        most: value at the top of the axis.
        below: what the passes go over.
    """
    width, height = _SIZE_PX
    canvas = np.full((height, width, 3), 255, np.uint8)
    last = max((point[0] for points in lines.values() for point in points), default=1) or 1
    wide, high = width - _LEFT - _RIGHT, height - _TOP - _BOTTOM

    def at(x: float, y: float) -> tuple[int, int]:
        share = min(max(y / most, 0.0), 1.0)
        return round(_LEFT + wide * x / last), round(_TOP + high * (1 - share))

    for step in range(11):
        x, y = last * step / 10, most * step / 10
        cv2.line(canvas, at(0, y), at(last, y), _GRID, 1)
        _write(canvas, f"{y:.3g}", (_LEFT - 36, at(0, y)[1] + 5))
        _write(canvas, f"{x:.3g}", (at(x, 0)[0] - 10, height - _BOTTOM + 20))
    _write(canvas, below, (_LEFT + wide // 2 - 90, height - 8))
    apart = min(210, wide // max(1, len(lines)))
    _write(canvas, title, (_LEFT, 20))
    for index, (name, points) in enumerate(lines.items()):
        colour = _COLOURS[index % len(_COLOURS)]
        route = np.array([at(*point) for point in points], np.int32).reshape(-1, 1, 2)
        cv2.polylines(canvas, [route], False, colour, 2, cv2.LINE_AA)
        _write(canvas, name, (_LEFT + 12 + apart * index, _TOP - 6), colour)
    cv2.imwrite(str(path), canvas)


def _write(
    canvas: np.ndarray, text: str, at: tuple[int, int], colour: tuple[int, int, int] = _INK
) -> None:
    cv2.putText(canvas, text, at, cv2.FONT_HERSHEY_SIMPLEX, 0.44, colour, 1, cv2.LINE_AA)
