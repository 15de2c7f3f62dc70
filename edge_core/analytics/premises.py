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
        self._ends: dict[str, Float64Array] = {}
        by_floor: dict[str, list[tuple[float, ...]]] = {}
        for line in lines:
            floor = floors.get(line.camera)
            if line.entrance and line.start_m and line.end_m and floor is not None:
                by_floor.setdefault(floor, []).append((*line.start_m, *line.end_m))
        self._ends = {floor: np.array(ends) for floor, ends in by_floor.items()}

    def inside(self, floor_id: str, points_m: Float64Array) -> BoolArray:
        """Bool (N,): which points (N, 2), metres, are inside; never where NaN."""
        known: BoolArray = np.isfinite(points_m).all(axis=1)
        ends = self._ends.get(floor_id)
        if ends is None or not len(points_m):
            return known
        start, span = ends[:, :2], ends[:, 2:] - ends[:, :2]
        offset = np.where(known[:, None], points_m, 0.0)[:, None] - start[None]
        along = np.clip((offset * span).sum(axis=2) / (span**2).sum(axis=1), 0, 1)
        distance = np.hypot(*(offset - along[..., None] * span).transpose(2, 0, 1))
        across = span[:, 0] * offset[..., 1] - span[:, 1] * offset[..., 0]
        nearest = distance.argmin(axis=1)
        side: BoolArray = across[np.arange(len(nearest)), nearest] > 0
        return known & side
