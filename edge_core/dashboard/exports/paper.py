"""A page of paper to draw on: the house's type, colours and a few shapes. Lengths in points."""

import re
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any, Final, Literal

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from edge_core.dashboard import theme

FONTS_FOLDER: Final = Path(__file__).resolve().parents[3] / "assets" / "fonts"
WIDTH, HEIGHT = A4
MARGIN: Final = 42.0
INK: Final = "#1c222c"
SOFT: Final = "#5d6877"
FAINT: Final = "#93a0b0"
LINE: Final = "#dfe4ea"
PALE: Final = "#f4f2ee"
ACCENT: Final = "#e8862e"
"""The house's orange, darker, for white paper."""
SECOND: Final = "#8d9cb0"
DARK: Final = theme.GROUND
ON_DARK: Final = theme.INK

Weight = Literal["light", "regular", "medium"]
Side = Literal["left", "right", "centre"]
_FILES: Final = {
    "light": "NotoSansSC-Light-Latin.ttf",
    "regular": "NotoSansSC-Regular.ttf",
    "medium": "NotoSansSC-Medium.ttf",
}


class Paper:
    """A4 pages, each drawn from its lower left corner; fonts are embedded, as far as used.

    Args:
        title: of the document.
        author: who made it.
    """

    def __init__(self, title: str, author: str) -> None:
        for weight, name in _FILES.items():
            if weight not in pdfmetrics.getRegisteredFontNames():
                pdfmetrics.registerFont(TTFont(weight, str(FONTS_FOLDER / name)))
        self._sink = BytesIO()
        self._canvas: Any = Canvas(self._sink, pagesize=A4, initialFontName="regular")
        self._canvas.setTitle(title)
        self._canvas.setAuthor(author)
        self._canvas.setCreator("Promenade")

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float = 9.5,
        colour: str = INK,
        weight: Weight = "regular",
        side: Side = "left",
        width: float | None = None,
    ) -> None:
        """A line of text; cut with an ellipsis where it is wider than `width`."""
        font = weight
        if weight == "light" and not text.isascii():
            font = "regular"  # the light cut holds Latin only
        shown = text if width is None else fitted(text, font, size, width)
        self._canvas.setFont(font, size)
        self._canvas.setFillColor(HexColor(colour))
        draw = {
            "left": self._canvas.drawString,
            "right": self._canvas.drawRightString,
            "centre": self._canvas.drawCentredString,
        }[side]
        draw(x, y, shown)

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        colour: str,
        round_by: float = 0.0,
    ) -> None:
        """A filled rectangle."""
        self._canvas.setFillColor(HexColor(colour))
        if round_by and min(width, height) > 0:
            radius = min(round_by, width / 2, height / 2)
            self._canvas.roundRect(x, y, width, height, radius, stroke=0, fill=1)
        else:
            self._canvas.rect(x, y, width, height, stroke=0, fill=1)

    def line(
        self, x0: float, y0: float, x1: float, y1: float, *, colour: str = LINE, width: float = 0.6
    ) -> None:
        """A straight line."""
        self._canvas.setStrokeColor(HexColor(colour))
        self._canvas.setLineWidth(width)
        self._canvas.line(x0, y0, x1, y1)

    def hatch(self, x: float, y: float, width: float, height: float, share: float) -> None:
        """Slanted lines: nothing was watched here, for `share` of the time."""
        canvas = self._canvas
        canvas.saveState()
        path = canvas.beginPath()
        path.rect(x, y, width, height)
        canvas.clipPath(path, stroke=0, fill=0)
        canvas.setStrokeColor(HexColor(FAINT))
        canvas.setStrokeAlpha(0.25 + 0.45 * share)
        canvas.setLineWidth(0.6)
        step = 4.5
        for index in range(int((width + height) / step) + 1):
            begin = x - height + index * step
            canvas.line(begin, y, begin + height, y + height)
        canvas.restoreState()

    def next_page(self) -> None:
        """Go on on an empty page."""
        self._canvas.showPage()

    def done(self) -> bytes:
        """The PDF."""
        self._canvas.showPage()
        self._canvas.save()
        return self._sink.getvalue()


def width_of(text: str, weight: Weight, size: float) -> float:
    """How wide a text is."""
    return float(pdfmetrics.stringWidth(text, weight, size))


def fitted(text: str, weight: Weight, size: float, width: float) -> str:
    """The text, or as much of its beginning as fits with an ellipsis."""
    if width_of(text, weight, size) <= width:
        return text
    while text and width_of(f"{text}…", weight, size) > width:
        text = text[:-1]
    return f"{text.rstrip()}…"


def wrapped(text: str, weight: Weight, size: float, width: float) -> list[str]:
    """The text in lines that fit: Latin breaks between words, Chinese between any two signs."""
    lines, line = [], ""
    for piece in re.findall(r"[\u2e80-\uffef][，。；：、！？）》]*|[^\s\u2e80-\uffef]+|\s+", text):
        if line and width_of((line + piece).rstrip(), weight, size) > width:
            lines.append(line.rstrip())
            line = piece.lstrip()
        else:
            line += piece
    return [*lines, line.rstrip()] if line.strip() else lines


def ticks(most: float, wanted: int = 5) -> Sequence[int]:
    """Round whole numbers from 0 to at least `most`."""
    for step in (s * 10**power for power in range(9) for s in (1, 2, 5)):
        if most / step <= wanted:
            return range(0, -int(-most // step) * step + 1, step)
    return (0,)
