"""How much of each hour and day of the site was watched, so that a gap is never a zero."""

from collections.abc import Sequence
from datetime import time
from typing import Final

import numpy as np

from edge_core.analytics import ZoneMap
from edge_core.config import SiteConfig
from edge_core.ledger import History
from edge_core.service.presence import FloorPlans
from edge_core.service.site_schema import SiteView
from edge_core.types import BoolArray, Float64Array, Int64Array

Watch = Sequence[tuple[tuple[str, ...], float]]
"""What must be watched to observe a place: sets of cameras of which one is enough, and what
share of the place each stands for."""
_MS_PER_MINUTE: Final = 60_000
_HOUR: Final = 60


def watches_of(site: SiteConfig, plans: FloorPlans) -> dict[str, Watch]:
    """What observes each zone: the cameras that see its cells, fixtures considered."""
    zones = ZoneMap(site.zones)
    found: dict[str, Watch] = {}
    for column, zone in enumerate(site.zones):
        grid = plans.grids.get(zone.floor)
        if grid is None:
            continue
        inside = zones.inside(zone.floor, grid.centres_m())[:, column]
        cells: dict[tuple[str, ...], int] = {}
        seen_by = plans.seen_by[zone.floor]
        for cell in np.flatnonzero(inside & plans.walkable[zone.floor]).tolist():
            cameras = tuple(camera for camera, seen in seen_by.items() if seen[cell])
            if cameras:
                cells[cameras] = cells.get(cameras, 0) + 1
        total = sum(cells.values())
        found[zone.id] = [(cameras, count / total) for cameras, count in cells.items()]
    return found


class Hours:
    """The site's hours of a span, as far as they have passed, and what was watched of them.

    Args:
        history: of the ledger.
        site: opening hours.
        first_day: number of the first day.
        last_day: number of the last one.
        now_minute: UTC minute now.

    Attributes:
        start: int64 (H,), UTC minutes.
        day: int64 (H,), the day each lies in.
        clock: int64 (H,), what the site's clock shows at its beginning.
    """

    def __init__(
        self, history: History, site: SiteView, first_day: int, last_day: int, now_minute: int
    ) -> None:
        self._history = history
        begin, end = history.hours_of(first_day, last_day)
        self.start: Int64Array = np.arange(begin, end, _HOUR, dtype=np.int64)
        hours = self.start.tolist()
        self.day: Int64Array = np.array([history.time.day_of_hour(it) for it in hours], np.int64)
        self.clock: Int64Array = np.array([history.time.hour_of_day(it) for it in hours], np.int64)
        self._passed_ms = np.clip(now_minute - self.start, 0, _HOUR) * _MS_PER_MINUTE
        self._open = _open_hours(self.clock, site.opens, site.closes)

    def spread(self, number: Int64Array, values: Int64Array) -> Int64Array:
        """Values int64 (H,) by hour from those of some hours; zero for the others."""
        found = np.zeros(len(self.start), np.int64)
        if len(self.start):
            place = (number - self.start[0]) // _HOUR
            known = (place >= 0) & (place < len(self.start))
            np.add.at(found, place[known], values[known])
        return found

    def watched_h(self, watch: Watch) -> Float64Array:
        """Hours for which a place was watched within each: float64 (H,), 0..1."""
        cameras = {camera for group, _ in watch for camera in group}
        end = int(self.start[-1]) + _HOUR if len(self.start) else 0
        shares = {}
        for camera in cameras:
            rows = self._history.camera_hours(camera, int(self.start[0]) if end else 0, end)
            watched_ms = self.spread(rows.number, rows.values[:, 0])
            shares[camera] = np.minimum(watched_ms / (_HOUR * _MS_PER_MINUTE), 1.0)
        total = np.zeros(len(self.start))
        for group, weight in watch:
            total += weight * np.max([shares[camera] for camera in group], axis=0)
        return np.minimum(total, 1.0)

    def share(self, watched_h: Float64Array) -> Float64Array:
        """Share of what has passed of each hour that was watched: float64 (H,)."""
        passed = self._passed_ms / (_HOUR * _MS_PER_MINUTE)
        return np.asarray(
            np.where(passed > 0, np.minimum(watched_h / np.maximum(passed, 1e-9), 1.0), 0.0)
        )

    def due_h(self, watched_h: Float64Array) -> Float64Array:
        """What ought to have been watched of each hour: all of it while open, else what was."""
        passed = self._passed_ms / (_HOUR * _MS_PER_MINUTE)
        return np.asarray(np.where(self._open, passed, np.minimum(watched_h, passed)))


def _open_hours(clock: Int64Array, opens: time, closes: time) -> BoolArray:
    """Hours of the day in which the site is open for some of the time."""
    first, last = opens.hour, closes.hour + (closes.minute > 0)
    if first == last or (opens, closes) == (time(), time()):
        return np.ones(len(clock), np.bool_)
    if first < last:
        return np.asarray((clock >= first) & (clock < last), np.bool_)
    return np.asarray((clock >= first) | (clock < last), np.bool_)
