"""Collars and necklines of upper garments."""

import shapely
from cut import NECKS, Torso, neckline
from kit import BASE, DEEP, SHADE, Drawing, Path, d_of
from shapely import LineString, affinity
from shapely.geometry.base import BaseGeometry


def finish_neck(drawing: Drawing, cut: Torso, body: BaseGeometry) -> None:
    """Draw what closes a garment's neck."""
    kind = cut.neck
    if kind in ("crew", "v", "deep-v", "scoop", "boat", "square", "collarless"):
        _band(drawing, cut, {"crew": 6.0, "boat": 4.0, "collarless": 3.0}.get(kind, 4.6))
    elif kind in ("turtle", "mock", "funnel", "stand", "band"):
        _tube(drawing, cut)
    elif kind in ("shirt", "camp", "polo"):
        _shirt(drawing, cut)
    elif kind in ("notch", "peak", "shawl"):
        _lapels(drawing, cut)
    elif kind == "hood":
        _hood(drawing)
    elif kind == "bow":
        _bow(drawing, cut)
    elif kind == "wrap":
        _wrap(drawing, cut, body)
    elif kind == "straps":
        _straps(drawing)


def _band(drawing: Drawing, cut: Torso, width: float) -> None:
    half = Path.of(neckline(cut))
    line = LineString(half.mirrored().reversed().points() + half.points()[1:])
    band = line.buffer(
        width / 2, cap_style="flat", join_style="mitre" if cut.neck == "square" else "round"
    )
    band = affinity.translate(band, 0, 0.5 * width)
    knitted = "rib-neck" in cut.details or cut.body.kind in ("knit", "rib", "cable", "fair-isle")
    drawing.fill(band, cut.trim or BASE)
    drawing.fill(band, "#000000", 0.05 if cut.trim else 0.1)
    if knitted or cut.neck == "crew":
        x0, _, x1, _ = band.bounds
        cx, cy = 100.0, NECKS[cut.neck][1] - 30
        rays = []
        for step in range(-16, 17):
            x = cx + step * (x1 - x0) / 34
            rays.append(LineString([(cx + 0.55 * (x - cx), cy), (x + 0.6 * (x - cx), cy + 110)]))
        lines = shapely.MultiLineString(rays).intersection(band)
        parts = [it for it in getattr(lines, "geoms", [lines]) if isinstance(it, LineString)]
        drawing.stroke(shapely.MultiLineString(parts), 0.6, opacity=0.45)
    drawing.outline(band, 1.0)


def _tube(drawing: Drawing, cut: Torso) -> None:
    half, top, deep = NECKS[cut.neck]
    high = {"turtle": 24.0, "mock": 12.0, "funnel": 21.0, "stand": 13.0, "band": 8.0}[cut.neck]
    x, y = 100 + half, top - high
    wide = x - 2 if cut.neck != "funnel" else x + 2
    tube = Path.whole(
        f"M100 {y + 3}C108 {y + 3} {wide - 4} {y + 2} {wide - 1} {y}C{wide} {y + 8} {x + 1} {top - 6} {x + 2} {top + 2}"
        f"C{x - 4} {deep} 108 {deep + 4} 100 {deep + 4}"
    )
    rim = Path.whole(
        f"M100 {y - 3}C108 {y - 3} {wide - 4} {y - 2} {wide - 1} {y}C{wide - 4} {y + 4} 108 {y + 5} 100 {y + 5}"
    )
    area = drawing.cloth(tube, cut.trim)
    drawing.fill(rim, SHADE)
    drawing.fill(rim, "#000000", 0.3)
    drawing.outline(rim, 1.1)
    if cut.neck in ("turtle", "mock") and cut.body.kind in ("knit", "rib", "cable", "plain"):
        drawing.ribs(area, 0, 3.0)
    if cut.neck == "turtle":
        fold = Path.of(
            f"M{100 - half - 1} {top - 9}C{100 - 8} {top - 3} {100 + 8} {top - 3} {100 + half + 1} {top - 9}"
        )
        drawing.stroke(fold, 1.2)
        drawing.fold(
            f"M{100 - half} {top - 6}C92 {top + 1} 108 {top + 1} {100 + half} {top - 6}", 4, 0.2
        )
    if cut.neck in ("stand", "funnel", "band"):
        end = deep + 4
        if cut.front == "zip":
            drawing.stroke(f"M100 {y + 4}L100 {end + 8}", 4.2)
            drawing.stroke(f"M100 {y + 4}L100 {end + 8}", 2.0, "#c2cad8", dash="1 1.3")
        elif cut.front != "closed":
            drawing.stroke(f"M100 {y + 4}L100 {end}", 1.1)
        if cut.neck == "band":
            drawing.button(100, y + 8, 1.7, cut.buttons)
    drawing.outline(tube, 1.3)


