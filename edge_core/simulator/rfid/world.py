"""Where the tags and the people of a simulated shop are at any time."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import pi
from typing import Final

import numpy as np
from epcpy.epc_schemes.sgtin import SGTIN, SGTINFilterValue

from edge_core.types import BoolArray, Float64Array, Int64Array

FAR_AWAY_M: Final = 1e4
"""Where somebody is who is not there."""
_HANGING_HEIGHT_M: Final = 1.2
_TURN_RAD, _TURN_HZ = 0.1, 0.35  # a carried garment turns to and fro
_HAND_DB: Final = 2.0  # a hand and the body beside it detune the tag


@dataclass(slots=True)
class _TagPath:
    """Knots of a tag's way, joined by straight lines, and when it is in somebody's hand."""

    times_s: list[float]
    places_m: list[tuple[float, float, float]]
    held: list[tuple[float, float]] = field(default_factory=list)
    _arrays: tuple[Float64Array, Float64Array] | None = None

    def knots(self) -> tuple[Float64Array, Float64Array]:
        """Times (K,) and places (K, 3), kept as arrays until the way grows."""
        if self._arrays is None or len(self._arrays[0]) != len(self.times_s):
            self._arrays = np.array(self.times_s), np.array(self.places_m)
        return self._arrays

    def is_held(self, time_s: Float64Array) -> BoolArray:
        """(K,) whether it is in a hand at these times."""
        held = np.zeros(len(time_s), np.bool_)
        first_s, last_s = time_s.min(), time_s.max()
        for start_s, end_s in self.held:
            if start_s <= last_s and first_s <= end_s:
                held |= (time_s > start_s) & (time_s < end_s)
        return held


@dataclass(frozen=True, slots=True)
class _Walk:
    """Somebody's way on the floor, and how strongly they reflect."""

    times_s: Float64Array
    places_m: Float64Array
    gain: float


class TagWorld:
    """Tags and people on their ways; a pure function of time once its ways are given.

    Args:
        epcs: the tags, each once.
        rest_m: (T, 3) where each is at first: x, y on the floor and height, metres.
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
        if rest_m.shape != (len(epcs), 3):
            raise ValueError(f"rest_m must have shape ({len(epcs)}, 3), got {rest_m.shape}")
        self.epcs = tuple(epcs)
        self._number = {epc: number for number, epc in enumerate(self.epcs)}
        self._rest_m = np.asarray(rest_m, np.float64)
        # Only tags that are ever carried have a way.
        self._paths: dict[int, _TagPath] = {}
        self._tilt_rad = np.zeros(len(epcs)) if tilt_rad is None else tilt_rad
        self._walks: list[_Walk] = []
        self._chance = np.random.default_rng(seed)
        self._sway = self._chance.uniform([0.02, 1.0, 0.0], [0.05, 2.0, 2 * pi], (len(epcs), 3, 3))

    @property
    def tag_count(self) -> int:
        """How many tags there are."""
        return len(self.epcs)

    def carry(
        self, epc: str, times_s: Sequence[float], places_m: Sequence[tuple[float, float, float]]
    ) -> None:
        """Let a tag be carried along these places in somebody's hand; it stays at the last.

        Args:
            epc: which; KeyError when there is no such tag.
            times_s: when it is at each place, rising, not before its earlier ways end.
            places_m: x, y and height.
        """
        number = self._number[epc]
        x, y, z = (float(value) for value in self._rest_m[number])
        path = self._paths.setdefault(number, _TagPath([0.0], [(x, y, z)]))
        if times_s[0] < path.times_s[-1]:
            raise ValueError(f"{epc} is still on its way at {times_s[0]:g} s")
        # It rests until it is taken.
        path.times_s += [times_s[0], *times_s]
        path.places_m += [path.places_m[-1], *places_m]
        path.held.append((times_s[0], times_s[-1]))

    def walk(
        self,
        times_s: Sequence[float],
        places_m: Sequence[tuple[float, float]],
        gain: float | None = None,
    ) -> None:
        """Let somebody walk along these places, being nowhere before and after.

        Args:
            times_s: when they are at each place, rising.
            places_m: x and y on the floor.
            gain: how strongly they reflect, relative to the line of sight; None = by chance.
        """
        drawn = float(self._chance.uniform(0.02, 0.4))
        gain = drawn if gain is None else gain
        self._walks.append(_Walk(np.array(times_s), np.array(places_m), gain))

    def near(self, place_m: tuple[float, float, float], reach_m: float) -> Int64Array:
        """Tags that may be within reach of a place, int64 (K,); all of them here."""
        return np.arange(self.tag_count)

    def tags_m(self, tag: Int64Array, time_s: Float64Array) -> Float64Array:
        """(K, 3) places of K tags, each at its own time."""
        places = self._rest_m[tag]
        for number, path in self._paths.items():
            rows = tag == number
            if not rows.any():
                continue
            times, knots = path.knots()
            for axis in range(3):
                places[rows, axis] = np.interp(time_s[rows], times, knots[:, axis])
            held = path.is_held(time_s[rows])
            if held.any():
                places[rows] += held[:, None] * self._sway_m(number, time_s[rows])
        return places

    def gains_db(self, tag: Int64Array, time_s: Float64Array) -> Float64Array:
        """(K,) what a tag's angle to the antenna, and a hand that holds it, take from its gain."""
        held = self.held(tag, time_s)
        start = self._sway[tag, 0, 2]
        turn = _TURN_RAD * np.sin(2 * pi * _TURN_HZ * time_s + start)
        tilt = self._tilt_rad[tag] + np.where(held, turn, 0.0)
        turned_db = 20 * np.log10(np.maximum(np.abs(np.cos(tilt)), 0.03))
        return np.asarray(turned_db - _HAND_DB * held)

    def held(self, tag: Int64Array, time_s: Float64Array) -> BoolArray:
        """(K,) which tags are in a hand, each at its own time."""
        held = np.zeros(len(tag), np.bool_)
        for number, path in self._paths.items():
            rows = tag == number
            if rows.any():
                held[rows] = path.is_held(time_s[rows])
        return held

    def people(self, time_s: Float64Array) -> tuple[Float64Array, Float64Array]:
        """Who is there at any of K times.

        Returns:
            (K, P, 2) where each is, FAR_AWAY_M when not there yet or any more, and
            (P,) how strongly each reflects, relative to the line of sight.
        """
        if not len(time_s):
            return np.zeros((0, 0, 2)), np.zeros(0)
        first_s, last_s = time_s.min(), time_s.max()
        present = [
            it for it in self._walks if it.times_s[0] <= last_s and first_s <= it.times_s[-1]
        ]
        places = np.full((len(time_s), len(present), 2), FAR_AWAY_M)
        for person, walk in enumerate(present):
            here = (time_s >= walk.times_s[0]) & (time_s <= walk.times_s[-1])
            for axis in range(2):
                places[here, person, axis] = np.interp(
                    time_s[here], walk.times_s, walk.places_m[:, axis]
                )
        return places, np.array([walk.gain for walk in present])

    def _sway_m(self, number: int, time_s: Float64Array) -> Float64Array:
        """(K, 3) sway of the hand that holds a tag: 2-5 cm at 1-2 Hz along each axis."""
        amount_m, rate_hz, start = self._sway[number].T
        return np.asarray(amount_m * np.sin(2 * pi * rate_hz * time_s[:, None] + start))


