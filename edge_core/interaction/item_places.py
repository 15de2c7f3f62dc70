"""Where a garment hangs, and where it is held, by how strongly its rack's antennas hear it.

An antenna overhead hears a garment the weaker the farther aside it hangs, and two antennas along a
rail tell where between them. Reflections shift a level by some decibels, so the answer is a place
and how sure it is, never better than a few decimetres.
"""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import shapely

from edge_core.interaction.scores import WindowScores
from edge_core.types import Float64Array

_QUIET: Final = 0.2
_SAME: Final = 0.5
_PULL: Final = 0.05
_FIRST_WINDOWS: Final = 20.0
_LEVEL_SD_DB: Final = 4.0
"""Of a garment's mean level, about what its place alone would give: reflections."""
_UP_M: Final = 1.2
"""From the garments up to an antenna under the ceiling."""
_BEAM_RAD: Final = float(np.radians(70.0))
_BACK_LOBE_DB: Final = 15.0
_ELSEWHERE: Final = -6.0
_SECOND: Final = -1.5
_GRID_M: Final = 0.1
_INSET_M: Final = 0.1
_LEAST_SD_M: Final = 0.15
_MOST_ITEMS: Final = 20_000
_HELD_SD_DB: Final = 6.0
"""Of a held garment's mean level: a hand and a body are added to the reflections."""
_ROUND_M: Final = 0.8
"""What is held about a rack is no farther from it."""
_HELD_WINDOWS: Final = 3
_HELD_S: Final = 15.0
_GRID_S: Final = 0.25
_MOST_WINDOWS: Final = 40


@dataclass(frozen=True, slots=True)
class Spot:
    """An antenna over a rack.

    Attributes:
        rack: the rack's name.
        place_m: where it hangs, x and y; None when unknown.
    """

    rack: str
    place_m: tuple[float, float] | None


@dataclass(slots=True)
class _Heard:
    """A garment's running mean level by antenna at rest."""

    level_dbm: dict[int, float] = field(default_factory=dict)
    windows: float = 0.0
    moved: deque[tuple[float, float, dict[int, float]]] = field(
        default_factory=lambda: deque(maxlen=_MOST_WINDOWS)
    )


@dataclass(frozen=True, slots=True)
class _Rack:
    """Places on a rack, float64 (K, 2), and the loss to its antennas, float64 (K, A).

    `round_m` and `round_loss_db` are the same of the rack and about it.
    """

    points_m: Float64Array
    antennas: tuple[int, ...]
    loss_db: Float64Array
    nearest: Float64Array
    round_m: Float64Array
    round_loss_db: Float64Array


