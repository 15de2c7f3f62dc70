"""Which frequency a reader's channel index means.

A hop table is shuffled, so neighbouring indices are far apart in frequency. Phase turns with
frequency by 4 pi d / c; only with the table can reads of different channels be compared.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from edge_core.types import Float64Array, Int16Array, checked


@dataclass(frozen=True, slots=True)
class HopTable:
    """Carrier frequencies of one reader in the order of its channel index.

    Attributes:
        name: for logs.
        mhz: float64 (K,), the k-th entry belongs to channel index k + 1.
    """

    name: str
    mhz: Float64Array

    def __post_init__(self) -> None:
        checked(self.mhz, "mhz", (None,), np.float64)

    def at(self, channel: Int16Array) -> Float64Array:
        """Carrier frequency in MHz, float64 (N,); NaN for an index outside the table."""
        inside = (channel >= 1) & (channel <= len(self.mhz))
        return np.where(inside, self.mhz[np.where(inside, channel - 1, 0)], np.nan)


# fmt: off
_FCC_R420_STEP: Final = (
    19, 26, 5, 30, 37, 38, 39, 47, 4, 24, 42, 41, 43, 33, 23, 22, 45, 35, 20, 2, 13, 18, 10, 12, 21,
    15, 28, 46, 48, 17, 36, 25, 44, 27, 34, 29, 7, 9, 49, 1, 32, 40, 6, 11, 14, 16, 0, 8, 3, 31,
)
# fmt: on
FCC_R420: Final = HopTable("FCC, Impinj R420", 902.75 + 0.5 * np.array(_FCC_R420_STEP, np.float64))
"""Recovered from the phases of a tag at rest in 32 places (ours): channels close in frequency keep
a fixed phase difference wherever the tag lies. Tables derived from halves of the places differ
by at most a few steps of 0.5 MHz. A live reader tells its own table among its capabilities."""
