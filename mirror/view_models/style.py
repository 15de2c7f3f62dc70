"""The item page: a garment's other sizes and colours, what is left of them, what it goes with."""

from dataclasses import dataclass

from PySide6.QtCore import Property, QObject, Signal, Slot

from edge_core.errors import PromenadeError
from edge_core.qt.list_models import RecordListModel
from edge_core.qt.screen import Screen
from edge_core.service.catalogue_schema import ProductView, StyleView
from mirror.view_models.cards import Card, card, place_of
from mirror.view_models.money import money


@dataclass(frozen=True, slots=True)
class SizeRow:
    """One size in the colour chosen; `stock` is -1 where nobody counted."""

    size: str
    stock: int
    nearby: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class ColourRow:
    """One colour of the style."""

    colour: str
    name: str
    tint: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class ShopRow:
    """Another shop, and how many of the size and colour chosen are there."""

    key: str
    name: str
    where: str
    minutes: int
    pieces: int


class StylePage(QObject):
    """One style and the size and colour chosen of it.

    Args:
        screen: tells the language, and asks the service.
    """

    changed = Signal()

    def __init__(self, screen: Screen) -> None:
        super().__init__()
        self._screen = screen
        self._style: StyleView | None = None
        self._chosen: ProductView | None = None
        self._wanted = ""
        self._failed = False
        self._sizes = RecordListModel(SizeRow, "size", self)
        self._colours = RecordListModel(ColourRow, "colour", self)
        self._shops = RecordListModel(ShopRow, "key", self)
        self._goes_with = RecordListModel(Card, "sku", self)
        screen.tongue.changed.connect(self._show)

    @Property(QObject, constant=True)
    def sizes(self) -> RecordListModel[SizeRow]:
        """A `SizeRow` each, in the table's order."""
        return self._sizes

    @Property(QObject, constant=True)
    def colours(self) -> RecordListModel[ColourRow]:
        """A `ColourRow` each."""
        return self._colours

    @Property(QObject, constant=True)
    def shops(self) -> RecordListModel[ShopRow]:
        """Where else the size and colour chosen are, the nearest first."""
        return self._shops

    @Property(QObject, constant=True)
    def goesWith(self) -> RecordListModel[Card]:  # noqa: N802
        """What the shop shows with it, a `Card` each."""
        return self._goes_with

    @Property(bool, notify=changed)
    def known(self) -> bool:
        """The service has told what is asked for."""
        return self._chosen is not None

    @Property(bool, notify=changed)
    def failed(self) -> bool:
        """The service could not tell."""
        return self._failed

    @Property(str, notify=changed)
    def sku(self) -> str:
        """The size and colour chosen."""
        return self._chosen.sku if self._chosen is not None else self._wanted

    @Property(str, notify=changed)
    def name(self) -> str:
        """The style's name."""
        return self._card().name if self._chosen is not None else ""

    @Property(str, notify=changed)
    def price(self) -> str:
        """Of the size and colour chosen."""
        return money(self._screen, self._chosen.price) if self._chosen is not None else ""

    @Property(str, notify=changed)
    def size(self) -> str:
        """The size chosen."""
        return self._chosen.size if self._chosen is not None else ""

    @Property(str, notify=changed)
    def colour(self) -> str:
        """The colour chosen, in the language shown."""
        return self._card().colour if self._chosen is not None else ""

    @Property(str, notify=changed)
    def picture(self) -> str:
        """See `Product.picture`."""
        return self._chosen.picture if self._chosen is not None else ""

    @Property(str, notify=changed)
    def tint(self) -> str:
        """See `Product.tint`."""
        return self._chosen.tint if self._chosen is not None else ""

    @Property(int, notify=changed)
    def stock(self) -> int:
        """Pieces here; -1 where nobody counted."""
        return self._card().stock if self._chosen is not None else -1

    @Property(str, notify=changed)
    def place(self) -> str:
        """Where it hangs."""
        return place_of(self._screen, self._chosen.rack) if self._chosen is not None else ""

    @Property(str, notify=changed)
    def material(self) -> str:
        """What it is made of, in the language shown."""
        if self._style is None:
            return ""
        return self._screen.tongue.pick(self._style.material, self._style.material_zh)

    @Property(list, notify=changed)
    def care(self) -> list[str]:
        """Codes of how to look after it."""
        return self._style.care if self._style is not None else []

    def open(self, sku: str) -> None:
        """Show this size and colour; what is left is asked anew."""
        self._wanted, self._failed = sku, False
        if self._style is None or all(it.sku != sku for it in self._style.products):
            self._style = self._chosen = None
        else:
            self._choose(sku)
        self._show()
        self._screen.errands.run(lambda client: client.shop.style(sku), self._take, self._fail)

    @Slot()
    def refresh(self) -> None:
        """Ask anew what is left of what is shown."""
        if self._chosen is not None:
            self.open(self._chosen.sku)

    @Slot(str)
    def chooseSize(self, size: str) -> None:  # noqa: N802
        """Look at another size of the same colour."""
        self._pick(size=size)

    @Slot(str)
    def chooseColour(self, colour: str) -> None:  # noqa: N802
        """Look at another colour, in the same size where there is one."""
        self._pick(colour=colour)

    @property
    def chosen(self) -> Card | None:
        """The size and colour chosen; None while nothing is known."""
        return self._card() if self._chosen is not None else None

    def forget(self) -> None:
        """Show nothing."""
        self._style = self._chosen = None
        self._wanted, self._failed = "", False
        self._show()

    def _pick(self, *, size: str | None = None, colour: str | None = None) -> None:
        if self._style is None or self._chosen is None:
            return
        size = self._chosen.size if size is None else size
        colour = self._chosen.colour if colour is None else colour
        in_colour = [it for it in self._style.products if it.colour == colour]
        found = [it for it in in_colour if it.size == size] or in_colour
        if found:
            self._wanted, self._chosen = found[0].sku, found[0]
            self._show()

    def _choose(self, sku: str) -> None:
        if self._style is not None:
            self._chosen = next((it for it in self._style.products if it.sku == sku), None)

    def _take(self, style: StyleView) -> None:
        if all(it.sku != self._wanted for it in style.products):
            return  # another one is looked at by now
        self._style = style
        self._choose(self._wanted)
        self._show()

    def _fail(self, _: PromenadeError) -> None:
        self._failed = self._chosen is None and bool(self._wanted)
        self.changed.emit()

    def _card(self) -> Card:
        assert self._chosen is not None
        return card(self._screen, self._chosen)

    @Slot()
    def _show(self) -> None:
        products = self._style.products if self._style is not None else []
        chosen, pick = self._chosen, self._screen.tongue.pick
        colours = {it.colour: it for it in reversed(products)}
        self._colours.show(
            [
                ColourRow(
                    it.colour, pick(it.colour, it.colour_zh), it.tint,
                    chosen is not None and it.colour == chosen.colour,
                )
                for it in reversed(colours.values())
            ]
        )  # fmt: skip
        self._sizes.show(
            [
                SizeRow(
                    it.size, -1 if it.stock is None else it.stock, sum(it.nearby.values()),
                    it == chosen,
                )
                for it in products
                if chosen is not None and it.colour == chosen.colour and it.size
            ]
        )  # fmt: skip
        self._shops.show(self._shop_rows())
        with_it = self._style.goes_with if self._style is not None else []
        self._goes_with.show([card(self._screen, it) for it in with_it])
        self.changed.emit()

    def _shop_rows(self) -> list[ShopRow]:
        site, pick = self._screen.facts.site, self._screen.tongue.pick
        if site is None or self._chosen is None:
            return []
        pieces = self._chosen.nearby
        rows = [
            ShopRow(
                it.id, pick(it.name, it.name_zh), pick(it.where, it.where_zh),
                -1 if it.minutes is None else it.minutes, pieces[it.id],
            )
            for it in site.shops
            if pieces.get(it.id)
        ]  # fmt: skip
        return sorted(rows, key=lambda row: row.minutes if row.minutes >= 0 else 10_000)
