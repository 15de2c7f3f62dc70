"""A QR code drawn sharp at any size."""

from PySide6.QtCore import Property, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter
from PySide6.QtQml import QmlElement
from PySide6.QtQuick import QQuickItem

from edge_core.qt.qml_made import QmlMadeItem

QML_IMPORT_NAME = "Promenade.Native"
QML_IMPORT_MAJOR_VERSION = 1
_QUIET = 2
"""Empty modules round the code; the card it lies on adds the rest."""


def _modules(text: str) -> list[list[int]]:
    import segno  # a screen starts without it

    return [list(row) for row in segno.make_qr(text, error="l", boost_error=True).matrix]


@QmlElement
class QrItem(QmlMadeItem):
    """Draws a text as a QR code whose modules are whole pixels."""

    changed = Signal()

    def __init__(self, parent: QQuickItem | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self._rows: list[list[int]] = []

    def _get_text(self) -> str:
        return self._text

    def _set_text(self, text: str) -> None:
        if text == self._text:
            return
        self._text = text
        self._rows = _modules(text) if text else []
        self.changed.emit()
        self.update()

    text = Property(str, _get_text, _set_text, notify=changed)

    def _get_modules(self) -> int:
        return len(self._rows)

    modules = Property(int, _get_modules, notify=changed)

    def paint(self, painter: QPainter) -> None:
        """See QQuickPaintedItem."""
        painter.fillRect(QRectF(0, 0, self.width(), self.height()), QColor("white"))
        if not self._rows:
            return
        across = len(self._rows) + 2 * _QUIET
        side = max(1, int(min(self.width(), self.height())) // across)
        left = int(self.width() - side * len(self._rows)) // 2
        top = int(self.height() - side * len(self._rows)) // 2
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor("#0b0e14"))
        for y, row in enumerate(self._rows):
            for x, dark in enumerate(row):
                if dark:
                    painter.drawRect(left + x * side, top + y * side, side, side)
