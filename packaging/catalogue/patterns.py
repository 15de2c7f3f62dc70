"""What is woven, knitted or printed."""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Final

import shapely
from kit import DEEP, GLOW, SHADE, Drawing, Path, bands, hatch, spots
from shapely import LineString, affinity
from shapely.geometry.base import BaseGeometry

CREAM, INK = "#f6f0e2", "#1e2533"


@dataclass(frozen=True)
class Pattern:
    """How a cloth is patterned.

    Attributes:
        kind: a name in `PATTERNS`.
        colour: of what is printed, where it is not a tone of the garment's own.
        gap: between repeats.
        width: of a stripe.
    """

    kind: str = "plain"
    colour: str = CREAM
    gap: float = 9.0
    width: float = 3.4
    second: str = field(default="#c9553f")


Painter = Callable[[Drawing, BaseGeometry, Pattern, float], None]


def paint(drawing: Drawing, area: BaseGeometry, pattern: Pattern, angle: float = 0.0) -> None:
    """Pattern an area whose cloth runs at an angle, degrees."""
    PATTERNS[pattern.kind](drawing, area, pattern, angle)


def _plain(drawing: Drawing, area: BaseGeometry, pattern: Pattern, angle: float) -> None:
    del drawing, area, pattern, angle


def _stripes(drawing: Drawing, area: BaseGeometry, pattern: Pattern, angle: float) -> None:
    drawing.fill(bands(area, pattern.gap, pattern.width, angle), pattern.colour, 0.9)


def _pinstripes(drawing: Drawing, area: BaseGeometry, pattern: Pattern, angle: float) -> None:
    lines = hatch(area, pattern.gap, 90 + angle)
    drawing.stroke(lines, pattern.width, pattern.colour, opacity=0.75)


def _check(drawing: Drawing, area: BaseGeometry, pattern: Pattern, angle: float) -> None:
    """A tartan: broad and narrow bands both ways."""
    for turn in (angle, 90 + angle):
        drawing.fill(bands(area, pattern.gap, pattern.width, turn), "#000000", 0.2)
        lines = hatch(area, pattern.gap, turn, pattern.gap / 2)
        drawing.stroke(lines, 1.1, pattern.colour, opacity=0.7)
        thin = hatch(area, pattern.gap, turn, pattern.gap / 2 - 2.2)
        drawing.stroke(thin, 0.6, pattern.second, opacity=0.8)


def _gingham(drawing: Drawing, area: BaseGeometry, pattern: Pattern, angle: float) -> None:
    for turn in (angle, 90 + angle):
        drawing.fill(bands(area, pattern.gap, pattern.gap / 2, turn), pattern.colour, 0.5)


def _window(drawing: Drawing, area: BaseGeometry, pattern: Pattern, angle: float) -> None:
    for turn in (angle, 90 + angle):
        lines = hatch(area, pattern.gap, turn, pattern.gap / 2)
        drawing.stroke(lines, pattern.width, pattern.colour, opacity=0.6)


def _dots(drawing: Drawing, area: BaseGeometry, pattern: Pattern, angle: float) -> None:
    del angle
    for x, y in spots(area.buffer(-1.2), pattern.gap):
        drawing.dot(x, y, pattern.width / 2, pattern.colour, 0)


def _floral(drawing: Drawing, area: BaseGeometry, pattern: Pattern, angle: float) -> None:
    """Small blossoms and leaves."""
    del angle
    rng = Random(5)
    for place, (x, y) in enumerate(spots(area.buffer(-2.4), pattern.gap, 1.6)):
        turn, size = rng.uniform(0, 72), pattern.width * rng.uniform(0.8, 1.15)
        colour = pattern.colour if place % 3 else pattern.second
        leaf = shapely.Point(x, y).buffer(1)
        leaf = affinity.rotate(affinity.scale(leaf, 0.45 * size, 1.5 * size), turn + 40)
        drawing.fill(leaf.intersection(area).simplify(0.1), SHADE, 0.9)
        for petal in range(5):
            disc = shapely.Point(x, y - 0.62 * size).buffer(0.5 * size, quad_segs=3)
            disc = affinity.rotate(disc, turn + 72 * petal, origin=(x, y))
            drawing.fill(disc, colour)
        drawing.dot(x, y, 0.3 * size, "#e9b949", 0)


def _knit(drawing: Drawing, area: BaseGeometry, pattern: Pattern, angle: float) -> None:
    """Rows of stitches."""
    rows = hatch(area.buffer(-0.8), pattern.gap, angle)
    drawing.stroke(rows, 0.9, DEEP, opacity=0.3, dash="1.6 1.6")
    rows = hatch(area.buffer(-0.8), pattern.gap, angle, pattern.gap / 2)
    drawing.stroke(rows, 0.9, "#ffffff", opacity=0.22, dash="1.6 1.6")


def _rib(drawing: Drawing, area: BaseGeometry, pattern: Pattern, angle: float) -> None:
    lines = hatch(area.buffer(-0.8), pattern.gap, 90 + angle)
    drawing.stroke(lines, 0.9, DEEP, opacity=0.42)
    lines = hatch(area.buffer(-0.8), pattern.gap, 90 + angle, pattern.gap / 2)
    drawing.stroke(lines, 0.8, "#ffffff", opacity=0.2)


