"""The local API: what the screens and the operator's page ask of the running service."""

from datetime import datetime
from typing import Annotated, Final
from zoneinfo import ZoneInfo

from fastapi import APIRouter, FastAPI, Header, HTTPException, Query, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse
from fastapi.routing import APIRoute
from prometheus_client import CONTENT_TYPE_LATEST
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from starlette.routing import Match

from edge_core import __version__
from edge_core.ledger import day_bounds_utc_ns
from edge_core.service import examples, item_examples, visits_examples
from edge_core.service.answers import REFUSED, answers
from edge_core.service.body_limit import BodyLimit
from edge_core.service.catalogue_api import catalogue_router
from edge_core.service.dependencies import Service
from edge_core.service.guide_api import guide_router
from edge_core.service.headers import SafeHeaders
from edge_core.service.history_api import history_router
from edge_core.service.item_schema import GarmentsView, ItemsView, TagsView
from edge_core.service.item_views import items_view
from edge_core.service.loopback import LoopbackOnly
from edge_core.service.metrics import exposition
from edge_core.service.problems import QueryError, answer_problems, require_near
from edge_core.service.rate_limit import Allowance, RateLimit
from edge_core.service.requests_api import requests_router
from edge_core.service.schema import EventsView, EventView, HealthView, LiveView
from edge_core.service.site_schema import SiteView
from edge_core.service.suggestions_api import suggestions_router
from edge_core.service.till import MOST_BYTES as TILL_BYTES
from edge_core.service.till_api import till_router
from edge_core.service.views import (
    ServiceState,
    count_buckets,
    counts_today,
    event_view,
    local_day,
    ns_from_utc,
)
from edge_core.service.visits_api import visits_router
from edge_core.service.visits_schema import CountsView
from edge_core.types import EventKind
from edge_core.units import NS_PER_S

_MOST_BYTES: Final = 2**20
_ALLOWANCES: Final = (
    Allowance(("/sign-in", "/welcome"), 0.5, 30, frozenset({"POST"})),  # each costs 64 MiB a while
    Allowance(("/v1/history/", "/v1/counts", "/v1/items", "/v1/visits"), 20, 200),
    Allowance(("/v1/",), 50, 500, frozenset({"POST", "DELETE"})),
)
"""Far above what screens, tills and a person at a page ask."""
_MOST_BUCKETS: Final = 20_000


class ItemsQuery(BaseModel):
    """What GET /v1/items may be asked."""

    model_config = ConfigDict(extra="forbid")

    start: AwareDatetime | None = Field(None, description="the site's last midnight if left out")
    end: AwareDatetime | None = Field(None, description="the site's next midnight if left out")


class CountsQuery(BaseModel):
    """What GET /v1/counts may be asked."""

    model_config = ConfigDict(extra="forbid")

    start: AwareDatetime | None = Field(None, description="the site's last midnight if left out")
    end: AwareDatetime | None = Field(None, description="now if left out")
    bucket_s: int = Field(900, ge=60, le=86_400, multiple_of=60, description="length of a span")


def create_app(state: ServiceState) -> FastAPI:
    """The API over a running service; add the operator's page with `mount_dashboard`."""
    app = FastAPI(
        title="Promenade edge service",
        version=__version__,
        summary="Live, anonymous knowledge of how people use this space",
        description="Answers on loopback only. Positions in metres on the plan, instants in UTC."
        " No pictures, no names, no features of persons.",
        docs_url=None,  # both pages load their scripts from the internet; a store may have none
        redoc_url=None,
    )
    app.state.service = state
    app.add_middleware(RateLimit, allowances=_ALLOWANCES, clock=state.clock)
    app.add_middleware(BodyLimit, most_bytes=_MOST_BYTES, larger={"/v1/till": TILL_BYTES})
    app.add_middleware(LoopbackOnly)
    app.add_middleware(SafeHeaders)  # before all others
    answer_problems(app)
    for router in (*_ROUTERS, _rest):
        app.include_router(router)
    return app


_router = APIRouter()
_rest = APIRouter()
_ROUTERS: Final = (
    _router,
    till_router,
    catalogue_router,
    requests_router,
    suggestions_router,
    guide_router,
    history_router,
    visits_router,
)


@_router.get("/v1/site", summary="The plan and the names", responses=answers(examples.SITE))
def get_site(service: Service) -> SiteView:
    """Floors, zones, lines, cameras, screens and today's programme: what screens draw."""
    return service.site()


@_router.get("/v1/live", summary="Everybody in view now", responses=answers(examples.LIVE))
def get_live(service: Service) -> LiveView:
    """People as numbers that live only while they are followed, and places on the plan."""
    return service.live()


@_router.get("/v1/tags", summary="RFID tags in view now", responses=answers(item_examples.TAGS))
def get_tags(service: Service) -> TagsView:
    """What the readers read within the last 10 s: which product, where, and whether it moves.

    A tag that two readers see stands there twice. Nothing of this is kept.
    """
    return service.tags()


