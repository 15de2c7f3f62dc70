"""offers.toml: what the mall's hub tells of stores' visitors, and which coupons there are.

The file stands beside directory.toml and holds the records as a hub syncs them: sums of many
visitors, never a person.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Final, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import InitErrorDetails, PydanticCustomError, ValidationError

from edge_core.config.base import Identifier, LocalTime, Section

Share = Annotated[float, Field(ge=0, le=1)]
AgeBand = Literal["0-17", "18-34", "35-54", "55+"]
Gender = Literal["female", "male"]
_HOURS: Final = 24
_FEWEST: Final = 5
"""Smaller groups are not told: a hub leaves them out."""
_Count = Annotated[int, Field(ge=_FEWEST)]


class AudienceConfig(Section):
    """Who visits a store: counts of a past month."""

    store: Identifier = Field(description="id of a store of directory.toml")
    visits: int = Field(ge=0, description="visitors of an average day")
    by_hour: tuple[Share, ...] = Field(
        default=(), description="share of the day's visitors in each of 24 hours; may be left out"
    )
    age: Mapping[AgeBand, _Count] = {}
    gender: Mapping[Gender, _Count] = {}

    @model_validator(mode="after")
    def _a_whole_day(self) -> Self:
        if self.by_hour and len(self.by_hour) != _HOURS:
            raise ValueError(f"`by_hour` has {len(self.by_hour)} shares; give {_HOURS}")
        if self.by_hour and abs(sum(self.by_hour) - 1.0) > 0.02:
            raise ValueError(f"the shares of `by_hour` sum to {sum(self.by_hour):.3f}, not 1")
        return self


class CouponConfig(Section):
    """One coupon. What it is worth is the same for everybody who holds it."""

    id: Identifier
    store: Identifier = Field(description="id of a store of directory.toml")
    title: str = Field(min_length=1, max_length=60)
    title_zh: str = Field(default="", max_length=60)
    percent: Decimal | None = Field(default=None, gt=0, le=90, max_digits=3, decimal_places=1)
    amount: Decimal | None = Field(default=None, gt=0, max_digits=8, decimal_places=2)
    basket: Decimal = Field(gt=0, max_digits=8, decimal_places=2, description="spent on average")
    margin: Share = Field(description="share of the basket the store earns before the discount")
    buys_anyway: Share = Field(default=0.0, description="of people offered nothing, who buy")
    buys_anyway_interested: Share | None = Field(
        default=None, description="the same of people interested in its category"
    )
    first_day: date
    last_day: date
    from_time: LocalTime | None = None
    until_time: LocalTime | None = None
    daily_budget: Decimal = Field(gt=0, max_digits=9, decimal_places=2)
    valid_min: int = Field(default=180, ge=10, le=7 * 24 * 60)

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if (self.percent is None) == (self.amount is None):
            raise ValueError("give `percent` or `amount`, one of the two")
        if self.amount is not None and self.amount > self.basket:
            raise ValueError("`amount` is more than people spend (`basket`)")
        if self.last_day < self.first_day:
            raise ValueError("`last_day` is before `first_day`")
        if not self.title_zh:
            object.__setattr__(self, "title_zh", self.title)
        return self


class OffersConfig(Section):
    """Everything offers.toml says."""

    exploration: float = Field(
        default=0.1, ge=0.1, le=0.5, description="share of coupons drawn by chance"
    )
    holdout: float = Field(
        default=0.1, ge=0.02, le=0.5, description="share of people offered nothing, to compare with"
    )
    audiences: tuple[AudienceConfig, ...] = ()
    coupons: tuple[CouponConfig, ...] = ()

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        errors = [
            *_repeated("audiences", "store", [it.store for it in self.audiences]),
            *_repeated("coupons", "id", [it.id for it in self.coupons]),
        ]
        if errors:
            raise ValidationError.from_exception_data("OffersConfig", errors)
        return self


def unknown_stores(offers: OffersConfig, stores: set[str]) -> list[tuple[str, str]]:
    """Keys and ids of stores that the directory does not have."""
    named = [(f"audiences[{at}].store", it.store) for at, it in enumerate(offers.audiences)]
    named += [(f"coupons[{at}].store", it.store) for at, it in enumerate(offers.coupons)]
    return [(key, store) for key, store in named if store not in stores]


def _repeated(section: str, key: str, ids: list[str]) -> Iterator[InitErrorDetails]:
    counts = Counter(ids)
    for place, name in enumerate(ids):
        if counts[name] > 1:
            kind = PydanticCustomError("offers", "stands twice in {section}", {"section": section})
            yield InitErrorDetails(type=kind, loc=(section, place, key), input=name)
