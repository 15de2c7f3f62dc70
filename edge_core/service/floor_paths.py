"""Where everybody was in the last minutes, for the question who handled a garment."""

from bisect import insort
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from edge_core.interaction.association import Path
from edge_core.units import ns_from_s

KEPT_NS: Final = ns_from_s(300.0)
STEP_NS: Final = ns_from_s(0.25)
TRACK_SD_M: Final = 0.25
"""Standard deviation of a person's place on the floor, about what the cameras' bench gives."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One person at one moment.

    Attributes:
        visitor_id: the visitor's number within the core process.
        number: random number that names them outside of it.
        floor_id: floor of the plan.
        floor_m: x and y.
    """

    visitor_id: int
    number: int
    floor_id: str
    floor_m: tuple[float, float]


@dataclass(slots=True)
class _Way:
    number: int
    floor_id: str
    time_ns: list[int] = field(default_factory=list)
    floor_m: list[tuple[float, float]] = field(default_factory=list)
    looks: list[tuple[int, float]] = field(default_factory=list)
    """Moments at which the hands were looked at, and the chance that they were at goods."""


class FloorPaths:
    """Remembers paths for five minutes; memory by the people seen within them."""

    def __init__(self) -> None:
        self._ways: dict[int, _Way] = {}

    def see(self, people: Iterable[Standing], now_ns: int) -> None:
        """Take in everybody's place, some four times a second."""
        for person in people:
            way = self._ways.setdefault(person.visitor_id, _Way(person.number, person.floor_id))
            if way.floor_id != person.floor_id:
                way.floor_id, way.time_ns, way.floor_m = person.floor_id, [], []
                way.looks = []
            way.number = person.number
            way.time_ns.append(now_ns)
            way.floor_m.append(person.floor_m)
        self._forget(now_ns - KEPT_NS)

    def look(self, visitor_id: int, at_ns: int, handling: float) -> None:
        """Take in a look at somebody's hands; of people without a place nothing is kept.

        Args:
            visitor_id: whose.
            at_ns: when.
            handling: see `HandLooks`.
        """
        way = self._ways.get(visitor_id)
        if way is not None:
            # Cameras tell their looks in turn, a little out of order.
            insort(way.looks, (at_ns, handling))

    def join(self, kept: int, gone: int) -> None:
        """Two visitors turned out to be one."""
        before, after = self._ways.pop(gone, None), self._ways.get(kept)
        if before is None:
            return
        if after is None:
            self._ways[kept] = before
            return
        if before.floor_id != after.floor_id:
            return
        known = dict(zip(before.time_ns, before.floor_m, strict=True))
        known.update(zip(after.time_ns, after.floor_m, strict=True))
        after.time_ns = sorted(known)
        after.floor_m = [known[at] for at in after.time_ns]
        after.looks = sorted(before.looks + after.looks)

    def forget(self, visitor_id: int) -> None:
        """Drop somebody's path."""
        self._ways.pop(visitor_id, None)

    def number(self, visitor_id: int) -> int | None:
        """What names a visitor outside; None for one unseen for long."""
        way = self._ways.get(visitor_id)
        return None if way is None else way.number

    def on(self, floor_id: str) -> Iterator[Path]:
        """Everybody's path on a floor ("" for any); `person` is the visitor's id."""
        for visitor_id, way in self._ways.items():
            if floor_id in ("", way.floor_id) and way.time_ns:
                looks = np.array(way.looks, np.float64).reshape(-1, 2)
                yield Path(
                    person=visitor_id,
                    time_ns=np.array(way.time_ns, np.int64),
                    floor_m=np.array(way.floor_m, np.float64).reshape(-1, 2),
                    sd_m=TRACK_SD_M,
                    look_ns=np.array([at for at, _ in way.looks], np.int64),
                    handling=looks[:, 1],
                )

    def _forget(self, before_ns: int) -> None:
        for visitor_id, way in list(self._ways.items()):
            if way.time_ns and way.time_ns[0] < before_ns - STEP_NS * 40:
                first = int(np.searchsorted(way.time_ns, before_ns))
                del way.time_ns[:first], way.floor_m[:first]
                way.looks = [look for look in way.looks if look[0] >= before_ns]
            if not way.time_ns:
                del self._ways[visitor_id]
