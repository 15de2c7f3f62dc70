"""The kiosk's pages and the way between them."""

from enum import StrEnum

from PySide6.QtCore import Property, QObject, Signal, Slot

from edge_core.qt.screen import Screen
from kiosk.view_models.programme import Programme


class Page(StrEnum):
    """Pages of the kiosk."""

    ATTRACT = "attract"
    WELCOME = "welcome"


class KioskModel(QObject):
    """State of the kiosk; appearance is QML's.

    Args:
        screen: what every screen shares.
    """

    pageChanged = Signal()  # noqa: N815

    def __init__(self, screen: Screen) -> None:
        super().__init__()
        self._screen = screen
        self._page = Page.ATTRACT
        self._programme = Programme(screen.facts, screen.wall_clock, screen.tongue)
        screen.attention.sessionEnded.connect(self._go_home)

    @Property(str, notify=pageChanged)
    def page(self) -> str:
        """A `Page`."""
        return self._page.value

    @Property(QObject, constant=True)
    def programme(self) -> Programme:
        """See `Programme`."""
        return self._programme

    @Slot()
    def begin(self) -> None:
        """A visitor touched the attract page."""
        self._screen.attention.begin()
        self._open(Page.WELCOME)

    @Slot()
    def finish(self) -> None:
        """The visitor is done."""
        self._screen.attention.end()

    @Slot()
    def _go_home(self) -> None:
        self._open(Page.ATTRACT)

    def _open(self, page: Page) -> None:
        if page is not self._page:
            self._page = page
            self.pageChanged.emit()
