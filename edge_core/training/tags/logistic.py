"""Logistic regression with a ridge, by Newton's method."""

import numpy as np
from scipy.special import expit

from edge_core.interaction.motion_features import FEATURES
from edge_core.interaction.motion_model import Logistic
from edge_core.types import BoolArray, Float64Array

_STEPS = 50
_ENOUGH = 1e-7


def fit_logistic(
    names: tuple[str, ...],
    features: Float64Array,
    label: BoolArray,
    weight: Float64Array,
    ridge: float = 3.0,
) -> Logistic:
    """The classifier that fits best.

    Args:
        names: which of FEATURES it may use.
        features: float64 (N, len(FEATURES)); unknown ones count as average.
        label: bool (N,).
        weight: float64 (N,), of each row.
        ridge: strength of the pull of standardised weights to zero; none on the bias.
    """
    columns = [FEATURES.index(name) for name in names]
    chosen = features[:, columns]
    model = Logistic(
        names,
        np.nanmean(chosen, axis=0),
        np.nanstd(chosen, axis=0) + 1e-6,
        np.zeros(len(names)),
        0.0,
    )
    x = np.column_stack([np.ones(len(features)), model.standardised(features)])
    penalty = np.diag([1e-6] + [ridge] * len(names))
    theta = np.zeros(x.shape[1])
    for _ in range(_STEPS):
        p = expit(x @ theta)
        gradient = x.T @ (weight * (p - label)) + penalty @ theta
        curvature = (x * (weight * p * (1 - p))[:, None]).T @ x + penalty
        step = np.linalg.solve(curvature, gradient)
        theta -= step
        if np.abs(step).max() < _ENOUGH:
            break
    return Logistic(names, model.mean, model.scale, theta[1:], float(theta[0]))


def balanced_weights(label: BoolArray, total: float) -> Float64Array:
    """Weights, float64 (N,), under which both labels weigh the same and all sum to `total`."""
    positive = float(np.mean(label))
    share = np.where(label, 0.5 / max(positive, 1e-9), 0.5 / max(1 - positive, 1e-9))
    return np.asarray(share * (total / max(len(label), 1)), np.float64)


def area_under_curve(label: BoolArray, score: Float64Array) -> float:
    """Area under the receiver operating characteristic; ties count half."""
    values, place, count = np.unique(score, return_inverse=True, return_counts=True)
    rank = (np.cumsum(count) - (count - 1) / 2)[place] if len(values) else score
    positive = int(np.sum(label))
    negative = len(label) - positive
    if not positive or not negative:
        return float("nan")
    return float((rank[label].sum() - positive * (positive + 1) / 2) / (positive * negative))


def balanced_accuracy(label: BoolArray, score: Float64Array) -> float:
    """Mean of the shares of both labels that a threshold of one half gets right."""
    said = score >= 0.5
    return float((np.mean(said[label]) + np.mean(~said[~label])) / 2)


def calibration_error(label: BoolArray, score: Float64Array, bins: int = 15) -> float:
    """Expected calibration error over equal bins of the score."""
    place = np.minimum((score * bins).astype(int), bins - 1)
    gap = np.bincount(place, weights=score - label, minlength=bins)
    return float(np.abs(gap).sum() / max(len(label), 1))
