"""Glows where people are: a small picture of the density, stretched over the plan."""

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPolygonF

from edge_core.qt.density import DensityField, coloured
from edge_core.qt.projection import FloorProjection, PointM
from edge_core.types import Float32Array


class Glow:
    """Paints a density within the walls.

    Painted rather than put up as a texture: the software scene graph stretches textures without
    smoothing.
    """

    def __init__(self) -> None:
        self._mask: Float32Array | None = None
        self._mask_of: tuple[object, tuple[int, ...]] | None = None

    def paint(
        self,
        painter: QPainter,
        field: DensityField,
        outline_m: list[PointM],
        projection: FloorProjection,
        colour: QColor,
    ) -> None:
        """Paint the density as it is now, turned as the plan is.

        Args:
            painter: of the item on which the plan lies.
            field: the density.
            outline_m: the floor's corners, metres; nothing glows outside.
            projection: how the plan lies on the item.
            colour: of the glow.
        """
        inside = self._inside(outline_m, field.people_m2.shape, field.cell_m)
        turned = np.rot90(field.people_m2 * inside, -projection.quarter_turns)
        rgb = (colour.red(), colour.green(), colour.blue())
        pixels = coloured(np.ascontiguousarray(turned), rgb, field.full_m2)
        rows, columns = pixels.shape[:2]
        image_format = QImage.Format.Format_ARGB32_Premultiplied
        image = QImage(pixels.data, columns, rows, columns * 4, image_format)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(_target_px(field, projection), image)

    def _inside(
        self, outline_m: list[PointM], shape: tuple[int, ...], cell_m: float
    ) -> Float32Array:
        """float32 (rows, columns): share of each cell that lies within the outline."""
        key = (outline_m, shape)
        if self._mask is None or self._mask_of != key:
            rows, columns = shape
            canvas = QImage(columns, rows, QImage.Format.Format_Grayscale8)
            canvas.fill(0)
            painter = QPainter(canvas)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor("white"))
            painter.drawPolygon(QPolygonF([QPointF(x / cell_m, y / cell_m) for x, y in outline_m]))
            painter.end()
            grey = np.frombuffer(canvas.constBits(), np.uint8).reshape(rows, -1)[:, :columns]
            self._mask, self._mask_of = (grey / 255).astype(np.float32), key
        return self._mask


def _target_px(field: DensityField, projection: FloorProjection) -> QRectF:
    """Where the field's rectangle of the plan lies on the screen."""
    rows, columns = field.people_m2.shape
    x0, y0 = projection.to_px((0.0, 0.0))
    x1, y1 = projection.to_px((columns * field.cell_m, rows * field.cell_m))
    return QRectF(QPointF(min(x0, x1), min(y0, y1)), QPointF(max(x0, x1), max(y0, y1)))
