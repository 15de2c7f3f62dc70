"""Item actions with errors drawn for them instead of emulated readers: for fitting weights only.

Emulating readers takes minutes a stretch; weights of who did it need hundreds of actions. So what
readers and item states got wrong in emulated stretches is drawn here: what is missed or told of a
garment that nobody touched, when, and where. No figure is reported on it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from edge_core.bench.association import day_of
from edge_core.bench.association_scores import Day
from edge_core.bench.busy_shop import Sensors, Trade
from edge_core.interaction.association import Action, ActionKind
from edge_core.simulator.handling import Handled
from edge_core.units import ns_from_s

_FOUND: Final = {"touch": 0.85, "pick": 0.9}
"""Share of actions that are told,"""
_FALSE: Final = 0.1
"""and of false touches to true actions, of garments near by and about the same time."""
_STRAY_M: Final = 0.8
_STRAY_S: Final = 5.0
_START_S: Final = (-0.15, 0.25)
"""Mean and standard deviation of how late a beginning is told,"""
_END_S: Final = (0.3, 0.45)
"""and an end."""
_PLACE_SD_M: Final = 0.2
_HAND_SD_M: Final = 0.45
_HAND_KNOWN: Final = 0.6
_HEARD_M: Final = 2.0
"""A garment carried farther from its rack is heard no more."""
_HELD_S: Final = 10.0
_LEAST_S: Final = 0.1
_NOWHERE: Final = (np.nan, np.nan)
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class _Told:
    """An action before it has a number."""

    epc: str
    kind: ActionKind
    start_s: float
    end_s: float
    place_m: Point
    hand_m: Point | None = None
    lost: bool = False


def drawn_day(told: Trade, sensors: Sensors, seed: int) -> Day:
    """A stretch of trade with drawn errors of items and of cameras."""
    rng = np.random.default_rng((seed, 9))
    actions = [_action(str(n), one, rng) for n, one in enumerate(_all(told, rng))]
    actions.sort(key=lambda action: (action.start_ns, action.epc))
    return day_of(told, actions, sensors, seed)


def _all(told: Trade, rng: np.random.Generator) -> Iterator[_Told]:
    homes = np.array([garment.home_m[:2] for garment in told.garments.values()])
    epcs = list(told.garments)
    for place, done in enumerate(told.log):
        if done.kind in _FOUND and rng.random() < _FOUND[done.kind]:
            if done.kind == "touch":
                start_s, end_s = _times(done.start_s, done.end_s, rng)
                yield _Told(done.epc, "touch", start_s, end_s, done.place_m)
            else:
                yield from _taking(told, place, rng)
        near = np.flatnonzero(np.hypot(*(homes - np.array(done.place_m)).T) < _STRAY_M)
        if rng.random() < _FALSE and len(near):
            other = int(rng.choice(near))
            start_s = max(done.start_s + rng.uniform(-_STRAY_S, _STRAY_S), 0.0)
            x, y = homes[other].tolist()
            yield _Told(epcs[other], "touch", start_s, start_s + rng.uniform(1.0, 2.5), (x, y))


def _taking(told: Trade, place: int, rng: np.random.Generator) -> Iterator[_Told]:
    """A taking, and the return that ends it if it stays within hearing."""
    done = told.log[place]
    back = _return_of(told, place)
    way = [
        (at_s, np.array(at_m[:2]))
        for at_s, at_m in told.garments[done.epc].way
        if at_s >= done.start_s and (back is None or at_s <= back.end_s)
    ]
    home = np.array(done.place_m)
    lost_s = next((at_s for at_s, at_m in way if np.hypot(*(at_m - home)) > _HEARD_M), None)
    returned = back is not None and (lost_s is None or back.start_s < lost_s)
    last_s = way[-1][0] if way else done.start_s + _HELD_S
    true_end_s = back.end_s if back is not None and returned else (lost_s or last_s)
    start_s, end_s = _times(done.start_s, true_end_s, rng)
    held = [at_m for at_s, at_m in way if at_s < done.start_s + _HELD_S]
    hand = None
    if held and rng.random() < _HAND_KNOWN:
        x, y = np.mean(held, axis=0).tolist()
        hand = (x, y)
    yield _Told(done.epc, "take", start_s, end_s, done.place_m, hand, lost=not returned)
    if returned:
        yield _Told(done.epc, "return", end_s, end_s, done.place_m)


def _return_of(told: Trade, place: int) -> Handled | None:
    epc = told.log[place].epc
    ends = ("put-back", "misplace")
    return next((it for it in told.log[place + 1 :] if it.epc == epc and it.kind in ends), None)


def _times(start_s: float, end_s: float, rng: np.random.Generator) -> tuple[float, float]:
    begun_s = max(start_s + rng.normal(*_START_S), 0.0)
    return begun_s, max(end_s + rng.normal(*_END_S), begun_s + _LEAST_S)


def _action(key: str, told: _Told, rng: np.random.Generator) -> Action:
    x, y = (np.array(told.place_m) + rng.normal(0, _PLACE_SD_M, 2)).tolist()
    hand, hand_sd = _NOWHERE, _NOWHERE
    if told.hand_m is not None:
        hand_x, hand_y = (np.array(told.hand_m) + rng.normal(0, _HAND_SD_M, 2)).tolist()
        hand, hand_sd = (hand_x, hand_y), (_HAND_SD_M, _HAND_SD_M)
    return Action(
        key,
        told.epc,
        ns_from_s(told.start_s),
        ns_from_s(told.end_s),
        (x, y),
        0.9,
        told.kind,
        _PLACE_SD_M,
        hand,
        hand_sd,
        told.lost,
    )
