"""The table of products."""

from decimal import Decimal

import pytest

from edge_core.config import Product, Products
from edge_core.config.gtin import check_digit
from edge_core.errors import SourceError

COAT, SHIRT = "04012345001006", "80614141123458"


@pytest.fixture
def written(tmp_path):
    def write(text):
        path = tmp_path / "products.csv"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_a_gtin_of_any_length_finds_its_product():
    rows = [Product(gtin="4012345001006", sku="coat"), Product(gtin=SHIRT, sku="shirt")]
    products = Products(rows)
    assert len(products) == 2
    assert products.of_gtin(COAT).sku == "coat"
    assert products.of_sku("shirt").gtin == SHIRT
    assert products.of_gtin("00000000000000") is None
    assert products.of_sku("hat") is None


def test_two_columns_are_enough_and_others_are_passed_over(written):
    path = written("gtin,sku,supplier\n80614141123458,shirt,Loom & Co\n")
    (product,) = Products.from_csv(path)
    assert (product.sku, product.name, product.price, product.rack) == ("shirt", "", None, None)


def test_a_full_row_is_read(written):
    path = written(
        "gtin,sku,name,name_zh,size,colour,colour_zh,tint,picture,price,rack\n"
        "4012345001006,coat-m,Wool coat,羊毛大衣,M,Navy,,#223355,coat,189.50,coats-1\n"
    )
    (product,) = Products.from_csv(path)
    assert product.price == Decimal("189.50")
    assert (product.name_zh, product.colour_zh) == ("羊毛大衣", "Navy")
    assert (product.tint, product.picture, product.rack) == ("#223355", "coat", "coats-1")


def test_the_check_digit_is_that_of_the_specification():
    assert check_digit("401234500100") == 6


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("gtin;sku\n1;2\n", "column gtin is missing"),
        ("gtin,sku\nabc,shirt\n", "line 2, gtin: 'abc' is no GTIN"),
        ("gtin,sku\n4012345001005,coat\n", "check digit"),
        ("gtin,sku\n4012345001006,coat\n04012345001006,coat-2\n", "stands twice"),
        ("gtin,sku,price\n4012345001006,coat,cheap\n", "line 2, price"),
        ("gtin,sku,tint\n4012345001006,coat,blue\n", "line 2, tint"),
    ],
)
def test_a_mistake_is_named_with_its_line(written, text, complaint):
    with pytest.raises(SourceError, match=r"products\.csv") as refused:
        Products.from_csv(written(text))
    assert complaint in str(refused.value)
