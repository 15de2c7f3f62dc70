"""A world of tags that somebody else moves: the simulated shop's, snapshot by snapshot."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import pi
from typing import Final

import numpy as np

from edge_core.clock import Clock, SystemClock
from edge_core.simulator.rfid.world import FAR_AWAY_M, TagWorld
from edge_core.types import BoolArray, Float64Array, Int64Array
from edge_core.units import ns_from_s

_KEPT_S: Final = 3.0
_EVER_S: Final = -1e6
"""Before this nothing was shown, and everything rests."""
_GAIN: Final = (0.02, 0.4)


@dataclass(frozen=True, slots=True)
class Shot:
    """Everything at one moment.

    Attributes:
        time_s: the moment.
        places_m: float64 (T, 3), the tags' places.
        held: bool (T,), which tags are in a hand.
        people: x and y by a number that stays with the person.
    """

    time_s: float
    places_m: Float64Array
    held: BoolArray
    people: Mapping[int, tuple[float, float]]


_Around = tuple[list[Shot], Int64Array, Float64Array]


class PlayedWorld(TagWorld):
    """Tags and people where `show` last said they are; in between they move straight.

    `show` may be called from one thread while readers ask from others. Readers run on a
    `PlayedClock`, so that none asks for times beyond the newest snapshot.

    Args:
        epcs: the tags, each once.
        rest_m: (T, 3) where each is at first.
        tilt_rad: (T,) angle between each tag's antenna and the reader's, 0 = best.
        seed: of the sway of hands and of how strongly people reflect.
    """

    def __init__(
        self,
        epcs: Sequence[str],
        rest_m: Float64Array,
        *,
        tilt_rad: Float64Array | None = None,
        seed: int = 0,
    ) -> None:
        super().__init__(epcs, rest_m, tilt_rad=tilt_rad, seed=seed)
        self._seed = seed
        self._gain: dict[int, float] = {}
        self._memo: tuple[Float64Array, tuple[Shot, ...], _Around] | None = None
        nobody = np.zeros(len(epcs), np.bool_)
        self._shots: tuple[Shot, ...] = (Shot(_EVER_S, rest_m.copy(), nobody, {}),)

    @property
    def newest_s(self) -> float:
        """Time of the newest snapshot."""
        return self._shots[-1].time_s

    def show(self, shot: Shot) -> None:
        """Tell where everything is, later than the snapshot before."""
        kept = tuple(it for it in self._shots if it.time_s > shot.time_s - _KEPT_S)
        self._shots = (*kept, shot)

    def near(self, place_m: tuple[float, float, float], reach_m: float) -> Int64Array:
        """Tags within reach of a place now, int64 (K,)."""
        apart = np.linalg.norm(self._shots[-1].places_m - np.array(place_m), axis=1)
        return np.flatnonzero(apart < reach_m)

    def tags_m(self, tag: Int64Array, time_s: Float64Array) -> Float64Array:
        """See `TagWorld`."""
        if not len(tag):
            return np.zeros((0, 3))
        shots, before, share = self._around(time_s)
        places = np.stack([shot.places_m for shot in shots])
        after = np.minimum(before + 1, len(shots) - 1)
        start, end = places[before, tag], places[after, tag]
        found = start + share[:, None] * (end - start)
        swaying = np.stack([shot.held for shot in shots])[before, tag]
        if swaying.any():
            amount_m, rate_hz, turn = np.moveaxis(self._sway[tag], 2, 0)
            sway_m = amount_m * np.sin(2 * pi * rate_hz * time_s[:, None] + turn)
            found += swaying[:, None] * sway_m
        return np.asarray(found)

    def held(self, tag: Int64Array, time_s: Float64Array) -> BoolArray:
        """See `TagWorld`."""
        if not len(tag):
            return np.zeros(0, np.bool_)
        shots, before, _ = self._around(time_s)
        return np.asarray(np.stack([shot.held for shot in shots])[before, tag])

    def people(self, time_s: Float64Array) -> tuple[Float64Array, Float64Array]:
        """See `TagWorld`."""
        if not len(time_s):
            return np.zeros((0, 0, 2)), np.zeros(0)
        shots, before, share = self._around(time_s)
        numbers = sorted({number for shot in shots for number in shot.people})
        nowhere = (FAR_AWAY_M, FAR_AWAY_M)
        places = np.array([[shot.people.get(it, nowhere) for it in numbers] for shot in shots])
        places = places.reshape(len(shots), len(numbers), 2)
        after = np.minimum(before + 1, len(shots) - 1)
        start, end = places[before], places[after]
        # Whoever comes or goes between two snapshots is where the other one has them.
        start = np.where(start == FAR_AWAY_M, end, start)
        end = np.where(end == FAR_AWAY_M, start, end)
        return start + share[:, None, None] * (end - start), self._gains(numbers)

    def _gains(self, numbers: Sequence[int]) -> Float64Array:
        for number in numbers:
            if number not in self._gain:
                self._gain[number] = np.random.default_rng((self._seed, number)).uniform(*_GAIN)
        return np.array([self._gain[number] for number in numbers])

    def _around(self, time_s: Float64Array) -> _Around:
        """The snapshots round these times, each time's earlier one, and the share to the next.

        Several questions are asked of the same times in a row: the last answer is kept.
        """
        shots, memo = self._shots, self._memo
        if memo is None or memo[0] is not time_s or memo[1] is not shots:
            self._memo = memo = (time_s, shots, self._look_up(time_s, shots))
        return memo[2]

    def _look_up(self, time_s: Float64Array, shots: tuple[Shot, ...]) -> _Around:
        times = [shot.time_s for shot in shots]
        first = max(bisect_right(times, float(time_s.min())) - 1, 0)
        last = min(bisect_right(times, float(time_s.max())), len(shots) - 1)
        chosen = list(shots[first : last + 1])
        own = np.array([shot.time_s for shot in chosen])
        before = np.clip(np.searchsorted(own, time_s, side="right") - 1, 0, len(own) - 1)
        length = np.append(np.diff(own), 1.0)[before]
        return chosen, before, np.clip((time_s - own[before]) / length, 0.0, 1.0)


class PlayedClock:
    """A clock that stands at a played world's newest snapshot. See `Clock`.

    Its durations are the world's, from the snapshot at which it is made.
    """

    def __init__(self, world: PlayedWorld, clock: Clock | None = None) -> None:
        clock = clock or SystemClock()
        self._world = world
        self._mono_ns = clock.monotonic_ns() - ns_from_s(world.newest_s)
        self._utc_ns = clock.utc_ns() - ns_from_s(world.newest_s)

    def monotonic_ns(self) -> int:
        """See `Clock`."""
        return self._mono_ns + ns_from_s(self._world.newest_s)

    def utc_ns(self) -> int:
        """See `Clock`."""
        return self._utc_ns + ns_from_s(self._world.newest_s)
