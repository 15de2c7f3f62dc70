"""The kiosk's pages and the way between them."""

from PySide6.QtCore import Property, QObject, Signal, Slot

from edge_core.qt.screen import Screen
from kiosk.view_models.offers import TodaysOffers
from kiosk.view_models.programme import Programme
from kiosk.view_models.route import WayThere
from kiosk.view_models.store_card import StoreCard
from kiosk.view_models.stores import StoreList

ATTRACT = "attract"
WELCOME = "welcome"


class KioskModel(QObject):
    """State of the kiosk; appearance is QML's.

    Pages are known by the names that `Main.qml` registers them under.

    Args:
        screen: what every screen shares.
    """

    pageChanged = Signal()  # noqa: N815

    def __init__(self, screen: Screen) -> None:
        super().__init__()
        self._screen = screen
        self._trail = [ATTRACT]
        self._programme = Programme(screen.facts, screen.wall_clock, screen.tongue)
        self._stores = StoreList(screen)
        self._card = StoreCard(screen, self._stores)
        self._way = WayThere(screen)
        self._offers = TodaysOffers(screen, self._stores)
        screen.attention.sessionEnded.connect(self._go_home)

    @Property(str, notify=pageChanged)
    def page(self) -> str:
        """Name of the page shown."""
        return self._trail[-1]

    @Property(QObject, constant=True)
    def programme(self) -> Programme:
        """See `Programme`."""
        return self._programme

    @Property(QObject, constant=True)
    def stores(self) -> StoreList:
        """See `StoreList`."""
        return self._stores

    @Property(QObject, constant=True)
    def card(self) -> StoreCard:
        """See `StoreCard`."""
        return self._card

    @Property(QObject, constant=True)
    def way(self) -> WayThere:
        """See `WayThere`."""
        return self._way

    @Property(QObject, constant=True)
    def offers(self) -> TodaysOffers:
        """See `TodaysOffers`."""
        return self._offers

    @Slot()
    def begin(self) -> None:
        """A visitor touched the attract page."""
        self._screen.attention.begin()
        self._show([ATTRACT, WELCOME])

    @Slot(str)
    def open(self, page: str) -> None:
        """Go on to another page."""
        if page != self._trail[-1]:
            self._show([*self._trail, page])

    @Slot()
    def back(self) -> None:
        """Return to the page before; the welcome page is the first."""
        if len(self._trail) > 2:
            self._screen.floor_plan.go_home()
            self._show(self._trail[:-1])

    @Slot(str)
    def openStore(self, store_id: str) -> None:  # noqa: N802
        """Look at a store, or at the way to a place: it has no page of its own."""
        if any(place.id == store_id for place in self._screen.stores.places):
            self.takeMeThere(store_id)
            return
        self._card.show(store_id)
        self.open("store")

    @Slot(str)
    def takeMeThere(self, goal_id: str) -> None:  # noqa: N802
        """Show the way to something."""
        self._way.go(goal_id)
        self.open("route")

    @Slot()
    def finish(self) -> None:
        """The visitor is done."""
        self._screen.attention.end()

    @Slot()
    def _go_home(self) -> None:
        self._stores.reset()
        self._way.reset()
        self._show([ATTRACT])

    def _show(self, trail: list[str]) -> None:
        changed = trail[-1] != self._trail[-1]
        self._trail = trail
        if changed:
            self.pageChanged.emit()
