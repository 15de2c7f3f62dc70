"""What the daily report says, in figures."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

from edge_core.dashboard.hours import Hour, by_hour
from edge_core.dashboard.language import Say
from edge_core.ledger import day_bounds_utc_ns
from edge_core.service.item_schema import ItemView
from edge_core.service.item_views import items_view
from edge_core.service.views import ServiceState, count_buckets, utc_from_ns
from edge_core.units import NS_PER_S

_ENOUGH: Final = 0.9
"""Share of the opening hours to be watched for a day to be compared with another."""


@dataclass(frozen=True, slots=True)
class ZoneDay:
    """A zone's day: stays and their mean length; None when too few stayed to tell."""

    name: str
    stays: int | None
    mean_s: float | None


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the site.

    Attributes:
        day: the date.
        timezone: of the site.
        until: when the day is not over yet: up to when it is told.
        hours: the opening hours, and any other in which somebody came or went.
        entered, left: of the whole day; None when nothing was watched.
        watched: mean share of the opening hours in which the entrances were watched.
        busiest: the hour with most entries.
        before: entries of the same weekday a week ago; None while the day goes on, or when one of
            the two was watched too little to compare.
        zones: those with stays, the busiest first.
        items: those handled or sold, the busiest first.
        cameras: share of the opening hours in which each camera was watched, by name.
    """

    day: date
    timezone: tzinfo
    until: datetime | None
    hours: list[Hour]
    entered: int | None
    left: int | None
    watched: float
    busiest: Hour | None
    before: int | None
    zones: list[ZoneDay]
    items: list[ItemView]
    cameras: list[tuple[str, float]]


def day_of(state: ServiceState, day: date, say: Say) -> Day:
    """Gather a day's figures from the ledger."""
    site, now_ns = state.site(), state.clock.utc_ns()
    timezone = ZoneInfo(site.timezone)
    start, end = day_bounds_utc_ns(day, timezone)
    hours = _shown(state, day, timezone)
    known = [hour for hour in hours if hour.entered is not None]
    week_ago = _shown(state, day - timedelta(days=7), timezone) if now_ns >= end else []
    comparable = min(_share(hours), _share(week_ago)) >= _ENOUGH
    items = items_view(state.ledger, state.products, start, end, site.minimum_group).items
    return Day(
        day=day,
        timezone=timezone,
        until=utc_from_ns(now_ns).astimezone(timezone) if now_ns < end else None,
        hours=hours,
        entered=sum(hour.entered or 0 for hour in known) if known else None,
        left=sum(hour.left or 0 for hour in known) if known else None,
        watched=_share(hours),
        busiest=max(known, key=lambda hour: hour.entered or 0) if known else None,
        before=sum(hour.entered or 0 for hour in week_ago) if comparable and known else None,
        zones=_zones(state, start, end, say),
        items=items,
        cameras=_cameras(state, hours),
    )


def _shown(state: ServiceState, day: date, timezone: ZoneInfo) -> list[Hour]:
    """The hours of a day that have begun and belong into a report."""
    site, now_ns = state.site(), state.clock.utc_ns()
    start, end = day_bounds_utc_ns(day, timezone)
    entrances = site.model_copy(update={"lines": [line for line in site.lines if line.entrance]})
    hours = by_hour(count_buckets(state.ledger, entrances, start, min(end, now_ns), 3600, now_ns))
    opens, closes = site.opens, site.closes
    shown = []
    for hour in hours:
        clock = hour.start.astimezone(timezone).time()
        until_midnight = closes <= opens
        is_open = (clock >= opens.replace(minute=0)) and (until_midnight or clock < closes)
        if is_open or (hour.entered or 0) + (hour.left or 0) > 0:
            shown.append(hour)
    return shown


def _share(hours: list[Hour]) -> float:
    return sum(hour.available for hour in hours) / len(hours) if hours else 0.0


def _zones(state: ServiceState, start: int, end: int, say: Say) -> list[ZoneDay]:
    site = state.site()
    names = {zone.id: say(zone.name, zone.name_zh) for zone in site.zones}
    totals = state.ledger.zone_totals(start, end)
    zones = []
    for zone_id, total in sorted(totals.items(), key=lambda it: -it[1].stays):
        if zone_id in names and total.stays:
            few = total.stays < site.minimum_group
            mean_s = None if few else total.dwell_s / total.stays
            zones.append(ZoneDay(names[zone_id], None if few else total.stays, mean_s))
    return zones


def _cameras(state: ServiceState, hours: list[Hour]) -> list[tuple[str, float]]:
    if not hours:
        return []
    now_ns = state.clock.utc_ns()
    start = int(hours[0].start.timestamp()) * NS_PER_S
    end = int(hours[-1].start.timestamp() + 3600) * NS_PER_S
    passed_s = max(1.0, (min(end, now_ns) - start) / NS_PER_S)
    watched = state.ledger.watched_s(start, end)
    return [(it.name, min(1.0, watched.get(it.id, 0.0) / passed_s)) for it in state.site().cameras]
