"""What simulated shoppers do with garments: touch them, take them along, put them back or buy.

Rides on a `World`: whoever browses at a rail reaches for what hangs in front of them. The truth it
keeps is who did what to which garment and when; where each garment was at any time can be played
to a simulated reader.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
import shapely

from edge_core.config import FloorConfig
from edge_core.simulator.gestures import Deed, Hands
from edge_core.simulator.shopper import PersonState
from edge_core.types import Float64Array

Point = tuple[float, float, float]
"""x, y on the floor and height, metres."""

RAILS: Final = ("rack",)
HANGING_M: Final = 1.2
TILL: Final = "pay"
REACH_M: Final = 0.5
"""Round the point in front of a body that its hands are at."""
_PAUSE_S: Final = 5.0
_TOUCH_S: Final = (1.0, 4.0)
_LOOK_S: Final = (5.0, 20.0)
_PICKED: Final = 0.45
"""Share of garments reached for that are taken in hand, not only touched."""
_KEPT: Final = 0.35
"""Share of those in hand that are taken along when the look is over."""
_MISPLACED: Final = 0.15
_HANDS: Final = 2
_AHEAD_M: Final = 0.35
_KNOT_S: Final = 0.25
_BROUGHT_BACK_S: Final = 120.0
_SWAY_HZ: Final = 0.45
_MOVE_S: Final = 1.0
"""Taking from a rail and hanging up again take so long."""
_AHEAD_ONLY_M: Final = 0.18
_PHONE: Final = 0.2
"""Share of pauses at a rail spent over a telephone."""


@dataclass(frozen=True, slots=True)
class Handled:
    """Something a shopper did to a garment.

    Attributes:
        person: the shopper's number.
        epc: the garment's tag.
        kind: touch, pick, put-back, misplace or buy.
        start_s: world time.
        end_s: world time.
        place_m: where the garment was taken from or put to, x and y.
    """

    person: int
    epc: str
    kind: str
    start_s: float
    end_s: float
    place_m: tuple[float, float]


@dataclass(slots=True)
class Garment:
    """A tagged garment.

    Attributes:
        epc: its tag.
        home_m: where it belongs.
        way: when it was where, knots of straight lines; empty until first moved.
        holder: who holds it.
        sold: it has left.
    """

    epc: str
    home_m: Point
    way: list[tuple[float, Point]] = field(default_factory=list)
    holder: int | None = None
    sold: bool = False

    @property
    def place_m(self) -> Point:
        """Where it is now."""
        return self.way[-1][1] if self.way else self.home_m

    def hangs(self, now_s: float) -> bool:
        """Whether it is still, and nobody's."""
        still = not self.way or self.way[-1][0] <= now_s
        return still and self.holder is None and not self.sold


_AT_A_RAIL: Final = Hands("reach")


@dataclass(slots=True)
class _Intent:
    """What a shopper's hands are at.

    `turns` counts what was begun and ended; `hands` is how a rail is reached into, and
    `returning` what is just being hung up again; `begun_s` is when either began.
    """

    due_s: float
    touching: Garment | None = None
    held: list[Garment] = field(default_factory=list)
    looking: Garment | None = None
    turns: int = 0
    hands: Hands = _AT_A_RAIL
    returning: Garment | None = None
    begun_s: float = 0.0


def hang(floor: FloorConfig, epcs: Sequence[str], *, apart_m: float = 0.08) -> list[Garment]:
    """Hang garments along the rails of a floor, from its first rail on.

    Args:
        floor: its racks are rails; garments hang along their outline, a hand inside.
        epcs: tags; what the rails cannot hold is left out.
        apart_m: between neighbours.
    """
    places: list[Point] = []
    for fixture in floor.fixtures:
        if fixture.kind in RAILS:
            ring = shapely.Polygon(fixture.polygon_m).buffer(-0.12).exterior
            for along in np.arange(0, ring.length, apart_m):
                point = ring.interpolate(along)
                places.append((float(point.x), float(point.y), HANGING_M))
    return [Garment(epc, place) for epc, place in zip(epcs, places, strict=False)]


