"""What another policy would have earned, told from what a logging policy did.

Inverse propensity scoring (IPS), its self-normalised form (SNIPS; Swaminathan and Joachims 2015)
and the doubly robust estimator (DR; Dudík et al. 2011, arXiv 1103.4601). Valid where every action
the new policy takes had a chance under the old one, and propensities were logged truly.
"""

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist
from typing import Final

import numpy as np

from edge_core.types import Float64Array, checked

CONFIDENCE: Final = 0.95


@dataclass(frozen=True, slots=True)
class LoggedDecisions:
    """Decisions of the logging policy, and what the other one thinks of them.

    Attributes:
        reward: float64 (N,), what each earned.
        propensity: float64 (N,), above 0, how likely the logging policy was to do what it did.
        target: float64 (N,), how likely the other policy would have been to do the same.
    """

    reward: Float64Array
    propensity: Float64Array
    target: Float64Array

    def __post_init__(self) -> None:
        count = len(self.reward)
        for name in ("reward", "propensity", "target"):
            checked(getattr(self, name), name, (count,), np.float64)
        if count < 2:
            raise ValueError("an estimate needs at least two decisions")
        if not (np.all(self.propensity > 0) and np.all(self.propensity <= 1)):
            raise ValueError("propensities lie above 0 and at most at 1")
        if not (np.all(self.target >= 0) and np.all(self.target <= 1)):
            raise ValueError("the other policy's probabilities lie in 0..1")


@dataclass(frozen=True, slots=True)
class Estimate:
    """An estimated mean reward.

    Attributes:
        value: the estimate.
        low, high: normal interval of `CONFIDENCE`.
        effective_n: Kish's effective sample size, (sum w)² / sum w².
        capped: share of the decisions whose weight was capped; each biases the estimate towards
            what is left of it, IPS and DR downwards where rewards are positive.
        n: decisions.
    """

    value: float
    low: float
    high: float
    effective_n: float
    capped: float
    n: int


def ips(log: LoggedDecisions, cap: float = np.inf) -> Estimate:
    """Mean of w r with w = target / propensity, at most `cap`."""
    weight, capped = _weights(log, cap)
    return _estimate(weight * log.reward, weight, capped)


def snips(log: LoggedDecisions, cap: float = np.inf) -> Estimate:
    """Sum of w r over sum of w: a little biased, far less noisy; interval by the delta method."""
    weight, capped = _weights(log, cap)
    total = float(weight.sum())
    if total == 0:
        raise ValueError("the other policy does nothing that was ever done; log more exploration")
    value = float((weight * log.reward).sum()) / total
    residual = weight * (log.reward - value) / (total / len(weight))
    return _shifted(value, residual, weight, capped)


def doubly_robust(
    log: LoggedDecisions,
    predicted: Float64Array,
    predicted_target: Float64Array,
    cap: float = np.inf,
) -> Estimate:
    """Mean of v + w (r - q): right when either the propensities or the predictions are.

    Args:
        log: the decisions.
        predicted: float64 (N,), predicted reward q of what was done.
        predicted_target: float64 (N,), predicted reward v of the other policy there.
        cap: largest weight.

    The predictions must not have been fitted to these very decisions.
    """
    checked(predicted, "predicted", (len(log.reward),), np.float64)
    checked(predicted_target, "predicted_target", (len(log.reward),), np.float64)
    weight, capped = _weights(log, cap)
    return _estimate(predicted_target + weight * (log.reward - predicted), weight, capped)


def _weights(log: LoggedDecisions, cap: float) -> tuple[Float64Array, float]:
    if cap <= 0:
        raise ValueError(f"a cap on weights lies above 0, not at {cap}")
    weight = log.target / log.propensity
    return np.minimum(weight, cap), float((weight > cap).mean())


def _estimate(each: Float64Array, weight: Float64Array, capped: float) -> Estimate:
    value = float(each.mean())
    return _shifted(value, each - value, weight, capped)


def _shifted(value: float, residual: Float64Array, weight: Float64Array, capped: float) -> Estimate:
    count = len(weight)
    half = NormalDist().inv_cdf((1 + CONFIDENCE) / 2) * float(residual.std(ddof=1)) / sqrt(count)
    squares = float((weight**2).sum())
    effective = float(weight.sum()) ** 2 / squares if squares else 0.0
    return Estimate(value, value - half, value + half, effective, capped, count)
