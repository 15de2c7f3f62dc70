"""The plan as the floor map shows it: floors to choose from, names on zones, You are here."""

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from math import dist
from typing import Final

from PySide6.QtCore import Property, QObject, Signal, Slot

from edge_core.qt.language import Language
from edge_core.qt.list_models import RecordListModel
from edge_core.qt.plan_drawing import PlanDrawing, PlanStyle, ZoneName, drawn_plan
from edge_core.qt.projection import chord_through_centroid_m, quarter_turns
from edge_core.service.schema import XY, DirectoryView
from edge_core.service.site_schema import FloorView, ScreenView, SiteView, ZoneView

_OWN_PLACE_M: Final = 8.0
_PAIR_M: Final = 3.0
_NAMED_KINDS: Final = ("store", "department", "entrance", "till", "fitting-room")
_DRAWINGS: Final = 4
"""Drawings kept: some 5 MB each; a visitor goes to and fro between two or three."""


@dataclass(frozen=True, slots=True)
class PlaceMark:
    """A place or a way between floors, shown as an icon.

    Attributes:
        place_id, icon, name: what it is.
        closed: for now.
        xM, yM: metres on the plan.
    """

    place_id: str
    icon: str
    name: str
    closed: bool
    xM: float  # noqa: N815
    yM: float  # noqa: N815


@dataclass(frozen=True, slots=True)
class FloorChoice:
    """One floor a visitor can look at."""

    floor_id: str
    label: str


