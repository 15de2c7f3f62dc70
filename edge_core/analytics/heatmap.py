"""Where people are: person-seconds and metres walked by cell, and their density on the floor."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil, hypot, sqrt
from typing import Final

import numpy as np
from scipy.ndimage import gaussian_filter

from edge_core.analytics.pace import ENGAGED_M_S, Present
from edge_core.types import BoolArray, Float64Array, FloorGrid, Int64Array, PresenceSums
from edge_core.units import NS_PER_MS, NS_PER_S, ns_from_s

CELL_M: Final = 0.25
MOST_CELLS: Final = 16_384
"""A larger floor has larger cells, so that a page about a year of it stays quick."""
BANDWIDTH_M: Final = 0.4
"""Standard deviation of the kernel."""
LONGEST_STEP_NS: Final = ns_from_s(2)
"""Between two looks further apart than this nobody knows who was where."""
FASTEST_M_S: Final = 4.0
SECONDS_PER_HOUR: Final = 3600.0
_HOUR_NS: Final = 3600 * NS_PER_S
_QUARTER_NS: Final = 900 * NS_PER_S


def grid_of(floor_id: str, outline_m: Sequence[tuple[float, float]]) -> FloorGrid:
    """The cells of a floor: of 0.25 m, or as large as keeps them few enough."""
    points = np.asarray(outline_m, np.float64)
    left, top = points.min(axis=0)
    width, height = points.max(axis=0) - (left, top)
    cell = max(CELL_M, sqrt(width * height / MOST_CELLS))
    while ceil(width / cell - 1e-9) * ceil(height / cell - 1e-9) > MOST_CELLS:
        cell *= 1.01
    return FloorGrid(
        floor_id,
        float(left),
        float(top),
        round(float(cell), 4),
        max(1, ceil(width / cell - 1e-9)),
        max(1, ceil(height / cell - 1e-9)),
    )


@dataclass(slots=True)
class _Sums:
    """What one floor gained within one quarter of an hour."""

    utc_ns: int
    dwell_ms: Int64Array
    walked_mm: Int64Array
    watched_ms: dict[tuple[str, ...], int] = field(default_factory=dict)


class HeatMeter:
    """Adds up where everybody is, step by step, each person once.

    A step's time goes to the cell people stand in at its end; their way since the step before,
    where they walk, to the cells along it.

    Args:
        grids: by floor.
        resumed_ns: how far an earlier life of the process has kept its sums; what is replayed
            of that time counts once.
    """

    def __init__(self, grids: Mapping[str, FloorGrid], resumed_ns: int = 0) -> None:
        self._grids = dict(grids)
        self._resumed_ns = resumed_ns
        self._sums: dict[tuple[str, int], _Sums] = {}
        self._last: dict[int, tuple[str, tuple[float, float]]] = {}
        self._last_ns: int | None = None

    def see(
        self,
        people: Iterable[Present],
        speeds_m_s: Mapping[int, float],
        watching: Mapping[str, tuple[str, ...]],
        mono_ns: int,
        utc_ns: int,
    ) -> None:
        """Take in a moment.

        Args:
            people: in view, staff left out.
            speeds_m_s: of `PaceMeter`, by visitor.
            watching: by floor, the cameras that watch now, ids in order.
            mono_ns: the moment on the monotonic clock.
            utc_ns: the same in UTC.
        """
        before, self._last_ns = self._last_ns, mono_ns
        last, self._last = self._last, {p.visitor: (p.floor_id, p.floor_m) for p in people}
        step_ns = 0 if before is None else mono_ns - before
        if not 0 < step_ns <= LONGEST_STEP_NS or mono_ns <= self._resumed_ns:
            return
        step_ms = round(step_ns / NS_PER_MS)
        for floor, cameras in watching.items():
            if cameras and floor in self._grids:
                watched = self._of(floor, utc_ns).watched_ms
                watched[cameras] = watched.get(cameras, 0) + step_ms
        for visitor, (floor, place) in self._last.items():
            if not watching.get(floor) or floor not in self._grids:
                continue
            grid, sums = self._grids[floor], self._of(floor, utc_ns)
            cell = int(grid.cell_of(np.array([place]))[0])
            if cell >= 0:
                sums.dwell_ms[cell] += step_ms
            origin = last.get(visitor)
            if origin and origin[0] == floor and speeds_m_s.get(visitor, 0) >= ENGAGED_M_S:
                _walk(grid, sums.walked_mm, origin[1], place, FASTEST_M_S * step_ns / NS_PER_S)

    def join(self, kept: int, gone: int) -> None:
        """Two visitors turned out to be one."""
        place = self._last.pop(gone, None)
        if place is not None:
            self._last.setdefault(kept, place)

    def take(self) -> list[PresenceSums]:
        """What was gained since the last call."""
        sums, self._sums = self._sums, {}
        return [
            PresenceSums(self._grids[floor], it.utc_ns, it.dwell_ms, it.walked_mm, it.watched_ms)
            for (floor, _), it in sums.items()
        ]

    def _of(self, floor: str, utc_ns: int) -> _Sums:
        """The sums of the quarter of an hour an instant lies in; no site's hour begins within."""
        key = (floor, utc_ns // _QUARTER_NS)
        if key not in self._sums:
            cells = self._grids[floor].cells
            self._sums[key] = _Sums(utc_ns, np.zeros(cells, np.int64), np.zeros(cells, np.int64))
        return self._sums[key]


def _walk(
    grid: FloorGrid,
    walked_mm: Int64Array,
    origin: tuple[float, float],
    place: tuple[float, float],
    reach_m: float,
) -> None:
    """Spread a straight way over the cells along it; one nobody can have walked is left out."""
    way_m = hypot(place[0] - origin[0], place[1] - origin[1])
    if way_m > reach_m:
        return
    pieces = max(1, ceil(2 * way_m / grid.cell_m))
    share = (np.arange(pieces) + 0.5)[:, None] / pieces
    cells = grid.cell_of(np.asarray(origin) + share * (np.asarray(place) - np.asarray(origin)))
    np.add.at(walked_mm, cells[cells >= 0], round(1000 * way_m / pieces))


def observed_hours(
    watched_ms: Mapping[tuple[str, ...], int], seen_by: Mapping[str, BoolArray], cells: int
) -> Float64Array:
    """For how long each cell was seen by at least one camera: float64 (cells,), hours.

    Args:
        watched_ms: by the set of cameras that watched at the same time.
        seen_by: bool (cells,) by camera, from `visible.visible_cells`; a camera that is not there
            any more sees nothing.
        cells: how many there are.
    """
    hours = np.zeros(cells)
    for cameras, spent_ms in watched_ms.items():
        seen = np.zeros(cells, np.bool_)
        for camera in cameras:
            if camera in seen_by:
                seen |= seen_by[camera]
        hours[seen] += spent_ms / 1000 / SECONDS_PER_HOUR
    return hours


def density(
    sums: Float64Array, hours: Float64Array, grid: FloorGrid, bandwidth_m: float = BANDWIDTH_M
) -> Float64Array:
    """Kernel density per square metre and observed hour.

    Ratio of the smoothed sums to the equally smoothed exposure (Diggle 1985's edge correction),
    so that a cell at the edge of the view, or seen for less time, is not cold for that.

    Args:
        sums: float64 (cells,), person-seconds or metres walked.
        hours: float64 (cells,), for how long each cell was observed; 0 where nobody can see, or
            nobody can stand.
        grid: of both.
        bandwidth_m: the Gaussian kernel's standard deviation.

    Returns:
        float64 (cells,); NaN where `hours` is 0.
    """
    shape, sd = (grid.rows, grid.columns), bandwidth_m / grid.cell_m
    spread = gaussian_filter(sums.reshape(shape).astype(np.float64), sd, mode="constant")
    exposure = gaussian_filter(hours.reshape(shape), sd, mode="constant") * grid.cell_m**2
    seen = hours.reshape(shape) > 0
    result = np.full(shape, np.nan)
    result[seen] = spread[seen] / exposure[seen]
    return result.ravel()
