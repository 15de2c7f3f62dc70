"""Shoes, bags, hats, scarves and other small things."""

import math
from collections.abc import Callable
from typing import Final

import shapely
from kit import BASE, DEEP, GLOW, LIGHT, SHADE, Drawing, Path, bands, tidy
from patterns import CREAM, Pattern, paint
from shapely import LineString, affinity
from shapely.geometry.base import BaseGeometry

_WHITE, _RUBBER, _WOOD, _GOLD = "#f3f0e8", "#2a2e37", "#6b4a30", "#d9b777"


def _pair(
    draw: Callable[[Drawing], None], lift: float = 16.0, step: float = 14.0, high: float = 1.0
) -> Drawing:
    """Two shoes side by side: the far one higher, smaller and in shade."""
    near, far = Drawing(), Drawing()
    draw(near)
    draw(far)
    both = Drawing()
    both.raw('<ellipse cx="100" cy="183" rx="84" ry="7" fill="#000000" fill-opacity="0.22"/>')
    both.group(far, step + 8, 170 * (1 - 0.92 * high) - lift, 0.92, 0.92 * high)
    both.group(near, 0, 184 * (1 - high), 1.0, high)
    return both


def _shoe(drawing: Drawing, upper: str, sole: str, sole_fill: str) -> BaseGeometry:
    """Upper and sole of one shoe whose toe points left."""
    drawing.cloth(Path.of(sole), sole_fill, shaded=0.7, line=1.2)
    return drawing.cloth(Path.of(upper), shaded=1.0)


_LOW_UPPER: Final = (
    "M22 168C20 158 26 150 40 146C58 140 70 132 84 118L96 106C104 112 114 114 126 112L156 108"
    "C162 108 166 110 167 116C169 130 174 144 174 158L174 168L22 168"
)
_LOW_SOLE: Final = "M18 166C16 174 18 181 26 182L168 182C176 182 179 177 178 166L18 166"


def _laces(drawing: Drawing, colour: str = _WHITE) -> None:
    for i in range(4):
        x, y = 62 + 9.5 * i, 141 - 8.2 * i
        drawing.stroke(f"M{x} {y}L{x + 13} {y + 7}", 2.6, DEEP)
        drawing.stroke(f"M{x} {y}L{x + 13} {y + 7}", 1.6, colour)
        drawing.dot(x + 14, y + 7.6, 1.2, DEEP, 0)


def sneaker() -> Drawing:
    """A low leather one."""

    def one(d: Drawing) -> None:
        _shoe(d, _LOW_UPPER, _LOW_SOLE, _WHITE)
        d.stroke("M18 173L178 173", 0.8, "#b9b4a6")
        d.fill(
            Path.of(
                "M150 109C158 107 165 109 167 116C168 124 170 130 171 137L153 139C150 128 149 118 150 109"
            ).area(),
            "#000000",
            0.22,
        )
        d.stroke("M44 168C46 158 52 150 62 146", 1.1)
        d.stroke("M98 112C104 128 116 140 136 146C150 150 164 150 173 149", 1.1, opacity=0.8)
        d.stitches("M101 112C107 126 118 137 137 143C150 147 162 147 172 146")
        d.fill(
            Path.of("M84 118L96 106C104 112 114 114 126 112C120 120 110 124 100 124L84 118").area(),
            "#000000",
            0.3,
        )
        _laces(d)
        d.fold("M46 156C54 152 60 152 66 154", 2)

    return _pair(one, high=0.84)


def runner() -> Drawing:
    """For running: thick sole, panels."""

    def one(d: Drawing) -> None:
        _shoe(
            d,
            _LOW_UPPER,
            "M14 164C10 174 14 184 26 185C60 187 90 181 120 184L166 188C180 188 186 176 181 162L14 164",
            _WHITE,
        )
        d.fill(
            Path.of(
                "M16 178C30 186 60 182 90 180C120 180 150 186 180 182C178 187 172 188 166 188L120 184C90 181 60 187 26 185C20 184 17 182 16 178"
            ).area(),
            "#e07a4f",
        )
        d.fill(
            Path.of("M22 168C20 158 26 150 40 146C46 152 52 162 54 168L22 168").area(),
            "#000000",
            0.25,
        )
        d.fill(
            Path.of(
                "M140 111L156 108C162 108 166 110 167 116C169 130 174 144 174 160L150 164C146 146 142 126 140 111"
            ).area(),
            "#000000",
            0.2,
        )
        for i in range(3):
            d.stroke(
                f"M{96 + 13 * i} {164}C{100 + 13 * i} {150} {106 + 11 * i} {138} {112 + 10 * i} {124 + i}",
                4.4,
                _WHITE,
                opacity=0.9,
            )
        d.fill(
            Path.of("M84 118L96 106C104 112 114 114 126 112C120 120 110 124 100 124L84 118").area(),
            "#000000",
            0.34,
        )
        _laces(d)

    return _pair(one, high=0.86)


