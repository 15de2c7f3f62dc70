"""Client of the edge service's local API, for the screens: no Qt, no vision, no server.

`EdgeClient` asks and follows once; see `edge_core.service.live_feed` for following for ever.
"""

import socket
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime
from functools import cached_property
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self, TypeVar

from pydantic import BaseModel, ValidationError

from edge_core.errors import PromenadeError, ServiceUnavailableError
from edge_core.service.item_schema import GarmentsView, ItemsView, TagsView, TillReceiptView
from edge_core.service.schema import (
    DirectoryView,
    EventsView,
    EventView,
    HealthView,
    LiveView,
    ProblemView,
    RouteView,
    View,
)
from edge_core.service.shop_client import ShopCalls
from edge_core.service.site_schema import SiteView
from edge_core.service.sse import MessageKind, StreamMessage, StreamView, messages
from edge_core.service.suggestions_client import SuggestionCalls
from edge_core.service.visits_schema import (
    CountsView,
    OccupancyView,
    RatesView,
    VisitCountsView,
)

__all__ = [
    "EdgeClient",
    "MessageKind",
    "StreamMessage",
    "StreamView",
    "address_of_service",
]

if TYPE_CHECKING:
    import httpx

AnyView = TypeVar("AnyView", bound=BaseModel)

_CONNECT_S: Final = 2.0
_ANSWER_S: Final = 5.0
_TILL_S: Final = 60.0
_SILENCE_S: Final = 12.0
"""The service sends a heartbeat every four seconds; three missed ones mean it hangs."""


def address_of_service(site: Path) -> str:
    """Where the service of a site file answers. Raises ConfigError."""
    from edge_core.config import load_site  # the screens start sooner without the settings

    service = load_site(site).service
    host = f"[{service.host}]" if ":" in service.host else service.host
    return f"http://{host}:{service.port}"


