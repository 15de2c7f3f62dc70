"""The ways of a whole site as a graph: walking on each floor, and lifts, escalators and stairs.

Shortest paths by A* (Hart, Nilsson and Raphael 1968) with a lower bound that is consistent, so that
what it finds is what Dijkstra's algorithm finds; a property test holds them side by side.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations, pairwise
from math import dist, inf
from typing import Any, Final

import networkx as nx
import numpy as np

from edge_core.config import ConnectorConfig, DirectoryConfig, PointM, SiteConfig
from edge_core.suggest.routes_floor import WalkableFloor

LIFT_S: Final = 40.0
LIFT_FURTHER_S: Final = 6.0
"""A ride over several floors waits for the lift once (ours)."""
ESCALATOR_S: Final = 20.0
STAIRS_S: Final = 15.0


class Mode(StrEnum):
    """How somebody goes."""

    WALKING = "walking"
    STEP_FREE = "step-free"
    STROLLER = "stroller"


SPEED_M_S: Final[dict[Mode, float]] = {
    Mode.WALKING: 1.2,
    Mode.STEP_FREE: 1.2,
    Mode.STROLLER: 1.0,
}
_WITH_STEPS: Final = ("escalator", "stairs")


@dataclass(frozen=True, slots=True)
class Spot:
    """A node: where somebody can stand.

    Attributes:
        floor, level: the floor.
        at_m: metres on its plan.
    """

    floor: str
    level: int
    at_m: PointM


@dataclass(frozen=True, slots=True)
class Edge:
    """A way between two spots.

    Attributes:
        kind: `walk`, or the kind of the connector.
        length_m: on the plan.
        seconds: of a ride; a walk's time depends on who walks.
        connector: its id, "" for a walk.
    """

    kind: str
    length_m: float
    seconds: float = 0.0
    connector: str = ""


Slowness = Callable[[int, int], float]
"""How many times longer than in an empty hall the walk between two spots takes; at least 1."""


def _unhindered(_one: int, _other: int) -> float:
    return 1.0


@dataclass(frozen=True, slots=True)
class Way:
    """A shortest path.

    Attributes:
        spots: node numbers from start to goal.
        seconds: how long it takes.
    """

    spots: tuple[int, ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class Passing:
    """Who goes, and what they cannot use.

    Attributes:
        mode: how.
        closed: ids of connectors that are closed.
        slowness: by the crowd.
    """

    mode: Mode = Mode.WALKING
    closed: frozenset[str] = frozenset()
    slowness: Slowness = _unhindered

    def seconds(self, one: int, other: int, edge: Edge) -> float | None:
        """Time from one spot to the other; None where they cannot go."""
        if edge.kind == "walk":
            return edge.length_m / SPEED_M_S[self.mode] * self.slowness(one, other)
        steps = self.mode is not Mode.WALKING and edge.kind in _WITH_STEPS
        return None if steps or edge.connector in self.closed else edge.seconds


class RouteNetwork:
    """Spots and the ways between them.

    Args:
        spots: the nodes, numbered from 0.
        edges: one way each; give both directions of a walk.
        doors: spots of each store, place, connector and screen, by id.
    """

    def __init__(
        self,
        spots: Sequence[Spot],
        edges: Iterable[tuple[int, int, Edge]],
        doors: Mapping[str, Sequence[int]],
    ) -> None:
        self.spots = tuple(spots)
        self.doors = {key: tuple(value) for key, value in doors.items()}
        self._graph: Any = nx.DiGraph()
        self._graph.add_nodes_from(range(len(self.spots)))
        self._graph.add_edges_from((a, b, {"edge": edge}) for a, b, edge in edges)
        self._swiftest = {mode: self._least_s_m(SPEED_M_S[mode]) for mode in Mode}
        self._climb_s = {mode: self._least_climb_s(self._swiftest[mode]) for mode in Mode}

    @classmethod
    def of(cls, site: SiteConfig, directory: DirectoryConfig) -> "RouteNetwork":
        """Derive the ways of a site from its plan."""
        return _Builder(site, directory).network()

    def edge(self, one: int, other: int) -> Edge:
        """The way between two neighbours. KeyError where there is none."""
        found: Edge = self._graph.edges[one, other]["edge"]
        return found

    def walks(self) -> list[tuple[int, int]]:
        """Every walk once, as the numbers of its ends."""
        data = self._graph.edges(data="edge")
        return [(a, b) for a, b, edge in data if edge.kind == "walk" and a < b]

    def least_seconds(self, one: int, other: int, mode: Mode) -> float:
        """A lower bound on the time between two spots that never overestimates (ours).

        The straight line on the plan at the speed of a walker, or of the swiftest ride; and for
        each floor between them the least that any connector takes per floor beyond what its own
        stretch on the plan has earned. Without that a long escalator would break the bound.
        """
        a, b = self.spots[one], self.spots[other]
        flights = abs(a.level - b.level)
        return dist(a.at_m, b.at_m) * self._swiftest[mode] + flights * self._climb_s[mode]

    def shortest(self, start: int, goal: int, passing: Passing) -> Way | None:
        """The quickest way between two spots; None where there is none."""

        def bound(one: int, other: int) -> float:
            return self.least_seconds(one, other, passing.mode)

        def seconds(one: int, other: int, data: dict[str, Edge]) -> float | None:
            return passing.seconds(one, other, data["edge"])

        try:
            spots = nx.astar_path(self._graph, start, goal, heuristic=bound, weight=seconds)
        except nx.NetworkXNoPath:
            return None
        return Way(tuple(spots), sum(self._seconds(a, b, passing) for a, b in pairwise(spots)))

    def between(self, start_id: str, goal_id: str, passing: Passing) -> Way | None:
        """The quickest way from any door of one thing to any door of another.

        Raises:
            KeyError: there is no such store, place, connector or screen.
        """
        starts, goals = self.doors[start_id], self.doors[goal_id]
        ways = [self.shortest(start, goal, passing) for start in starts for goal in goals]
        return min((way for way in ways if way), key=lambda way: way.seconds, default=None)

    def seconds_from(self, start_id: str, passing: Passing) -> dict[str, float]:
        """Time from one thing to every other that can be reached, by id. KeyError as `between`."""

        def seconds(one: int, other: int, data: dict[str, Edge]) -> float | None:
            return passing.seconds(one, other, data["edge"])

        sources = set(self.doors[start_id])
        reached = nx.multi_source_dijkstra_path_length(self._graph, sources, weight=seconds)
        nearest = {
            key: min((reached.get(spot, inf) for spot in spots), default=inf)
            for key, spots in self.doors.items()
        }
        return {key: value for key, value in nearest.items() if value < inf}

    def _seconds(self, one: int, other: int, passing: Passing) -> float:
        seconds = passing.seconds(one, other, self.edge(one, other))
        assert seconds is not None
        return seconds

    def _rides(self) -> Iterator[tuple[int, Edge]]:
        """Every ride with the number of floors it climbs."""
        for one, other, edge in self._graph.edges(data="edge"):
            if edge.kind != "walk":
                yield abs(self.spots[one].level - self.spots[other].level), edge

    def _least_s_m(self, speed_m_s: float) -> float:
        """Least seconds per metre of the plan, by foot or ride."""
        rides = [edge.seconds / edge.length_m for _, edge in self._rides() if edge.length_m > 0]
        return min([1 / speed_m_s, *rides])

    def _least_climb_s(self, least_s_m: float) -> float:
        """Least seconds per floor that a ride takes beyond its stretch on the plan."""
        spare = [(it.seconds - it.length_m * least_s_m) / flights for flights, it in self._rides()]
        return max(0.0, min(spare, default=0.0))


class _Builder:
    """Collects the spots and ways of one site."""

    def __init__(self, site: SiteConfig, directory: DirectoryConfig) -> None:
        self._site, self._directory = site, directory
        self._levels = {floor.id: floor.level for floor in site.floors}
        self._spots: list[Spot] = []
        self._edges: list[tuple[int, int, Edge]] = []
        self._doors: dict[str, list[int]] = {}
        self._stops: dict[tuple[str, str], int] = {}

    def network(self) -> RouteNetwork:
        rooms: dict[str, list[tuple[PointM, ...]]] = {floor: [] for floor in self._levels}
        named: dict[str, list[tuple[str, PointM]]] = {floor: [] for floor in self._levels}
        for store in self._directory.stores:
            floor, polygon = self._directory.room(store, self._site)
            rooms[floor].append(polygon)
            named[floor] += [(store.id, door) for door in store.doors_m]
        for place in self._directory.places:
            named[place.floor].append((place.id, place.at_m))
        for connector in self._directory.connectors:
            for stop in connector.stops:
                named[stop.floor].append((connector.id, stop.at_m))
        for screen in self._site.screens:
            if screen.floor is not None and screen.position_m is not None:
                named[screen.floor].append((screen.id, screen.position_m))
        for floor_config in self._site.floors:
            free = WalkableFloor.of(floor_config, rooms[floor_config.id])
            self._add_floor(floor_config.id, free, named[floor_config.id])
        for connector in self._directory.connectors:
            self._add_connector(connector)
        return RouteNetwork(self._spots, self._edges, self._doors)

    def _add_floor(
        self, floor: str, free: WalkableFloor, named: Sequence[tuple[str, PointM]]
    ) -> None:
        first = len(self._spots)
        if free.area.is_empty:
            return
        feet = [free.foot_m(point) for _, point in named]
        points = np.concatenate([free.corners_m, np.array(feet).reshape(-1, 2)])
        self._spots += [Spot(floor, self._levels[floor], (x, y)) for x, y in points.tolist()]
        for one, other in (free.pairs_in_sight(points) + first).tolist():
            length_m = dist(self._spots[one].at_m, self._spots[other].at_m)
            self._edges += [(a, b, Edge("walk", length_m)) for a, b in ((one, other), (other, one))]
        for number, (key, _) in enumerate(named, first + len(free.corners_m)):
            self._doors.setdefault(key, []).append(number)
            self._stops[key, floor] = number

    def _add_connector(self, connector: ConnectorConfig) -> None:
        stops = [
            self._stops[connector.id, stop.floor]
            for stop in connector.stops
            if (connector.id, stop.floor) in self._stops
        ]
        rides = combinations(stops, 2) if connector.kind == "lift" else pairwise(stops)
        for low, high in rides:
            seconds = _ride_s(connector.kind, self._spots[high].level - self._spots[low].level)
            length_m = dist(self._spots[low].at_m, self._spots[high].at_m)
            edge = Edge(connector.kind, length_m, seconds, connector.id)
            if connector.direction in ("up", "both"):
                self._edges.append((low, high, edge))
            if connector.direction in ("down", "both"):
                self._edges.append((high, low, edge))


def _ride_s(kind: str, flights: int) -> float:
    if kind == "lift":
        return LIFT_S + LIFT_FURTHER_S * (flights - 1)
    return flights * (ESCALATOR_S if kind == "escalator" else STAIRS_S)
