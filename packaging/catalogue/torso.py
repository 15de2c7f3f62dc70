"""Everything worn on the upper body, and dresses: a body, sleeves, a neck, a front, a hem."""

import math
from typing import Final

import shapely
from cut import NECKS, Torso, neckline
from kit import (
    BASE,
    CENTRE,
    DEEP,
    GLOW,
    LIGHT,
    SHADE,
    Drawing,
    Path,
    bands,
    num,
    side,
    tidy,
)
from necks import finish_neck
from patterns import paint
from shapely import LineString, affinity
from shapely.geometry.base import BaseGeometry

_ENDS: Final[dict[str, float]] = {
    "cap": 0.12, "short": 0.34, "elbow": 0.5, "three": 0.76, "long": 1.0, "puff": 0.4,
    "bell": 0.92, "balloon": 0.98,
}  # fmt: skip


def draw_torso(cut: Torso) -> Drawing:
    """Draw it."""
    drawing = Drawing()
    back = _back_neck(cut)
    _behind(drawing, cut, back)
    if cut.sleeve != "none":
        _sleeves(drawing, cut)
    body = drawing.cloth(_body(cut))
    paint(drawing, tidy(body.buffer(-0.5)), cut.body)
    _creases(drawing, cut)
    _hem(drawing, cut, body)
    _waist(drawing, cut, body)
    for name in cut.pockets:
        _pocket(drawing, name, min(0.0, cut.hem_y - 206))
    _front(drawing, cut, body)
    finish_neck(drawing, cut, body)
    if cut.belt:
        _belt(drawing, cut, body)
    for name in cut.details:
        _detail(drawing, cut, name, body)
    drawing.outline(_body(cut), 1.4)
    return drawing


def _body(cut: Torso) -> Path:
    half, top, _ = NECKS[cut.neck]
    sx, sy = CENTRE + cut.shoulder, 47.0
    ax, ay = CENTRE + cut.chest, 90.0 + cut.loose
    wx, hx = CENTRE + cut.waist, CENTRE + cut.hip
    if cut.neck == "straps":
        side_line = f"L{100 + half + 4} {top}C{100 + half + 6} 80 {ax - 8} {ay + 4} {ax} {ay + 6}"
    elif cut.sleeve == "none":
        side_line = f"L{sx - 4} {sy - 3}C{sx - 10} 66 {sx - 6} {ay - 8} {ax} {ay}"
    else:
        side_line = f"L{sx} {sy}C{sx - 3} 62 {sx - 2} {ay - 12} {ax - 1} {ay}"
    low = cut.hem_y
    rise = {"shirt": 10.0, "flared": 5.0}.get(cut.hem, 2.5)
    text = neckline(cut) + side_line
    text += f"C{ax} {ay + 12} {wx} {cut.waist_y - 16} {wx} {cut.waist_y}"
    text += f"C{wx} {cut.waist_y + 22} {hx - 1} {low - 40} {hx} {low - rise}"
    if cut.hem == "shirt":
        text += f"C{hx - 12} {low - rise} {hx - 18} {low + 8} 100 {low + 8}"
    else:
        text += f"C{hx - 0.4 * cut.hip} {low + 1} {100 + 0.4 * cut.hip} {low + 2} 100 {low + 2}"
    return Path.whole(text)


def _back_neck(cut: Torso) -> BaseGeometry:
    half, top, deep = NECKS[cut.neck]
    if cut.neck == "straps":
        return Path.whole(f"M100 {deep + 14}C110 {deep + 14} {100 + half} {top + 20} {100 + half} {top + 4}"
                          f"C{100 + half - 6} {top + 8} 106 {top + 9} 100 {top + 9}").area()  # fmt: skip
    x = CENTRE + half
    return Path.whole(
        f"M100 {top - 4}C{100 + 0.5 * half} {top - 4} {x - 3} {top - 2} {x} {top}"
        f"C{x - 2} {top + 0.6 * (deep - top)} {100 + 0.5 * half} {deep + 2} 100 {deep + 2}"
    ).area()


