"""The list a shopper takes home in a QR code. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from mirror.view_models.cards import Card
from mirror.view_models.garments import GarmentRow


@dataclass(frozen=True, slots=True)
class Kept:
    """One line of the list, in the language shown."""

    name: str
    colour: str
    size: str
    price: str
    sku: str


def kept(row: Card | GarmentRow) -> Kept:
    """What of a card goes on the list."""
    return Kept(row.name, row.colour, row.size, row.price, row.sku)


def list_text(site: str, day: str, kept: Sequence[Kept]) -> str:
    """The list as plain text: complete by itself, for any phone, with no address in it.

    A SKU ends each line, by which a shop finds the garment again.
    """
    lines = [f"{site} · {day}"]
    for number, it in enumerate(kept, 1):
        about = ", ".join(part for part in (it.name, it.colour, it.size, it.price) if part)
        lines.append(f"{number}. {about} [{it.sku}]")
    return "\n".join(lines)
