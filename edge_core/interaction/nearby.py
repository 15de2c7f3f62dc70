"""Which garments are at a mirror or in a fitting room right now: quick, for a person who waits.

Item states are sure after half a minute; a mirror has two seconds. So the last reads alone decide:
a garment is where the antenna that hears it loudest looks, if that one leads by some decibels. What
an antenna of another place hears as loud is kept out, and so is what has hung there all along.
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from edge_core.tag_reads import TagReads
from edge_core.units import ns_from_s

_MEMORY_NS: Final = ns_from_s(2.0)
"""Reads this old no longer count."""
_LEAST_READS: Final = 3
_LEAST_SPAN_NS: Final = ns_from_s(0.3)
"""A garment carried past is heard this long too, but then another antenna leads."""
_UNSEEN_DBM: Final = -78.0
_COME_LEAD_DB: Final = 4.0
_STAY_LEAD_DB: Final = -3.0
"""Once it is there, another antenna must lead by so much before it is taken elsewhere."""
_LEAVE_NS: Final = ns_from_s(4.0)
"""A body in between can hide a tag this long."""
HANGS_NS: Final = ns_from_s(1200.0)
"""Whatever is at a place for so long hangs there."""


@dataclass(slots=True)
class _Garment:
    """A tag's last reads, and where it is."""

    time_ns: deque[int] = field(default_factory=deque)
    port: deque[int] = field(default_factory=deque)
    rssi_dbm: deque[float] = field(default_factory=deque)
    place: str = ""
    since_ns: int = 0
    heard_there_ns: int = 0

    def add(self, time_ns: int, port: int, rssi_dbm: float) -> None:
        self.time_ns.append(time_ns)
        self.port.append(port)
        self.rssi_dbm.append(rssi_dbm)
        self.forget(time_ns - _MEMORY_NS)

    def forget(self, before_ns: int) -> None:
        while self.time_ns and self.time_ns[0] < before_ns:
            self.time_ns.popleft()
            self.port.popleft()
            self.rssi_dbm.popleft()


@dataclass(frozen=True, slots=True)
class Near:
    """One garment at a place.

    Attributes:
        epc: its tag.
        since_ns: when it came, on the reads' clock.
    """

    epc: str
    since_ns: int


class Nearby:
    """Follows which tags are at which of some places. Pure; memory by the tags in view.

    Args:
        place_of: place by antenna; antennas that look at none of the places stand for elsewhere.
    """

    def __init__(self, place_of: Mapping[int, str]) -> None:
        self._place_of = dict(place_of)
        self._garments: dict[str, _Garment] = {}

    def see(self, reads: TagReads) -> None:
        """Take in reads, in order of time."""
        if not self._place_of:
            return
        for tag, time_ns, port, rssi_dbm in zip(
            reads.tag.tolist(),
            reads.time_ns.tolist(),
            reads.antenna.tolist(),
            reads.rssi_dbm.tolist(),
            strict=True,
        ):
            epc = reads.epcs[tag]
            garment = self._garments.get(epc)
            if garment is None:
                garment = self._garments[epc] = _Garment()
            garment.add(time_ns, port, rssi_dbm)

    def at(self, now_ns: int) -> dict[str, list[Near]]:
        """The garments at each place, those that came first at the head."""
        found: dict[str, list[Near]] = {place: [] for place in self._place_of.values()}
        for epc, garment in list(self._garments.items()):
            garment.forget(now_ns - _MEMORY_NS)
            self._judge(garment, now_ns)
            if garment.place and now_ns - garment.since_ns < HANGS_NS:
                found[garment.place].append(Near(epc, garment.since_ns))
            elif not garment.place and not garment.time_ns:
                del self._garments[epc]
        for near in found.values():
            near.sort(key=lambda it: (it.since_ns, it.epc))
        return found

    def _judge(self, garment: _Garment, now_ns: int) -> None:
        """Decide anew where a garment is."""
        if not garment.time_ns:
            if garment.place and now_ns - garment.heard_there_ns > _LEAVE_NS:
                garment.place = ""
            return
        place, lead_db, reads = self._loudest(garment)
        if place == garment.place and place:
            garment.heard_there_ns = garment.time_ns[-1]
            return
        span_ns = garment.time_ns[-1] - garment.time_ns[0]
        sure = reads >= _LEAST_READS and span_ns >= _LEAST_SPAN_NS
        if garment.place and not (sure and lead_db >= -_STAY_LEAD_DB):
            if now_ns - garment.heard_there_ns > _LEAVE_NS:
                garment.place = ""
            return
        if sure and (not place or lead_db >= _COME_LEAD_DB):
            garment.place = place
            garment.since_ns = garment.heard_there_ns = now_ns

    def _loudest(self, garment: _Garment) -> tuple[str, float, int]:
        """The place heard loudest ("" for elsewhere), its lead over the rest, its reads."""
        ports = np.fromiter(garment.port, np.int64)
        rssi_dbm = np.fromiter(garment.rssi_dbm, np.float64)
        levels: dict[str, tuple[float, int]] = {}
        for port in np.unique(ports).tolist():
            rows = ports == port
            place = self._place_of.get(port, "")
            level, count = float(rssi_dbm[rows].mean()), int(rows.sum())
            if level > levels.get(place, (_UNSEEN_DBM, 0))[0]:
                levels[place] = (level, count)
        order = sorted(levels, key=lambda name: levels[name][0], reverse=True)
        if not order:
            return "", 0.0, 0
        best, count = levels[order[0]]
        rest = levels[order[1]][0] if len(order) > 1 else _UNSEEN_DBM
        return order[0], best - rest, count
