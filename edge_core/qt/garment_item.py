"""A garment's drawing in the garment's own colour, before a soft light."""

from PySide6.QtCore import Property, QByteArray, QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QRadialGradient
from PySide6.QtQml import QmlElement
from PySide6.QtQuick import QQuickItem
from PySide6.QtSvg import QSvgRenderer

from edge_core.pictures import drawing
from edge_core.qt.drawn_once import drawn_once
from edge_core.qt.qml_made import QmlMadeItem
from edge_core.qt.resources import assets_folder

QML_IMPORT_NAME = "Promenade.Native"
QML_IMPORT_MAJOR_VERSION = 1

_LIGHT, _SHADE = "#5b6474", "#222a36"


def _drawn(name: str, tint: str, width_px: int, height_px: int, radius_px: float) -> QImage:
    """A garment on its ground, which takes up to 20 ms."""
    image = QImage(width_px, height_px, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    area = QRectF(0, 0, width_px, height_px)
    reach = max(area.height() * 0.7, area.width() * 0.62)
    light = QRadialGradient(QPointF(area.width() / 2, area.height() * 0.45), reach)
    light.setColorAt(0.0, QColor(_LIGHT))
    light.setColorAt(1.0, QColor(_SHADE))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(light)
    painter.drawRoundedRect(area, radius_px, radius_px)
    garment = QSvgRenderer(QByteArray(drawing(name, tint, assets_folder() / "catalogue").encode()))
    side = min(width_px, height_px)
    room = area.adjusted(*(side * part for part in (0.07, 0.07, -0.07, -0.07)))
    size = QSizeF(garment.defaultSize()).scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
    place = QRectF(QPointF(0, 0), size)
    place.moveCenter(room.center())
    garment.render(painter, place)
    painter.end()
    return image


@QmlElement
class GarmentItem(QmlMadeItem):
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
        if name != self._name:
            self._name = name
            self._changed()

    name = Property(str, _get_name, _set_name, notify=changed)

    def _get_tint(self) -> str:
        return self._tint

    def _set_tint(self, tint: str) -> None:
        if tint != self._tint:
            self._tint = tint
            self._changed()

    tint = Property(str, _get_tint, _set_tint, notify=changed)

    def _get_radius(self) -> float:
        return self._radius

    def _set_radius(self, radius: float) -> None:
        if radius != self._radius:
            self._radius = radius
            self._changed()

    radius = Property(float, _get_radius, _set_radius, notify=changed)

    def _changed(self) -> None:
        self.changed.emit()
        self.update()

    def paint(self, painter: QPainter) -> None:
        """See QQuickPaintedItem."""
        width_px, height_px = round(self.width()), round(self.height())
        if width_px > 0 and height_px > 0:
            how = (self._name, self._tint, width_px, height_px, self._radius)
            picture = drawn_once(f"garment {how}", lambda: _drawn(*how))
            area = QRectF(0, 0, self.width(), self.height())
            painter.drawPixmap(area, picture, QRectF(picture.rect()))
