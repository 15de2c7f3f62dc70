"""What somebody at the mirror has asked of the staff, and how that stands."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final
from uuid import uuid4

from PySide6.QtCore import Property, QObject, QTimer, Signal, Slot

from edge_core.errors import PromenadeError
from edge_core.qt.list_models import RecordListModel
from edge_core.qt.screen import Screen
from edge_core.service.catalogue_schema import ProductsView, ProductView
from edge_core.service.client import EdgeClient
from edge_core.service.live_feed import LinkState
from edge_core.service.requests_schema import RequestState, RequestsView, RequestView
from edge_core.service.schema import EventView
from edge_core.types import EventKind
from mirror.view_models.asking import ask
from mirror.view_models.cards import card

WAITING: Final = (RequestState.OPEN, RequestState.ACCEPTED, RequestState.ON_THE_WAY)
TOLD_S: Final = 30.0
"""So long the end of a request is shown."""
_KINDS: Final = (EventKind.REQUEST, EventKind.ANSWER)


@dataclass(frozen=True, slots=True)
class RequestRow:
    """One request, in the language shown.

    Attributes:
        request: its key.
        standing: a `RequestState`.
        reason: why it was declined.
        waits: somebody still waits for it.
        seconds: until somebody wants to be there; -1 where nobody said.
        share: of the time that was promised, how much has passed, 0..1.
        name, size, colour, picture, tint: of what is to be brought; "" when somebody just comes.
    """

    request: str
    standing: str
    reason: str
    waits: bool
    seconds: int
    share: float
    name: str
    size: str
    colour: str
    picture: str
    tint: str


class Staff(QObject):
    """Requests from this mirror's place, newest first.

    Args:
        screen: tells place and language, and asks the service.
    """

    changed = Signal()

    def __init__(self, screen: Screen) -> None:
        super().__init__()
        self._screen = screen
        self._requests: list[RequestView] = []
        self._products: dict[str, ProductView] = {}
        self._own: set[str] = set()
        self._sending: set[str] = set()
        self._unheard = False
        self._rows = RecordListModel(RequestRow, "request", self)
        self._second = QTimer(self)
        self._second.setInterval(1000)
        self._second.timeout.connect(self._show)
        screen.eventReceived.connect(self._hear)
        screen.linkChanged.connect(self._take_link)
        screen.tongue.changed.connect(self._show)

    @Property(QObject, constant=True)
    def rows(self) -> RecordListModel[RequestRow]:
        """A `RequestRow` each."""
        return self._rows

    @Property(int, notify=changed)
    def count(self) -> int:
        """How many are shown."""
        return len(self._rows.rows)

    @Property(dict, notify=changed)
    def newest(self) -> dict[str, Any]:
        """Fields of the row to show where there is room for one; empty while there is none."""
        rows = self._rows.rows
        first = next((row for row in rows if row.waits), rows[0] if rows else None)
        return asdict(first) if first is not None else {}

    @Property(bool, notify=changed)
    def unheard(self) -> bool:
        """The last request could not be sent."""
        return self._unheard

    @Slot(str)
    def ask(self, sku: str) -> None:
        """Ask to bring a SKU, or just to come for ""; once, while the same one is waited for."""
        zone = self._screen.garment_zone
        if zone is None or sku in self._sending or self._is_asked(sku):
            return
        key, screen, language = (
            uuid4().hex,
            self._screen.own_id or "mirror",
            self._screen.tongue.current,
        )
        self._own.add(key)
        self._sending.add(sku)
        self._unheard = False

        def failed(_: PromenadeError) -> None:
            self._sending.discard(sku)
            self._unheard = True
            self._show()

        def sent(request: RequestView) -> None:
            self._sending.discard(sku)
            self._requests = [request, *(it for it in self._requests if it.request != key)]
            self._show()
            self._refresh()

        ask(
            self._screen,
            lambda client: client.shop.ask(screen, zone, sku, language=language, key=key),
            sent,
            failed,
        )
        self._show()

    @Slot(str)
    def withdraw(self, request: str) -> None:
        """It is needed no longer."""
        ask(
            self._screen,
            lambda client: client.shop.answer(request, "withdrawn", key="by-the-shopper"),
            lambda _: self._refresh(),
        )

    @Slot(str)
    def dismiss(self, request: str) -> None:
        """The answer has been read."""
        self._own.discard(request)
        self._show()

    def is_waiting(self, sku: str) -> bool:
        """Whether this SKU has been asked for and not come yet."""
        return sku in self._sending or self._is_asked(sku)

    def forget(self) -> None:
        """Withdraw what still waits, and show nothing."""
        for request in self._requests:
            if request.request in self._own and request.state in WAITING:
                self.withdraw(request.request)
        self._own.clear()
        self._sending.clear()
        self._requests = []
        self._unheard = False
        self._show()

    def _is_asked(self, sku: str) -> bool:
        return any(
            it.sku == sku and it.state in WAITING and it.request in self._own
            for it in self._requests
        )

    @Slot(object)
    def _hear(self, event: EventView) -> None:
        if event.kind in _KINDS and event.place == self._screen.garment_zone and self._own:
            self._refresh()

    @Slot(str)
    def _take_link(self, state: str) -> None:
        if state == LinkState.LIVE.value and self._own:
            self._refresh()

    def _refresh(self) -> None:
        zone = self._screen.garment_zone
        if zone is not None:
            ask(self._screen, lambda client: _requests(client, zone), self._take)

    def _take(self, found: tuple[RequestsView, ProductsView]) -> None:
        requests, products = found
        self._requests = requests.requests
        self._products |= {it.sku: it for it in products.products}
        self._show()

    @Slot()
    def _show(self) -> None:
        now = self._screen.wall_clock.now()
        shown = [it for it in self._requests if it.request in self._own and _tells(it, now)]
        self._rows.show([self._row(it, now) for it in shown])
        if shown and not self._second.isActive():
            self._second.start()
        elif not shown:
            self._second.stop()
        self.changed.emit()

    def _row(self, request: RequestView, now: datetime) -> RequestRow:
        seconds, share = -1, 0.0
        if request.due_at is not None:
            left = (request.due_at - now).total_seconds()
            whole = max(1.0, (request.due_at - request.changed_at).total_seconds())
            seconds, share = max(0, round(left)), min(1.0, max(0.0, 1 - left / whole))
        product = self._products.get(request.sku)
        told = card(self._screen, product) if product is not None else None
        return RequestRow(
            request.request,
            request.state.value,
            request.reason,
            request.state in WAITING,
            seconds,
            share,
            told.name if told else "",
            told.size if told else "",
            told.colour if told else "",
            told.picture if told else "",
            told.tint if told else "",
        )


def _tells(request: RequestView, now: datetime) -> bool:
    """Whether it is still worth showing: it waits, or has just ended."""
    if request.state is RequestState.WITHDRAWN:
        return False
    return request.state in WAITING or (now - request.changed_at).total_seconds() < TOLD_S


def _requests(client: EdgeClient, zone: str) -> tuple[RequestsView, ProductsView]:
    """Runs on the questions' thread."""
    found = client.shop.requests(zone)
    skus = [it.sku for it in found.requests if it.sku]
    return found, client.shop.products(skus) if skus else ProductsView(products=[])
