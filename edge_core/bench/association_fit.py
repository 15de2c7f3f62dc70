"""Weights of evidence for association, from simulated trade that no figure is reported on.

`python -m edge_core.bench.association_fit` prints what `association.Weights` states: a conditional
logistic regression (McFadden 1974) of who did each item action, among everybody in reach and
nobody, with errors of items and cameras drawn (`drawn_actions`). It takes some minutes.
"""

import json
import sys
from collections.abc import Sequence
from typing import Final

import numpy as np
from scipy.optimize import minimize

from edge_core.bench.association import BUSY_ARRIVALS, SHOP
from edge_core.bench.association_scores import Day, pairs
from edge_core.bench.busy_shop import Sensors, trade, with_arrivals
from edge_core.bench.drawn_actions import drawn_day
from edge_core.interaction.association import EVIDENCE, Reach, deeds, evidence
from edge_core.simulator import load_scene
from edge_core.types import Float64Array

CROWDED: Final = (301, 302, 303)
BUSY: Final = (311, 312, 313)
MINUTES: Final = 3.0
DRAWS: Final = 4
"""Of errors for each stretch."""
_PENALTY: Final = 0.5
"""Pulls towards counting nothing: the actions are a few hundred."""

Choice = tuple[Float64Array, int]
"""Evidence of the people in reach, float64 (P, 7), and the row of the doer; P for nobody."""


def choices(day: Day) -> list[Choice]:
    """Every item action with somebody in reach, and who did it."""
    told, reach, found = pairs(day), Reach(), []
    takers: dict[int, int] = {}
    ends = {bringing: taking for taking, bringing in deeds(day.actions)}
    for place, action in enumerate(day.actions):
        doer = day.truth[told[place]].person if place in told else None
        if action.kind == "take" and doer is not None:
            takers[place] = doer
        holder = takers.get(ends[place]) if place in ends else None
        rows: list[Float64Array] = []
        right: int | None = None
        for path in day.paths:
            row = evidence(action, path, holder, reach)
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


def days() -> list[Day]:
    """Stretches of trade with drawn errors; see `BUSY` and `CROWDED`."""
    shop, sensors, found = load_scene(SHOP), Sensors(), []
    for seed in (*CROWDED, *BUSY):
        told = trade(with_arrivals(shop, BUSY_ARRIVALS if seed in BUSY else 1.0), seed, MINUTES)
        found += [drawn_day(told, sensors, 10 * seed + draw) for draw in range(DRAWS)]
    return found


if __name__ == "__main__":
    json.dump(fit([choice for day in days() for choice in choices(day)]), sys.stdout, indent=1)
