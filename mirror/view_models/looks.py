"""Complete the look: outfits round what somebody has with them."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from PySide6.QtCore import Property, QObject, Signal, Slot

from edge_core.errors import PromenadeError
from edge_core.qt.list_models import RecordListModel
from edge_core.qt.screen import Screen
from edge_core.service.catalogue_schema import ProductsView, ProductView
from edge_core.service.client import EdgeClient
from edge_core.service.suggestion_schema import OutfitsView, OutfitView, ReasonView
from mirror.view_models.cards import card
from mirror.view_models.money import money

MOST: Final = 4


@dataclass(frozen=True, slots=True)
class LookRow:
    """One outfit, in the language shown.

    Attributes:
        key: names it.
        pieces: dictionaries with the fields of a `Card`, and `own`: the person has it already.
        reason: code of why it is shown; see `edge_core.suggest.reasons`.
        total: price of what is added; "" where one is unknown.
        inStock: every added piece is here.
        wanted: the SKUs added that are here.
    """

    key: str
    pieces: list[dict[str, Any]]
    reason: str
    total: str
    inStock: bool  # noqa: N815  # a role of the model, as QML writes it
    wanted: list[str]


class Looks(QObject):
    """Outfits, in stock first.

    Args:
        screen: tells the language, and asks the service.
    """

    changed = Signal()

    def __init__(self, screen: Screen) -> None:
        super().__init__()
        self._screen = screen
        self._outfits: list[OutfitView] = []
        self._products: dict[str, ProductView] = {}
        self._asked: tuple[str, ...] = ()
        self._state = ""
        self._rows = RecordListModel(LookRow, "key", self)
        screen.tongue.changed.connect(self._show)

    @Property(QObject, constant=True)
    def rows(self) -> RecordListModel[LookRow]:
        """A `LookRow` each."""
        return self._rows

    @Property(int, notify=changed)
    def count(self) -> int:
        """How many there are."""
        return len(self._rows.rows)

    @Property(str, notify=changed)
    def state(self) -> str:
        """`asking`, `known`, `failed`, or "" before the first question."""
        return self._state

    def open(self, skus: Sequence[str]) -> None:
        """Ask for outfits round these."""
        asked = tuple(skus)
        if asked != self._asked:
            self._outfits = []
        self._asked, self._state = asked, "asking"
        self._show()
        self._screen.errands.run(lambda client: _outfits(client, asked), self._take, self._fail)

    def forget(self) -> None:
        """Show nothing."""
        self._outfits, self._asked, self._state = [], (), ""
        self._show()

    def _take(self, found: tuple[tuple[str, ...], OutfitsView, ProductsView]) -> None:
        asked, outfits, products = found
        if asked != self._asked:
            return
        self._outfits, self._state = outfits.outfits, "known"
        self._products = {it.sku: it for it in products.products}
        self._show()

    def _fail(self, _: PromenadeError) -> None:
        self._state = "failed" if self._asked else ""
        self.changed.emit()

    @Slot()
    def _show(self) -> None:
        self._rows.show([self._row(outfit) for outfit in self._outfits])
        self.changed.emit()

    def _row(self, outfit: OutfitView) -> LookRow:
        pieces, added = [], []
        for piece in outfit.pieces:
            product = self._products.get(piece.sku)
            if product is None:
                continue
            told = card(self._screen, product)
            fields = {name: getattr(told, name) for name in told.__dataclass_fields__}
            pieces.append(fields | {"own": piece.own})
            if not piece.own:
                added.append(product)
        return LookRow(
            "/".join(piece.sku for piece in outfit.pieces),
            pieces,
            _reason(outfit.reasons),
            self._total(added),
            outfit.in_stock,
            [it.sku for it in added if it.stock],
        )

    def _total(self, added: Sequence[ProductView]) -> str:
        prices = [it.price for it in added]
        if not prices or any(price is None for price in prices):
            return ""
        return money(self._screen, sum((it for it in prices if it is not None), Decimal(0)))


def _reason(reasons: Sequence[ReasonView]) -> str:
    return str(reasons[0].code) if reasons else ""


def _outfits(
    client: EdgeClient, skus: tuple[str, ...]
) -> tuple[tuple[str, ...], OutfitsView, ProductsView]:
    """Runs on the errands' thread."""
    outfits = client.suggestions.outfits(list(skus), limit=MOST)
    named = [piece.sku for outfit in outfits.outfits for piece in outfit.pieces]
    known = client.shop.products(named) if named else ProductsView(products=[])
    return skus, outfits, known
