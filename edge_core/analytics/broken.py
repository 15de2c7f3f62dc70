"""Which track goes on where another broke off, by where its walk was leading (ours).

A walk of constant velocity, fitted to the places of its last second and a half, foretells where
somebody would be seen next. A track that begins within a gate of that place goes on with it; the
gate is wide enough for the places' noise at both ends and grows with the time nobody saw. Who
stands has no direction to be followed: a rough speed is allowed in every direction.
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import hypot
from typing import Final

import numpy as np

from edge_core.units import ns_from_s, s_from_ns

BROKEN_NS: Final = ns_from_s(2.5)
"""Unseen for longer, too much may have happened."""
GATE_M: Final = 0.7
GATE_RISE_M_S: Final = 0.5
RIVAL_M: Final = 0.3
"""What two broken walks foretell must differ by so much for the nearer to be believed."""
_REMEMBERED_NS: Final = ns_from_s(1.5)
_SHORTEST_S: Final = 0.4
_FASTEST_M_S: Final = 2.5


@dataclass(slots=True)
class Walk:
    """The latest places of one track: nanoseconds, and across and along in a line's units."""

    places: deque[tuple[int, float, float]] = field(default_factory=lambda: deque(maxlen=40))

    def see(self, mono_ns: int, across: float, along: float) -> None:
        """One more place."""
        self.places.append((mono_ns, across, along))
        while mono_ns - self.places[0][0] > _REMEMBERED_NS:
            self.places.popleft()

    @property
    def last_ns(self) -> int:
        """When it was last seen."""
        return self.places[-1][0]

    def at(self, mono_ns: int, per_m: float) -> tuple[float, float]:
        """Where it leads at a later moment; `per_m` are the line's units in a metre."""
        times, across, along = (
            np.array(column, np.float64) for column in zip(*self.places, strict=True)
        )
        seconds = (times - times[-1]) / 1e9
        if -seconds[0] < _SHORTEST_S:
            return float(across[-1]), float(along[-1])
        fitted = np.polyfit(seconds, np.column_stack([across, along]), 1)
        velocity = fitted[0]
        speed = hypot(*velocity) / per_m
        velocity = velocity * min(1.0, _FASTEST_M_S / max(speed, 1e-9))
        # The fit says where it was, too, and better than one noisy place does.
        place = fitted[1] + velocity * s_from_ns(mono_ns - self.last_ns)
        return float(place[0]), float(place[1])


def went_on(
    begun: Mapping[int, tuple[float, float]],
    broken: Mapping[int, Walk],
    now_ns: int,
    per_m: Mapping[int, float],
) -> dict[int, int]:
    """Tracks that begin now, each with the broken one it goes on with; most have none.

    Args:
        begun: across and along where each track begins.
        broken: walks of tracks that are not seen now.
        now_ns: the moment.
        per_m: units in a metre, by track that begins.
    """
    cost: dict[int, list[tuple[float, int]]] = {}
    for track, place in begun.items():
        for earlier, walk in broken.items():
            unseen_ns = now_ns - walk.last_ns
            if not 0 < unseen_ns <= BROKEN_NS:
                continue
            led = walk.at(now_ns, per_m[track])
            apart_m = hypot(place[0] - led[0], place[1] - led[1]) / per_m[track]
            if apart_m <= GATE_M + GATE_RISE_M_S * s_from_ns(unseen_ns):
                cost.setdefault(track, []).append((apart_m, earlier))
    return _clear(cost)


def _clear(cost: Mapping[int, list[tuple[float, int]]]) -> dict[int, int]:
    """Pairs that are each other's best, without a rival nearly as near."""
    found = {}
    for track, pairs in cost.items():
        (apart_m, earlier), *rest = sorted(pairs)
        wanted = [
            other for name, others in cost.items() if name != track
            for other, it in others if it == earlier
        ]  # fmt: skip
        rivals = [other for other, _ in rest] + wanted
        if all(other - apart_m >= RIVAL_M for other in rivals):
            found[track] = earlier
    return found
