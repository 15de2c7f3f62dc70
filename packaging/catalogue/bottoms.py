"""Trousers, jeans, shorts and skirts."""

from dataclasses import dataclass, field
from typing import Literal

import shapely
from kit import BASE, CENTRE, DEEP, GLOW, LIGHT, SHADE, Drawing, Path, side, tidy
from patterns import Pattern, paint
from shapely import LineString, affinity
from shapely.geometry.base import BaseGeometry


@dataclass(frozen=True)
class Legs:
    """How trousers are cut; half widths and heights in the drawing's units.

    Attributes:
        waist, hip, outer, inner: half widths at waist and hip, and the hem's two ends.
        hem_y: height of the hem.
        details: further parts, by name.
    """

    waist: float = 35
    hip: float = 43
    outer: float = 44
    inner: float = 10
    knee: float = 0.0
    hem_y: float = 228
    band: Literal["plain", "elastic", "denim", "pleated", "tied"] = "plain"
    details: tuple[str, ...] = ()
    cloth: Pattern = field(default_factory=Pattern)
    stitch: str = DEEP


def draw_legs(cut: Legs) -> Drawing:
    """Draw them."""
    drawing = Drawing()
    w, h, low = CENTRE + cut.waist, CENTRE + cut.hip, cut.hem_y
    out, inn = CENTRE + cut.outer, CENTRE + cut.inner
    knee_y = (96 + low) / 2
    knee_out = out + cut.knee
    _inside(drawing, cut)
    right = Path.of(
        f"M100 38L{w} 34C{w + 3} 50 {h} 58 {h} 76C{h} 100 {knee_out} {knee_y - 10} {knee_out} {knee_y}"
        f"C{knee_out} {knee_y + 30} {out} {low - 20} {out} {low}C{out - 8} {low + 3} {inn + 8} {low + 3} {inn} {low}"
        f"C{inn - 1} {knee_y} {102} 130 100 98L100 38"
    )
    whole = right.area()
    for path in (right.mirrored(), right):
        area = drawing.cloth(path)
        paint(drawing, tidy(area.buffer(-0.4)), cut.cloth, 2 if path is right else -2)
        drawing.outline(path, 1.4)
    drawing.folds(
        "M102 98C110 104 118 106 126 106", "M102 104C109 114 115 118 122 121",
        f"M{inn + 3} {knee_y - 6}C{inn + 10} {knee_y - 2} {inn + 16} {knee_y - 2} {inn + 22} {knee_y - 4}"
        if low > 180 else f"M{inn + 2} {low - 14}C{inn + 4} {low - 10} {inn + 6} {low - 8} {inn + 10} {low - 8}",
    )  # fmt: skip
    drawing.both(
        f"M{h - 6} 70C{h - 5} 100 {knee_out - 7} {knee_y - 10} {knee_out - 7} {knee_y + 20}",
        3,
        "#ffffff",
        opacity=0.1,
    )
    for name in cut.details:
        _leg_detail(drawing, cut, name, whole)
    _fly(drawing, cut)
    _waistband(drawing, cut)
    _hems(drawing, cut, whole)
    return drawing


def _inside(drawing: Drawing, cut: Legs) -> None:
    w = CENTRE + cut.waist
    back = Path.whole(f"M100 20C115 20 {w - 6} 19 {w - 2} 17L{w} 34L100 38")
    drawing.cloth(back, SHADE, shaded=0)
    drawing.fill(back, "#000000", 0.3)


def _fly(drawing: Drawing, cut: Legs) -> None:
    drawing.stroke("M100 34L100 98", 1.3)
    if cut.band in ("plain", "denim", "pleated"):
        drawing.stroke("M110 36C110 58 109 68 101 76", 1.0, cut.stitch, opacity=0.9, dash="2.4 1.8")


def _waistband(drawing: Drawing, cut: Legs) -> None:
    w = CENTRE + cut.waist
    band = Path.whole(f"M100 24C115 24 {w - 6} 23 {w - 1} 20L{w + 0.5} 33C{w - 8} 36 115 38 100 38")
    area = drawing.cloth(band, shaded=0.5)
    if cut.band in ("elastic", "tied"):
        drawing.ribs(area, 0, 3)
    else:
        for x in (CENTRE + 0.62 * cut.waist, CENTRE - 0.62 * cut.waist):
            drawing.cloth(shapely.box(x - 1.8, 20.5, x + 1.8, 39), shaded=0, line=0.9)
        drawing.button(
            101, 31, 2.8 if cut.band == "denim" else 2.2, "#d9b777" if cut.band == "denim" else GLOW
        )
        drawing.stroke(
            f"M{200 - w + 2} 22.500C{80} 27 {120} 27 {w - 2} 22.500",
            0.7,
            cut.stitch,
            opacity=0.8,
            dash="2.4 1.8",
        )
    if cut.band == "tied":
        for x, end in ((97, 66), (104, 72)):
            drawing.stroke(f"M{x} 32C{x - 3} 46 {x + 3} 54 {x} {end}", 1.8, "#f4f1ea")


