"""Who stands before a screen, of everybody in view."""

from collections.abc import Sequence
from math import dist
from typing import Final

from shapely import Point, Polygon

from edge_core.config import ScreenConfig, SiteConfig
from edge_core.service.schema import PersonView

REACH_M: Final = 2.5
"""How near counts as before the screen when the site draws no zone of kind `reach`."""


class BeforeScreen:
    """Tells who is within reach of one screen.

    A zone of kind `reach` belongs to the screen that stands in it or within `REACH_M` of it.

    Args:
        site: the zones.
        screen: which screen.
    """

    def __init__(self, site: SiteConfig, screen: ScreenConfig) -> None:
        self._floor, self._at_m = screen.floor, screen.position_m
        self._reach: list[Polygon] = []
        if screen.position_m is None:
            return
        here = Point(screen.position_m)
        for zone in site.zones:
            polygon = Polygon(zone.polygon_m)
            near = zone.floor == screen.floor and polygon.distance(here) <= REACH_M
            if zone.kind == "reach" and near:
                self._reach.append(polygon)

    def numbers(self, people: Sequence[PersonView]) -> list[int]:
        """Numbers of those within reach, whatever they do there."""
        return [person.number for person in people if self._within(person)]

    def _within(self, person: PersonView) -> bool:
        if self._at_m is None or person.position_m is None or person.floor != self._floor:
            return False
        if self._reach:
            return any(polygon.covers(Point(person.position_m)) for polygon in self._reach)
        return dist(person.position_m, self._at_m) <= REACH_M