def sgtin_epc(product: int, serial: int) -> str:
    """EPC of an item of a made-up company: SGTIN-96, lower-case hexadecimal.

    Args:
        product: item reference, 0..99999.
        serial: serial number, 0..2**38-1.
    """
    item = SGTIN(f"urn:epc:id:sgtin:4012345.0{product:05d}.{serial}")
    scheme = SGTIN.BinaryCodingScheme.SGTIN_96
    return item.hex(binary_coding_scheme=scheme, filter_value=SGTINFilterValue.POS_ITEM).lower()


def rail_world(tag_count: int = 24, *, seed: int = 0, busy_s: float = 0.0) -> TagWorld:
    """Garments on two rails in a room of 5 x 5 m, five centimetres apart on each rail.

    Args:
        tag_count: how many garments.
        seed: of everything.
        busy_s: for so long, every ten seconds or so, somebody walks by and takes a garment for
            a few seconds.
    """
    chance = np.random.default_rng(seed)
    place = np.arange(tag_count)
    rest_m = np.stack(
        [
            1.2 + 0.05 * (place // 2) % 2.6,
            1.8 + 1.4 * (place % 2),
            np.full(tag_count, _HANGING_HEIGHT_M),
        ],
        axis=1,
    )
    epcs = [sgtin_epc(100 + number // 4, 1 + number) for number in range(tag_count)]
    tilt = chance.uniform(0, pi / 3, tag_count)
    world = TagWorld(epcs, rest_m, tilt_rad=tilt, seed=seed)
    start_s = 3.0
    while start_s + 8 < busy_s:
        number = int(chance.integers(tag_count))
        x, y, z = (float(value) for value in rest_m[number])
        world.walk(
            [start_s - 3, start_s, start_s + 6, start_s + 9],
            [(0.0, y + 0.5), (x, y + 0.5), (x + 0.3, y + 0.6), (5.0, y + 0.6)],
        )
        held = (x + 0.1, y + 0.4, z + 0.1)
        world.carry(
            epcs[number],
            [start_s + 0.5, start_s + 1.5, start_s + 4.0, start_s + 5.0],
            [(x, y, z), held, (x + 0.3, y + 0.45, z), (x, y, z)],
        )
        start_s += float(chance.uniform(8, 14))
    return world