def _hems(drawing: Drawing, cut: Legs, whole: BaseGeometry) -> None:
    for leg in (whole, affinity.scale(whole, -1, 1, origin=(100, 0))):
        x0, _, x1, _ = side(leg, above=cut.hem_y - 4).bounds
        if "cuffed" in cut.details:
            band = side(leg, above=cut.hem_y - 12).buffer(0.9)
            drawing.cloth(band, LIGHT if cut.band == "denim" else "", shaded=0.8, line=1.2)
        elif "rib-cuff" in cut.details:
            band = side(leg, above=cut.hem_y - 12)
            drawing.fill(band, BASE)
            drawing.fill(band, "#000000", 0.12)
            drawing.ribs(band, 0, 3)
            drawing.outline(band, 1.2)
        else:
            drawing.stroke(f"M{x0 + 1} {cut.hem_y - 5}C{x0 + 8} {cut.hem_y - 2.5} {x1 - 8} {cut.hem_y - 2.5} {x1 - 1} {cut.hem_y - 5}",
                           0.9, cut.stitch, opacity=0.8, dash="2.4 1.8")  # fmt: skip


def _leg_detail(drawing: Drawing, cut: Legs, name: str, whole: BaseGeometry) -> None:
    h = CENTRE + cut.hip
    low = cut.hem_y
    if name == "five-pocket":
        drawing.both(
            f"M{CENTRE + cut.waist - 14} 37C{CENTRE + cut.waist - 10} 52 {h - 8} 58 {h - 0.5} 57",
            1.3,
        )
        drawing.both(
            f"M{CENTRE + cut.waist - 16} 37C{CENTRE + cut.waist - 12} 54 {h - 9} 60.500 {h - 1} 59.500",
            0.9,
            cut.stitch,
            dash="2.4 1.8",
        )
        drawing.dot(CENTRE - cut.waist + 14, 40, 1.2, "#d9b777")
        drawing.dot(h - 3 - 1, 58, 1.2, "#d9b777")
        drawing.both(
            f"M{h - 4} 64C{h - 2} 100 {CENTRE + cut.outer + cut.knee - 3} 150 {CENTRE + cut.outer - 3} {low - 3}",
            0.8,
            cut.stitch,
            opacity=0.7,
            dash="2.4 1.8",
        )
    elif name == "slant-pocket":
        drawing.both(f"M{CENTRE + cut.waist - 9} 38L{h - 1} 68", 1.3)
        drawing.both(
            f"M{CENTRE + cut.waist - 11.5} 38L{h - 3} 70", 0.8, opacity=0.7, dash="2.4 1.8"
        )
    elif name == "fade":
        for x in (68, 132):
            fade = affinity.scale(shapely.Point(x, 120).buffer(12), 0.9, 3.4)
            for grow in (1.0, 0.72, 0.45):
                drawing.fill(affinity.scale(fade, grow, grow).simplify(0.2), "#ffffff", 0.09)
        drawing.both(
            "M104 104C112 108 120 110 130 109M104 110C112 115 118 117 127 117",
            1.0,
            "#ffffff",
            opacity=0.3,
        )
    elif name == "crease":
        x = (CENTRE + cut.outer + CENTRE + cut.inner) / 2
        drawing.both(
            f"M{CENTRE + 0.55 * cut.waist} 40C{CENTRE + 0.56 * cut.hip} 90 {x} 140 {x} {low - 1}",
            1.0,
            opacity=0.55,
        )
        drawing.both(
            f"M{CENTRE + 0.55 * cut.waist - 2} 60C{CENTRE + 0.56 * cut.hip - 2} 100 {x - 2} 150 {x - 2} {low - 4}",
            2,
            "#ffffff",
            opacity=0.16,
        )
    elif name == "pleats":
        for x in (12, 20):
            drawing.both(
                f"M{100 + x} 38C{100 + x + 1} 50 {100 + x + 2} 60 {100 + x + 2} 74",
                1.0,
                opacity=0.75,
            )
            drawing.folds(f"M{101 + x} 38C{103 + x} 52 {104 + x} 66 {104 + x} 84", width=3)
    elif name == "cargo":
        for text in (
            f"M{h - 21} 122L{h + 1} 120L{h + 1} 154L{h - 20} 156L{h - 21} 122",
            f"M{h - 23} 118L{h + 2} 116L{h + 2} 128L{h - 23} 130L{h - 23} 118",
        ):
            for path in (Path.of(text).mirrored(), Path.of(text)):
                drawing.cloth(path, shaded=0.6, line=1.1)
        for x in (h - 10, 200 - h + 10):
            drawing.button(x, 124, 1.8)
    elif name == "side-stripe":
        line = Path.of(
            f"M{h - 4} 66C{h - 3} 100 {CENTRE + cut.outer + cut.knee - 4} 150 {CENTRE + cut.outer - 4} {low - 2}"
        )
        for it in (line, line.mirrored()):
            drawing.stroke(it, 3.6, "#f6f0e2")
    elif name == "knee":
        drawing.both(
            "M108 150C118 146 130 147 140 151M107 178C118 182 130 181 139 178",
            1.0,
            opacity=0.7,
            dash="2.4 1.8",
        )


