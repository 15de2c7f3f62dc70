"""What an hour usually brings, and how far from that is still usual."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.special import gammaincinv

from edge_core.types import Float64Array

LEAST_WEEKS: Final = 3
"""Fewer past weeks say nothing about what is usual."""
LEAST_SHARE: Final = 0.8
"""An hour watched for less of it is no example."""
LEVEL: Final = 0.9


@dataclass(frozen=True, slots=True)
class Band:
    """What is usual, hour by hour.

    Attributes:
        expected: float64 (H,); NaN where there are too few examples.
        low, high: float64 (H,), of the 90 % prediction interval.
    """

    expected: Float64Array
    low: Float64Array
    high: Float64Array


def usual_band(past: Float64Array, share: Float64Array, level: float = LEVEL) -> Band:
    """Quasi-Poisson prediction from the same hours of past weeks (ours).

    The mean of a cell is that of its examples; one dispersion, Pearson's, is shared by all cells
    and never below Poisson's 1. The interval is a gamma's of the same mean and variance
    phi mu (1 + 1/n): counts are skewed and not negative.

    Args:
        past: float64 (W, H), counts of the same hours in W past weeks.
        share: float64 (W, H), 0..1, how much of each was watched; counts are scaled up by it.
        level: share of hours that should lie within.
    """
    usable = share >= LEAST_SHARE
    rates = np.where(usable, past / np.where(usable, share, 1), 0.0)
    examples = usable.sum(axis=0)
    mean = rates.sum(axis=0) / np.maximum(examples, 1)
    enough = examples >= LEAST_WEEKS
    squares = np.where(usable & enough, (rates - mean) ** 2 / np.maximum(mean, 1e-9), 0.0)
    freedom = float((examples[enough] - 1).sum())
    dispersion = max(1.0, squares.sum() / freedom) if freedom > 0 else 1.0
    # An hour in which never anybody came may still bring a few.
    held = np.maximum(mean, 0.5 / np.maximum(examples, 1))
    variance = dispersion * held * (1 + 1 / np.maximum(examples, 1))
    shape, scale = held**2 / variance, variance / held
    tail = (1 - level) / 2
    low, high = (gammaincinv(shape, at) * scale for at in (tail, 1 - tail))
    told = (
        np.where(enough, mean, np.nan),
        np.where(enough, np.maximum(0, np.floor(low)), np.nan),
        np.where(enough, np.ceil(high), np.nan),
    )
    return Band(*told)