class Handling:
    """Hands and garments of one world.

    Args:
        garments: as `hang` gives them.
        seed: of everything that is done.
    """

    def __init__(self, garments: Sequence[Garment], seed: int = 0) -> None:
        self.garments = {garment.epc: garment for garment in garments}
        self.log: list[Handled] = []
        self._homes = np.array([g.home_m[:2] for g in garments]).reshape(-1, 2)
        self._epcs = [garment.epc for garment in garments]
        self._rng = np.random.default_rng(seed)
        self._intents: dict[int, _Intent] = {}

    def holding(self, person: int) -> list[str]:
        """Tags of what a shopper has in hand."""
        intent = self._intents.get(person)
        return [garment.epc for garment in intent.held] if intent else []

    def busy(self, person: int) -> bool:
        """Whether a shopper's hands are at a garment now."""
        intent = self._intents.get(person)
        return intent is not None and (intent.touching is not None or intent.looking is not None)

    def shown(self, people: Sequence[PersonState], now_s: float) -> list[PersonState]:
        """Everybody with what their hands do, for cameras: after `advance` of the same moment."""
        return [self._shown(person, self._intents.get(person.number), now_s) for person in people]

    def _shown(self, person: PersonState, intent: _Intent | None, now_s: float) -> PersonState:
        if intent is None or person.activity not in ("browse", "walk"):
            return person
        hands = self._gesture(person, intent, now_s)
        sway = (person.gait_phase + _SWAY_HZ * now_s) % 1
        phase = person.gait_phase if person.activity == "walk" else sway
        activity = person.activity
        if activity == "browse" and (hands is None or not hands.handling):
            idle = np.random.default_rng((person.number, intent.turns)).random()
            activity = "phone" if hands is None and idle < _PHONE else "stand"
        return replace(person, activity=activity, gait_phase=phase, hands=hands)

    def _gesture(self, person: PersonState, intent: _Intent, now_s: float) -> Hands | None:
        begun = now_s - intent.begun_s <= _MOVE_S
        if intent.touching is not None:
            return intent.hands
        if intent.returning is not None and begun:
            return replace(intent.hands, garment=_number(intent.returning))
        if intent.looking is not None:
            if begun:
                return intent.hands
            return replace(intent.hands, deed="look", garment=_number(intent.looking))
        if intent.held:
            return Hands("hold", intent.hands.side, garment=_number(intent.held[0]))
        if person.activity == "walk":
            return None
        chance = float(np.random.default_rng((person.number, intent.turns, 1)).random())
        deed: Deed | None = "cross" if chance < 0.15 else "hair" if chance < 0.25 else None
        return None if deed is None else Hands(deed, 1 if chance % 0.02 < 0.01 else -1)

    def _aim(self, person: PersonState, garment: Garment, intent: _Intent) -> Hands:
        """How a shopper reaches for where a garment hangs."""
        away = np.array(garment.place_m[:2]) - np.array(person.position_m)
        right = float(away[0] * np.cos(person.heading) + away[1] * np.sin(person.heading))
        rng = np.random.default_rng((person.number, intent.turns, 2))
        side = (1 if right > 0 else -1) * (1 if rng.random() < 0.8 else -1)
        aside = 0 if abs(right) < _AHEAD_ONLY_M else int(np.sign(right))
        return Hands("reach", side, int(rng.integers(3)), aside, bool(rng.random() < 0.4))

    def advance(self, people: Sequence[PersonState], now_s: float) -> None:
        """Take in everybody's state, at least four times a second."""
        here = {person.number: person for person in people}
        for number in [number for number in self._intents if number not in here]:
            self._gone(number, now_s)
        for person in people:
            intent = self._intents.setdefault(
                person.number, _Intent(now_s + self._rng.exponential(_PAUSE_S))
            )
            self._carry(person, intent, now_s)
            if person.activity == TILL:
                self._buy(person, intent, now_s)
            elif person.activity == "browse" and now_s >= intent.due_s:
                self._act(person, intent, now_s)
            elif person.activity != "browse":
                self._walk_on(person, intent, now_s)

    def _act(self, person: PersonState, intent: _Intent, now_s: float) -> None:
        """End what was begun, or begin something; then pause."""
        intent.turns += 1
        intent.returning = None
        if intent.touching is not None:
            self._end_touch(intent, now_s)
        elif intent.looking is not None:
            self._end_look(person, intent, now_s)
        elif len(intent.held) < _HANDS:
            self._reach(person, intent, now_s)
            return
        intent.due_s = now_s + self._rng.exponential(_PAUSE_S)

    def _reach(self, person: PersonState, intent: _Intent, now_s: float) -> None:
        garment = self._within_reach(person, now_s)
        if garment is None:
            intent.due_s = now_s + self._rng.exponential(_PAUSE_S)
            return
        garment.holder = person.number
        intent.hands, intent.begun_s = self._aim(person, garment, intent), now_s
        x, y, _ = place = garment.place_m
        if self._rng.random() < _PICKED:
            duration_s = self._rng.uniform(*_LOOK_S)
            intent.looking = garment
            intent.held.append(garment)
            self._note(person.number, garment, "pick", now_s, now_s + 1.0, (x, y))
            garment.way.append((now_s, place))
        else:
            duration_s = self._rng.uniform(*_TOUCH_S)
            intent.touching = garment
            self._note(person.number, garment, "touch", now_s, now_s + duration_s, (x, y))
            self._shake(garment, now_s, duration_s)
        intent.due_s = now_s + duration_s

    def _within_reach(self, person: PersonState, now_s: float) -> Garment | None:
        """A garment at hand that hangs still, by chance."""
        hand = self._hand(person)
        near = np.hypot(*(self._homes - np.array(hand[:2])).T) < REACH_M
        free = [
            garment
            for garment in (self.garments[self._epcs[i]] for i in np.flatnonzero(near))
            if garment.hangs(now_s)
        ]
        return free[int(self._rng.integers(len(free)))] if free else None

    def _shake(self, garment: Garment, now_s: float, duration_s: float) -> None:
        """Out by ten to forty centimetres and back, more than once when there is time."""
        home = np.array(garment.place_m)
        garment.way.append((now_s, garment.place_m))
        swings = max(1, round(duration_s))
        for swing in range(swings):
            angle, far = self._rng.uniform(0, 2 * np.pi), self._rng.uniform(0.1, 0.4)
            out = home + far * np.array([np.cos(angle), np.sin(angle), 0.3])
            at_s = now_s + (swing + 0.5) * duration_s / swings
            garment.way.append((at_s, _point(out)))
        garment.way.append((now_s + duration_s, _point(home)))

    def _end_touch(self, intent: _Intent, now_s: float) -> None:
        garment, intent.touching = intent.touching, None
        if garment is not None:
            garment.holder = None
            rest = garment.place_m
            garment.way = [knot for knot in garment.way if knot[0] < now_s]
            garment.way.append((now_s, rest))

    def _end_look(self, person: PersonState, intent: _Intent, now_s: float) -> None:
        garment, intent.looking = intent.looking, None
        if garment is not None and self._rng.random() >= _KEPT:
            self._put_back(person, intent, garment, now_s)

    def _put_back(
        self, person: PersonState, intent: _Intent, garment: Garment, now_s: float
    ) -> None:
        """Home when it is in reach, mostly; else onto the rail in front."""
        hand = self._hand(person)
        home = np.array(garment.home_m)
        far = float(np.hypot(*(home[:2] - np.array(hand[:2])))) > REACH_M
        wrong = far or self._rng.random() < _MISPLACED
        place = _point(self._rail_beside(hand, home)) if wrong else garment.home_m
        intent.held.remove(garment)
        intent.returning, intent.begun_s = garment, now_s
        garment.holder = None
        garment.way.append((now_s + 1.0, place))
        kind = "misplace" if wrong else "put-back"
        self._note(person.number, garment, kind, now_s, now_s + 1.0, place[:2])

    def _rail_beside(self, hand: Point, home: Float64Array) -> Float64Array:
        """The nearest place to hang something at, but not where this one belongs."""
        apart = np.hypot(*(self._homes - np.array(hand[:2])).T)
        apart[np.hypot(*(self._homes - home[:2]).T) < 0.3] = np.inf
        index = int(np.argmin(apart))
        return np.array([*self._homes[index], HANGING_M])

    def _walk_on(self, person: PersonState, intent: _Intent, now_s: float) -> None:
        """Who leaves a rail lets go of what was only touched, and keeps what is in hand."""
        self._end_touch(intent, now_s)
        intent.looking = intent.returning = None
        intent.due_s = max(intent.due_s, now_s + 1.0)

    def _buy(self, person: PersonState, intent: _Intent, now_s: float) -> None:
        self._walk_on(person, intent, now_s)
        for garment in intent.held:
            garment.sold = True
            x, y = person.position_m
            self._note(person.number, garment, "buy", now_s, now_s + 1.0, (x, y))
        intent.held.clear()

    def _gone(self, number: int, now_s: float) -> None:
        """Staff bring back, to its place, what somebody carried out of the scene unpaid."""
        intent = self._intents.pop(number)
        self._end_touch(intent, now_s)
        for garment in intent.held:
            garment.holder = None
            last = garment.place_m
            garment.way.append((now_s + _BROUGHT_BACK_S - 1.0, last))
            garment.way.append((now_s + _BROUGHT_BACK_S, garment.home_m))

    def _carry(self, person: PersonState, intent: _Intent, now_s: float) -> None:
        for garment in intent.held:
            if now_s - garment.way[-1][0] >= _KNOT_S:
                garment.way.append((now_s, self._hand(person)))

    def _hand(self, person: PersonState) -> Point:
        x, y = person.position_m
        ahead = (np.sin(person.heading) * _AHEAD_M, -np.cos(person.heading) * _AHEAD_M)
        return (float(x + ahead[0]), float(y + ahead[1]), 1.1)

    def _note(
        self,
        person: int,
        garment: Garment,
        kind: str,
        start_s: float,
        end_s: float,
        place_m: tuple[float, float],
    ) -> None:
        self.log.append(Handled(person, garment.epc, kind, start_s, end_s, place_m))


def _point(place: Float64Array) -> Point:
    return (float(place[0]), float(place[1]), float(place[2]))


def _number(garment: Garment) -> int:
    """Tells a garment's colour and cut."""
    return zlib.crc32(garment.epc.encode())
