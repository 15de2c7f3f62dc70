"""Reads laid out for arithmetic: windows beside what they are compared with, run by run."""

from dataclasses import dataclass

import numpy as np

from edge_core.interaction.hop_tables import HopTable
from edge_core.tag_reads import TagReads
from edge_core.types import BoolArray, Float64Array, Int16Array, Int64Array

HALF_READS = 32
"""Reads of one antenna kept of a window or its reference; more are thinned evenly."""
_STEP_MHZ = 0.5
_CENTRE_MHZ = 915.0


@dataclass(frozen=True, slots=True)
class Runs:
    """Reads of B windows and their references, sorted by window, antenna and time.

    A run is what one antenna saw of one tag: its reads in the window and in the reference (the
    window before it, or the tag's resting place).

    Attributes:
        windows: B.
        window: int64 (G,), the window each run belongs to.
        antenna: int64 (G,), each run's antenna.
        run: int64 (N,), the run each read belongs to, never falling.
        now: bool (N,), read in the window, not in the reference.
        time_s: float64 (N,).
        channel: int64 (N,).
        step: float64 (N,), carrier frequency above 915 MHz in steps of 0.5 MHz; NaN unknown.
        rssi_dbm, phase_rad, doppler_hz: float64 (N,).
    """

    windows: int
    window: Int64Array
    antenna: Int64Array
    run: Int64Array
    now: BoolArray
    time_s: Float64Array
    channel: Int64Array
    step: Float64Array
    rssi_dbm: Float64Array
    phase_rad: Float64Array
    doppler_hz: Float64Array

    def count(self, chosen: BoolArray) -> Int64Array:
        """Chosen reads of each run, int64 (G,)."""
        return np.bincount(self.run[chosen], minlength=len(self.window)).astype(np.int64)

    def sum(self, values: Float64Array, chosen: BoolArray) -> Float64Array:
        """Sum over the chosen reads of each run, float64 (G,)."""
        return np.bincount(
            self.run[chosen], weights=values[chosen], minlength=len(self.window)
        ).astype(np.float64)


def lay_out(
    reads: TagReads, window: Int64Array, now: BoolArray, windows: int, table: HopTable | None
) -> Runs:
    """Sort reads into runs.

    Args:
        reads: reads in any number of windows; a read may be given for several.
        window: int64 (N,), the window each belongs to, 0..windows-1.
        now: bool (N,), in the window itself rather than its reference.
        windows: how many there are.
        table: the reader's hop table, if known.
    """
    kept = np.lexsort((reads.time_ns, now, reads.antenna, window))
    kept = kept[_thinned(_labels(window[kept], reads.antenna[kept], now[kept]))]
    order = kept[np.lexsort((reads.time_ns[kept], reads.antenna[kept], window[kept]))]
    antenna, place = reads.antenna[order].astype(np.int64), window[order]
    run = _labels(place, antenna)
    first = np.flatnonzero(np.diff(run, prepend=-1))
    mhz = np.full(len(order), np.nan) if table is None else table.at(reads.channel[order])
    return Runs(
        windows=windows,
        window=place[first],
        antenna=antenna[first],
        run=run,
        now=now[order],
        time_s=reads.time_ns[order] / 1e9,
        channel=reads.channel[order].astype(np.int64),
        step=(mhz - _CENTRE_MHZ) / _STEP_MHZ,
        rssi_dbm=reads.rssi_dbm[order].astype(np.float64),
        phase_rad=reads.phase_rad[order].astype(np.float64),
        doppler_hz=reads.doppler_hz[order].astype(np.float64),
    )


def _labels(*keys: Int64Array | Int16Array | BoolArray) -> Int64Array:
    """Number the stretches in which no key changes, from 0."""
    if not len(keys[0]):
        return np.zeros(0, np.int64)
    change = np.zeros(len(keys[0]), bool)
    for key in keys:
        change[1:] |= key[1:] != key[:-1]
    return np.cumsum(change)


def _thinned(label: Int64Array) -> BoolArray:
    """Keep at most HALF_READS of each stretch, evenly spread."""
    count = np.bincount(label) if len(label) else np.zeros(0, np.int64)
    if not len(count) or count.max() <= HALF_READS:
        return np.ones(len(label), bool)
    start = np.cumsum(count) - count
    rank = np.arange(len(label)) - start[label]
    size = count[label]
    keep = np.minimum(size, HALF_READS)
    return np.asarray((rank * keep) // size != ((rank - 1) * keep) // size, np.bool_)