def _shirt(drawing: Drawing, cut: Torso) -> None:
    half, top, deep = NECKS[cut.neck]
    x = 100 + half
    stand = Path.whole(
        f"M100 {top - 6}C109 {top - 6} {x - 4} {top - 5} {x} {top}C{x - 2} {top + 4} 108 {top + 7} 100 {top + 7}"
    )
    drawing.fill(stand, cut.trim or SHADE)
    drawing.fill(stand, "#000000", 0.18)
    drawing.outline(stand, 1.1)
    if cut.neck == "camp":
        wing = f"M{x - 1} {top - 2}C{x + 4} {top + 4} {x + 12} {top + 14} {x + 15} {top + 22}L{x + 1} {top + 34}L{x + 5} {top + 40}L100 {deep}C{100 + 6} {top + 18} {x - 6} {top + 8} {x - 1} {top - 2}"
    elif cut.neck == "polo":
        wing = f"M{x - 1} {top - 4}C{x + 3} {top + 2} {x + 7} {top + 10} {x + 8} {top + 16}L{x - 7} {top + 27}L101 {deep - 2}C104 {top + 8} {x - 8} {top + 2} {x - 1} {top - 4}"
    else:
        wing = f"M{x - 1} {top - 5}C{x + 4} {top} {x + 9} {top + 8} {x + 11} {top + 15}L{x - 5} {top + 33}L100.500 {deep - 1}C103 {top + 12} {x - 9} {top + 3} {x - 1} {top - 5}"
    for path in (Path.of(wing).mirrored(), Path.of(wing)):
        drawing.fill(affinity.translate(path.area(), 0.4, 2.2), "#000000", 0.18)
        drawing.cloth(path, cut.trim, shaded=0.6)
        inner = path.area().buffer(-2.4)
        if not inner.is_empty and cut.neck == "shirt":
            drawing.raw(
                f'<path d="{d_of(inner.simplify(0.1))}" fill="none" stroke="{DEEP}" stroke-width="0.7"'
                ' stroke-opacity="0.5" stroke-dasharray="2 1.6"/>'
            )
    if cut.neck == "shirt" and "button-down" in cut.details:
        drawing.dot(100 - half + 4.5, top + 29, 1.2)
        drawing.dot(100 + half - 4.5, top + 29, 1.2)
    if cut.neck == "polo":
        drawing.stroke(f"M95.500 {deep}L95.500 {deep + 34}L104.500 {deep + 34}L104.500 {deep}", 1.0)
        for i in range(3 if cut.front == "closed" else 0):
            drawing.button(100, deep + 6 + 11 * i, 2, cut.buttons)
    if cut.front != "closed" and cut.neck == "shirt":
        drawing.button(100, deep + 1, 2.1, cut.buttons)


def _lapels(drawing: Drawing, cut: Torso) -> None:
    half, top, deep = NECKS[cut.neck]
    x = 100 + half
    under = Path.whole(
        f"M100 {top - 7}C110 {top - 7} {x - 3} {top - 6} {x + 1} {top + 1}L{x - 4} {top + 8}C110 {top + 2} 104 {top + 2} 100 {top + 2}"
    )
    if cut.neck == "shawl":
        lapel = f"M{x} {top - 4}C{x + 14} {top + 8} {x + 20} {top + 34} {x + 4} {top + 58}C{x - 4} {top + 70} 106 {deep - 8} 100 {deep}C103 {top + 60} {x - 6} {top + 24} {x - 8} {top + 4}L{x} {top - 4}"
        pieces = [lapel]
    else:
        peak = cut.neck == "peak"
        tip = (x + 22, top + 26) if peak else (x + 18, top + 33)
        notch = (x + 6, top + 28)
        lapel = f"M{x - 5} {top + 12}L{notch[0]} {notch[1]}L{tip[0]} {tip[1]}C{x + 14} {top + 52} {x - 2} {deep - 20} 100 {deep}C103 {top + 54} {x - 10} {top + 30} {x - 5} {top + 12}"
        collar = f"M{x - 1} {top - 5}C{x + 8} {top + 2} {x + 14} {top + 12} {x + 15} {top + 20}L{notch[0]} {notch[1]}L{x - 6} {top + 16}C{x - 6} {top + 8} {x - 4} {top} {x - 1} {top - 5}"
        pieces = [lapel, collar]
    shirt = Path.whole(
        f"M100 {top + 2}C108 {top + 2} {x - 4} {top + 4} {x - 6} {top + 8}C{x - 8} {top + 30} 104 {deep - 16} 100 {deep}"
    )
    drawing.fill(shirt, cut.lining or SHADE)
    drawing.fill(shirt, "#000000", 0.34)
    drawing.cloth(under, cut.trim, shaded=0.5, line=1.1)
    for text in pieces:
        for path in (Path.of(text).mirrored(), Path.of(text)):
            drawing.fill(affinity.translate(path.area(), 0.8, 2.4), "#000000", 0.16)
            drawing.cloth(path, cut.trim, shaded=0.8)