@_router.get(
    "/v1/counts",
    summary="Crossings by line and time",
    responses=answers(visits_examples.COUNTS, _422=REFUSED, _503=REFUSED),
)
def get_counts(service: Service, query: Annotated[CountsQuery, Query()]) -> CountsView:
    """Today's totals, and spans between two instants with the share of each that was watched.

    A span with `available` 0 was not watched: its zeros say nothing.
    """
    site, now = service.site(), service.clock.utc_ns()
    midnight, _ = day_bounds_utc_ns(local_day(site, now), ZoneInfo(site.timezone))
    start = _ns(query.start, midnight)
    end = _ns(query.end, now)
    _check_span(start, end, query.bucket_s, len(site.lines))
    return CountsView(
        today=counts_today(
            service.ledger, site, len(service.live().people), now, service.occupancy().inside
        ),
        buckets=count_buckets(service.ledger, site, start, end, query.bucket_s, now),
    )


@_router.get(
    "/v1/garments",
    summary="Garments at mirrors and in fitting rooms now",
    responses=answers(item_examples.GARMENTS),
)
def get_garments(service: Service) -> GarmentsView:
    """By zone; a garment is told within two seconds of its tag coming near, neighbours' are not."""
    return service.garments()


@_router.get(
    "/v1/items",
    summary="What happened to items, by product",
    responses=answers(item_examples.ITEMS, _422=REFUSED, _503=REFUSED),
)
def get_items(service: Service, query: Annotated[ItemsQuery, Query()]) -> ItemsView:
    """Touched, picked, tried, left and bought, and how much of it a visit; today if not asked.

    How many visits handled something is told for single days of the site, and for groups of
    `minimum_group` and more only.
    """
    site, now = service.site(), service.clock.utc_ns()
    midnight, next_midnight = day_bounds_utc_ns(local_day(site, now), ZoneInfo(site.timezone))
    start, end = _ns(query.start, midnight), _ns(query.end, next_midnight)
    _check_order(start, end)
    return items_view(service.ledger, service.products, start, end, site.minimum_group)


@_router.get(
    "/v1/items/events",
    summary="The newest things that happened to items",
    responses=answers({"events": [item_examples.ITEM_EVENT]}, _422=REFUSED, _503=REFUSED),
)
def get_item_events(
    service: Service, limit: Annotated[int, Query(ge=1, le=500)] = 50
) -> EventsView:
    """Newest first. `visit` is the person's number, null for "someone"; tags are never told."""
    stored = service.ledger.newest_of(EventKind.ITEM, limit)
    return EventsView(events=[event_view(it) for it in stored])


def _ns(instant: datetime | None, otherwise: int) -> int:
    if instant is None:
        return otherwise
    require_near(instant.year)
    return ns_from_utc(instant)


def _check_order(start_utc_ns: int, end_utc_ns: int) -> None:
    if end_utc_ns <= start_utc_ns:
        raise QueryError("`end` is not after `start`.", "Swap them, or leave them out for today.")


def _check_span(start_utc_ns: int, end_utc_ns: int, bucket_s: int, lines: int) -> None:
    _check_order(start_utc_ns, end_utc_ns)
    if (end_utc_ns - start_utc_ns) / NS_PER_S / bucket_s * max(lines, 1) > _MOST_BUCKETS:
        raise QueryError(
            f"That would be more than {_MOST_BUCKETS} spans.",
            "Ask for longer spans (`bucket_s`) or a shorter time.",
        )


@_router.get(
    "/health",
    summary="How the service is",
    responses=answers(
        examples.HEALTH,
        _503={
            "model": HealthView,
            "description": "The service is down: it cannot do its work",
            "content": {"application/json": {"example": examples.HEALTH_DOWN}},
        },
    ),
    response_model=HealthView,
)
def get_health(service: Service) -> Response:
    """Processes, cameras, readers and the ledger. Answers 503 while `status` is `down`."""
    view = service.health()
    return JSONResponse(view.model_dump(mode="json"), 503 if view.status == "down" else 200)


@_router.get(
    "/metrics",
    summary="Figures for Prometheus",
    response_class=Response,
    responses=answers(examples.METRICS, "text/plain"),
)
def get_metrics(service: Service) -> Response:
    """The health view as counters and gauges; labels are workers, cameras and readers only."""
    figures = exposition(service.health(), service.hub.open_streams)
    return Response(figures, media_type=CONTENT_TYPE_LATEST)


@_router.get(
    "/v1/stream",
    summary="Follow live",
    response_class=StreamingResponse,
    responses=answers(examples.STREAM, "text/event-stream", _422=REFUSED),
)
async def get_stream(
    service: Service, last_event_id: Annotated[int | None, Header(ge=0)] = None
) -> StreamingResponse:
    """Server-sent events: newest states, and every durable `event`.

    `live`, `tags`, `garments`, `counts`, `directory` and `health` are states. Events carry their
    ledger id; send the newest one back as Last-Event-ID and the missed ones come first. Comment
    lines keep a quiet stream open.
    """

    def events_after(event_id: int) -> list[EventView]:
        return [event_view(stored) for stored in service.ledger.events_after(event_id)]

    return StreamingResponse(
        service.hub.follow(events_after, last_event_id),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store"},
    )


@_rest.get("/v1/{rest:path}", include_in_schema=False)
def get_unknown(request: Request, rest: str) -> Response:
    """Without this the operator's pages would answer for the API's misspelt paths."""
    for route in (route for router in _ROUTERS for route in router.routes):
        if isinstance(route, APIRoute) and route.matches(request.scope)[0] is Match.PARTIAL:
            allowed = ", ".join(sorted(route.methods or ()))
            raise HTTPException(405, "Method Not Allowed", {"Allow": allowed})
    raise HTTPException(404, f"There is no /v1/{rest}")
