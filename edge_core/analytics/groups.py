"""Who came in together: across the line within seconds of each other, then side by side (ours).

Crossing together alone proves nothing at a busy door, and walking near each other alone proves
nothing in a narrow aisle; a pair is told to be a group only by both. Companions of companions are
one group. People of one group keep about a metre apart (Moussaïd et al. 2010, "The walking
behaviour of pedestrian social groups"), strangers who walk one behind the other do so briefly.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import combinations
from math import hypot
from random import Random
from typing import Final

from edge_core.config.visits import VisitsConfig
from edge_core.units import ns_from_s

FOLLOW_NS: Final = ns_from_s(60)
"""Pairs are watched for so long after they came in."""
NEAR_SHARE: Final = 0.8
"""Of the time in which both are seen, a group is near each other at least so much."""
_LONGEST_STEP_NS: Final = ns_from_s(3)


@dataclass(slots=True)
class Group:
    """People who came in together; `number` is random."""

    number: int
    members: set[int] = field(default_factory=set)


@dataclass(slots=True)
class _Pair:
    since_ns: int
    last_ns: int = 0
    near_ns: int = 0
    both_ns: int = 0


@dataclass(frozen=True, slots=True)
class _Arrival:
    visitor: int
    line_id: str
    mono_ns: int


class Groups:
    """Watches who stays together after coming in.

    Args:
        rules: how near, how long.
        rng: source of the groups' numbers.
    """

    def __init__(self, rules: VisitsConfig, rng: Random) -> None:
        self._arrival_ns = ns_from_s(rules.group_arrival_s)
        self._together_ns = ns_from_s(rules.group_together_s)
        self._near_m = rules.group_distance_m
        self._rng = rng
        self._arrivals: list[_Arrival] = []
        self._pairs: dict[tuple[int, int], _Pair] = {}
        self._groups: dict[int, Group] = {}

    def enter(self, visitor: int, line_id: str, mono_ns: int) -> None:
        """Somebody came in; whom they came with before no longer matters."""
        self.forget(visitor)
        oldest_ns = mono_ns - self._arrival_ns
        self._arrivals = [it for it in self._arrivals if it.mono_ns >= oldest_ns]
        for other in self._arrivals:
            if other.line_id == line_id and other.visitor != visitor:
                self._pairs.setdefault(_key(visitor, other.visitor), _Pair(mono_ns))
        self._arrivals.append(_Arrival(visitor, line_id, mono_ns))

    def see(self, places: Mapping[int, tuple[float, float]], mono_ns: int) -> None:
        """Take in where visitors stand in one camera's view, metres by visitor."""
        if not self._pairs:
            return
        for key in combinations(sorted(places), 2):
            pair = self._pairs.get(key)
            if pair is None:
                continue
            step_ns = mono_ns - pair.last_ns if pair.last_ns else 0
            pair.last_ns = mono_ns
            if not 0 < step_ns <= _LONGEST_STEP_NS:
                continue
            (ax, ay), (bx, by) = places[key[0]], places[key[1]]
            pair.both_ns += step_ns
            pair.near_ns += step_ns * (hypot(ax - bx, ay - by) <= self._near_m)

    def settle(self, now_ns: int) -> None:
        """Decide about pairs that were watched for long enough."""
        for key, pair in list(self._pairs.items()):
            if now_ns - pair.since_ns >= FOLLOW_NS:
                del self._pairs[key]
                self._judge(key, pair)

    def of(self, visitor: int) -> Group | None:
        """The group a visitor came with; None for alone. Pairs still watched are judged as is."""
        asked: set[int] = set()
        ask = {visitor}
        while ask:
            asked |= ask
            for key in [key for key in self._pairs if ask.intersection(key)]:
                self._judge(key, self._pairs[key])
            found = self._groups.get(visitor)
            ask = set() if found is None else found.members - asked
        return self._groups.get(visitor)

    def merge(self, kept: int, gone: int) -> None:
        """Two visitors have turned out to be one."""
        self._arrivals = [
            _Arrival(kept, it.line_id, it.mono_ns) if it.visitor == gone else it
            for it in self._arrivals
        ]
        for key in [key for key in self._pairs if gone in key]:
            pair = self._pairs.pop(key)
            other = key[0] if key[1] == gone else key[1]
            if other == kept:
                continue
            mine = self._pairs.setdefault(_key(kept, other), pair)
            if mine is not pair:
                mine.near_ns, mine.both_ns = (
                    mine.near_ns + pair.near_ns,
                    mine.both_ns + pair.both_ns,
                )
        group = self._groups.pop(gone, None)
        if group is None:
            return
        group.members.discard(gone)
        self._join(group, kept)

    def forget(self, visitor: int) -> None:
        """A visit is over; those who came along still came in a group of that size."""
        self._groups.pop(visitor, None)
        for key in [key for key in self._pairs if visitor in key]:
            del self._pairs[key]

    def _judge(self, key: tuple[int, int], pair: _Pair) -> None:
        if pair.near_ns < self._together_ns or pair.near_ns < NEAR_SHARE * pair.both_ns:
            return
        group = self._groups.get(key[0]) or self._groups.get(key[1])
        group = group or Group(self._rng.getrandbits(31))
        for visitor in key:
            self._join(group, visitor)

    def _join(self, group: Group, visitor: int) -> None:
        other = self._groups.get(visitor)
        if other is not None and other is not group:
            group.members |= other.members
            for member, theirs in self._groups.items():
                if theirs is other:
                    self._groups[member] = group
        group.members.add(visitor)
        self._groups[visitor] = group


def _key(one: int, other: int) -> tuple[int, int]:
    return (one, other) if one < other else (other, one)
