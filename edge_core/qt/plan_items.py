"""Items QML draws the floor map with: the still plan, and the crowd's density over it."""

from math import ceil
from typing import Any, Final

import numpy as np
from PySide6.QtCore import Property, QPointF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPolygonF
from PySide6.QtQml import QmlElement
from PySide6.QtQuick import QQuickItem

from edge_core.qt.crowd import Crowd
from edge_core.qt.density import DensityField, coloured
from edge_core.qt.floor_plan import FloorPlan
from edge_core.qt.projection import FloorProjection, PointM, fitted, legible_turns
from edge_core.qt.qml_made import QmlMadeItem
from edge_core.types import Float32Array

QML_IMPORT_NAME = "Promenade.Native"
QML_IMPORT_MAJOR_VERSION = 1

_ROOMS: Final = ("store", "department", "till", "fitting-room")
_WIDEST_LINE_PX: Final = 2.0
_UNKNOWN: Final = fitted([(0.0, 0.0), (1.0, 1.0)], (1.0, 1.0), 0)


@QmlElement
class PlanItem(QmlMadeItem):
    """Draws outline, zones and fixtures; repaints only when plan, size or style change.

    The projection it lays the plan out with is offered to whatever is drawn on top: a point of
    the plan lies at (xFromX*x + xFromY*y + shiftX, yFromX*x + yFromY*y + shiftY).
    """

    planChanged = Signal()  # noqa: N815
    styleChanged = Signal()  # noqa: N815
    projectionChanged = Signal()  # noqa: N815

    def __init__(self, parent: QQuickItem | None = None) -> None:
        super().__init__(parent)
        self._plan: FloorPlan | None = None
        self._colours: dict[str, Any] = {}
        self._margin_px = 0.0
        self._projection = _UNKNOWN
        self.setAntialiasing(True)
        self.widthChanged.connect(self._lay_out)
        self.heightChanged.connect(self._lay_out)

    def _get_plan(self) -> FloorPlan | None:
        return self._plan

    def _set_plan(self, plan: FloorPlan | None) -> None:
        if plan is self._plan:
            return
        if self._plan is not None:
            self._plan.changed.disconnect(self._lay_out)
        self._plan = plan
        if plan is not None:
            plan.changed.connect(self._lay_out)
        self.planChanged.emit()
        self._lay_out()

    plan = Property(FloorPlan, _get_plan, _set_plan, notify=planChanged)

    def _get_colours(self) -> dict[str, Any]:
        return self._colours

    def _set_colours(self, colours: dict[str, Any]) -> None:
        if colours != self._colours:
            self._colours = colours
            self.styleChanged.emit()
            self.update()

    colours = Property(
        "QVariantMap",  # type: ignore[arg-type]
        _get_colours,
        _set_colours,
        notify=styleChanged,
    )

    def _get_margin(self) -> float:
        return self._margin_px

    def _set_margin(self, margin_px: float) -> None:
        if margin_px != self._margin_px:
            self._margin_px = margin_px
            self.styleChanged.emit()
            self._lay_out()

    margin = Property(float, _get_margin, _set_margin, notify=styleChanged)

    @property
    def drawn_plan(self) -> FloorPlan | None:
        """The plan drawn here."""
        return self._plan

    @property
    def projection(self) -> FloorProjection:
        """How the plan lies on this item."""
        return self._projection

    @Property(float, notify=projectionChanged)
    def xFromX(self) -> float:  # noqa: N802
        """Pixels to the right per metre of x."""
        return self._projection.x_from_x

    @Property(float, notify=projectionChanged)
    def xFromY(self) -> float:  # noqa: N802
        """Pixels to the right per metre of y."""
        return self._projection.x_from_y

    @Property(float, notify=projectionChanged)
    def yFromX(self) -> float:  # noqa: N802
        """Pixels down per metre of x."""
        return self._projection.y_from_x

    @Property(float, notify=projectionChanged)
    def yFromY(self) -> float:  # noqa: N802
        """Pixels down per metre of y."""
        return self._projection.y_from_y

    @Property(float, notify=projectionChanged)
    def shiftX(self) -> float:  # noqa: N802
        """Where the plan's origin lies, pixels."""
        return self._projection.dx_px

    @Property(float, notify=projectionChanged)
    def shiftY(self) -> float:  # noqa: N802
        """Where the plan's origin lies, pixels."""
        return self._projection.dy_px

    @Property(float, notify=projectionChanged)
    def pixelsPerMetre(self) -> float:  # noqa: N802
        """The plan's scale."""
        return self._projection.scale_px_m

    @Property(float, notify=projectionChanged)
    def turnedDegrees(self) -> float:  # noqa: N802
        """How far the plan is turned clockwise."""
        return 90.0 * self._projection.quarter_turns

    @Property(bool, notify=projectionChanged)
    def turnedSideways(self) -> bool:  # noqa: N802
        """Whether the plan's x axis runs up or down the screen."""
        return self._projection.quarter_turns % 2 == 1

    @Slot()
    def _lay_out(self) -> None:
        floor = self._plan.floor if self._plan else None
        if self._plan is not None and floor is not None and self.width() > 0:
            size_px = (self.width(), self.height())
            turns = legible_turns(floor.outline_m, size_px, self._plan.turns, self._margin_px)
            self._projection = fitted(floor.outline_m, size_px, turns, self._margin_px)
        self.projectionChanged.emit()
        self.update()

    def paint(self, painter: QPainter) -> None:
        """See QQuickPaintedItem."""
        plan = self._plan
        if plan is None or plan.floor is None or not self._colours:
            return
        colours = tuple((name, QColor(it).rgba()) for name, it in self._colours.items())
        size_px = ceil(self.width()), ceil(self.height())
        how = (size_px, self._projection, colours)
        painter.drawImage(QPointF(0, 0), plan.drawn(how, lambda: self._drawing(plan, size_px)))

    def _drawing(self, plan: FloorPlan, size_px: tuple[int, int]) -> QImage:
        """The whole plan, a hundred polygons and more."""
        drawing = QImage(*size_px, QImage.Format.Format_ARGB32_Premultiplied)
        drawing.fill(Qt.GlobalColor.transparent)
        painter = QPainter(drawing)
        self._draw(painter, plan)
        painter.end()
        return drawing

    def _draw(self, painter: QPainter, plan: FloorPlan) -> None:
        assert plan.floor is not None
        colour = {name: QColor(value) for name, value in self._colours.items()}
        line_px = min(max(1.0, self._projection.scale_px_m * 0.09), _WIDEST_LINE_PX)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour["floor"])
        painter.drawPolygon(self._polygon(plan.floor.outline_m))
        painter.setPen(_pen(colour["line"], line_px))
        painter.setBrush(colour["room"])
        for zone in plan.zones:
            if zone.kind in _ROOMS:
                painter.drawPolygon(self._polygon(zone.polygon_m))
        for fixture in plan.floor.fixtures:
            solid = fixture.kind in ("wall", "pillar")
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour["wall"] if solid else colour["fixture"])
            if fixture.kind == "void":
                painter.setPen(_pen(colour["wall"], line_px))
                painter.setBrush(colour["void"])
            shape = self._polygon(fixture.polygon_m)
            if fixture.kind == "plant":
                painter.drawEllipse(shape.boundingRect())
            else:
                painter.drawPolygon(shape)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(_pen(colour["wall"], line_px * 2))
        painter.drawPolygon(self._polygon(plan.floor.outline_m))

    def _polygon(self, points_m: list[PointM]) -> QPolygonF:
        return QPolygonF([QPointF(*self._projection.to_px(point)) for point in points_m])


