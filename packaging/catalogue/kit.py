"""A small drawing kit for flat illustrations of garments: paths, tones, shading, patterns.

Everything is drawn in five greys that `edge_core.pictures` turns into tones of a garment's
colour; black and white at low opacity shade on top of any of them. Clipping is done here with
shapely, for Qt's SVG renderer does none. Deterministic: same input, same bytes.
"""

import math
import re
from collections.abc import Iterable, Sequence
from random import Random
from typing import Final

import shapely
from shapely import LineString, MultiLineString, MultiPolygon, Polygon, affinity
from shapely.geometry.base import BaseGeometry

GLOW, LIGHT, BASE, SHADE, DEEP = "#c2cad8", "#a5b0c3", "#8d99ae", "#76839a", "#5d6a80"
"""The drawings' own greys, as `edge_core.pictures` knows them."""
CENTRE: Final = 100.0
_NARROWEST: Final = 172.0
"""Small things stay smaller than large ones."""
Point = tuple[float, float]
Segment = tuple[Point, ...]
"""A straight one has two points, a cubic one four."""


class Path:
    """Lines and cubic curves; y grows downwards."""

    def __init__(self, segments: Sequence[Segment]) -> None:
        self.segments = list(segments)

    @classmethod
    def of(cls, text: str) -> "Path":
        """Read absolute M, L, C and Q commands."""
        tokens = re.findall(r"[MLCQ]|-?\d+(?:\.\d+)?", text)
        segments: list[Segment] = []
        here: Point = (0.0, 0.0)
        command, place = "M", 0
        while place < len(tokens):
            if tokens[place] in "MLCQ":
                command, place = tokens[place], place + 1
            count = {"M": 1, "L": 1, "Q": 2, "C": 3}[command]
            numbers = [float(it) for it in tokens[place : place + 2 * count]]
            points = [(numbers[i], numbers[i + 1]) for i in range(0, len(numbers), 2)]
            place += 2 * count
            if command == "L":
                segments.append((here, points[0]))
            elif command == "C":
                segments.append((here, *points))
            elif command == "Q":
                (cx, cy), end = points
                one = (here[0] + 2 / 3 * (cx - here[0]), here[1] + 2 / 3 * (cy - here[1]))
                two = (end[0] + 2 / 3 * (cx - end[0]), end[1] + 2 / 3 * (cy - end[1]))
                segments.append((here, one, two, end))
            here = points[-1]
        return cls(segments)

    @classmethod
    def whole(cls, right_half: str) -> "Path":
        """A closed shape from its right half, which goes from the middle above to that below."""
        right = cls.of(right_half)
        return cls(right.segments + right.mirrored().reversed().segments)

    def mirrored(self) -> "Path":
        """On the other side of the middle."""
        return Path([tuple((2 * CENTRE - x, y) for x, y in it) for it in self.segments])

    def moved(self, x: float, y: float) -> "Path":
        """Elsewhere."""
        return Path([tuple((px + x, py + y) for px, py in it) for it in self.segments])

    def reversed(self) -> "Path":
        """Drawn from the end."""
        return Path([tuple(reversed(it)) for it in reversed(self.segments)])

    def points(self, steps: int = 14) -> list[Point]:
        """Corners of a polyline along it."""
        found = [self.segments[0][0]]
        for segment in self.segments:
            if len(segment) == 2:
                found.append(segment[1])
                continue
            for step in range(1, steps + 1):
                found.append(_cubic(segment, step / steps))
        return found

    def line(self) -> LineString:
        """As a polyline."""
        return LineString(self.points())

    def area(self) -> BaseGeometry:
        """What it encloses."""
        return Polygon(self.points()).buffer(0)


def _cubic(segment: Segment, t: float) -> Point:
    a, b, c, d = segment
    s = 1 - t
    weights = (s**3, 3 * s * s * t, 3 * s * t * t, t**3)
    pairs = list(zip(weights, (a, b, c, d), strict=True))
    return sum(w * p[0] for w, p in pairs), sum(w * p[1] for w, p in pairs)


