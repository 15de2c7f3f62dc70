"""What the mirror asks of the service: products, and the staff."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import uuid4

from edge_core.service.catalogue_schema import ProductsView, StyleView
from edge_core.service.requests_schema import (
    ANSWERS,
    Reason,
    RequestsView,
    RequestView,
    WhyNotView,
)

Get = Callable[[str, type[Any], dict[str, str | int]], Any]
Post = Callable[[str, dict[str, Any], type[Any]], Any]


class ShopCalls:
    """Asks about the shop's products and its staff; use `EdgeClient.shop`.

    Every method raises ServiceUnavailableError where the service does not answer, and
    PromenadeError, with what to do, where it refuses.
    """

    def __init__(self, get: Get, post: Post) -> None:
        self._get, self._post = get, post

    def products(self, skus: Sequence[str]) -> ProductsView:
        """Those of the SKUs that the table knows, in this order."""
        found: ProductsView = self._get("/v1/products", ProductsView, {"skus": ",".join(skus)})
        return found

    def style(self, sku: str) -> StyleView:
        """Everything about the style of a SKU."""
        found: StyleView = self._get(f"/v1/products/{sku}/style", StyleView, {})
        return found

    def requests(self, zone: str | None = None, *, waiting: bool = False) -> RequestsView:
        """Requests to the staff, newest first."""
        query: dict[str, str | int] = {"waiting": str(waiting).lower()}
        query |= {"zone": zone} if zone is not None else {}
        found: RequestsView = self._get("/v1/requests", RequestsView, query)
        return found

    def ask(
        self, screen: str, zone: str, sku: str = "", *, language: str = "en", key: str = ""
    ) -> RequestView:
        """Ask the staff to bring a SKU, or just to come.

        Args:
            screen: id of the mirror.
            zone: where somebody waits.
            sku: what to bring; "" to just come.
            language: the one that is shown there.
            key: the request's own; a new one when not given. The same again changes nothing.
        """
        asked = {"key": key or uuid4().hex, "screen": screen, "zone": zone, "sku": sku}
        found: RequestView = self._post("/v1/requests", asked | {"language": language}, RequestView)
        return found

    def answer(
        self,
        request: str,
        state: ANSWERS,
        *,
        minutes: int | None = None,
        reason: Reason = "",
        key: str = "",
    ) -> RequestView:
        """Answer a request, or withdraw it."""
        said = {"key": key or uuid4().hex, "state": state, "minutes": minutes, "reason": reason}
        path = f"/v1/requests/{request}/answers"
        found: RequestView = self._post(path, said, RequestView)
        return found

    def why_not(
        self, screen: str, zone: str, reason: str, skus: Sequence[str], *, key: str = ""
    ) -> WhyNotView:
        """Why somebody left without what they had with them."""
        said = {"key": key or uuid4().hex, "screen": screen, "zone": zone}
        said_all: dict[str, Any] = said | {"reason": reason, "skus": list(skus)}
        found: WhyNotView = self._post("/v1/why-not", said_all, WhyNotView)
        return found
