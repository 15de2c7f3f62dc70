"""What a garment is to others: its part of an outfit, how formal it is, what it goes with."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from edge_core.suggest.colours import colour_likeness, harmony


class Slot(StrEnum):
    """Part of an outfit."""

    DRESS = "dress"
    TOP = "top"
    BOTTOM = "bottom"
    LAYER = "layer"
    SHOES = "shoes"
    ACCESSORY = "accessory"


_CATEGORIES: Final[dict[str, tuple[Slot, float]]] = {
    "coat": (Slot.LAYER, 0.7),
    "jacket": (Slot.LAYER, 0.4),
    "blazer": (Slot.LAYER, 0.8),
    "cardigan": (Slot.LAYER, 0.45),
    "knit": (Slot.TOP, 0.45),
    "sweat": (Slot.TOP, 0.15),
    "hoodie": (Slot.TOP, 0.1),
    "shirt": (Slot.TOP, 0.65),
    "blouse": (Slot.TOP, 0.7),
    "top": (Slot.TOP, 0.35),
    "tshirt": (Slot.TOP, 0.2),
    "polo": (Slot.TOP, 0.4),
    "dress": (Slot.DRESS, 0.65),
    "skirt": (Slot.BOTTOM, 0.55),
    "trousers": (Slot.BOTTOM, 0.65),
    "jeans": (Slot.BOTTOM, 0.3),
    "shorts": (Slot.BOTTOM, 0.15),
    "shoes": (Slot.SHOES, 0.7),
    "boots": (Slot.SHOES, 0.45),
    "sneakers": (Slot.SHOES, 0.2),
    "scarf": (Slot.ACCESSORY, 0.5),
    "hat": (Slot.ACCESSORY, 0.35),
    "bag": (Slot.ACCESSORY, 0.5),
    "belt": (Slot.ACCESSORY, 0.6),
    "accessory": (Slot.ACCESSORY, 0.5),
}
"""Slot and formality (0..1, ours) by category; pictures' names serve where there is none."""
_FOR_ALL: Final = ("", "all")
_FORMALITY_REACH: Final = 0.6


@dataclass(frozen=True, slots=True)
class Garment:
    """One size and colour of a style.

    Attributes:
        sku: the shop's number.
        style: one for all sizes and colours.
        category: what it is; "" when unknown.
        tint: its colour like `#3a5a7c`, or "".
        size: as on its label, or "".
        department: `women`, `men`, `kids`, `all` or "".
        stock: pieces here; None when unknown.
        rack: where it hangs, or "".
        goes_with: styles the shop itself shows with it.
    """

    sku: str
    style: str
    category: str = ""
    tint: str = ""
    size: str = ""
    department: str = ""
    stock: int | None = None
    rack: str = ""
    goes_with: frozenset[str] = frozenset()

    @property
    def slot(self) -> Slot | None:
        """Its part of an outfit; None when the category is unknown."""
        return _CATEGORIES[self.category][0] if self.category in _CATEGORIES else None

    @property
    def formality(self) -> float:
        """0..1."""
        return _CATEGORIES[self.category][1] if self.category in _CATEGORIES else 0.4


def same_department(one: Garment, other: Garment) -> bool:
    """Whether both are sold to the same people; what is for all goes with each."""
    return (
        one.department in _FOR_ALL
        or other.department in _FOR_ALL
        or one.department == other.department
    )


def complement(one: Garment, other: Garment) -> float:
    """1 for two parts of one outfit, 0 for what cannot be worn together, between for the same."""
    slots = {one.slot, other.slot}
    if None in slots:
        return 0.5
    if len(slots) == 1:
        return 1.0 if slots == {Slot.ACCESSORY} and one.category != other.category else 0.2
    return 0.0 if Slot.DRESS in slots and slots & {Slot.TOP, Slot.BOTTOM} else 1.0


def formality_fit(one: Garment, other: Garment) -> float:
    """How near two garments are in formality, 0..1."""
    return max(0.0, 1.0 - abs(one.formality - other.formality) / _FORMALITY_REACH)


def looks(one: Garment, other: Garment) -> float:
    """How well two garments look together, 0..1, by colour and formality (ours)."""
    shown = 1.0 if other.style in one.goes_with or one.style in other.goes_with else 0.0
    by_eye = 0.6 * harmony(one.tint, other.tint) + 0.4 * formality_fit(one, other)
    return max(shown, by_eye)


def likeness(one: Garment, other: Garment) -> float:
    """How alike two garments are, 0..1: for showing different ones."""
    if one.style == other.style:
        return 1.0
    same = 0.6 * (one.slot == other.slot) + 0.4 * (one.category == other.category)
    return 0.6 * same + 0.4 * colour_likeness(one.tint, other.tint)
