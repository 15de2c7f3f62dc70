"""GET /v1/products…: sizes, colours and what is left of them, for the mirror."""

from collections.abc import Sequence
from typing import Annotated, Final
from zoneinfo import ZoneInfo

from fastapi import APIRouter, HTTPException, Query

from edge_core.config import Product
from edge_core.service import catalogue_examples as examples
from edge_core.service.answers import answers, refused
from edge_core.service.catalogue_schema import ProductsView, StyleView
from edge_core.service.catalogue_views import Stock, products_view, stock_here, style_view
from edge_core.service.dependencies import Service
from edge_core.service.views import ServiceState

catalogue_router = APIRouter()
_MOST_SKUS: Final = 100

_REFUSED: Final = refused("There is no such product, or the question cannot be answered")


def _stock(service: ServiceState, products: Sequence[Product]) -> Stock:
    timezone = ZoneInfo(service.site().timezone)
    return stock_here(service.ledger, timezone, products, service.clock.utc_ns())


@catalogue_router.get(
    "/v1/products",
    summary="Products by SKU",
    responses=answers(examples.PRODUCTS, _404=_REFUSED, _422=_REFUSED),
)
def get_products(
    service: Service,
    skus: Annotated[str, Query(max_length=4000, description="separated by commas")],
) -> ProductsView:
    """Sizes and colours with their stock here and in the house's other shops."""
    asked = [it.strip() for it in skus.split(",") if it.strip()][:_MOST_SKUS]
    known = [it for sku in asked if (it := service.products.of_sku(sku)) is not None]
    stock = _stock(service, known)
    return products_view(service.products, asked, stock)


@catalogue_router.get(
    "/v1/products/{sku}/style",
    summary="Everything about a product's style",
    responses=answers(examples.STYLE, _404=_REFUSED, _422=_REFUSED),
)
def get_style(service: Service, sku: str) -> StyleView:
    """All sizes and colours, material, care, and what the shop shows with it."""
    product = service.products.of_sku(sku)
    if product is None:
        raise HTTPException(404, f"There is no product with the SKU {sku}")
    rows = [
        row
        for style in (product.style, *product.goes_with)
        for row in service.products.of_style(style)
    ]
    stock = _stock(service, rows)
    return style_view(service.products, product, stock)
