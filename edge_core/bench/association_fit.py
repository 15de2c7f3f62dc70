"""Weights of evidence for association, from simulated trade that no figure is reported on.

`python -m edge_core.bench.association_fit` prints what `association.Weights` states: a conditional
logistic regression (McFadden 1974) of who did each item action, among everybody in reach and
nobody. It takes many minutes.
"""

import json
import sys
from collections.abc import Sequence
from typing import Final

import numpy as np
from scipy.optimize import minimize

from edge_core.bench.association import Day, pairs, simulate_days
from edge_core.bench.busy_shop import Sensors
from edge_core.interaction.association import EVIDENCE, Reach, deeds, evidence
from edge_core.types import Float64Array

SEEDS: Final = (64, 65, 66)
MINUTES: Final = 4.0
_PENALTY: Final = 0.5
"""Pulls towards counting nothing: the actions are a few hundred."""

Choice = tuple[Float64Array, int]
"""Evidence of the people in reach, float64 (P, 9), and the row of the doer; P for nobody."""


def choices(day: Day) -> list[Choice]:
    """Every item action with somebody in reach, and who did it."""
    told, reach, found = pairs(day), Reach(), []
    takers: dict[int, int] = {}
    ends = {bringing: taking for taking, bringing in deeds(day.actions)}
    returned = set(ends.values())
    for place, action in enumerate(day.actions):
        doer = day.truth[told[place]].person if place in told else None
        if action.kind == "take" and doer is not None:
            takers[place] = doer
        holder = takers.get(ends[place]) if place in ends else None
        rows: list[Float64Array] = []
        right: int | None = None
        for path in day.paths:
            off = action.kind == "take" and place not in returned
            row = evidence(action, path, holder, reach, carried_off=off)
            if row is not None:
                right = len(rows) if path.person == doer else right
                rows.append(row)
        if rows:
            found.append((np.array(rows), len(rows) if right is None else right))
    return found


def fit(some: Sequence[Choice]) -> dict[str, float]:
    """The weights that make what happened likeliest, by name, and nobody's."""

    def cost(weights: Float64Array) -> float:
        total = _PENALTY * float((weights[:-1] ** 2).sum())
        for rows, right in some:
            scores = np.append(rows @ weights[:-1], weights[-1])
            total += float(np.logaddexp.reduce(scores) - scores[right])
        return total

    best = minimize(cost, np.zeros(len(EVIDENCE) + 1), method="BFGS").x
    return dict(zip((*EVIDENCE, "nobody"), best.round(2).tolist(), strict=True))


if __name__ == "__main__":
    days = simulate_days(SEEDS, MINUTES, Sensors())
    json.dump(fit([choice for day in days for choice in choices(day)]), sys.stdout, indent=1)
