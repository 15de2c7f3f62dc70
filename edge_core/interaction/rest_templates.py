"""How unlike its resting place a garment looks, read by read.

A window of seconds blurs a touch of one second; single reads do not. What an antenna reads of a
garment at rest has, carrier by carrier, a strength and a phase of its own: a template. Each later
read is held against the template of its antenna and carrier, and half a second's reads are
averaged. Somebody who stands at a rack disturbs many of its garments, so what the rack shows as a
whole is told beside.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from edge_core.interaction.hop_tables import HopTable
from edge_core.interaction.rest import RestPlaces
from edge_core.interaction.scores import COLUMNS, HALVES
from edge_core.interaction.windows import Cut
from edge_core.tag_reads import TagReads
from edge_core.types import BoolArray, Float32Array, Float64Array, Int64Array
from edge_core.units import NS_PER_MS, ns_from_s

_HALF_NS: Final = 500 * NS_PER_MS
_OFTEN_NS: Final = ns_from_s(2.0)
"""Garments whose windows are longer are read too seldom for half seconds."""
_SLOPES: Final = np.arange(0.0, 1.0, 0.025)
"""Turn of the doubled phase per 0.5 MHz, see `motion_features`."""
_STEP_MHZ: Final = 0.5
_NEAR_STEPS: Final = 9.0
_LEAST_READS: Final = 8
_LEAST_WEIGHT: Final = 0.5
_MOST_CHANNELS: Final = 256
_MIN_NEIGHBOURS: Final = 4
_CROWD: Final = 0.85
"""Of a rack's garments; the others may be in somebody's hand."""
_QUIET_RACK: Final = (0.02, 0.0, 0.04, 1.0)


@dataclass(frozen=True, slots=True)
class _Template:
    """A garment at rest as one antenna reads it, by channel index; NaN where unknown."""

    phasor: np.ndarray
    rssi_dbm: Float64Array


@dataclass(slots=True)
class RestTemplates:
    """Templates of garments at rest, made of what `RestPlaces` keeps and renewed with it.

    Attributes:
        table: the reader's hop table; without one only reads of the same channel compare.
    """

    table: HopTable | None
    _made: dict[str, tuple[TagReads, dict[int, _Template]]] = field(default_factory=dict)

    def look(self, cut: Cut, rest: RestPlaces, racks: Sequence[str]) -> Float32Array:
        """What the last two half seconds of each window show against the template.

        Args:
            cut: the B windows.
            rest: the resting places.
            racks: the rack of each window's tag.

        Returns:
            float32 (B, HALVES, len(COLUMNS)), the earlier half second first; NaN, and no reads,
            where there is nothing to compare.
        """
        told = np.full((len(cut.epcs), HALVES, len(COLUMNS)), np.nan)
        told[:, :, 0] = 0.0
        since_ns = cut.end_ns - HALVES * _HALF_NS
        fresh = cut.now & (cut.reads.time_ns >= since_ns)
        fresh &= (cut.length_ns <= _OFTEN_NS)[cut.window]
        rows = np.flatnonzero(fresh)
        phase, rssi_db = self._against(cut, rest, rows)
        known = ~np.isnan(rssi_db)
        half = (cut.reads.time_ns[rows] - since_ns) // _HALF_NS
        cell = cut.window[rows] * HALVES + np.minimum(half, HALVES - 1)
        shape = (len(cut.epcs), HALVES)
        for column, values in ((1, phase), (2, rssi_db)):
            there = known & ~np.isnan(values)
            count = np.bincount(cell[there], minlength=told.shape[0] * HALVES)
            total = np.bincount(cell[there], weights=values[there], minlength=len(count))
            told[:, :, 0] = np.maximum(told[:, :, 0], count.reshape(shape))
            told[:, :, column] = np.where(count > 0, total / np.maximum(count, 1), np.nan).reshape(
                shape
            )
        _tell_racks(told, racks)
        return told.astype(np.float32)

    def _against(
        self, cut: Cut, rest: RestPlaces, rows: Int64Array
    ) -> tuple[Float64Array, Float64Array]:
        """Phase misfit and strength above the template of these reads; NaN where none is."""
        reads = cut.reads
        key = cut.window[rows] * _MOST_CHANNELS + reads.antenna[rows]
        keys, place = np.unique(key, return_inverse=True)
        found = [
            self._of(cut.epcs[int(k) // _MOST_CHANNELS], rest, int(k) % _MOST_CHANNELS)
            for k in keys
        ]
        if not any(found):
            return np.full(len(rows), np.nan), np.full(len(rows), np.nan)
        nothing = _Template(np.full(self._size, np.nan + 0j), np.full(self._size, np.nan))
        phasor = np.stack([(it or nothing).phasor for it in found])
        rssi = np.stack([(it or nothing).rssi_dbm for it in found])
        channel = np.clip(reads.channel[rows].astype(np.int64), 0, self._size - 1)
        at = phasor[place, channel]
        seen = np.exp(-2j * reads.phase_rad[rows].astype(np.float64))
        return 1 - (seen * at).real, reads.rssi_dbm[rows] - rssi[place, channel]

    def _of(self, epc: str, rest: RestPlaces, antenna: int) -> _Template | None:
        kept = rest.reads_of(epc)
        if kept is None:
            self._made.pop(epc, None)
            return None
        made = self._made.get(epc)
        if made is None or made[0] is not kept:
            made = self._made[epc] = (kept, {})
            for number in np.unique(kept.antenna):
                at_it = kept.antenna == number
                if at_it.sum() >= _LEAST_READS:
                    made[1][int(number)] = self._template(kept, at_it)
        return made[1].get(antenna)

    @property
    def _size(self) -> int:
        return _MOST_CHANNELS if self.table is None else len(self.table.mhz) + 1

    def _template(self, reads: TagReads, chosen: BoolArray) -> _Template:
        """Mean doubled phase, its slope along frequency kept, and strength by carrier."""
        every = np.arange(self._size)
        if self.table is None:
            here, there = reads.channel[chosen].astype(np.float64), every.astype(np.float64)
            weight = (there[:, None] == here[None]).astype(np.float64)
            slope = 0.0
        else:
            here = self.table.at(reads.channel[chosen]) / _STEP_MHZ
            there = self.table.at(every.astype(np.int16)) / _STEP_MHZ
            lag = (there[:, None] - here[None]) / _NEAR_STEPS
            weight = np.nan_to_num(np.exp(-(lag**2)))
        phasor = np.exp(2j * reads.phase_rad[chosen].astype(np.float64))
        known = np.isfinite(phasor) & np.isfinite(here)
        phasor, here = np.where(known, phasor, 0.0), np.nan_to_num(here)
        middle = here.mean()
        if self.table is not None:
            turned = np.exp(-1j * np.outer(here - middle, _SLOPES))
            slope = float(_SLOPES[np.abs(phasor @ turned).argmax()])
        mean = weight @ (phasor * np.exp(-1j * slope * (here - middle)))
        length = np.abs(mean)
        enough = (weight.sum(axis=1) >= _LEAST_WEIGHT) & (length > 0)
        unit = np.where(enough, mean / np.where(length > 0, length, 1.0), np.nan)
        strength = weight @ reads.rssi_dbm[chosen] / np.maximum(weight.sum(axis=1), _LEAST_WEIGHT)
        back = np.exp(1j * slope * (np.nan_to_num(there) - middle))
        return _Template(unit * back, np.where(enough, strength, np.nan))


def _tell_racks(told: Float64Array, racks: Sequence[str]) -> None:
    """What a rack's garments show together into the last four columns; quiet in small racks."""
    told[:, :, 3:] = _QUIET_RACK
    names, place = np.unique(np.array(racks, dtype=object).astype(str), return_inverse=True)
    for number in range(len(names)):
        rows = np.flatnonzero(place == number)
        for half in range(HALVES):
            values = told[rows, half, 1:3]
            values = values[~np.isnan(values).any(axis=1)]
            if len(values) >= _MIN_NEIGHBOURS:
                middle = np.median(values, axis=0)
                off = np.column_stack([values[:, 0], np.abs(values[:, 1] - middle[1])])
                told[rows, half, 3:5] = middle
                told[rows, half, 5:7] = np.quantile(off, _CROWD, axis=0)
