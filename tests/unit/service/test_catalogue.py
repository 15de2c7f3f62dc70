"""Products over the API: sizes, colours, and what is left of them."""

import pytest

from edge_core.config import Product, Products
from edge_core.types import Event, EventKind


@pytest.fixture
def shop(state):
    """A coat in two sizes and the scarf it goes with."""

    def row(gtin, sku, style, size, stock, **given):
        return Product(gtin=gtin, sku=sku, style=style, size=size, stock=stock, **given)

    coat = {
        "name": "Wool coat",
        "material": "wool",
        "care": ("dry-clean",),
        "goes_with": ("scarf",),
    }
    state.products = Products(
        [
            row("4012345001006", "coat-m", "coat", "M", 2, nearby={"harbour": 3}, **coat),
            row("80614141123458", "coat-l", "coat", "L", 0, **coat),
            row("96385074", "scarf-red", "scarf", "", None, name="Scarf"),
        ]
    )
    return state


def sell(state, sku, quantity):
    data = {"transaction": "1", "sku": sku, "quantity": quantity}
    now = state.clock.utc_ns()
    state.keep([Event(f"sale-{sku}-{quantity}", EventKind.SALE, now, 0, "", "", data)])


def test_a_style_is_told_by_any_of_its_skus(shop, get):
    told = get("/v1/products/coat-l/style").json()
    assert [(it["sku"], it["stock"]) for it in told["products"]] == [("coat-m", 2), ("coat-l", 0)]
    assert told["products"][0]["nearby"] == {"harbour": 3}
    assert (told["material"], told["care"]) == ("wool", ["dry-clean"])
    assert [it["sku"] for it in told["goes_with"]] == ["scarf-red"]
    assert told["goes_with"][0]["stock"] is None, "nobody counted"


def test_what_the_till_sold_today_is_gone_and_what_came_back_is_there(shop, get):
    def left():
        return get("/v1/products", params={"skus": "coat-m"}).json()["products"][0]["stock"]

    sell(shop, "coat-m", 1)
    assert left() == 1
    sell(shop, "coat-m", -1)
    assert left() == 2
    sell(shop, "coat-m", 5)
    assert left() == 0, "a wrong count never makes a shelf negative"


def test_yesterdays_sales_are_in_the_mornings_count_already(shop, get):
    sell(shop, "coat-m", 1)
    shop.clock.advance_ns(24 * 3600 * 10**9)
    assert get("/v1/products", params={"skus": "coat-m"}).json()["products"][0]["stock"] == 2


def test_products_come_in_the_order_asked_and_unknown_ones_are_left_out(shop, get):
    told = get("/v1/products", params={"skus": "scarf-red,cape,coat-m"}).json()["products"]
    assert [it["sku"] for it in told] == ["scarf-red", "coat-m"]


def test_an_unknown_sku_is_not_found(shop, get):
    assert get("/v1/products/cape/style").status_code == 404
