"""What the stores offer today, for whoever asks what is on."""

from dataclasses import dataclass

from PySide6.QtCore import Property, QObject, Signal, Slot

from edge_core.qt.list_models import RecordListModel
from edge_core.qt.screen import Screen
from kiosk.view_models.stores import StoreList


@dataclass(frozen=True, slots=True)
class OfferRow:
    """One offer: whose, and in words."""

    key: str
    store_id: str
    store: str
    text: str
    picture: str
    floor: str


class TodaysOffers(QObject):
    """Offers of the stores that are open now, nearest store first."""

    changed = Signal()

    def __init__(self, screen: Screen, stores: StoreList) -> None:
        super().__init__()
        self._screen, self._stores = screen, stores
        self._rows = RecordListModel(OfferRow, "key", self)
        stores.changed.connect(self._refresh)
        self._refresh()

    @Property(QObject, constant=True)
    def rows(self) -> RecordListModel[OfferRow]:
        """List model of `OfferRow`."""
        return self._rows

    @Property(int, notify=changed)
    def count(self) -> int:
        """Offers now."""
        return len(self._rows.rows)

    @Slot()
    def _refresh(self) -> None:
        pick, directory = self._screen.tongue.pick, self._screen.stores
        near = directory.walks_s.get(self._screen.own_id, {})
        stores = [
            it for it in directory.stores if self._stores.opening(it)[0] not in ("closed", "shut")
        ]
        stores.sort(key=lambda store: near.get(store.id, 1e9))
        self._rows.show(
            [
                OfferRow(
                    f"{store.id}{number}",
                    store.id,
                    pick(store.name, store.name_zh),
                    pick(offer.text, offer.text_zh),
                    store.picture,
                    self._screen.floor_plan.floor_name(store.floor),
                )
                for store in stores
                for number, offer in enumerate(store.offers)
            ]
        )
        self.changed.emit()