def high_top() -> Drawing:
    """A canvas one over the ankle."""

    def one(d: Drawing) -> None:
        upper = ("M22 168C20 158 26 150 40 146C58 140 72 126 82 108L92 84C104 88 124 88 150 82C158 82 160 86 160 94"
                 "C162 118 172 140 174 158L174 168L22 168")  # fmt: skip
        _shoe(d, upper, _LOW_SOLE, _WHITE)
        d.stroke("M18 171L178 171", 1.6, "#c9553f")
        d.cloth(
            Path.of("M22 168C20 158 26 150 40 146C48 148 54 158 54 168L22 168"), _WHITE, shaded=0.8
        )
        d.dot(138, 118, 9, _WHITE)
        d.dot(138, 118, 6, "#c9553f", 0)
        d.stitches("M58 166C66 150 84 140 96 124C102 114 104 102 106 92")
        for i in range(6):
            x, y = 62 + 6.4 * i, 142 - 9.4 * i
            d.stroke(f"M{x} {y}L{x + 13} {y + 6}", 2.6, DEEP)
            d.stroke(f"M{x} {y}L{x + 13} {y + 6}", 1.6, _WHITE)
        d.stitches("M94 90C106 94 128 93 158 87")

    return _pair(one)


def loafer() -> Drawing:
    """A penny loafer."""

    def one(d: Drawing) -> None:
        _shoe(d, "M20 170C18 160 26 152 42 148C60 144 74 138 92 124C104 128 124 128 150 118C160 116 166 120 167 128"
                 "C169 140 174 152 174 170L20 170", "M18 169C17 175 19 179 26 179L140 179L140 176L144 184L174 184C177 180 177 174 176 169L18 169", _WOOD)  # fmt: skip
        d.fill(
            Path.of(
                "M92 124C104 128 124 128 150 118C156 118 160 120 162 124C140 136 112 138 92 124"
            ).area(),
            "#000000",
            0.42,
        )
        d.stroke("M34 156C52 152 66 150 80 152", 2.2, opacity=0.6)
        d.stroke("M38 152C54 146 68 142 84 146", 1.2)
        d.cloth(
            Path.of("M76 140L94 125C104 132 108 142 108 158L96 162C92 150 86 144 76 140"),
            shaded=0.8,
            line=1.2,
        )
        d.fill(Path.of("M90 139L100 137L101 142L92 144L90 139").area(), "#000000", 0.45)
        d.stitches("M112 160C134 156 156 156 172 158")

    return _pair(one)


def derby() -> Drawing:
    """A laced leather shoe."""

    def one(d: Drawing) -> None:
        _shoe(d, "M18 170C16 160 24 153 40 150C58 146 72 138 86 124L96 114C106 120 122 120 154 112C161 112 164 116 165 122"
                 "C168 138 174 152 174 170L18 170", "M16 169C15 175 17 179 24 179L138 179L138 177L142 185L174 185C177 180 177 174 176 169L16 169", _RUBBER)  # fmt: skip
        d.stroke("M42 169C44 160 50 152 58 147", 1.2)
        d.stitches("M46 169C48 160 53 154 61 149")
        d.cloth(
            Path.of("M86 124L97 113C106 122 118 134 120 150C108 152 94 148 78 138L86 124"),
            shaded=0.8,
            line=1.2,
        )
        d.fill(
            Path.of(
                "M96 114C106 120 122 120 154 112C156 113 157 114 158 116C140 126 112 130 96 114"
            ).area(),
            "#000000",
            0.4,
        )
        for i in range(4):
            x, y = 78 + 6.5 * i, 136 - 6.4 * i
            d.stroke(f"M{x} {y}L{x + 11} {y + 7}", 1.8, "#20242d")
            d.dot(x + 12, y + 7.500, 1.2, GLOW, 0.5)
        d.stroke("M120 150C138 150 156 148 170 146", 1.1, opacity=0.8)
        d.sheen("M30 158C42 152 54 152 62 154", 3, 0.3)

    return _pair(one)


