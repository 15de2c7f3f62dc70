"""What the runs of an ablation say together: means, spreads, gains seed by seed, convergence."""

import statistics
from collections.abc import Mapping, Sequence
from typing import Any, Final

from edge_core.training.detector.distil import Arm

CONVERGED: Final = 0.95
"""Share of its final AP50 at which a run counts as converged."""


def summary(
    runs: Sequence[Mapping[str, Any]], teacher: Mapping[str, Mapping[str, float]]
) -> dict[str, Any]:
    """What the runs say together.

    Args:
        runs: of every arm and seed; each tells `arm`, `seed`, `curve` (points with `passes` and
            `ap50`), `scores` (`ap50` and `ap` by set) and `seconds`.
        teacher: its scores on the same sets at the same size.

    Returns:
        JSON values: `seeds`, `teacher`, and under `arms` per arm: mean and
        sample standard deviation over the seeds of `ap50` and `ap` by set; `gain`, AP50 less that
        of the labels alone with the same seed; `gap_closed`, the gain as a share of what the
        teacher is better than the labels alone; `passes_to_95`, until 95 % of the run's own final
        AP50; `passes_to_labels`, until the final AP50 of the labels alone, where it is reached.
    """
    by_seed = {(run["arm"], run["seed"]): run for run in runs}
    seeds = sorted({run["seed"] for run in runs})
    arms = list(dict.fromkeys(run["arm"] for run in runs))
    return {
        "seeds": seeds,
        "teacher": teacher,
        "arms": {
            arm: _arm_summary(
                [by_seed[arm, seed] for seed in seeds],
                [by_seed.get((Arm.NONE, seed)) for seed in seeds],
                teacher,
            )
            for arm in arms
        },
    }


def _arm_summary(
    runs: list[Mapping[str, Any]],
    plain: list[Mapping[str, Any] | None],
    teacher: Mapping[str, Mapping[str, float]],
) -> dict[str, Any]:
    told: dict[str, Any] = {
        "sets": {
            name: {
                figure: _spread([run["scores"][name][figure] for run in runs])
                for figure in ("ap50", "ap")
            }
            for name in teacher
        },
        "passes_to_95": _spread(
            [passes_to(run, CONVERGED * run["curve"][-1]["ap50"]) for run in runs]
        ),
        "seconds": _spread([run["seconds"] for run in runs]),
    }
    pairs = [(run, one) for run, one in zip(runs, plain, strict=True) if one is not None]
    for name, scores in teacher.items() if pairs else ():
        gains = [run["scores"][name]["ap50"] - one["scores"][name]["ap50"] for run, one in pairs]
        without = statistics.mean(one["scores"][name]["ap50"] for _, one in pairs)
        gap = scores["ap50"] - without
        share = statistics.mean(gains) / gap if gap > 0 else None
        told["sets"][name] |= {"gain": _spread(gains), "gap_closed": share}
    told["passes_to_labels"] = [passes_to(run, one["curve"][-1]["ap50"]) for run, one in pairs]
    return told


def _spread(values: Sequence[float | None]) -> dict[str, Any]:
    known = [value for value in values if value is not None]
    return {
        "mean": statistics.mean(known) if known else None,
        "sd": statistics.stdev(known) if len(known) > 1 else None,
        "each": list(values),
    }


def passes_to(run: Mapping[str, Any], ap50: float) -> float | None:
    """Passes until the curve first reaches this AP50, straight between points; None if never."""
    before = (0.0, 0.0)
    for point in run["curve"]:
        at, value = point["passes"], point["ap50"]
        if value >= ap50:
            rise = value - before[1]
            share = (ap50 - before[1]) / rise if rise > 0 else 1.0
            return float(before[0] + share * (at - before[0]))
        before = (at, value)
    return None
