"""POST /v1/till: a till hands in its sales."""

from typing import Any, Final

from fastapi import APIRouter, Request
from starlette.concurrency import run_in_threadpool

from edge_core.service import item_examples as examples
from edge_core.service.answers import answers, refused
from edge_core.service.dependencies import Service
from edge_core.service.item_schema import TillReceiptView
from edge_core.service.problems import QueryError
from edge_core.service.till import MOST_BYTES, TillError, read_csv, read_json, sort_out
from edge_core.service.views import ServiceState, ns_from_utc, utc_from_ns

till_router = APIRouter()
_READERS: Final = {"text/csv": read_csv, "application/json": read_json}
_BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            "text/csv": {"schema": {"type": "string"}, "example": examples.SALES_CSV},
            "application/json": {"schema": {"type": "object"}, "example": examples.SALES},
        },
    }
}
_REFUSED: Final = refused(
    "Nothing of it can be understood, and nothing was kept", examples.TILL_PROBLEM
)


@till_router.post(
    "/v1/till",
    summary="Hand in sales",
    responses=answers(examples.TILL_RECEIPT, _422=_REFUSED),
    openapi_extra=_BODY,
)
async def post_sales(request: Request, service: Service) -> TillReceiptView:
    """Sales of a till as CSV or JSON; once answered they are durable.

    A transaction is kept whole or refused whole, with what is wrong told line by line; the others
    are kept. Handing in a transaction again changes nothing.
    """
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    reader = _READERS.get(media_type)
    if reader is None:
        raise QueryError(
            f"Sales do not come as `{media_type or 'nothing'}`.",
            "Send them with the Content-Type text/csv or application/json.",
        )
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            raise QueryError(
                f"That is more than {MOST_BYTES // 2**20} MiB.", "Hand it in in several parts."
            )
    try:
        handed = await run_in_threadpool(reader, bytes(body))
    except TillError as error:
        raise QueryError(error.message, error.remedy) from None
    return await run_in_threadpool(_keep, service, handed.sales, handed.refused)


def _keep(service: ServiceState, sales: list[Any], refused: list[Any]) -> TillReceiptView:
    """Make what is new durable and tell what became of everything."""
    found = sort_out(sales, service.ledger, utc_from_ns(service.clock.utc_ns()))
    events = [event for sale in found.new for event in sale.events(ns_from_utc(sale.time_utc))]
    service.keep(events)
    skus = {sku for sale in found.new for sku, _ in sale.lines}
    return TillReceiptView(
        kept=len(found.new),
        known=found.known,
        lines=len(events),
        unknown_skus=sorted(sku for sku in skus if service.products.of_sku(sku) is None),
        refused=[*refused, *found.refused],
    )
