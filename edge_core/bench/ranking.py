"""How good ranked lists are, and how sure that is."""

from collections.abc import Callable, Collection, Hashable, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import log2
from typing import Final, TypeVar

import numpy as np

from edge_core.types import Float64Array

TOP: Final = 10
_RESAMPLES: Final = 2000
Name = TypeVar("Name", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Interval:
    """A value and the bounds of its 95 % interval."""

    value: float
    low: float
    high: float


def ndcg(ranked: Sequence[Name], relevant: Collection[Name], top: int = TOP) -> float:
    """Normalised discounted cumulative gain of the first `top`, with gains of 0 and 1."""
    gain = sum(1 / log2(at + 2) for at, name in enumerate(ranked[:top]) if name in relevant)
    ideal = sum(1 / log2(at + 2) for at in range(min(top, len(relevant))))
    return gain / ideal if ideal else 0.0


def list_diversity(ranked: Sequence[Name], likeness: Callable[[Name, Name], float]) -> float:
    """Mean of 1 - likeness over the pairs of a list."""
    pairs = [1 - likeness(one, other) for one, other in combinations(ranked, 2)]
    return sum(pairs) / len(pairs) if pairs else 0.0


def mean_interval(values: Sequence[float], seed: int = 0) -> Interval:
    """Mean of independent values with a bootstrap interval."""
    array = np.asarray(values, np.float64)
    means = _resampled(len(array), seed, lambda rows: array[rows].mean(axis=1))
    return _interval(float(array.mean()), means)


def ratio_interval(ours: Sequence[float], theirs: Sequence[float], seed: int = 0) -> Interval:
    """Ratio of two means over the same cases with a paired bootstrap interval."""
    one, other = np.asarray(ours, np.float64), np.asarray(theirs, np.float64)
    ratios = _resampled(
        len(one), seed, lambda rows: one[rows].mean(axis=1) / other[rows].mean(axis=1)
    )
    return _interval(float(one.mean() / other.mean()), ratios)


def difference_interval(ours: Sequence[float], theirs: Sequence[float], seed: int = 0) -> Interval:
    """Difference of the means of two independent samples with a bootstrap interval."""
    one, other = np.asarray(ours, np.float64), np.asarray(theirs, np.float64)
    first = _resampled(len(one), seed, lambda rows: one[rows].mean(axis=1))
    second = _resampled(len(other), seed + 1, lambda rows: other[rows].mean(axis=1))
    return _interval(float(one.mean() - other.mean()), first - second)


def _resampled(
    count: int, seed: int, statistic: Callable[[np.ndarray], Float64Array]
) -> Float64Array:
    rng = np.random.default_rng(seed)
    parts = [statistic(rng.integers(0, count, (100, count))) for _ in range(_RESAMPLES // 100)]
    return np.concatenate(parts)


def _interval(value: float, resampled: Float64Array) -> Interval:
    low, high = np.percentile(resampled, [2.5, 97.5]).tolist()
    return Interval(value, low, high)
