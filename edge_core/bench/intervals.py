"""Means with intervals from drawing people anew: what one person did hangs together."""

from typing import Final

import numpy as np

from edge_core.bench import Figure
from edge_core.types import Float64Array, Int64Array

_RESAMPLES: Final = 2000


def with_interval(
    label: str, person: Int64Array, value: Float64Array, unit: str = ""
) -> list[Figure]:
    """The mean of values (N,), and its 95 % bootstrap interval over people (N,)."""
    means = _drawn_means(person, value, np.random.default_rng(0))
    return _figures(label, float(value.mean()), means, unit, len(value))


def difference_with_interval(
    label: str,
    some: tuple[Int64Array, Float64Array],
    others: tuple[Int64Array, Float64Array],
    unit: str = "",
) -> list[Figure]:
    """The same of the difference of two means over different people, each (person, value)."""
    rng = np.random.default_rng(0)
    means = _drawn_means(*some, rng) - _drawn_means(*others, rng)
    value = float(some[1].mean() - others[1].mean())
    return _figures(label, value, means, unit, min(len(some[1]), len(others[1])))


def _drawn_means(person: Int64Array, value: Float64Array, rng: np.random.Generator) -> Float64Array:
    """Means over people drawn anew, float64 (_RESAMPLES,)."""
    _, row = np.unique(person, return_inverse=True)
    total, count = np.bincount(row, weights=value), np.bincount(row)
    drawn = rng.integers(0, len(total), (_RESAMPLES, len(total)))
    return np.asarray(total[drawn].sum(axis=1) / count[drawn].sum(axis=1))


def _figures(label: str, value: float, means: Float64Array, unit: str, n: int) -> list[Figure]:
    low, high = np.quantile(means, (0.025, 0.975))
    return [
        Figure(label, value, unit, None, None, n),
        Figure(f"{label}, 95 % from", float(low), unit, None, None, n),
        Figure(f"{label}, 95 % to", float(high), unit, None, None, n),
    ]
