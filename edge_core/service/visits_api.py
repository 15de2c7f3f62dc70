"""Occupancy, visits of a day, and who works here."""

from datetime import date
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, HTTPException, Query, Request

from edge_core.analytics.unique import AuditRates
from edge_core.service import visits_examples as examples
from edge_core.service.examples import PROBLEM
from edge_core.service.problems import QueryError, require_near
from edge_core.service.schema import ProblemView
from edge_core.service.views import ServiceState, local_day
from edge_core.service.visit_views import occupancy_points, rates_event, visit_counts
from edge_core.service.visits_schema import (
    OccupancyView,
    RatesView,
    StaffMark,
    StaffMarked,
    VisitCountsView,
)

visits_router = APIRouter()
Responses = dict[int | str, dict[str, Any]]


def _answers(example: object, **others: str) -> Responses:
    """OpenAPI's `responses`; refusals are named by their status, e.g. `_422`."""
    told: Responses = {
        200: {"description": "OK", "content": {"application/json": {"example": example}}}
    }
    problem = {"application/problem+json": {"example": PROBLEM}}
    return told | {
        int(code[1:]): {"model": ProblemView, "description": said, "content": problem}
        for code, said in others.items()
    }


def _service(request: Request) -> ServiceState:
    service: ServiceState = request.app.state.service
    return service


Service = Annotated[ServiceState, Depends(_service)]
_LEDGER: Final = "The ledger cannot be read"


@visits_router.get(
    "/v1/occupancy",
    summary="How many people are inside",
    responses=_answers(examples.OCCUPANCY, _503=_LEDGER),
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
    responses=_answers(examples.VISITS, _422="No such day", _503=_LEDGER),
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
    responses=_answers(examples.STAFF_MARKED, _404="Nobody in view has this number"),
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
    responses=_answers(
        examples.RATES,
        _422="No audit could find that",
        _503="The ledger cannot be written; nothing was kept",
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
