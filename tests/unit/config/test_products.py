"""The table of products."""

from decimal import Decimal
from pathlib import Path

import pytest

from edge_core.config import Care, Category, Product, Products, load_site
from edge_core.config.gtin import check_digit
from edge_core.errors import SourceError
from edge_core.pictures import drawing

SHOP = Path(__file__).parents[3] / "assets" / "malls" / "shop"
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


def test_sizes_and_colours_of_a_style_are_found_together(written):
    path = written(
        "gtin,sku,style,category,size,care,goes_with,stock,nearby\n"
        "4012345001006,coat-m,coat,coat,M,dry-clean no-wash,shirt,2,harbour=3 station=0\n"
        "80614141123458,coat-l,coat,coat,L,dry-clean no-wash,shirt,,\n"
        "96385074,shirt,,,,,,,\n"
    )
    products = Products.from_csv(path)
    assert {style: len(rows) for style, rows in products.styles.items()} == {"coat": 2, "shirt": 1}
    medium, large = products.of_style("coat")
    assert (medium.category, medium.care) == (Category.COAT, (Care.DRY_CLEAN, Care.NO_WASH))
    assert (medium.goes_with, medium.stock) == (("shirt",), 2)
    assert dict(medium.nearby) == {"harbour": 3, "station": 0}
    assert large.stock is None
    assert products.of_style("cape") == ()


class TestDemoCatalogue:
    @pytest.fixture
    def products(self):
        return Products.from_csv(SHOP / "products.csv")

    def test_it_has_a_whole_shops_styles_each_told_in_both_languages(self, products):
        assert len(products.styles) >= 60
        assert {row.category for row in products} == set(Category)
        for row in products:
            assert row.price
            assert row.material
            assert row.care
            assert row.rack
            assert row.stock is not None
            for chinese in (row.name_zh, row.colour_zh, row.material_zh):
                assert any("\u4e00" <= letter <= "\u9fff" for letter in chinese), row.sku

    def test_every_style_has_a_drawing_of_its_own_that_takes_its_colour(self, products):
        drawings = {rows[0].picture for rows in products.styles.values()}
        assert len(drawings) == len(products.styles)
        for name in drawings:
            assert drawing(name, "#204080") not in (drawing(name), drawing("garment", "#204080"))

    def test_shops_and_racks_are_those_of_the_site(self, products):
        site = load_site(SHOP / "site.toml")
        assert {shop for row in products for shop in row.nearby} <= {it.id for it in site.shops}
        assert {row.rack for row in products} <= {rack.id for rack in site.racks}


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
        ("gtin,sku,category\n4012345001006,coat,cloak\n", "line 2, category"),
        ("gtin,sku,care\n4012345001006,coat,wash-30 boil\n", "line 2, care"),
        ("gtin,sku,stock\n4012345001006,coat,-1\n", "line 2, stock"),
        ("gtin,sku,nearby\n4012345001006,coat,harbour:3\n", "written like `harbour=3`"),
        ("gtin,sku,goes_with\n4012345001006,coat,hat\n", "goes with hat, which is not"),
        (
            "gtin,sku,style,name\n4012345001006,c-m,coat,Coat\n80614141123458,c-l,coat,Cape\n",
            "the style coat has another name in c-l than in c-m",
        ),
    ],
)
def test_a_mistake_is_named_with_its_line(written, text, complaint):
    with pytest.raises(SourceError, match=r"products\.csv") as refused:
        Products.from_csv(written(text))
    assert complaint in str(refused.value)
