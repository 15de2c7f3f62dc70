"""Every coupon's offers: who gets which is decided, logged, learnt from, and kept within budget.

Pure but for its sums; it is told the time. After a restart the log of offers and redemptions brings
it back to where it was.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Final

import numpy as np

from edge_core.suggest.bandit import (
    EXPLORATION,
    FEATURES,
    HOLDOUT,
    Decision,
    LinUcb,
    best_arm,
    decide,
    features,
    interested,
)
from edge_core.suggest.coupons import Coupon, eligible, pace_price, uplift_reward
from edge_core.suggest.profiles import Behaviour
from edge_core.types import Float64Array

TILLS_TELL_WITHIN: Final = timedelta(days=1)
"""An offer counts as not redeemed this long after it expired: a till may be offline."""


@dataclass(frozen=True, slots=True)
class Offered:
    """One decision with what is needed to learn from it later.

    Attributes:
        decision: the arm and its odds.
        coupon: None where nothing is offered.
        x: what the model saw of each coupon that could be offered: float64 (len(FEATURES),) each.
        interested: whether somebody showed interest in the coupon's categories.
        expires_utc: until when it is taken; None where nothing is offered.
    """

    decision: Decision
    coupon: Coupon | None
    x: Mapping[str, Float64Array]
    interested: bool
    expires_utc: datetime | None


@dataclass(frozen=True, slots=True)
class _Open:
    coupon: str
    x: Float64Array
    interested: bool
    day: date
    expires_utc: datetime


class CouponBook:
    """Decides about coupons.

    Args:
        coupons: all there are.
        exploration: share of decisions that are uniform over the eligible coupons.
        holdout: share of decisions that offer nothing, to compare with.
    """

    def __init__(
        self,
        coupons: Sequence[Coupon],
        *,
        exploration: float = EXPLORATION,
        holdout: float = HOLDOUT,
    ) -> None:
        self._coupons = {coupon.id: coupon for coupon in coupons}
        self._exploration, self._holdout = exploration, holdout
        earned = [it.margin * float(it.basket) for it in coupons]
        self.model = LinUcb(list(self._coupons), scale=float(np.mean(earned)) if earned else 1.0)
        self._open: dict[str, _Open] = {}
        self._spent: dict[tuple[date, str], Decimal] = {}

    def coupon(self, coupon_id: str) -> Coupon | None:
        """A coupon by its id."""
        return self._coupons.get(coupon_id)

    def choose(
        self,
        behaviour: Behaviour,
        now: datetime,
        open_stores: Mapping[str, float],
        day_passed: float,
        rng: Random,
        rejected: frozenset[str] = frozenset(),
    ) -> Offered:
        """Decide what to offer; nothing is promised before `promise`.

        Args:
            behaviour: what somebody chose and did; no attribute can be in it.
            now: local time of the site, aware.
            open_stores: minutes each open store stays open.
            day_passed: share (0..1) of the opening hours that has passed.
            rng: source of chance.
            rejected: stores the person wants to see no more of.
        """
        self.settle(now)
        committed = self.committed(now)
        offered = [
            it
            for it in eligible(list(self._coupons.values()), now, open_stores, committed)
            if it.store not in rejected
        ]
        x = {it.id: features(behaviour, it) for it in offered}
        prices = {
            it.id: pace_price(committed.get(it.id, Decimal(0)), it.daily_budget, day_passed)
            for it in offered
        }
        best = best_arm(self.model, behaviour, offered, prices)
        decision = decide(best, list(x), rng, exploration=self._exploration, holdout=self._holdout)
        coupon = self._coupons.get(decision.arm)
        if coupon is None:
            return Offered(decision, None, x, False, None)
        lasts = timedelta(minutes=min(coupon.valid_min, open_stores[coupon.store]))
        return Offered(decision, coupon, x, interested(behaviour, coupon), now + lasts)

    def promise(self, nonce: str, offered: Offered, now: datetime) -> None:
        """Somebody holds the coupon now."""
        if offered.coupon is not None and offered.expires_utc is not None:
            x = offered.x[offered.coupon.id]
            self._open[nonce] = _Open(
                offered.coupon.id, x, offered.interested, now.date(), offered.expires_utc
            )

    def remember(
        self,
        nonce: str,
        coupon_id: str,
        x: Sequence[float],
        cares: bool,
        offered_at: datetime,
        expires_utc: datetime,
    ) -> None:
        """As `promise`, from the log. An offer with other features than today's is passed over."""
        if coupon_id in self._coupons and len(x) == len(FEATURES):
            row = np.asarray(x, np.float64)
            self._open[nonce] = _Open(coupon_id, row, cares, offered_at.date(), expires_utc)

    def redeem(self, nonce: str) -> bool:
        """A till took the coupon; returns whether it was promised and not settled yet."""
        promised = self._open.pop(nonce, None)
        if promised is None:
            return False
        coupon = self._coupons[promised.coupon]
        spent = (promised.day, coupon.id)
        self._spent[spent] = self._spent.get(spent, Decimal(0)) + coupon.discount
        self.model.learn(coupon.id, promised.x, uplift_reward(coupon, True, promised.interested))
        return True

    def settle(self, now: datetime) -> None:
        """Learn from the offers that nobody redeemed in time."""
        over = [
            nonce for nonce, it in self._open.items() if now > it.expires_utc + TILLS_TELL_WITHIN
        ]
        for nonce in over:
            it = self._open.pop(nonce)
            reward = uplift_reward(self._coupons[it.coupon], False, it.interested)
            self.model.learn(it.coupon, it.x, reward)

    def committed(self, now: datetime) -> dict[str, Decimal]:
        """What was promised today by coupon: redeemed, or still valid in somebody's hand."""
        today = now.date()
        told = {coupon: spent for (day, coupon), spent in self._spent.items() if day == today}
        for it in self._open.values():
            if it.day == today and now <= it.expires_utc:
                discount = self._coupons[it.coupon].discount
                told[it.coupon] = told.get(it.coupon, Decimal(0)) + discount
        return told