def _boot_upper(top: float) -> str:
    return (f"M20 170C18 160 26 152 44 148C62 144 78 136 84 120C88 106 88 {top + 30} 86 {top}L142 {top - 2}C144 {top + 40} 148 100 158 126"
            "C164 142 172 154 172 170L20 170")  # fmt: skip


def chelsea() -> Drawing:
    """An ankle boot with elastic sides."""

    def one(d: Drawing) -> None:
        _shoe(
            d,
            _boot_upper(76),
            "M16 169C15 176 17 181 24 181L172 183C176 180 176 174 174 169L16 169",
            _RUBBER,
        )
        gore = Path.of("M104 78L128 77C128 96 124 118 118 134C110 120 105 98 104 78")
        area = gore.area()
        d.fill(area, "#000000", 0.42)
        d.ribs(area, 0, 2.6)
        d.outline(gore, 1.1)
        d.stroke("M118 134C112 146 106 156 96 169", 1.1)
        d.cloth(
            Path.of(
                "M138 62C144 62 146 66 145 78L139 79C139 70 137 68 135 78L131 78C131 66 133 62 138 62"
            ),
            shaded=0.4,
            line=1.0,
        )
        d.sheen("M30 158C44 152 60 150 74 144", 3.4, 0.3)
        d.stitches("M88 80L103 79")

    return _pair(one)


def heel_boot() -> Drawing:
    """A zipped ankle boot on a block heel."""

    def one(d: Drawing) -> None:
        upper = ("M18 178C16 170 24 164 42 158C62 152 80 142 88 122C92 106 92 90 90 70L140 68C140 96 144 116 154 132"
                 "C160 142 166 150 166 162C150 158 134 160 118 168C104 176 90 178 74 178L18 178")  # fmt: skip
        d.cloth(Path.of("M140 160L167 160L162 196L142 196L140 160"), _RUBBER, shaded=0.8)
        d.cloth(
            Path.of(
                "M16 178L74 178C96 178 110 172 122 166L124 170C110 180 94 184 74 184L22 184C17 184 16 181 16 178"
            ),
            _RUBBER,
            shaded=0.4,
        )
        d.cloth(Path.of(upper))
        d.stroke("M114 70C114 100 116 126 122 160", 3.4)
        d.stroke("M114 70C114 100 116 126 122 160", 1.6, GLOW, dash="1 1.3")
        d.sheen("M28 170C44 164 62 160 78 150", 3.4, 0.28)
        d.folds()
        d.fold("M92 126C100 132 108 134 116 134", 2.6, 0.24)

    return _pair(one)


def hiker() -> Drawing:
    """A hiking boot."""

    def one(d: Drawing) -> None:
        sole = "M14 166L14 182L24 188L34 182L44 188L54 182L64 188L74 182L84 188L94 182L104 188L114 182L124 188L134 182L144 188L154 182L164 188L178 184L178 164L14 166"
        _shoe(d, _boot_upper(82), sole, _RUBBER)
        d.cloth(
            Path.of("M20 170C18 160 26 152 44 148C52 152 58 162 60 170L20 170"), _RUBBER, shaded=0.8
        )
        d.cloth(
            Path.of("M86 80C88 74 140 72 143 78C144 84 144 88 144 92C124 96 104 96 88 94L86 80"),
            SHADE,
            shaded=0.9,
        )
        d.fill(
            Path.of(
                "M142 104C148 118 158 128 164 144C168 152 172 160 172 168L148 168C146 148 142 128 142 104"
            ).area(),
            "#000000",
            0.26,
        )
        for i in range(6):
            x, y = 70 + 3.4 * i, 146 - 9.6 * i
            d.stroke(f"M{x} {y}L{x + 17} {y + 5}", 2.8, DEEP)
            d.stroke(f"M{x} {y}L{x + 17} {y + 5}", 1.6, "#e0a23f")
            d.dot(x + 18, y + 5.4, 1.6, GLOW, 0.6)
        d.stitches("M64 168C72 156 92 146 108 132")

    return _pair(one)