def _cable(drawing: Drawing, area: BaseGeometry, pattern: Pattern, angle: float) -> None:
    """Plaits down the middle and beside it, moss stitch between."""
    _knit(drawing, area, Pattern(gap=4.4), angle)
    if angle:
        return
    low, high = area.bounds[1] + 8, area.bounds[3] - 2
    for x, wide in ((100, 8.5), (74, 5.5), (126, 5.5)):
        frame = shapely.box(x - wide - 2.5, low, x + wide + 2.5, high).intersection(area)
        drawing.fill(frame, "#000000", 0.07)
        for phase in (1, -1):
            points, y, step = [], low, 1.5 * wide
            while y < high:
                points += [f"C{x + phase * wide} {y + step / 3:.1f}"
                           f" {x + phase * wide} {y + 2 * step / 3:.1f} {x} {y + step:.1f}"]  # fmt: skip
                phase, y = -phase, y + step
            strand = Path.of(f"M{x} {low}" + "".join(points)).line().intersection(area)
            drawing.stroke(strand, 0.62 * wide, DEEP, opacity=0.55)
            drawing.stroke(strand, 0.4 * wide, GLOW)
        for edge in (-wide - 2.5, wide + 2.5):
            line = LineString([(x + edge, low), (x + edge, high)]).intersection(area)
            drawing.stroke(line, 0.9, DEEP, opacity=0.5)


def _fair_isle(drawing: Drawing, area: BaseGeometry, pattern: Pattern, angle: float) -> None:
    """Patterned rows round the yoke."""
    _knit(drawing, area, Pattern(gap=4.4), angle)
    top = area.bounds[1]
    rows = (18, 30, 42) if angle == 0 else (12, 24)
    for place, row in enumerate(rows):
        y = top + row + (8 if angle == 0 else 0)
        colour = pattern.colour if place % 2 == 0 else pattern.second
        points = LineString(
            [(x, y + (3.4 if i % 2 else -3.4)) for i, x in enumerate(range(-20, 224, 4))]
        )
        drawing.stroke(points.intersection(area.buffer(-1)), 1.9, colour, opacity=0.95)
        for shift in (-6.2, 6.2):
            level = LineString([(-50, y + shift), (250, y + shift)]).intersection(area.buffer(-1))
            drawing.stroke(level, 1.5, colour, opacity=0.9, dash="1.6 2.6")


def _denim(drawing: Drawing, area: BaseGeometry, pattern: Pattern, angle: float) -> None:
    del pattern
    drawing.stroke(hatch(area, 2.2, angle - 58), 0.5, "#ffffff", opacity=0.16)


def _tweed(drawing: Drawing, area: BaseGeometry, pattern: Pattern, angle: float) -> None:
    """Herringbone: slanted hatching that changes its way from band to band."""
    for place, slant in enumerate((32, -32)):
        strips = bands(area, 13, 6.5, 90 + angle, 6.5 * place)
        drawing.stroke(hatch(strips, 2.7, angle + slant), 0.7, pattern.colour, opacity=0.4)


def _cord(drawing: Drawing, area: BaseGeometry, pattern: Pattern, angle: float) -> None:
    drawing.stroke(hatch(area.buffer(-0.6), pattern.gap, 90 + angle), 1.1, DEEP, opacity=0.34)


def _quilt(drawing: Drawing, area: BaseGeometry, pattern: Pattern, angle: float) -> None:
    """Padded bands: a seam, its shadow below, light on what bulges."""
    gap = pattern.gap
    drawing.fill(bands(area, gap, 0.3 * gap, angle, -0.16 * gap), "#000000", 0.1)
    drawing.fill(bands(area, gap, 0.14 * gap, angle, -0.08 * gap), "#000000", 0.12)
    drawing.fill(bands(area, gap, 0.22 * gap, angle, 0.3 * gap), "#ffffff", 0.1)
    seams = hatch(area, gap, angle)
    for seam in seams.geoms:
        (x0, y0), (x1, y1) = seam.coords[0], seam.coords[-1]
        for place in range(1, int(seam.length / 9)):
            share = place * 9 / seam.length
            x, y = x0 + share * (x1 - x0), y0 + share * (y1 - y0)
            lean = -1.6 if place % 2 else 1.6
            drawing.stroke(f"M{x} {y + 0.8}L{x + lean} {y + 4 + place % 3}", 0.8, opacity=0.4)
            drawing.stroke(f"M{x} {y - 0.8}L{x - lean} {y - 3.4}", 0.8, opacity=0.35)
    drawing.stroke(seams, 1.1, DEEP, opacity=0.85)


def _diamonds(drawing: Drawing, area: BaseGeometry, pattern: Pattern, angle: float) -> None:
    """A quilted lining's diamonds."""
    for slant in (45, -45):
        lines = hatch(area.buffer(-0.6), pattern.gap, angle + slant)
        drawing.stroke(lines, 0.8, DEEP, opacity=0.55)


def _marl(drawing: Drawing, area: BaseGeometry, pattern: Pattern, angle: float) -> None:
    del pattern
    for slant, dash in ((8, "3 5"), (-6, "2 6")):
        lines = hatch(area, 3.1, angle + slant)
        drawing.stroke(lines, 0.6, "#ffffff", opacity=0.22, dash=dash)


def _block(drawing: Drawing, area: BaseGeometry, pattern: Pattern, angle: float) -> None:
    """Another colour from a height down."""
    if angle == 0:
        low = shapely.box(-1e3, pattern.gap, 1e3, pattern.gap + pattern.width)
        drawing.fill(area.intersection(low), pattern.colour, 0.95)


PATTERNS: Final[dict[str, Painter]] = {
    "plain": _plain, "stripes": _stripes, "pinstripes": _pinstripes, "check": _check,
    "gingham": _gingham, "window": _window, "dots": _dots, "floral": _floral, "knit": _knit,
    "rib": _rib, "cable": _cable, "fair-isle": _fair_isle, "denim": _denim, "tweed": _tweed,
    "cord": _cord, "quilt": _quilt, "diamonds": _diamonds, "marl": _marl, "block": _block,
}  # fmt: skip