def _behind(drawing: Drawing, cut: Torso, back: BaseGeometry) -> None:
    """The inside of the back, its neck tape and label."""
    if cut.neck == "hood":
        _hood_back(drawing)
    drawing.fill(back, cut.lining or SHADE)
    drawing.fill(back, "#000000", 0.24)
    half, top, deep = NECKS[cut.neck]
    if deep - top > 9 and cut.neck != "straps":
        tape = Path.of(
            f"M{100 - half + 2} {top + 1}C{100 - 0.5 * half} {top + 3.5} {100 + 0.5 * half} {top + 3.5}"
            f" {100 + half - 2} {top + 1}"
        )
        drawing.stroke(tape, 2.2, DEEP, opacity=0.7)
        drawing.raw(
            f'<rect x="95.5" y="{num(top + 3)}" width="9" height="5" rx="0.6" fill="#f4f1ea"/>'
        )
        drawing.stroke(f"M97.5 {top + 5.5}L102.5 {top + 5.5}", 0.7, "#5a6270")
    drawing.outline(back, 1.1)


def _hood_back(drawing: Drawing) -> None:
    hood = Path.whole("M100 14C118 14 130 22 132 38C132 46 128 52 122 56C116 62 108 66 100 66")
    area = drawing.cloth(hood)
    drawing.fill(affinity.scale(area, 0.74, 0.66, origin=(100, 50)), "#000000", 0.34)
    drawing.stroke("M100 15C99 20 99 24 100 27", 0.9, opacity=0.6)


def sleeve_area(cut: Torso) -> tuple[Path, float]:
    """The right sleeve, and the angle its cloth runs at, degrees."""
    end = _ENDS[cut.sleeve]
    sx, sy = CENTRE + cut.shoulder - 1.5, 47.0
    ux, uy = CENTRE + cut.chest - 3, 92.0 + cut.loose
    wx, wy = CENTRE + 72.0 + 0.35 * cut.loose, 194.0
    dx, dy = wx - sx - 6, wy - sy
    length = (dx * dx + dy * dy) ** 0.5
    nx, ny = dy / length, -dx / length
    half = {"short": 17.5, "cap": 17, "elbow": 16.5, "three": 13.5, "long": 11.5, "puff": 12.5,
            "bell": 22, "balloon": 10.5}[cut.sleeve] + 0.25 * cut.loose  # fmt: skip
    cx, cy = sx + 6 + dx * end, sy + dy * end
    outer, inner = (cx + nx * half, cy + ny * half), (cx - nx * half, cy - ny * half)
    if cut.sleeve in ("puff", "balloon"):
        swell = 24 if cut.sleeve == "puff" else 19
        mx, my = sx + 6 + dx * end * 0.62, sy + dy * end * 0.62
        ox, oy = mx + nx * swell * 1.25, my + ny * swell * 1.25
        ix, iy = mx - nx * swell * 0.9, my - ny * swell * 0.9
        text = (f"M{sx} {sy}C{sx + 14} {sy - 4} {ox + 1} {oy - 24} {ox} {oy}C{ox} {oy + 16} "
                f"{outer[0] + 6} {outer[1] - 6} {outer[0]} {outer[1]}L{inner[0]} {inner[1]}"
                f"C{inner[0] - 8} {inner[1] - 6} {ix} {iy + 10} {ux} {uy}")  # fmt: skip
    else:
        text = (f"M{sx} {sy}C{sx + 13} {sy + 3} {sx + 21} {sy + 15} {sx + 25} {sy + 31}"
                if cut.sleeve not in ("short", "cap") else
                f"M{sx} {sy}C{sx + 12} {sy + 3} {sx + 20} {sy + 12} {outer[0] - 4} {outer[1] - 14}")  # fmt: skip
        if cut.sleeve == "bell":
            text += (f"C{sx + 27} {sy + 52} {outer[0] - 12} {outer[1] - 60} {outer[0]} {outer[1]}"
                     f"C{cx + 6} {cy + 6} {cx - 8} {cy + 6} {inner[0]} {inner[1]}"
                     f"C{inner[0] + 2} {inner[1] - 50} {ux + 4} {uy + 22} {ux} {uy}")  # fmt: skip
        else:
            text += (f"L{outer[0]} {outer[1]}C{cx + 5} {cy + 3.5} {cx - 3} {cy + 4} {inner[0]} {inner[1]}"
                     f"L{ux} {uy}")  # fmt: skip
    text += f"L{ux - 8} {uy}L{sx - 12} {sy + 2}"
    angle = -18.0 if cut.sleeve not in ("short", "cap") else -22.0
    return Path.of(text), angle


