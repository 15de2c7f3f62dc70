"""Who is read when: hopping between carriers and rounds on one antenna after another; pure."""

from math import e, log
from typing import Final

import numpy as np

from edge_core.types import Float64Array, Int64Array

HOP_S: Final = 0.203
"""Time on one carrier, measured on a real R420."""
_ROUND_S: Final = 0.0143
"""Shortest round: a real R420 reads one tag on one antenna 69.7 times a second."""
_SWITCH_S: Final = 0.0225
"""Changing the antenna: with four the same reader reads a tag 6.8 times a second on each."""
_SLOT_S: Final = 0.18e-3
"""Mean slot of the Tagwatch model C(n) = C0 + e * slot * n ln n (recalled from that paper)."""


# fmt: off
_R420_ORDER: Final = (
    19, 26, 5, 30, 37, 38, 39, 47, 4, 24, 42, 41, 43, 33, 23, 22, 45, 35, 20, 2, 13, 18, 10, 12, 21,
    15, 28, 46, 48, 17, 36, 25, 44, 27, 34, 29, 7, 9, 49, 1, 32, 40, 6, 11, 14, 16, 0, 8, 3, 31,
)
# fmt: on


def fcc_hop_table() -> Int64Array:
    """(50,) carriers of the 902-928 MHz band in kHz, in the order they are hopped.

    A channel index counts in this order, as a real R420's does: its reads go through the indices
    one by one. The order is that of a real R420, recovered from the phases of tags at rest.
    """
    return np.asarray(902_750 + 500 * np.array(_R420_ORDER), np.int64)


def channel_at(time_s: Float64Array, channels: int, start: float = 0.0) -> Int64Array:
    """Channel index from 1 at these times.

    Args:
        time_s: any shape.
        channels: how many there are.
        start: where in the table time 0 is, in channels.
    """
    return np.asarray(np.floor(time_s / HOP_S + start).astype(np.int64) % channels + 1)


def round_s(tags: int, antennas: int) -> float:
    """How long one inventory round takes.

    Args:
        tags: how many answer.
        antennas: how many take turns.
    """
    arbitration = e * _SLOT_S * tags * log(tags) if tags > 1 else 0.0
    return _ROUND_S + (_SWITCH_S if antennas > 1 else 0.0) + arbitration
