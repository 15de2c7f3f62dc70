"""The shop's products: what a GTIN is called, costs and looks like, and on which rack it hangs."""

import csv
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import AfterValidator, Field, ValidationError, field_validator, model_validator

from edge_core.config.base import Identifier, Section
from edge_core.config.gtin import gtin_14
from edge_core.errors import SourceError


class Product(Section):
    """One row of the table of products: one size and colour of something.

    `picture` names a drawing in `assets/catalogue`, `tint` is the colour it is drawn in.
    """

    gtin: Annotated[str, AfterValidator(gtin_14)]
    sku: str = Field(min_length=1, max_length=60, description="the shop's own number")
    name: str = Field(default="", max_length=60)
    name_zh: str = Field(default="", max_length=60)
    size: str = Field(default="", max_length=12)
    colour: str = Field(default="", max_length=30)
    colour_zh: str = Field(default="", max_length=30)
    tint: str = Field(default="", pattern=r"^(#[0-9a-fA-F]{6})?$", description="e.g. #3a5a7c")
    picture: str = Field(default="", pattern=r"^([a-z0-9][a-z0-9-]*)?$")
    price: Decimal | None = Field(default=None, ge=0, max_digits=10, decimal_places=2)
    rack: Identifier | None = Field(default=None, description="id of the [[racks]] it hangs on")

    @field_validator("price", "rack", mode="before")
    @classmethod
    def _empty_is_unknown(cls, value: Any) -> Any:
        return None if value == "" else value

    @model_validator(mode="after")
    def _chinese_falls_back(self) -> Self:
        for name, fallback in (("name_zh", self.name), ("colour_zh", self.colour)):
            if not getattr(self, name):
                object.__setattr__(self, name, fallback)
        return self


class Products:
    """All products of a shop, by GTIN and by SKU.

    Args:
        rows: in any order; a SKU may have several GTINs. ValueError when a GTIN stands twice.
    """

    def __init__(self, rows: Iterable[Product] = ()) -> None:
        self._by_gtin: dict[str, Product] = {}
        self._by_sku: dict[str, Product] = {}
        for row in rows:
            if row.gtin in self._by_gtin:
                raise ValueError(f"the GTIN {row.gtin} stands twice")
            self._by_gtin[row.gtin] = row
            self._by_sku.setdefault(row.sku, row)

    def __len__(self) -> int:
        return len(self._by_gtin)

    def __iter__(self) -> Iterator[Product]:
        return iter(self._by_gtin.values())

    def of_gtin(self, gtin: str) -> Product | None:
        """The product with these fourteen digits, or None when it is unknown."""
        return self._by_gtin.get(gtin)

    def of_sku(self, sku: str) -> Product | None:
        """The product with the shop's own number, or None when it is unknown."""
        return self._by_sku.get(sku)

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
