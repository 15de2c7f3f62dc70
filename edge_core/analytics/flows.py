"""Who goes from where to where: moves between zones that balance.

Everybody is in one zone at a time: the smallest that they stand in, and the last one while they
cross floor that belongs to none. So for every zone and span

    moves in = moves out + change of the people in it

and what is left over (a crash, somebody lost and found again) is told as residual. Moves come from
and go to three kinds of ends: entrances, the edge of what the cameras see, and the middle of it,
where a track began late or was lost.
"""

from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import shapely

from edge_core.analytics.zones import ZoneMap
from edge_core.config.zones import LineConfig, ZoneConfig
from edge_core.types import (
    BoolArray,
    Event,
    EventKind,
    Float64Array,
    FloorGrid,
    Int64Array,
    Observation,
    TrackKey,
)
from edge_core.units import ns_from_s

ENTRANCE, EXIT, EDGE = "@entrance", "@exit", "@edge"
APPEARED, LOST = "@appeared", "@lost"
SOURCES: Final = (ENTRANCE, EDGE, APPEARED)
SINKS: Final = (EXIT, EDGE, LOST)
OUTSIDE_KINDS: Final = ("corridor", "window")
"""Kinds of zones people pass on their way; going from these into another is coming in."""
SETTLE_NS: Final = ns_from_s(4)
"""Newcomers are told of when they were not taken for somebody known for this long."""
STEADY_NS: Final = ns_from_s(1)
"""In another zone for this long, somebody has moved."""
ABSENT_NS: Final = ns_from_s(8)
CERTAIN_NS: Final = ABSENT_NS + STEADY_NS + ns_from_s(1)
"""So long after a moment it is known who was where."""
REMEMBERED_NS: Final = ns_from_s(90)
WINDOW_NS: Final = ns_from_s(60)
"""Coming in this soon after a window is credited to it."""
NEAR_LINE_M: Final = 1.5
NEAR_EDGE_M: Final = 1.0
SMOOTHING: Final = 0.5

EndAt = Callable[[str, tuple[float, float]], str]
"""Kind of end at a point of a floor: ENTRANCE, EDGE or APPEARED."""


@dataclass(frozen=True, slots=True)
class _Seen:
    """One sighting, by the observation that brought it."""

    track: TrackKey
    sequence: int
    mono_ns: int
    utc_ns: int
    floor_id: str
    floor_m: tuple[float, float]


@dataclass(frozen=True, slots=True)
class _Move:
    """A move: an arrival is named by the first sighting there, a departure by the last."""

    origin: str
    target: str
    at: _Seen
    window: str = ""


@dataclass(slots=True)
class _Walk:
    """One visitor's way so far.

    Attributes:
        first_ns: when it began.
        last: the latest sighting.
        source: the end it began at.
        told: whether they are certain to be somebody of their own.
        zone: where they are; "" before any.
        arriving: a zone they may have come to, and the first sighting there.
        window: the window passed last, and when.
        waiting: moves to be told of when they are certain.
    """

    first_ns: int
    last: _Seen
    source: str
    told: bool
    zone: str = ""
    arriving: tuple[str, _Seen] | None = None
    window: tuple[str, int] = ("", 0)
    waiting: list[_Move] = field(default_factory=list)


