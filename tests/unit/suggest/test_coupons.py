"""Coupons are the same for everybody, and are there to earn."""

from dataclasses import replace
from datetime import UTC, date, datetime, time
from decimal import Decimal
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_core.suggest.bandit import (
    NO_COUPON,
    DecisionKind,
    LinUcb,
    best_arm,
    decide,
    features,
    propensities,
)
from edge_core.suggest.coupons import Coupon, eligible, pace_price, price_after, uplift_reward
from edge_core.suggest.profiles import Choice, Onlooker, make_profile
from edge_core.types import Traits

SHOES = Coupon(
    id="shoes-10",
    store="shoes",
    categories=("shoes",),
    percent=Decimal(10),
    amount=None,
    basket=Decimal("60.00"),
    margin=0.5,
    buys_anyway=0.02,
    buys_anyway_interested=0.3,
    first_day=date(2026, 5, 1),
    last_day=date(2026, 5, 31),
    from_time=None,
    until_time=None,
    daily_budget=Decimal("60.00"),
    valid_min=120,
)
TOYS = replace(
    SHOES, id="toys-5", store="toys", categories=("toys",), percent=None, amount=Decimal("5.00")
)
NOW = datetime(2026, 5, 10, 15, 0, tzinfo=UTC)
OPEN = {"shoes": 200.0, "toys": 200.0}

traits = st.builds(
    Traits,
    st.just(1),
    st.dictionaries(st.sampled_from(["female", "hat", "coat"]), st.floats(0, 1)),
    st.none() | st.floats(18, 90),
)
prices = st.decimals(0, 100_000, places=2)


def _profile(told, stores=()):
    who = Onlooker(1, told, stores)
    return make_profile(Choice.SEEN, ["toys"], [who], 1, hour=15, weekend=False, crowd=0.3)


@given(traits, traits, prices, st.integers(0, 2**32))
def test_price_discount_and_the_choice_itself_are_the_same_for_any_two_people(
    one, other, price, seed
):
    """Two people who differ in attributes alone meet the same coupons at the same odds."""
    model = LinUcb([SHOES.id, TOYS.id], scale=10.0)
    rng = np.random.default_rng(seed)
    for _ in range(20):
        model.learn(SHOES.id, rng.normal(size=9), float(rng.normal()))
    decisions = []
    for told in (one, other):
        behaviour = _profile(told).behaviour
        offered = eligible([SHOES, TOYS], NOW, OPEN, {})
        best = best_arm(model, behaviour, offered)
        decision = decide(best, [it.id for it in offered], Random(seed))
        worth = {it.id: (price_after(it, price), it.discount, it.text) for it in offered}
        decisions.append((decision, worth))
    if bool(_profile(one).why_not) == bool(_profile(other).why_not):
        assert decisions[0] == decisions[1]
    assert decisions[0][1] == decisions[1][1]


def test_a_discount_is_rounded_to_the_cent_and_never_pays_out():
    assert price_after(SHOES, Decimal("9.99")) == Decimal("8.99")
    assert price_after(TOYS, Decimal("3.00")) == Decimal("0.00")
    assert (SHOES.text, TOYS.text) == ("10%", "5.00")
    assert replace(TOYS, amount=Decimal("1.8")).text == "1.80"


@pytest.mark.parametrize(
    ("change", "at", "stores", "committed"),
    [
        ({"last_day": date(2026, 5, 9)}, NOW, OPEN, {}),
        ({"first_day": date(2026, 5, 11)}, NOW, OPEN, {}),
        ({"from_time": time(16)}, NOW, OPEN, {}),
        ({"from_time": time(22), "until_time": time(2)}, NOW, OPEN, {}),
        ({}, NOW, {"toys": 10.0}, {}),
        ({}, NOW, OPEN, {"shoes-10": Decimal("55.00")}),
    ],
)
def test_a_coupon_is_not_offered_out_of_time_to_a_closed_store_or_beyond_its_budget(
    change, at, stores, committed
):
    assert eligible([replace(SHOES, **change)], at, stores, committed) == []


