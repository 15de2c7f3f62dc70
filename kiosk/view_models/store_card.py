"""One store, as its own page tells of it."""

from math import dist
from typing import Final

from PySide6.QtCore import Property, QObject, Signal, Slot

from edge_core.qt.screen import Screen
from edge_core.service.schema import StoreView
from kiosk.view_models.stores import StoreList, StoreRow

_BEFORE_DOOR_M: Final = 8.0
_LIVELY_PEOPLE: Final = 3
_BUSY_PEOPLE: Final = 9
"""Before a door, within the eight metres of hall that a half circle of 100 m² is (ours)."""


class StoreCard(QObject):
    """The store looked at; empty before one is chosen."""

    changed = Signal()

    def __init__(self, screen: Screen, stores: StoreList) -> None:
        super().__init__()
        self._screen, self._stores = screen, stores
        self._id = ""
        self._crowd = ""
        stores.changed.connect(self._refresh)
        screen.people.peopleChanged.connect(self._look_at_crowd)
        screen.changed.connect(self._look_at_crowd)

    @property
    def store(self) -> StoreView | None:
        """The store, None before one is chosen or when it is gone."""
        return next((it for it in self._screen.stores.stores if it.id == self._id), None)

    def show(self, store_id: str) -> None:
        """Look at a store."""
        self._id = store_id
        self._look_at_crowd()
        self._refresh()

    def _row(self) -> StoreRow | None:
        store = self.store
        return self._stores.row(store) if store else None

    @Property(str, notify=changed)
    def storeId(self) -> str:  # noqa: N802
        """Its id."""
        return self._id

    @Property(str, notify=changed)
    def name(self) -> str:
        """Its name in the current language."""
        row = self._row()
        return row.name if row else ""

    @Property(str, notify=changed)
    def kind(self) -> str:
        """Its category."""
        row = self._row()
        return row.kind if row else ""

    @Property(str, notify=changed)
    def floorName(self) -> str:  # noqa: N802
        """Where it is."""
        row = self._row()
        return row.floor if row else ""

    @Property(str, notify=changed)
    def unit(self) -> str:
        """The number on its door."""
        return self.store.unit if self.store else ""

    @Property(str, notify=changed)
    def picture(self) -> str:
        """Its illustration."""
        return self.store.picture if self.store else ""

    @Property(str, notify=changed)
    def text(self) -> str:
        """What it is."""
        store = self.store
        return self._screen.tongue.pick(store.text, store.text_zh) if store else ""

    @Property(str, notify=changed)
    def state(self) -> str:
        """See `StoreRow`."""
        row = self._row()
        return row.state if row else ""

    @Property(str, notify=changed)
    def until(self) -> str:
        """See `StoreRow`."""
        row = self._row()
        return row.until if row else ""

    @Property(str, notify=changed)
    def hours(self) -> str:
        """Daily hours, e.g. `10:00–21:00`."""
        store = self.store
        return f"{store.opens:%H:%M}–{store.closes:%H:%M}" if store else ""

    @Property(int, notify=changed)
    def minutes(self) -> int:
        """Walk from this screen, 0 while unknown."""
        return self._stores.minutes(self._id)

    @Property(list, notify=changed)
    def offers(self) -> list[str]:
        """What it offers, in words."""
        store, pick = self.store, self._screen.tongue.pick
        return [pick(it.text, it.text_zh) for it in store.offers] if store else []

    @Property(list, notify=changed)
    def products(self) -> list[str]:
        """What it sells, in words."""
        store = self.store
        if store is None:
            return []
        chinese = self._screen.tongue.current == "zh" and store.products_zh
        return list(store.products_zh if chinese else store.products)

    @Property(list, notify=changed)
    def room(self) -> list[list[float]]:
        """Corners of its room, metres on its floor's plan."""
        return [list(point) for point in self.store.polygon_m] if self.store else []

    @Property(str, notify=changed)
    def crowd(self) -> str:
        """`quiet`, `lively` or `busy` before its door now; "" where no camera looks."""
        return self._crowd

    @Slot()
    def _look_at_crowd(self) -> None:
        crowd = self._crowd_now()
        if crowd != self._crowd:
            self._crowd = crowd
            self.changed.emit()

    def _crowd_now(self) -> str:
        store = self.store
        if store is None or not store.watched or not self._screen.watching:
            return ""
        before = sum(
            any(dist(person.position_m, door) <= _BEFORE_DOOR_M for door in store.doors_m)
            for person in self._screen.people_now
            if person.floor == store.floor and person.position_m is not None
        )
        if before >= _BUSY_PEOPLE:
            return "busy"
        return "lively" if before >= _LIVELY_PEOPLE else "quiet"

    @Slot()
    def _refresh(self) -> None:
        self.changed.emit()