def _sleeves(drawing: Drawing, cut: Torso) -> None:
    right, angle = sleeve_area(cut)
    for path, turn in ((right.mirrored(), -angle), (right, angle)):
        area = drawing.cloth(path)
        pattern = cut.sleeves or cut.body
        if pattern.kind != "block":
            paint(drawing, tidy(area.buffer(-0.5)), pattern, turn)
        _cuff(drawing, cut, area, turn)
        drawing.outline(path, 1.4)
    if cut.sleeve in ("long", "three", "bell", "balloon"):
        drawing.folds("M146 96C152 104 158 108 164 108", "M150 120C154 124 158 126 163 126")
        drawing.both("M140 104C142 112 146 118 151 124", 1.0, opacity=0.35)
    if cut.sleeve in ("puff", "balloon"):
        drawing.folds("M140 50C143 58 145 64 146 74", "M146 50C150 58 153 66 154 76", width=2)


def _cuff(drawing: Drawing, cut: Torso, area: BaseGeometry, turn: float) -> None:
    """The end of one sleeve; `turn` is negative at the right one."""
    right = turn < 0
    deep = {"rib": 13.0, "button": 12.0, "turned": 9.0, "elastic": 6.0, "strap": 12.0}.get(
        cut.cuff, 4.5
    )
    if cut.sleeve == "puff":
        deep = 8.0
    level = affinity.rotate(area, -turn, origin=(CENTRE, 100))
    low = level.bounds[3]
    band = affinity.rotate(side(level, above=low - deep), turn, origin=(CENTRE, 100))
    if cut.cuff == "plain" and cut.sleeve != "puff":
        edge = affinity.rotate(
            LineString([(-99, low - deep), (300, low - deep)]), turn, origin=(CENTRE, 100)
        ).intersection(area)
        drawing.stroke(edge, 0.9, DEEP, opacity=0.75, dash="2.4 1.8")
        return
    drawing.fill(band, cut.trim or BASE)
    drawing.fill(band, "#000000", 0.06 if cut.trim else 0.12)
    if cut.cuff in ("rib", "elastic"):
        drawing.ribs(band, turn, 2.8)
    drawing.outline(band, 1.2)
    if cut.cuff == "button":
        x, y = (
            (band.centroid.x - 4, band.centroid.y)
            if right
            else (band.centroid.x + 4, band.centroid.y)
        )
        drawing.button(x, y, 1.8, cut.buttons)
    if cut.cuff == "strap":
        x0, y0, x1, y1 = band.bounds
        drawing.stroke(f"M{x0 + 3} {(y0 + y1) / 2}L{x1 - 3} {(y0 + y1) / 2}", 4, SHADE)
        drawing.dot(band.centroid.x, band.centroid.y, 1.5)