def test_a_coupon_for_the_night_is_offered_after_midnight():
    night = replace(SHOES, from_time=time(22), until_time=time(2))
    assert eligible([night], datetime(2026, 5, 10, 1, 30, tzinfo=UTC), OPEN, {}) == [night]


def test_redeemed_by_people_who_buy_anyway_a_coupon_loses_money():
    sure = replace(SHOES, buys_anyway_interested=1.0)
    assert uplift_reward(sure, redeemed=True, interested=True) == pytest.approx(-6.0)
    assert uplift_reward(sure, redeemed=True, interested=False) == pytest.approx(30 * 0.98 - 6)
    assert uplift_reward(sure, redeemed=False, interested=True) < 0


def test_spending_ahead_of_the_day_is_charged_and_behind_it_is_not():
    assert pace_price(Decimal(10), Decimal(100), 0.5) == 0.0
    assert (
        0 < pace_price(Decimal(60), Decimal(100), 0.5) < pace_price(Decimal(90), Decimal(100), 0.5)
    )


@given(st.integers(0, 6), st.integers(0, 6), st.floats(0.1, 0.4), st.floats(0.05, 0.4))
def test_propensities_sum_to_one_and_keep_the_explored_and_the_held_out_share(
    count, best, exploration, holdout
):
    coupons = [f"c{place}" for place in range(count)]
    chosen = coupons[best % count] if count else NO_COUPON
    told = propensities(chosen, coupons, exploration=exploration, holdout=holdout)
    assert sum(told.values()) == pytest.approx(1.0)
    if coupons:
        assert told[NO_COUPON] >= holdout
        assert all(told[it] >= exploration / count - 1e-12 for it in coupons)


def test_arms_are_drawn_as_often_as_their_propensities_say():
    rng = Random(3)
    drawn = [decide("a", ["a", "b"], rng) for _ in range(20_000)]
    for arm, expected in propensities("a", ["a", "b"]).items():
        assert sum(it.arm == arm for it in drawn) / 20_000 == pytest.approx(expected, abs=0.01)
    explored = sum(it.kind is DecisionKind.EXPLORE for it in drawn) / 20_000
    assert explored == pytest.approx(0.1, abs=0.01)
    assert all(it.propensity == it.propensities[it.arm] for it in drawn)


def test_with_nothing_eligible_nothing_is_offered_for_certain():
    decision = decide(NO_COUPON, [], Random(1))
    assert (decision.arm, decision.propensity) == (NO_COUPON, 1.0)


def test_learning_equals_ridge_regression():
    rng = np.random.default_rng(1)
    model = LinUcb(["a", "b"])
    rows, rewards = [], rng.normal(size=60)
    for place, reward in enumerate(rewards):
        x, arm = rng.normal(size=9), place % 2
        model.learn("ab"[arm], x, float(reward))
        rows.append(np.concatenate([x, np.eye(2)[arm]]))
    design = np.array(rows)
    theta = np.linalg.solve(np.eye(11) + design.T @ design, design.T @ rewards)
    x = rng.normal(size=9)
    assert model.mean("b", x) == pytest.approx(float(np.concatenate([x, [0, 1]]) @ theta))


def test_the_bandit_stops_offering_what_only_sure_buyers_redeem():
    sure = replace(SHOES, buys_anyway_interested=0.95)
    model = LinUcb([sure.id, TOYS.id], scale=10.0)
    behaviour = replace(_profile(None).behaviour, interests=("shoes", "toys"))
    for place in range(200):
        redeemed = place % 100 < 96
        model.learn(sure.id, features(behaviour, sure), uplift_reward(sure, redeemed, True))
        redeemed = place % 100 < 50
        model.learn(TOYS.id, features(behaviour, TOYS), uplift_reward(TOYS, redeemed, True))
    assert best_arm(model, behaviour, [sure]) == NO_COUPON
    assert best_arm(model, behaviour, [sure, TOYS]) == TOYS.id
