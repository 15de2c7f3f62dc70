"""The way from here to there: who asks, what is closed, how crowded it is, and in words."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from math import dist
from typing import Final

from shapely import LineString, Polygon

from edge_core.config import (
    ClosureConfig,
    DirectoryConfig,
    FixtureConfig,
    PointM,
    SiteConfig,
)
from edge_core.suggest.routes_crowd import CrowdedWays
from edge_core.suggest.routes_hours import (
    closed_store_warning,
    crowd_warning,
    detour_warning,
    hours_warning,
)
from edge_core.suggest.routes_network import Mode, Passing, RouteNetwork, Way
from edge_core.suggest.routes_steps import Goal, Step, told
from edge_core.suggest.routes_words import Words, step_words

_CROWD_WORTH_TELLING_S: Final = 20.0
_MOST_KEPT: Final = 8
_Areas = tuple[tuple[str, tuple[PointM, ...]], ...]
"""Closed areas: floor id and polygon of each."""
_FARTHEST_FOOT_M: Final = 3.0
_ESCALATORS: Final = {
    "up": ("escalator up", "上行扶梯"),
    "down": ("escalator down", "下行扶梯"),
    "both": ("escalator", "扶梯"),
}
"""In a sentence; where one leads is said a step later."""


@dataclass(frozen=True, slots=True)
class Route:
    """A way with its instructions and warnings.

    Attributes:
        mode: how one goes.
        seconds, metres: all of it; metres are walked.
        steps: each with its words.
        warnings: each with its kind: `closed`, `closes-before`, `closes-soon`, `detour`, `crowd`.
    """

    mode: Mode
    seconds: float
    metres: float
    steps: tuple[tuple[Step, Words], ...]
    warnings: tuple[tuple[str, Words], ...]


class RoutePlanner:
    """Answers for one site; safe to ask from several threads.

    Args:
        site: floors and screens.
        directory: stores, places and connectors.
    """

    def __init__(self, site: SiteConfig, directory: DirectoryConfig) -> None:
        self._site, self._directory = site, directory
        self.network = RouteNetwork.of(site, directory)
        self._ways: dict[_Areas, tuple[RouteNetwork, CrowdedWays]] = {
            (): (self.network, CrowdedWays(self.network))
        }
        self._stores = {store.id: store for store in directory.stores}
        self._names = self._all_names()
        self._spoken = self._names | {
            it.id: _ESCALATORS[it.direction]
            for it in directory.connectors
            if it.kind == "escalator"
        }
        self._floors = {floor.id: (floor.name, floor.name_zh) for floor in site.floors}
        self._levels = {floor.id: floor.level for floor in site.floors}
        self._landmarks = self._all_landmarks()

    def plan(
        self,
        start_id: str,
        goal_id: str,
        mode: Mode,
        now: datetime,
        closures: Sequence[ClosureConfig] = (),
        people_m: Mapping[str, Sequence[PointM]] | None = None,
    ) -> Route | None:
        """The quickest way; None where there is none that mode can take.

        Args:
            start_id: id of a store, place, connector or screen.
            goal_id: likewise.
            mode: how one goes.
            now: local time of the site.
            closures: what is closed now.
            people_m: places of the people in view by floor, metres.

        Raises:
            KeyError: there is no such id.
        """
        network, passing = self._passing(mode, closures, people_m or {})
        way = network.between(start_id, goal_id, passing)
        if way is None:
            return None
        steps = told(
            network,
            way,
            passing,
            self._goal(goal_id, network.spots[way.spots[-1]].at_m),
            self._landmarks,
            self._facing_deg(start_id),
        )
        warnings = [
            *self._goal_warnings(goal_id, now, way.seconds, closures),
            *self._detours(start_id, goal_id, way, passing, closures),
            *_crowds(network, way, passing),
        ]
        worded = [
            (step, step_words(step, self._spoken, self._floors, self._levels)) for step in steps
        ]
        metres = sum(step.metres for step in steps)
        return Route(mode, way.seconds, metres, tuple(worded), tuple(warnings))

    def seconds_from(
        self, start_id: str, mode: Mode = Mode.WALKING, closures: Sequence[ClosureConfig] = ()
    ) -> dict[str, float]:
        """Walking time from one thing to every other that can be reached, by id.

        Raises:
            KeyError: there is no such id.
        """
        network, passing = self._passing(mode, closures, {})
        return network.seconds_from(start_id, passing)

    def unreachable(self) -> list[tuple[str, str]]:
        """Ids of what nobody can walk to, each with the reason; for `promenade check-config`."""
        found = [
            (key, f"its point lies {away:.1f} m from where people can walk")
            for key, away in self._feet_m()
            if away > _FARTHEST_FOOT_M
        ]
        starts = [
            *(screen.id for screen in self._site.screens if screen.id in self.network.doors),
            *(place.id for place in self._directory.places),
        ]
        if starts:
            reached = self.seconds_from(starts[0])
            lost = [store.id for store in self._directory.stores if store.id not in reached]
            found += [(key, f"there is no way to it from {starts[0]}") for key in lost]
        return found

    def _passing(
        self,
        mode: Mode,
        closures: Sequence[ClosureConfig],
        people_m: Mapping[str, Sequence[PointM]],
    ) -> tuple[RouteNetwork, Passing]:
        closed = frozenset(closure.what for closure in closures if closure.what is not None)
        network, crowds = self._around(closures)
        return network, Passing(mode, closed, crowds.slowness(people_m))

    def _around(self, closures: Sequence[ClosureConfig]) -> tuple[RouteNetwork, CrowdedWays]:
        """The ways with closed areas walled off; they change seldom and are kept."""
        areas = tuple((it.floor or "", it.polygon_m) for it in closures if it.polygon_m is not None)
        if areas not in self._ways:
            floors = [
                floor.model_copy(update={"fixtures": (*floor.fixtures, *_walls(floor.id, areas))})
                for floor in self._site.floors
            ]
            site = self._site.model_copy(update={"floors": tuple(floors)})
            network = RouteNetwork.of(site, self._directory)
            kept = {(): self._ways[()]} if len(self._ways) >= _MOST_KEPT else self._ways
            self._ways = kept | {areas: (network, CrowdedWays(network))}
        return self._ways[areas]

    def _goal_warnings(
        self, goal_id: str, now: datetime, seconds: float, closures: Sequence[ClosureConfig]
    ) -> list[tuple[str, Words]]:
        shut = [closure for closure in closures if closure.what == goal_id]
        if shut:
            return [closed_store_warning(self._names[goal_id], shut[0])]
        store = self._stores.get(goal_id)
        if store is None:
            return []
        opens, closes = store.opens or self._site.site.opens, store.closes or self._site.site.closes
        found = hours_warning((store.name, store.name_zh), opens, closes, now, seconds)
        return [found] if found else []

    def _detours(
        self,
        start_id: str,
        goal_id: str,
        way: Way,
        passing: Passing,
        closures: Sequence[ClosureConfig],
    ) -> list[tuple[str, Words]]:
        """What is closed on the way that would be quicker."""
        free = self.network.between(start_id, goal_id, Passing(passing.mode))
        if free is None or free.seconds > way.seconds - 1:
            return []
        avoided = [it for it in closures if self._lies_on(it, free)]
        names = [self._names.get(it.what or "", ("Area", "区域")) for it in avoided]
        return [detour_warning(avoided, names)] if avoided else []

    def _lies_on(self, closure: ClosureConfig, way: Way) -> bool:
        for one, other in pairwise(way.spots):
            if closure.what is not None:
                if self.network.edge(one, other).connector == closure.what:
                    return True
            elif closure.polygon_m is not None:
                a, b = self.network.spots[one], self.network.spots[other]
                line = LineString([a.at_m, b.at_m])
                if a.floor == closure.floor and line.intersects(Polygon(closure.polygon_m)):
                    return True
        return False

    def _goal(self, goal_id: str, foot: PointM) -> Goal:
        store = self._stores.get(goal_id)
        if store is None:
            return Goal(goal_id, foot)
        door = min(store.doors_m, key=lambda point: dist(point, foot))
        middle = Polygon(self._directory.room(store, self._site)[1]).centroid
        return Goal(goal_id, (middle.x, middle.y), door)

    def _facing_deg(self, start_id: str) -> float | None:
        return next((s.facing_deg for s in self._site.screens if s.id == start_id), None)

    def _all_names(self) -> dict[str, tuple[str, str]]:
        directory = self._directory
        return {
            it.id: (it.name, it.name_zh)
            for section in (directory.stores, directory.places, directory.connectors)
            for it in section
        }

    def _all_landmarks(self) -> dict[str, tuple[PointM, ...]]:
        return {
            f"{self._directory.room(store, self._site)[0]}/{store.id}": store.doors_m
            for store in self._directory.stores
        }

    def _feet_m(self) -> list[tuple[str, float]]:
        """How far each thing's own point lies from its place in the graph."""
        directory = self._directory
        points = [(store.id, door) for store in directory.stores for door in store.doors_m]
        points += [(place.id, place.at_m) for place in directory.places]
        points += [(it.id, stop.at_m) for it in directory.connectors for stop in it.stops]
        network = self.network
        spots = {
            key: [network.spots[n].at_m for n in nodes] for key, nodes in network.doors.items()
        }
        return [(key, min(dist(point, at) for at in spots[key])) for key, point in points]


def _walls(floor: str, areas: _Areas) -> Iterator[FixtureConfig]:
    for where, polygon in areas:
        if where == floor:
            yield FixtureConfig(kind="wall", polygon_m=polygon)


def _crowds(network: RouteNetwork, way: Way, passing: Passing) -> list[tuple[str, Words]]:
    """What the crowd costs, where it is worth telling."""
    empty = Passing(passing.mode)
    free_s = sum(empty.seconds(a, b, network.edge(a, b)) or 0.0 for a, b in pairwise(way.spots))
    longer_s = way.seconds - free_s
    return [crowd_warning(longer_s)] if longer_s >= _CROWD_WORTH_TELLING_S else []
