"""The way on the plan: a line that draws itself once, the goal's room, and its end."""

from itertools import pairwise
from math import atan2, degrees, hypot
from typing import Final

from PySide6.QtCore import Property, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF
from PySide6.QtQml import QmlElement
from PySide6.QtQuick import QQuickItem

from edge_core.qt.plan_item import PlanItem
from edge_core.qt.qml_made import QmlMadeItem

QML_IMPORT_NAME = "Promenade.Native"
QML_IMPORT_MAJOR_VERSION = 1

_CASING: Final = 1.9
_HEAD: Final = 2.4


@QmlElement
class RouteItem(QmlMadeItem):
    """Draws over a `PlanItem`; repaints only while `progress` moves or the way changes.

    `points` and `room` are lists of [x, y] in metres on the plan.
    """

    changed = Signal()
    pointsChanged = Signal()  # noqa: N815

    def __init__(self, parent: QQuickItem | None = None) -> None:
        super().__init__(parent)
        self._over: PlanItem | None = None
        self._points: list[list[float]] = []
        self._room: list[list[float]] = []
        self._progress, self._width_px, self._ends = 1.0, 8.0, True
        self._colour, self._casing = QColor("white"), QColor("black")
        self.setAntialiasing(True)
        self.changed.connect(self.update)

    def _get_over(self) -> PlanItem | None:
        return self._over

    def _set_over(self, item: PlanItem | None) -> None:
        if item is self._over:
            return
        self._over = item
        if item is not None:
            item.projectionChanged.connect(self.update)
        self.changed.emit()

    over = Property(PlanItem, _get_over, _set_over, notify=changed)

    def _get_points(self) -> list[list[float]]:
        return self._points

    def _set_points(self, points: list[list[float]]) -> None:
        points = [list(point) for point in points]
        if points != self._points:
            self._points = points
            self.pointsChanged.emit()
            self.update()

    points = Property(
        "QVariantList",  # type: ignore[arg-type]
        _get_points,
        _set_points,
        notify=pointsChanged,
    )

    def _get_room(self) -> list[list[float]]:
        return self._room

    def _set_room(self, room: list[list[float]]) -> None:
        self._room = [list(point) for point in room]
        self.changed.emit()

    room = Property("QVariantList", _get_room, _set_room, notify=changed)  # type: ignore[arg-type]

    def _get_progress(self) -> float:
        return self._progress

    def _set_progress(self, progress: float) -> None:
        if progress != self._progress:
            self._progress = progress
            self.changed.emit()

    progress = Property(float, _get_progress, _set_progress, notify=changed)

    def _get_width(self) -> float:
        return self._width_px

    def _set_width(self, width_px: float) -> None:
        if width_px != self._width_px:
            self._width_px = width_px
            self.changed.emit()

    lineWidth = Property(float, _get_width, _set_width, notify=changed)  # noqa: N815

    def _get_ends(self) -> bool:
        return self._ends

    def _set_ends(self, ends: bool) -> None:
        if ends != self._ends:
            self._ends = ends
            self.changed.emit()

    ends = Property(bool, _get_ends, _set_ends, notify=changed)

    def _get_colour(self) -> QColor:
        return self._colour

    def _set_colour(self, colour: QColor) -> None:
        if colour != self._colour:
            self._colour = colour
            self.changed.emit()

    colour = Property(QColor, _get_colour, _set_colour, notify=changed)

    def _get_casing(self) -> QColor:
        return self._casing

    def _set_casing(self, colour: QColor) -> None:
        if colour != self._casing:
            self._casing = colour
            self.changed.emit()

    casing = Property(QColor, _get_casing, _set_casing, notify=changed)

    def paint(self, painter: QPainter) -> None:
        """See QQuickPaintedItem."""
        if self._over is None:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_room(painter)
        line = shown_part([self._px(point) for point in self._points], self._progress)
        if len(line) < 2:
            return
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, share in ((self._casing, _CASING), (self._colour, 1.0)):
            pen = QPen(colour, self._width_px * share)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            painter.setPen(pen)
            painter.drawPolyline(QPolygonF(line))
        self._paint_head(painter, line)

    def _paint_room(self, painter: QPainter) -> None:
        if not self._room:
            return
        fill = QColor(self._colour)
        fill.setAlphaF(0.28)
        painter.setPen(QPen(self._colour, self._width_px * 0.4))
        painter.setBrush(fill)
        painter.drawPolygon(QPolygonF([self._px(point) for point in self._room]))

    def _paint_head(self, painter: QPainter, line: list[QPointF]) -> None:
        """An arrow where the line has got to; a ring where it ends at the goal."""
        end, before = line[-1], line[-2]
        painter.save()
        painter.translate(end)
        painter.setPen(QPen(self._casing, self._width_px * 0.4))
        painter.setBrush(self._colour)
        size = self._width_px * _HEAD
        if self._ends and self._progress >= 1:
            painter.drawEllipse(QPointF(0, 0), size * 0.8, size * 0.8)
            painter.setBrush(self._casing)
            painter.drawEllipse(QPointF(0, 0), size * 0.3, size * 0.3)
        else:
            painter.rotate(degrees(atan2(end.y() - before.y(), end.x() - before.x())))
            painter.drawPolygon(
                QPolygonF([QPointF(size, 0), QPointF(-size * 0.7, -size * 0.8),
                           QPointF(-size * 0.25, 0), QPointF(-size * 0.7, size * 0.8)])
            )  # fmt: skip
        painter.restore()

    def _px(self, point: list[float]) -> QPointF:
        assert self._over is not None
        return QPointF(*self._over.projection.to_px((point[0], point[1])))


def shown_part(line: list[QPointF], progress: float) -> list[QPointF]:
    """The first share of a line, by its length."""
    lengths = [hypot(b.x() - a.x(), b.y() - a.y()) for a, b in pairwise(line)]
    left = sum(lengths) * min(max(progress, 0.0), 1.0)
    shown = line[:1]
    for (a, b), length in zip(pairwise(line), lengths, strict=True):
        if left >= length:
            shown.append(b)
            left -= length
            continue
        if length > 0 and left > 0:
            shown.append(a + (b - a) * (left / length))
        break
    return shown
