"""Rows of the table of products as the garments that suggestions are made of."""

from collections.abc import Iterable

from edge_core.config import Product
from edge_core.suggest.garments import Garment


def garment_of(product: Product, stock: int | None = None) -> Garment:
    """One size and colour. Where the table tells no category its drawing's name serves.

    Args:
        product: a row of the table.
        stock: pieces here now; None when unknown.
    """
    return Garment(
        sku=product.sku,
        style=product.style,
        category=product.category or product.picture,
        tint=product.tint,
        size=product.size,
        department=product.department,
        stock=stock,
        rack=product.rack or "",
        goes_with=frozenset(product.goes_with),
    )


def in_order(products: Iterable[Product]) -> list[Product]:
    """Each SKU once, in the table's order."""
    return list({product.sku: product for product in products}.values())
