"""How good attribute probabilities are against labels, and how they are calibrated.

mA is the mean of the rates at which those with and those without the attribute are recognised (Li
et al. 2015, PETA and PA-100K). AP is the mean of the precisions at the true ones. ECE: Guo et al.
2017, fifteen bins of the probability of the answer given.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.optimize import minimize

from edge_core.types import BoolArray, Float32Array, Float64Array, Int64Array
from edge_core.vision.fusion import SURE

BINS: Final = 15
PENALTY: Final = 3.0
_RESAMPLES: Final = 1000
_P_LEAST: Final = 1e-4


@dataclass(frozen=True, slots=True)
class AttributeScores:
    """One attribute on one set; NaN where the set cannot tell.

    Attributes:
        crops: judged.
        positives: of them, with the attribute.
        accuracy: at probability .5.
        accuracy_interval: 95 %, from drawing runs of pictures anew (bootstrap).
        mean_accuracy: mA, at probability .5.
        mean_accuracy_interval: 95 %.
        f1: at probability .5.
        average_precision: over all thresholds.
        ece: expected calibration error.
        always: accuracy of always giving the commoner answer.
        sure: share of the answers whose probability reaches `vision.fusion.SURE`.
        sure_accuracy: of those.
    """

    crops: int
    positives: int
    accuracy: float
    accuracy_interval: tuple[float, float]
    mean_accuracy: float
    mean_accuracy_interval: tuple[float, float]
    f1: float
    average_precision: float
    ece: float
    always: float
    sure: float
    sure_accuracy: float


def score_attribute(p: Float32Array, truth: BoolArray, run: Int64Array) -> AttributeScores:
    """All figures of one attribute.

    Args:
        p: float32 (N,), probabilities.
        truth: bool (N,).
        run: int64 (N,), crops that hang together share it.
    """
    if not len(p):
        nan, none = np.nan, (np.nan, np.nan)
        return AttributeScores(0, 0, nan, none, nan, none, nan, nan, nan, nan, 0.0, nan)
    said = p >= 0.5
    sure = np.maximum(p, 1 - p) >= SURE
    hits = int((said & truth).sum())
    low_high = _intervals(said, truth, run)
    return AttributeScores(
        crops=len(p),
        positives=int(truth.sum()),
        accuracy=float((said == truth).mean()),
        accuracy_interval=low_high[0],
        mean_accuracy=_mean_accuracy(said, truth),
        mean_accuracy_interval=low_high[1],
        f1=2 * hits / max(1, int(said.sum() + truth.sum())),
        average_precision=average_precision(p, truth),
        ece=expected_calibration_error(p, truth),
        always=float(max(truth.mean(), 1 - truth.mean())),
        sure=float(sure.mean()),
        sure_accuracy=float((said == truth)[sure].mean()) if sure.any() else float("nan"),
    )


def _mean_accuracy(said: BoolArray, truth: BoolArray) -> float:
    if truth.all() or not truth.any():
        return float("nan")
    return float((said[truth].mean() + (~said[~truth]).mean()) / 2)


def _intervals(
    said: BoolArray, truth: BoolArray, run: Int64Array
) -> tuple[tuple[float, float], tuple[float, float]]:
    """95 % intervals of accuracy and of mA; runs are drawn, not crops, which hang together."""
    index = np.unique(run, return_inverse=True)[1]
    count = int(index.max()) + 1
    right = said == truth
    drawn = np.random.default_rng(0).integers(0, count, (_RESAMPLES, count))
    kinds = [
        (np.bincount(index, right & kind, count), np.bincount(index, kind, count))
        for kind in (truth, ~truth)
    ]
    (hits, true), (passes, false) = ((a[drawn].sum(1), b[drawn].sum(1)) for a, b in kinds)
    accuracy = (hits + passes) / (true + false)
    both = (true > 0) & (false > 0)
    mean = (hits[both] / true[both] + passes[both] / false[both]) / 2
    return _middle(accuracy), _middle(mean)


def _middle(values: Float64Array) -> tuple[float, float]:
    if not len(values):
        return float("nan"), float("nan")
    low, high = np.quantile(values, (0.025, 0.975))
    return float(low), float(high)


def average_precision(p: Float32Array, truth: BoolArray) -> float:
    """Mean of the precisions at the true ones; NaN without any."""
    ranked = truth[np.argsort(-p, kind="stable")]
    if not ranked.any():
        return float("nan")
    precision = np.cumsum(ranked) / np.arange(1, len(ranked) + 1)
    return float(precision[ranked].mean())


def expected_calibration_error(p: Float32Array, truth: BoolArray) -> float:
    """How far the probability of the answer given lies from how often it is right."""
    sure = np.maximum(p, 1 - p)
    right = (p >= 0.5) == truth
    # Answers of two values are never less sure than one half.
    place = np.minimum(((sure - 0.5) * 2 * BINS).astype(np.int64), BINS - 1)
    gaps = [abs(sure[place == b].sum() - right[place == b].sum()) for b in np.unique(place)]
    return float(np.sum(gaps) / len(p))


def fit_calibration(p: Float32Array, truth: BoolArray) -> tuple[float, float]:
    """Scale and shift of the logit that make probabilities likeliest (Platt 1999).

    A penalty pulls towards leaving things as they are, as some dozens of labels would else be
    overfitted (ours): 3 ((ln scale)^2 + shift^2 / 4).

    Args:
        p: float32 (N,), probabilities before.
        truth: bool (N,).

    Returns:
        Scale, above 0, and shift.
    """
    likely = np.clip(p.astype(np.float64), _P_LEAST, 1 - _P_LEAST)
    logit = np.log(likely / (1 - likely))
    sign = np.where(truth, 1.0, -1.0)

    def cost(parameters: Float64Array) -> float:
        log_scale, shift = parameters
        margin = sign * (np.exp(log_scale) * logit + shift)
        return float(np.logaddexp(0, -margin).sum() + PENALTY * (log_scale**2 + shift**2 / 4))

    best = minimize(cost, np.zeros(2), method="Nelder-Mead").x
    return float(np.exp(best[0])), float(best[1])
