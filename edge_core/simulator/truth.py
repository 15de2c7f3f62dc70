"""What really happened: line crossings, stays in zones, who was there. The demo's answer sheet."""

from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
import shapely

from edge_core.simulator.scene import Scene
from edge_core.simulator.shopper import PersonState
from edge_core.types import Float64Array


@dataclass(frozen=True)
class Crossing:
    """Somebody crossed a counting line, `in` or `out`, `t_s` after the start."""

    t_s: float
    line: str
    person: int
    direction: str


@dataclass(frozen=True)
class Stay:
    """Somebody was in a zone from `start_s` to `end_s` after the start."""

    person: int
    zone: str
    start_s: float
    end_s: float

    @property
    def duration_s(self) -> float:
        """Length of the stay."""
        return self.end_s - self.start_s


def crossing_direction(
    start_m: Float64Array, end_m: Float64Array, before_m: Float64Array, after_m: Float64Array
) -> str | None:
    """`in`, `out` or None for one step of a walk against a counting line.

    Walking from start to end, from the left to the right hand is in. The plan's y grows
    downwards, so the right hand of direction (x, y) is (-y, x).
    """
    along = end_m - start_m
    sides = [
        float(along[0] * (p - start_m)[1] - along[1] * (p - start_m)[0])
        for p in (before_m, after_m)
    ]
    if (sides[0] > 0) == (sides[1] > 0):
        return None
    share = sides[0] / (sides[0] - sides[1])
    point = before_m + share * (after_m - before_m)
    place = float((point - start_m) @ along / (along @ along))
    if not 0 <= place <= 1:
        return None
    return "in" if sides[1] > 0 else "out"


@dataclass
class TruthLog:
    """Watches a crowd step by step."""

    scene: Scene
    crossings: list[Crossing] = field(default_factory=list)
    stays: list[Stay] = field(default_factory=list)
    seen: dict[int, tuple[float, float]] = field(default_factory=dict)
    """Person -> first and last time on the floor."""
    _before: dict[int, Float64Array] = field(default_factory=dict)
    _open: dict[tuple[int, str], float] = field(default_factory=dict)
    _now_s: float = 0.0

    def __post_init__(self) -> None:
        floor = self.scene.config.floor
        self._zones = [
            (zone.id, shapely.Polygon(zone.polygon_m))
            for zone in self.scene.site.zones
            if zone.floor == floor
        ]
        for _, polygon in self._zones:
            shapely.prepare(polygon)
        self._lines = [
            (line.id, np.array(line.start_m), np.array(line.end_m))
            for line in self.scene.site.lines
            if line.start_m is not None and line.end_m is not None
        ]

    def observe(self, t_s: float, people: list[PersonState]) -> None:
        """Take in everybody's position at one instant."""
        self._now_s = t_s
        here = {person.number: np.array(person.position_m) for person in people}
        for number, after in here.items():
            self.seen[number] = (self.seen.get(number, (t_s, t_s))[0], t_s)
            before = self._before.get(number)
            if before is not None:
                self._note_crossings(t_s, number, before, after)
        self._note_stays(t_s, here)
        self._before = here

    def _note_crossings(
        self, t_s: float, number: int, before: Float64Array, after: Float64Array
    ) -> None:
        for line_id, start, end in self._lines:
            direction = crossing_direction(start, end, before, after)
            if direction is not None:
                self.crossings.append(Crossing(round(t_s, 3), line_id, number, direction))

    def _note_stays(self, t_s: float, here: dict[int, Float64Array]) -> None:
        numbers = list(here)
        points = np.array([here[number] for number in numbers]).reshape(-1, 2)
        now = set()
        for zone_id, polygon in self._zones:
            inside = shapely.contains_xy(polygon, points[:, 0], points[:, 1])
            now |= {(numbers[index], zone_id) for index in np.flatnonzero(inside)}
        for key in now - self._open.keys():
            self._open[key] = t_s
        for key in self._open.keys() - now:
            self.stays.append(Stay(key[0], key[1], round(self._open.pop(key), 3), round(t_s, 3)))

    def as_json(self) -> dict[str, Any]:
        """Everything noted so far, JSON values only; stays still open end now."""
        still = [
            Stay(number, zone, round(start, 3), round(self._now_s, 3))
            for (number, zone), start in sorted(self._open.items())
        ]
        totals = {line_id: {"in": 0, "out": 0} for line_id, _, _ in self._lines}
        for crossing in self.crossings:
            totals[crossing.line][crossing.direction] += 1
        return {
            "t_s": round(self._now_s, 3),
            "crossings": [asdict(crossing) for crossing in self.crossings],
            "crossings_by_line": totals,
            "stays": [asdict(stay) | {"open": False} for stay in self.stays]
            + [asdict(stay) | {"open": True} for stay in still],
            "people": [
                {"person": number, "first_s": round(first, 3), "last_s": round(last, 3)}
                for number, (first, last) in sorted(self.seen.items())
            ],
        }