def pump() -> Drawing:
    """A court shoe with a slim heel."""

    def one(d: Drawing) -> None:
        d.cloth(
            Path.of("M150 150L168 146C168 162 160 180 158 196L153 196C152 180 150 166 150 150"),
            "",
            shaded=0.8,
        )
        d.cloth(Path.of("M14 182C16 176 26 172 40 170C66 166 92 164 112 154C128 146 140 128 158 118C166 124 170 138 169 150"
                        "C154 150 138 158 122 170C108 180 92 186 70 186L24 186C17 186 14 185 14 182"))  # fmt: skip
        d.fill(
            Path.of(
                "M44 169C66 166 92 164 112 154C128 146 140 128 158 118C152 138 136 158 108 166C86 172 62 172 44 169"
            ).area(),
            "#000000",
            0.42,
        )
        d.stroke("M44 169C66 166 92 164 112 154C128 146 140 128 158 118", 1.4)
        d.sheen("M24 180C36 176 48 176 58 178", 3, 0.32)

    return _pair(one)


def ballerina() -> Drawing:
    """A flat one with a bow."""

    def one(d: Drawing) -> None:
        d.cloth(
            Path.of("M16 178L178 178C178 184 175 186 170 186L26 186C19 186 16 183 16 178"),
            _WOOD,
            shaded=0.5,
        )
        d.cloth(
            Path.of(
                "M16 180C14 170 24 164 42 162C52 160 60 160 70 162C90 168 126 166 160 148C168 148 173 152 174 160L176 180L16 180"
            )
        )
        d.fill(
            Path.of(
                "M70 162C90 168 126 166 160 148C164 150 166 152 167 155C140 176 94 178 70 162"
            ).area(),
            "#000000",
            0.42,
        )
        for text in (
            "M62 161C54 152 46 152 44 157C44 163 54 165 62 163L62 161",
            "M64 161C70 150 80 150 82 155C82 162 72 165 64 163L64 161",
        ):
            d.cloth(Path.of(text), shaded=0.6, line=1.0)
        d.dot(63, 162, 2.4, BASE)
        d.sheen("M24 174C34 170 44 169 52 171", 3, 0.3)

    return _pair(one)


def sandal() -> Drawing:
    """Leather straps over a cork sole."""

    def one(d: Drawing) -> None:
        d.cloth(
            Path.of(
                "M14 172C40 166 60 172 92 172C124 172 150 162 178 166L178 178C176 184 170 186 160 186L26 186C16 186 13 180 14 172"
            ),
            "#b98a5a",
            shaded=0.9,
        )
        d.fill(
            Path.of("M14 181L178 181C176 185 170 186 160 186L26 186C18 186 14 184 14 181").area(),
            _RUBBER,
        )
        for text in ("M34 170C36 152 50 144 62 144C74 146 84 156 88 171L70 172C66 160 60 158 56 159C50 161 50 166 50 171L34 170",
                     "M92 171C92 150 104 140 116 140C130 142 138 152 142 168L124 170C120 158 116 156 112 157C108 160 108 166 108 171L92 171"):  # fmt: skip
            d.cloth(Path.of(text))
        d.cloth(Path.of("M150 166C148 150 154 140 164 138L170 142C166 150 166 158 168 166L150 166"))
        d.stroke("M126 146C138 142 152 142 162 146", 6.4)
        d.stroke("M126 146C138 142 152 142 162 146", 4.4, LIGHT)
        for x, y in ((60, 152), (116, 148)):
            d.raw(
                f'<rect x="{x - 6}" y="{y - 5}" width="12" height="10" rx="2" fill="none" stroke="{_GOLD}" stroke-width="2.2"/>'
            )

    return _pair(one)


def tote() -> Drawing:
    """A leather tote."""
    d = Drawing()
    for shift in (0, 1):
        d.raw("<g>")
        path = Path.of(f"M68 96C68 {30 + 8 * shift} 132 {30 + 8 * shift} 132 96")
        d.stroke(path, 6.6 - shift, DEEP)
        d.stroke(path, 4.2 - shift, SHADE if shift == 0 else LIGHT)
        d.raw("</g>")
    body = Path.whole("M100 92L146 92L156 196C156 202 152 204 146 204L100 204")
    area = d.cloth(body)
    d.fill(area.intersection(shapely.box(0, 92, 200, 100)), "#000000", 0.16)
    d.stitches("M55 101L145 101")
    d.stroke(LineString(area.buffer(-5).exterior.coords), 0.8, opacity=0.6, dash="2.4 1.8")
    for x in (68, 132):
        d.cloth(shapely.box(x - 6, 88, x + 6, 114).buffer(1.5), shaded=0.5, line=1.1)
        d.dot(x, 96, 1.8, _GOLD)
        d.dot(x, 108, 1.8, _GOLD)
    d.folds("M148 120C140 150 142 180 146 200", width=6, opacity=0.12)
    d.raw(
        f'<rect x="90" y="124" width="20" height="7" rx="1.5" fill="{_GOLD}" fill-opacity="0.85"/>'
    )
    return d


