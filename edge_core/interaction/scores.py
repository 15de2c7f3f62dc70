"""What tag motion tells: one row per tag and window."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from edge_core.types import Float32Array, Float64Array, Int32Array, Int64Array, checked

HALVES: Final = 2
"""Half seconds told of each window: those since the window before it."""
COLUMNS: Final = (
    "reads", "phase", "rssi_db", "rack_phase", "rack_rssi_db", "crowd_phase", "crowd_rssi_db",
)  # fmt: skip
"""What is told of a half second: reads that have a template; mean of 1 - cos of twice the phase
off the template, 0..2; mean strength above it; the rack's medians of both; and what six in seven
garments of the rack stay below, in phase and in strength off the rack's median."""


@dataclass(frozen=True, slots=True)
class WindowScores:
    """Motion of tags, one row per tag and window, in order of the windows' ends.

    Attributes:
        epcs: the tags, EPC in hexadecimal; rows name one by its place here.
        tag: int32 (N,), index into `epcs`.
        t0_s, t1_s: float64 (N,), start and end of the window, seconds on the reads' clock.
        p_moving: float32 (N,), calibrated probability that the tag moved by itself.
        reads: int32 (N,), reads in the window.
        moved_from_rest: float32 (N,), how unlike the tag's resting place the window looks, 0
            (same place) to 1 (nothing in common); NaN while it has no resting place yet or too
            few reads.
        antenna: int32 (N,), antenna with the highest mean RSSI in the window.
        antennas: int32 (A,), the antennas that read anything, rising.
        rssi_dbm: float32 (N, A), mean RSSI at each; NaN where it did not read the tag.
        excess: float32 (N,), log odds of moving above the rack neighbours' median, in robust
            standard deviations; 0 without neighbours.
        off: float32 (N, 2, 7), how unlike the resting place the window's last two half seconds
            look, see `COLUMNS`.
    """

    epcs: tuple[str, ...]
    tag: Int32Array
    t0_s: Float64Array
    t1_s: Float64Array
    p_moving: Float32Array
    reads: Int32Array
    moved_from_rest: Float32Array
    antenna: Int32Array
    antennas: Int32Array
    rssi_dbm: Float32Array
    excess: Float32Array
    off: Float32Array

    def __post_init__(self) -> None:
        count = len(self.tag)
        for name in ("tag", "reads", "antenna"):
            checked(getattr(self, name), name, (count,), np.int32)
        for name in ("t0_s", "t1_s"):
            checked(getattr(self, name), name, (count,), np.float64)
        for name in ("p_moving", "moved_from_rest", "excess"):
            checked(getattr(self, name), name, (count,), np.float32)
        checked(self.off, "off", (count, HALVES, len(COLUMNS)), np.float32)
        checked(self.antennas, "antennas", (None,), np.int32)
        checked(self.rssi_dbm, "rssi_dbm", (count, len(self.antennas)), np.float32)

    def __len__(self) -> int:
        return len(self.tag)

    def take(self, rows: Int64Array) -> "WindowScores":
        """The given rows, with the same `epcs` and antennas."""
        return WindowScores(
            self.epcs,
            self.tag[rows],
            self.t0_s[rows],
            self.t1_s[rows],
            self.p_moving[rows],
            self.reads[rows],
            self.moved_from_rest[rows],
            self.antenna[rows],
            self.antennas,
            self.rssi_dbm[rows],
            self.excess[rows],
            self.off[rows],
        )

    @classmethod
    def joined(cls, parts: Sequence["WindowScores"]) -> "WindowScores":
        """Rows of several scores as one, in the order given; tags are numbered anew."""
        number: dict[str, int] = {}
        tag = [np.zeros(0, np.int32)]
        for part in parts:
            places = [number.setdefault(epc, len(number)) for epc in part.epcs]
            tag.append(np.array(places, np.int32)[part.tag])
        antennas = np.unique(np.concatenate([np.zeros(0, np.int32), *(p.antennas for p in parts)]))
        levels = [np.zeros((0, len(antennas)), np.float32)]
        for part in parts:
            level = np.full((len(part), len(antennas)), np.nan, np.float32)
            level[:, np.searchsorted(antennas, part.antennas)] = part.rssi_dbm
            levels.append(level)
        return cls(
            epcs=tuple(number),
            tag=np.concatenate(tag),
            t0_s=np.concatenate([np.zeros(0), *(part.t0_s for part in parts)]),
            t1_s=np.concatenate([np.zeros(0), *(part.t1_s for part in parts)]),
            p_moving=_column([part.p_moving for part in parts]),
            reads=np.concatenate([np.zeros(0, np.int32), *(part.reads for part in parts)]),
            moved_from_rest=_column([part.moved_from_rest for part in parts]),
            antenna=np.concatenate([np.zeros(0, np.int32), *(part.antenna for part in parts)]),
            antennas=antennas,
            rssi_dbm=np.concatenate(levels),
            excess=_column([part.excess for part in parts]),
            off=np.concatenate(
                [np.zeros((0, HALVES, len(COLUMNS)), np.float32), *(part.off for part in parts)]
            ),
        )


def _column(parts: Sequence[Float32Array]) -> Float32Array:
    return np.concatenate([np.zeros(0, np.float32), *parts])
