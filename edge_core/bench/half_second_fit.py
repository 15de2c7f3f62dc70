"""Weights of half seconds for item states, from simulated trade that no figure is reported on.

`python -m edge_core.bench.half_second_fit` prints what `item_evidence._HALF_WEIGHTS` states: a
ridge logistic regression of "in a hand" on what half seconds of reads show against the resting
place, and how well it tells the two apart on readers left out. It takes many minutes of one core.
"""

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from scipy.optimize import minimize

from edge_core.bench.busy_shop import TAIL_S, Trade, trade
from edge_core.bench.rail_readers import LEAD_S, Reader, carries, inventory_of, rail_readers
from edge_core.interaction import FOR_ITEMS, ItemStates, TagMotion
from edge_core.interaction.item_evidence import against_rest, half_evidence, is_sharp, shown
from edge_core.interaction.scores import HALVES, WindowScores
from edge_core.interaction.state_model import STEP_S
from edge_core.simulator import load_scene
from edge_core.training.tags.logistic import area_under_curve
from edge_core.types import BoolArray, Float64Array
from edge_core.vision.models import MODELS_FOLDER

SHOP: Final = MODELS_FOLDER.parent / "malls" / "shop"
SEEDS: Final = (71, 72)
MINUTES: Final = 2.0
READERS: Final = range(0, 13, 2)
"""Seven of the shop's thirteen."""
_RIDGE: Final = 3.0
_EDGE_S: Final = 0.25
"""Half seconds so near to the beginning or end of handling are neither."""


@dataclass(frozen=True, slots=True)
class Halves:
    """Half seconds of one reader's garments.

    Attributes:
        evidence: float64 (N, 10), see `half_evidence`.
        handled: bool (N,), in a hand.
    """

    evidence: Float64Array
    handled: BoolArray


def halves_of(told: Trade, reader: Reader, seed: int) -> Halves:
    """What one reader's half seconds show, garments that hang elsewhere left out.

    Args:
        told: what people do.
        reader: whose garments.
        seed: of what surrounds its antennas.
    """
    inventory = inventory_of(told, reader, seed)
    motion, states = TagMotion(policy=FOR_ITEMS), ItemStates()
    spans = {epc: [(w[0][0], w[0][-1]) for w in carries(told, epc)] for epc in reader.epcs}
    until = {epc: _at_home_until(told, epc) for epc in reader.epcs}
    evidence, handled = [np.zeros((0, 10))], [np.zeros(0, np.bool_)]
    for now_s in np.arange(1.0, LEAD_S + told.minutes * 60 + TAIL_S, 1.0):
        scores = motion.push(inventory.advance(float(now_s)))
        for end_s in np.unique(scores.t1_s):
            part = scores.take(np.flatnonzero(scores.t1_s == end_s))
            rows = _rows(part, states)
            centre_s = end_s - LEAD_S + (np.arange(HALVES) + 0.5 - HALVES) * STEP_S
            for row in np.flatnonzero(is_sharp(part.off)):
                epc = part.epcs[part.tag[row]]
                for half, at_s in enumerate(centre_s.tolist()):
                    busy = _within(at_s, spans[epc])
                    if busy is not None and at_s < until[epc]:
                        evidence.append(rows[row, half][None])
                        handled.append(np.array([busy]))
            states.push(part)
    return Halves(np.concatenate(evidence), np.concatenate(handled))


def _rows(part: WindowScores, states: ItemStates) -> Float64Array:
    """Evidence of one moment's half seconds, float64 (N, 2, 10)."""
    levels = states.rest_levels([part.epcs[tag] for tag in part.tag])
    apart = against_rest(shown(part), levels, part.excess.astype(np.float64))
    return half_evidence(part.off, levels, apart)


def _within(at_s: float, spans: Sequence[tuple[float, float]]) -> bool | None:
    """Whether a moment is in one of these spans; None where that is not clear."""
    for first_s, last_s in spans:
        if first_s - _EDGE_S <= at_s <= last_s + _EDGE_S:
            return True if first_s + _EDGE_S <= at_s <= last_s - _EDGE_S else None
    return False


def _at_home_until(told: Trade, epc: str) -> float:
    """When a garment is first hung up where it does not belong."""
    ends = [it.end_s for it in told.log if it.epc == epc and it.kind == "misplace"]
    return min(ends, default=np.inf)


def fit(halves: Halves) -> Float64Array:
    """Weights of the evidence, float64 (10,), the last of them the constant."""
    x, y = halves.evidence, halves.handled.astype(np.float64)

    def cost(weights: Float64Array) -> tuple[float, Float64Array]:
        odds = x @ weights
        pull = np.append(weights[:-1], 0.0)
        loss = np.logaddexp(0.0, odds).sum() - odds @ y + _RIDGE / 2 * float(pull @ pull)
        return float(loss), x.T @ (1 / (1 + np.exp(-odds)) - y) + _RIDGE * pull

    return np.asarray(minimize(cost, np.zeros(x.shape[1]), jac=True, method="L-BFGS-B").x)


def together(parts: Sequence[Halves]) -> Halves:
    """Several readers' as one."""
    return Halves(
        np.concatenate([part.evidence for part in parts]),
        np.concatenate([part.handled for part in parts]),
    )


def report(parts: Sequence[Halves]) -> dict[str, Any]:
    """The weights, and the area under the curve on readers left out one after another."""
    every, scores = together(parts), []
    for left_out in range(len(parts)):
        rest = together([part for n, part in enumerate(parts) if n != left_out])
        scores.append(parts[left_out].evidence @ fit(rest))
    return {
        "simulated": True,
        "weights": fit(every).round(2).tolist(),
        "half seconds": len(every.handled),
        "handled": int(every.handled.sum()),
        "area under the curve, readers left out": area_under_curve(
            every.handled, np.concatenate(scores)
        ),
    }


def measure(seeds: Sequence[int], minutes: float, numbers: Sequence[int]) -> list[Halves]:
    """Half seconds of these readers in stretches of simulated trade."""
    scene = load_scene(SHOP)
    floor = next(f for f in scene.site.floors if f.id == scene.config.floor)
    found = []
    for seed in seeds:
        told = trade(scene, seed, minutes)
        _, readers = rail_readers(floor, list(told.garments.values()))
        found += [halves_of(told, readers[n], seed * 100 + n) for n in numbers]
    return found


if __name__ == "__main__":
    json.dump(report(measure(SEEDS, MINUTES, READERS)), sys.stdout, indent=1)
