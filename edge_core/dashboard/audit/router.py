"""/audit: the phone page, and where it hands in what was tallied."""

from typing import Annotated, Final, Literal, Self

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel, ConfigDict, Field, model_validator

from edge_core.dashboard.audit.page import OFFLINE_SCRIPT, tally_page
from edge_core.service.problems import QueryError
from edge_core.service.views import ServiceState
from edge_core.types import Event, EventKind
from edge_core.units import NS_PER_MS

AUDIT: Final = "/audit"
_MOST_PRESSES: Final = 500
_OLDEST_MS: Final = 24 * 3600 * 1000
_Id = Annotated[str, Field(pattern=r"^[0-9a-f-]{16,40}$")]


class Press(BaseModel):
    """One press of a button on the phone.

    `age_ms` is how long ago it was when the phone sent it: the service keeps the time, and the
    phone's clock may be wrong. `id` is random: what is sent again is kept once.
    """

    model_config = ConfigDict(extra="forbid")

    id: _Id
    line: str
    age_ms: float = Field(ge=0, le=_OLDEST_MS)
    direction: Literal["in", "out"] | None = None
    mark: Literal["begin", "end"] | None = None
    undo: _Id | None = None
    walk: bool = False

    @model_validator(mode="after")
    def _one_thing(self) -> Self:
        if sum(it is not None for it in (self.direction, self.mark, self.undo)) != 1:
            raise ValueError("a press is one of direction, mark and undo")
        return self


class Presses(BaseModel):
    """Body of POST /audit/tallies."""

    model_config = ConfigDict(extra="forbid")

    observer: str = Field(pattern=r"^\w[\w .-]{0,11}$")
    presses: list[Press] = Field(min_length=1, max_length=_MOST_PRESSES)


class Kept(BaseModel):
    """Which presses are durable now, by id."""

    kept: list[str]


def audit_router(state: ServiceState) -> APIRouter:
    """The page and its door."""
    router = APIRouter(include_in_schema=False)
    lines = [line for line in state.site().lines if line.entrance] or state.site().lines

    @router.get(AUDIT)
    def get_page() -> HTMLResponse:
        return HTMLResponse(tally_page(state.site(), lines), headers={"Cache-Control": "no-store"})

    @router.get(f"{AUDIT}/offline.js")
    def get_offline() -> Response:
        headers = {"Cache-Control": "no-cache", "Service-Worker-Allowed": AUDIT}
        return Response(OFFLINE_SCRIPT, media_type="text/javascript", headers=headers)

    @router.post(f"{AUDIT}/tallies")
    def post_tallies(told: Presses) -> Kept:
        known = {line.id for line in state.site().lines}
        for press in told.presses:
            if press.line not in known:
                raise QueryError(f"No line has the id {press.line}.", "Load the page again.")
        now_ns = state.clock.utc_ns()
        state.keep([_event(told.observer, press, now_ns) for press in told.presses])
        return Kept(kept=[press.id for press in told.presses])

    return router


def _event(observer: str, press: Press, now_ns: int) -> Event:
    data: dict[str, object] = {"observer": observer}
    if press.direction is not None:
        data["direction"] = press.direction
    if press.mark is not None:
        data["mark"] = press.mark
    if press.undo is not None:
        data["undo"] = f"tally/{press.undo}"
    if press.walk:
        data["walk"] = True
    return Event(
        key=f"tally/{press.id}",
        kind=EventKind.TALLY,
        utc_ns=now_ns - round(press.age_ms * NS_PER_MS),
        mono_ns=0,
        camera_id="",
        place_id=press.line,
        data=data,
    )
