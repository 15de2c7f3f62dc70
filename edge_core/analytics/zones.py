"""Which zones a point of a floor lies in, and how many people each zone holds."""

from collections.abc import Iterable, Sequence

import numpy as np
import shapely

from edge_core.config.zones import ZoneConfig
from edge_core.types import BoolArray, Float64Array, LivePerson


class ZoneMap:
    """The zones of a site, prepared for many look-ups.

    Args:
        zones: all zones of all floors.
    """

    def __init__(self, zones: Sequence[ZoneConfig]) -> None:
        self.zone_ids = tuple(zone.id for zone in zones)
        self._floors = tuple(zone.floor for zone in zones)
        self._polygons = tuple(shapely.Polygon(zone.polygon_m) for zone in zones)
        for polygon in self._polygons:
            shapely.prepare(polygon)
        self._bounds = tuple(polygon.bounds for polygon in self._polygons)
        columns = (self.zone_ids, self._floors, self._polygons, self._bounds)
        self._zones = tuple(zip(*columns, strict=True))

    def inside(self, floor_id: str, points_m: Float64Array) -> BoolArray:
        """Bool (N, Z): which points (N, 2) of a floor lie in which zone; never where NaN."""
        result = np.zeros((len(points_m), len(self.zone_ids)), np.bool_)
        known = np.isfinite(points_m).all(axis=1)
        if not known.any():
            return result
        x, y = points_m[known].T
        left, top, right, bottom = x.min(), y.min(), x.max(), y.max()
        for column, (floor, polygon) in enumerate(zip(self._floors, self._polygons, strict=True)):
            if floor != floor_id:
                continue
            x1, y1, x2, y2 = self._bounds[column]
            if right >= x1 and left <= x2 and bottom >= y1 and top <= y2:
                result[known, column] = shapely.contains_xy(polygon, x, y)
        return result

    def zones_at(self, floor_id: str, point_m: tuple[float, float]) -> tuple[str, ...]:
        """Ids of the zones one point lies in."""
        x, y = point_m
        found = []
        for zone, floor, polygon, (x1, y1, x2, y2) in self._zones:
            near = floor == floor_id and x1 <= x <= x2 and y1 <= y <= y2
            if near and shapely.contains_xy(polygon, x, y):
                found.append(zone)
        return tuple(found)

    def occupancy(self, people: Iterable[LivePerson]) -> dict[str, int]:
        """People in each zone now; every zone is named, empty ones with 0."""
        counts = dict.fromkeys(self.zone_ids, 0)
        for person in people:
            for zone in person.zone_ids:
                counts[zone] += 1
        return counts
