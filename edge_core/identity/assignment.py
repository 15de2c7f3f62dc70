"""Who came from where: arrivals matched with departures, and how sure each match is.

Everything is said in log weights: w_ad = ln of how much more likely arrival a is the person of
departure d than a newcomer, and d gone to a rather than still away. Zero is the weight of no match.
"""

from typing import Final

import numpy as np
from scipy.optimize import linear_sum_assignment

from edge_core.types import Float64Array

_ROUNDS: Final = 50
_LARGEST: Final = 60.0


def best_matching(log_weight: Float64Array) -> list[tuple[int, int]]:
    """The likeliest matching: pairs (a, d), each arrival and departure at most once.

    Args:
        log_weight: float64 (A, D); -inf where impossible. Pairs at or below zero stay unmatched.
    """
    if not log_weight.size:
        return []
    gain = np.maximum(log_weight, 0.0)
    rows, columns = linear_sum_assignment(gain, maximize=True)
    return [
        (row, column)
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True)
        if gain[row, column] > 0
    ]


def responsibilities(log_weight: Float64Array) -> Float64Array:
    """How likely each pair is, over all matchings, float64 (A, D).

    Belief propagation for data association (Williams and Lau, IEEE Trans. AES 50(4), 2014): exact
    where the ambiguities form a tree, close to it elsewhere. Rows and columns sum to at most one;
    what is missing is how likely an arrival is a newcomer, or a departure still away.
    """
    arrivals, departures = log_weight.shape
    if not log_weight.size:
        return np.zeros((arrivals, departures))
    weight = np.exp(np.minimum(log_weight, _LARGEST))
    message = np.ones((arrivals, departures))
    for _ in range(_ROUNDS):
        offered = weight * message
        told = weight / (1 + offered.sum(axis=1, keepdims=True) - offered)
        heard = 1 / (1 + told.sum(axis=0, keepdims=True) - told)
        if np.abs(heard - message).max() < 1e-6:
            message = heard
            break
        message = heard
    offered = weight * message
    return np.asarray(offered / (1 + offered.sum(axis=1, keepdims=True)))
