"""What happened to garments: touched, looked at, taken, tried on, put back, gone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

import numpy as np

from edge_core.interaction.fitting_rooms import FittingRooms
from edge_core.interaction.item_event import ItemEvent, ItemEventKind
from edge_core.interaction.item_evidence import (
    RestLevels,
    against_rest,
    elsewhere,
    half_seconds,
    handled,
    is_sharp,
    lying,
    shown,
    silent,
)
from edge_core.interaction.scores import HALVES, WindowScores
from edge_core.interaction.state_model import HANDLED, LAG, STEP_S, Evidence, State, StateFilter
from edge_core.types import Float32Array, Float64Array, Int64Array

__all__ = ["ItemEvent", "ItemEventKind", "ItemStates"]

TRIED_S: Final = 30.0
"""Shorter stays in a fitting room are no try-on."""
GONE_S: Final = 60.0
LEAST_CONFIDENCE: Final = 0.5
TO_BE_MATCHED: Final = 0.2
TAKEN_S: Final = 5.0
"""Handled longer than this and brought back, a garment was taken, not only touched."""
FLIPPED_S: Final = 2.0
"""Handled longer than this, it was turned over."""
_WINDOW_S: Final = 2.0
_UNHEARD_S: Final = 1.0
"""A garment that is read often is judged as often without a window."""
_MOTION_LIMIT: Final = 8.0
_MOVED_S: Final = 2.0
_SEEN_STILL_S: Final = 1.5
"""How long a garment hangs elsewhere before windows no longer show it moving."""
_STILL_MOVED_S: Final = 0.5
"""Of the last window that shows motion, as much as moved."""
_NO_ROOM: Final = 4.0
_FORGET_S: Final = 3600.0


class _Phase(StrEnum):
    """States as events see them."""

    REST = "rest"
    HANDLED = "handled"
    FITTING = "fitting"
    ELSEWHERE = "elsewhere"


_PHASE: Final = (
    _Phase.REST,
    *(_Phase.HANDLED for _ in HANDLED),
    _Phase.HANDLED,
    _Phase.FITTING,
    _Phase.ELSEWHERE,
)


@dataclass(slots=True)
class _Moment:
    """One window's place in time, and what it showed.

    `begin_s` is when the window began; `settling_s` is how long a window stays unlike the one
    before it once a garment hangs again;
    `shown` is a row of `item_evidence.shown` and `off` one of `WindowScores.off`, both None for a
    garment that was not heard.
    """

    centre_s: float
    half_step_s: float
    begin_s: float
    settling_s: float
    antenna: int
    shown: Float64Array | None
    off: Float32Array | None


@dataclass(frozen=True, slots=True)
class _Look:
    """What is taken in at once of B garments, float64 (B,) each but for `rows`, int64.

    `rows` are those it is told of; `centre_s` is the look's middle against the window's end, and
    the others are fields of `Evidence` and `_Moment`.
    """

    rows: Int64Array
    moving: Float64Array
    elsewhere: Float64Array
    in_room: Float64Array
    centre_s: Float64Array
    half_step_s: Float64Array
    settling_s: Float64Array


@dataclass(slots=True)
class _Chances:
    """How likely a phase was at each of its moments: for hours, where a garment is at rest."""

    total: float = 0.0
    moments: int = 0
    last: float = 0.5

    def add(self, chance: float) -> None:
        self.total += chance
        self.moments += 1
        self.last = chance

    def mean(self, otherwise: float) -> float:
        return self.total / self.moments if self.moments else otherwise


@dataclass(slots=True)
class _Item:
    """One garment's row in the filter and the phase it is in.

    `moved_s` is when the last window that showed it moving began.
    """

    row: int
    waiting: list[_Moment] = field(default_factory=list)
    last_s: float = -np.inf
    fed_s: float = -np.inf
    phase: _Phase = _Phase.REST
    came_from: _Phase = _Phase.REST
    since: _Moment | None = None
    until_s: float = 0.0
    moved_s: float = -np.inf
    state: State = State.REST
    chances: _Chances = field(default_factory=_Chances)
    levels: RestLevels = field(default_factory=RestLevels)
    gone: bool = False


class ItemStates:
    """Follows every garment of one reader; feed scores in order, get events as they are decided.

    An event comes about three windows after its end. Memory is bounded by the garments seen in
    the last hour.

    Args:
        room_of: fitting room by antenna number.
        least_confidence: less sure than this, nothing is said. What is to be matched with people
            may be told earlier (`TO_BE_MATCHED`): cameras then confirm it or not.
    """

    def __init__(
        self,
        room_of: Mapping[int, str] | None = None,
        least_confidence: float = LEAST_CONFIDENCE,
    ) -> None:
        self._least = least_confidence
        self._rooms = FittingRooms(dict(room_of or {}))
        self._filter = StateFilter()
        self._items: dict[str, _Item] = {}
        self._free: list[int] = []
        self._heard_s = -np.inf

    def push(self, scores: WindowScores) -> list[ItemEvent]:
        """Events decided by these windows.

        Args:
            scores: of `TagMotion.push`, in order of time.
        """
        events: list[ItemEvent] = []
        for end_s in np.unique(scores.t1_s):
            rows = np.flatnonzero(scores.t1_s == end_s)
            events += self._at(float(end_s), scores, rows)
            events += self._unheard(float(end_s))
            events += self._gone(float(end_s))
        return [event for event in events if event.confidence >= self._least]

    def rest_levels(self, epcs: Sequence[str]) -> Float64Array:
        """What garments' windows show while they rest, float64 (N, 4): see `RestLevels.row`."""
        known = (self._items.get(epc) for epc in epcs)
        rows = [(item.levels if item else RestLevels()).row() for item in known]
        return np.array(rows, np.float64).reshape(-1, 4)

    def room_sets(self) -> dict[str, frozenset[str]]:
        """The garments now in each fitting room, by room; each garment in one room at most."""
        found: dict[str, set[str]] = {room: set() for room in self._rooms.rooms}
        for epc, item in self._items.items():
            if item.phase is _Phase.FITTING:
                room, _ = self._rooms.room(epc)
                if room:
                    found[room].add(epc)
        return {room: frozenset(epcs) for room, epcs in found.items()}

    def _at(self, end_s: float, scores: WindowScores, rows: np.ndarray) -> list[ItemEvent]:
        """Take in the windows that end at one moment."""
        part = scores.take(rows)
        items = [self._item(part.epcs[tag]) for tag in part.tag]
        length = part.t1_s - part.t0_s
        since = np.array([end_s - item.fed_s for item in items])
        seen = shown(part)
        levels = np.array([item.levels.row() for item in items])
        apart = against_rest(seen, levels, part.excess.astype(np.float64))
        self._rooms.take_in(part)
        sharp = is_sharp(part.off) & ~np.isnan(apart[:, 1])
        fresh = ~np.isfinite(since) | (since > 2 * length)
        weight = np.clip(np.where(fresh, length / 2, since) / length, 0.25, 1.0)
        whole = np.clip(handled(apart), -_MOTION_LIMIT, _MOTION_LIMIT) * weight
        place = elsewhere(apart) * weight
        room = np.clip(self._rooms.log_odds(part), -_NO_ROOM, _NO_ROOM) * weight
        looks = [
            _Look(
                np.flatnonzero(~sharp), whole, place, room,
                -length / 2, np.where(fresh, length / 2, since) / 2, length / 2,
            )
        ]  # fmt: skip
        moving = half_seconds(part.off, levels, apart)
        still = lying(moving, apart)
        for half in range(HALVES):
            back_s = (half + 0.5 - HALVES) * STEP_S
            there = moving[:, half]
            looks.append(
                _Look(
                    np.flatnonzero(sharp), there, still[:, half], room / HALVES,
                    np.full(len(items), back_s), np.full(len(items), STEP_S / 2),
                    np.zeros(len(items)),
                )
            )  # fmt: skip
        return [event for look in looks for event in self._take_in(look, end_s, part, items, seen)]

    def _take_in(
        self,
        look: "_Look",
        end_s: float,
        part: WindowScores,
        items: Sequence[_Item],
        seen: Float64Array,
    ) -> list[ItemEvent]:
        """One look at some of the garments, and what is decided by it."""
        rows = look.rows
        if not len(rows):
            return []
        at_s = end_s + look.centre_s + look.half_step_s
        since = np.array([at_s[row] - items[row].fed_s for row in rows])
        steps = np.rint(np.where(np.isfinite(since), since, 1.0) / STEP_S)
        chance = self._filter.update(
            np.array([items[row].row for row in rows], np.int64),
            np.maximum(steps, 1).astype(np.int64),
            Evidence(look.moving[rows], look.elsewhere[rows], look.in_room[rows]),
        )
        events: list[ItemEvent] = []
        for index, row in enumerate(rows):
            item = items[row]
            item.last_s, item.fed_s, item.gone = end_s, float(at_s[row]), False
            item.waiting.append(
                _Moment(
                    end_s + float(look.centre_s[row]),
                    float(look.half_step_s[row]),
                    float(part.t0_s[row]),
                    float(look.settling_s[row]),
                    int(part.antenna[row]),
                    seen[row],
                    part.off[row],
                )
            )
            if len(item.waiting) > LAG:
                epc = part.epcs[part.tag[row]]
                events += self._decide(epc, item, item.waiting.pop(0), chance[index])
        return events

    def _unheard(self, end_s: float) -> list[ItemEvent]:
        """Take in that garments which are read often were not read enough for a window."""
        quiet = [
            (epc, item)
            for epc, item in self._items.items()
            if not item.gone and end_s - item.fed_s >= _UNHEARD_S and item.waiting
        ]
        told = [(epc, item, silent(item.levels, _WINDOW_S)) for epc, item in quiet]
        told = [row for row in told if row[2] > 0]
        if not told:
            return []
        none = np.zeros(len(told))
        weight = _UNHEARD_S / _WINDOW_S
        chance = self._filter.update(
            np.array([item.row for _, item, _ in told], np.int64),
            np.array([round((end_s - item.fed_s) / STEP_S) for _, item, _ in told], np.int64),
            Evidence(
                moving=np.array([ratio for _, _, ratio in told]) * weight,
                elsewhere=none,
                in_room=(none - _NO_ROOM) * weight,
            ),
        )
        events: list[ItemEvent] = []
        for index, (epc, item, _) in enumerate(told):
            item.fed_s = end_s
            centre = end_s - _WINDOW_S / 2
            antenna = item.waiting[-1].antenna
            begin = end_s - _WINDOW_S
            item.waiting.append(
                _Moment(centre, _UNHEARD_S / 2, begin, _WINDOW_S / 2, antenna, None, None)
            )
            if len(item.waiting) > LAG:
                events += self._decide(epc, item, item.waiting.pop(0), chance[index])
        return events

    def _item(self, epc: str) -> _Item:
        item = self._items.get(epc)
        if item is None:
            row = self._free.pop() if self._free else len(self._items)
            item = self._items[epc] = _Item(row)
        return item

    def _decide(
        self, epc: str, item: _Item, moment: _Moment, chance: Float64Array
    ) -> list[ItemEvent]:
        """Move an item's story on by one smoothed moment."""
        if moment.shown is not None:
            if moment.shown[0] > 0:
                item.moved_s = moment.begin_s
            item.levels.learn(moment.shown, moment.off, float(chance[State.REST]))
        by_phase = dict.fromkeys(_Phase, 0.0)
        for state in State:
            by_phase[_PHASE[state]] += float(chance[state])
        phase = max(by_phase, key=lambda name: by_phase[name])
        if item.phase is _Phase.REST and by_phase[_Phase.HANDLED] >= min(self._least, 0.5):
            phase = _Phase.HANDLED
        events: list[ItemEvent] = []
        if phase is not item.phase:
            events = self._close(epc, item, moment, phase, by_phase[phase])
            if item.phase is _Phase.FITTING:
                # On its way out a garment is in a hand.
                moment = replace(moment, centre_s=item.until_s + moment.half_step_s)
            item.came_from = item.phase
            item.phase, item.since, item.chances = phase, moment, _Chances()
            if phase is _Phase.FITTING:
                self._rooms.start(epc)
        item.chances.add(by_phase[phase])
        item.until_s = moment.centre_s + moment.half_step_s
        item.state = State(int(np.argmax(chance)))
        return events

    def _close(
        self, epc: str, item: _Item, moment: _Moment, phase: _Phase, chance: float
    ) -> list[ItemEvent]:
        """Events of the phase that ends, and of where the garment went."""
        if item.since is None:
            return []
        start = item.since.centre_s - item.since.half_step_s
        confidence = item.chances.mean(otherwise=chance)
        antenna = item.since.antenna
        events = []
        if item.phase is _Phase.HANDLED:
            settling_s = moment.settling_s / 2
            if phase is _Phase.ELSEWHERE and not moment.settling_s:
                settling_s = _SEEN_STILL_S
            until = item.until_s - settling_s
            if phase is _Phase.ELSEWHERE:
                # That it hangs elsewhere shows late, and that it hung still before that.
                until = min(until, item.moved_s + _STILL_MOVED_S)
            until = max(until, start + moment.half_step_s)
            if phase is _Phase.ELSEWHERE and until - start < _MOVED_S:
                # Nobody hangs a garment elsewhere so quickly: somebody stands before it.
                return []
            kind = self._handling(until - start, item.came_from, phase)
            events.append(ItemEvent(epc, kind, start, until, confidence, antenna))
            back = {_Phase.REST: ItemEventKind.PUT_BACK, _Phase.ELSEWHERE: ItemEventKind.MISPLACED}
            if kind is ItemEventKind.IN_HAND and phase in back:
                events.append(ItemEvent(epc, back[phase], until, until, chance, moment.antenna))
        elif item.phase is _Phase.FITTING and item.until_s - start >= TRIED_S:
            room, sure = self._rooms.room(epc)
            start, item.until_s = self._rooms.stay(epc, start, item.until_s)
            kind = ItemEventKind.FITTING_ROOM
            events.append(
                ItemEvent(epc, kind, start, item.until_s, confidence * sure, antenna, room)
            )
        return events

    def _handling(self, seconds: float, before: _Phase, after: _Phase) -> ItemEventKind:
        """Touched, flipped or in hand, by how long it lasted and where it led."""
        carried = _Phase.FITTING in (before, after)
        moved = after is _Phase.ELSEWHERE and before is not after
        if seconds > TAKEN_S or carried or moved:
            return ItemEventKind.IN_HAND
        return ItemEventKind.FLIPPED if seconds > FLIPPED_S else ItemEventKind.TOUCHED

    def _gone(self, now_s: float) -> list[ItemEvent]:
        """Garments the reader has not heard for a minute while it heard others."""
        events = []
        for epc, item in list(self._items.items()):
            silent_s = now_s - item.last_s
            if silent_s > GONE_S and not item.gone:
                item.gone = True
                events += self._left(epc, item)
            elif silent_s > _FORGET_S:
                self._filter.forget(item.row)
                self._free.append(item.row)
                self._rooms.forget(epc)
                del self._items[epc]
        return events

    def _left(self, epc: str, item: _Item) -> list[ItemEvent]:
        """End a garment's story where it was last heard."""
        antenna = item.since.antenna if item.since else 0
        events = []
        if item.since is not None and item.phase is _Phase.HANDLED:
            start = item.since.centre_s - item.since.half_step_s
            sure = item.chances.mean(otherwise=0.5)
            kind = ItemEventKind.IN_HAND
            events.append(ItemEvent(epc, kind, start, item.last_s, sure, antenna, lost=True))
        sure = item.chances.last
        events.append(ItemEvent(epc, ItemEventKind.GONE, item.last_s, item.last_s, sure, antenna))
        self._filter.forget(item.row)
        item.phase, item.since, item.chances, item.waiting = _Phase.REST, None, _Chances(), []
        return events