def crossbody() -> Drawing:
    """A small bag with a flap on a long strap."""
    d = Drawing()
    d.stroke("M44 120C40 20 160 20 156 120", 5.4)
    d.stroke("M44 120C40 20 160 20 156 120", 3.2, LIGHT)
    d.cloth(
        Path.whole(
            "M100 112L152 112C160 112 164 118 164 126L160 196C160 202 156 206 148 206L100 206"
        )
    )
    flap = Path.whole(
        "M100 108L152 108C160 108 165 113 165 122C164 146 148 166 120 170C112 171 106 171 100 171"
    )
    d.fill(affinity.translate(flap.area(), 0, 4), "#000000", 0.16)
    area = d.cloth(flap)
    d.stroke(LineString(area.buffer(-4).exterior.coords), 0.8, opacity=0.6, dash="2.4 1.8")
    d.raw(
        f'<rect x="90" y="156" width="20" height="22" rx="4" fill="{_GOLD}" stroke="#9a7a42" stroke-width="1"/>'
    )
    d.dot(100, 167, 3, "#9a7a42", 0)
    for x in (44, 156):
        d.raw(f'<circle cx="{x}" cy="118" r="6" fill="none" stroke="{_GOLD}" stroke-width="2.4"/>')
    return d


def backpack() -> Drawing:
    """A canvas backpack with a rolled flap."""
    d = Drawing()
    d.stroke("M86 42C86 20 114 20 114 42", 6)
    d.stroke("M86 42C86 20 114 20 114 42", 3.6, LIGHT)
    for x, turn in ((48, -1), (152, 1)):
        d.stroke(f"M{x} 110C{x + 14 * turn} 120 {x + 14 * turn} 180 {x} 204", 8)
        d.stroke(f"M{x} 110C{x + 14 * turn} 120 {x + 14 * turn} 180 {x} 204", 5.6, SHADE)
    d.cloth(Path.whole("M100 40C128 40 150 52 152 84L156 196C156 208 150 216 138 216L100 216"))
    flap = Path.whole("M100 40C130 40 152 52 153 84L153 112C150 124 124 128 100 128")
    d.fill(affinity.translate(flap.area(), 0, 4), "#000000", 0.17)
    area = d.cloth(flap)
    d.stroke(LineString(area.buffer(-4).exterior.coords), 0.8, opacity=0.6, dash="2.4 1.8")
    d.cloth(Path.whole("M100 150L138 150L140 200C140 206 136 208 132 208L100 208"), shaded=0.9)
    d.stitches("M64 160L136 160")
    for x in (78, 122):
        d.cloth(
            shapely.box(x - 4.5, 104, x + 4.5, 158).buffer(1.4), "#8a5a34", shaded=0.6, line=1.0
        )
        d.raw(
            f'<rect x="{x - 7}" y="132" width="14" height="11" rx="2" fill="none" stroke="{_GOLD}" stroke-width="2.4"/>'
        )
    return d


def bucket_bag() -> Drawing:
    """A drawstring bag."""
    d = Drawing()
    d.stroke("M62 98C52 20 148 20 138 98", 6)
    d.stroke("M62 98C52 20 148 20 138 98", 3.8, LIGHT)
    d.cloth(
        Path.whole(
            "M100 100C120 100 138 98 142 92C150 120 156 170 154 200C153 210 146 212 138 212L100 212"
        )
    )
    rim = Path.whole("M100 84C122 84 140 87 142 92C140 98 120 101 100 101")
    d.cloth(rim, SHADE, shaded=0.5)
    d.fill(rim, "#000000", 0.3)
    d.stroke("M54 116C76 124 124 124 146 116", 2.4, "#8a5a34")
    for x in (64, 82, 118, 136):
        d.dot(x, 119 + (1.5 if 70 < x < 130 else 0), 2.6, _GOLD)
    d.stroke("M98 122C94 136 92 148 94 160M102 122C106 138 110 150 108 166", 2.2, "#8a5a34")
    d.folds("M114 126C118 146 118 170 116 196", "M132 124C140 150 142 176 140 200", width=6)
    d.stitches("M48 202C76 207 124 207 152 202")
    return d


