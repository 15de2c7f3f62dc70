"""A store's illustration, cut to fill its frame with round corners."""

from PySide6.QtCore import Property, QRectF, QSizeF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPainterPath
from PySide6.QtQml import QmlElement
from PySide6.QtQuick import QQuickItem, QQuickPaintedItem
from PySide6.QtSvg import QSvgRenderer

from edge_core.qt.resources import assets_folder

QML_IMPORT_NAME = "Promenade.Native"
QML_IMPORT_MAJOR_VERSION = 1


@QmlElement
class StorePicture(QQuickPaintedItem):
    """Draws `assets/stores/<name>.svg`; a plain sheet where there is none. Paints once."""

    changed = Signal()

    def __init__(self, parent: QQuickItem | None = None) -> None:
        super().__init__(parent)
        self._name, self._radius, self._ground = "", 0.0, QColor("black")
        self._drawing: QSvgRenderer | None = None
        self.setAntialiasing(True)
        self.changed.connect(self.update)

    def _get_name(self) -> str:
        return self._name

    def _set_name(self, name: str) -> None:
        self._name = name
        path = assets_folder() / "stores" / f"{name}.svg"
        self._drawing = QSvgRenderer(str(path)) if name and path.exists() else None
        self.changed.emit()

    name = Property(str, _get_name, _set_name, notify=changed)

    def _get_radius(self) -> float:
        return self._radius

    def _set_radius(self, radius: float) -> None:
        self._radius = radius
        self.changed.emit()

    radius = Property(float, _get_radius, _set_radius, notify=changed)

    def _get_ground(self) -> QColor:
        return self._ground

    def _set_ground(self, colour: QColor) -> None:
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
        if self._drawing is None:
            return
        size = QSizeF(self._drawing.defaultSize())
        size.scale(area.size(), Qt.AspectRatioMode.KeepAspectRatioByExpanding)
        place = QRectF(area.topLeft(), size)
        place.moveCenter(area.center())
        self._drawing.render(painter, place)
