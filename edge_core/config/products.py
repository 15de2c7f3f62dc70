"""The shop's products: what a GTIN is called, costs and looks like, where it hangs, what is left.

One table, as shops' merchandise systems hand it out: a row is one size and colour, and what is true
of the whole style stands in every row of it.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self

from pydantic import AfterValidator, Field, ValidationError, field_validator, model_validator

from edge_core.config.base import Identifier, Section
from edge_core.config.gtin import gtin_14
from edge_core.errors import SourceError


class Category(StrEnum):
    """What a garment is; outfits are put together by it."""

    COAT = "coat"
    JACKET = "jacket"
    BLAZER = "blazer"
    KNIT = "knit"
    CARDIGAN = "cardigan"
    SWEAT = "sweat"
    SHIRT = "shirt"
    BLOUSE = "blouse"
    TOP = "top"
    POLO = "polo"
    DRESS = "dress"
    SKIRT = "skirt"
    TROUSERS = "trousers"
    JEANS = "jeans"
    SHORTS = "shorts"
    SHOES = "shoes"
    BOOTS = "boots"
    SNEAKERS = "sneakers"
    SCARF = "scarf"
    HAT = "hat"
    BAG = "bag"
    BELT = "belt"
    ACCESSORY = "accessory"


class Care(StrEnum):
    """How to look after it, by the care symbols of ISO 3758."""

    HAND_WASH = "hand-wash"
    WASH_30 = "wash-30"
    WASH_40 = "wash-40"
    NO_WASH = "no-wash"
    NO_BLEACH = "no-bleach"
    NO_TUMBLE = "no-tumble"
    TUMBLE_LOW = "tumble-low"
    DRY_FLAT = "dry-flat"
    IRON_LOW = "iron-low"
    IRON_MEDIUM = "iron-medium"
    NO_IRON = "no-iron"
    DRY_CLEAN = "dry-clean"
    WIPE = "wipe"


_WORDS: Final = ("care", "goes_with")
_OF_THE_STYLE: Final = (
    "department", "category", "name", "name_zh", "material", "material_zh", "care", "goes_with",
)  # fmt: skip
_PIECES: Final = re.compile(r"([a-z0-9][a-z0-9-]*)=(\d{1,5})")


class Product(Section):
    """One row of the table of products: one size and colour of a style.

    `picture` names a drawing in `assets/catalogue`, `tint` is the colour it is drawn in.
    """

    gtin: Annotated[str, AfterValidator(gtin_14)]
    sku: str = Field(min_length=1, max_length=60, description="the shop's own number")
    style: str = Field(default="", max_length=60, description="one for all sizes and colours")
    department: Literal["", "women", "men", "kids", "all"] = ""
    category: Category | None = None
    name: str = Field(default="", max_length=60)
    name_zh: str = Field(default="", max_length=60)
    size: str = Field(default="", max_length=12)
    colour: str = Field(default="", max_length=30)
    colour_zh: str = Field(default="", max_length=30)
    tint: str = Field(default="", pattern=r"^(#[0-9a-fA-F]{6})?$", description="e.g. #3a5a7c")
    picture: str = Field(default="", pattern=r"^([a-z0-9][a-z0-9-]*)?$")
    price: Decimal | None = Field(default=None, ge=0, max_digits=10, decimal_places=2)
    rack: Identifier | None = Field(default=None, description="id of the [[racks]] it hangs on")
    material: str = Field(default="", max_length=120)
    material_zh: str = Field(default="", max_length=120)
    care: tuple[Care, ...] = ()
    goes_with: tuple[str, ...] = Field(default=(), description="styles the shop shows with it")
    stock: int | None = Field(
        default=None, ge=0, le=99_999, description="pieces here when the day began; None = unknown"
    )
    nearby: Mapping[Identifier, int] = Field(
        default={}, description="pieces in other shops, by id of [[shops]]"
    )

    @field_validator("price", "rack", "category", "stock", mode="before")
    @classmethod
    def _empty_is_unknown(cls, value: Any) -> Any:
        return None if value == "" else value

    @field_validator(*_WORDS, mode="before")
    @classmethod
    def _words(cls, value: Any) -> Any:
        return tuple(value.split()) if isinstance(value, str) else value

    @field_validator("nearby", mode="before")
    @classmethod
    def _pieces(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        found = [(word, _PIECES.fullmatch(word)) for word in value.split()]
        for word, match in found:
            if match is None:
                raise ValueError(f"{word!r} is not written like `harbour=3`")
        return {match[1]: int(match[2]) for _, match in found if match is not None}

    @model_validator(mode="after")
    def _fall_back(self) -> Self:
        for name, fallback in (
            ("name_zh", self.name),
            ("colour_zh", self.colour),
            ("material_zh", self.material),
            ("style", self.sku),
        ):
            if not getattr(self, name):
                object.__setattr__(self, name, fallback)
        return self


class Products:
    """All products of a shop, by GTIN, by SKU and by style.

    Args:
        rows: in any order; a SKU may have several GTINs. ValueError when a GTIN stands twice,
            when the rows of a style disagree on what it is, or when a style goes with one that
            is not there.
    """

    def __init__(self, rows: Iterable[Product] = ()) -> None:
        self._by_gtin: dict[str, Product] = {}
        self._by_sku: dict[str, Product] = {}
        styles: dict[str, dict[str, Product]] = {}
        for row in rows:
            if row.gtin in self._by_gtin:
                raise ValueError(f"the GTIN {row.gtin} stands twice")
            self._by_gtin[row.gtin] = row
            self._by_sku.setdefault(row.sku, row)
            styles.setdefault(row.style, {}).setdefault(row.sku, row)
        self._styles = {style: tuple(by_sku.values()) for style, by_sku in styles.items()}
        _check_styles(self._styles)

    def adopt(self, other: "Products") -> None:
        """Become another table, for everybody who holds this one."""
        self._by_gtin, self._by_sku, self._styles = other._by_gtin, other._by_sku, other._styles

    def __len__(self) -> int:
        return len(self._by_gtin)

    def __iter__(self) -> Iterator[Product]:
        return iter(self._by_gtin.values())

    @property
    def styles(self) -> Mapping[str, tuple[Product, ...]]:
        """Every style with its sizes and colours, each SKU once, in the table's order."""
        return self._styles

    def of_gtin(self, gtin: str) -> Product | None:
        """The product with these fourteen digits, or None when it is unknown."""
        return self._by_gtin.get(gtin)

    def of_sku(self, sku: str) -> Product | None:
        """The product with the shop's own number, or None when it is unknown."""
        return self._by_sku.get(sku)

    def of_style(self, style: str) -> tuple[Product, ...]:
        """Sizes and colours of a style; none when it is unknown."""
        return self._styles.get(style, ())

    @classmethod
    def from_csv(cls, path: Path) -> "Products":
        """Read a table with the columns of `Product`; only `gtin` and `sku` must be there.

        Columns of other names are passed over.

        Raises:
            SourceError: the file cannot be read, lacks a column or says something wrong; names
                the line.
        """
        try:
            with path.open(newline="", encoding="utf-8-sig") as file:
                return cls(_rows(csv.DictReader(file, restval="")))
        except OSError as error:
            reason = error.strerror or str(error)
        except (UnicodeDecodeError, csv.Error, ValueError) as error:
            reason = str(error)
        raise SourceError(
            f"The product table {path} cannot be used: {reason}.",
            "Save it as CSV in UTF-8 with the columns gtin and sku, and mend what is named.",
        )


def _check_styles(styles: Mapping[str, tuple[Product, ...]]) -> None:
    for style, rows in styles.items():
        for row in rows:
            for name in _OF_THE_STYLE:
                if getattr(row, name) != getattr(rows[0], name):
                    raise ValueError(
                        f"the style {style} has another {name} in {row.sku} than in {rows[0].sku}"
                    )
        unknown = [other for other in rows[0].goes_with if other not in styles]
        if unknown:
            raise ValueError(f"the style {style} goes with {unknown[0]}, which is not in the table")


def _rows(table: "csv.DictReader[str]") -> list[Product]:
    missing = [name for name in ("gtin", "sku") if name not in (table.fieldnames or ())]
    if missing:
        raise ValueError(f"the column {missing[0]} is missing")
    rows = []
    for said in table:
        known = {name: said[name] for name in Product.model_fields if name in said}
        try:
            rows.append(Product.model_validate(known))
        except ValidationError as error:
            first = error.errors()[0]
            column = ".".join(str(part) for part in first["loc"])
            reason = first["msg"].removeprefix("Value error, ")
            raise ValueError(f"line {table.line_num}, {column}: {reason}") from None
    return rows