class FloorPlan(QObject):
    """The floor looked at now.

    Args:
        language: names follow it.

    Attributes:
        names: of the zones of the floor shown, in the current language.
    """

    changed = Signal()

    def __init__(self, language: Language) -> None:
        super().__init__()
        self._language = language
        self._screen: ScreenView | None = None
        self._site: SiteView | None = None
        self._floor: FloorView | None = None
        self.names: list[ZoneName] = []
        self._floors = RecordListModel(FloorChoice, "floor_id", self)
        self._directory = DirectoryView()
        self._marks = RecordListModel(PlaceMark, "place_id", self)
        self._drawings: dict[Hashable, PlanDrawing] = {}
        language.changed.connect(self._name_everything)

    @property
    def floor(self) -> FloorView | None:
        """The floor shown; None before the site is known or when it has no plan."""
        return self._floor

    @property
    def zones(self) -> list[ZoneView]:
        """Zones of the floor shown, and the directory's rooms that are no zones."""
        if self._site is None or self._floor is None:
            return []
        floor = self._floor.id
        zones = [zone for zone in self._site.zones if zone.floor == floor]
        drawn = {tuple(zone.polygon_m) for zone in zones}
        rooms = [
            ZoneView(
                id=store.id, name=store.name, name_zh=store.name_zh, floor=floor, kind="store",
                polygon_m=store.polygon_m,
            )
            for store in self._directory.stores
            if store.floor == floor and tuple(store.polygon_m) not in drawn
        ]  # fmt: skip
        return zones + rooms

    def drawn(self, style: PlanStyle) -> PlanDrawing | None:
        """The floor shown, drawn once for every page that shows it alike; None without one."""
        if self._floor is None:
            return None
        key = (self._floor.id, tuple(self.names), style)
        drawing = self._drawings.pop(key, None)
        if drawing is None:
            drawing = drawn_plan(self._floor, self.zones, self.names, style)
        self._drawings[key] = drawing  # the newest last
        if len(self._drawings) > _DRAWINGS:
            del self._drawings[next(iter(self._drawings))]
        return drawing

    @property
    def turns(self) -> int:
        """Clockwise quarter turns that make the way ahead of the viewer point up."""
        return quarter_turns(self._screen.facing_deg) if self._screen else 0

    @Property(QObject, constant=True)
    def floors(self) -> RecordListModel[FloorChoice]:
        """List model of `FloorChoice`, top floor first."""
        return self._floors

    @Property(QObject, constant=True)
    def marks(self) -> RecordListModel[PlaceMark]:
        """List model of `PlaceMark` on the floor shown."""
        return self._marks

    @Property(bool, notify=changed)
    def watched(self) -> bool:
        """Whether any camera looks at the floor shown; without one no light says nothing."""
        floor = self._floor.id if self._floor else None
        cameras = self._site.cameras if self._site else []
        return not cameras or any(camera.floor == floor for camera in cameras)

    @Property(int, notify=changed)
    def floorCount(self) -> int:  # noqa: N802
        """Floors to choose from."""
        return len(self._site.floors) if self._site else 0

    @Property(bool, notify=changed)
    def known(self) -> bool:
        """Whether there is a plan to draw."""
        return self._floor is not None

    @Property(str, notify=changed)
    def floorId(self) -> str:  # noqa: N802
        """The floor shown, "" when there is none."""
        return self._floor.id if self._floor else ""

    @Property(str, notify=changed)
    def floorName(self) -> str:  # noqa: N802
        """Its name in the current language."""
        return self._language.pick(self._floor.name, self._floor.name_zh) if self._floor else ""

    @Property(str, notify=changed)
    def spokenNames(self) -> str:  # noqa: N802
        """What is written on it, for those who hear it."""
        return ", ".join(name.text for name in self.names)

    @Property(bool, notify=changed)
    def hereShown(self) -> bool:  # noqa: N802
        """Whether this screen stands on the floor shown."""
        screen, floor = self._screen, self._floor
        return bool(screen and floor and screen.position_m and screen.floor == floor.id)

    @Property(float, notify=changed)
    def hereXM(self) -> float:  # noqa: N802
        """Where this screen stands, metres."""
        screen = self._screen
        return screen.position_m[0] if screen and screen.position_m else 0.0

    @Property(float, notify=changed)
    def hereYM(self) -> float:  # noqa: N802
        """Where this screen stands, metres."""
        screen = self._screen
        return screen.position_m[1] if screen and screen.position_m else 0.0

    @Property(float, notify=changed)
    def hereFacing(self) -> float:  # noqa: N802
        """Way somebody before this screen looks, degrees clockwise from up the plan."""
        return self._screen.facing_deg if self._screen else 0.0

    def show(self, site: SiteView, own: ScreenView | None) -> None:
        """Draw this site with its screen `own`; the floor looked at stays if it still exists."""
        self._site, self._screen = site, own
        self._drawings.clear()
        floor_ids = [floor.id for floor in site.floors]
        kept = self._floor.id if self._floor and self._floor.id in floor_ids else None
        self._floor = None
        if kept:
            self.choose(kept)
        else:
            self.go_home()

    def show_directory(self, directory: DirectoryView) -> None:
        """Draw these stores and places too."""
        self._directory = directory
        self._drawings.clear()
        self._name_everything()

    def floor_name(self, floor_id: str) -> str:
        """A floor's name in the current language, "" for none."""
        floors = self._site.floors if self._site else []
        found = next((floor for floor in floors if floor.id == floor_id), None)
        return self._language.pick(found.name, found.name_zh) if found else ""

    @Slot()
    def go_home(self) -> None:
        """Look at the floor this screen stands on, or the lowest one above ground."""
        if self._site is None:
            return
        screen = self._screen
        by_level = sorted(self._site.floors, key=lambda floor: (floor.level < 0, floor.level))
        home = screen.floor if screen and screen.floor else (by_level[0].id if by_level else "")
        self.choose(home)

    @Slot(str)
    def choose(self, floor_id: str) -> None:
        """Look at another floor."""
        if self._floor is not None and self._floor.id == floor_id:
            return
        floors = self._site.floors if self._site else []
        self._floor = next((floor for floor in floors if floor.id == floor_id), None)
        self._name_everything()

    def _stands_near(self, point_m: XY) -> bool:
        screen, floor = self._screen, self._floor
        if screen is None or floor is None or screen.position_m is None:
            return False
        return screen.floor == floor.id and dist(screen.position_m, point_m) < _OWN_PLACE_M

    def _place_marks(self) -> Iterator[PlaceMark]:
        floor = self._floor.id if self._floor else ""
        closed = {closure.what for closure in self._directory.closures}
        pick = self._language.pick
        for place in self._directory.places:
            near = place.kind == "entrance"  # the plan names them already
            if place.floor == floor and not near:
                name = pick(place.name, place.name_zh)
                yield PlaceMark(place.id, place.kind, name, place.id in closed, *place.at_m)
        shown: list[tuple[str, XY]] = []
        for way in self._directory.connectors:
            for stop in way.stops:
                beside = any(k == way.kind and dist(at, stop.at_m) < _PAIR_M for k, at in shown)
                if stop.floor != floor or (beside and way.id not in closed):
                    continue  # escalators up and down side by side are one sign
                shown.append((way.kind, stop.at_m))
                name, key = pick(way.name, way.name_zh), f"{way.id}-{floor}"
                yield PlaceMark(key, way.kind, name, way.id in closed, *stop.at_m)

    @Slot()
    def _name_everything(self) -> None:
        pick = self._language.pick
        names = []
        for zone in self.zones:
            if zone.kind not in _NAMED_KINDS:
                continue
            middle, across, down = chord_through_centroid_m(zone.polygon_m)
            if zone.kind == "entrance" and self._stands_near(middle):
                continue  # You are here says more, in the same place
            text = pick(zone.name, zone.name_zh)
            names.append(ZoneName(zone.kind, text, middle, across, down))
        self.names = names
        self._marks.show(list(self._place_marks()))
        floors = sorted(self._site.floors if self._site else [], key=lambda floor: -floor.level)
        self._floors.show([FloorChoice(f.id, pick(f.name, f.name_zh)) for f in floors])
        self.changed.emit()
