"""The kiosk's pages and the way between them."""

from PySide6.QtCore import Property, QObject, Signal, Slot

from edge_core.qt.screen import Screen
from kiosk.view_models.ideas import Ideas
from kiosk.view_models.offers import TodaysOffers
from kiosk.view_models.programme import Programme
from kiosk.view_models.route import WayThere
from kiosk.view_models.sees import Sees
from kiosk.view_models.store_card import StoreCard
from kiosk.view_models.stores import StoreList
from kiosk.view_models.take_home import TakeHome
from kiosk.view_models.visit import Visit

ATTRACT = "attract"
WELCOME = "welcome"
SEES = "sees"
IDEAS = "ideas"


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
        self._visit = Visit(screen)
        self._ideas = Ideas(screen, self._stores, self._visit)
        self._sees = Sees(screen, self._visit)
        self._take_home = TakeHome(screen, self._visit)
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

    @Property(QObject, constant=True)
    def ideas(self) -> Ideas:
        """See `Ideas`."""
        return self._ideas

    @Property(QObject, constant=True)
    def sees(self) -> Sees:
        """See `Sees`."""
        return self._sees

    @Property(QObject, constant=True)
    def takeHome(self) -> TakeHome:  # noqa: N802
        """See `TakeHome`."""
        return self._take_home

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
        if self._trail[-1] == SEES:
            self._sees.reset()
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

    @Slot(str)
    def takeWithMe(self, goal_id: str) -> None:  # noqa: N802
        """Show the code with the way to something and the session's coupon."""
        self._take_home.prepare(goal_id, self._way.chosen_mode)
        self.open("takeHome")

    @Slot()
    def takeIdeas(self) -> None:  # noqa: N802
        """Show the code with the coupon and the way to its store, or to the first idea."""
        self.takeWithMe(self._ideas.best_store)

    @Slot()
    def openSees(self) -> None:  # noqa: N802
        """Show what this device sees, from wherever one is."""
        if self._trail[-1] == ATTRACT:
            self._screen.attention.begin()
            self._show([ATTRACT, WELCOME, SEES])
        else:
            self.open(SEES)

    @Slot()
    def forgetMe(self) -> None:  # noqa: N802
        """Delete whatever is known of whoever stands here; the page shows a receipt."""
        self._ideas.reset()
        self._take_home.reset()
        self._sees.forgetMe()

    @Slot()
    def stopUsing(self) -> None:  # noqa: N802
        """Use nothing more of what the screen sees; the session is wiped."""
        self._ideas.again()
        self._take_home.reset()

    @Slot()
    def finish(self) -> None:
        """The visitor is done."""
        self._screen.attention.end()

    @Slot()
    def _go_home(self) -> None:
        self._stores.reset()
        self._way.reset()
        self._visit.end()
        self._ideas.reset()
        self._take_home.reset()
        self._sees.reset()
        self._show([ATTRACT])

    def _show(self, trail: list[str]) -> None:
        changed = trail[-1] != self._trail[-1]
        self._trail = trail
        if changed:
            self._sees.show(shown=trail[-1] in (SEES, IDEAS))
            self.pageChanged.emit()
