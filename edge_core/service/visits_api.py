"""Occupancy, visits of a day, and who works here."""

from datetime import date
from typing import Annotated, Final

from fastapi import APIRouter, HTTPException, Query

from edge_core.analytics.unique import AuditRates
from edge_core.service import visits_examples as examples
from edge_core.service.answers import answers, refused
from edge_core.service.dependencies import Service
from edge_core.service.problems import QueryError, require_near
from edge_core.service.views import local_day
from edge_core.service.visit_views import occupancy_points, rates_event, visit_counts
from edge_core.service.visits_schema import (
    OccupancyView,
    RatesView,
    StaffMark,
    StaffMarked,
    VisitCountsView,
)

visits_router = APIRouter()
_LEDGER: Final = refused("The ledger cannot be read")


@visits_router.get(
    "/v1/occupancy",
    summary="How many people are inside",
    responses=answers(examples.OCCUPANCY, _503=_LEDGER),
)
def get_occupancy(service: Service) -> OccupancyView:
    """An estimate with its 90 % interval, now and every five minutes of today.

    Where the entrances were not watched it is null: a gap is never a zero.
    """
    points = occupancy_points(service.ledger, service.site(), service.clock.utc_ns())
    return service.occupancy().model_copy(update={"today": points})


@visits_router.get(
    "/v1/visits",
    summary="Visits and different people of a day",
    responses=answers(examples.VISITS, _422=refused("No such day"), _503=_LEDGER),
)
def get_visits(
    service: Service,
    day: Annotated[date | None, Query(alias="date", description="today if left out")] = None,
) -> VisitCountsView:
    """Visits that are over, and unique visitors corrected by the last audit of identity.

    A visit is told a minute after the person left, or half an hour after they were seen last.
    """
    site = service.site()
    day = day or local_day(site, service.clock.utc_ns())
    require_near(day.year)
    return visit_counts(service.ledger, site, day)


@visits_router.post(
    "/v1/staff",
    summary="Mark somebody as staff",
    responses=answers(examples.STAFF_MARKED, _404=refused("Nobody in view has this number")),
)
def post_staff(service: Service, mark: StaffMark) -> StaffMarked:
    """Somebody on the live plan works here: their visit counts as staff's from now on."""
    if all(person.number != mark.number for person in service.live().people):
        raise HTTPException(404, f"Nobody in view has the number {mark.number}.")
    service.mark_staff(mark.number)
    return StaffMarked(number=mark.number)


@visits_router.post(
    "/v1/rates",
    summary="Hand in what an audit found",
    responses=answers(
        examples.RATES,
        _422=refused("No audit could find that"),
        _503=refused("The ledger cannot be written; nothing was kept"),
    ),
)
def post_rates(service: Service, told: RatesView) -> RatesView:
    """Unique visitors, entries and exits are corrected by the newest audit of each."""
    try:
        rates = AuditRates(told.duplicates, told.clusters, told.absorbed, told.persons, told.source)
    except ValueError as error:
        raise QueryError(f"These are no rates: {error}.", "Audit more of the people.") from None
    service.keep([rates_event(told.of, rates, service.clock.utc_ns())])
    return told