def _creases(drawing: Drawing, cut: Torso) -> None:
    """What cloth does under the arms, at the waist and towards the hem."""
    ax = CENTRE + cut.chest
    drawing.folds(
        f"M{ax - 3} 97C{ax - 9} 104 {ax - 16} 108 {ax - 22} 108",
        f"M{ax - 2} 106C{ax - 8} 116 {ax - 11} 122 {ax - 18} 128",
        opacity=0.13,
    )
    low, y = cut.hem_y, cut.waist_y
    skirt = low - y
    if skirt > 75:  # a long garment hangs in folds
        for x, strength in ((14, 0.1), (27, 0.13)):
            drawing.folds(
                f"M{100 + x * cut.waist / 43} {y + 12}C{100 + x} {y + 40}"
                f" {100 + 1.25 * x * cut.hip / 46} {low - 40} {100 + 1.3 * x * cut.hip / 46} {low - 4}",
                width=4.5, opacity=strength,
            )  # fmt: skip
        drawing.sheen(f"M92 {y + 10}C90 {y + 40} 86 {low - 40} 85 {low - 8}", 5, 0.12)
    else:
        drawing.folds(f"M{100 + cut.waist - 4} {y + 4}C{100 + cut.waist - 12} {y + 16}"
                      f" {100 + cut.waist - 14} {y + 26} {100 + cut.waist - 16} {y + 36}")  # fmt: skip
    drawing.sheen(f"M{74} 70C71 100 73 {y} 72 {min(low - 14, y + 40)}", 4.5, 0.13)


def _hem(drawing: Drawing, cut: Torso, body: BaseGeometry) -> None:
    low = body.bounds[3]
    if cut.hem in ("rib", "elastic"):
        deep = 14 if cut.hem == "rib" else 7
        band = side(body, above=low - deep - 2)
        drawing.fill(band, cut.trim or BASE)
        drawing.fill(band, "#000000", 0.06 if cut.trim else 0.12)
        drawing.ribs(band, 0, 3.0)
        drawing.outline(band, 1.2)
    elif cut.hem in ("stitched", "shirt", "flared"):
        inner = affinity.translate(body, 0, -4.2)
        edge = LineString(inner.exterior.coords).intersection(body.buffer(-0.8))
        edge = side(edge, above=low - 17)
        drawing.stroke(_only_lines(edge), 0.9, DEEP, opacity=0.7, dash="2.4 1.8")


def _only_lines(shape: BaseGeometry) -> BaseGeometry:
    parts = [it for it in getattr(shape, "geoms", [shape]) if isinstance(it, LineString)]
    return shapely.MultiLineString(parts)


