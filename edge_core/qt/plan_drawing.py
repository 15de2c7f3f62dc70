"""Draws a floor once for all who show it: outline, zones and fixtures, and the zones' names."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil
from typing import Final

from PySide6.QtCore import QPoint, QPointF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QImage,
    QPainter,
    QPen,
    QPolygonF,
    QTextLayout,
    QTextLine,
    QTextOption,
)

from edge_core.qt.fonts import FAMILY
from edge_core.qt.projection import FloorProjection, PointM
from edge_core.service.site_schema import FloorView, ZoneView

_ROOMS: Final = ("store", "department", "till", "fitting-room")
_QUIET: Final = ("entrance", "till", "fitting-room")
_WIDEST_LINE_PX: Final = 2.0

_NARROW_EM: Final = 4.4
"""A room narrower than this has its name written along it, if it is so much longer as:"""
_LONG: Final = 1.4
_INSET_EM: Final = 0.4
"""Kept free beside a name, together."""
_LINE: Final = 0.9
"""Distance of two lines, in the font's own."""
_NARROWEST: Final = 0.8
"""A word a little too wide for its room is drawn narrower rather than over its neighbour."""
_AROUND: Final = (QPointF(-1, 0), QPointF(1, 0), QPointF(0, -1), QPointF(0, 1))
_COATS: Final = 2
"""Letters on a clear ground turn out thinner than the same words beside the plan."""


@dataclass(frozen=True, slots=True)
class ZoneName:
    """A name on the plan.

    Attributes:
        kind, text: the zone's kind and its name in the current language.
        middle_m: middle of the free space, metres on the plan.
        across_m, down_m: free space through it along the plan's axes, metres.
    """

    kind: str
    text: str
    middle_m: PointM
    across_m: float
    down_m: float


@dataclass(frozen=True, slots=True)
class PlanStyle:
    """All that the drawing of a floor depends on beside the floor.

    Attributes:
        size_px: width and height of the area.
        projection: how the plan lies in it.
        colours: name and ARGB of each: floor, room, line, wall, fixture, void, name, quietName,
            halo; others are not looked at.
        name_px: size of the names' font.
        ratio: the display's pixels per pixel of the area: drawings are as sharp as it is.
    """

    size_px: tuple[int, int]
    projection: FloorProjection
    colours: tuple[tuple[str, int], ...]
    name_px: float
    ratio: float = 1.0

    def colour(self, name: str) -> QColor:
        """One of the colours."""
        return QColor.fromRgba(dict(self.colours)[name])


@dataclass(frozen=True, slots=True)
class WrittenName:
    """A name that its room holds: what it says, a small picture of it, and its place, pixels."""

    text: str
    place_px: QPoint
    picture: QImage


@dataclass(frozen=True, slots=True)
class PlanDrawing:
    """A floor, drawn.

    Attributes:
        ground: the plan, as large as the area, clear beside the floor.
        names: on it; what glows is drawn between.
    """

    ground: QImage
    names: list[WrittenName]


def drawn_plan(
    floor: FloorView, zones: Iterable[ZoneView], names: Iterable[ZoneName], style: PlanStyle
) -> PlanDrawing:
    """Draw a floor, the zones on it and their names."""
    ground = _clear(QSize(*style.size_px), style.ratio)
    painter = QPainter(ground)
    _draw(painter, floor, zones, style)
    painter.end()
    written = (drawn_name(name, style) for name in names)
    return PlanDrawing(ground, [name for name in written if name is not None])


