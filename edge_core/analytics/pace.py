"""Who walks and who stands, from floor points that shake."""

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import hypot
from typing import Final

from edge_core.units import ns_from_s, s_from_ns

ENGAGED_M_S: Final = 0.3
"""Slower than this somebody stands."""
ENGAGED_NS: Final = ns_from_s(5)
"""Standing for longer than this is being engaged."""
BASE_NS: Final = ns_from_s(1)
"""Speed is the way made over this long: over less, a shaking foot point looks like walking."""
FORGET_NS: Final = ns_from_s(8)


@dataclass(frozen=True, slots=True)
class Present:
    """Somebody in view at a moment, once however many cameras see them.

    Attributes:
        visitor: their number within the core process.
        floor_id: floor of the plan.
        floor_m: x and y.
        zone_ids: zones they stand in.
    """

    visitor: int
    floor_id: str
    floor_m: tuple[float, float]
    zone_ids: tuple[str, ...]


@dataclass(slots=True)
class _Trail:
    floor_id: str
    points: deque[tuple[int, tuple[float, float]]]
    slow_since_ns: int | None = None


class PaceMeter:
    """Follows how fast everybody goes; to be fed some four times a second."""

    def __init__(self) -> None:
        self._trails: dict[int, _Trail] = {}

    def see(self, people: Iterable[Present], now_ns: int) -> None:
        """Take in everybody's place at a moment (monotonic)."""
        for person in people:
            trail = self._trails.get(person.visitor)
            if trail is None or trail.floor_id != person.floor_id:
                trail = self._trails[person.visitor] = _Trail(person.floor_id, deque())
            trail.points.append((now_ns, person.floor_m))
            while len(trail.points) > 1 and trail.points[1][0] <= now_ns - BASE_NS:
                trail.points.popleft()
            speed_m_s = _speed(trail)
            if speed_m_s is None or speed_m_s >= ENGAGED_M_S:
                trail.slow_since_ns = None
            elif trail.slow_since_ns is None:
                trail.slow_since_ns = trail.points[0][0]
        stale = [
            it for it, trail in self._trails.items() if trail.points[-1][0] < now_ns - FORGET_NS
        ]
        for visitor in stale:
            del self._trails[visitor]

    def join(self, kept: int, gone: int) -> None:
        """Two visitors turned out to be one."""
        trail = self._trails.pop(gone, None)
        if trail is not None:
            self._trails.setdefault(kept, trail)

    def speeds_m_s(self) -> Mapping[int, float]:
        """Speed by visitor, of those followed for long enough to tell."""
        told = ((visitor, _speed(trail)) for visitor, trail in self._trails.items())
        return {visitor: speed for visitor, speed in told if speed is not None}

    def slow_since_ns(self, visitor: int) -> int | None:
        """Since when somebody stands; None for those who walk or are not followed."""
        trail = self._trails.get(visitor)
        return None if trail is None else trail.slow_since_ns


def _speed(trail: _Trail) -> float | None:
    (first_ns, (x0, y0)), (last_ns, (x1, y1)) = trail.points[0], trail.points[-1]
    if last_ns - first_ns < BASE_NS:
        return None
    return hypot(x1 - x0, y1 - y0) / s_from_ns(last_ns - first_ns)
