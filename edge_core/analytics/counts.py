"""Counting who crosses a line, once per crossing and with its direction.

A crossing is a walk from beyond one of two parallel lines to beyond the other (hysteresis), whose
path met the drawn line between its ends. Everything a decision rests on lies between those two
moments, and an event is named by the second, so observations replayed after a restart give the
same events with the same keys.

Tracks break, and one that breaks off before the line and another that begins behind it are a
crossing nobody saw. Identity tells of some (`join`), but takes a look at somebody for that, who on
the way out is soon beyond the picture. So a track that begins where another's walk led is taken to
go on with it by its motion alone (`broken`), unless the other is seen again beside it.
"""

from dataclasses import dataclass, field, replace
from math import hypot, isnan, nan

import numpy as np

from edge_core.analytics.broken import Walk, went_on
from edge_core.config.zones import LineConfig
from edge_core.types import Event, EventKind, Float64Array, Observation, TrackKey
from edge_core.units import ns_from_s, s_from_ns

GAP_M = 0.3
"""Distance between the two parallel lines of a line drawn on the floor."""
GAP_SHARE_OF_DIAGONAL = 0.03
"""The same for a line drawn in the picture."""
END_MARGIN_SHARE = 0.05
"""How far beyond a line's ends, in line lengths, a path may still meet it."""
MINIMUM_AGE_NS = ns_from_s(0.5)
MAXIMUM_SPEED_M_S = 4.0
JUMP_SLACK_M = 0.6
"""How far a foot point may be off at once: legs hidden by a shelf lift the box's lower edge."""
PERSON_HEIGHT_M = 1.7
"""Turns a box height into a scale where the camera is not calibrated."""
FORGET_NS = ns_from_s(10)
SETTLED_NS = ns_from_s(0.5)
"""So long the track that broke off must stay unseen beside the one that goes on with it."""


@dataclass(frozen=True, slots=True)
class Crossing:
    """A crossing and the track that made it.

    Attributes:
        event: the durable fact.
        track: whose it is; of two that are one walk, the one on the line's inner side.
    """

    event: Event
    track: TrackKey


@dataclass(slots=True)
class _Path:
    """What is remembered of one track at one line.

    Attributes:
        first_ns, last_ns: when it was first and last seen.
        across, along: where it was last.
        side: beyond which of the two lines it last was; 0 before any.
        met_along: where it last met the drawn line, NaN before.
        pending: a crossing not told yet, while the track is too young.
        start: across and along of its first point.
        begun: the crossing it would be, had it come from the other side before it began.
        walk: its latest places.
        before: the track it seems to go on with; None once that has been used, or proved wrong.
    """

    first_ns: int
    last_ns: int
    across: float
    along: float
    start: tuple[float, float]
    side: int = 0
    met_along: float = nan
    pending: Event | None = None
    begun: Event | None = None
    walk: Walk = field(default_factory=Walk)
    before: int | None = None