class FlowMeter:
    """Tells moves between zones.

    A move is named by the sighting it rests on, so observations replayed after a restart give the
    same events with the same keys.

    Args:
        zones: all of the site.
        floors: floor by camera; cameras without a floor see no zones.
        end_at: what kind of end a way has at a point.
        resumed_ns: how far an earlier life of the process has told of everybody; whoever is seen
            by then was told to be where they are.
    """

    def __init__(
        self,
        zones: Sequence[ZoneConfig],
        floors: Mapping[str, str],
        end_at: EndAt,
        resumed_ns: int = 0,
    ) -> None:
        self._map = ZoneMap(zones)
        self._area = np.array([shapely.Polygon(zone.polygon_m).area for zone in zones])
        self._kind = {zone.id: zone.kind for zone in zones}
        self._floors = floors
        self._end_at = end_at
        self._resumed_ns = resumed_ns
        self._walks: dict[int, _Walk] = {}
        self._recent: deque[_Move] = deque()

    def ingest(self, observation: Observation, visitor: Int64Array) -> list[Event]:
        """Moves that are certain after one observation.

        Args:
            observation: one frame of one camera.
            visitor: int64 (N,), the visitor each of its tracks belongs to; 0 for nobody, and for
                staff.
        """
        floor = self._floors.get(observation.camera_id)
        if floor is None:
            return []
        points = observation.floor_m.astype(np.float64)
        known = np.isfinite(points).all(axis=1) & (visitor > 0)
        inside = self._map.inside(floor, points)
        for index in np.flatnonzero(known).tolist():
            seen = _Seen(
                observation.key(index),
                observation.sequence,
                observation.mono_ns,
                observation.utc_ns,
                floor,
                (float(points[index, 0]), float(points[index, 1])),
            )
            self._follow(int(visitor[index]), seen, self._smallest(inside[index]))
        return self._certain(observation)

    def join(self, kept: int, gone: int) -> list[Event]:
        """Two visitors turned out to be one: the one that is gone was never here, or is lost."""
        walk, mine = self._walks.pop(gone, None), self._walks.get(kept)
        if walk is None:
            return []
        if mine is None:
            self._walks[kept] = walk
            return []
        if walk.last.mono_ns > mine.last.mono_ns:
            mine.last = walk.last
        return self._lose(walk)

    def forget(self, visitor: int) -> list[Event]:
        """Somebody is known no more: for the balance of the zones they are lost."""
        walk = self._walks.pop(visitor, None)
        return [] if walk is None else self._lose(walk)

    def _lose(self, walk: _Walk) -> list[Event]:
        return self._tell((*walk.waiting, *_departure(walk, APPEARED))) if walk.told else []

    def finish(self) -> list[Event]:
        """End all ways, e.g. when the service stops."""
        walks = [walk for walk in self._walks.values() if walk.told]
        self._walks.clear()
        return self._tell(
            [move for walk in walks for move in (*walk.waiting, *_departure(walk, APPEARED))]
        )

    def present_at(self, utc_ns: int) -> dict[str, int]:
        """People by zone at a moment that is `CERTAIN_NS` to a minute ago, of those told of.

        What happened just before a moment is certain only some seconds after it: so those who
        are there now are counted, and the moves since then undone.
        """
        counts = dict.fromkeys(self._kind, 0)
        for walk in self._walks.values():
            if walk.told and walk.zone:
                counts[walk.zone] += 1
        for move in self._recent:
            if move.at.utc_ns >= utc_ns:
                for node, change in ((move.target, -1), (move.origin, 1)):
                    if node in counts:
                        counts[node] += change
        return counts

    def _tell(self, moves: Sequence[_Move]) -> list[Event]:
        self._recent.extend(moves)
        newest_ns = max((move.at.utc_ns for move in moves), default=0)
        while self._recent and self._recent[0].at.utc_ns < newest_ns - REMEMBERED_NS:
            self._recent.popleft()
        return [_event(move) for move in moves]

    def _smallest(self, inside: BoolArray) -> str:
        columns = np.flatnonzero(inside)
        return self._map.zone_ids[columns[self._area[columns].argmin()]] if len(columns) else ""

    def _follow(self, visitor: int, seen: _Seen, zone: str) -> None:
        walk = self._walks.get(visitor)
        if walk is None:
            resumed = 0 < seen.mono_ns <= self._resumed_ns
            source = self._end_at(seen.floor_id, seen.floor_m)
            walk = _Walk(seen.mono_ns, seen, source, resumed, zone if resumed else "")
            self._walks[visitor] = walk
        walk.last = seen
        if not zone or zone == walk.zone:
            walk.arriving = None
            return
        if walk.arriving is None or walk.arriving[0] != zone:
            walk.arriving = (zone, seen)
        if seen.mono_ns - walk.arriving[1].mono_ns >= STEADY_NS:
            self._arrive(walk, *walk.arriving)

    def _arrive(self, walk: _Walk, zone: str, at: _Seen) -> None:
        if self._kind.get(walk.zone) == "window":
            walk.window = (walk.zone, at.mono_ns)
        credited = ""
        if self._kind[zone] not in OUTSIDE_KINDS:
            passed, left_ns = walk.window
            credited = passed if at.mono_ns - left_ns <= WINDOW_NS else ""
            walk.window = ("", 0)
        walk.waiting.append(_Move(walk.zone or walk.source, zone, at, credited))
        walk.zone, walk.arriving = zone, None

    def _certain(self, observation: Observation) -> list[Event]:
        """What can be told; a visitor is judged by the camera that saw it last."""
        moves: list[_Move] = []
        for visitor, walk in list(self._walks.items()):
            if walk.last.track.camera_id != observation.camera_id:
                continue
            walk.told = walk.told or walk.last.mono_ns - walk.first_ns >= SETTLE_NS
            if observation.mono_ns - walk.last.mono_ns >= ABSENT_NS:
                del self._walks[visitor]
                walk.waiting += _departure(
                    walk, self._end_at(walk.last.floor_id, walk.last.floor_m)
                )
            if walk.told:
                moves += walk.waiting
                walk.waiting = []
        return self._tell(moves)