def _waist(drawing: Drawing, cut: Torso, body: BaseGeometry) -> None:
    """A seam, an elastic or pleats where a bodice meets a skirt."""
    y, w = cut.waist_y, cut.waist
    if "waist-seam" in cut.details:
        drawing.stroke(
            f"M{100 - w} {y}C{100 - 0.4 * w} {y + 4} {100 + 0.4 * w} {y + 4} {100 + w} {y}", 1.2
        )
    if "waist-elastic" in cut.details:
        band = side(body, above=y - 4, below=y + 5)
        drawing.ribs(band, 0, 2.6)
        drawing.stroke(
            f"M{100 - w} {y - 4}C{100 - 0.4 * w} {y - 1} {100 + 0.4 * w} {y - 1} {100 + w} {y - 4}",
            0.9,
        )
        drawing.stroke(
            f"M{100 - w} {y + 5}C{100 - 0.4 * w} {y + 8} {100 + 0.4 * w} {y + 8} {100 + w} {y + 5}",
            0.9,
        )
    if "pleats" in cut.details:
        spread = cut.hip / cut.waist
        for i in range(1, 8):
            x = i * w / 8
            drawing.both(f"M{100 + x} {y + 3}C{100 + x} {y + 30} {100 + spread * x} {cut.hem_y - 40}"
                         f" {100 + spread * x} {cut.hem_y - 1}", 0.9, opacity=0.6)  # fmt: skip
            drawing.folds(f"M{101 + x} {y + 4}C{102 + x} {y + 40} {102 + spread * x} {cut.hem_y - 40}"
                          f" {103 + spread * x} {cut.hem_y - 2}", width=3, opacity=0.12)  # fmt: skip
    if "gathers" in cut.details:
        for i in (-5, -3.5, -2, -0.7, 0.7, 2, 3.5, 5):
            x = 100 + i * w / 6
            drawing.stroke(f"M{x} {y + 4}C{x + i} {y + 14} {x + 1.4 * i} {y + 22} {x + 2 * i} {y + 32}",
                           1.0, opacity=0.45)  # fmt: skip
    if "tiers" in cut.details:
        for share in (0.36, 0.7):
            level = y + share * (cut.hem_y - y)
            seam = LineString([(0, level), (200, level)]).intersection(body)
            x0, _, x1, _ = seam.bounds
            drawing.fill(side(body, above=level, below=level + 5), "#000000", 0.12)
            drawing.stroke(seam, 1.1)
            for i in range(int((x1 - x0) / 8)):
                x = x0 + 4 + 8 * i
                drawing.stroke(
                    f"M{x} {level + 1}L{x + (x - 100) * 0.05} {level + 11}", 0.9, opacity=0.45
                )
    if "princess" in cut.details:
        drawing.both(f"M{100 + cut.shoulder - 13} 47C{100 + 20} 80 {100 + w - 17} {y - 20} {100 + w - 18} {y}"
                     f"C{100 + w - 18} {y + 30} {100 + cut.hip - 19} {cut.hem_y - 30} {100 + cut.hip - 18} {cut.hem_y}",
                     1.0, opacity=0.6)  # fmt: skip
    if "darts" in cut.details:
        drawing.both(
            f"M{118} {y - 34}C{119} {y - 12} {119} {y + 8} {118} {y + 30}", 1.0, opacity=0.55
        )


def _front(drawing: Drawing, cut: Torso, body: BaseGeometry) -> None:
    _, _, deep = NECKS[cut.neck]
    low = cut.hem_y + 2
    if cut.front in ("buttons", "placket", "snaps"):
        hidden = cut.front == "placket"
        strip = body.intersection(shapely.box(94.5, deep - 6, 105.5, low + 9))
        drawing.fill(strip, "#ffffff", 0.07)
        for x in (94.5, 105.5):
            drawing.stroke(_only_lines(LineString([(x, deep - 4), (x, low + 8)]).intersection(body)), 1.0,
                           opacity=0.75)  # fmt: skip
        count = max(3, round((low - deep) / 26))
        for i in range(count):
            y = deep + 9 + i * (low - deep - 20) / (count - 1)
            if not hidden:
                drawing.button(100, y, 2.5 if cut.front == "buttons" else 2.9, cut.buttons)
    elif cut.front in ("zip", "half-zip"):
        end = low if cut.front == "zip" else deep + 48
        line = LineString([(100, deep - 8), (100, end)])
        drawing.stroke(line, 4.2, DEEP)
        drawing.stroke(line, 2.0, GLOW, dash="1 1.3")
        drawing.raw(
            f'<rect x="98.4" y="{num(deep + 2)}" width="3.2" height="9" rx="1.4" fill="#d7dce5" stroke="{DEEP}" stroke-width="0.6"/>'
        )
        for x in (95.4, 104.6):
            drawing.stroke(_only_lines(LineString([(x, deep), (x, end)]).intersection(body)), 0.8,
                           opacity=0.6, dash="2.4 1.8")  # fmt: skip
    elif cut.front == "henley":
        drawing.stroke(f"M95 {deep}L95 {deep + 36}L105 {deep + 36}L105 {deep}", 1.0)
        for i in range(3):
            drawing.button(100, deep + 7 + 11 * i, 2, cut.buttons)
    elif cut.front == "double":
        drawing.stroke(f"M100 {deep}L88 {deep + 12}L87 {low}", 1.2)
        for i in range(3 if cut.hem_y < 220 else 4):
            for x in (91, 113):
                drawing.button(x, deep + 16 + 24 * i, 3, cut.buttons)
    elif cut.front == "toggles":
        drawing.stroke(f"M97 {deep}L97 {low}", 1.2)
        for i in range(4):
            y = deep + 30 + 34 * i
            drawing.stroke(f"M84 {y}L116 {y}", 1.8, "#caa36a")
            drawing.raw(
                f'<rect x="95" y="{num(y - 2.4)}" width="13" height="4.8" rx="2.4" fill="#6b4526" stroke="#3f2814" stroke-width="0.8"/>'
            )
    elif cut.front in ("one-button", "two-button"):
        drawing.stroke(f"M100 {deep - 2}C99 {deep + 20} 98 {low - 40} 96 {low}", 1.2)
        drawing.fill(
            Path.of(f"M100 {deep}C104 {deep + 30} 112 {low - 30} 118 {low}L96 {low}L100 {deep}")
            .area()
            .intersection(side(body, above=low - 46)),
            "#000000",
            0.1,
        )
        for i in range(1 if cut.front == "one-button" else 2):
            drawing.button(99, deep + 5 + 20 * i, 2.8, cut.buttons)
    elif cut.front == "open":
        gap = Path.of(
            f"M100 {deep - 8}C97 {deep + 40} 92 {low - 50} 91 {low + 1}L109 {low + 1}C108 {low - 50} 103 {deep + 40} 100 {deep - 8}"
        ).area()
        drawing.fill(gap.intersection(body), cut.lining or SHADE)
        drawing.fill(gap.intersection(body), "#000000", 0.3)
        drawing.both(f"M100 {deep - 8}C103 {deep + 40} 108 {low - 50} 109 {low + 1}", 1.4)


