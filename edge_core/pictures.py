"""The catalogue's drawings of garments, each in the colour of a product."""

import re
from functools import lru_cache
from pathlib import Path
from typing import Final

CATALOGUE: Final = Path(__file__).resolve().parents[1] / "assets" / "catalogue"
UNKNOWN: Final = "garment"
"""Drawn for a product without a picture, or with one that is not there."""
_TONES: Final[dict[str, tuple[int, float]]] = {
    "#c2cad8": (255, 0.42),
    "#a5b0c3": (255, 0.18),
    "#8d99ae": (255, 0.0),
    "#76839a": (0, 0.17),
    "#5d6a80": (0, 0.38),
}
"""The drawings' own greys: towards white (255) or black (0), and how far, in a garment's colour."""


def drawing(name: str, tint: str = "", folder: Path = CATALOGUE) -> str:
    """A garment as SVG.

    Args:
        name: of a drawing; the one of an unknown garment stands in for what is missing.
        tint: the garment's colour, e.g. `#3a5a7c`; "" leaves the drawing grey.
        folder: of the drawings.
    """
    path = folder / f"{name}.svg"
    if not name or not path.is_file():
        path = folder / f"{UNKNOWN}.svg"
    return tinted(path.read_text(encoding="utf-8"), tint)


listed_drawing: Final = lru_cache(maxsize=256)(drawing)
"""The same for pages that show whole lists over and over. Some 20 kB each stay in memory, too much
for a screen that shows six and is looked at all day."""


def tinted(text: str, tint: str) -> str:
    """An SVG drawing with its greys turned into tones of a colour; "" leaves it."""
    if not tint:
        return text
    own = [int(tint[place : place + 2], 16) for place in (1, 3, 5)]

    def tone(found: "re.Match[str]") -> str:
        target, share = _TONES[str(found[0]).lower()]
        return "#" + "".join(f"{round(part + share * (target - part)):02x}" for part in own)

    return re.sub("|".join(_TONES), tone, text, flags=re.IGNORECASE)