def num(value: float) -> str:
    """A coordinate to a tenth."""
    text = f"{value:.1f}"
    return text.removesuffix(".0") if text != "-0.0" else "0"


def d_of(shape: "Path | BaseGeometry", *, closed: bool = True) -> str:
    """An SVG path's `d`."""
    if isinstance(shape, Path):
        parts, here = [], None
        for segment in shape.segments:
            if segment[0] != here:
                parts.append(f"M{num(segment[0][0])} {num(segment[0][1])}")
            letter, here = "L" if len(segment) == 2 else "C", segment[-1]
            parts.append(letter + " ".join(f"{num(x)} {num(y)}" for x, y in segment[1:]))
        return "".join(parts) + ("Z" if closed else "")
    rings: list[str] = []
    for part in getattr(shape, "geoms", [shape]):
        if isinstance(part, Polygon):
            for ring in (part.exterior, *part.interiors):
                rings.append(_ring(ring.coords[:-1]) + "Z")
        elif isinstance(part, LineString) and not part.is_empty:
            rings.append(_ring(part.coords))
    return "".join(rings)


def _ring(points: Iterable[Sequence[float]]) -> str:
    first, *others = [f"{num(p[0])} {num(p[1])}" for p in points]
    return f"M{first}" + (f"L{' '.join(others)}" if others else "")


