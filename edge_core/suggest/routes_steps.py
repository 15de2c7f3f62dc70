"""A way as a person would tell it: straight stretches, turns, rides, and the goal's side. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from math import atan2, cos, degrees, dist, radians, sin
from typing import Final, Literal

from shapely import LineString, Point

from edge_core.config import PointM
from edge_core.suggest.routes_network import Passing, RouteNetwork, Way

Turn = Literal["ahead", "left", "right", "round", "here"]

_STRAIGHT_DEG: Final = 35.0
_ROUND_DEG: Final = 150.0
_BEND_M: Final = 3.0
"""Bends smaller than this are walked, not told."""
_PASSED_M: Final = 5.0
_BEGIN_M: Final = 6.0


@dataclass(frozen=True, slots=True)
class Step:
    """One instruction.

    Attributes:
        kind: `walk`, `lift`, `escalator`, `stairs` or `arrive`.
        floor: where it begins.
        floor_to: where it ends; differs for rides.
        turn: where to turn to before walking; for `arrive` the goal's side, or `here`.
        landmark: id of a store passed, of the connector walked to or ridden, or of the goal.
        to_landmark: whether the walk ends at the landmark instead of passing it.
        seconds, metres: how long it takes; metres are 0 for rides.
        points_m: the line on the floor's plan.
    """

    kind: str
    floor: str
    floor_to: str
    turn: Turn
    landmark: str
    to_landmark: bool
    seconds: float
    metres: float
    points_m: tuple[PointM, ...]


@dataclass(frozen=True, slots=True)
class Goal:
    """Where a way leads.

    Attributes:
        id: of the store, place, connector or screen.
        middle_m: the middle of it on the plan.
        door_m: where one goes in; None where the foot of the way is all there is.
    """

    id: str
    middle_m: PointM
    door_m: PointM | None = None


def told(
    network: RouteNetwork,
    way: Way,
    passing: Passing,
    goal: Goal,
    landmarks: Mapping[str, Sequence[PointM]],
    facing_deg: float | None,
) -> tuple[Step, ...]:
    """The instructions of a way.

    Args:
        network: the ways.
        way: a path in it.
        passing: as it was found with.
        goal: where it leads.
        landmarks: doors of the stores of each floor as `floor/store id`; metres.
        facing_deg: way the person looks at the start, clockwise from up the plan; None = unknown.
    """
    steps: list[Step] = []
    heading = None if facing_deg is None else _direction(facing_deg)
    for kind, group in groupby(pairwise(way.spots), key=lambda pair: _leg(network, pair)):
        pairs = list(group)
        nodes = [pairs[0][0], *(other for _, other in pairs)]
        seconds = sum(passing.seconds(a, b, network.edge(a, b)) or 0.0 for a, b in pairs)
        first, last = network.spots[nodes[0]], network.spots[nodes[-1]]
        if kind != ("walk", ""):
            steps.append(
                Step(kind[0], first.floor, last.floor, "ahead", kind[1], True, seconds, 0.0,
                     (first.at_m, last.at_m))
            )  # fmt: skip
            heading = None
            continue
        points = [network.spots[node].at_m for node in nodes]
        following = _next_ride(network, way, nodes[-1])
        here = {
            key.partition("/")[2]: doors
            for key, doors in landmarks.items()
            if key.partition("/")[0] == first.floor and key.partition("/")[2] != goal.id
        }
        walks = _walks(points, first.floor, seconds, here, heading, following)
        steps += walks
        if walks:
            heading = _heading(walks[-1].points_m[-2:])
    return (*steps, _arrival(network, way, goal, heading))


def _leg(network: RouteNetwork, pair: tuple[int, int]) -> tuple[str, str]:
    edge = network.edge(*pair)
    return edge.kind, edge.connector


def _next_ride(network: RouteNetwork, way: Way, node: int) -> str:
    """Id of the connector that is boarded at a node of the way, "" at its end."""
    place = way.spots.index(node)
    if place == len(way.spots) - 1:
        return ""
    return network.edge(node, way.spots[place + 1]).connector


def _walks(
    points: Sequence[PointM],
    floor: str,
    seconds: float,
    landmarks: Mapping[str, Sequence[PointM]],
    heading: PointM | None,
    following: str,
) -> list[Step]:
    """One step a straight stretch; the line itself keeps every bend."""
    whole = LineString(points)
    if whole.length < _BEND_M and not following:
        return []
    corners = [(c[0], c[1]) for c in whole.simplify(_BEND_M).coords]
    at = [whole.project(Point(corner)) for corner in corners]
    at[0], at[-1] = 0.0, whole.length
    steps: list[Step] = []
    for number, (begin, end) in enumerate(pairwise(at)):
        line = _between(points, begin, end)
        direction = _heading((corners[number], corners[number + 1]))
        turn = _turn(heading, direction)
        heading = direction
        is_last = number == len(at) - 2
        landmark = following if is_last and following else _passed(line, landmarks)
        length = end - begin
        share = seconds * length / max(whole.length, 1e-9)
        to_landmark = bool(is_last and following)
        step = Step("walk", floor, floor, turn, landmark, to_landmark, share, length, tuple(line))
        if steps and turn == "ahead":
            step = _joined(steps.pop(), step)
        steps.append(step)
    return steps


def _joined(one: Step, other: Step) -> Step:
    """Two stretches with no turn between them, told as one."""
    return replace(
        other,
        turn=one.turn,
        landmark=other.landmark or one.landmark,
        seconds=one.seconds + other.seconds,
        metres=one.metres + other.metres,
        points_m=(*one.points_m, *other.points_m[1:]),
    )


def _between(points: Sequence[PointM], begin_m: float, end_m: float) -> list[PointM]:
    """The stretch of a line between two lengths along it."""
    whole = LineString(points)
    ends = [whole.interpolate(length) for length in (begin_m, end_m)]
    inner = [p for p in points if begin_m + 0.01 < whole.project(Point(p)) < end_m - 0.01]
    return [(ends[0].x, ends[0].y), *inner, (ends[1].x, ends[1].y)]


def _passed(line: Sequence[PointM], landmarks: Mapping[str, Sequence[PointM]]) -> str:
    """The last store whose door is passed, "" for none."""
    way = LineString(line)
    best, best_at = "", _BEGIN_M
    for key, doors in landmarks.items():
        for door in doors:
            point = Point(door)
            at = way.project(point)
            if way.distance(point) <= _PASSED_M and best_at < at < way.length - 0.5:
                best, best_at = key, at
    return best


def _arrival(network: RouteNetwork, way: Way, goal: Goal, heading: PointM | None) -> Step:
    foot = network.spots[way.spots[-1]]
    side: Turn = "here"
    if heading is not None and goal.door_m is not None:
        side = _turn(heading, _heading((foot.at_m, goal.middle_m)))
    line = (foot.at_m, goal.door_m) if goal.door_m else (foot.at_m,)
    return Step("arrive", foot.floor, foot.floor, side, goal.id, True, 0.0, 0.0, line)


def _heading(ends: Sequence[PointM]) -> PointM:
    (x0, y0), (x1, y1) = ends
    length = dist(ends[0], ends[1]) or 1.0
    return (x1 - x0) / length, (y1 - y0) / length


def _direction(facing_deg: float) -> PointM:
    return sin(radians(facing_deg)), -cos(radians(facing_deg))


def _turn(before: PointM | None, after: PointM) -> Turn:
    if before is None:
        return "ahead"
    cross = before[0] * after[1] - before[1] * after[0]
    along = before[0] * after[0] + before[1] * after[1]
    angle = degrees(atan2(cross, along))
    if abs(angle) <= _STRAIGHT_DEG:
        return "ahead"
    if abs(angle) >= _ROUND_DEG:
        return "round"
    return "right" if angle > 0 else "left"
