"""Visits, unique visitors and occupancy as the API tells them."""

from collections import Counter
from datetime import date
from statistics import median
from typing import Final
from zoneinfo import ZoneInfo

from edge_core.analytics.occupancy_meter import InsideNow
from edge_core.analytics.unique import AuditRates, unique_visitors
from edge_core.ledger import LedgerReader, day_bounds_utc_ns
from edge_core.service.site_schema import SiteView
from edge_core.service.views import local_day, utc_from_ns
from edge_core.service.visits_schema import (
    CorrectedView,
    OccupancyPoint,
    OccupancyView,
    UniqueView,
    VisitCountsView,
)
from edge_core.types import Event, EventKind, SeenIn
from edge_core.units import NS_PER_S

_LONGEST_VISIT_NS: Final = 24 * 3600 * NS_PER_S
_RATES_LOOKED_AT: Final = 100


def newest_rates(ledger: LedgerReader, of: str) -> AuditRates | None:
    """What the newest audit of something found; None before any."""
    for stored in ledger.newest_of(EventKind.RATES, _RATES_LOOKED_AT):
        data = stored.event.data
        if data["of"] == of:
            return AuditRates(
                data["duplicates"],
                data["clusters"],
                data["absorbed"],
                data["persons"],
                data["source"],
                stored.event.utc_ns,
            )
    return None


def rates_event(of: str, rates: AuditRates, utc_ns: int) -> Event:
    """What an audit found as a durable event."""
    data = {
        "of": of,
        "duplicates": rates.duplicates,
        "clusters": rates.clusters,
        "absorbed": rates.absorbed,
        "persons": rates.persons,
        "source": rates.source,
    }
    return Event(f"rates/{of}/{utc_ns}", EventKind.RATES, utc_ns, 0, "", "", data)


def visit_counts(ledger: LedgerReader, site: SiteView, day: date) -> VisitCountsView:
    """One day's visits."""
    start, end = day_bounds_utc_ns(day, ZoneInfo(site.timezone))
    visits = ledger.visits_begun(start, end, _LONGEST_VISIT_NS)
    guests = [visit for visit in visits if not visit.staff]
    least = site.minimum_group

    def told(count: int) -> int | None:
        return count if count >= least else None

    seen = Counter(visit.seen_in for visit in guests)
    complete = [visit.duration_s for visit in guests if visit.seen_in == SeenIn.COMPLETE]
    together = [visit for visit in guests if visit.group > 1]
    people = sum(not visit.again for visit in guests)
    entered, left = _crossings(ledger, site, day)
    return VisitCountsView(
        date=day.isoformat(),
        entered=_corrected(entered, newest_rates(ledger, "entries")),
        left=_corrected(left, newest_rates(ledger, "exits")),
        visits=told(len(guests)),
        again=told(len(guests) - people),
        seen_in={str(way): told(seen[way]) for way in SeenIn},
        groups=told(len({visit.group_id for visit in together})),
        in_groups=told(len(together)),
        staff=told(len(visits) - len(guests)),
        median_s=round(median(complete), 1) if len(complete) >= least else None,
        unique=_unique(people, newest_rates(ledger, "identity"), least),
    )


def _crossings(ledger: LedgerReader, site: SiteView, day: date) -> tuple[int, int]:
    """Crossings of the entrances, in and out."""
    totals = ledger.line_totals_of_day(day, ZoneInfo(site.timezone))
    inner = {line.id for line in site.lines if not line.entrance}
    entrances = [total for line_id, total in totals.items() if line_id not in inner]
    return sum(total.entered for total in entrances), sum(total.left for total in entrances)


def _corrected(counted: int, rates: AuditRates | None) -> CorrectedView:
    found = unique_visitors(counted, rates)
    return CorrectedView(
        counted=counted,
        estimate=None if found.estimate is None else round(found.estimate),
        low=found.low,
        high=found.high,
        audited=0 if rates is None else rates.persons,
        audited_at=None if rates is None else utc_from_ns(rates.utc_ns),
    )


def _unique(people: int, rates: AuditRates | None, least: int) -> UniqueView:
    found = unique_visitors(people, rates)
    if found.clusters < least:
        found = unique_visitors(found.clusters, None)
    return UniqueView(
        uncorrected=found.clusters if found.clusters >= least else None,
        estimate=None if found.estimate is None else round(found.estimate),
        low=found.low,
        high=found.high,
        split=None if rates is None else round(rates.split, 4),
        merged=None if rates is None else round(rates.merged, 4),
        audited_clusters=0 if rates is None else rates.clusters,
        audited_persons=0 if rates is None else rates.persons,
        audited_at=None if rates is None else utc_from_ns(rates.utc_ns),
        source="" if rates is None else rates.source,
    )


def occupancy_view(now: InsideNow, in_view: int, staff: int, utc_ns: int) -> OccupancyView:
    """How many are inside at this moment, without the day's points."""
    estimate = now.estimate
    return OccupancyView(
        at=utc_from_ns(utc_ns),
        inside=None if estimate is None else round(estimate.inside),
        low=None if estimate is None else estimate.low,
        high=None if estimate is None else estimate.high,
        in_view=in_view,
        staff=staff,
        watched=round(now.watched, 3),
        counting_since=utc_from_ns(now.since_utc_ns),
    )


def occupancy_points(ledger: LedgerReader, site: SiteView, utc_ns: int) -> list[OccupancyPoint]:
    """The points of the site's day; what nobody watched is null or missing, never zero."""
    start, end = day_bounds_utc_ns(local_day(site, utc_ns), ZoneInfo(site.timezone))
    return [
        OccupancyPoint(
            at=utc_from_ns(stored.event.utc_ns),
            inside=stored.event.data["inside"],
            low=stored.event.data["low"],
            high=stored.event.data["high"],
        )
        for stored in ledger.events_between(EventKind.OCCUPANCY, start, end)
    ]
