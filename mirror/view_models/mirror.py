"""The mirror's pages: idle, and the garments somebody has with them."""

from typing import Final, Literal

from PySide6.QtCore import Property, QElapsedTimer, QObject, QTimer, Signal, Slot

from edge_core.qt.screen import Screen
from mirror.view_models.garments import Garments
from mirror.view_models.wander import wander

_STEP_MS: Final = 10_000

PartOfDay = Literal["morning", "afternoon", "evening"]


def part_of_day(hour: int) -> PartOfDay:
    """Which greeting fits a local hour (0-23)."""
    if 5 <= hour < 12:
        return "morning"
    return "afternoon" if 12 <= hour < 18 else "evening"


class MirrorModel(QObject):
    """State of the mirror; appearance is QML's.

    Args:
        screen: what every screen shares.
    """

    moved = Signal()
    greetingChanged = Signal()  # noqa: N815
    pageChanged = Signal()  # noqa: N815

    def __init__(self, screen: Screen) -> None:
        super().__init__()
        self._screen = screen
        self._garments = Garments(screen)
        self._page = "idle"
        self._garments.changed.connect(self._turn_page)
        self._shift = wander(0)
        self._elapsed = QElapsedTimer()
        self._elapsed.start()
        self._timer = QTimer(self)
        self._timer.setInterval(_STEP_MS)
        self._timer.timeout.connect(self._tick)
        self._timer.start()
        screen.wall_clock.changed.connect(self.greetingChanged)

    @Property(QObject, constant=True)
    def garments(self) -> Garments:
        """See `Garments`."""
        return self._garments

    @Property(str, notify=pageChanged)
    def page(self) -> str:
        """`items` while a garment is shown, else `idle`."""
        return self._page

    @Property(str, notify=greetingChanged)
    def partOfDay(self) -> str:  # noqa: N802
        """`morning`, `afternoon` or `evening` where the mirror hangs."""
        return part_of_day(self._screen.wall_clock.now().hour)

    @Property(float, notify=moved)
    def shiftX(self) -> float:  # noqa: N802
        """Content's place across, -1..1 of the room it may move in."""
        return self._shift[0]

    @Property(float, notify=moved)
    def shiftY(self) -> float:  # noqa: N802
        """Content's place down, -1..1 of the room it may move in."""
        return self._shift[1]

    def wander_to(self, elapsed_s: float) -> None:
        """Move content to where it stands `elapsed_s` seconds after the start."""
        self._shift = wander(elapsed_s)
        self.moved.emit()

    @Slot()
    def _turn_page(self) -> None:
        page = "items" if self._garments.shown else "idle"
        if page != self._page:
            self._page = page
            self.pageChanged.emit()

    @Slot()
    def _tick(self) -> None:
        self.wander_to(self._elapsed.elapsed() / 1000)
