"""Where people can walk on one floor, and the straight lines between its corners. Pure geometry.

A shortest path among polygons bends at their corners only (Lozano-Perez and Wesley 1979), so the
corners of the free space and the lines between those that see each other hold every shortest path.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import shapely
from shapely import Point, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.geometry.polygon import orient
from shapely.ops import nearest_points

from edge_core.config import FloorConfig, PointM
from edge_core.types import Float64Array, Int64Array

CLEARANCE_M: Final = 0.45
"""Paths keep this far from walls: half a person, and a line on a plan that touches nothing."""
_LEAST_M2: Final = 1.0
_SMOOTHED_M: Final = 0.12
_TOUCH_M: Final = 0.01


@dataclass(frozen=True, slots=True)
class WalkableFloor:
    """The free space of one floor.

    Attributes:
        area: where the middle of a person can be; metres.
        corners_m: float64 (N, 2), where shortest paths can bend.
    """

    area: BaseGeometry
    corners_m: Float64Array

    @classmethod
    def of(cls, floor: FloorConfig, rooms_m: Sequence[Sequence[PointM]]) -> "WalkableFloor":
        """Find the free space.

        Args:
            floor: outline and fixtures.
            rooms_m: polygons that are goals but never ways: the stores.
        """
        blocked = [Polygon(fixture.polygon_m) for fixture in floor.fixtures]
        blocked += [Polygon(room) for room in rooms_m]
        walls = shapely.buffer(blocked, CLEARANCE_M, quad_segs=1)
        free = Polygon(floor.outline_m).buffer(-CLEARANCE_M, join_style="mitre")
        rest = shapely.simplify(free.difference(shapely.union_all(walls)), _SMOOTHED_M)
        parts = [part for part in shapely.get_parts(rest) if part.area >= _LEAST_M2]
        return cls(shapely.union_all(parts), _reflex_corners(parts))

    def foot_m(self, point_m: PointM) -> tuple[float, float]:
        """The nearest place where somebody can stand, metres."""
        place, _ = nearest_points(self.area, Point(point_m))
        return place.x, place.y

    def pairs_in_sight(self, points_m: Float64Array) -> Int64Array:
        """int64 (E, 2): rows of (N, 2) points with a straight way between them, each pair once."""
        one, other = np.triu_indices(len(points_m), 1)
        lines = shapely.linestrings(np.stack([points_m[one], points_m[other]], axis=1))
        around = self.area.buffer(_TOUCH_M)
        shapely.prepare(around)
        seen = np.asarray(shapely.covers(around, lines), np.bool_)
        return np.column_stack([one[seen], other[seen]]).astype(np.int64)


def _reflex_corners(parts: Sequence[Polygon]) -> Float64Array:
    """float64 (N, 2): the corners that stick into the area."""
    found = [np.empty((0, 2))]
    for part in parts:
        sound = orient(part)
        for ring in (sound.exterior, *sound.interiors):
            here = np.asarray(ring.coords)[:-1]
            before, after = np.roll(here, 1, 0) - here, np.roll(here, -1, 0) - here
            turn = before[:, 0] * after[:, 1] - before[:, 1] * after[:, 0]
            found.append(here[turn > 0])
    return np.concatenate(found)
