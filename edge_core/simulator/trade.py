"""What a simulated shop's people do with its garments, and what is true of it afterwards.

Joins the crowd and `Handling`: who keeps a garment goes on to the fitting rooms, the mirror or the
till with it.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

import numpy as np
import shapely

from edge_core.config import PASSING
from edge_core.simulator.crowd import Crowd
from edge_core.simulator.handling import Garment, Handling, Point
from edge_core.simulator.rfid.played import Shot
from edge_core.simulator.rfid.world import FAR_AWAY_M
from edge_core.simulator.scene import Scene
from edge_core.simulator.shopper import PersonState

_TRY: Final = 0.6
_LOOK: Final = 0.35
_BUY: Final = 0.7
"""Shares of those who keep a garment that go on to the fitting rooms, a mirror and the till."""
_MOST_KNOTS: Final = 400
_FITTING: Final = "fitting-room"


@dataclass(frozen=True, slots=True)
class Tried:
    """Somebody had a garment with them in a place that garments pass through.

    Attributes:
        person: the shopper's number.
        epc: the garment's tag.
        zone: a fitting room's or a mirror's.
        start_s, end_s: world time.
    """

    person: int
    epc: str
    zone: str
    start_s: float
    end_s: float


class Trade:
    """The garments of one world.

    Args:
        scene: the place.
        crowd: its people.
        stock: its garments.
        seed: of everything that is done.

    Attributes:
        handling: hands and garments, with the truth of who did what.
        tried: stays with a garment in fitting rooms and at mirrors.
    """

    def __init__(self, scene: Scene, crowd: Crowd, stock: Sequence[Garment], seed: int) -> None:
        self.handling = Handling(stock, seed)
        self.tried: list[Tried] = []
        self._garments = list(stock)
        self._crowd = crowd
        self._rng = np.random.default_rng((seed, 1))
        self._sent: set[tuple[int, str]] = set()
        self._open: dict[str, Tried] = {}
        kinds = {zone.id: zone.kind for zone in scene.site.zones}
        visited = [item.zone for item in scene.config.attractions]
        self._fitting = [zone for zone in visited if kinds[zone] == _FITTING]
        self._mirrors = [it.zone for it in scene.site.screens if it.zone in visited]
        self._tills = [item.zone for item in scene.config.attractions if item.role == "till"]
        watched = {a.zone for reader in scene.site.readers for a in reader.antennas}
        self._places = {
            zone.id: shapely.Polygon(zone.polygon_m)
            for zone in scene.site.zones
            if zone.id in watched and zone.kind in PASSING
        }

    def advance(self, people: Sequence[PersonState], now_s: float) -> None:
        """Take in everybody's state, at least four times a second."""
        self.handling.advance(people, now_s)
        here = {person.number: person for person in people}
        for garment in self._garments:
            holder = here.get(garment.holder) if garment.holder is not None else None
            self._note_place(garment, holder, now_s)
            if holder is not None and holder.activity == "walk":
                self._send_on(holder.number, garment.epc)

    def open_stays(self, now_s: float) -> list[Tried]:
        """Stays that go on now."""
        return [replace(stay, end_s=now_s) for stay in self._open.values()]

    def as_json(self) -> dict[str, Any]:
        """The truth so far, JSON values only."""
        return {
            "garments": len(self._garments),
            "handled": [asdict(handled) for handled in self.handling.log],
            "tried": [asdict(tried) for tried in self.tried],
            "now": {epc: tried.zone for epc, tried in self._open.items()},
        }

    def _send_on(self, number: int, epc: str) -> None:
        """Who walks on with a garment means something by it."""
        if (number, epc) in self._sent:
            return
        self._sent.add((number, epc))
        ways = ((self._fitting, _TRY), (self._mirrors, _LOOK), (self._tills, _BUY))
        zones = [
            zones[int(self._rng.integers(len(zones)))]
            for zones, share in ways
            if zones and self._rng.random() < share
        ]
        self._crowd.send(number, zones)

    def _note_place(self, garment: Garment, holder: PersonState | None, now_s: float) -> None:
        zone = ""
        if holder is not None:
            point = shapely.Point(*holder.position_m)
            inside = (name for name, polygon in self._places.items() if polygon.contains(point))
            zone = next(inside, "")
        known = self._open.get(garment.epc)
        if known is not None and known.zone != zone:
            ended = Tried(known.person, known.epc, known.zone, known.start_s, now_s)
            self.tried.append(ended)
            del self._open[garment.epc]
            known = None
        if known is None and zone and holder is not None:
            self._open[garment.epc] = Tried(holder.number, garment.epc, zone, now_s, now_s)

    def shot(self, people: Sequence[PersonState], now_s: float) -> Shot:
        """Where everything is, for readers."""
        return Shot(
            now_s,
            np.array([_place_at(garment, now_s) for garment in self._garments]),
            np.array([garment.holder is not None for garment in self._garments], np.bool_),
            {person.number: person.position_m for person in people},
        )


def _place_at(garment: Garment, now_s: float) -> Point:
    """Where a garment is, on the straight lines between its knots; far away once sold."""
    if garment.sold:
        return (FAR_AWAY_M, FAR_AWAY_M, 0.0)
    way = garment.way
    if len(way) > _MOST_KNOTS:
        del way[: _MOST_KNOTS // 2]
    after = bisect_right(way, now_s, key=lambda knot: knot[0])
    if after == 0:
        return garment.home_m if not way else way[0][1]
    if after == len(way):
        return way[-1][1]
    (start_s, start), (end_s, end) = way[after - 1], way[after]
    share = (now_s - start_s) / max(end_s - start_s, 1e-9)
    x, y, z = (a + share * (b - a) for a, b in zip(start, end, strict=True))
    return (x, y, z)
