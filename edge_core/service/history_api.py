"""GET /v1/history/…: what pages about days, months and years ask. See `history_schema`."""

from datetime import date
from typing import Annotated, Final

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from edge_core.ledger.site_time import date_of
from edge_core.service import history_examples
from edge_core.service.answers import REFUSED, Responses, answers
from edge_core.service.dependencies import Service
from edge_core.service.history_goods import funnel_view, items_table, windows_view
from edge_core.service.history_schema import (
    By,
    DemographicsView,
    DwellView,
    FlowsView,
    FunnelView,
    HeatDifferenceView,
    HeatKind,
    HeatView,
    ItemTableView,
    Measure,
    NextView,
    SeriesView,
    WindowsView,
)
from edge_core.service.history_series import SeriesBuilder
from edge_core.service.history_views import (
    Span,
    demographics_view,
    dwell_view,
    flows_view,
    heat_difference,
    heat_view,
    next_view,
)
from edge_core.service.problems import QueryError, require_near
from edge_core.service.views import ServiceState

_MOST_DAYS: Final = 3660
_MOST_HOURLY_DAYS: Final = 92


def _told(example: object) -> Responses:
    return answers(example, _422=REFUSED, _503=REFUSED)


class SpanQuery(BaseModel):
    """Which of the site's days, both ends within; today if left out."""

    model_config = ConfigDict(extra="forbid")

    first: date | None = None
    last: date | None = None


class SeriesQuery(SpanQuery):
    """What GET /v1/history/series may be asked."""

    measure: Measure = "entered"
    place: str = Field("", description="line, zone or entrance; empty: all entrances together")
    by: By = "hour"
    usual: bool = Field(False, description="tell what is usual for the hour and weekday")


class HeatQuery(SpanQuery):
    """What GET /v1/history/heat may be asked."""

    floor: str | None = Field(None, description="the first one if left out")
    kind: HeatKind = "dwell"
    from_clock: int = Field(0, ge=0, le=23, description="from this hour of the site's day")
    to_clock: int = Field(24, ge=1, le=24, description="up to this one, without it")


class HeatDifferenceQuery(HeatQuery):
    """What GET /v1/history/heat/difference may be asked: `first`…`last` less an earlier span."""

    before_first: date
    before_last: date


class PlaceQuery(SpanQuery):
    """A span and a place."""

    place: str = Field("", description="zone or entrance line; empty: the whole site")


class OriginQuery(SpanQuery):
    """A span and a zone people leave."""

    origin: str


history_router = APIRouter(prefix="/v1/history")


def _span(service: ServiceState, first: date | None, last: date | None) -> Span:
    today = service.past.history.time.day(service.clock.utc_ns())
    now = date_of(today)
    first, last = first or last or now, last or max(first or now, now)
    require_near(first.year, last.year)
    if last < first:
        raise QueryError("`last` is before `first`.", "Swap them, or leave them out for today.")
    if (last - first).days >= _MOST_DAYS:
        raise QueryError("That is more than ten years.", "Ask for a shorter time.")
    return Span(first, last, today)


def _zone(service: ServiceState, zone: str) -> str:
    known = [it.id for it in service.site().zones]
    if zone not in known:
        raise QueryError(f"There is no zone {zone!r}.", f"Known are {', '.join(known) or 'none'}.")
    return zone


@history_router.get(
    "/series",
    summary="Counts by hour or day, with what was observed",
    responses=_told(history_examples.SERIES),
)
def get_series(service: Service, query: Annotated[SeriesQuery, Query()]) -> SeriesView:
    """Entered and left by line, stays and engaged stays by zone, visits by entrance.

    A bucket that nobody watched has no value; `observed` tells how much of each was watched, and
    `per_hour` is by observed hour. Counts of stays and visits too small to tell are hidden.
    """
    span = _span(service, query.first, query.last)
    site, past = service.site(), service.past
    _check_series(service, query)
    builder = SeriesBuilder(past.history, site, past.watches, service.clock.utc_ns())
    if query.by == "day":
        return builder.days(query.measure, query.place, span.first, span.last)
    if span.end - span.begin >= _MOST_HOURLY_DAYS:
        raise QueryError(
            f"That is more than {_MOST_HOURLY_DAYS} days by the hour.", "Ask by the day."
        )
    return builder.hours(query.measure, query.place, span.first, span.last, usual=query.usual)


def _check_series(service: ServiceState, query: SeriesQuery) -> None:
    if query.measure in ("stays", "engaged"):
        _zone(service, query.place)
        return
    lines = [it.id for it in service.site().lines]
    if query.place and query.place not in lines:
        raise QueryError(
            f"There is no line {query.place!r}.", f"Known are {', '.join(lines) or 'none'}."
        )
    if query.measure == "visits" and query.by == "hour":
        raise QueryError("Visits are counted by the day.", "Ask with by=day.")


