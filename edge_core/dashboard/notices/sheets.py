"""Text that flows over pages in the house's type."""

from collections.abc import Sequence
from typing import Final

from edge_core.dashboard.exports.paper import (
    ACCENT,
    DARK,
    FAINT,
    HEIGHT,
    INK,
    LINE,
    MARGIN,
    ON_DARK,
    SOFT,
    WIDTH,
    Paper,
    Weight,
    wrapped,
)

INNER: Final = WIDTH - 2 * MARGIN
_HEAD: Final = 112.0
_LOWEST: Final = 64.0


class Sheets:
    """Pages that fill from the top; the first has a head.

    Args:
        title: of the document, in the head and at the foot of every page.
        name: the site's.
        kind: what kind of document, short.
        foot: said at the foot of every page.
    """

    def __init__(self, title: str, name: str, kind: str, foot: str) -> None:
        self.paper = Paper(f"{title} · {name}", name)
        self._foot_text, self._page = foot, 1
        paper = self.paper
        paper.box(0, HEIGHT - _HEAD, WIDTH, _HEAD, colour=DARK)
        paper.box(0, HEIGHT - _HEAD - 3, WIDTH, 3, colour=ACCENT)
        paper.text(MARGIN, HEIGHT - 60, title, size=23, weight="light", colour=ON_DARK, width=INNER)
        paper.text(MARGIN, HEIGHT - 86, name, size=12.5, colour="#c9cfd8", width=INNER - 150)
        paper.text(
            WIDTH - MARGIN, HEIGHT - 86, kind, size=11, weight="medium", side="right",
            colour="#ffb35c",
        )  # fmt: skip
        self._y = HEIGHT - _HEAD - 34
        self._foot()

    def heading(self, text: str) -> None:
        """A heading that is not left alone at the end of a page."""
        self._room(62)
        self._y -= 8
        self.paper.text(MARGIN, self._y, text, size=13, weight="medium")
        self.paper.line(MARGIN, self._y - 6, WIDTH - MARGIN, self._y - 6)
        self._y -= 24

    def text(
        self,
        text: str,
        *,
        size: float = 10.0,
        colour: str = INK,
        weight: Weight = "regular",
        indent: float = 0.0,
    ) -> None:
        """A paragraph."""
        step = size * 1.5
        for line in wrapped(text, weight, size, INNER - indent):
            self._room(step)
            self.paper.text(MARGIN + indent, self._y, line, size=size, colour=colour, weight=weight)
            self._y -= step
        self._y -= 3

    def points(self, texts: Sequence[str]) -> None:
        """A list."""
        for text in texts:
            self._room(16)
            self.paper.box(MARGIN + 3, self._y + 1.5, 4, 4, colour=ACCENT, round_by=2)
            self.text(text, indent=16)
        self._y -= 3

    def rows(self, rows: Sequence[tuple[str, str]], share: float = 0.3) -> None:
        """Two columns: what, and what is said of it, in lines of its own where it has several."""
        left = INNER * share
        self._y -= 6
        for what, told in rows:
            lines = [
                line
                for part in told.split("\n")
                for line in wrapped(part, "regular", 9.5, INNER - left)
            ]
            heads = wrapped(what, "medium", 9.5, left - 14)
            height = 14.2 * max(len(lines), len(heads)) + 12
            self._room(height)
            for place, line in enumerate(heads):
                self.paper.text(MARGIN, self._y - 14.2 * place, line, size=9.5, weight="medium")
            for place, line in enumerate(lines):
                self.paper.text(MARGIN + left, self._y - 14.2 * place, line, size=9.5)
            self._y -= height
            self.paper.line(MARGIN, self._y + 15, WIDTH - MARGIN, self._y + 15, colour=LINE)
        self._y -= 6

    def done(self) -> bytes:
        """The PDF."""
        return self.paper.done()

    def _room(self, height: float) -> None:
        if self._y - height >= _LOWEST:
            return
        self.paper.next_page()
        self._page += 1
        self._y = HEIGHT - MARGIN - 14
        self._foot()

    def _foot(self) -> None:
        self.paper.line(MARGIN, 46, WIDTH - MARGIN, 46)
        self.paper.text(MARGIN, 32, self._foot_text, size=8, colour=SOFT, width=INNER - 60)
        self.paper.text(WIDTH - MARGIN, 32, str(self._page), size=8, colour=FAINT, side="right")
