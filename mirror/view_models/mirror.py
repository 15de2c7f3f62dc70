"""The mirror's pages, and the session of whoever stands before it.

A session lives while garments are there. When they have left, everything that belongs to it is
wiped at once. While the one question after it stands ("why not?"), only which products were here is
known, and that ends with the question.
"""

from collections.abc import Callable
from typing import Final, Literal

from PySide6.QtCore import Property, QElapsedTimer, QObject, QTimer, Signal, Slot

from edge_core.qt.screen import Screen
from mirror.view_models.asking import ask
from mirror.view_models.garments import Garments
from mirror.view_models.keep import Kept, kept, list_text
from mirror.view_models.list_link import ListLink
from mirror.view_models.looks import Looks
from mirror.view_models.staff import Staff
from mirror.view_models.style import StylePage
from mirror.view_models.wander import wander

_STEP_MS: Final = 10_000
LEAVING_MS: Final = 12_000
"""So long the mirror asks why nothing was kept."""
THANKS_MS: Final = 2_500
UNTOUCHED_MS: Final = 90_000
"""A page that nobody has touched for so long gives way to the garments."""

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
    keptChanged = Signal()  # noqa: N815

    def __init__(self, screen: Screen) -> None:
        super().__init__()
        self._screen = screen
        self._garments = Garments(screen)
        self._style = StylePage(screen)
        self._looks = Looks(screen)
        self._staff = Staff(screen)
        self._page, self._item = "idle", ""
        self._before: list[tuple[str, str]] = []
        self._remembered: dict[str, Kept] = {}
        self._link = ListLink(screen)
        self._link.changed.connect(self.keptChanged)
        self._touched = False
        self._thanked = False
        self._left: list[str] = []
        self._garments.changed.connect(self._follow)
        self._style.changed.connect(self.keptChanged)
        self._leaving = self._once(LEAVING_MS, self._end)
        self._untouched = self._once(UNTOUCHED_MS, self.home)
        self._shift = wander(0)
        self._elapsed = QElapsedTimer()
        self._elapsed.start()
        self._timer = QTimer(self)
        self._timer.setInterval(_STEP_MS)
        self._timer.timeout.connect(self._tick)
        self._timer.start()
        screen.wall_clock.changed.connect(self.greetingChanged)
        screen.tongue.changed.connect(self.keptChanged)

    @Property(QObject, constant=True)
    def garments(self) -> Garments:
        """See `Garments`."""
        return self._garments

    @Property(QObject, constant=True)
    def style(self) -> StylePage:
        """See `StylePage`."""
        return self._style

    @Property(QObject, constant=True)
    def looks(self) -> Looks:
        """See `Looks`."""
        return self._looks

    @Property(QObject, constant=True)
    def staff(self) -> Staff:
        """See `Staff`."""
        return self._staff

    @Property(str, notify=pageChanged)
    def page(self) -> str:
        """`idle`, `items`, `item`, `look`, `staff`, `keep` or `leaving`."""
        return self._page

    @Property(bool, notify=pageChanged)
    def thanked(self) -> bool:
        """Somebody has said why not."""
        return self._thanked

    @Property(str, notify=keptChanged)
    def keptText(self) -> str:  # noqa: N802
        """What the QR code holds: the list's address where phones reach a hub, else the list.

        "" while there is nothing on it. Until the address is known the list itself is shown.
        """
        lines = self._kept()
        if not lines:
            return ""
        if self._link.url:
            return self._link.url
        facts, clock = self._screen.facts, self._screen.wall_clock
        return list_text(str(facts.name), str(clock.date), lines)

    @Property(bool, notify=keptChanged)
    def keptOnline(self) -> bool:  # noqa: N802
        """The code leads to a page, rather than holding the list as text."""
        return bool(self._link.url)

    @Property(list, notify=keptChanged)
    def keptLines(self) -> list[str]:  # noqa: N802
        """What is on the list, for the eyes."""
        return [
            ", ".join(part for part in (it.name, it.colour, it.size, it.price) if part)
            for it in self._kept()
        ]

    @Property(bool, notify=keptChanged)
    def remembered(self) -> bool:
        """The size and colour looked at is on the list."""
        chosen = self._style.chosen
        return chosen is not None and chosen.sku in self._remembered.keys() | set(
            self._garments.skus
        )

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

    @Slot(str)
    def openItem(self, sku: str) -> None:  # noqa: N802
        """Everything about a garment."""
        self._style.open(sku)
        self._go("item", sku)

    @Slot()
    def openLook(self) -> None:  # noqa: N802
        """Outfits round what is there."""
        self._looks.open(self._garments.skus)
        self._go("look")

    @Slot()
    def openKeep(self) -> None:  # noqa: N802
        """The list to take home."""
        self._go("keep")
        self._ask_link()

    @Slot()
    def openStaff(self) -> None:  # noqa: N802
        """What was asked of the staff."""
        self._go("staff")

    @Slot(str)
    def bring(self, sku: str) -> None:
        """Ask the staff to bring a SKU; "" to just come."""
        self._staff.ask(sku)
        self._go("staff")

    @Slot(list)
    def bringAll(self, skus: list[str]) -> None:  # noqa: N802
        """Ask the staff to bring several."""
        for sku in skus:
            self._staff.ask(sku)
        self._go("staff")

    @Slot()
    def remember(self) -> None:
        """Put the size and colour looked at on the list, or take it off."""
        chosen = self._style.chosen
        if chosen is not None and self._remembered.pop(chosen.sku, None) is None:
            self._remembered[chosen.sku] = kept(chosen)
        self._touch()
        self.keptChanged.emit()

    @Slot()
    def back(self) -> None:
        """To the page before."""
        page, sku = self._before.pop() if self._before else ("items", "")
        if page == "item":
            self._style.open(sku)
            self._item = sku
        self._touch()
        self._show(page)

    @Slot()
    def home(self) -> None:
        """To the garments."""
        if self._page in ("item", "look", "staff", "keep"):
            self._before.clear()
            self._show("items")

    @Slot()
    def leave(self) -> None:
        """Somebody is done: their garments are shown no longer, and they may say why not."""
        self._begin_leaving()
        self._garments.dismiss_all()

    @Slot(str)
    def tell(self, reason: str) -> None:
        """Why nothing was kept: `fit`, `price`, `colour` or `other`."""
        if self._page != "leaving" or self._thanked:
            return
        zone, screen, skus = (
            self._screen.garment_zone,
            self._screen.own_id or "mirror",
            list(self._left),
        )
        self._left.clear()
        if zone is not None:
            ask(
                self._screen,
                lambda client: client.shop.why_not(screen, zone, reason, skus),
                lambda _: None,
            )
        self._thanked = True
        self.pageChanged.emit()
        self._leaving.start(THANKS_MS)

    @Slot()
    def skip(self) -> None:
        """Somebody would rather not say."""
        if self._page == "leaving":
            self._end()

    def wander_to(self, elapsed_s: float) -> None:
        """Move content to where it stands `elapsed_s` seconds after the start."""
        self._shift = wander(elapsed_s)
        self.moved.emit()

    def _once(self, after_ms: int, then: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(after_ms)
        timer.timeout.connect(then)
        return timer

    def _ask_link(self) -> None:
        """The list's address, while it is shown."""
        if self._page == "keep":
            tried = self._garments.skus
            others = [sku for sku in self._remembered if sku not in tried]
            self._link.open(tried, others, str(self._screen.tongue.code))

    def _kept(self) -> list[Kept]:
        here = {row.sku: kept(row) for row in self._garments.own}
        return list((here | self._remembered).values())

    def _go(self, page: str, sku: str = "") -> None:
        if self._page not in ("idle", "leaving"):
            if (self._page, sku) != (page, self._shown_sku()):
                self._before.append((self._page, self._shown_sku()))
            del self._before[:-8]
            self._touch()
            self._show(page)
            self._item = sku

    def _shown_sku(self) -> str:
        return self._item if self._page == "item" else ""

    def _touch(self) -> None:
        self._touched = True
        self._untouched.start()

    def _show(self, page: str) -> None:
        if page != self._page:
            self._page = page
            self.pageChanged.emit()

    @Slot()
    def _follow(self) -> None:
        """Garments have come or gone."""
        self._ask_link()
        self.keptChanged.emit()
        if self._garments.shown:
            self._leaving.stop()
            self._left = self._garments.skus
            if self._page in ("idle", "leaving"):
                self._thanked = False
                self._show("items")
        elif self._page not in ("idle", "leaving"):
            if self._touched and self._garments.left_by_themselves:
                self._begin_leaving()
            else:
                self._end()

    def _begin_leaving(self) -> None:
        self._wipe()
        self._thanked = False
        self._show("leaving")
        self._leaving.start(LEAVING_MS)

    @Slot()
    def _end(self) -> None:
        self._leaving.stop()
        self._left = []
        self._wipe()
        self._show("items" if self._garments.shown else "idle")
        self._screen.reset()

    def _wipe(self) -> None:
        """Forget all that belongs to the session, but for the question why not."""
        self._untouched.stop()
        self._touched = False
        self._before.clear()
        self._remembered.clear()
        self._link.forget()
        self._style.forget()
        self._looks.forget()
        self._staff.forget()
        self.keptChanged.emit()

    @Slot()
    def _tick(self) -> None:
        self.wander_to(self._elapsed.elapsed() / 1000)
