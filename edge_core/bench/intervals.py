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
    _, row = np.unique(person, return_inverse=True)
    total, count = np.bincount(row, weights=value), np.bincount(row)
    drawn = np.random.default_rng(0).integers(0, len(total), (_RESAMPLES, len(total)))
    means = total[drawn].sum(axis=1) / count[drawn].sum(axis=1)
    low, high = np.quantile(means, (0.025, 0.975))
    return [
        Figure(label, float(value.mean()), unit, None, None, len(value)),
        Figure(f"{label}, 95 % from", float(low), unit, None, None, len(value)),
        Figure(f"{label}, 95 % to", float(high), unit, None, None, len(value)),
    ]
