"""The shop's products as the API tells them, with what is left of them."""

from collections.abc import Iterable, Mapping, Sequence
from zoneinfo import ZoneInfo

from edge_core.config import Product, Products
from edge_core.ledger import LedgerReader, day_bounds_utc_ns
from edge_core.service.catalogue_schema import ProductsView, ProductView, StyleView
from edge_core.service.views import utc_from_ns

Stock = Mapping[str, int | None]
"""Pieces by SKU; None where nobody counted."""


def stock_here(
    ledger: LedgerReader, timezone: ZoneInfo, products: Iterable[Product], now_utc_ns: int
) -> Stock:
    """Pieces in this shop now: what the table says of the morning, less what the till sold today.

    Never below zero: a table that undercounts must not make a shelf negative.
    """
    day = utc_from_ns(now_utc_ns).astimezone(timezone).date()
    start, end = day_bounds_utc_ns(day, timezone)
    sold = ledger.item_minutes(start, end)
    found: dict[str, int | None] = {}
    for product in products:
        gone = sum(it.bought for it in sold.get(product.sku, ()))
        found[product.sku] = None if product.stock is None else max(0, product.stock - gone)
    return found


def product_view(product: Product, stock: Stock) -> ProductView:
    """One size and colour."""
    told = product.model_dump(include=set(ProductView.model_fields) - {"stock"})
    return ProductView(**told, stock=stock.get(product.sku))


def products_view(products: Products, skus: Sequence[str], stock: Stock) -> ProductsView:
    """Those of `skus` that the table knows."""
    known = [products.of_sku(sku) for sku in dict.fromkeys(skus)]
    return ProductsView(products=[product_view(it, stock) for it in known if it is not None])


def style_view(products: Products, product: Product, stock: Stock) -> StyleView:
    """A style with its sizes and colours, and what the shop shows with it."""
    return StyleView(
        style=product.style,
        department=product.department,
        category=product.category,
        material=product.material,
        material_zh=product.material_zh,
        care=[str(care) for care in product.care],
        products=[product_view(it, stock) for it in products.of_style(product.style)],
        goes_with=[
            product_view(_offered(products.of_style(style), product.size, stock), stock)
            for style in product.goes_with
        ],
    )


def _offered(rows: Sequence[Product], size: str, stock: Stock) -> Product:
    """Which of a style is shown beside another garment: in stock, and in its size if there is."""
    return max(rows, key=lambda it: (bool(stock.get(it.sku)), it.size == size))
