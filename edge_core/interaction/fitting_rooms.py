"""Which fitting room a garment is in, if any.

Every room has an antenna of its own, which also hears the garments next door. One read tells
little, since reflections shift a level by several decibels; but over channels and seconds the mean
level at the right room's antenna stands out. So levels are averaged as long as the garment stays,
and rooms are told apart by their difference, never by an absolute level.
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from scipy.special import softmax

from edge_core.interaction.scores import WindowScores
from edge_core.types import Float64Array, Int32Array

_UNSEEN_DBM: Final = -78.0
"""Stands for the level at an antenna that does not read the tag: just below the weakest read."""
_LEVEL_SD_DB: Final = 4.0
"""Of a window's mean level, about what the place alone would give."""
_PULL: Final = 0.9
"""What older windows keep of their weight at each new one: some ten windows count."""
_LEAST_LEAD_DB: Final = 2.0
_INSIDE_DB: Final = 5.0
"""A garment so much weaker than during its stay is still on its way."""
_MOST_HEARD: Final = 600


@dataclass(slots=True)
class _Levels:
    """Running mean level at each room's antennas and the strongest other antenna."""

    total: Float64Array
    weight: float = 0.0


@dataclass(slots=True)
class FittingRooms:
    """Levels of garments at the rooms' antennas.

    Attributes:
        room_of: room by antenna number; empty when the reader has none.
    """

    room_of: Mapping[int, str]
    _rooms: tuple[str, ...] = field(init=False)
    _levels: dict[str, _Levels] = field(default_factory=dict)
    _heard: dict[str, deque[tuple[float, float]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._rooms = tuple(dict.fromkeys(self.room_of.values()))

    @property
    def rooms(self) -> tuple[str, ...]:
        """The rooms, in the order of `lead_db`'s columns."""
        return self._rooms

    def log_odds(self, scores: WindowScores) -> Float64Array:
        """Log odds that each window's garment is in one of the rooms, float64 (N,).

        The level at the best room's antenna against the best of the others, as this window shows
        it; strongly negative without rooms.
        """
        if not self._rooms:
            return np.full(len(scores), -20.0)
        best = self._best(scores.antennas, scores.rssi_dbm.astype(np.float64))
        lead = best[:, :-1].max(axis=1) - best[:, -1]
        return np.asarray(lead / _LEVEL_SD_DB * 2, np.float64)

    def take_in(self, scores: WindowScores) -> None:
        """Average the levels of each garment's windows; they fade as new ones come."""
        if not self._rooms:
            return
        best = self._best(scores.antennas, scores.rssi_dbm.astype(np.float64))
        for row, tag in enumerate(scores.tag.tolist()):
            levels = self._levels.setdefault(scores.epcs[tag], _Levels(np.zeros(best.shape[1])))
            levels.total = levels.total * _PULL + best[row]
            levels.weight = levels.weight * _PULL + 1.0
            heard = self._heard.setdefault(scores.epcs[tag], deque(maxlen=_MOST_HEARD))
            middle_s = (scores.t0_s[row] + scores.t1_s[row]) / 2
            heard.append((float(middle_s), float(best[row, :-1].max())))

    def stay(self, epc: str, start_s: float, end_s: float) -> tuple[float, float]:
        """When a garment was really inside, of the time its room's antenna heard it best.

        The antenna hears it best from half the way on; inside, it is about as strong as during
        most of its stay.
        """
        inside = [it for it in self._heard.get(epc, ()) if start_s <= it[0] <= end_s]
        if not inside:
            return start_s, end_s
        least = float(np.median([level for _, level in inside])) - _INSIDE_DB
        times = [at_s for at_s, level in inside if level >= least]
        before_s = inside[0][0] - start_s
        return max(start_s, times[0] - before_s), min(end_s, times[-1] + before_s)

    def start(self, epc: str) -> None:
        """Forget what was heard of a garment before it came in."""
        self._levels.pop(epc, None)

    def forget(self, epc: str) -> None:
        """Forget a garment."""
        self._levels.pop(epc, None)
        self._heard.pop(epc, None)

    def room(self, epc: str) -> tuple[str, float]:
        """The most likely room of a garment that is in one, and how sure that is.

        Returns:
            Room and probability; ("", 0.0) when nothing was heard of it or no room stands out.
        """
        levels = self._levels.get(epc)
        if levels is None or not levels.weight:
            return "", 0.0
        mean = levels.total[:-1] / levels.weight
        order = np.argsort(mean)[::-1]
        if len(mean) > 1 and mean[order[0]] - mean[order[1]] < _LEAST_LEAD_DB:
            return "", 0.0
        sd = _LEVEL_SD_DB / np.sqrt(min(levels.weight, 4.0))
        return self._rooms[int(order[0])], float(softmax(mean / sd)[order[0]])

    def _best(self, antennas: Int32Array, rssi_dbm: Float64Array) -> Float64Array:
        """Level at each room's best antenna and, last, at the best of all others, (N, R + 1)."""
        owner = [self.room_of.get(int(antenna), "") for antenna in antennas]
        heard = np.where(np.isfinite(rssi_dbm), rssi_dbm, _UNSEEN_DBM)
        out = np.full((len(rssi_dbm), len(self._rooms) + 1), _UNSEEN_DBM)
        for index, room in enumerate((*self._rooms, "")):
            columns = [column for column, name in enumerate(owner) if name == room]
            if columns:
                out[:, index] = heard[:, columns].max(axis=1)
        return out