def _departure(walk: _Walk, end: str) -> list[_Move]:
    sink = {ENTRANCE: EXIT, APPEARED: LOST}.get(end, end)
    return [_Move(walk.zone, sink, walk.last)] if walk.zone else []


def _event(move: _Move) -> Event:
    at, leaving = move.at, move.target.startswith("@")
    return Event(
        key=f"move/{'out' if leaving else move.target}/{at.track}/{at.sequence}",
        kind=EventKind.MOVE,
        utc_ns=at.utc_ns,
        mono_ns=at.mono_ns,
        camera_id=at.track.camera_id,
        place_id=move.target,
        data={"from": move.origin, "window": move.window},
    )


def ends_of(
    grids: Mapping[str, FloorGrid],
    visible: Mapping[str, BoolArray],
    lines: Sequence[tuple[str, LineConfig]],
    zones: Sequence[ZoneConfig],
) -> EndAt:
    """What kind of end a way has where it begins or ends.

    Near an entrance line or in an entrance zone people come in and go out; within a metre of
    where the cameras see nothing they come into view; elsewhere they were overlooked or lost.

    Args:
        grids: by floor.
        visible: bool (cells,) by floor, seen by any camera.
        lines: floor and entrance line, those drawn on the floor.
        zones: all of the site.
    """
    near: dict[str, list[shapely.Polygon]] = {}
    for floor, line in lines:
        if line.start_m is not None and line.end_m is not None:
            drawn = shapely.LineString([line.start_m, line.end_m])
            near.setdefault(floor, []).append(shapely.Polygon(drawn.buffer(NEAR_LINE_M).exterior))
    for zone in zones:
        if zone.kind == "entrance":
            near.setdefault(zone.floor, []).append(shapely.Polygon(zone.polygon_m))

    def end_at(floor_id: str, point_m: tuple[float, float]) -> str:
        if any(area.contains(shapely.Point(point_m)) for area in near.get(floor_id, ())):
            return ENTRANCE
        grid = grids.get(floor_id)
        if grid is None:
            return EDGE
        ring = np.linspace(0, 2 * np.pi, 12, endpoint=False)
        around = np.asarray(point_m) + NEAR_EDGE_M * np.column_stack([np.cos(ring), np.sin(ring)])
        cells = grid.cell_of(around)
        unseen = (cells < 0) | ~visible[floor_id][np.maximum(cells, 0)]
        return EDGE if unseen.any() else APPEARED

    return end_at


@dataclass(frozen=True, slots=True)
class Balance:
    """One zone's account of a span.

    Attributes:
        moved_in, moved_out: people.
        change: people in it at the end less at the beginning.
    """

    moved_in: int
    moved_out: int
    change: int

    @property
    def residual(self) -> int:
        """Moves in - moves out - change of the people in it; 0 when all add up."""
        return self.moved_in - self.moved_out - self.change


def balance(
    moves: Mapping[tuple[str, str], int], before: Mapping[str, int], after: Mapping[str, int]
) -> dict[str, Balance]:
    """Every zone's account.

    Args:
        moves: by origin and target.
        before: people by zone at the beginning.
        after: the same at the end.
    """
    zones = {node for pair in moves for node in pair if not node.startswith("@")}
    zones |= before.keys() | after.keys()
    return {
        zone: Balance(
            sum(count for (_, target), count in moves.items() if target == zone),
            sum(count for (origin, _), count in moves.items() if origin == zone),
            after.get(zone, 0) - before.get(zone, 0),
        )
        for zone in sorted(zones)
    }


def transition_shares(counts: Float64Array, smoothing: float = SMOOTHING) -> Float64Array:
    """P_ij = (F_ij + a) / (sum_j F_ij + a K): where people go next, rows add up to 1.

    Args:
        counts: float64 (N, K), moves from N origins to K targets.
        smoothing: a; what is never seen is not called impossible.
    """
    return np.asarray(
        (counts + smoothing) / (counts.sum(axis=1, keepdims=True) + smoothing * counts.shape[1])
    )
