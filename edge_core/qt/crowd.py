"""The people in view as dots that glide, and the density they leave behind."""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from PySide6.QtCore import Property, QElapsedTimer, QObject, QTimer, Signal, Slot
from shapely import Polygon, intersects_xy, prepare

from edge_core.qt.density import DensityField
from edge_core.qt.list_models import RecordListModel
from edge_core.service.schema import XY, LiveView, PersonView
from edge_core.service.site_schema import FloorView
from edge_core.types import Float32Array

FRAME_MS: Final = 100
"""Walkers cross a pixel or two per 100 ms; drawing oftener would be unseen and cost more."""
_FRAMES_PER_DENSITY: Final = 4
_STILL_M: Final = 0.01
"""Who is nearer to their place than this is there: a dot that rests is not drawn again."""
_GLIDE_S: Final = 0.2
_FADE_S: Final = 0.4
_LONGEST_FORECAST_S: Final = 0.6
_CELLS_ALONG: Final = 220
_WALL_M: Final = 0.5
"""Whoever is placed further outside the walls than this is passing by, or placed wrongly."""


@dataclass(frozen=True, slots=True)
class Dot:
    """One person as drawn.

    Attributes:
        number: as in the live view.
        xM, yM: metres on the plan.
        presence: 0..1, fades in and out.
    """

    number: int
    xM: float  # noqa: N815
    yM: float  # noqa: N815
    presence: float


@dataclass(frozen=True, slots=True)
class _Known:
    """What the service last said about one person; `age_s` since then."""

    position_m: XY
    velocity_m_s: XY
    age_s: float
    here: bool


class Crowd(QObject):
    """Anonymous people of one floor, between two answers of the service.

    `advance` moves the dots; a timer calls it while `running`. Nothing is kept of anybody who
    has left.

    Attributes:
        floor: the floor shown, None before there is one.
    """

    runningChanged = Signal()  # noqa: N815
    densityChanged = Signal()  # noqa: N815
    peopleChanged = Signal()  # noqa: N815

    def __init__(self) -> None:
        super().__init__()
        self._dots = RecordListModel(Dot, "number", self)
        self._known: dict[int, _Known] = {}
        self._people: list[PersonView] = []
        self.floor: FloorView | None = None
        self._field: DensityField | None = None
        self._inside = Polygon()
        self._fresh = True
        self._frame = 0
        self._elapsed = QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.setInterval(FRAME_MS)
        self._timer.timeout.connect(self._tick)

    @Property(QObject, constant=True)
    def dots(self) -> RecordListModel[Dot]:
        """List model of `Dot`."""
        return self._dots

    @Property(int, notify=peopleChanged)
    def count(self) -> int:
        """People on the shown floor by the newest answer."""
        return sum(known.here for known in self._known.values())

    def _is_running(self) -> bool:
        return self._timer.isActive()

    def _set_running(self, running: bool) -> None:
        if running == self._timer.isActive():
            return
        if running:
            self._elapsed.start()
            self._timer.start()
        else:
            self._timer.stop()
        self.runningChanged.emit()

    running = Property(bool, _is_running, _set_running, notify=runningChanged)

    @property
    def field(self) -> DensityField | None:
        """Density of the shown floor, None before a floor is known."""
        return self._field

    def show_floor(self, floor: FloorView | None) -> None:
        """Change the floor whose people are shown."""
        self.floor = floor
        self._field = None
        if floor is not None:
            self._inside = Polygon(floor.outline_m).buffer(_WALL_M)
            prepare(self._inside)
            width, height = (max(p[axis] for p in floor.outline_m) for axis in (0, 1))
            self._field = DensityField(width, height, max(width, height) / _CELLS_ALONG)
        self._known.clear()
        self._dots.show([])
        self._fresh = True
        self._take()

    def show(self, live: LiveView) -> None:
        """Take the service's newest answer."""
        self._people = live.people
        self._take()

    def _take(self) -> None:
        floor_id = self.floor.id if self.floor else None
        placed = {
            person.number: person.position_m
            for person in self._people
            if person.position_m is not None and person.floor == floor_id
        }
        inside = intersects_xy(self._inside, np.array([*placed.values()]).reshape(-1, 2))
        here = {
            number: place
            for (number, place), within in zip(placed.items(), inside, strict=True)
            if within
        }
        velocity = {person.number: person.velocity_m_s or (0.0, 0.0) for person in self._people}
        for number, known in self._known.items():
            if number not in here:
                self._known[number] = replace(known, here=False)
        for number, position in here.items():
            self._known[number] = _Known(position, velocity[number], 0.0, True)
        if self._fresh and here:
            self._fresh = False
            self._dots.show([Dot(n, x, y, 1.0) for n, (x, y) in here.items()])
            if self._field is not None:
                self._field.settle(self._positions())
            self.densityChanged.emit()
        self.peopleChanged.emit()

    @Slot()
    def _tick(self) -> None:
        self.advance(min(self._elapsed.restart() / 1000, 0.5))

    def advance(self, duration_s: float) -> None:
        """Let `duration_s` seconds pass: glide, fade, and every fourth time refresh the field."""
        shown = {dot.number: dot for dot in self._dots.rows}
        glide = 1 - float(np.exp(-duration_s / _GLIDE_S))
        rows = []
        for number, known in list(self._known.items()):
            known = replace(known, age_s=known.age_s + duration_s)
            self._known[number] = known
            ahead_s = min(known.age_s, _LONGEST_FORECAST_S) if known.here else 0.0
            x = known.position_m[0] + known.velocity_m_s[0] * ahead_s
            y = known.position_m[1] + known.velocity_m_s[1] * ahead_s
            step = duration_s / _FADE_S if known.here else -duration_s / _FADE_S
            dot = shown.get(number) or Dot(number, x, y, 0.0)
            presence = min(1.0, dot.presence + step)
            if presence <= 0:
                del self._known[number]
                continue
            if max(abs(x - dot.xM), abs(y - dot.yM)) > _STILL_M:
                x, y = dot.xM + glide * (x - dot.xM), dot.yM + glide * (y - dot.yM)
            else:
                x, y = dot.xM, dot.yM
            rows.append(Dot(number, x, y, presence))
        self._dots.show(rows)
        self._frame += 1
        if self._field is not None and self._frame % _FRAMES_PER_DENSITY == 0:
            self._field.advance(self._positions(), duration_s * _FRAMES_PER_DENSITY)
            self.densityChanged.emit()

    def _positions(self) -> Float32Array:
        """float32 (N, 2), metres, of everybody still here."""
        places = [known.position_m for known in self._known.values() if known.here]
        return np.array(places, np.float32).reshape(-1, 2)
