"""/v1/requests: what a shopper at a mirror asks of the staff, and the staff's answers."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, HTTPException, Query

from edge_core.service import requests
from edge_core.service.answers import Responses, answers, refused
from edge_core.service.dependencies import Service
from edge_core.service.requests_schema import (
    AnswerQuestion,
    RequestQuestion,
    RequestsView,
    RequestView,
    WhyNotQuestion,
    WhyNotView,
)

requests_router = APIRouter()
_REQUEST: Final[dict[str, Any]] = {
    "request": "4f2c9a10b7",
    "state": "accepted",
    "screen": "mirror",
    "zone": "fitting-room-1",
    "sku": "belted-coat-camel-m",
    "language": "en",
    "asked_at": "2026-05-01T09:30:00Z",
    "changed_at": "2026-05-01T09:30:20Z",
    "due_at": "2026-05-01T09:32:20Z",
    "reason": "",
}
_REFUSED: Final = refused("There is no such request, or it cannot be asked or answered so")


def _answers(example: object) -> Responses:
    return answers(example, _404=_REFUSED, _422=_REFUSED, _503=_REFUSED)


@requests_router.post("/v1/requests", summary="Ask the staff", responses=_answers(_REQUEST))
def post_request(service: Service, question: RequestQuestion) -> RequestView:
    """A garment to bring, or just somebody to come. Asking again with the same key changes nothing.

    Streams are told as an `event` of the kind `request`.
    """
    return requests.request_view(requests.ask(service, question))


@requests_router.get(
    "/v1/requests", summary="Requests to the staff", responses=_answers({"requests": [_REQUEST]})
)
def get_requests(
    service: Service,
    zone: Annotated[str | None, Query(description="only from there")] = None,
    waiting: Annotated[bool, Query(description="only those somebody waits for")] = False,
) -> RequestsView:
    """Those of the last four hours as they stand now, newest first."""
    return requests.requests_view(service, zone, waiting=waiting)


@requests_router.post(
    "/v1/requests/{request}/answers", summary="Answer a request", responses=_answers(_REQUEST)
)
def post_answer(service: Service, request: str, question: AnswerQuestion) -> RequestView:
    """Accepted, on the way, done, declined; or withdrawn by whoever asked. Keys as for requests.

    Streams are told as an `event` of the kind `answer`.
    """
    try:
        return requests.request_view(requests.answer(service, request, question))
    except LookupError:
        raise HTTPException(404, f"There is no request {request}") from None


@requests_router.post(
    "/v1/why-not", summary="Why somebody left without it", responses=_answers({"kept": True})
)
def post_why_not(service: Service, question: WhyNotQuestion) -> WhyNotView:
    """One tap at a mirror: fit, price, colour or other, and which products were there."""
    return WhyNotView(kept=requests.why_not(service, question))