class Drawing:
    """An SVG in the making; the view is fitted to the cloth."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._defs: dict[str, str] = {}
        self._covered: list[BaseGeometry] = []

    def text(self) -> str:
        """The file's content."""
        x0, y0, x1, y1 = shapely.union_all(self._covered).bounds
        width = max(1.07 * (x1 - x0), 1.07 / 1.2 * (y1 - y0), _NARROWEST)
        height = 1.2 * width
        corner = ((x0 + x1 - width) / 2, (y0 + y1 - height) / 2)
        view = " ".join(num(it) for it in (*corner, width, height))
        body = "\n".join(f"  {part}" for part in self._parts)
        defs = "".join(f"    {it}\n" for it in self._defs.values())
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{view}" width="200" height="240">\n'
            f"  <defs>\n{defs}  </defs>\n{body}\n</svg>\n"
        )

    def group(self, other: "Drawing", x: float, y: float, wide: float, high: float) -> None:
        """Put another drawing in, scaled and then moved."""
        self._defs.update(other._defs)
        self.raw(f'<g transform="translate({num(x)} {num(y)}) scale({wide} {high})">')
        self._parts += other._parts
        self.raw("</g>")
        self._covered += [
            affinity.translate(affinity.scale(it, wide, high, origin=(0, 0)), x, y)
            for it in other._covered
        ]

    def raw(self, element: str) -> None:
        """Add an element as it is."""
        self._parts.append(element)

    def cloth(
        self,
        shape: "Path | BaseGeometry",
        fill: str = "",
        *,
        shaded: float = 1.0,
        line: float = 1.3,
    ) -> BaseGeometry:
        """A piece of cloth: filled, shaded at its rims, outlined; returns what it covers.

        Args:
            shape: what it covers.
            fill: a colour; "" = lit from the left above in the garment's own.
            shaded: how strong its rims are shaded, 0..1.
            line: width of the outline; 0 for none.
        """
        area = shape.area() if isinstance(shape, Path) else shape
        self._covered.append(shapely.box(*area.bounds))
        self.raw(f'<path d="{d_of(shape)}" fill="{fill or self._lit()}"/>')
        if shaded:
            self._rims(area, shaded)
        if line:
            self.outline(shape, line)
        return area

    def outline(self, shape: "Path | BaseGeometry", width: float = 1.3, colour: str = DEEP) -> None:
        """Draw round a shape."""
        self.raw(
            f'<path d="{d_of(shape)}" fill="none" stroke="{colour}" stroke-width="{width}"'
            ' stroke-linejoin="round"/>'
        )

    def fill(self, shape: "Path | BaseGeometry", colour: str, opacity: float = 1.0) -> None:
        """Fill a shape without an outline."""
        seen = "" if opacity >= 1 else f' fill-opacity="{opacity:.2f}"'
        if not (isinstance(shape, BaseGeometry) and shape.is_empty):
            self.raw(f'<path d="{d_of(shape)}" fill="{colour}"{seen}/>')

    def stroke(
        self,
        shape: "Path | BaseGeometry | str",
        width: float = 1.2,
        colour: str = DEEP,
        *,
        opacity: float = 1.0,
        dash: str = "",
    ) -> None:
        """Draw along an open path."""
        path = Path.of(shape) if isinstance(shape, str) else shape
        if isinstance(path, BaseGeometry) and path.is_empty:
            return
        if width >= 2.5 and opacity >= 1:
            line = path.line() if isinstance(path, Path) else path
            self._covered.append(shapely.box(*line.buffer(width / 2).bounds))
        seen = "" if opacity >= 1 else f' stroke-opacity="{opacity:.2f}"'
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        self.raw(
            f'<path d="{d_of(path, closed=False)}" fill="none" stroke="{colour}"'
            f' stroke-width="{width}"{seen}{dashes} stroke-linecap="round"'
            ' stroke-linejoin="round"/>'
        )

    def both(self, text: str, width: float = 1.2, colour: str = DEEP, **how: object) -> None:
        """Draw along a path and its mirror image."""
        path = Path.of(text)
        for it in (path, path.mirrored()):
            self.stroke(it, width, colour, **how)  # type: ignore[arg-type]

    def stitches(self, text: str, colour: str = DEEP, opacity: float = 0.75) -> None:
        """A row of stitches."""
        self.stroke(text, 0.9, colour, opacity=opacity, dash="2.4 1.8")

    def dot(self, x: float, y: float, radius: float, fill: str = GLOW, line: float = 0.8) -> None:
        """A button, a rivet, an eyelet."""
        edge = f' stroke="{DEEP}" stroke-width="{line}"' if line else ""
        self._covered.append(shapely.Point(x, y).buffer(radius))
        self.raw(f'<circle cx="{num(x)}" cy="{num(y)}" r="{num(radius)}" fill="{fill}"{edge}/>')

    def button(self, x: float, y: float, radius: float = 2.3, fill: str = GLOW) -> None:
        """A button with its shadow and two holes."""
        self.dot(x + 0.5, y + 0.8, radius, "#000000", 0)
        self._parts[-1] = self._parts[-1].replace("/>", ' fill-opacity="0.25"/>')
        self.dot(x, y, radius, fill, 0.7)
        for side in (-0.7, 0.7):
            self.dot(x + side, y, 0.4, DEEP, 0)

    def fold(self, text: str, width: float = 2.6, opacity: float = 0.16) -> None:
        """A soft crease: a lens along a path, dark."""
        self.fill(_lens(Path.of(text).line(), width), "#000000", opacity)

    def sheen(self, text: str, width: float = 3.4, opacity: float = 0.16) -> None:
        """Light on a crease."""
        self.fill(_lens(Path.of(text).line(), width), "#ffffff", opacity)

    def folds(self, *texts: str, width: float = 2.6, opacity: float = 0.16) -> None:
        """Creases on both sides."""
        for text in texts:
            path = Path.of(text)
            for it in (path, path.mirrored()):
                self.fill(_lens(it.line(), width), "#000000", opacity)

    def ribs(self, area: BaseGeometry, angle: float = 0.0, gap: float = 3.2) -> None:
        """The fine lines of a ribbed edge; upright at angle 0, degrees."""
        lines = hatch(area.buffer(-0.7), gap, 90 + angle)
        self.stroke(lines, 0.8, opacity=0.5)

    def _lit(self) -> str:
        self._defs.setdefault(
            "lit",
            '<linearGradient id="lit" x1="0" y1="0" x2="1" y2="0.15">'
            f'<stop offset="0" stop-color="{SHADE}"/><stop offset="0.18" stop-color="{BASE}"/>'
            f'<stop offset="0.4" stop-color="{LIGHT}"/><stop offset="0.66" stop-color="{BASE}"/>'
            f'<stop offset="1" stop-color="{SHADE}"/></linearGradient>',
        )
        return "url(#lit)"

    def _rims(self, area: BaseGeometry, strength: float) -> None:
        low, _, high, _ = area.bounds
        reach = min(6.0, 0.16 * (high - low))
        for part, opacity in ((0.45, 0.08), (1.0, 0.09)):
            shift = reach * part
            dark = area.difference(affinity.translate(area, -shift, -0.55 * shift))
            self.fill(tidy(dark), "#000000", opacity * strength)
        light = area.difference(affinity.translate(area, 0.5 * reach, 0.35 * reach))
        self.fill(tidy(light), "#ffffff", 0.13 * strength)


