"""Whose badge it is: the one who is near wherever the badge is read (ours).

An antenna hears a staff badge nearby; cameras tell who stands near that antenna. One such
moment proves little, several do. For every visitor the log-likelihood ratio is summed over
moments a few seconds apart,

    near:      ln(p / b),             not near:  ln((1 - p) / (1 - b)),

with p = P(near | wears it) and b the share of the visible people who are near just then, which
is what chance would give (two people elsewhere are thought to it, for a wearer may be alone).
Somebody wears it once the sum and its lead over every other visitor
pass a threshold. If everybody in sight is near, b is large and the moment says little; a
badge that hangs on a hook marks who stays beside it and nobody who walks past.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import hypot, log
from typing import Final

from edge_core.units import ns_from_s

REACH_M: Final = 2.5
"""A badge is read at most so far from the antenna, mostly."""
P_NEAR: Final = 0.85
EVERY_NS: Final = ns_from_s(5)
"""Moments nearer in time tell nothing new."""
FEWEST: Final = 4
CERTAIN: Final = log(200)
LEAD: Final = log(20)
_NEAR_BEFORE: Final = 0.2
_SEEN_BEFORE: Final = 2.0


@dataclass(slots=True)
class _Evidence:
    sums: dict[int, float] = field(default_factory=dict)
    moments: dict[int, int] = field(default_factory=dict)
    looked_ns: int = -EVERY_NS


class BadgeCarriers:
    """Finds the wearers of staff badges."""

    def __init__(self) -> None:
        self._badges: dict[str, _Evidence] = {}

    def read(
        self,
        badge: str,
        antenna_m: tuple[float, float],
        places: Mapping[int, tuple[float, float]],
        now_ns: int,
    ) -> int | None:
        """A badge was read.

        Args:
            badge: its EPC.
            antenna_m: where, metres.
            places: where everybody visible on that floor stands, by visitor.
            now_ns: when, monotonic.

        Returns:
            The visitor who wears it, once that is known.
        """
        evidence = self._badges.setdefault(badge, _Evidence())
        if now_ns - evidence.looked_ns < EVERY_NS:
            return None
        evidence.looked_ns = now_ns
        x, y = antenna_m
        near = {who for who, at in places.items() if hypot(at[0] - x, at[1] - y) <= REACH_M}
        chance = (len(near) + _NEAR_BEFORE) / (len(places) + _SEEN_BEFORE)
        for who in places:
            ratio = P_NEAR / chance if who in near else (1 - P_NEAR) / (1 - chance)
            evidence.sums[who] = evidence.sums.get(who, 0.0) + log(ratio)
            evidence.moments[who] = evidence.moments.get(who, 0) + 1
        return _winner(evidence)

    def merge(self, kept: int, gone: int) -> None:
        """Two visitors have turned out to be one."""
        for evidence in self._badges.values():
            if gone in evidence.sums:
                sums, moments = evidence.sums, evidence.moments
                sums[kept] = sums.get(kept, 0.0) + sums.pop(gone)
                moments[kept] = moments.get(kept, 0) + moments.pop(gone)

    def forget(self, known: frozenset[int]) -> None:
        """Keep only visitors who are still known."""
        for evidence in self._badges.values():
            for who in evidence.sums.keys() - known:
                del evidence.sums[who], evidence.moments[who]


def _winner(evidence: _Evidence) -> int | None:
    ranked = sorted(evidence.sums, key=lambda who: evidence.sums[who], reverse=True)
    if not ranked or evidence.moments[ranked[0]] < FEWEST:
        return None
    best = evidence.sums[ranked[0]]
    second = evidence.sums[ranked[1]] if len(ranked) > 1 else 0.0
    return ranked[0] if best >= CERTAIN and best - second >= LEAD else None
