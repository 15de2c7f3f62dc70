"""The hub's API for store PCs: enrolment, facts in, content out. Every call but the first is keyed.

Nothing in it depends on the store PC's clock.
"""

import threading
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from fastapi.responses import JSONResponse

from edge_core.dashboard.access.throttle import Failures
from edge_core.hub.after_visit.lists import tell_key
from edge_core.hub.publish import Shelf
from edge_core.hub.store import Device, HubStore, RefusedError
from edge_core.service.answers import REFUSED
from edge_core.service.problems import problem_response
from edge_core.sync.content import etag_of
from edge_core.sync.protocol import Batch, ContentPage, Enrolled, Enrolment, Receipt

_MOST_ADDRESSES: Final = 10_000
_REFUSED: Final[dict[int | str, dict[str, Any]]] = {403: REFUSED}


class HubApi:
    """Handlers over the store.

    Args:
        store: what the hub keeps.
        shelf: what it gives.

    Attributes:
        router: to be added to the app.
    """

    def __init__(self, store: HubStore, shelf: Shelf) -> None:
        self._store = store
        self._shelf = shelf
        self._failures: dict[str, Failures] = {}
        self._turn = threading.Lock()
        self.router = APIRouter()
        add = self.router.add_api_route
        keyed = [Depends(self.device)]
        add("/v1/enrolments", self.enrol, methods=["POST"], summary="Make a store PC known",
            responses=_REFUSED)  # fmt: skip
        add("/v1/batches", self.take, methods=["POST"], summary="Take facts", dependencies=keyed,
            responses=_REFUSED)  # fmt: skip
        add("/v1/content", self.content, methods=["GET"], summary="What changed",
            dependencies=keyed, response_model=ContentPage,
            responses=_REFUSED | {304: {"description": "Nothing did"}})  # fmt: skip

    def enrol(self, request: Request, enrolment: Enrolment) -> Enrolled:
        """Exchange a one-time code and the hash of a key that the store PC drew itself.

        The same code with the same key again is answered the same, for an answer may get lost.
        """
        address = request.client.host if request.client else ""
        self._require_patience(address)
        try:
            device = self._store.enrol(enrolment)
        except RefusedError:
            self._note_failure(address)
            raise
        return Enrolled(
            device=device.id,
            site=device.site,
            hub=self._store.fact("name", "Promenade hub"),
            content_key=self._shelf.public_key,
        )

    def device(self, request: Request, authorization: Annotated[str, Header()] = "") -> Device:
        """Who calls."""
        scheme, _, token = authorization.partition(" ")
        device = self._store.device_of(token.strip() if scheme.lower() == "bearer" else "")
        request.state.device = device
        return device

    def take(self, request: Request, batch: Batch) -> Receipt:
        """Keep a batch: what is answered is durable. A key that is known changes nothing."""
        taken = self._store.take(request.state.device, batch)
        if batch.list_key:
            tell_key(self._store, request.state.device, batch.list_key)
        return Receipt(
            kept=taken.kept,
            known=taken.known,
            refused=taken.refused,
            utc_ns=self._store.clock.utc_ns(),
        )

    def content(
        self,
        request: Request,
        since: Annotated[int, Query(ge=0)] = 0,
        if_none_match: Annotated[str, Header(max_length=200)] = "",
    ) -> Response:
        """Records changed after a revision; 304 when the caller has the newest (RFC 9110)."""
        site = request.state.device.site
        etag = self._shelf.etag(site)
        if if_none_match == etag:
            return Response(status_code=304, headers={"etag": etag})
        page = self._shelf.page(site, since)
        whole = etag_of(page.site, page.revision, page.digest)
        headers = {} if page.more else {"etag": whole}
        return JSONResponse(page.model_dump(mode="json"), headers=headers)

    def _require_patience(self, address: str) -> None:
        with self._turn:
            wait_s = self._failures.get(address, Failures()).wait_s(self._store.clock.utc_ns())
        if wait_s > 0:
            raise PatienceError(wait_s)

    def _note_failure(self, address: str) -> None:
        with self._turn:
            if len(self._failures) >= _MOST_ADDRESSES:
                self._failures.clear()
            before = self._failures.get(address, Failures())
            self._failures[address] = before.one_more(self._store.clock.utc_ns())


class PatienceError(Exception):
    """Too many wrong codes came from there.

    Args:
        wait_s: until the next is looked at.
    """

    def __init__(self, wait_s: float) -> None:
        super().__init__(wait_s)
        self.wait_s = wait_s


def refuse(_: Request, error: Exception) -> Response:
    """The answer to `RefusedError`."""
    assert isinstance(error, RefusedError)
    return problem_response(403, error.message, error.remedy)


def ask_patience(_: Request, error: Exception) -> Response:
    """The answer to `PatienceError`."""
    assert isinstance(error, PatienceError)
    answer = problem_response(429, "Too many wrong codes.", "Wait, and ask for a new code.")
    answer.headers["retry-after"] = str(round(error.wait_s + 0.5))
    return answer


HANDLERS: Final[dict[type[Exception], Any]] = {
    RefusedError: refuse,
    PatienceError: ask_patience,
}
