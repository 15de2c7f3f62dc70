"""What somebody has with them before the mirror."""

from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Property, QObject, QTimer, Signal, Slot

from edge_core.qt.language import Language
from edge_core.qt.list_models import RecordListModel
from edge_core.qt.screen import Screen
from edge_core.service.item_schema import GarmentsView, GarmentView
from edge_core.service.live_feed import LinkState
from mirror.view_models.money import money

MOST_SHOWN: Final = 6
AWAY_MS: Final = 15_000
"""Without the service nobody knows what is still there."""


@dataclass(frozen=True, slots=True)
class GarmentRow:
    """One garment on the mirror, in the language shown."""

    key: str
    sku: str
    name: str
    size: str
    colour: str
    price: str
    picture: str
    tint: str


class Garments(QObject):
    """The garments at the mirror's place, less those that somebody said are not theirs.

    Args:
        screen: tells the language, the place and the service's garments.
    """

    changed = Signal()

    def __init__(self, screen: Screen) -> None:
        super().__init__()
        self._screen = screen
        self._language: Language = screen.tongue
        self._rows = RecordListModel(GarmentRow, "key", self)
        self._seen: GarmentsView | None = None
        self._dismissed: set[str] = set()
        self._away = QTimer(self)
        self._away.setSingleShot(True)
        self._away.setInterval(AWAY_MS)
        self._away.timeout.connect(self.forget)
        screen.garmentsReceived.connect(self.take)
        screen.linkChanged.connect(self._take_link)
        screen.siteChanged.connect(self._show)
        screen.tongue.changed.connect(self._show)

    @Property(QObject, constant=True)
    def rows(self) -> RecordListModel[GarmentRow]:
        """At most `MOST_SHOWN` of them, a `GarmentRow` each, the first that came at the head."""
        return self._rows

    @property
    def shown(self) -> int:
        """How many are shown."""
        return len(self._rows.rows)

    @Property(int, notify=changed)
    def count(self) -> int:
        """`shown`, for QML."""
        return self.shown

    @Property(int, notify=changed)
    def more(self) -> int:
        """How many more there are than are shown."""
        return max(0, len(self._own()) - MOST_SHOWN)

    @property
    def skus(self) -> list[str]:
        """Of all of them, also those that find no room, each once, in the order they came."""
        return list(dict.fromkeys(garment.sku for garment in self._own()))

    @property
    def own(self) -> list[GarmentRow]:
        """All of them, in the language shown."""
        return [self._row(garment) for garment in self._own()]

    @Slot(object)
    def take(self, view: GarmentsView) -> None:
        """What is at every place now."""
        self._seen = view
        here = {garment.key for garment in self._here()}
        self._dismissed &= here  # what comes back is new
        self._show()

    @Slot(str)
    def dismiss(self, key: str) -> None:
        """Somebody says that it is not theirs: hidden until it has been away."""
        self._dismissed.add(key)
        self._show()

    @Property(int, notify=changed)
    def hidden(self) -> int:
        """How many are here that somebody said are not theirs, or is done with."""
        return len(self._here()) - len(self._own())

    @property
    def left_by_themselves(self) -> bool:
        """None is here any more, by what the readers say."""
        return self._seen is not None and not self._here()

    @Slot()
    def dismiss_all(self) -> None:
        """Somebody is done with all of them."""
        self._dismissed |= {garment.key for garment in self._here()}
        self._show()

    @Slot()
    def show_again(self) -> None:
        """Show also what somebody said is not theirs."""
        self._dismissed.clear()
        self._show()

    @Slot()
    def forget(self) -> None:
        """Show nothing until the service tells anew."""
        self._seen = None
        self._dismissed.clear()
        self._show()

    def _here(self) -> list[GarmentView]:
        zone = self._screen.garment_zone
        return self._seen.zones.get(zone or "", []) if self._seen is not None else []

    def _own(self) -> list[GarmentView]:
        return [garment for garment in self._here() if garment.key not in self._dismissed]

    @Slot()
    def _show(self) -> None:
        self._rows.show([self._row(garment) for garment in self._own()[:MOST_SHOWN]])
        self.changed.emit()

    @Slot(str)
    def _take_link(self, state: str) -> None:
        if state == LinkState.LIVE.value:
            self._away.stop()
        elif not self._away.isActive():
            self._away.start()

    def _row(self, garment: GarmentView) -> GarmentRow:
        pick = self._language.pick
        return GarmentRow(
            garment.key,
            garment.sku,
            pick(garment.name, garment.name_zh) or garment.sku,
            garment.size,
            pick(garment.colour, garment.colour_zh),
            money(self._screen, garment.price),
            garment.picture,
            garment.tint,
        )