def _pocket(drawing: Drawing, name: str, lift: float) -> None:
    shapes = {
        "chest": ["M116 82L136 82L136 100C132 105 120 105 116 100L116 82"],
        "patch": ["M112 150L138 150L139 180C130 184 120 184 112 180L112 150"],
        "chest-flap": ["M112 82L137 82L137 107L112 107L112 82", "M110 80L139 80L139 90L124.500 96L110 90L110 80"],
        "flap": ["M112 152L138 150L139 163C130 166 120 166 113 165L112 152"],
        "bellows": ["M111 152L138 151L139 186L112 187L111 152", "M109 149L140 148L140 161L125 166L109 162L109 149"],
    }  # fmt: skip
    if name in ("welt", "slant", "breast-welt"):
        line = {
            "welt": "M114 156L137 152",
            "slant": "M122 136L132 164",
            "breast-welt": "M116 88L132 85",
        }[name]
        paths = [Path.of(line).moved(0, 0 if name == "breast-welt" else lift)]
        paths += [paths[0].mirrored()] if name != "breast-welt" else []
        for path in paths:
            drawing.stroke(path, 4.6, DEEP)
            drawing.stroke(path, 2.8, LIGHT)
        return
    if name == "kangaroo":
        pocket = Path.whole("M100 146L124 146L140 170L140 188L100 189").moved(0, lift)
        drawing.cloth(pocket, shaded=0.7)
        return
    for text in shapes[name]:
        path = Path.of(text).moved(0, lift if name in ("patch", "flap", "bellows") else 0)
        pair = [path] if name == "chest" else [path.mirrored(), path]
        for it in pair:
            drawing.fill(affinity.translate(it.area(), 0.8, 1.4), "#000000", 0.14)
            drawing.cloth(it, shaded=0.6, line=1.1)
    if name == "chest-flap":
        for x in (75.5, 124.5):
            drawing.button(x, 90, 1.9)
    if name in ("chest",):
        drawing.stroke("M117 87L135 87", 0.8, opacity=0.6)


