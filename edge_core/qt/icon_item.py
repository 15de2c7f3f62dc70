"""A one-colour icon that takes its colour from the theme, also in the software scene graph."""

from functools import lru_cache

from PySide6.QtCore import Property, QRectF, Signal
from PySide6.QtGui import QColor, QPainter
from PySide6.QtQml import QmlElement
from PySide6.QtQuick import QQuickItem
from PySide6.QtSvg import QSvgRenderer

from edge_core.qt.qml_made import QmlMadeItem
from edge_core.qt.resources import assets_folder

QML_IMPORT_NAME = "Promenade.Native"
QML_IMPORT_MAJOR_VERSION = 1


@lru_cache(maxsize=128)
def _drawing(name: str) -> QSvgRenderer:
    """Read once: a page shows a dozen of the same few."""
    return QSvgRenderer(str(assets_folder() / "icons" / f"{name}.svg"))


@QmlElement
class IconItem(QmlMadeItem):
    """Draws `assets/icons/<name>.svg` in one colour."""

    changed = Signal()

    def __init__(self, parent: QQuickItem | None = None) -> None:
        super().__init__(parent)
        self._name = ""
        self._colour = QColor("white")
        self.setAntialiasing(True)

    def _get_name(self) -> str:
        return self._name

    def _set_name(self, name: str) -> None:
        if name != self._name:
            self._name = name
            self.changed.emit()
            self.update()

    name = Property(str, _get_name, _set_name, notify=changed)

    def _get_colour(self) -> QColor:
        return self._colour

    def _set_colour(self, colour: QColor) -> None:
        if colour != self._colour:
            self._colour = colour
            self.changed.emit()
            self.update()

    colour = Property(QColor, _get_colour, _set_colour, notify=changed)

    def paint(self, painter: QPainter) -> None:
        """See QQuickPaintedItem."""
        if not self._name:
            return
        area = QRectF(0, 0, self.width(), self.height())
        _drawing(self._name).render(painter, area)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
        painter.fillRect(area, self._colour)
