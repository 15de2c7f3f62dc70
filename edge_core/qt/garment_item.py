"""A garment's drawing in the garment's own colour, before a soft light."""

import re
from functools import lru_cache
from typing import Final

from PySide6.QtCore import Property, QByteArray, QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QRadialGradient
from PySide6.QtQml import QmlElement
from PySide6.QtQuick import QQuickItem, QQuickPaintedItem
from PySide6.QtSvg import QSvgRenderer

from edge_core.qt.resources import assets_folder

QML_IMPORT_NAME = "Promenade.Native"
QML_IMPORT_MAJOR_VERSION = 1

UNKNOWN: Final = "garment"
"""Drawn for a product without a picture."""
_TONES: Final[dict[str, tuple[str, float]]] = {
    "#c2cad8": ("white", 0.42),
    "#a5b0c3": ("white", 0.18),
    "#8d99ae": ("white", 0.0),
    "#76839a": ("black", 0.17),
    "#5d6a80": ("black", 0.38),
}
"""The drawings' own greys, and what each is of the garment's colour."""
_LIGHT, _SHADE = "#5b6474", "#222a36"


def tinted(drawing: str, tint: str) -> str:
    """An SVG drawing with its greys turned into tones of a colour, e.g. `#3a5a7c`; "" = as is."""
    if not tint:
        return drawing

    def tone(found: re.Match[str]) -> str:
        target, share = _TONES[str(found[0]).lower()]
        return _mixed(QColor(tint), QColor(target), share).name()

    return re.sub("|".join(_TONES), tone, drawing, flags=re.IGNORECASE)


def _mixed(colour: QColor, other: QColor, share: float) -> QColor:
    red, green, blue = (
        round(own + share * (its - own))
        for own, its in (
            (colour.red(), other.red()),
            (colour.green(), other.green()),
            (colour.blue(), other.blue()),
        )
    )
    return QColor(red, green, blue)


@lru_cache(maxsize=64)
def _drawing(name: str, tint: str) -> QByteArray:
    folder = assets_folder() / "catalogue"
    path = folder / f"{name}.svg"
    if not path.is_file():
        path = folder / f"{UNKNOWN}.svg"
    return QByteArray(tinted(path.read_text(encoding="utf-8"), tint).encode())


@QmlElement
class GarmentItem(QQuickPaintedItem):
    """Draws `assets/catalogue/<name>.svg` in a garment's colour on a lit ground.

    Paints once per change; the software scene graph shows it too.
    """

    changed = Signal()

    def __init__(self, parent: QQuickItem | None = None) -> None:
        super().__init__(parent)
        self._name, self._tint, self._radius = "", "", 0.0
        self.setAntialiasing(True)

    def _get_name(self) -> str:
        return self._name

    def _set_name(self, name: str) -> None:
        self._name = name
        self._changed()

    name = Property(str, _get_name, _set_name, notify=changed)

    def _get_tint(self) -> str:
        return self._tint

    def _set_tint(self, tint: str) -> None:
        self._tint = tint
        self._changed()

    tint = Property(str, _get_tint, _set_tint, notify=changed)

    def _get_radius(self) -> float:
        return self._radius

    def _set_radius(self, radius: float) -> None:
        self._radius = radius
        self._changed()

    radius = Property(float, _get_radius, _set_radius, notify=changed)

    def _changed(self) -> None:
        self.changed.emit()
        self.update()

    def paint(self, painter: QPainter) -> None:
        """See QQuickPaintedItem."""
        area = QRectF(0, 0, self.width(), self.height())
        light = QRadialGradient(
            QPointF(area.width() / 2, area.height() * 0.45), area.height() * 0.7
        )
        light.setColorAt(0.0, QColor(_LIGHT))
        light.setColorAt(1.0, QColor(_SHADE))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(light)
        painter.drawRoundedRect(area, self._radius, self._radius)
        drawing = QSvgRenderer(_drawing(self._name, self._tint))
        room = area.adjusted(*(area.height() * part for part in (0.07, 0.07, -0.07, -0.07)))
        size = QSizeF(drawing.defaultSize()).scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRectF(QPointF(0, 0), size)
        place.moveCenter(room.center())
        drawing.render(painter, place)
