"""How long visitors stay in zones.

A stay runs from the first to the last moment inside; being outside for less than the hysteresis
does not end it, and shorter visits are no stay. Its event is named by the *last* observation
inside: after a restart only the end of a stay may be seen again, and must give the same key.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from edge_core.analytics.pace import ENGAGED_NS
from edge_core.analytics.zones import ZoneMap
from edge_core.types import Event, EventKind, Int64Array, Observation, TrackKey
from edge_core.units import ns_from_s, s_from_ns

HYSTERESIS_NS = ns_from_s(1)
ABSENT_NS = ns_from_s(8)
"""Unseen for this long, a visitor's open stays end; less than is replayed after a restart."""


@dataclass(frozen=True, slots=True)
class _Moment:
    """One sighting inside a zone, by the observation that brought it."""

    track: TrackKey
    sequence: int
    mono_ns: int
    utc_ns: int


@dataclass(slots=True)
class _Stay:
    """An unfinished stay; `cut` when the visitor was first seen already inside."""

    entered_ns: int
    cut: bool
    last: _Moment
    engaged: bool = False


@dataclass(slots=True)
class _Visit:
    """Where a visitor was last seen, and the stays open there by zone column."""

    camera_id: str
    last_ns: int
    stays: dict[int, _Stay] = field(default_factory=dict)


class DwellMeter:
    """Measures stays of visitors in zones.

    Args:
        zones: where the zones are.
        floors: floor id by camera id; cameras without a floor see no zones.
    """

    def __init__(self, zones: ZoneMap, floors: Mapping[str, str]) -> None:
        self._zones = zones
        self._floors = floors
        self._visits: dict[int, _Visit] = {}
        self._judged = False

    def ingest(self, observation: Observation, visitor: Int64Array) -> list[Event]:
        """Stays ended by what one observation shows.

        Args:
            observation: one frame of one camera.
            visitor: int64 (N,), the visitor each of its tracks belongs to; 0 for nobody.
        """
        floor = self._floors.get(observation.camera_id)
        if floor is None:
            return []
        points = observation.floor_m.astype(np.float64)
        inside = self._zones.inside(floor, points)
        known = np.isfinite(points).all(axis=1) & (visitor > 0)
        for index in np.flatnonzero(known).tolist():
            columns = np.flatnonzero(inside[index]).tolist()
            self._see(observation, index, int(visitor[index]), columns)
        return self._ended(observation)

    def merge(self, kept: int, gone: int) -> None:
        """Two visitors have turned out to be one."""
        other = self._visits.pop(gone, None)
        if other is None:
            return
        visit = self._visits.setdefault(kept, other)
        if visit is other:
            return
        if other.last_ns > visit.last_ns:
            visit.camera_id, visit.last_ns = other.camera_id, other.last_ns
        for column, stay in other.stays.items():
            mine = visit.stays.setdefault(column, stay)
            if mine is stay:
                continue
            earlier = min(mine, stay, key=lambda candidate: candidate.entered_ns)
            latest = max(mine.last, stay.last, key=lambda moment: moment.mono_ns)
            engaged = mine.engaged or stay.engaged
            visit.stays[column] = _Stay(earlier.entered_ns, earlier.cut, latest, engaged)

    def forget(self, visitor: int) -> None:
        """Drop somebody's open stays; nothing is told of them."""
        self._visits.pop(visitor, None)

    def engage(self, slow_since_ns: Callable[[int], int | None], now_ns: int) -> None:
        """Mark the open stays in which somebody has stood for long; stays are judged from now on.

        Args:
            slow_since_ns: since when a visitor stands; None for one who walks.
            now_ns: the moment (monotonic), some four times a second.
        """
        self._judged = True
        for visitor, visit in self._visits.items():
            since_ns = slow_since_ns(visitor)
            if since_ns is None:
                continue
            for stay in visit.stays.values():
                stood_ns = min(now_ns, stay.last.mono_ns) - max(since_ns, stay.entered_ns)
                stay.engaged = stay.engaged or stood_ns > ENGAGED_NS

    def finish(self) -> list[Event]:
        """End all open stays as cut short, e.g. at the end of a recording."""
        events = []
        for visit in self._visits.values():
            for column, stay in visit.stays.items():
                outside = stay.last.mono_ns < visit.last_ns
                events += self._event(column, stay, censored=stay.cut or not outside)
        self._visits.clear()
        return events

    def _see(self, observation: Observation, index: int, visitor: int, columns: list[int]) -> None:
        visit = self._visits.get(visitor)
        new = visit is None
        if visit is None:
            visit = self._visits[visitor] = _Visit(observation.camera_id, observation.mono_ns)
        visit.camera_id, visit.last_ns = observation.camera_id, observation.mono_ns
        if not columns:
            return
        now = _Moment(
            observation.key(index), observation.sequence, observation.mono_ns, observation.utc_ns
        )
        for column in columns:
            stay = visit.stays.get(column)
            if stay is None:
                visit.stays[column] = _Stay(observation.mono_ns, new, now)
            else:
                stay.last = now

    def _ended(self, observation: Observation) -> list[Event]:
        """Close what is over; a visitor is judged by the camera that saw it last."""
        events: list[Event] = []
        now_ns = observation.mono_ns
        for visitor, visit in list(self._visits.items()):
            if visit.camera_id != observation.camera_id:
                continue
            absent = now_ns - visit.last_ns >= ABSENT_NS
            for column, stay in list(visit.stays.items()):
                outside = visit.last_ns - stay.last.mono_ns >= HYSTERESIS_NS
                if outside or absent:
                    del visit.stays[column]
                    still_inside = stay.last.mono_ns == visit.last_ns
                    events += self._event(column, stay, censored=stay.cut or still_inside)
            if absent:
                del self._visits[visitor]
        return events

    def _event(self, column: int, stay: _Stay, *, censored: bool) -> list[Event]:
        duration_ns = stay.last.mono_ns - stay.entered_ns
        if duration_ns < HYSTERESIS_NS:
            return []
        zone, last = self._zones.zone_ids[column], stay.last
        return [
            Event(
                key=f"stay/{zone}/{last.track}/{last.sequence}",
                kind=EventKind.STAY,
                utc_ns=last.utc_ns,
                mono_ns=last.mono_ns,
                camera_id=last.track.camera_id,
                place_id=zone,
                data={"duration_s": round(s_from_ns(duration_ns), 3), "censored": censored}
                | ({"engaged": stay.engaged} if self._judged else {}),
            )
        ]