@dataclass(frozen=True)
class Skirt:
    """How a skirt is cut.

    Attributes:
        waist, hip, hem: half widths.
        hem_y: height of the hem.
        details: further parts, by name.
    """

    waist: float = 29
    hip: float = 42
    hem: float = 56
    hem_y: float = 190
    details: tuple[str, ...] = ()
    cloth: Pattern = field(default_factory=Pattern)
    stitch: str = DEEP


def draw_skirt(cut: Skirt) -> Drawing:
    """Draw it."""
    drawing = Drawing()
    w, h, m, low = CENTRE + cut.waist, CENTRE + cut.hip, CENTRE + cut.hem, cut.hem_y
    path = Path.whole(
        f"M100 52L{w} 48C{w + 6} 62 {h} 74 {h} 88C{h} 110 {m} {low - 50} {m} {low - 5}"
        f"C{m - 0.4 * cut.hem} {low + 2} {100 + 0.4 * cut.hem} {low + 4} 100 {low + 4}"
    )
    back = Path.whole(f"M100 34C112 34 {w - 6} 33 {w - 2} 31L{w} 48L100 52")
    drawing.cloth(back, SHADE, shaded=0)
    drawing.fill(back, "#000000", 0.3)
    area = drawing.cloth(path)
    paint(drawing, tidy(area.buffer(-0.4)), cut.cloth)
    for x, o in ((12, 0.12), (26, 0.14)):
        if "pleats" not in cut.details:
            drawing.folds(
                f"M{100 + x} 80C{100 + x * 1.1} 110 {100 + x * cut.hem / cut.hip} {low - 40} {100 + 1.05 * x * cut.hem / cut.hip} {low - 4}",
                width=4.5,
                opacity=o,
            )
    drawing.sheen(
        f"M{84} 70C82 100 {100 - 0.4 * cut.hem} {low - 40} {100 - 0.42 * cut.hem} {low - 6}", 5
    )
    for name in cut.details:
        _skirt_detail(drawing, cut, name, area)
    if "pleats" not in cut.details:
        inner = LineString(affinity.translate(area, 0, -4.5).exterior.coords).intersection(
            area.buffer(-0.8)
        )
        edge = side(inner, above=low - 16)
        parts = [it for it in getattr(edge, "geoms", [edge]) if isinstance(it, LineString)]
        drawing.stroke(shapely.MultiLineString(parts), 0.9, cut.stitch, opacity=0.8, dash="2.4 1.8")
    band = Path.whole(f"M100 38C112 38 {w - 6} 37 {w - 1} 34L{w + 0.5} 47C{w - 8} 50 112 52 100 52")
    belt = drawing.cloth(band, shaded=0.5)
    if "elastic" in cut.details:
        drawing.ribs(belt, 0, 3)
    if "loops" in cut.details or "denim" in cut.details:
        for x in (CENTRE + 0.6 * cut.waist, CENTRE - 0.6 * cut.waist):
            drawing.cloth(shapely.box(x - 1.8, 35, x + 1.8, 52), shaded=0, line=0.9)
        drawing.button(100, 45, 2.5, "#d9b777" if "denim" in cut.details else GLOW)
    drawing.outline(path, 1.4)
    return drawing