def _hood(drawing: Drawing) -> None:
    """The two halves that meet in front."""
    for path in (
        Path.of(
            "M128 28C136 38 136 50 130 58C122 64 110 70 101 78C100 70 100 64 101 60C110 56 118 46 119 36C122 32 125 29 128 28"
        ).mirrored(),
        Path.of(
            "M128 28C136 38 136 50 130 58C122 64 110 70 101 78C100 70 100 64 101 60C110 56 118 46 119 36C122 32 125 29 128 28"
        ),
    ):
        drawing.cloth(path, shaded=0.8)
    drawing.both("M121 36C120 47 112 57 102 62", 0.9, opacity=0.7, dash="2.4 1.8")
    for x in (108, 92):
        drawing.dot(x, 63, 1.5, "#d7dce5")


def _bow(drawing: Drawing, cut: Torso) -> None:
    deep = NECKS["bow"][2]
    line = LineString(
        Path.of(neckline(cut)).mirrored().reversed().points() + Path.of(neckline(cut)).points()[1:]
    )
    drawing.cloth(line.buffer(3.4, cap_style="flat"), cut.trim, shaded=0.5, line=1.0)
    y = deep - 2
    for text in (f"M102 {y + 2}C106 {y + 20} 108 {y + 38} 115 {y + 52}L103 {y + 56}C100 {y + 36} 98 {y + 18} 98 {y + 2}L102 {y + 2}",
                 f"M101 {y + 2}C99 {y + 18} 94 {y + 32} 88 {y + 44}L98 {y + 50}C101 {y + 34} 103 {y + 18} 104 {y + 4}L101 {y + 2}"):  # fmt: skip
        drawing.cloth(Path.of(text), cut.trim, shaded=0.8, line=1.0)
    wing = Path.of(
        f"M102 {y}C110 {y - 14} 126 {y - 14} 128 {y - 4}C129 {y + 6} 112 {y + 10} 102 {y + 3}L102 {y}"
    )
    for it in (wing.mirrored(), wing):
        drawing.cloth(it, cut.trim, shaded=0.9, line=1.1)
    drawing.both(f"M105 {y}C112 {y - 4} 118 {y - 5} 122 {y - 4}", 0.8, opacity=0.5)
    drawing.cloth(shapely.box(96, y - 4, 104, y + 6).buffer(1.6), cut.trim, line=1.1)


def _wrap(drawing: Drawing, cut: Torso, body: BaseGeometry) -> None:
    y, w = cut.waist_y, cut.waist
    over = Path.of(
        f"M{118} 36C{112} 58 {96} 80 {100 - w + 6} {y - 6}L{100 - w} {y}L{100 + w} {y}C{100 + w + 1} {y - 20} 143 96 136 60L118 36"
    )
    drawing.fill(affinity.translate(over.area(), -2.4, 1).intersection(body), "#000000", 0.13)
    drawing.stroke(f"M118 36C112 58 96 80 {100 - w + 4} {y - 5}", 1.5)
    drawing.stroke(f"M121 38C115 60 99 82 {100 - w + 7} {y - 4}", 0.8, opacity=0.6, dash="2.4 1.8")
    drawing.stroke("M82 36C86 54 93 68 101 79", 1.4)
    drawing.folds(
        f"M{100 + w - 10} {y - 6}C{120} {y - 18} {114} {y - 26} {106} {y - 34}",
        width=3,
        opacity=0.13,
    )


def _straps(drawing: Drawing) -> None:
    drawing.both("M121 63C121 52 119 42 117 34", 2.6, DEEP)
    drawing.both("M121 63C121 52 119 42 117 34", 1.2, "#a5b0c3")
    drawing.both("M100 70.8C108 70.8 114 68.500 120 63", 0.8, opacity=0.6, dash="2.4 1.8")