def beanie() -> Drawing:
    """A ribbed hat with a turned-up rim and a bobble."""
    d = Drawing()
    for i in range(34):
        turn, r = i * 2.39996, 3.2 * math.sqrt(i)
        d.dot(100 + r * math.cos(turn), 50 + r * math.sin(turn), 5.4, LIGHT if i % 2 else BASE, 0)
    d.raw(
        f'<circle cx="100" cy="50" r="23" fill="none" stroke="{DEEP}" stroke-width="1.2" stroke-dasharray="3 2"/>'
    )
    area = d.cloth(Path.whole("M100 66C136 66 154 92 158 138L158 160L100 162"))
    paint(d, tidy(area.buffer(-0.5)), Pattern("rib", gap=5.5))
    band = Path.whole(
        "M100 136C124 136 146 134 158 130C164 132 166 136 166 142L165 172C160 178 130 182 100 182"
    )
    rim = d.cloth(band)
    paint(d, tidy(rim.buffer(-0.5)), Pattern("rib", gap=5.5))
    d.outline(band, 1.3)
    d.raw(
        '<rect x="90" y="152" width="20" height="13" rx="1.5" fill="#f4f1ea" stroke="#8a8578" stroke-width="0.7"/>'
    )
    d.stroke("M94 158.500L106 158.500", 1.2, "#5a6270")
    return d


def cap() -> Drawing:
    """A baseball cap."""
    d = Drawing()
    d.cloth(Path.of("M52 150C50 100 84 72 118 76C150 80 168 108 168 146C150 156 90 160 52 150"))
    d.stroke("M116 76C96 92 88 124 90 154", 1.1, opacity=0.8)
    d.stroke("M118 76C140 92 150 122 150 152", 1.1, opacity=0.8)
    d.stitches("M113 77C93 93 85 124 87 154")
    d.cloth(
        Path.of(
            "M52 146C84 140 120 142 140 152C120 158 92 166 62 176C44 182 22 180 18 174C18 164 32 152 52 146"
        )
    )
    for i in range(3):
        d.stitches(
            f"M{26 + 5 * i} {172 - 5 * i}C{50 + 4 * i} {172 - 6 * i} {90 + 3 * i} {162 - 4 * i} {124} {153 - i}"
        )
    d.dot(117, 76, 4, BASE)
    d.dot(104, 110, 1.8, DEEP, 0)
    d.raw(
        '<g transform="translate(70 104)"><path d="M2 22L14 2L26 22Z" fill="#f6f0e2"/><path d="M10 22L18 9L26 22Z" fill="#e07a4f"/></g>'
    )
    return d


def bucket_hat() -> Drawing:
    """A bucket hat."""
    d = Drawing()
    d.cloth(Path.whole("M100 70C122 70 132 74 136 82L146 136L100 142"))
    d.fill(Path.whole("M100 70C122 70 132 74 136 82C126 88 112 89 100 89").area(), "#ffffff", 0.12)
    d.stroke("M64 82C76 89 124 89 136 82", 1.0, opacity=0.7)
    brim = Path.whole(
        "M100 136C122 136 138 134 146 130C158 144 168 160 172 172C150 186 124 188 100 188"
    )
    area = d.cloth(brim)
    for i in range(4):
        ring = LineString(
            affinity.scale(area, 0.94 - 0.12 * i, 0.86 - 0.2 * i, origin=(100, 138)).exterior.coords
        )
        d.stroke(ring.intersection(area.buffer(-2)), 0.8, opacity=0.5, dash="2.4 1.8")
    d.fill(area.intersection(shapely.box(0, 128, 200, 142)), "#000000", 0.16)
    for x in (76, 124):
        d.dot(x, 112, 1.6, DEEP, 0)
    return d


