"""Rows of the table of products as the garments that suggestions are made of."""

from collections.abc import Iterable

from edge_core.config import Product
from edge_core.suggest.garments import Garment


def garment_of(product: Product) -> Garment:
    """One size and colour. Where the table tells no category its drawing's name serves."""
    return Garment(
        sku=product.sku,
        style=product.name or product.sku,
        category=product.picture,
        tint=product.tint,
        size=product.size,
        rack=product.rack or "",
    )


def in_order(products: Iterable[Product]) -> list[Product]:
    """Each SKU once, in the table's order."""
    return list({product.sku: product for product in products}.values())
