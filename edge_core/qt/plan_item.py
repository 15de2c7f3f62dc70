"""The floor map's ground: the still plan, the crowd's glow over it, and the names over both."""

from math import ceil
from typing import Any, Final

from PySide6.QtCore import Property, QPoint, Signal, Slot
from PySide6.QtGui import QColor, QPainter
from PySide6.QtQml import QmlElement
from PySide6.QtQuick import QQuickItem

from edge_core.qt.crowd import Crowd
from edge_core.qt.floor_plan import FloorPlan
from edge_core.qt.glow import Glow
from edge_core.qt.plan_drawing import PlanDrawing, PlanStyle
from edge_core.qt.projection import FloorProjection, fitted, legible_turns
from edge_core.qt.qml_made import QmlMadeItem

QML_IMPORT_NAME = "Promenade.Native"
QML_IMPORT_MAJOR_VERSION = 1

_UNKNOWN: Final = fitted([(0.0, 0.0), (1.0, 1.0)], (1.0, 1.0), 0)


@QmlElement
class PlanItem(QmlMadeItem):
    """Draws a floor as one picture; everything that moves alone lies over it as an item.

    Plan and names come from a drawing made once, so that a page with a map is there at once: as
    items of their own, two dozen names took a third of the time in which a page was made.

    The projection it lays the plan out with is offered to whatever is drawn on top: a point of
    the plan lies at (xFromX*x + xFromY*y + shiftX, yFromX*x + yFromY*y + shiftY).
    """

    planChanged = Signal()  # noqa: N815
    crowdChanged = Signal()  # noqa: N815
    styleChanged = Signal()  # noqa: N815
    projectionChanged = Signal()  # noqa: N815

    def __init__(self, parent: QQuickItem | None = None) -> None:
        super().__init__(parent)
        self._plan: FloorPlan | None = None
        self._crowd: Crowd | None = None
        self._colours: dict[str, Any] = {}
        self._argb: tuple[tuple[str, int], ...] = ()
        self._margin_px = 0.0
        self._name_px = 1.0
        self._glow_opacity = 1.0
        self._ratio = 1.0
        self._projection = _UNKNOWN
        self._glow = Glow()
        self.setOpaquePainting(True)  # nothing under it need be drawn
        self.setAntialiasing(True)
        self.widthChanged.connect(self._show_anew)
        self.heightChanged.connect(self._show_anew)

    def _get_plan(self) -> FloorPlan | None:
        return self._plan

    def _set_plan(self, plan: FloorPlan | None) -> None:
        if plan is self._plan:
            return
        if self._plan is not None:
            self._plan.changed.disconnect(self._show_anew)
        self._plan = plan
        if plan is not None:
            plan.changed.connect(self._show_anew)
        self.planChanged.emit()
        self._show_anew()

    plan = Property(FloorPlan, _get_plan, _set_plan, notify=planChanged)

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
        self.crowdChanged.emit()

    crowd = Property(Crowd, _get_crowd, _set_crowd, notify=crowdChanged)

    def _get_colours(self) -> dict[str, Any]:
        return self._colours

    def _set_colours(self, colours: dict[str, Any]) -> None:
        if colours != self._colours:
            self._colours = colours
            self._argb = tuple((name, QColor(it).rgba()) for name, it in colours.items())
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
            self.polish()

    margin = Property(float, _get_margin, _set_margin, notify=styleChanged)

    def _get_name_size(self) -> float:
        return self._name_px

    def _set_name_size(self, size_px: float) -> None:
        if size_px != self._name_px:
            self._name_px = size_px
            self.styleChanged.emit()
            self.update()

    nameSize = Property(float, _get_name_size, _set_name_size, notify=styleChanged)  # noqa: N815

    def _get_glow(self) -> float:
        return self._glow_opacity

    def _set_glow(self, opacity: float) -> None:
        if opacity != self._glow_opacity:
            self._glow_opacity = opacity
            self.styleChanged.emit()
            self.update()

    glow = Property(float, _get_glow, _set_glow, notify=styleChanged)

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
    def turnedDegrees(self) -> float:  # noqa: N802
        """How far the plan is turned clockwise."""
        return 90.0 * self._projection.quarter_turns

    @Slot()
    def _show_anew(self) -> None:
        self.polish()
        self.update()

    def updatePolish(self) -> None:  # noqa: N802
        """See QQuickItem: lay the plan out once a frame, however often layouts resize the item."""
        floor = self._plan.floor if self._plan else None
        if self._plan is None or floor is None or self.width() <= 0:
            return
        size_px = (self.width(), self.height())
        turns = legible_turns(floor.outline_m, size_px, self._plan.turns, self._margin_px)
        projection = fitted(floor.outline_m, size_px, turns, self._margin_px)
        if projection != self._projection:
            self._projection = projection
            self.projectionChanged.emit()
            self.update()

    def paint(self, painter: QPainter) -> None:
        """See QQuickPaintedItem."""
        self._ratio = painter.deviceTransform().m11()
        drawing = self._drawing()
        if self._plan is None or self._plan.floor is None or drawing is None:
            return
        painter.drawImage(QPoint(0, 0), drawing.ground)
        field = self._crowd.field if self._crowd else None
        if field is not None:
            painter.setOpacity(self._glow_opacity)
            outline_m = self._plan.floor.outline_m
            glow = QColor(self._colours["glow"])
            self._glow.paint(painter, field, outline_m, self._projection, glow)
            painter.setOpacity(1.0)
        for name in drawing.names:
            painter.drawImage(name.place_px, name.picture)

    @property
    def written(self) -> list[str]:
        """The names that can be read on it: those that their rooms hold."""
        drawing = self._drawing()
        return [name.text for name in drawing.names] if drawing else []

    def _drawing(self) -> PlanDrawing | None:
        size_px = ceil(self.width()), ceil(self.height())
        if self._plan is None or not self._argb or min(size_px) == 0:
            return None
        style = PlanStyle(size_px, self._projection, self._argb, self._name_px, self._ratio)
        return self._plan.drawn(style)