def _draw(painter: QPainter, floor: FloorView, zones: Iterable[ZoneView], style: PlanStyle) -> None:
    """A hundred polygons and more."""
    line_px = min(max(1.0, style.projection.scale_px_m * 0.09), _WIDEST_LINE_PX)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(style.colour("floor"))
    painter.drawPolygon(_polygon(floor.outline_m, style))
    painter.setPen(_pen(style.colour("line"), line_px))
    painter.setBrush(style.colour("room"))
    for zone in zones:
        if zone.kind in _ROOMS:
            painter.drawPolygon(_polygon(zone.polygon_m, style))
    for fixture in floor.fixtures:
        solid = fixture.kind in ("wall", "pillar")
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(style.colour("wall" if solid else "fixture"))
        if fixture.kind == "void":
            painter.setPen(_pen(style.colour("wall"), line_px))
            painter.setBrush(style.colour("void"))
        shape = _polygon(fixture.polygon_m, style)
        if fixture.kind == "plant":
            painter.drawEllipse(shape.boundingRect())
        else:
            painter.drawPolygon(shape)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(_pen(style.colour("wall"), line_px * 2))
    painter.drawPolygon(_polygon(floor.outline_m, style))


def _polygon(points_m: list[PointM], style: PlanStyle) -> QPolygonF:
    return QPolygonF([QPointF(*style.projection.to_px(point)) for point in points_m])


def _pen(colour: QColor, width_px: float) -> QPen:
    pen = QPen(colour, width_px)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return pen


def drawn_name(name: ZoneName, style: PlanStyle) -> WrittenName | None:
    """A zone's name in the middle of its free space, upright or along a narrow room.

    Args:
        name: what is written, and the room for it.
        style: of the plan.

    Returns:
        None where the room does not hold it.
    """
    quiet = name.kind in _QUIET
    sideways = style.projection.quarter_turns % 2 == 1
    room_m = (name.down_m, name.across_m) if sideways else (name.across_m, name.down_m)
    wide, tall = (side * style.projection.scale_px_m for side in room_m)
    along = not quiet and wide < _NARROW_EM * style.name_px and tall > _LONG * wide
    if along:
        wide, tall = tall, wide
    wide, tall = wide - _INSET_EM * style.name_px, tall - _INSET_EM / 2 * style.name_px
    font = QFont(FAMILY)
    font.setPixelSize(max(1, round(style.name_px)))
    font.setWeight(QFont.Weight.Normal if quiet else QFont.Weight.Medium)
    words = QTextLayout(name.text, font)
    lines = _lines(words, max(1.0, wide))
    line_px = lines[0].height() if lines else 0.0
    high = line_px * (1 + _LINE * (len(lines) - 1))
    if not lines or tall < style.name_px or high > max(tall, line_px):
        return None
    natural = max(line.naturalTextWidth() for line in lines)
    narrowed = min(1.0, max(_NARROWEST, wide / natural))
    for place, line in enumerate(lines):
        line.setPosition(QPointF(0, place * _LINE * line_px))
    size = QSize(ceil(natural * narrowed) + 2, ceil(high) + 2)
    picture = _clear(size.transposed() if along else size, style.ratio)
    painter = QPainter(picture)
    if along:
        painter.translate(0, size.width())
        painter.rotate(-90)
    painter.translate(size.width() / 2, 1.0)
    painter.scale(narrowed, 1.0)
    left = QPointF(-max(1.0, wide) / 2, 0.0)
    painter.setPen(style.colour("halo"))
    for shift in _AROUND:
        words.draw(painter, left + shift)
    painter.setPen(style.colour("quietName" if quiet else "name"))
    for _ in range(_COATS):
        words.draw(painter, left)
    painter.end()
    x_px, y_px = style.projection.to_px(name.middle_m)
    drawn = picture.deviceIndependentSize()
    place_px = QPointF(x_px - drawn.width() / 2, y_px - drawn.height() / 2)
    return WrittenName(name.text, place_px.toPoint(), picture)


def _lines(words: QTextLayout, wide_px: float) -> list[QTextLine]:
    """Lay words out in lines of this width, each in their middle."""
    option = QTextOption(Qt.AlignmentFlag.AlignHCenter)
    option.setWrapMode(QTextOption.WrapMode.WordWrap)
    words.setTextOption(option)
    lines = []
    words.beginLayout()
    while (line := words.createLine()).isValid():
        line.setLineWidth(wide_px)
        lines.append(line)
    words.endLayout()
    return lines


def _clear(size: QSize, ratio: float) -> QImage:
    picture = QImage(size * ratio, QImage.Format.Format_ARGB32_Premultiplied)
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    return picture