def _skirt_detail(drawing: Drawing, cut: Skirt, name: str, area: BaseGeometry) -> None:
    low, spread = cut.hem_y, cut.hem / cut.waist
    if name == "pleats":
        count = 7
        for i in range(-count, count + 1):
            x = i * cut.waist / (count + 0.5)
            end = 100 + spread * x
            drawing.stroke(
                f"M{100 + x} 52C{100 + 1.25 * x} 80 {end} {low - 50} {end} {low + 2}",
                1.0,
                opacity=0.65,
            )
            shift = 2.6 * spread
            drawing.fill(
                Path.of(
                    f"M{100 + x} 53C{100 + 1.25 * x} 80 {end} {low - 50} {end} {low + 2}L{end + shift} {low + 2}C{end + shift} {low - 50} {100 + 1.25 * x + 1} 84 {100 + x} 53"
                )
                .area()
                .intersection(area),
                "#000000",
                0.13,
            )
    elif name == "slit":
        drawing.fill(
            Path.of(
                f"M122 {low + 2}C121 {low - 26} 118 {low - 44} 116 {low - 60}C121 {low - 44} 129 {low - 22} 132 {low + 1}L122 {low + 2}"
            ).area(),
            "#000000",
            0.38,
        )
        drawing.stroke(f"M116 {low - 60}L114 52", 1.0, opacity=0.6)
    elif name == "buttons":
        drawing.stroke(f"M95 52L94 {low + 3}M106 52L106 {low + 3}", 1.0, opacity=0.75)
        for i in range(6):
            drawing.button(
                100, 62 + i * (low - 72) / 5, 2.5, "#d9b777" if "denim" in cut.details else GLOW
            )
    elif name == "denim":
        drawing.both(
            f"M{CENTRE + cut.waist - 12} 52C{CENTRE + cut.waist - 8} 66 {CENTRE + cut.hip - 8} 72 {CENTRE + cut.hip - 1} 71",
            1.3,
        )
        drawing.both(
            f"M{CENTRE + cut.waist - 14} 52C{CENTRE + cut.waist - 10} 68.500 {CENTRE + cut.hip - 8} 74.500 {CENTRE + cut.hip - 1} 73.500",
            0.9,
            cut.stitch,
            dash="2.4 1.8",
        )
    elif name == "tiers":
        for share in (0.34, 0.68):
            level = 52 + share * (low - 52)
            seam = LineString([(0, level), (200, level)]).intersection(area)
            x0, _, x1, _ = seam.bounds
            drawing.fill(side(area, above=level, below=level + 5), "#000000", 0.12)
            drawing.stroke(seam, 1.1)
            for i in range(int((x1 - x0) / 8)):
                x = x0 + 4 + 8 * i
                drawing.stroke(
                    f"M{x} {level + 1}L{x + (x - 100) * 0.06} {level + 12}", 0.9, opacity=0.45
                )
    elif name == "wrap":
        drawing.stroke(f"M112 52C122 90 128 {low - 50} 138 {low - 2}", 1.5)
        drawing.fold(f"M115 56C126 90 132 {low - 50} 142 {low - 4}", 8, 0.16)
        drawing.cloth(
            Path.of("M108 50C116 44 126 46 128 52C124 58 114 58 108 54L108 50"),
            shaded=0.6,
            line=1.0,
        )
        drawing.cloth(
            Path.of("M112 56C116 70 116 84 122 96L114 98C109 84 108 70 106 56L112 56"),
            shaded=0.6,
            line=1.0,
        )
    elif name == "seams":
        drawing.both(
            f"M{100 + 0.42 * cut.waist} 52C{100 + 0.45 * cut.hip} 90 {100 + 0.45 * cut.hem} {low - 40} {100 + 0.45 * cut.hem} {low + 2}",
            1.0,
            opacity=0.6,
        )
    elif name == "pockets":
        for text in (
            f"M{100 + 12} 84L{100 + 34} 82L{100 + 35} 108C{128} 111 {119} 111 {113} 109L112 84",
        ):
            for path in (Path.of(text).mirrored(), Path.of(text)):
                drawing.cloth(path, shaded=0.5, line=1.1)
                drawing.stroke(
                    LineString(path.area().buffer(-2.2).exterior.coords),
                    0.7,
                    cut.stitch,
                    opacity=0.7,
                    dash="2 1.6",
                )