def _belt(drawing: Drawing, cut: Torso, body: BaseGeometry) -> None:
    y, w = cut.waist_y, cut.waist
    band = Path.of(
        f"M{100 - w - 1} {y - 6}C{100 - 0.4 * w} {y - 2} {100 + 0.4 * w} {y - 2} {100 + w + 1} {y - 6}"
        f"L{100 + w + 1} {y + 5}C{100 + 0.4 * w} {y + 9} {100 - 0.4 * w} {y + 9} {100 - w - 1} {y + 5}L{100 - w - 1} {y - 6}"
    )
    drawing.fill(affinity.translate(band.area(), 0, 3).intersection(body), "#000000", 0.16)
    drawing.cloth(band, shaded=0.8)
    if cut.belt == "buckled":
        drawing.raw(
            f'<rect x="92" y="{num(y - 6)}" width="16" height="16" rx="2.5" fill="none" stroke="{DEEP}" stroke-width="4"/>'
        )
        drawing.raw(
            f'<rect x="92" y="{num(y - 6)}" width="16" height="16" rx="2.5" fill="none" stroke="{GLOW}" stroke-width="2"/>'
        )
        drawing.stroke(f"M100 {y + 2}L108 {y + 2}", 1.4, GLOW)
        return
    for text in (f"M104 {y + 4}C110 {y + 22} 112 {y + 40} 118 {y + 58}L109 {y + 60}C105 {y + 42} 102 {y + 24} 98 {y + 6}L104 {y + 4}",
                 f"M99 {y + 4}C97 {y + 20} 94 {y + 34} 90 {y + 46}L82 {y + 43}C87 {y + 30} 90 {y + 18} 93 {y + 4}L99 {y + 4}"):  # fmt: skip
        path = Path.of(text)
        drawing.fill(affinity.translate(path.area(), 1.4, 2).intersection(body), "#000000", 0.15)
        drawing.cloth(path, shaded=0.7)
    knot = Path.of(
        f"M92 {y - 5}C96 {y - 8} 106 {y - 8} 108 {y - 4}C110 {y + 2} 108 {y + 9} 104 {y + 10}C98 {y + 11} 92 {y + 9} 91 {y + 5}C90 {y + 1} 90 {y - 3} 92 {y - 5}"
    )
    drawing.cloth(knot)
    drawing.stroke(f"M96 {y - 4}C98 {y + 1} 98 {y + 5} 97 {y + 8}", 0.9, opacity=0.6)


