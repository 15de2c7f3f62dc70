"""Which points of a floor are inside the site: beyond its nearest entrance line (ours)."""

from collections.abc import Mapping, Sequence

import numpy as np

from edge_core.config.zones import LineConfig
from edge_core.types import BoolArray, Float64Array


class Premises:
    """Tells inside from outside by the entrance lines drawn on the floor.

    A point is inside when it lies on the inner side of the entrance line nearest to it. On a
    floor without one every point is inside.

    Args:
        lines: all lines; those inside the site, and those drawn in a picture, say nothing here.
        floors: floor id by camera id.
    """

    def __init__(self, lines: Sequence[LineConfig], floors: Mapping[str, str]) -> None:
        self._lines: dict[str, list[_Line]] = {}
        for line in lines:
            floor = floors.get(line.camera)
            if line.entrance and line.start_m and line.end_m and floor is not None:
                (x, y), (end_x, end_y) = line.start_m, line.end_m
                self._lines.setdefault(floor, []).append((x, y, end_x - x, end_y - y))

    def inside(self, floor_id: str, points_m: Float64Array) -> BoolArray:
        """Bool (N,): which points (N, 2), metres, are inside; never where NaN."""
        known = np.asarray(np.isfinite(points_m).all(axis=1), np.bool_)
        lines = self._lines.get(floor_id)
        if lines is None:
            return known
        # A handful of points and lines: plain numbers are ten times faster here than arrays.
        sides = [
            sure and min(_seen_from(line, x, y) for line in lines)[1] > 0
            for (x, y), sure in zip(points_m.tolist(), known.tolist(), strict=True)
        ]
        return np.array(sides, np.bool_)


_Line = tuple[float, float, float, float]
"""Start, and from there to the end, metres."""


def _seen_from(line: _Line, x: float, y: float) -> tuple[float, float]:
    """Distance of a point from a line, squared, and on which side it is: positive is inside."""
    start_x, start_y, dx, dy = line
    off_x, off_y = x - start_x, y - start_y
    along = min(1.0, max(0.0, (off_x * dx + off_y * dy) / (dx * dx + dy * dy)))
    far_x, far_y = off_x - along * dx, off_y - along * dy
    return far_x * far_x + far_y * far_y, dx * off_y - dy * off_x