def felt_hat() -> Drawing:
    """A wide-brimmed felt hat."""
    d = Drawing()
    d.raw('<ellipse cx="100" cy="162" rx="84" ry="9" fill="#000000" fill-opacity="0.2"/>')
    d.cloth(Path.whole("M100 142C150 142 186 146 188 152C186 164 150 168 100 168"))
    crown = Path.whole(
        "M100 82C108 76 124 70 132 78C140 92 146 120 148 148C130 156 114 157 100 157"
    )
    d.cloth(crown)
    d.fold("M96 82C100 92 102 104 100 116", 7, 0.2)
    band = Path.whole("M100 134C120 134 136 132 146 129L148 148C130 156 114 157 100 157")
    d.fill(band, "#20242d", 0.92)
    d.cloth(Path.of("M138 134L150 130L152 150L140 154L138 134"), "#20242d", shaded=0.6, line=0.8)
    d.stroke("M12 152C40 162 160 162 188 152", 0.9, opacity=0.5)
    return d


def _fringe(d: Drawing, x0: float, x1: float, y: float, long: float = 14) -> None:
    count = round((x1 - x0) / 3.2)
    for i in range(count + 1):
        x = x0 + (x1 - x0) * i / count
        d.stroke(f"M{x} {y}L{x + (1 if i % 2 else -1)} {y + long - (i % 3)}", 1.7, DEEP)
        d.stroke(f"M{x} {y}L{x + (1 if i % 2 else -1)} {y + long - (i % 3)}", 1.0, LIGHT)


def scarf(pattern: Pattern) -> Drawing:
    """A woollen scarf, looped."""
    d = Drawing()
    d.fill(Path.whole("M100 46C118 46 128 54 128 66C128 78 116 86 100 86").area(), "#000000", 0.4)
    for text, ends, turn in (
        ("M84 84L112 92L122 198L84 202L84 84", (84, 122, 200), 3),
        ("M96 88L128 82L150 184L116 192L96 88", (117, 150, 188), -12),
    ):
        path = Path.of(text)
        _fringe(d, *ends)
        d.fill(affinity.translate(path.area(), -3, 2), "#000000", 0.14)
        area = d.cloth(path)
        paint(d, tidy(area.buffer(-0.4)), pattern, turn)
        d.outline(path, 1.3)
    ring = Path.whole("M100 30C130 30 150 44 150 64C150 88 128 104 100 104").area().difference(
        Path.whole("M100 44C116 44 127 50 127 62C127 72 116 79 100 79").area()
    )  # fmt: skip
    area = d.cloth(ring)
    paint(d, tidy(area.buffer(-0.4)), pattern, 8)
    d.outline(ring, 1.3)
    d.folds("M146 66C140 82 122 92 106 96", "M132 50C138 62 134 74 124 82", width=4)
    d.fold("M76 86C86 96 104 100 118 96", 5, 0.16)
    return d


def foulard() -> Drawing:
    """A silk square, knotted."""
    d = Drawing()
    area = d.cloth(Path.whole("M100 208C86 190 70 160 46 132C58 112 80 96 100 92").reversed())
    paint(d, tidy(area.buffer(-4)), Pattern("dots", CREAM, 11, 4.6))
    d.stroke(LineString(area.buffer(-4).exterior.coords), 2.4, CREAM, opacity=0.9)
    d.folds("M104 100C118 120 128 134 140 138", "M102 110C108 140 108 170 102 196", width=5)
    for text in (
        "M98 84C84 74 62 78 52 96C48 106 54 112 64 108C78 102 90 98 100 96L98 84",
        "M102 84C118 72 140 74 150 92C156 104 148 112 138 106C124 100 112 98 100 96L102 84",
    ):
        path = Path.of(text)
        wing = d.cloth(path)
        paint(d, tidy(wing.buffer(-1)), Pattern("dots", CREAM, 11, 4.6))
        d.outline(path, 1.2)
    knot = shapely.box(92, 80, 108, 98).buffer(4)
    d.cloth(knot)
    d.fold("M96 82C98 88 98 92 96 97", 2)
    return d


