"""How far it is on foot between places of a floor, round its fixtures."""

from collections.abc import Sequence
from typing import Final

import numpy as np
import shapely
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from edge_core.config import FloorConfig
from edge_core.types import BoolArray, Float64Array

CELL_M: Final = 0.5
_STEPS: Final = ((0, 1), (1, 0), (1, 1), (1, -1))


def walking_m(floor: FloorConfig, places_m: Sequence[tuple[float, float]]) -> Float64Array:
    """Shortest walks between places, metres, on a grid of half a metre (Dijkstra).

    Args:
        floor: outline and fixtures.
        places_m: N points; one on a fixture begins at the nearest free spot.

    Returns:
        float64 (N, N); inf where there is no way. At most 8 % too long, as diagonals are steps.
    """
    outline = shapely.Polygon(floor.outline_m)
    left, top, right, bottom = outline.bounds
    x, y = np.meshgrid(
        np.arange(left + CELL_M / 2, right, CELL_M), np.arange(top + CELL_M / 2, bottom, CELL_M)
    )
    free: BoolArray = np.asarray(shapely.contains_xy(outline, x, y), np.bool_)
    for fixture in floor.fixtures:
        taken = shapely.Polygon(fixture.polygon_m).buffer(0.1)
        free &= ~np.asarray(shapely.intersects_xy(taken, x, y), np.bool_)
    spots = np.column_stack([x[free], y[free]])
    if not len(spots) or not len(places_m):
        return np.full((len(places_m), len(places_m)), np.inf)
    places = np.array(places_m, np.float64)
    nearest = [int(np.hypot(*(spots - place).T).argmin()) for place in places]
    walks = dijkstra(_grid(free), directed=False, indices=nearest)[:, nearest]
    return np.asarray(walks, np.float64)


def _grid(free: BoolArray) -> coo_array:
    """Edges between free cells that touch, metres long."""
    rows, columns = free.shape
    number = np.cumsum(free).reshape(free.shape) - 1
    starts, ends, lengths = [], [], []
    for down, aside in _STEPS:
        here = slice(0, rows - down), slice(max(0, -aside), columns - max(0, aside))
        there = slice(down, rows), slice(max(0, aside), columns + min(0, aside))
        both = free[here] & free[there]
        starts.append(number[here][both])
        ends.append(number[there][both])
        lengths.append(np.full(int(both.sum()), CELL_M * np.hypot(down, aside)))
    count = int(free.sum())
    edges = np.concatenate(starts), np.concatenate(ends)
    return coo_array((np.concatenate(lengths), edges), shape=(count, count))
