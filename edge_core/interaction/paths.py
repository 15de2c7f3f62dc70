"""Where people were, also at moments when no camera saw them."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from edge_core.types import Float64Array, Int64Array
from edge_core.units import NS_PER_S

_DRIFT_M2_S: Final = 0.08
"""Somebody unseen strays: variance along each axis by second, about a rail's browsing."""
_BEYOND_S: Final = 4.0
"""So long before the first and after the last sighting a place is still guessed."""
_BRIDGED_S: Final = 30.0
"""Longer gaps are not bridged, unless the person came back to where they were."""
_SAME_PLACE_M: Final = 1.0
_SPEED_S: Final = 1.5


@dataclass(frozen=True, slots=True)
class Path:
    """Where a person was, and what cameras made of the hands.

    Attributes:
        person: the visitor's number.
        time_ns: int64 (N,), rising, monotonic.
        floor_m: float64 (N, 2).
        sd_m: standard deviation of the places.
        look_ns: int64 (L,), rising, when a camera looked at the hands.
        handling: float64 (L,), probability that the hands handle goods, as far as the picture
            alone tells: one half says nothing.
    """

    person: int
    time_ns: Int64Array
    floor_m: Float64Array
    sd_m: float
    look_ns: Int64Array
    handling: Float64Array


def places_at(path: Path, at_ns: Int64Array) -> tuple[Float64Array, Float64Array]:
    """Places at these moments, between the sightings before and after.

    A Brownian bridge between two sightings (Karatzas and Shreve 1991, section 5.6): the straight
    line, and a variance that is largest midway.

    Args:
        path: the sightings.
        at_ns: int64 (K,).

    Returns:
        float64 (K, 2), and float64 (K,) standard deviation along each axis; both NaN where nobody
        can tell.
    """
    time_s = (path.time_ns - path.time_ns[0]) / NS_PER_S
    at_s = (at_ns - path.time_ns[0]) / NS_PER_S
    after = np.clip(np.searchsorted(time_s, at_s), 0, len(time_s) - 1)
    before = np.clip(np.searchsorted(time_s, at_s, "right") - 1, 0, len(time_s) - 1)
    since, until = np.abs(at_s - time_s[before]), np.abs(time_s[after] - at_s)
    gap = since + until
    outside = before == after
    strayed = np.where(outside, since, since * until / np.maximum(gap, 1e-9))
    floor_m = np.stack([np.interp(at_s, time_s, axis) for axis in path.floor_m.T], axis=1)
    apart = np.hypot(*(path.floor_m[after] - path.floor_m[before]).T)
    lost = np.where(
        outside, since > _BEYOND_S, (gap > _BRIDGED_S) | ((apart > _SAME_PLACE_M) & (gap > 12.0))
    )
    # Whoever went from one place to another in the gap did so at an unknown moment.
    went = np.where(outside, 0.0, (apart / 2) ** 2 * np.clip(gap - 0.5, 0.0, 1.0) / 3)
    sd_m = np.sqrt(path.sd_m**2 + _DRIFT_M2_S * np.clip(strayed - 0.3, 0.0, None) + went)
    return np.where(lost[:, None], np.nan, floor_m), np.where(lost, np.nan, sd_m)


def speed_at(path: Path, at_ns: int) -> float:
    """Speed over some three seconds about a moment, m/s; 0 when unseen."""
    ends, sd_m = places_at(path, at_ns + np.array([-1, 1]) * round(_SPEED_S * NS_PER_S))
    if np.isnan(sd_m).any():
        return 0.0
    return float(np.hypot(*(ends[1] - ends[0]))) / (2 * _SPEED_S)
