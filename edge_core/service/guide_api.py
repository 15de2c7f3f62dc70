"""The directory, routes and closures over the local API."""

from typing import Annotated, Final

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from edge_core.config import ClosureConfig
from edge_core.service import guide_examples as examples
from edge_core.service.answers import answers, refused
from edge_core.service.dependencies import Service
from edge_core.service.schema import DirectoryView, RouteView
from edge_core.service.views import utc_from_ns
from edge_core.suggest.routes_network import Mode

guide_router = APIRouter()


class RouteQuery(BaseModel):
    """What GET /v1/routes may be asked."""

    model_config = ConfigDict(extra="forbid")

    start: str = Field(alias="from", description="id of a screen, store, place or connector")
    to: str = Field(description="id of a store, place, connector or screen")
    mode: Mode = Field(Mode.WALKING, description="how one goes")


_REFUSED: Final = refused("The question cannot be answered", examples.ROUTE_PROBLEM)

_CLOSABLE: Final = answers(examples.DIRECTORY, _422=_REFUSED)


@guide_router.get(
    "/v1/directory",
    summary="Stores, places, ways and closures",
    responses=answers(examples.DIRECTORY),
)
def get_directory(service: Service) -> DirectoryView:
    """What screens search and show; Chinese words come with their pinyin."""
    return service.guide.directory()


@guide_router.get(
    "/v1/routes",
    summary="The quickest way",
    responses=answers(examples.ROUTE, _422=_REFUSED),
)
def get_route(service: Service, query: Annotated[RouteQuery, Query()]) -> RouteView:
    """Instructions in English and Chinese, the line on the plan, and what may spoil the walk.

    `step-free` and `stroller` use lifts alone between floors. The time tells of the crowd in view
    now; floors without cameras count as empty.
    """
    now = utc_from_ns(service.clock.utc_ns())
    return service.guide.route(query.start, query.to, query.mode, now, service.live())


@guide_router.post("/v1/closures", summary="Close something for now", responses=_CLOSABLE)
def post_closure(service: Service, closure: ClosureConfig) -> DirectoryView:
    """Close a store, place or connector (`what`), or an area (`floor`, `polygon_m`), with a reason.

    Routes go round it and screens say why; kept over restarts until it is reopened.
    """
    return service.guide.close(closure)


@guide_router.delete("/v1/closures/{closure}", summary="Open something again", responses=_CLOSABLE)
def delete_closure(service: Service, closure: str) -> DirectoryView:
    """Ends a closure by its `id`."""
    return service.guide.reopen(closure)