def _heat(
    service: ServiceState, query: HeatQuery, first: date | None, last: date | None
) -> HeatView:
    floors = list(service.past.plans.grids)
    floor = query.floor or next(iter(floors), "")
    if floor not in floors:
        raise QueryError(
            f"There is no floor {floor!r}.", f"Known are {', '.join(floors) or 'none'}."
        )
    if query.to_clock <= query.from_clock:
        raise QueryError("`to_clock` is not after `from_clock`.", "Swap them.")
    span = _span(service, first, last)
    clocks = (query.from_clock, query.to_clock)
    return heat_view(service.past, floor, query.kind, span, clocks)


@history_router.get(
    "/heat",
    summary="Where people are: density on a floor",
    responses=_told(history_examples.HEAT),
)
def get_heat(service: Service, query: Annotated[HeatQuery, Query()]) -> HeatView:
    """Person-seconds, or metres walked, per square metre and hour in which the spot was watched.

    A Gaussian kernel of 0.4 m over each person's place, four times a second. `density` is null
    where no camera sees the floor or nobody can stand.
    """
    return _heat(service, query, query.first, query.last)


@history_router.get(
    "/heat/difference",
    summary="Two spans' heat compared",
    responses=_told(history_examples.HEAT_DIFFERENCE),
)
def get_heat_difference(
    service: Service, query: Annotated[HeatDifferenceQuery, Query()]
) -> HeatDifferenceView:
    """Density of `first`…`last` less that of `before_first`…`before_last`."""
    before = _heat(service, query, query.before_first, query.before_last)
    return heat_difference(before, _heat(service, query, query.first, query.last))


@history_router.get(
    "/dwell",
    summary="How long people stay in each zone",
    responses=_told(history_examples.DWELL),
)
def get_dwell(service: Service, query: Annotated[SpanQuery, Query()]) -> DwellView:
    """Median and p90 (Kaplan and Meier) with intervals, and the share who stood."""
    span = _span(service, query.first, query.last)
    return dwell_view(service.past, service.site(), span)


@history_router.get(
    "/flows",
    summary="Who went from where to where",
    responses=_told(history_examples.FLOWS),
)
def get_flows(service: Service, query: Annotated[SpanQuery, Query()]) -> FlowsView:
    """Links between zones and the ends of people's ways, and whether they balance."""
    span = _span(service, query.first, query.last)
    return flows_view(service.past.history, service.site(), span)


@history_router.get(
    "/flows/next",
    summary="Where people go from one zone, by hour of the day",
    responses=_told(history_examples.NEXT),
)
def get_next(service: Service, query: Annotated[OriginQuery, Query()]) -> NextView:
    """Smoothed shares for the hours of the day in which enough people left the zone."""
    span = _span(service, query.first, query.last)
    origin = _zone(service, query.origin)
    return next_view(service.past.history, service.site(), origin, span)


@history_router.get(
    "/demographics",
    summary="Shares of visitors by attribute",
    responses=_told(history_examples.DEMOGRAPHICS),
)
def get_demographics(service: Service, query: Annotated[PlaceQuery, Query()]) -> DemographicsView:
    """Corrected by the audit in site.toml where there is one; intervals by bootstrap."""
    span = _span(service, query.first, query.last)
    return demographics_view(service.past, service.site(), query.place, span)


@history_router.get(
    "/funnel",
    summary="From passing by to buying",
    responses=_told(history_examples.FUNNEL),
)
def get_funnel(service: Service, query: Annotated[PlaceQuery, Query()]) -> FunnelView:
    """Pass, stop, touch, visit, pick, try, buy; each step says what it counts."""
    span = _span(service, query.first, query.last)
    place = _zone(service, query.place) if query.place else ""
    return funnel_view(service.past, service.site(), place, span)


@history_router.get(
    "/windows",
    summary="What shop windows do",
    responses=_told(history_examples.WINDOWS),
)
def get_windows(service: Service, query: Annotated[SpanQuery, Query()]) -> WindowsView:
    """Of those who pass each window, how many stop and how many come in."""
    span = _span(service, query.first, query.last)
    return windows_view(service.past, service.site(), span)


@history_router.get(
    "/items",
    summary="What happened to garments, over a long span",
    responses=_told(history_examples.ITEMS),
)
def get_items(service: Service, query: Annotated[SpanQuery, Query()]) -> ItemTableView:
    """Touched, picked, tried, left, bought; shares that small numbers do not fool."""
    span = _span(service, query.first, query.last)
    return items_table(service.past, service.products, span)