def _pen(colour: QColor, width_px: float) -> QPen:
    pen = QPen(colour, width_px)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return pen


@QmlElement
class DensityItem(QmlMadeItem):
    """Glows where people are: a small picture of the density, stretched over a `PlanItem`.

    Painted rather than put up as a texture: the software scene graph stretches textures without
    smoothing, and what PySide is given by `QQuickItem.window()` dies with the item.
    """

    changed = Signal()

    def __init__(self, parent: QQuickItem | None = None) -> None:
        super().__init__(parent)
        self._crowd: Crowd | None = None
        self._under: PlanItem | None = None
        self._colour = QColor("white")
        self._mask: Float32Array | None = None
        self._mask_of: tuple[object, tuple[int, ...]] | None = None

    def _get_crowd(self) -> Crowd | None:
        return self._crowd

    def _set_crowd(self, crowd: Crowd | None) -> None:
        if crowd is self._crowd:
            return
        if self._crowd is not None:
            self._crowd.densityChanged.disconnect(self.update)
        self._crowd = crowd
        if crowd is not None:
            crowd.densityChanged.connect(self.update)
        self.changed.emit()

    crowd = Property(Crowd, _get_crowd, _set_crowd, notify=changed)

    def _get_under(self) -> PlanItem | None:
        return self._under

    def _set_under(self, item: PlanItem | None) -> None:
        if item is self._under:
            return
        self._under = item
        if item is not None:
            item.projectionChanged.connect(self.update)
        self.changed.emit()

    over = Property(PlanItem, _get_under, _set_under, notify=changed)

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
        under, image = self._under, self._image()
        field = self._crowd.field if self._crowd else None
        if under is not None and field is not None and image is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(_target_px(field, under.projection), image)

    def _image(self) -> QImage | None:
        """The density within the walls, turned as the plan is."""
        field = self._crowd.field if self._crowd else None
        plan = self._under.drawn_plan if self._under else None
        floor = plan.floor if plan else None
        if field is None or floor is None or self._under is None:
            return None
        inside = self._inside(floor.outline_m, field.people_m2.shape, field.cell_m)
        rgb = (self._colour.red(), self._colour.green(), self._colour.blue())
        turned = np.rot90(field.people_m2 * inside, -self._under.projection.quarter_turns)
        pixels = coloured(np.ascontiguousarray(turned), rgb, field.full_m2)
        rows, columns = pixels.shape[:2]
        image_format = QImage.Format.Format_ARGB32_Premultiplied
        return QImage(pixels.data, columns, rows, columns * 4, image_format).copy()

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
