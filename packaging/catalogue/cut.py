"""How an upper garment is cut."""

from dataclasses import dataclass, field
from typing import Final, Literal

from kit import CENTRE, GLOW
from patterns import Pattern

Neck = Literal[
    "crew", "v", "deep-v", "scoop", "boat", "square", "polo", "turtle", "mock", "shirt", "camp",
    "band", "bow", "hood", "notch", "peak", "shawl", "stand", "funnel", "wrap", "straps", "collarless",
]  # fmt: skip
Sleeve = Literal["none", "cap", "short", "elbow", "three", "long", "puff", "bell", "balloon"]
Cuff = Literal["plain", "rib", "button", "turned", "elastic", "strap"]
Front = Literal[
    "closed", "buttons", "placket", "zip", "half-zip", "double", "snaps", "toggles", "open",
    "one-button", "two-button", "henley",
]  # fmt: skip
Hem = Literal["straight", "shirt", "rib", "elastic", "stitched", "flared"]


@dataclass(frozen=True)
class Torso:
    """How an upper garment is cut. Lengths in the drawing's units; the shoulders are 72 wide.

    Attributes:
        shoulder, chest, waist, hip: half widths.
        waist_y, hem_y: heights of waist and hem.
        neck, sleeve, cuff, front, hem: what they are called.
        pockets: names in `_POCKETS`.
        belt: a tied one, a buckled one, or none.
        details: further parts, by name.
        body, sleeves: what is woven, knitted or printed.
        trim: colour of collar and cuffs, where it is another.
    """

    shoulder: float = 36
    chest: float = 44
    waist: float = 43
    hip: float = 46
    waist_y: float = 130
    hem_y: float = 204
    neck: Neck = "crew"
    sleeve: Sleeve = "long"
    cuff: Cuff = "plain"
    front: Front = "closed"
    hem: Hem = "stitched"
    pockets: tuple[str, ...] = ()
    belt: Literal["", "tied", "buckled"] = ""
    details: tuple[str, ...] = ()
    body: Pattern = field(default_factory=Pattern)
    sleeves: Pattern | None = None
    trim: str = ""
    lining: str = ""
    buttons: str = GLOW
    loose: float = 0.0


NECKS: Final[dict[str, tuple[float, float, float]]] = {
    "crew": (17, 36, 48), "v": (17, 36, 72), "deep-v": (17, 36, 92), "scoop": (21, 38, 66),
    "boat": (27, 40, 47), "square": (23, 40, 64), "polo": (17, 34, 50), "turtle": (16, 35, 42),
    "mock": (16, 35, 42), "shirt": (18, 33, 53), "camp": (18, 33, 62), "band": (16, 34, 50),
    "bow": (17, 35, 60), "hood": (19, 36, 58), "notch": (18, 32, 108), "peak": (18, 32, 106),
    "shawl": (18, 32, 118), "stand": (17, 34, 46), "funnel": (18, 36, 44), "wrap": (18, 36, 96),
    "straps": (19, 62, 70), "collarless": (17, 35, 62),
}  # fmt: skip
"""Half width at the side of the neck, that point's height, and how deep the front is cut."""


def neckline(cut: Torso) -> str:
    """From the middle in front to the side of the neck."""
    half, top, deep = NECKS[cut.neck]
    x = CENTRE + half
    if cut.neck in ("v", "deep-v", "wrap", "notch", "peak", "shawl", "shirt", "camp", "bow"):
        return f"M100 {deep}C{100 + 0.45 * half} {deep - 12} {x - 2} {top + 16} {x} {top}"
    if cut.neck == "square":
        return f"M100 {deep}L{x - 3} {deep}L{x} {top}"
    if cut.neck == "straps":
        return f"M100 {deep}C{100 + 0.4 * half} {deep} {x - 6} {deep - 3} {x} {top}"
    return f"M100 {deep}C{100 + 0.62 * half} {deep} {x - 1} {top + 0.5 * (deep - top)} {x} {top}"
