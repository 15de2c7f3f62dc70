"""A store's illustration, cut to fill its frame with round corners."""

from PySide6.QtCore import Property, QPointF, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath
from PySide6.QtQml import QmlElement
from PySide6.QtQuick import QQuickItem
from PySide6.QtSvg import QSvgRenderer

from edge_core.qt.drawn_once import drawn_once
from edge_core.qt.qml_made import QmlMadeItem
from edge_core.qt.resources import assets_folder

QML_IMPORT_NAME = "Promenade.Native"
QML_IMPORT_MAJOR_VERSION = 1


def _drawn(name: str, width_px: int, height_px: int) -> QImage:
    """A drawing cut to a size; lists show the same ones over and over while somebody types."""
    image = QImage(width_px, height_px, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    path = assets_folder() / "stores" / f"{name}.svg"
    if not name or not path.exists():
        return image
    drawing = QSvgRenderer(str(path))
    size = QSizeF(drawing.defaultSize())
    size = size.scaled(QSizeF(width_px, height_px), Qt.AspectRatioMode.KeepAspectRatioByExpanding)
    place = QRectF(QPointF(0, 0), size)
    place.moveCenter(QPointF(width_px / 2, height_px / 2))
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    drawing.render(painter, place)
    painter.end()
    return image


@QmlElement
class StorePicture(QmlMadeItem):
    """Draws `assets/stores/<name>.svg`; a plain sheet where there is none. Paints once."""

    changed = Signal()

    def __init__(self, parent: QQuickItem | None = None) -> None:
        super().__init__(parent)
        self._name, self._radius, self._ground = "", 0.0, QColor("black")
        self.setAntialiasing(True)
        self.changed.connect(self.update)

    def _get_name(self) -> str:
        return self._name

    def _set_name(self, name: str) -> None:
        if name != self._name:
            self._name = name
            self.changed.emit()

    name = Property(str, _get_name, _set_name, notify=changed)

    def _get_radius(self) -> float:
        return self._radius

    def _set_radius(self, radius: float) -> None:
        if radius != self._radius:
            self._radius = radius
            self.changed.emit()

    radius = Property(float, _get_radius, _set_radius, notify=changed)

    def _get_ground(self) -> QColor:
        return self._ground

    def _set_ground(self, colour: QColor) -> None:
        if colour != self._ground:
            self._ground = colour
            self.changed.emit()

    ground = Property(QColor, _get_ground, _set_ground, notify=changed)

    def paint(self, painter: QPainter) -> None:
        """See QQuickPaintedItem."""
        area = QRectF(0, 0, self.width(), self.height())
        frame = QPainterPath()
        frame.addRoundedRect(area, self._radius, self._radius)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipPath(frame)
        painter.fillRect(area, self._ground)
        width_px, height_px = round(area.width()), round(area.height())
        if width_px > 0 and height_px > 0:
            how = (self._name, width_px, height_px)
            painter.drawPixmap(area.topLeft(), drawn_once(f"store {how}", lambda: _drawn(*how)))
