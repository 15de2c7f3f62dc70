"""What the pages show, from what the sites told. Days nobody told of are gaps, never zeros."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import case, func, select

from edge_core.hub import tables as t
from edge_core.hub.store import HubStore
from edge_core.sync.protocol import SOLD, WHOLE_DAY

_TOUCHED: Final = ("touched", "looked-at", "picked-up")


@dataclass(frozen=True, slots=True)
class Daily:
    """One figure of one site on one day.

    Attributes:
        value: sum of what was told; None when nothing was.
        hidden: parts that were too small to be told.
    """

    value: int | None
    hidden: int


@dataclass(frozen=True, slots=True)
class League:
    """A site over a span of days.

    Attributes:
        days: on which it told anything.
        entered: people who came in, as far as told.
        paired, paired_before: the same of those days that were also told of whole weeks before,
            and of these; so a site that was silent is not called worse.
        visit_minutes: mean of the visits seen from end to end; None without any.
        touched, tried, sold: garments.
        hidden: sums of days that were too small to be told.
    """

    site: str
    days: int
    entered: int
    paired: int
    paired_before: int
    visit_minutes: float | None
    touched: int
    tried: int
    sold: int
    hidden: int

    @property
    def change(self) -> float | None:
        """Of people who came in against the span before: 0.1 = a tenth more."""
        return self.paired / self.paired_before - 1 if self.paired_before else None

    @property
    def sold_per_hundred(self) -> float | None:
        """Pieces sold per hundred people who came in."""
        return 100 * self.sold / self.entered if self.entered and self.sold else None

    @property
    def tried_share(self) -> float | None:
        """Of garments handled, taken to a fitting room."""
        return self.tried / self.touched if self.touched else None


@dataclass(frozen=True, slots=True)
class CouponFigures:
    """One coupon at one site over a span of days.

    Attributes:
        offered: people who took it home; None = too few to be told on any day.
        redeemed: at tills.
        held_back: people of those days who were kept without any coupon, to compare with.
    """

    site: str
    coupon: str
    offered: int | None
    redeemed: int
    held_back: int | None

    @property
    def rate(self) -> float | None:
        """Share redeemed, where enough is told."""
        return self.redeemed / self.offered if self.offered else None


def daily(store: HubStore, metric: str, first: int, last: int) -> dict[str, dict[int, Daily]]:
    """By site and day, summed over places and labels. `first` and `last` both within."""
    c = t.cells.c
    small = func.sum(case((c.value.is_(None), 1), else_=0))
    query = (
        select(c.site, c.day, func.sum(c.value), small)
        .where(c.metric == metric, c.hour == WHOLE_DAY, c.day >= first, c.day <= last)
        .group_by(c.site, c.day)
        .order_by(c.site, c.day)
    )
    found: dict[str, dict[int, Daily]] = {}
    with store.engine.connect() as connection:
        for site, day, value, hidden in connection.execute(query):
            told = None if value is None else int(value)
            found.setdefault(site, {})[day] = Daily(told, int(hidden))
    return found


def daily_by_place(
    store: HubStore, metric: str, site: str, first: int, last: int
) -> dict[str, int]:
    """Sums of a site's days by place; places of which nothing was told are not in it."""
    c = t.cells.c
    query = (
        select(c.place, func.sum(c.value))
        .where(c.site == site, c.metric == metric, c.hour == WHOLE_DAY)
        .where(c.day >= first, c.day <= last, c.value.is_not(None))
        .group_by(c.place)
    )
    with store.engine.connect() as connection:
        return {place: int(value) for place, value in connection.execute(query)}


def watched_daily(store: HubStore, first: int, last: int) -> dict[str, dict[int, Daily]]:
    """People who came in, by site and day; without days on which no entrance was watched."""
    watched = daily(store, "watched_s", first, last)
    entered = daily(store, "entered", first, last)
    return {
        site: {day: it for day, it in days.items() if (watched.get(site, {}).get(day, _NONE).value)}
        for site, days in entered.items()
    }


_NONE: Final = Daily(None, 0)