def _detail(drawing: Drawing, cut: Torso, name: str, body: BaseGeometry) -> None:
    if name == "yoke":
        drawing.both("M101 72C116 72 128 74 141 78", 1.1, opacity=0.8)
        drawing.both("M101 74C116 74 128 76 141 80", 0.8, opacity=0.6, dash="2.4 1.8")
    elif name == "storm":
        flap = Path.of("M118 48C126 48 132 47 136 48C138 62 140 74 140 84L112 80L118 48")
        drawing.cloth(flap, shaded=0.6, line=1.1)
        drawing.button(118, 76, 2, cut.buttons)
    elif name == "epaulettes":
        for it in (Path.of("M120 44L138 48L136 54L119 49L120 44"),):
            for path in (it, it.mirrored()):
                drawing.cloth(path, shaded=0.4, line=1.0)
        for x in (78, 122):
            drawing.dot(x, 47, 1.3)
    elif name == "drawcord":
        drawing.both("M108 58C110 72 107 84 109 96", 1.7, "#f4f1ea")
        for x in (91, 109):
            drawing.raw(
                f'<rect x="{x - 1.2}" y="95" width="2.4" height="6" rx="1" fill="#d7dce5" stroke="{DEEP}" stroke-width="0.5"/>'
            )
    elif name == "raglan":
        drawing.both("M118 38C126 52 134 72 142 92", 1.2, opacity=0.85)
    elif name == "arch":
        drawing.raw('<path d="M84 112A16 16 0 0 1 116 112Z" fill="#f6f0e2" fill-opacity="0.92"/>')
        drawing.raw('<path d="M90 112A10 10 0 0 1 110 112Z" fill="#e07a4f"/>')
        drawing.stroke("M82 117L118 117", 2.4, "#f6f0e2", opacity=0.92)
    elif name == "wave":
        for i, colour in enumerate(("#f6f0e2", "#f2b25c", "#f6f0e2")):
            y = 96 + 9 * i
            drawing.stroke(
                f"M78 {y}C85 {y - 8} 93 {y + 8} 100 {y}C107 {y - 8} 115 {y + 8} 122 {y}",
                3.4,
                colour,
            )
    elif name == "star":
        corners = []
        for i in range(10):
            radius = 19 if i % 2 == 0 else 8.2
            turn = -math.pi / 2 + i * math.pi / 5
            corners.append((100 + radius * math.cos(turn), 108 + radius * math.sin(turn)))
        drawing.fill(shapely.Polygon(corners).buffer(1.2), "#f6f0e2", 0.95)
    elif name == "whale":
        drawing.fill(
            Path.of(
                "M80 108C82 96 98 92 110 98C116 101 120 106 124 104C122 100 122 96 124 93C127 96 130 97 134 96C133 102 130 106 126 108C124 118 112 122 100 121C88 120 79 117 80 108"
            ).area(),
            "#f6f0e2",
            0.95,
        )
        drawing.dot(90, 107, 1.4, DEEP, 0)
        drawing.stroke("M96 90C96 86 92 84 90 86M96 90C97 85 101 84 103 87", 1.4, "#f6f0e2")
    elif name == "bib":
        for x in (-9, -6, -3, 3, 6, 9):
            drawing.stroke(f"M{100 + x} 56L{100 + x} 108", 0.8, opacity=0.5)
    elif name == "ruffle":
        for path in (Path.of("M117 38C124 52 120 74 110 96C122 92 134 74 128 46L117 38"),):
            for it in (path, path.mirrored()):
                drawing.cloth(it, shaded=0.9, line=1.0)
        drawing.both("M122 48C125 60 122 76 116 88", 0.8, opacity=0.5)
    elif name == "peplum":
        y = cut.waist_y
        for i in (-4, -2.4, -0.8, 0.8, 2.4, 4):
            drawing.fold(
                f"M{100 + 8 * i} {y + 4}C{100 + 9 * i} {y + 14} {100 + 10 * i} {y + 24} {100 + 11 * i} {cut.hem_y - 4}",
                4,
                0.14,
            )
    elif name == "elbows":
        for x in (158, 42):
            patch = affinity.rotate(
                affinity.scale(shapely.Point(x, 122).buffer(7), 0.8, 1.4), -16 if x > 100 else 16
            )
            drawing.fill(patch, "#7a5233", 0.85)
    elif name == "slit":
        drawing.fill(
            Path.of(
                f"M117 {cut.hem_y + 2}C116 {cut.hem_y - 28} 114 {cut.hem_y - 46} 113 {cut.hem_y - 62}C116 {cut.hem_y - 46} 122 {cut.hem_y - 24} 126 {cut.hem_y + 1}L117 {cut.hem_y + 2}"
            ).area(),
            "#000000",
            0.36,
        )
    elif name == "overlap":
        y = cut.waist_y
        drawing.stroke(f"M104 {y + 6}C112 {y + 40} 116 {cut.hem_y - 40} 121 {cut.hem_y}", 1.4)
        drawing.fold(
            f"M107 {y + 10}C116 {y + 40} 121 {cut.hem_y - 40} 126 {cut.hem_y - 2}", 7, 0.16
        )
    elif name == "sash-stripe":
        drawing.fill(bands(side(body, above=108, below=124), 40, 8), "#f6f0e2", 0.9)
