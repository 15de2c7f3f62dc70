"""Coupons over a day: decided, promised, redeemed, learnt from, and never beyond the budget."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from random import Random

import numpy as np
import pytest

from edge_core.suggest.bandit import NO_COUPON, DecisionKind
from edge_core.suggest.coupon_book import TILLS_TELL_WITHIN, CouponBook
from edge_core.suggest.coupons import Coupon
from edge_core.suggest.profiles import Behaviour

SHOES = Coupon(
    id="shoes-10",
    store="shoes",
    categories=("shoes",),
    percent=Decimal(10),
    amount=None,
    basket=Decimal("60.00"),
    margin=0.5,
    buys_anyway=0.02,
    buys_anyway_interested=0.2,
    first_day=date(2026, 5, 1),
    last_day=date(2026, 5, 31),
    from_time=None,
    until_time=None,
    daily_budget=Decimal("60.00"),
    valid_min=120,
)
TOYS = replace(SHOES, id="toys-10", store="toys", categories=("toys",))
MORNING = datetime(2026, 5, 10, 10, 0, tzinfo=UTC)
OPEN = {"shoes": 600.0, "toys": 600.0}
SOMEBODY = Behaviour(interests=("shoes",), hour=10)


def _offer(book, number, now=MORNING, rng=None, passed=0.0):
    offered = book.choose(SOMEBODY, now, OPEN, passed, rng or Random(number))
    book.promise(str(number), offered, now)
    return offered


def test_promises_never_go_beyond_the_days_budget():
    book = CouponBook([SHOES])
    offered = [_offer(book, number) for number in range(60)]
    assert sum(it.coupon is not None for it in offered) == 10
    assert book.committed(MORNING) == {"shoes-10": Decimal("60.00")}
    assert offered[-1].decision.propensities == {NO_COUPON: 1.0}


def test_what_expired_unredeemed_frees_its_budget_and_the_next_day_begins_anew():
    book = CouponBook([SHOES])
    for number in range(60):
        _offer(book, number)
    later = MORNING + timedelta(hours=3)
    assert book.committed(later) == {}
    assert book.redeem(next(iter(book._open)))
    assert book.committed(later) == {"shoes-10": Decimal("6.00")}
    assert book.committed(MORNING + timedelta(days=1)) == {}


def test_a_coupon_ends_no_later_than_its_store_closes():
    book = CouponBook([SHOES])
    offered = next(
        it
        for number in range(60)
        if (it := book.choose(SOMEBODY, MORNING, {"shoes": 30.0}, 0.9, Random(number))).coupon
    )
    assert offered.expires_utc == MORNING + timedelta(minutes=30)


def test_ahead_of_its_budget_a_coupon_is_offered_less():
    def best_share(passed):
        book = CouponBook([SHOES, TOYS])
        for number in range(7):
            book.promise(f"s{number}", _of(book, "shoes-10"), MORNING)
        kinds = [
            book.choose(SOMEBODY, MORNING, OPEN, passed, Random(number)).decision
            for number in range(200)
        ]
        best = [it.arm for it in kinds if it.kind is DecisionKind.BEST]
        return best.count("shoes-10") / len(best)

    assert best_share(0.0) < best_share(0.9)


def _of(book, coupon_id):
    return next(
        it
        for number in range(200)
        if (it := book.choose(SOMEBODY, MORNING, OPEN, 1.0, Random(number))).decision.arm
        == coupon_id
    )


def test_an_offer_counts_as_unredeemed_only_when_tills_have_had_time_to_tell():
    book = CouponBook([SHOES])
    number = next(n for n in range(60) if _offer(book, n).coupon is not None)
    book.settle(MORNING + timedelta(hours=2) + TILLS_TELL_WITHIN - timedelta(minutes=1))
    assert not np.any(book.model._moment)
    book.settle(MORNING + timedelta(hours=2) + TILLS_TELL_WITHIN + timedelta(minutes=1))
    assert np.any(book.model._moment)
    assert not book.redeem(str(number))


def test_what_is_remembered_from_the_log_equals_what_was_promised():
    lived, told = CouponBook([SHOES, TOYS]), CouponBook([SHOES, TOYS])
    for number in range(40):
        offered = _offer(lived, number)
        if offered.coupon is not None:
            told.remember(
                str(number),
                offered.coupon.id,
                offered.x[offered.coupon.id].tolist(),
                offered.interested,
                MORNING,
                offered.expires_utc,
            )
        if number % 3 == 0:
            assert lived.redeem(str(number)) == told.redeem(str(number))
    assert told.committed(MORNING) == lived.committed(MORNING)
    assert told.model._moment == pytest.approx(lived.model._moment)


def test_an_offer_of_a_coupon_that_is_gone_or_of_other_features_teaches_nothing():
    book = CouponBook([SHOES])
    book.remember("a", "gone", [0.0] * 9, False, MORNING, MORNING)
    book.remember("b", "shoes-10", [0.0] * 4, False, MORNING, MORNING)
    assert not book.redeem("a")
    assert not book.redeem("b")


def test_stores_somebody_wants_no_more_of_offer_them_nothing():
    book = CouponBook([SHOES, TOYS])
    for number in range(40):
        offered = book.choose(
            SOMEBODY, MORNING, OPEN, 0.5, Random(number), rejected=frozenset({"shoes"})
        )
        assert offered.decision.arm != "shoes-10"
