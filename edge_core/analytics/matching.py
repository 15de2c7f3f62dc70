"""Which counted crossings are which true ones, and how good the count is.

Accuracy of totals nets errors that cancel; event F1 does not. Both are always told together.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from edge_core.types import Float64Array


def match_events(
    found_s: Sequence[float], true_s: Sequence[float], tolerance_s: float
) -> list[tuple[int, int]]:
    """Pairs (found, true) of events of one kind, each used once: as many as there can be.

    Among all largest matchings it is one with the least sum of time differences. Events that can
    reach each other through chains of neighbours are assigned together, so long lists are cheap.

    Args:
        found_s: times, any order.
        true_s: times, any order.
        tolerance_s: pairs are at most so far apart.
    """
    labelled = [(at, 0, place) for place, at in enumerate(found_s)]
    labelled += [(at, 1, place) for place, at in enumerate(true_s)]
    labelled.sort()
    pairs: list[tuple[int, int]] = []
    cluster: list[tuple[float, int, int]] = []
    for one in labelled:
        if cluster and one[0] - cluster[-1][0] > tolerance_s:
            pairs += _matched(cluster, tolerance_s)
            cluster = []
        cluster.append(one)
    return pairs + _matched(cluster, tolerance_s)


def _matched(
    cluster: Sequence[tuple[float, int, int]], tolerance_s: float
) -> list[tuple[int, int]]:
    found = [(at, place) for at, kind, place in cluster if kind == 0]
    true = [(at, place) for at, kind, place in cluster if kind == 1]
    if not found or not true:
        return []
    apart = np.abs(np.array([at for at, _ in found])[:, None] - np.array([at for at, _ in true]))
    # A pair too far apart costs more than all good ones together can save.
    cost = np.where(apart <= tolerance_s, apart, tolerance_s * (len(found) + len(true) + 1))
    rows, columns = linear_sum_assignment(cost)
    return [
        (found[row][1], true[column][1])
        for row, column in zip(rows.tolist(), columns.tolist(), strict=True)
        if apart[row, column] <= tolerance_s
    ]


@dataclass(frozen=True, slots=True)
class Events:
    """How many events were found rightly.

    Attributes:
        hits: found and true.
        found: told by what is judged.
        true: that happened.
    """

    hits: int
    found: int
    true: int

    @property
    def f1(self) -> float | None:
        """Harmonic mean of precision and recall; None where nothing was told or happened."""
        return 2 * self.hits / (self.found + self.true) if self.found + self.true else None

    @property
    def netted(self) -> float | None:
        """1 - |found - true| / true, at least 0; None where nothing happened."""
        return max(0.0, 1 - abs(self.found - self.true) / self.true) if self.true else None

    def __add__(self, other: "Events") -> "Events":
        return Events(self.hits + other.hits, self.found + other.found, self.true + other.true)


def mape(found: Float64Array, true: Float64Array, least: float = 1.0) -> float | None:
    """Mean absolute percentage error, as a share, over spans with at least `least` true events.

    Args:
        found: float64 (N,), counts by span.
        true: float64 (N,), the truth.
        least: spans with fewer say nothing: one miss of one is 100 %.
    """
    busy = true >= least
    if not busy.any():
        return None
    return float(np.mean(np.abs(found[busy] - true[busy]) / true[busy]))
