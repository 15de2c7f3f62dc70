"""A contextual bandit (LinUCB) that chooses a coupon or none, and tells how likely it was to.

Of all decisions a fixed share is held out (no coupon, whatever the model says) and a fixed share is
uniform over the coupons, so that what a coupon is worth can be told from the log. LinUCB's own
choice is deterministic, which makes every propensity exact.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import cos, pi, sin
from random import Random
from types import MappingProxyType
from typing import Final

import numpy as np

from edge_core.suggest.coupons import Coupon
from edge_core.suggest.profiles import Behaviour
from edge_core.types import Float64Array

NO_COUPON: Final = ""
"""The arm that offers nothing; by definition its uplift is 0."""
EXPLORATION: Final = 0.1
HOLDOUT: Final = 0.1
FEATURES: Final = (
    "one", "interested", "visited", "morning", "midday", "weekend", "crowd", "discount",
    "interested x discount",
)  # fmt: skip
"""What a decision may depend on beside the coupon itself: no attribute of a person is among it."""
_PRIOR: Final = 1.0
_ALPHA: Final = 0.6


class DecisionKind(StrEnum):
    """Why an arm was taken."""

    HOLDOUT = "holdout"
    EXPLORE = "explore"
    BEST = "best"


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision, as it is logged.

    Attributes:
        arm: the coupon's id, or `NO_COUPON`.
        kind: why.
        propensity: 0..1, how likely this arm was.
        propensities: of every arm that could be taken; sums to 1.
    """

    arm: str
    kind: DecisionKind
    propensity: float
    propensities: Mapping[str, float]


def interested(behaviour: Behaviour, coupon: Coupon) -> bool:
    """Whether somebody chose one of the coupon's categories or was in its store."""
    return bool(set(behaviour.interests) & set(coupon.categories)) or (
        coupon.store in behaviour.stores
    )


def features(behaviour: Behaviour, coupon: Coupon) -> Float64Array:
    """What the model sees of a moment and a coupon: float64 (len(FEATURES),)."""
    angle = 2 * pi * behaviour.hour / 24
    cares = float(interested(behaviour, coupon))
    discount = float(coupon.discount / coupon.basket) if coupon.basket else 0.0
    return np.array(
        [
            1.0,
            cares,
            float(coupon.store in behaviour.stores),
            sin(angle),
            cos(angle),
            float(behaviour.weekend),
            behaviour.crowd,
            discount,
            cares * discount,
        ]
    )


class LinUcb:
    """LinUCB (Li et al. 2010, arXiv 1003.0146) over shared features and a bias for each coupon.

    A = I + sum x x', b = sum r x, theta = A^-1 b; a coupon's index is
    theta'x + alpha s sqrt(x' A^-1 x) with s the rewards' scale.

    Args:
        arms: ids of all coupons, in a lasting order.
        scale: what rewards typically measure, in currency: how much an unknown coupon may hope.
        alpha: how bold.
    """

    def __init__(self, arms: Sequence[str], scale: float = 1.0, alpha: float = _ALPHA) -> None:
        self._bias = {arm: len(FEATURES) + place for place, arm in enumerate(arms)}
        size = len(FEATURES) + len(arms)
        self._inverse: Float64Array = np.eye(size) / _PRIOR
        self._moment: Float64Array = np.zeros(size)
        self._width = alpha * scale

    def learn(self, arm: str, x: Float64Array, reward: float) -> None:
        """An offer of `arm` in the situation `x` earned `reward` (see `uplift_reward`)."""
        row = self._row(arm, x)
        spread = self._inverse @ row
        self._inverse -= np.outer(spread, spread) / (1.0 + row @ spread)  # Sherman-Morrison
        self._moment += reward * row

    def mean(self, arm: str, x: Float64Array) -> float:
        """Expected reward."""
        return float(self._row(arm, x) @ self._inverse @ self._moment)

    def index(self, arm: str, x: Float64Array) -> float:
        """Expected reward and what it may be beyond."""
        row = self._row(arm, x)
        return self.mean(arm, x) + self._width * float(np.sqrt(row @ self._inverse @ row))

    def _row(self, arm: str, x: Float64Array) -> Float64Array:
        row = np.zeros(len(self._moment))
        row[: len(FEATURES)] = x
        row[self._bias[arm]] = 1.0
        return row


def best_arm(
    model: LinUcb,
    behaviour: Behaviour,
    coupons: Sequence[Coupon],
    prices: Mapping[str, float] = MappingProxyType({}),
) -> str:
    """The coupon of the highest index less the charge on its discount, or none if all lose.

    Args:
        model: what was learnt.
        behaviour: without any attribute.
        coupons: the eligible ones.
        prices: of a unit of discount, by coupon, see `pace_price`; 0 where it is not told.
    """
    best, arm = 0.0, NO_COUPON
    for coupon in coupons:
        worth = model.index(coupon.id, features(behaviour, coupon))
        worth -= prices.get(coupon.id, 0.0) * float(coupon.discount)
        if worth > best:
            best, arm = worth, coupon.id
    return arm


def propensities(
    best: str,
    coupons: Sequence[str],
    *,
    exploration: float = EXPLORATION,
    holdout: float = HOLDOUT,
) -> dict[str, float]:
    """How likely each arm is when `best` is the model's choice; sums to 1."""
    if not coupons:
        return {NO_COUPON: 1.0}
    each = exploration / len(coupons)
    told = {NO_COUPON: holdout} | dict.fromkeys(coupons, each)
    told[best] += 1.0 - exploration - holdout
    return told


def decide(
    best: str,
    coupons: Sequence[str],
    rng: Random,
    *,
    exploration: float = EXPLORATION,
    holdout: float = HOLDOUT,
) -> Decision:
    """Draw the arm.

    Args:
        best: the model's choice, see `best_arm`.
        coupons: ids of the eligible coupons.
        rng: source of chance.
        exploration: share of decisions that are uniform over the coupons.
        holdout: share of decisions that offer nothing whatever the model says.
    """
    told = propensities(best, coupons, exploration=exploration, holdout=holdout)
    if not coupons:
        return Decision(NO_COUPON, DecisionKind.BEST, 1.0, told)
    drawn = rng.random()
    if drawn < holdout:
        arm, kind = NO_COUPON, DecisionKind.HOLDOUT
    elif drawn < holdout + exploration:
        arm, kind = rng.choice(list(coupons)), DecisionKind.EXPLORE
    else:
        arm, kind = best, DecisionKind.BEST
    return Decision(arm, kind, told[arm], told)
