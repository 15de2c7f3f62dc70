"""What of a floor a calibrated camera can see, fixtures in the way considered (ours)."""

from collections.abc import Sequence
from math import ceil
from typing import Final

import numpy as np
import shapely

from edge_core.config.floors import FixtureConfig
from edge_core.floor_view import FloorView, camera_place
from edge_core.types import BoolArray, Float64Array, FloorGrid

BODY_M: Final = 1.3
"""Somebody is found when the body above this height can be seen."""
FARTHEST_M: Final = 30.0
MARGIN_SHARE: Final = 0.01
_FINE_M: Final = 0.1


def visible_cells(grid: FloorGrid, view: FloorView, heights_m: Float64Array) -> BoolArray:
    """Cells of the floor where a camera finds somebody who stands there: bool (cells,).

    The foot point lies in the picture, not too far, and no fixture hides the body above
    `BODY_M`.

    Args:
        grid: the floor's cells.
        view: the camera's.
        heights_m: of `height_map`.
    """
    centres = grid.centres_m()
    mapped = np.column_stack([centres, np.ones(grid.cells)]) @ np.linalg.inv(view.to_floor).T
    with np.errstate(divide="ignore", invalid="ignore"):
        pixels = mapped[:, :2] / mapped[:, 2:]
        depth = 1 / mapped[:, 2]
    size = np.array(view.picture_px)
    inside = ((pixels >= -MARGIN_SHARE * size) & (pixels <= (1 + MARGIN_SHARE) * size)).all(axis=1)
    place = camera_place(view)
    near = np.hypot(*(centres - place[:2]).T) <= FARTHEST_M
    seen = inside & near & (depth > view.least_depth)
    cells = np.flatnonzero(seen)
    seen[cells] = ~_hidden(grid, centres[cells], place, heights_m)
    return np.asarray(seen, np.bool_)


def walkable_cells(
    grid: FloorGrid, outline_m: Sequence[tuple[float, float]], fixtures: Sequence[FixtureConfig]
) -> BoolArray:
    """Cells on the floor whose middle no fixture stands on: bool (cells,)."""
    x, y = grid.centres_m().T
    free = shapely.contains_xy(shapely.Polygon(outline_m), x, y)
    for fixture in fixtures:
        free &= ~shapely.contains_xy(shapely.Polygon(fixture.polygon_m), x, y)
    return np.asarray(free, np.bool_)


def _hidden(
    grid: FloorGrid,
    points_m: Float64Array,
    place: tuple[float, float, float],
    heights: Float64Array,
) -> BoolArray:
    """Which points (N, 2) have a fixture between the camera and the body above them."""
    camera = np.array(place[:2])
    hidden = np.zeros(len(points_m), np.bool_)
    reach = np.hypot(*(points_m - camera).T).max(initial=_FINE_M)
    # The end is left out: who stands before a rack is not hidden by it.
    for share in np.linspace(0, 1, max(2, ceil(reach / _FINE_M)), endpoint=False):
        at = camera + share * (points_m - camera)
        ray_m = place[2] + share * (BODY_M - place[2])
        column, row = np.floor((at - (grid.left_m, grid.top_m)) / _FINE_M).astype(np.int64).T
        on = (row >= 0) & (row < heights.shape[0]) & (column >= 0) & (column < heights.shape[1])
        hidden[on] |= heights[row[on], column[on]] > ray_m
    return hidden


def height_map(grid: FloorGrid, fixtures: Sequence[FixtureConfig]) -> Float64Array:
    """Height of what stands on a floor, float64 (rows, columns) of 0.1 m, thin walls included."""
    columns = ceil(grid.columns * grid.cell_m / _FINE_M)
    rows = ceil(grid.rows * grid.cell_m / _FINE_M)
    heights = np.zeros((rows, columns))
    corner = np.array([grid.left_m, grid.top_m])
    for fixture in fixtures:
        area = shapely.Polygon(fixture.polygon_m)
        if fixture.kind == "wall":  # at least as thick as a cell, or rays would slip through
            area = area.buffer(_FINE_M / 4)
        west, north, east, south = area.bounds
        first = np.maximum(0, np.floor((np.array([west, north]) - corner) / _FINE_M)).astype(int)
        last = np.ceil((np.array([east, south]) - corner) / _FINE_M).astype(int)
        part = heights[first[1] : max(last[1], 0), first[0] : max(last[0], 0)]
        row, column = np.indices(part.shape)
        x = corner[0] + (column + first[0] + 0.5) * _FINE_M
        y = corner[1] + (row + first[1] + 0.5) * _FINE_M
        covered = shapely.contains_xy(area, x, y)
        part[covered] = np.maximum(part[covered], fixture.height_m)
    return heights
