"""How good the probability of handling goods is, and where to draw the line.

The line is the lowest threshold, that is the highest recall, whose precision has a lower bound
(Wilson 1927, 95 %) of at least the floor, on the precision-recall curve of the validation crops.
All precisions are at the share of handling that the simulated shop has by itself; `at_prevalence`
tells what the same rates would give at another share.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from edge_core.training.body.scores import average_precision, expected_calibration_error
from edge_core.types import BoolArray, Float32Array, Float64Array, Int64Array

FLOOR_ALONE: Final = 0.8
"""Precision at least wanted where nothing else confirms an action."""
FLOOR_WITH_TAGS: Final = 0.5
"""Where a tag that moves does."""
_Z95: Final = 1.959964
_RESAMPLES: Final = 1000
_PREVALENCES: Final = (0.004, 0.02, 0.05)


@dataclass(frozen=True, slots=True)
class OperatingPoint:
    """A threshold and what it does on the crops it was chosen on."""

    threshold: float
    precision: float
    recall: float


def wilson_lower(hits: Float64Array, said: Float64Array) -> Float64Array:
    """Lower bound of the 95 % interval of hits / said (Wilson 1927)."""
    share = hits / np.maximum(said, 1)
    spread = _Z95 * np.sqrt(share * (1 - share) / np.maximum(said, 1) + _Z95**2 / (4 * said**2))
    return np.asarray((share + _Z95**2 / (2 * said) - spread) / (1 + _Z95**2 / said))


def operating_point(p: Float32Array, truth: BoolArray, floor: float) -> OperatingPoint | None:
    """The threshold of highest recall whose precision surely reaches the floor; None if none.

    Args:
        p: float32 (N,), probabilities.
        truth: bool (N,).
        floor: of the lower bound of precision.
    """
    order = np.argsort(-p, kind="stable")
    said = np.arange(1, len(p) + 1, dtype=np.float64)
    hits = np.cumsum(truth[order]).astype(np.float64)
    # Equal probabilities stand or fall together.
    last = np.append(np.diff(p[order]) < 0, True)
    good = np.flatnonzero(last & (wilson_lower(hits, said) >= floor))
    if not len(good):
        return None
    end = int(good[-1])
    recall = hits[end] / max(1, truth.sum())
    return OperatingPoint(float(p[order][end]), float(hits[end] / said[end]), float(recall))


def score_action(
    p: Float32Array, truth: BoolArray, person: Int64Array, thresholds: dict[str, float]
) -> dict[str, Any]:
    """All figures of one set, JSON values; intervals (95 %) are over shoppers drawn anew.

    Args:
        p: float32 (N,), probabilities.
        truth: bool (N,).
        person: int64 (N,).
        thresholds: by name.
    """
    return {
        "crops": len(p),
        "people": len(np.unique(person)),
        "prevalence": float(truth.mean()),
        "average_precision": average_precision(p, truth),
        "calibration_error": expected_calibration_error(p, truth),
        "at": {
            name: {"threshold": value, **_at(p >= value, truth, person)}
            for name, value in thresholds.items()
        },
    }


def _at(said: BoolArray, truth: BoolArray, person: Int64Array) -> dict[str, Any]:
    index = np.unique(person, return_inverse=True)[1]
    count = int(index.max()) + 1
    drawn = np.random.default_rng(0).integers(0, count, (_RESAMPLES, count))
    hits, told, true = (
        np.bincount(index, some, count)[drawn].sum(1) for some in (said & truth, said, truth)
    )
    recall = float((said & truth).sum() / max(1, truth.sum()))
    false = float((said & ~truth).sum() / max(1, (~truth).sum()))
    return {
        "precision": float((said & truth).sum() / max(1, said.sum())),
        "precision_interval": _middle(hits / np.maximum(told, 1)),
        "recall": recall,
        "recall_interval": _middle(hits / np.maximum(true, 1)),
        "false_alarm_rate": false,
        "f2": _f_beta(said, truth, 2.0),
        "precision_at_prevalence": {
            str(share): at_prevalence(recall, false, share) for share in _PREVALENCES
        },
    }


def at_prevalence(recall: float, false_alarms: float, share: float) -> float:
    """Precision where so large a share handles goods, at the same rates."""
    said = share * recall + (1 - share) * false_alarms
    return share * recall / said if said else float("nan")


def _f_beta(said: BoolArray, truth: BoolArray, beta: float) -> float:
    hits, b2 = float((said & truth).sum()), beta**2
    return (1 + b2) * hits / max(1.0, b2 * float(truth.sum()) + float(said.sum()))


def _middle(values: Float64Array) -> tuple[float, float]:
    low, high = np.quantile(values, (0.025, 0.975))
    return float(low), float(high)
