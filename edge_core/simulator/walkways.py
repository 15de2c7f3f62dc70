"""Where shoppers can walk: clearance from fixtures, and shortest paths round them."""

from collections.abc import Sequence

import cv2
import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import dijkstra

from edge_core.config import FloorConfig
from edge_core.types import BoolArray, Float32Array, Float64Array, Int64Array

Int32Array = NDArray[np.int32]

FINE_M = 0.05
BODY_RADIUS_M = 0.22
"""Nobody's centre comes nearer than this to a fixture, a wall or the outline."""
PATH_CLEARANCE_M = 0.3
_COMFORT_M = 0.8
_NO_NODE = -9999


class Walkways:
    """The walkable part of one floor.

    Args:
        floor: outline and fixtures.

    Paths run on a grid whose edges cost more close to fixtures, by Dijkstra's algorithm with one
    cached search per goal, and are then pulled straight.
    """

    def __init__(self, floor: FloorConfig) -> None:
        outline = np.array(floor.outline_m)
        self._origin = outline.min(axis=0) - 2 * FINE_M
        extent = outline.max(axis=0) + 2 * FINE_M - self._origin
        self._clearance = self._clearance_map(floor, extent)
        gradient_y, gradient_x = np.gradient(cv2.GaussianBlur(self._clearance, (0, 0), 2), FINE_M)
        self._gradient = np.stack([gradient_x, gradient_y], axis=-1).astype(np.float32)
        self._cell_m = 0.2 if extent[0] * extent[1] < 600 else 0.4
        self._build_graph(extent)
        self._searches: dict[int, tuple[Float64Array, Int32Array]]
        self._searches = {}

    def _clearance_map(self, floor: FloorConfig, extent: Float64Array) -> Float32Array:
        """Distance in metres from each fine cell to the nearest blocked one."""
        width, height = np.ceil(extent / FINE_M).astype(int)
        free = np.zeros((height, width), np.uint8)
        cv2.fillPoly(free, [self._raster(floor.outline_m)], 1)
        for fixture in floor.fixtures:
            cv2.fillPoly(free, [self._raster(fixture.polygon_m)], 0)
        free[[0, -1]] = 0
        free[:, [0, -1]] = 0
        cells = cv2.distanceTransform(free, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
        return np.asarray(cells * FINE_M, dtype=np.float32)

    def _raster(self, polygon_m: Sequence[tuple[float, float]]) -> Int32Array:
        cells = np.round((np.array(polygon_m) - self._origin) / FINE_M - 0.5)
        return np.asarray(cells, dtype=np.int32)

    def _build_graph(self, extent: Float64Array) -> None:
        columns, rows = np.ceil(extent / self._cell_m).astype(int)
        x, y = np.meshgrid(np.arange(columns), np.arange(rows))
        centres = self._origin + (np.stack([x, y], axis=-1) + 0.5) * self._cell_m
        clear = self.clearance_m(centres.reshape(-1, 2)).reshape(rows, columns)
        usable = clear >= PATH_CLEARANCE_M
        number = np.where(usable, np.cumsum(usable).reshape(usable.shape) - 1, _NO_NODE)
        self._nodes = centres[usable]
        starts, ends, costs = [], [], []
        for step_y, step_x in ((0, 1), (1, 0), (1, 1), (1, -1)):
            here = number[: rows - step_y, max(0, -step_x) : columns - max(0, step_x)]
            there = number[step_y:, max(0, step_x) : columns + min(0, step_x)]
            both = (here >= 0) & (there >= 0)
            a, b = here[both], there[both]
            middle = self.clearance_m((self._nodes[a] + self._nodes[b]) / 2)
            a, b, middle = (v[middle >= PATH_CLEARANCE_M] for v in (a, b, middle))
            length = np.hypot(step_x, step_y) * self._cell_m
            starts.append(a)
            ends.append(b)
            costs.append(length * (1 + 1.5 * np.clip(1 - middle / _COMFORT_M, 0, 1)))
        a, b, cost = (np.concatenate(part) for part in (starts, ends, costs))
        count = len(self._nodes)
        self._graph = coo_matrix((cost, (a, b)), shape=(count, count)).tocsr()

    def clearance_m(self, points_m: Float64Array) -> Float64Array:
        """Distance (N,) in metres from points (N, 2) to the nearest obstacle; 0 inside one."""
        rows, columns = self._cells(points_m)
        return self._clearance[rows, columns].astype(np.float64)

    def away(self, points_m: Float64Array) -> Float64Array:
        """Direction (N, 2) that leads away from the nearest obstacle, about unit length."""
        rows, columns = self._cells(points_m)
        return self._gradient[rows, columns].astype(np.float64)

    def _cells(self, points_m: Float64Array) -> tuple[Int64Array, Int64Array]:
        cells = np.floor((points_m - self._origin) / FINE_M).astype(np.int64)
        height, width = self._clearance.shape
        return np.clip(cells[:, 1], 0, height - 1), np.clip(cells[:, 0], 0, width - 1)

    def sees(self, start_m: Float64Array, end_m: Float64Array, clearance_m: float) -> bool:
        """Whether the straight way between two points keeps the clearance."""
        steps = max(2, int(np.hypot(*(end_m - start_m)) / 0.1) + 1)
        share = np.linspace(0, 1, steps)[:, None]
        return bool((self.clearance_m(start_m + share * (end_m - start_m)) >= clearance_m).all())

    def path(self, start_m: Float64Array, goal_m: Float64Array) -> Float64Array | None:
        """Way points (K, 2) from start to goal, the goal last; None when there is no way.

        Both ends may lie closer to a fixture than the path itself keeps.
        """
        if self.sees(start_m, goal_m, PATH_CLEARANCE_M):
            return goal_m[None]
        first, last = self._nearest(start_m), self._nearest(goal_m)
        if last not in self._searches:
            distances, predecessors = dijkstra(
                self._graph, directed=False, indices=np.array([last]), return_predecessors=True
            )
            self._searches[last] = (distances[0], predecessors[0])
        distance, before = self._searches[last]
        if not np.isfinite(distance[first]):
            return None
        chain = [first]
        while chain[-1] != last:
            chain.append(int(before[chain[-1]]))
        return self._pull_straight(start_m, np.vstack([self._nodes[chain], goal_m]))

    def _nearest(self, point_m: Float64Array) -> int:
        gap = np.hypot(*(self._nodes - point_m).T)
        for index in np.argsort(gap)[:12]:
            if self.sees(point_m, self._nodes[index], 0.05):
                return int(index)
        return int(np.argmin(gap))

    def _pull_straight(self, start_m: Float64Array, chain: Float64Array) -> Float64Array:
        """Drop way points that can be seen past."""
        kept, here, index = [], start_m, 0
        while index < len(chain) - 1:
            reach = index
            while reach + 1 < len(chain) and self.sees(here, chain[reach + 1], PATH_CLEARANCE_M):
                reach += 1
            here = chain[reach]
            kept.append(here)
            index = reach + 1
        if not kept or kept[-1] is not chain[-1]:
            kept.append(chain[-1])
        return np.array(kept)

    def browsing_spots(
        self, floor: FloorConfig, zone_m: Sequence[tuple[float, float]], gap_m: float = 0.42
    ) -> list[tuple[float, float, float]]:
        """Places beside the fixtures of a zone to stop at, facing them: x, y, facing_deg."""
        zone = shapely.Polygon(zone_m)
        spots = []
        kinds = ("rack", "shelf", "table", "counter", "bench", "plant")
        for fixture in floor.fixtures:
            polygon = shapely.Polygon(fixture.polygon_m)
            if fixture.kind not in kinds or not polygon.intersects(zone):
                continue
            ring = polygon.buffer(gap_m).exterior
            for along in np.arange(0.35, ring.length, 0.7):
                spot = ring.interpolate(along)
                toward = shapely.shortest_line(spot, polygon).coords[1]
                facing = np.degrees(np.arctan2(toward[0] - spot.x, spot.y - toward[1])) % 360
                point = np.array([[spot.x, spot.y]])
                if zone.contains(spot) and self.clearance_m(point)[0] >= gap_m - 0.08:
                    spots.append((float(spot.x), float(spot.y), float(facing)))
        return spots

    def inside(self, points_m: Float64Array) -> BoolArray:
        """Which points (N, 2) keep a body's radius from every obstacle; bool (N,)."""
        return np.asarray(self.clearance_m(points_m) >= BODY_RADIUS_M)