class EdgeClient:
    """Asks the edge service. One instance serves one thread; `interrupt` may come from any.

    Args:
        base_url: e.g. `http://127.0.0.1:8460`.
        transport: another way to reach the service, e.g. httpx's mock transport.
    """

    def __init__(self, base_url: str, *, transport: "httpx.BaseTransport | None" = None) -> None:
        self.base_url = base_url.rstrip("/")
        self._stream_socket: socket.socket | None = None
        self._transport = transport

    @cached_property
    def _http(self) -> "httpx.Client":
        """Made by the first question, on its thread: a screen draws before it asks."""
        import httpx  # for the same reason; it is a tenth of all that a screen loads

        return httpx.Client(
            base_url=self.base_url,
            timeout=httpx.Timeout(_ANSWER_S, connect=_CONNECT_S),
            trust_env=False,  # a web proxy must never stand between a screen and its own PC
            verify=not self.base_url.startswith("http:"),  # certificates are read for https only
            transport=self._transport,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        if "_http" in vars(self):
            self._http.close()

    def site(self) -> SiteView:
        """The plan and the names. Raises ServiceUnavailableError."""
        return self.ask("/v1/site", SiteView)

    def directory(self) -> DirectoryView:
        """Stores, places, ways and closures. Raises ServiceUnavailableError."""
        return self.ask("/v1/directory", DirectoryView)

    def route(self, start: str, goal: str, mode: str = "walking") -> RouteView:
        """The quickest way between two things of the directory, or from a screen.

        Args:
            start: id of a screen, store, place or connector.
            goal: likewise.
            mode: `walking`, `step-free` or `stroller`.

        Raises:
            PromenadeError: there is no such thing, or no such way now; says why.
            ServiceUnavailableError: no answer.
        """
        return self.ask("/v1/routes", RouteView, {"from": start, "to": goal, "mode": mode})

    def live(self) -> LiveView:
        """Everybody in view now. Raises ServiceUnavailableError."""
        return self.ask("/v1/live", LiveView)

    def tags(self) -> TagsView:
        """The RFID tags in view now. Raises ServiceUnavailableError."""
        return self.ask("/v1/tags", TagsView)

    def garments(self) -> GarmentsView:
        """The garments at mirrors and in fitting rooms now. Raises ServiceUnavailableError."""
        return self.ask("/v1/garments", GarmentsView)

    def items(self, start: datetime | None = None, end: datetime | None = None) -> ItemsView:
        """What happened to items, by product; today's when not asked otherwise.

        Args:
            start: aware instant; the site's last midnight when not given.
            end: aware instant; now when not given.

        Raises:
            PromenadeError: the service refuses the question; says why.
            ServiceUnavailableError: no answer.
        """
        query: dict[str, str | int] = {"start": start.isoformat()} if start else {}
        query |= {"end": end.isoformat()} if end else {}
        return self.ask("/v1/items", ItemsView, query)

    def item_events(self, limit: int = 50) -> list[EventView]:
        """The newest things that happened to items, newest first. Raises as `items`."""
        return self.ask("/v1/items/events", EventsView, {"limit": limit}).events

    def hand_in_sales(self, body: bytes, media_type: str) -> TillReceiptView:
        """Give the service a till's sales; handing them in again changes nothing.

        Args:
            body: see `edge_core.service.till`.
            media_type: `text/csv` or `application/json`.

        Raises:
            PromenadeError: nothing of it can be understood; says why.
            ServiceUnavailableError: no answer.
        """
        with self._errors_named():
            response = self._http.post(
                "/v1/till", content=body, headers={"Content-Type": media_type}, timeout=_TILL_S
            )
            if response.status_code != HTTPStatus.OK:
                self._refuse(response)
            return TillReceiptView.model_validate_json(response.content)

    @property
    def shop(self) -> ShopCalls:
        """Products, and requests to the staff."""
        return ShopCalls(self.ask, self._post)

    @property
    def suggestions(self) -> SuggestionCalls:
        """What is asked for a visitor of a screen."""
        return SuggestionCalls(self._post)

    def keep_rates(self, rates: RatesView) -> None:
        """Let the service correct unique visitors by an audit's rates.

        Raises:
            PromenadeError: the service refuses them; says why.
            ServiceUnavailableError: no answer.
        """
        with self._errors_named():
            response = self._http.post("/v1/rates", json=rates.model_dump())
            if response.status_code != HTTPStatus.OK:
                self._refuse(response)

    def health(self) -> HealthView:
        """How the service is, told also while it is down. Raises ServiceUnavailableError."""
        return self.ask("/health", HealthView)

    def occupancy(self) -> OccupancyView:
        """How many people are inside, now and today. Raises ServiceUnavailableError."""
        return self.ask("/v1/occupancy", OccupancyView)

    def visits(self, day: date | None = None) -> VisitCountsView:
        """Visits and different people of a day of the site; today when not given.

        Raises ServiceUnavailableError.
        """
        query: dict[str, str | int] = {"date": day.isoformat()} if day else {}
        return self.ask("/v1/visits", VisitCountsView, query)

    def counts(
        self, start: datetime | None = None, end: datetime | None = None, bucket_s: int = 900
    ) -> CountsView:
        """Crossings by line in spans of `bucket_s` seconds, and today's totals.

        Args:
            start: aware instant; the site's last midnight when not given.
            end: aware instant; now when not given.
            bucket_s: a multiple of 60.

        Raises:
            PromenadeError: the service refuses the question; says why.
            ServiceUnavailableError: no answer.
        """
        query: dict[str, str | int] = {"bucket_s": bucket_s}
        query |= {"start": start.isoformat()} if start else {}
        query |= {"end": end.isoformat()} if end else {}
        return self.ask("/v1/counts", CountsView, query)

    def release(self, screen_id: str, pin: str) -> None:
        """Return if this is the operator's PIN, and so the screen may end.

        Raises:
            PromenadeError: it is not, or there is none, or it is too soon; says which.
            ServiceUnavailableError: no answer.
        """
        self._post("/v1/screens/release", {"screen": screen_id, "pin": pin}, View)

    def stream(self, last_event_id: int | None = None) -> Generator[StreamMessage, None, None]:
        """Follow the service until it ends the stream.

        Args:
            last_event_id: the newest `event_id` already handled; missed events come first.

        Raises:
            ServiceUnavailableError: the stream cannot be opened, breaks or falls silent.
        """
        headers = {"Accept": "text/event-stream"}
        if last_event_id is not None:
            headers["Last-Event-ID"] = str(last_event_id)
        import httpx

        timeout = httpx.Timeout(_ANSWER_S, connect=_CONNECT_S, read=_SILENCE_S)
        with (
            self._errors_named(),
            self._http.stream("GET", "/v1/stream", headers=headers, timeout=timeout) as response,
        ):
            if response.status_code != HTTPStatus.OK:
                response.read()
                self._refuse(response)
            network = response.extensions.get("network_stream")
            self._stream_socket = network.get_extra_info("socket") if network else None
            try:
                yield from messages(response.iter_bytes())
            finally:
                self._stream_socket = None

    def interrupt(self) -> None:
        """End a `stream` that another thread is waiting on; it raises there."""
        open_socket = self._stream_socket
        if open_socket is not None:
            with suppress(OSError):  # it may have closed by itself in between
                open_socket.shutdown(socket.SHUT_RDWR)

    def ask(
        self, path: str, view: type[AnyView], query: dict[str, str | int] | None = None
    ) -> AnyView:
        """What a GET answers, as its view.

        Raises:
            PromenadeError: the service refuses the question; says why.
            ServiceUnavailableError: no answer.
        """
        with self._errors_named():
            response = self._http.get(path, params=query)
            down_but_told = path == "/health" and response.status_code == 503
            if response.status_code != HTTPStatus.OK and not down_but_told:
                self._refuse(response)
            return view.model_validate_json(response.content)

    def _post(self, path: str, asked: dict[str, Any], view: type[AnyView]) -> AnyView:
        with self._errors_named():
            response = self._http.post(path, json=asked)
            if response.status_code != HTTPStatus.OK:
                self._refuse(response)
            return view.model_validate_json(response.content)

    @contextmanager
    def _errors_named(self) -> Iterator[None]:
        import httpx

        try:
            yield
        except httpx.TransportError as error:
            raise ServiceUnavailableError(
                f"The edge service at {self.base_url} does not answer ({type(error).__name__}).",
                "Start it with `promenade edge`, or check its address.",
            ) from error
        except ValidationError as error:
            raise ServiceUnavailableError(
                f"What answers at {self.base_url} is not this version's edge service.",
                "Check the address, and update the service and the screens together.",
            ) from error

    def _refuse(self, response: "httpx.Response") -> None:
        """Raise what the service says is wrong with the request, or that it is not ours."""
        try:
            problem = ProblemView.model_validate_json(response.content)
        except ValidationError:
            raise ServiceUnavailableError(
                f"{self.base_url} answered with status {response.status_code}.",
                "Check that the edge service runs there, and read its log.",
            ) from None
        kind = PromenadeError if response.status_code < 500 else ServiceUnavailableError
        raise kind(problem.message, problem.remedy)
