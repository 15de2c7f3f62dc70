"""What all tags of a rack show together is no motion of one of them.

A person walking past, a rack pushed aside or a draught changes many tags at once. A tag moves by
itself when its log odds lie three robust standard deviations above its rack's median.
"""

from collections.abc import Sequence

import numpy as np
from scipy.special import expit

from edge_core.types import Float64Array

MIN_NEIGHBOURS = 4
_MAD_TO_SD = 1.4826
_LEAST_SD = 1.0
"""In log odds; tags at rest agree more closely than they should be held to."""
_OUTLIER_SDS = 3.0


def excess(log_odds: Float64Array, racks: Sequence[str]) -> Float64Array:
    """Log odds above the median of the rack, in robust standard deviations.

    Args:
        log_odds: float64 (T,), one per tag.
        racks: T names of racks.

    Returns:
        float64 (T,); NaN in racks of fewer than MIN_NEIGHBOURS tags.
    """
    above = np.full(len(log_odds), np.nan)
    names, place = np.unique(np.array(racks, dtype=object).astype(str), return_inverse=True)
    for index in range(len(names)):
        rows = np.flatnonzero(place == index)
        if len(rows) >= MIN_NEIGHBOURS:
            median = np.median(log_odds[rows])
            spread = _MAD_TO_SD * np.median(np.abs(log_odds[rows] - median))
            above[rows] = (log_odds[rows] - median) / max(float(spread), _LEAST_SD)
    return above


def alone(log_odds: Float64Array, above: Float64Array) -> Float64Array:
    """Probability that a tag moves and not merely what surrounds it, float64 (T,).

    Args:
        log_odds: float64 (T,), of moving.
        above: float64 (T,), from `excess`; NaN where there are too few neighbours to tell.
    """
    own = expit(log_odds)
    return np.asarray(np.fmin(own, expit(above - _OUTLIER_SDS)), np.float64)
