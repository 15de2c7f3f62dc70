"""Which coupons may be offered now, and what each is worth.

Nothing here takes a profile: who somebody is or seems to be changes no price, no discount and no
right to a coupon. That is so by the functions' parameters, and a property test holds it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

_CENT: Final = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Coupon:
    """One coupon, as the mall's hub tells it.

    Attributes:
        id: its id.
        store: the store that takes it.
        categories: what it is for.
        percent: discount in percent, or None.
        amount: discount in the site's currency, or None; one of the two is given.
        basket: what somebody who redeems it spends on average, before the discount.
        margin: share (0..1) of the basket that the store earns before the discount.
        buys_anyway: share (0..1) of people who would have bought without it, from the hub's
            holdout; `buys_anyway_interested` of those who showed interest in its categories.
        first_day, last_day: days it is valid on, both included.
        from_time, until_time: hours it is offered in; None = all day.
        daily_budget: what its discounts may cost a day.
        valid_min: minutes an offered coupon stays valid.
    """

    id: str
    store: str
    categories: tuple[str, ...]
    percent: Decimal | None
    amount: Decimal | None
    basket: Decimal
    margin: float
    buys_anyway: float
    buys_anyway_interested: float
    first_day: date
    last_day: date
    from_time: time | None
    until_time: time | None
    daily_budget: Decimal
    valid_min: int

    @property
    def discount(self) -> Decimal:
        """What an average redemption costs, in the site's currency."""
        return self.basket - price_after(self, self.basket)

    @property
    def text(self) -> str:
        """The value as tills read it: `10%` or `5.00`."""
        if self.percent is not None:
            return f"{self.percent.normalize():f}%"
        return f"{self.amount:.2f}"


def price_after(coupon: Coupon, price: Decimal) -> Decimal:
    """A price less the coupon's discount, to the cent, never below 0."""
    if coupon.percent is not None:
        left = price * (Decimal(100) - coupon.percent) / Decimal(100)
    else:
        left = price - (coupon.amount or Decimal(0))
    return max(Decimal(0), left).quantize(_CENT, ROUND_HALF_UP)


def uplift_reward(coupon: Coupon, redeemed: bool, interested: bool) -> float:
    """What an offer earned beyond what would have been earned without it, in currency.

    margin x basket x (redeemed - would have bought anyway) - discount if redeemed (ours). An
    offer to people who buy anyway so earns less than nothing, however often they redeem it.
    """
    anyway = coupon.buys_anyway_interested if interested else coupon.buys_anyway
    earned = coupon.margin * float(coupon.basket) * (float(redeemed) - anyway)
    return earned - (float(coupon.discount) if redeemed else 0.0)


def eligible(
    coupons: Sequence[Coupon],
    now: datetime,
    open_stores: Mapping[str, float],
    committed: Mapping[str, Decimal],
) -> list[Coupon]:
    """The coupons that may be offered.

    Args:
        coupons: all there are.
        now: local time of the site.
        open_stores: minutes each open store stays open.
        committed: what was promised today, by coupon: discounts redeemed, and of offers that
            are still valid.
    """
    return [
        coupon
        for coupon in coupons
        if coupon.first_day <= now.date() <= coupon.last_day
        and _within_hours(coupon, now.time())
        and open_stores.get(coupon.store, 0.0) > 0
        and committed.get(coupon.id, Decimal(0)) + coupon.discount <= coupon.daily_budget
    ]


def _within_hours(coupon: Coupon, now: time) -> bool:
    begin, end = coupon.from_time or time.min, coupon.until_time or time.max
    return begin <= now <= end if begin <= end else now >= begin or now <= end


def pace_price(committed: Decimal, budget: Decimal, day_passed: float) -> float:
    """What a unit of discount is charged beyond itself, so that the budget lasts the day.

    0 while spending is behind the day; rises with how far it is ahead (ours; after the
    multiplier of budget-paced bidding).

    Args:
        committed: promised today.
        budget: of the day.
        day_passed: share (0..1) of the opening hours that has passed.
    """
    if budget <= 0:
        return 0.0
    return _PACE * max(0.0, float(committed / budget) - day_passed)


_PACE: Final = 4.0
