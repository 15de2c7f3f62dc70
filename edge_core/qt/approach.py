"""Telling somebody who comes up to a screen from somebody who walks past. Pure."""

from math import dist, hypot
from typing import Final

from shapely import Point, Polygon, intersects_xy, prepare

from edge_core.service.schema import XY, LiveView, PersonView
from edge_core.service.site_schema import ScreenView, SiteView

REACH_M: Final = 2.5
"""How near counts as before the screen when the site draws no zone of kind `reach`."""
LINGER_M_S: Final = 0.55
"""Slower than this is slowing down or standing: people stroll at 0.8 to 1.4 m/s."""
_CONFIRM: Final = 2
"""Answers in a row that must agree; one noisy speed wakes nobody."""


class ApproachWatch:
    """Follows the live view and knows who pays this screen attention.

    Attributes:
        within: numbers of those within reach, at whatever speed.
        approached: somebody within reach has slowed down, in the newest answers.
    """

    def __init__(self) -> None:
        self.within: frozenset[int] = frozenset()
        self.approached = False
        self._screen: ScreenView | None = None
        self._reach: list[Polygon] = []
        self._slow: dict[int, int] = {}
        self._before: dict[int, tuple[float, XY]] = {}

    def place(self, site: SiteView, own: ScreenView | None) -> None:
        """Learn where the screen stands.

        A zone of kind `reach` belongs to the screen that stands in it or within `REACH_M` of it.
        """
        self._screen = own
        self._reach = []
        if own is None or own.position_m is None:
            return
        here = Point(own.position_m)
        for zone in site.zones:
            polygon = Polygon(zone.polygon_m)
            mine = zone.floor == own.floor and polygon.distance(here) <= REACH_M
            if zone.kind == "reach" and mine:
                prepare(polygon)
                self._reach.append(polygon)

    def see(self, live: LiveView) -> None:
        """Take the newest answer of the service."""
        at_s = live.at.timestamp()
        slow: dict[int, int] = {}
        before: dict[int, tuple[float, XY]] = {}
        within: set[int] = set()
        for person in live.people:
            if person.position_m is None or not self._within_reach(person, person.position_m):
                continue
            within.add(person.number)
            before[person.number] = (at_s, person.position_m)
            speed = self._speed_m_s(person, at_s)
            if speed is not None and speed <= LINGER_M_S:
                slow[person.number] = self._slow.get(person.number, 0) + 1
        self._slow, self._before, self.within = slow, before, frozenset(within)
        self.approached = any(count >= _CONFIRM for count in slow.values())

    def _within_reach(self, person: PersonView, position_m: XY) -> bool:
        screen = self._screen
        if screen is None or screen.position_m is None or person.floor != screen.floor:
            return False
        if self._reach:
            return any(intersects_xy(polygon, *position_m) for polygon in self._reach)
        return dist(position_m, screen.position_m) <= REACH_M

    def _speed_m_s(self, person: PersonView, at_s: float) -> float | None:
        if person.velocity_m_s is not None:
            return hypot(*person.velocity_m_s)
        if person.number not in self._before or person.position_m is None:
            return None
        then_s, then_m = self._before[person.number]
        return dist(person.position_m, then_m) / (at_s - then_s) if at_s > then_s else None