class LineCounter:
    """Counts the people one camera sees crossing one line.

    `across` is the signed distance from the line, positive on the right hand of somebody walking
    from start to end; `along` the distance from start. Both in metres of the floor or pixels of
    the picture the line was drawn in; y points down in both, so
    across = direction x (point - start) with the plain cross product.

    Args:
        line: where the line is and which camera watches it.
    """

    def __init__(self, line: LineConfig) -> None:
        start, end = (line.start_m, line.end_m) if line.start_m else (line.start_px, line.end_px)
        if start is None or end is None:
            raise ValueError(f"line {line.id} has no ends")
        self.line = line
        self._start = np.asarray(start, np.float64)
        span = np.asarray(end, np.float64) - self._start
        self._length = float(np.hypot(*span))
        self._direction = span / self._length
        gap = GAP_SHARE_OF_DIAGONAL * hypot(*line.picture_px) if line.picture_px else GAP_M
        self._half_gap = gap / 2
        self._epoch: int | None = None
        self._paths: dict[int, _Path] = {}

    def ingest(self, observation: Observation) -> list[Crossing]:
        """Crossings completed by this observation; those of other cameras are ignored."""
        if observation.camera_id != self.line.camera:
            return []
        if observation.epoch != self._epoch:
            self._epoch = observation.epoch
            self._paths.clear()
        points, per_m = self._points(observation)
        offset = points - self._start
        dx, dy = self._direction
        across = dx * offset[:, 1] - dy * offset[:, 0]
        along = offset @ self._direction
        found = []
        for index in np.flatnonzero(np.isfinite(across)):
            place = float(across[index]), float(along[index])
            event = self._step(observation, int(index), place, float(per_m[index]))
            if event is not None:
                found.append(Crossing(event, observation.key(int(index))))
        self._pair(observation, per_m)
        found += self._unseen(observation)
        self._forget(observation)
        return found

    def join(self, earlier: TrackKey, later: TrackKey) -> list[Crossing]:
        """A track turned out to continue another that broke off, perhaps beyond the line.

        Returns:
            The crossing made while nobody saw it, if there was one.
        """
        ours = {(key.camera_id, key.epoch) for key in (earlier, later)}
        if ours != {(self.line.camera, self._epoch)}:
            return []
        found = self._go_on(earlier.track_id, later.track_id)
        return [] if found is None else [Crossing(found, later)]

    def _pair(self, observation: Observation, per_m: Float64Array) -> None:
        """Say of tracks that begin which of those that broke off they seem to go on with."""
        seen = observation.track_id.tolist()
        begun = {
            track: self._paths[track].start
            for track in seen
            if track in self._paths and self._paths[track].first_ns == observation.mono_ns
        }
        if not begun:
            return
        used = {path.before for path in self._paths.values()}
        broken = {
            track: path.walk
            for track, path in self._paths.items()
            if path.last_ns < observation.mono_ns and track not in used
        }
        scale = dict(zip(seen, per_m.tolist(), strict=True))
        for track, earlier in went_on(begun, broken, observation.mono_ns, scale).items():
            self._paths[track].before = earlier

    def _unseen(self, observation: Observation) -> list[Crossing]:
        """Crossings between two tracks that are one walk, once they are old enough together."""
        found = []
        for track, path in self._paths.items():
            if path.before is None:
                continue
            old = self._paths.get(path.before)
            if old is None or old.last_ns > path.first_ns:
                path.before = None
            elif observation.mono_ns - path.first_ns >= SETTLED_NS:
                earlier, path.before = path.before, None
                event = self._go_on(earlier, track)
                if event is not None:
                    inside = track if event.data["direction"] == "in" else earlier
                    key = TrackKey(observation.camera_id, observation.epoch, inside)
                    found.append(Crossing(event, key))
        return found

    def _go_on(self, earlier: int, later: int) -> Event | None:
        """One track goes on with another; the crossing between them, if there was one."""
        old, new = self._paths.get(earlier), self._paths.get(later)
        if old is None or new is None or old.side == 0:
            return None
        unseen = _meeting((old.across, old.along), new.start)
        if isnan(new.met_along):
            new.met_along = unseen[1] if unseen else old.met_along
        if new.side == 0:
            new.side = old.side
        begun, new.begun = new.begun, None
        came_from = "out" if old.side > 0 else "in"
        if begun is None or begun.data["direction"] != came_from:
            return None
        if unseen:
            met_ns = old.last_ns + round(unseen[0] * (new.first_ns - old.last_ns))
            late_ns = begun.mono_ns - met_ns
            begun = replace(begun, mono_ns=met_ns, utc_ns=begun.utc_ns - late_ns)
        return begun if self._between_ends(new.met_along) else None

    def _points(self, observation: Observation) -> tuple[Float64Array, Float64Array]:
        """Foot points float64 (N, 2) and units per metre float64 (N,), in the line's units."""
        if self.line.picture_px is None:
            return observation.floor_m.astype(np.float64), np.ones(len(observation.track_id))
        boxes = observation.xyxy_px.astype(np.float64)
        scale = np.asarray(self.line.picture_px) / np.asarray(observation.size_px)
        feet = np.column_stack([boxes[:, [0, 2]].mean(axis=1), boxes[:, 3]]) * scale
        return feet, (boxes[:, 3] - boxes[:, 1]) * scale[1] / PERSON_HEIGHT_M

    def _step(
        self, observation: Observation, index: int, place: tuple[float, float], per_m: float
    ) -> Event | None:
        across, along = place
        track_id = int(observation.track_id[index])
        path = self._paths.get(track_id)
        side = self._side(across)
        if path is None:
            now_ns = observation.mono_ns
            path = self._paths[track_id] = _Path(now_ns, now_ns, across, along, place, side)
            path.begun = self._event(observation, index, side) if side else None
            path.walk.see(now_ns, across, along)
            return None
        elapsed_s = max(0.0, s_from_ns(observation.mono_ns - path.last_ns))
        reach = (MAXIMUM_SPEED_M_S * elapsed_s + JUMP_SLACK_M) * per_m
        if hypot(across - path.across, along - path.along) > reach:
            path.side, path.pending = side, None
        else:
            self._follow(path, observation, index, place)
        path.last_ns, path.across, path.along = observation.mono_ns, across, along
        path.walk.see(observation.mono_ns, across, along)
        if path.pending is None or observation.mono_ns - path.first_ns < MINIMUM_AGE_NS:
            return None
        event, path.pending = path.pending, None
        return event

    def _follow(
        self, path: _Path, observation: Observation, index: int, place: tuple[float, float]
    ) -> None:
        """Continue a path by one plausible step."""
        met = _meeting((path.across, path.along), place)
        path.met_along = met[1] if met else path.met_along
        side = self._side(place[0])
        if side == 0 or side == path.side:
            return
        if path.side == 0:
            path.begun = self._event(observation, index, side)
        elif path.pending is not None:
            path.pending = None
        elif self._between_ends(path.met_along):
            path.pending = self._event(observation, index, side)
        path.side = side

    def _side(self, across: float) -> int:
        """1 right of both lines, -1 left of both, 0 between them."""
        return 0 if abs(across) <= self._half_gap else (1 if across > 0 else -1)

    def _between_ends(self, along: float) -> bool:
        margin = END_MARGIN_SHARE * self._length
        return -margin <= along <= self._length + margin

    def _event(self, observation: Observation, index: int, side: int) -> Event:
        return Event(
            key=f"crossing/{self.line.id}/{observation.key(index)}/{observation.sequence}",
            kind=EventKind.CROSSING,
            utc_ns=observation.utc_ns,
            mono_ns=observation.mono_ns,
            camera_id=observation.camera_id,
            place_id=self.line.id,
            data={"direction": "in" if side > 0 else "out"},
        )

    def _forget(self, observation: Observation) -> None:
        """Ended tracks are kept for a while, for `join` may come late; ids are never reused."""
        oldest_ns = observation.mono_ns - FORGET_NS
        stale = [track_id for track_id, path in self._paths.items() if path.last_ns < oldest_ns]
        for track_id in stale:
            del self._paths[track_id]


def _meeting(before: tuple[float, float], after: tuple[float, float]) -> tuple[float, float] | None:
    """Share of a step after which it meets the line, and where; points as across and along."""
    if (before[0] >= 0) == (after[0] >= 0):
        return None
    share = before[0] / (before[0] - after[0])
    return share, before[1] + share * (after[1] - before[1])