def items(store: HubStore, first: int, last: int) -> dict[str, dict[str, int]]:
    """Garments by site and action."""
    c = t.item_days.c
    query = (
        select(c.site, c.action, func.sum(c.quantity))
        .where(c.day >= first, c.day <= last)
        .group_by(c.site, c.action)
    )
    found: dict[str, dict[str, int]] = {}
    with store.engine.connect() as connection:
        for site, action, quantity in connection.execute(query):
            found.setdefault(site, {})[action] = int(quantity)
    return found


def league(store: HubStore, first: int, last: int) -> list[League]:
    """All sites, most people first."""
    shift = whole_weeks(last - first + 1)
    entered = watched_daily(store, first - shift, last)
    complete = daily(store, "complete", first, last)
    duration = daily(store, "visit_s", first, last)
    garments = items(store, first, last)
    rows = []
    for site in store.sites():
        days = entered.get(site.id, {})
        now = {day: it for day, it in days.items() if day >= first}
        paired, before = like_for_like({site.id: days}, list(range(first, last + 1)), shift)
        done = garments.get(site.id, {})
        rows.append(
            League(
                site.id,
                days=len(now),
                entered=_sum(now),
                paired=paired,
                paired_before=before,
                visit_minutes=_mean_minutes(complete.get(site.id, {}), duration.get(site.id, {})),
                touched=sum(done.get(action, 0) for action in _TOUCHED),
                tried=done.get("tried-on", 0),
                sold=done.get(SOLD, 0),
                hidden=sum(it.hidden for it in now.values()),
            )
        )
    return sorted(rows, key=lambda row: (-row.entered, row.site))


def _sum(days: Mapping[int, Daily]) -> int:
    return sum(it.value or 0 for it in days.values())


def _mean_minutes(complete: Mapping[int, Daily], duration: Mapping[int, Daily]) -> float | None:
    visits = _sum({day: it for day, it in complete.items() if day in duration})
    return _sum(duration) / visits / 60 if visits else None


def coupons(store: HubStore, first: int, last: int) -> list[CouponFigures]:
    """Every coupon of every site that was offered or redeemed, most offered first."""
    c, r = t.cells.c, t.redemption_days.c
    offers = (
        select(c.site, c.label, func.sum(c.value))
        .where(c.metric == "offered", c.hour == WHOLE_DAY, c.day >= first, c.day <= last)
        .group_by(c.site, c.label)
    )
    taken = (
        select(r.site, r.coupon, func.sum(r.count))
        .where(r.day >= first, r.day <= last)
        .group_by(r.site, r.coupon)
    )
    with store.engine.connect() as connection:
        offered = {(site, name): _int(count) for site, name, count in connection.execute(offers)}
        redeemed = {(site, name): int(count) for site, name, count in connection.execute(taken)}
    rows = [
        CouponFigures(site, name, offered.get((site, name)), redeemed.get((site, name), 0),
                      offered.get((site, "")))
        for site, name in {*offered, *redeemed}
        if name
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (-(row.offered or 0), -row.redeemed, row.site, row.coupon))


def _int(value: Any) -> int | None:
    return None if value is None else int(value)


def whole_weeks(days: int) -> int:
    """Days of the weeks that a span of days reaches into: weekdays are compared with their like."""
    return -(-days // 7) * 7


def like_for_like(
    by_site: Mapping[str, Mapping[int, Daily]], days: Sequence[int], shift: int
) -> tuple[int, int]:
    """Sums over sites and days that were told of both now and `shift` days before: now, before."""
    now = before = 0
    for told in by_site.values():
        for day in days:
            here, there = told.get(day, _NONE).value, told.get(day - shift, _NONE).value
            if here is not None and there is not None:
                now, before = now + here, before + there
    return now, before


def chain_total(
    by_site: Mapping[str, Mapping[int, Daily]], days: Sequence[int]
) -> list[int | None]:
    """All sites together, day by day; None for a day on which not all of them told anything.

    A site counts from its first day on.
    """
    begun = {site: min(told) for site, told in by_site.items() if told}
    totals: list[int | None] = []
    for day in days:
        expected = [site for site, first in begun.items() if first <= day]
        told = [by_site[site].get(day) for site in expected]
        whole = told and all(it is not None and it.value is not None for it in told)
        totals.append(sum(it.value or 0 for it in told if it) if whole else None)
    return totals
