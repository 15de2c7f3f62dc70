"""Contact sheets of the drawings, as the mirror paints them."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QByteArray, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QGuiApplication, QImage, QPainter, QRadialGradient
from PySide6.QtSvg import QSvgRenderer
from styles import Style

from edge_core.pictures import drawing

_COLUMNS: Final = 6
_ROWS: Final = 3
_CELL: Final = (250, 320)


def write_sheets(
    folder: Path, styles: Sequence[Style], colours: Mapping[str, tuple[str, str, str]]
) -> list[Path]:
    """Paint all styles, eighteen a sheet, each in its first colour."""
    application = QGuiApplication.instance() or QGuiApplication([])
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for start in range(0, len(styles), _COLUMNS * _ROWS):
        width, height = _CELL
        sheet = QImage(_COLUMNS * width, _ROWS * height, QImage.Format.Format_RGB32)
        sheet.fill(QColor("black"))
        painter = QPainter(sheet)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for place, style in enumerate(styles[start : start + _COLUMNS * _ROWS]):
            left, top = place % _COLUMNS * width + 5, place // _COLUMNS * height + 5
            tint = colours[style.colours.split()[place % len(style.colours.split())]][2]
            _cell(painter, QRectF(left, top, width - 10, height - 34), style.key, tint)
            painter.setPen(QColor("#a9b2c0"))
            painter.setFont(QFont("sans", 11))
            label = QRectF(left, top + height - 32, width - 10, 24)
            painter.drawText(label, Qt.AlignmentFlag.AlignCenter, style.key)
        painter.end()
        paths.append(folder / f"sheet-{start // (_COLUMNS * _ROWS) + 1}.png")
        sheet.save(str(paths[-1]))
    del application
    return paths


def _cell(painter: QPainter, area: QRectF, name: str, tint: str) -> None:
    light = QRadialGradient(area.center(), area.height() * 0.7)
    light.setColorAt(0.0, QColor("#5b6474"))
    light.setColorAt(1.0, QColor("#222a36"))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(light)
    painter.drawRoundedRect(area, 14, 14)
    picture = QSvgRenderer(QByteArray(drawing(name, tint).encode()))
    room = area.adjusted(12, 12, -12, -12)
    size = picture.defaultSize().toSizeF().scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
    place = QRectF(QPointF(0, 0), size)
    place.moveCenter(room.center())
    picture.render(painter, place)