class ItemPlaces:
    """Learns where garments hang.

    Args:
        racks: outline of each rack, x and y, by name.
        spots: antennas over racks, by number.
    """

    def __init__(
        self, racks: Mapping[str, Sequence[tuple[float, float]]], spots: Mapping[int, Spot]
    ) -> None:
        self._spots = {number: spot for number, spot in spots.items() if spot.rack in racks}
        self._racks = {
            name: _grid(shapely.Polygon(outline), name, self._spots)
            for name, outline in racks.items()
        }
        self._heard: dict[str, _Heard] = {}

    def learn(self, scores: WindowScores) -> None:
        """Take in windows: those of garments at rest, and the latest of others."""
        quiet = (scores.p_moving < _QUIET) & ~(scores.moved_from_rest >= _SAME)
        columns = [
            (column, number)
            for column, number in enumerate(scores.antennas.tolist())
            if number in self._spots
        ]
        for row in np.flatnonzero(~quiet):
            heard = self._heard.setdefault(scores.epcs[scores.tag[row]], _Heard())
            levels = {number: float(scores.rssi_dbm[row, column]) for column, number in columns}
            levels = {number: level for number, level in levels.items() if not np.isnan(level)}
            heard.moved.append((float(scores.t0_s[row]), float(scores.t1_s[row]), levels))
        for row in np.flatnonzero(quiet):
            heard = self._heard.setdefault(scores.epcs[scores.tag[row]], _Heard())
            heard.windows = min(heard.windows + 1.0, _FIRST_WINDOWS)
            pull = max(_PULL, 1.0 / heard.windows)
            for column, number in columns:
                level = float(scores.rssi_dbm[row, column])
                if not np.isnan(level):
                    before = heard.level_dbm.get(number, level)
                    heard.level_dbm[number] = before + pull * (level - before)
        while len(self._heard) > _MOST_ITEMS:
            del self._heard[next(iter(self._heard))]

    def place(self, epc: str, antenna: int = 0) -> tuple[tuple[float, float], float] | None:
        """Where a garment hangs, and the standard deviation along each axis.

        Args:
            epc: its tag.
            antenna: that sees it best, for one that was not heard at rest.

        Returns:
            None when its antenna hangs over no rack.
        """
        heard = self._levels(epc)
        best = max(heard, key=lambda number: heard[number]) if heard else antenna
        spot = self._spots.get(best)
        if spot is None:
            return None
        rack = self._racks[spot.rack]
        column_of = {number: column for column, number in enumerate(rack.antennas)}
        known = [(column_of[a], level) for a, level in heard.items() if a in column_of]
        # A garment hangs nearest to one of the antennas that hear it, most likely the best.
        near = {column for column, _ in known} or set(range(len(rack.antennas)))
        likely = np.where(np.isin(rack.nearest, list(near)), 0.0, _ELSEWHERE)
        if len(known) < 2 and best in column_of:
            likely += np.where(rack.nearest == column_of[best], 0.0, _SECOND)
        if len(known) > 1:
            columns = [column for column, _ in known]
            off = np.array([level for _, level in known]) + rack.loss_db[:, columns]
            off -= off.mean(axis=1, keepdims=True)
            likely = likely - (off**2).sum(axis=1) / (2 * _LEVEL_SD_DB**2)
        weight = np.exp(likely - likely.max())
        weight /= weight.sum()
        middle = weight @ rack.points_m
        variance = float((weight @ (rack.points_m - middle) ** 2).mean())
        place = (float(middle[0]), float(middle[1]))
        return place, max(float(np.sqrt(variance)), _LEAST_SD_M)

    def held(
        self, epc: str, start_s: float, end_s: float
    ) -> tuple[tuple[float, float], tuple[float, float]] | None:
        """Where a garment was in somebody's hand, and the standard deviations along x and y.

        Args:
            epc: its tag.
            start_s: when it was taken, on the reads' clock.
            end_s: when it was last held; what follows the first seconds is left out.

        Returns:
            None when fewer than two of its rack's antennas heard it.
        """
        rests = self._levels(epc)
        spot = self._spots.get(max(rests, key=lambda number: rests[number])) if rests else None
        if spot is None:
            return None
        rack, until_s = self._racks[spot.rack], min(end_s, start_s + _HELD_S)
        inside = [
            levels
            for from_s, to_s, levels in self._heard[epc].moved
            if from_s >= start_s - _GRID_S and to_s <= until_s + _GRID_S
        ]
        heard = {
            column: [levels[number] for levels in inside if number in levels]
            for column, number in enumerate(rack.antennas)
        }
        columns = [column for column, levels in heard.items() if len(levels) >= _HELD_WINDOWS]
        if len(columns) < 2:
            return None
        mean = np.array([np.mean(heard[column]) for column in columns])
        off = mean + rack.round_loss_db[:, columns]
        off -= off.mean(axis=1, keepdims=True)
        likely = -(off**2).sum(axis=1) / (2 * _HELD_SD_DB**2)
        weight = np.exp(likely - likely.max())
        weight /= weight.sum()
        middle = weight @ rack.round_m
        x, y = middle.tolist()
        sd_x, sd_y = np.sqrt(weight @ (rack.round_m - middle) ** 2).tolist()
        return (x, y), (sd_x, sd_y)

    def _levels(self, epc: str) -> dict[int, float]:
        """Mean level at rest by antenna; empty for a garment unknown."""
        heard = self._heard.get(epc)
        return heard.level_dbm if heard is not None else {}


def _grid(outline: shapely.Polygon, name: str, spots: Mapping[int, Spot]) -> _Rack:
    points = _points(outline.bounds)
    within = shapely.contains_xy(outline.buffer(-_INSET_M), points)
    if within.any():
        points = points[within]
    about = _points(outline.buffer(_ROUND_M).bounds)
    over = [
        (number, spot.place_m)
        for number, spot in spots.items()
        if spot.rack == name and spot.place_m is not None
    ]
    at = np.array([place for _, place in over], np.float64).reshape(-1, 2)
    aside, round_aside = (
        np.hypot(*(places[:, None] - at[None]).transpose(2, 0, 1)) for places in (points, about)
    )
    nearest = aside.argmin(axis=1) if len(over) else np.zeros(len(points))
    return _Rack(
        points,
        tuple(number for number, _ in over),
        _loss_db(aside),
        np.asarray(nearest, np.float64),
        about,
        _loss_db(round_aside),
    )


def _points(bounds: tuple[float, float, float, float]) -> Float64Array:
    """A grid of places, float64 (K, 2)."""
    x1, y1, x2, y2 = bounds
    xs = np.linspace(x1, x2, max(2, round((x2 - x1) / _GRID_M) + 1))
    ys = np.linspace(y1, y2, max(2, round((y2 - y1) / _GRID_M) + 1))
    grid = np.stack(np.meshgrid(xs, ys, indexing="ij"), axis=2).reshape(-1, 2)
    return np.asarray(grid, np.float64)


def _loss_db(aside_m: Float64Array) -> Float64Array:
    """What an answer loses at so far beside the beam of an antenna that looks down.

    Twice the free-space loss against straight below, and twice the pattern's drop.
    """
    angle = np.arctan2(aside_m, _UP_M)
    drop = np.minimum(12 * (angle / _BEAM_RAD) ** 2, _BACK_LOBE_DB)
    return np.asarray(2 * (20 * np.log10(1 / np.cos(angle)) + drop), np.float64)