def belt() -> Drawing:
    """A leather belt, rolled up."""
    d = Drawing()
    d.raw('<ellipse cx="100" cy="186" rx="66" ry="8" fill="#000000" fill-opacity="0.22"/>')
    d.cloth(
        Path.whole("M100 84C140 84 162 98 162 122C162 146 140 156 100 156").area(), SHADE, shaded=0
    )
    d.fill(Path.whole("M100 84C140 84 162 98 162 122C162 146 140 156 100 156"), "#000000", 0.4)
    for k, shade in ((0.62, 0.34), (0.8, 0.22)):
        ring = affinity.scale(
            Path.whole("M100 84C140 84 162 98 162 122C162 146 140 156 100 156").area(), k, k
        )
        d.stroke(LineString(ring.exterior.coords), 5, BASE)
        d.stroke(LineString(ring.exterior.coords), 5, "#000000", opacity=shade)
    front = Path.of(
        "M38 122C38 148 62 160 100 160C138 160 162 148 162 122L162 152C162 176 138 188 100 188C62 188 38 176 38 152L38 122"
    )
    area = d.cloth(front)
    d.stroke(
        "M40 130C46 152 70 163 100 163C130 163 154 152 160 130", 0.9, opacity=0.6, dash="2.4 1.8"
    )
    d.stroke(
        "M40 154C46 174 70 184 100 184C130 184 154 174 160 154", 0.9, opacity=0.6, dash="2.4 1.8"
    )
    del area
    d.raw(
        '<rect x="80" y="156" width="34" height="36" rx="5" fill="none" stroke="#8f733f" stroke-width="6.5"/>'
    )
    d.raw(
        f'<rect x="80" y="156" width="34" height="36" rx="5" fill="none" stroke="{_GOLD}" stroke-width="4.2"/>'
    )
    d.stroke("M82 174L112 174", 3.4, "#8f733f")
    d.stroke("M82 174L112 174", 2.2, _GOLD)
    for x in (126, 136, 146):
        d.dot(x, 172 - (x - 126) * 0.32, 1.7, DEEP, 0)
    return d


def socks() -> Drawing:
    """A pair of striped ones."""
    d = Drawing()
    text = "M104 40L144 40L146 130C150 146 168 160 178 172C184 182 178 196 164 198C148 198 120 172 110 152C106 130 106 80 104 40"
    for shift in (-34, 0):
        path = Path(
            [
                tuple((x + shift - 14, y + (6 if shift else 0)) for x, y in s)
                for s in Path.of(text).segments
            ]
        )
        area = d.cloth(path)
        d.fill(
            bands(tidy(area.intersection(shapely.box(0, 66, 300, 140)).buffer(-0.3)), 17, 7),
            CREAM,
            0.95,
        )
        cuff = area.intersection(shapely.box(0, 0, 300, 58 + (6 if shift else 0)))
        d.fill(cuff, "#000000", 0.12)
        d.ribs(cuff, 0, 3)
        toe = area.intersection(affinity.rotate(shapely.box(160 + shift - 14, 150, 220, 230), 12))
        d.fill(toe, "#000000", 0.2)
        d.outline(path, 1.3)
    return d


def gloves() -> Drawing:
    """A pair of leather ones."""
    d = Drawing()
    hand = ("M86 204L82 150C70 140 60 124 54 112C52 104 60 100 66 106L82 126L78 66C78 58 88 56 90 64L95 108L97 52C97 44 107 44 108 52"
            "L109 106L115 58C116 50 126 52 125 60L121 112L130 78C132 70 141 73 140 81C136 110 130 140 124 156L126 204L86 204")  # fmt: skip
    for shift, turn in ((22, 12), (-14, -6)):
        area = affinity.rotate(
            affinity.translate(Path.of(hand).area(), shift, 0), turn, origin=(100, 200)
        )
        d.fill(affinity.translate(area, 2, 3), "#000000", 0.2)
        d.cloth(area)
        band = affinity.rotate(
            affinity.translate(shapely.box(83, 184, 129, 206), shift, 0), turn, origin=(100, 200)
        ).intersection(area)
        d.fill(band, "#000000", 0.2)
        d.outline(band, 1.0)
    return d


def sunglasses() -> Drawing:
    """Round ones."""
    d = Drawing()
    d.raw('<ellipse cx="100" cy="146" rx="78" ry="6" fill="#000000" fill-opacity="0.2"/>')
    for x in (62, 138):
        lens = shapely.Point(x, 116).buffer(29, quad_segs=16)
        d.fill(lens, "#14181f")
        d.fill(lens.intersection(affinity.translate(lens, -14, -18)), "#ffffff", 0.14)
        d.stroke(LineString(lens.exterior.coords), 6.4, DEEP)
        d.stroke(LineString(lens.exterior.coords), 4.2, LIGHT)
    d.stroke("M91 112C96 104 104 104 109 112", 6)
    d.stroke("M91 112C96 104 104 104 109 112", 3.8, LIGHT)
    d.both("M166 108C176 106 180 104 184 98", 5.6)
    d.both("M166 108C176 106 180 104 184 98", 3.4, LIGHT)
    return d
