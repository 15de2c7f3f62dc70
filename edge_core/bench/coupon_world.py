"""Simulated shoppers who are offered coupons: what each would do with and without is known.

Whether somebody buys follows a hidden taste through a logistic model with interactions, which is
not the linear model that learns. A coupon persuades some; others would have bought anyway, or buy
less when they are offered something. Interests chosen on the screen tell of taste, with mistakes.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np

from edge_core.suggest.bandit import interested
from edge_core.suggest.coupons import Coupon, price_after
from edge_core.suggest.profiles import Behaviour
from edge_core.types import Float64Array

FIRST: Final = datetime(2026, 3, 2, tzinfo=ZoneInfo("Europe/Berlin"))
OPENS_H, CLOSES_H = 9, 21
_TASTES: Final = 5
_HUB_VISITS: Final = 4000


@dataclass(frozen=True, slots=True)
class Guest:
    """One person at the kiosk.

    Attributes:
        at: local time.
        behaviour: what the kiosk knows.
        without, with_coupon: float64 (K,), chance to buy at each coupon's store.
        luck: 0..1, the same draw for both, so that the two outcomes are of one person.
    """

    at: datetime
    behaviour: Behaviour
    without: Float64Array
    with_coupon: Float64Array
    luck: float


@dataclass(frozen=True, slots=True)
class CouponWorld:
    """Coupons, and how tastes decide about them.

    Attributes:
        coupons: one a store, each of a category of its own.
        loves: float64 (K, D), taste that makes people buy at each.
        open_to: float64 (K, D), taste that lets a coupon persuade them.
        lift: float64 (K,), how much a coupon moves somebody open to it, in log odds.
    """

    coupons: tuple[Coupon, ...]
    loves: Float64Array
    open_to: Float64Array
    lift: Float64Array

    @classmethod
    def drawn(cls, seed: int, count: int = 8) -> "CouponWorld":
        """A world whose coupons differ in what they are worth; some are worth nothing.

        What people do without is told to the coupons as a hub would: counted over visitors of an
        earlier month that were offered nothing, by whether they had shown interest.
        """
        rng = np.random.default_rng(seed)
        loves, open_to = rng.normal(size=(2, count, _TASTES))
        lift = rng.uniform(0.0, 2.2, count)
        coupons = tuple(_coupon(rng, place) for place in range(count))
        world = cls(coupons, loves, open_to, lift)
        counted = world._counted(np.random.default_rng(seed + 1))
        return cls(counted, loves, open_to, lift)

    def guest(self, rng: np.random.Generator, at: datetime) -> Guest:
        """Somebody comes."""
        taste = rng.normal(size=_TASTES)
        love = self.loves @ taste / np.sqrt(_TASTES)
        openness = np.tanh(self.open_to @ taste / np.sqrt(_TASTES))
        evening = 0.4 if at.hour >= 17 else 0.0
        odds = -3.2 + 1.8 * love + evening * openness
        moved = odds + self.lift * openness * (1.0 + 0.5 * (love > 0.5))
        chosen = love + rng.normal(0, 0.7, len(love))
        interests = [f"c{place}" for place in np.flatnonzero(chosen > 1.0)[:3]]
        behaviour = Behaviour(
            tuple(interests) if rng.random() < 0.6 else (),
            hour=at.hour,
            weekend=at.weekday() >= 5,
            crowd=float(rng.random()),
        )
        return Guest(at, behaviour, _share(odds), _share(moved), float(rng.random()))

    def guests(self, seed: int, days: int, per_day: int) -> list[Guest]:
        """People of some days, in order."""
        rng = np.random.default_rng(seed)
        found = []
        for day in range(days):
            seconds = np.sort(rng.uniform(OPENS_H * 3600, CLOSES_H * 3600, per_day))
            for second in seconds:
                at = FIRST + timedelta(days=day, seconds=float(second))
                found.append(self.guest(rng, at))
        return found

    def uplift(self, guest: Guest, arm: str) -> float:
        """Money that offering this arm earned beyond offering nothing, for this very person."""
        if not arm:
            return 0.0
        place, coupon = next((at, it) for at, it in enumerate(self.coupons) if it.id == arm)
        earned = coupon.margin * float(coupon.basket)
        buys = self.redeems(guest, arm)
        anyway = guest.luck < guest.without[place]
        return earned * (float(buys) - float(anyway)) - float(coupon.discount) * buys

    def redeems(self, guest: Guest, arm: str) -> bool:
        """Whether this person buys with this coupon."""
        place = next(at for at, it in enumerate(self.coupons) if it.id == arm)
        return bool(guest.luck < guest.with_coupon[place])

    def money(self, guest: Guest, arm: str) -> float:
        """What the stores of all coupons earned from this person: what a till would tell."""
        alone = sum(
            it.margin * float(it.basket) * float(guest.luck < guest.without[at])
            for at, it in enumerate(self.coupons)
        )
        return alone + self.uplift(guest, arm)

    def _counted(self, rng: np.random.Generator) -> tuple[Coupon, ...]:
        visits = [self.guest(rng, FIRST + timedelta(hours=10)) for _ in range(_HUB_VISITS)]
        bought = np.array([it.luck < it.without for it in visits])
        told = []
        for place, coupon in enumerate(self.coupons):
            cares = np.array([interested(it.behaviour, coupon) for it in visits])
            told.append(
                replace(
                    coupon,
                    buys_anyway=float(bought[~cares, place].mean()),
                    buys_anyway_interested=float(bought[cares, place].mean()),
                )
            )
        return tuple(told)


def _coupon(rng: np.random.Generator, place: int) -> Coupon:
    percent = Decimal(int(rng.integers(2, 6)) * 5)
    basket = Decimal(int(rng.integers(15, 90)))
    draft = Coupon(
        id=f"k{place}",
        store=f"s{place}",
        categories=(f"c{place}",),
        percent=percent,
        amount=None,
        basket=basket,
        margin=float(rng.uniform(0.35, 0.65)),
        buys_anyway=0.0,
        buys_anyway_interested=0.0,
        first_day=date(2026, 1, 1),
        last_day=date(2026, 12, 31),
        from_time=None,
        until_time=None,
        daily_budget=Decimal(0),
        valid_min=120,
    )
    # A day's budget covers thirty coupons in people's hands, so that pacing has to work.
    budget = (basket - price_after(draft, basket)) * 30
    return replace(draft, daily_budget=budget)


def _share(odds: Float64Array) -> Float64Array:
    return 1.0 / (1.0 + np.exp(-odds))
