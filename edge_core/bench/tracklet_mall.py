"""Simulated days of a mall as tracks of its cameras, without pictures: who, where, when, what look.

A mall is a network of corridors with cameras that do not overlap, two or three doors, and shops in
which people are out of sight. People come alone or in pairs, make for a few places by the shortest
way, stop, vanish into shops, leave; cameras miss some of them. None of it follows the form of
`identity.site_model`: speeds belong to people, not to passages. Everything is simulated.

Looks are vectors whose cosines lie as the shipped embedders' do (`LOOKS`): a part shared by all, a
part by clothes, a person's own, and a part of the moment, each in as many dimensions as give
the measured spread.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.sparse.csgraph import dijkstra

from edge_core.identity.site_graph import SiteGraph
from edge_core.types import EMBEDDING_BLOCKS, Float32Array, Float64Array

VIEW_M: Final = 9.0
MISSED: Final = 0.06
PAIRS: Final = 0.25
STOPS: Final = 0.15
SHOPS: Final = 0.5
OUTFITS: Final = 20
"""Where clothing repeats: some forty to ninety people at once wear so many outfits."""


@dataclass(frozen=True, slots=True)
class LookScores:
    """Where similarities of two tracks of different cameras lie.

    Attributes:
        same: mean for one person.
        clothes: mean for two people in the same clothes.
        strangers: mean for two others.
        strangers_sd: standard deviation for two others.
    """

    same: float
    clothes: float
    strangers: float
    strangers_sd: float

    @property
    def dimensions(self) -> int:
        """How many a block has to make the spread: sd = (1 - strangers) / sqrt(all blocks')."""
        return round(((1 - self.strangers) / self.strangers_sd) ** 2 / EMBEDDING_BLOCKS)


ALIKE: Final = 0.71
"""How far towards one and the same person two people in the same clothes look alike: rendered
shoppers, both embedders (1,417 pairs; `appearance_scores`)."""


def _looks(same: float, strangers: float, strangers_sd: float) -> LookScores:
    return LookScores(same, strangers + ALIKE * (same - strangers), strangers, strangers_sd)


LOOKS: Final = {
    "reid-s-int8": _looks(0.624, 0.307, 0.095),
    "reid-s-open-int8": _looks(0.432, 0.227, 0.119),
}
"""Measured by `appearance_scores` on 71 real people kept apart from training, two cameras each; the
first network was trained on others of the same cameras, the second on none. `same` had deviations
of 0.077 and 0.110; those that the vectors below give, unasked, are 0.085 and 0.115."""


@dataclass(frozen=True, slots=True)
class Track:
    """One person's way through one camera's view; `start_s` and `end_s` since the start."""

    person: int
    camera: int
    start_s: float
    end_s: float
    look: Float32Array


class Mall:
    """Corridors, doors and cameras.

    Args:
        seed: the only source of chance.

    Attributes:
        way_m: float64 (C, C), length of the corridor between two cameras; 0 where there is none.
        doors: the cameras at doors.
    """

    def __init__(self, seed: int) -> None:
        rng = np.random.default_rng(seed)
        self.count = int(rng.integers(6, 13))
        places = rng.uniform(0, 90, (self.count, 2))
        apart = np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1))
        self.way_m = np.zeros((self.count, self.count))
        for new in range(1, self.count):  # a tree first, so that everything can be reached
            self._open(int(apart[new, :new].argmin()), new, rng)
        for _ in range(self.count // 3):
            one, other = rng.choice(self.count, 2, replace=False).tolist()
            self._open(one, other, rng)
        doors = 2 + int(self.count > 8)
        self.doors = np.sort(rng.choice(self.count, doors, replace=False))
        self.has_shop = rng.random(self.count) < SHOPS
        self.pull = rng.gamma(2.0, 1.0, self.count)

    def _open(self, one: int, other: int, rng: np.random.Generator) -> None:
        self.way_m[one, other] = self.way_m[other, one] = rng.uniform(15, 60)

    def close(self, one: int, other: int) -> None:
        """Nobody gets through this corridor from now on."""
        self.way_m[one, other] = self.way_m[other, one] = 0.0

    def graph(self) -> SiteGraph:
        """What a plan of the mall would tell."""
        ways = self.way_m
        walks = dijkstra(ways, directed=False)
        walk_m = np.maximum(np.where(np.isfinite(walks), walks, 200.0) - VIEW_M, 2.0)
        neighbours = (ways > 0) | np.eye(self.count, dtype=np.bool_)
        entrances = np.isin(np.arange(self.count), self.doors)
        names = tuple(f"camera-{number}" for number in range(self.count))
        return SiteGraph(names, walk_m, neighbours, entrances)


class LookMaker:
    """Draws people's looks.

    Args:
        scores: where similarities lie.
        outfits: how many different clothes there are; None dresses everybody differently.
        seed: of chance; or a generator.
    """

    def __init__(
        self, scores: LookScores, outfits: int | None, seed: int | np.random.Generator
    ) -> None:
        self._rng = np.random.default_rng(seed)
        self._scores = scores
        self._clothes = None if outfits is None else self._directions(outfits)

    def person(self) -> tuple[Float64Array, Float64Array]:
        """What is somebody's own, and their clothes."""
        if self._clothes is None:
            return self._directions(1)[0], self._directions(1)[0]
        return self._directions(1)[0], self._clothes[int(self._rng.integers(len(self._clothes)))]

    def look(self, own: Float64Array, clothes: Float64Array) -> Float32Array:
        """One track's template."""
        scores = self._scores
        varied = (
            np.sqrt(scores.clothes - scores.strangers) * clothes
            + np.sqrt(scores.same - scores.clothes) * own
            + np.sqrt(1 - scores.same) * self._directions(1)[0]
        )
        shared = np.full((EMBEDDING_BLOCKS, 1), np.sqrt(scores.strangers))
        blocks = np.concatenate([shared, varied], axis=1)
        blocks /= np.linalg.norm(blocks, axis=1, keepdims=True) * np.sqrt(EMBEDDING_BLOCKS)
        return np.asarray(blocks.ravel(), np.float32)

    def _directions(self, count: int) -> Float64Array:
        """Float64 (count, EMBEDDING_BLOCKS, dimensions), unit vectors."""
        rows = self._rng.normal(size=(count, EMBEDDING_BLOCKS, self._scores.dimensions))
        return np.asarray(rows / np.linalg.norm(rows, axis=2, keepdims=True))


class Visitors:
    """Draws people and walks them through a mall.

    Args:
        scores: where similarities lie.
        per_hour: people who come in.
        outfits: how many different clothes there are; None dresses everybody differently.
        seed: the only source of chance.
    """

    def __init__(self, scores: LookScores, per_hour: float, outfits: int | None, seed: int) -> None:
        self._rng = np.random.default_rng((seed, 7))
        self._looks = LookMaker(scores, outfits, self._rng)
        self._per_hour = per_hour
        self._people = 0

    def walk(self, mall: Mall, from_s: float, until_s: float) -> list[Track]:
        """Tracks of everybody who comes in between two moments, by start; some end later."""
        tracks: list[Track] = []
        now_s = from_s
        _, before = dijkstra(mall.way_m, directed=False, return_predecessors=True)
        while True:
            now_s += float(self._rng.exponential(3600 / self._per_hour))
            if now_s >= until_s:
                break
            tracks += self._party(mall, before, now_s)
        return sorted(tracks, key=lambda track: track.start_s)

    def _party(self, mall: Mall, before: np.ndarray, now_s: float) -> list[Track]:
        route = self._route(mall, before)
        speed = float(np.clip(self._rng.normal(1.15, 0.2), 0.6, 1.8))
        together = 2 if self._rng.random() < PAIRS / (2 - PAIRS) else 1
        times = self._times(mall, route, speed, now_s)
        tracks = []
        for _ in range(together):
            self._people += 1
            own, clothes = self._looks.person()
            for camera, start_s, end_s in times:
                if self._rng.random() < MISSED:
                    continue
                late_s = float(self._rng.normal(0, 0.7)) if together > 1 else 0.0
                look = self._looks.look(own, clothes)
                track = Track(self._people, camera, start_s + late_s, end_s + late_s, look)
                tracks.append(track)
        return tracks

    def _route(self, mall: Mall, before: np.ndarray) -> list[tuple[int, bool]]:
        """Cameras passed in turn, and whether a shop is visited from there."""
        rng = self._rng
        door = int(rng.choice(mall.doors))
        goals = rng.choice(mall.count, 1 + int(rng.geometric(0.4)), p=mall.pull / mall.pull.sum())
        last = door if rng.random() < 0.6 else int(rng.choice(mall.doors))
        route = [(door, False)]
        for goal in [*goals.tolist(), last]:
            way = _way(before, route[-1][0], goal)
            route += [(camera, False) for camera in way]
            if way and mall.has_shop[goal] and goal != last and rng.random() < 0.6:
                route[-1] = (goal, True)
        return route

    def _times(
        self, mall: Mall, route: list[tuple[int, bool]], speed_m_s: float, now_s: float
    ) -> list[tuple[int, float, float]]:
        rng = self._rng
        times = []
        for place, (camera, shop) in enumerate(route):
            for again in range(1 + shop):
                now_s += float(rng.lognormal(np.log(150), 0.8)) if again else 0.0
                stay_s = VIEW_M / speed_m_s * rng.uniform(0.7, 1.3)
                stay_s += float(rng.exponential(15)) if rng.random() < 2 * STOPS else 0.0
                times.append((camera, now_s, now_s + stay_s))
                now_s += stay_s
            if place + 1 < len(route):
                far_m = max(mall.way_m[camera, route[place + 1][0]] - VIEW_M, 2.0)
                now_s += far_m / speed_m_s * float(rng.lognormal(0, 0.08))
                if rng.random() < STOPS:
                    now_s += float(rng.lognormal(np.log(25), 0.7))
        return times


def _way(before: np.ndarray, start: int, goal: int) -> list[int]:
    """Cameras on the shortest way, without the start; empty when there is none."""
    way = []
    while goal != start:
        if goal < 0:
            return []
        way.append(goal)
        goal = int(before[start, goal])
    return way[::-1]
