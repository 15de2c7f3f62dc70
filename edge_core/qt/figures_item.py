"""One camera's view as a drawing: a figure in a box for each person, and no picture."""

from collections.abc import Sequence
from typing import Any, Final

from PySide6.QtCore import Property, QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtQml import QmlElement
from PySide6.QtQuick import QQuickItem

from edge_core.qt.qml_made import QmlMadeItem

QML_IMPORT_NAME = "Promenade.Native"
QML_IMPORT_MAJOR_VERSION = 1

_FILL: Final = 0.08
"""Opacity of a box."""
_LEAST_LINES: Final = 3.0
"""Nobody is drawn narrower than so many lines."""
_ROUND: Final = 3.0
"""Radius of a box's corners, in line widths."""
_INSET, _ARM, _THICK = 12.0, 22.0, 1.5
"""The finder's corner marks, in line widths: from the edges, their length, their thickness."""


@QmlElement
class FiguresItem(QmlMadeItem):
    """Draws people as figures, between the corner marks of a finder.

    `figures` is a list of [x, y, width, height, here]: each one's box in shares of the view, and
    whether they stand before this screen; `colours` names those of a figure, of one who is here and
    of a mark. As items of their own, two dozen figures took half of the time in which their page
    was made.
    """

    changed = Signal()

    def __init__(self, parent: QQuickItem | None = None) -> None:
        super().__init__(parent)
        self._figures: list[tuple[float, ...]] = []
        self._line_px = 2.0
        self._colours: dict[str, Any] = {}
        self.setAntialiasing(True)
        self.changed.connect(self.update)

    def _get_figures(self) -> list[tuple[float, ...]]:
        return self._figures

    def _set_figures(self, figures: Sequence[Sequence[float]]) -> None:
        new = [tuple(figure) for figure in figures]
        if new != self._figures:
            self._figures = new
            self.changed.emit()

    figures = Property(
        "QVariantList",  # type: ignore[arg-type]
        _get_figures,
        _set_figures,
        notify=changed,
    )

    def _get_line(self) -> float:
        return self._line_px

    def _set_line(self, width_px: float) -> None:
        if width_px != self._line_px:
            self._line_px = width_px
            self.changed.emit()

    lineWidth = Property(float, _get_line, _set_line, notify=changed)  # noqa: N815

    def _get_colours(self) -> dict[str, Any]:
        return self._colours

    def _set_colours(self, colours: dict[str, Any]) -> None:
        if colours != self._colours:
            self._colours = colours
            self.changed.emit()

    colours = Property(
        "QVariantMap",  # type: ignore[arg-type]
        _get_colours,
        _set_colours,
        notify=changed,
    )

    def paint(self, painter: QPainter) -> None:
        """See QQuickPaintedItem."""
        if not self._colours:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_marks(painter, QColor(self._colours["mark"]))
        wide, tall = self.width(), self.height()
        for x, y, width, height, here in self._figures:
            box = QRectF(x * wide, y * tall, width * wide, height * tall)
            colour = QColor(self._colours["here" if here else "figure"])
            _paint_figure(painter, box, colour, self._line_px * (2 if here else 1))

    def _paint_marks(self, painter: QPainter, colour: QColor) -> None:
        inset, arm, thick = (part * self._line_px for part in (_INSET, _ARM, _THICK))
        for x, to_x in ((inset, 1), (self.width() - inset, -1)):
            for y, to_y in ((inset, 1), (self.height() - inset, -1)):
                across = QRectF(min(x, x + to_x * arm), y - thick / 2, arm, thick)
                down = QRectF(x - thick / 2, min(y, y + to_y * arm), thick, arm)
                painter.fillRect(across, colour)
                painter.fillRect(down, colour)


def _paint_figure(painter: QPainter, box: QRectF, colour: QColor, line_px: float) -> None:
    if box.width() < _LEAST_LINES * line_px:
        return  # cut off by the view's edge
    fill = QColor(colour)
    fill.setAlphaF(_FILL)
    inner = line_px / 2
    painter.setPen(QPen(colour, line_px))
    painter.setBrush(fill)
    painter.drawRoundedRect(
        box.adjusted(inner, inner, -inner, -inner), _ROUND * line_px, _ROUND * line_px
    )
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    head = min(0.17 * box.height(), 0.46 * box.width())
    crown = QRectF(box.center().x() - head / 2, box.y() + 0.04 * box.height(), head, head)
    painter.drawEllipse(crown)
    across = min(0.68 * box.width(), 1.9 * head)
    torso = QRectF(
        QPointF(box.center().x() - across / 2, crown.bottom() + 0.02 * box.height()),
        QSizeF(across, 0.38 * box.height()),
    )
    painter.drawRoundedRect(torso, 0.32 * across, 0.32 * across)
    leg = QRectF(torso.x(), torso.y() + 0.8 * torso.height(), 0.36 * across, 0.0)
    leg.setBottom(box.y() + 0.97 * box.height())
    for share in (0.1, 0.54):
        leg.moveLeft(torso.x() + share * across)
        painter.drawRoundedRect(leg, leg.width() / 2, leg.width() / 2)