def tidy(shape: BaseGeometry, smallest: float = 3.0) -> BaseGeometry:
    """Without specks, and with no more corners than the eye can see."""
    parts = [it for it in getattr(shape, "geoms", [shape]) if isinstance(it, Polygon)]
    kept = [it.simplify(0.12) for it in parts if it.area >= smallest]
    return MultiPolygon([it for it in kept if isinstance(it, Polygon) and not it.is_empty])


def _lens(line: LineString, width: float) -> BaseGeometry:
    """A shape along a line, wide in its middle and pointed at its ends."""
    count = 12
    spots = [line.interpolate(i / count, normalized=True) for i in range(count + 1)]
    left, right = [], []
    for i, spot in enumerate(spots):
        before, after = spots[max(0, i - 1)], spots[min(count, i + 1)]
        dx, dy = after.x - before.x, after.y - before.y
        length = math.hypot(dx, dy) or 1.0
        half = width / 2 * math.sin(math.pi * i / count)
        left.append((spot.x - dy / length * half, spot.y + dx / length * half))
        right.append((spot.x + dy / length * half, spot.y - dx / length * half))
    return Polygon(left + right[::-1]).buffer(0)


def hatch(
    area: BaseGeometry, gap: float, angle: float = 0.0, offset: float = 0.0
) -> MultiLineString:
    """Parallel lines over an area; level at angle 0, degrees."""
    x0, y0, x1, y1 = area.bounds
    cx, cy, far = (x0 + x1) / 2, (y0 + y1) / 2, math.hypot(x1 - x0, y1 - y0)
    count = int(far / gap) + 1
    lines = [
        LineString([(cx - far, cy + i * gap + offset), (cx + far, cy + i * gap + offset)])
        for i in range(-count, count + 1)
    ]
    turned = affinity.rotate(MultiLineString(lines), angle, origin=(cx, cy))
    return _lines(turned.intersection(area))


def _lines(shape: BaseGeometry) -> MultiLineString:
    parts = getattr(shape, "geoms", [shape])
    return MultiLineString([it for it in parts if isinstance(it, LineString) and it.length > 0.5])


def bands(
    area: BaseGeometry, gap: float, width: float, angle: float = 0.0, offset: float = 0.0
) -> BaseGeometry:
    """Stripes over an area."""
    grown = area.buffer(width)
    return hatch(grown, gap, angle, offset).buffer(width / 2, cap_style="flat").intersection(area)


def spots(area: BaseGeometry, gap: float, jitter: float = 0.0, seed: int = 1) -> list[Point]:
    """Places in rows that are shifted against each other, inside an area."""
    rng = Random(seed)
    x0, y0, x1, y1 = area.bounds
    found, row, y = [], 0, y0
    while y < y1:
        x = CENTRE - gap * math.ceil((CENTRE - x0) / gap) + (gap / 2 if row % 2 else 0)
        while x < x1:
            place = (x + rng.uniform(-jitter, jitter), y + rng.uniform(-jitter, jitter))
            if area.contains(shapely.Point(place)):
                found.append(place)
            x += gap
        y, row = y + 0.86 * gap, row + 1
    return found


def side(area: BaseGeometry, *, above: float = -1e4, below: float = 1e4) -> BaseGeometry:
    """The part of an area between two heights."""
    return area.intersection(shapely.box(-1e4, above, 1e4, below))
