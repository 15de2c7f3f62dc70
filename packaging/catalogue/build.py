"""Write the catalogue: `assets/catalogue/*.svg` and the demo shop's table of products.

Run from the root: `python packaging/catalogue/build.py`. Deterministic: the same styles give the
same bytes. `--sheets FOLDER` also paints contact sheets, to look at every drawing.
"""

import argparse
import csv
from pathlib import Path
from random import Random
from typing import Final

from styles import COLOURS, MATERIALS, SIZES, STYLES, Style

from edge_core.config.gtin import check_digit

ROOT: Final = Path(__file__).resolve().parents[2]
DRAWINGS: Final = ROOT / "assets" / "catalogue"
TABLE: Final = ROOT / "assets" / "malls" / "shop" / "products.csv"
SHOPS: Final = ("harbour", "station", "old-town")
COLUMNS: Final = (
    "gtin", "sku", "style", "department", "category", "name", "name_zh", "size", "colour",
    "colour_zh", "tint", "picture", "price", "rack", "material", "material_zh", "care",
    "goes_with", "stock", "nearby",
)  # fmt: skip
_COMPANY: Final = "04012345"


def write_drawings() -> None:
    """One file a style."""
    for style in STYLES:
        (DRAWINGS / f"{style.key}.svg").write_text(style.draw().text(), encoding="utf-8")


def rows() -> list[dict[str, str]]:
    """The table: every size and colour of every style."""
    found = []
    for number, style in enumerate(STYLES):
        for colour_place, colour in enumerate(style.colours.split()):
            for size_place, size in enumerate(SIZES[style.sizes].split() or [""]):
                item = f"{number + 101:03d}{colour_place}{size_place}"
                found.append(_row(style, item, colour, size))
    return found


def _row(style: Style, item: str, colour: str, size: str) -> dict[str, str]:
    name, name_zh, tint = COLOURS[colour]
    material, material_zh, care = MATERIALS[style.material]
    digits = _COMPANY + item
    sku = "-".join(it for it in (style.key, colour, size.lower().replace("/", "")) if it)
    rng = Random(sku)
    here = 0 if rng.random() < 0.16 else rng.randint(1, 7)
    nearby = [f"{shop}={rng.randint(1, 6)}" for shop in SHOPS if rng.random() < 0.6]
    return {
        "gtin": digits + str(check_digit(digits)), "sku": sku, "style": style.key,
        "department": style.department, "category": style.category, "name": style.name,
        "name_zh": style.name_zh, "size": size, "colour": name, "colour_zh": name_zh, "tint": tint,
        "picture": style.key, "price": style.price, "rack": style.rack, "material": material,
        "material_zh": material_zh, "care": care, "goes_with": style.goes_with,
        "stock": str(here), "nearby": " ".join(nearby),
    }  # fmt: skip


def write_table() -> int:
    """Write the table; returns how many rows it has."""
    table = rows()
    with TABLE.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(table)
    return len(table)


def main() -> None:
    """See the module."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sheets", type=Path, help="folder for contact sheets")
    sheets = parser.parse_args().sheets
    write_drawings()
    print(f"{len(STYLES)} styles, {write_table()} products")
    if sheets is not None:
        from sheets import write_sheets  # needs Qt

        for path in write_sheets(sheets, STYLES, COLOURS):
            print(path)


if __name__ == "__main__":
    main()
