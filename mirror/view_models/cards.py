"""A product as the mirror's small cards show it."""

from dataclasses import dataclass
from typing import Any

from edge_core.qt.screen import Screen
from edge_core.service.catalogue_schema import ProductView
from mirror.view_models.money import money


@dataclass(frozen=True, slots=True)
class Card:
    """One size and colour, in the language shown; `stock` is -1 where nobody counted."""

    sku: str
    name: str
    size: str
    colour: str
    price: str
    picture: str
    tint: str
    stock: int
    place: str


def card(screen: Screen, product: ProductView) -> Card:
    """A product's card."""
    pick = screen.tongue.pick
    return Card(
        product.sku,
        pick(product.name, product.name_zh) or product.sku,
        product.size,
        pick(product.colour, product.colour_zh),
        money(screen, product.price),
        product.picture,
        product.tint,
        -1 if product.stock is None else product.stock,
        place_of(screen, product.rack),
    )


def place_of(screen: Screen, rack_id: str | None) -> str:
    """Name of the rack where something hangs; "" when that is not known."""
    site: Any = screen.facts.site
    rack = next((it for it in site.racks if it.id == rack_id), None) if site is not None else None
    return screen.tongue.pick(rack.name, rack.name_zh) if rack is not None else ""
