"""The plan as the floor map shows it: floors to choose from, names on zones, You are here."""

from dataclasses import dataclass
from math import dist
from typing import Final

from PySide6.QtCore import Property, QObject, Signal, Slot

from edge_core.qt.language import Language
from edge_core.qt.list_models import RecordListModel
from edge_core.qt.projection import chord_through_centroid_m, quarter_turns
from edge_core.service.schema import XY, FloorView, ScreenView, SiteView, ZoneView

_OWN_PLACE_M: Final = 8.0
_NAMED_KINDS: Final = ("store", "department", "entrance", "till", "fitting-room")


@dataclass(frozen=True, slots=True)
class ZoneLabel:
    """A name on the plan.

    Attributes:
        zone_id, kind, text: the zone.
        xM, yM: middle of the free space, metres on the plan.
        acrossM, downM: free space through it along the plan's axes, metres.
    """

    zone_id: str
    kind: str
    text: str
    xM: float  # noqa: N815
    yM: float  # noqa: N815
    acrossM: float  # noqa: N815
    downM: float  # noqa: N815


@dataclass(frozen=True, slots=True)
class FloorChoice:
    """One floor a visitor can look at."""

    floor_id: str
    label: str


class FloorPlan(QObject):
    """The floor looked at now.

    Args:
        language: names follow it.
    """

    changed = Signal()

    def __init__(self, language: Language) -> None:
        super().__init__()
        self._language = language
        self._screen: ScreenView | None = None
        self._site: SiteView | None = None
        self._floor: FloorView | None = None
        self._labels = RecordListModel(ZoneLabel, "zone_id", self)
        self._floors = RecordListModel(FloorChoice, "floor_id", self)
        language.changed.connect(self._name_everything)

    @property
    def floor(self) -> FloorView | None:
        """The floor shown; None before the site is known or when it has no plan."""
        return self._floor

    @property
    def zones(self) -> list[ZoneView]:
        """Zones of the floor shown."""
        if self._site is None or self._floor is None:
            return []
        return [zone for zone in self._site.zones if zone.floor == self._floor.id]

    @property
    def turns(self) -> int:
        """Clockwise quarter turns that make the way ahead of the viewer point up."""
        return quarter_turns(self._screen.facing_deg) if self._screen else 0

    @Property(QObject, constant=True)
    def labels(self) -> RecordListModel[ZoneLabel]:
        """List model of `ZoneLabel`."""
        return self._labels

    @Property(QObject, constant=True)
    def floors(self) -> RecordListModel[FloorChoice]:
        """List model of `FloorChoice`, top floor first."""
        return self._floors

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
        floor_ids = [floor.id for floor in site.floors]
        kept = self._floor.id if self._floor and self._floor.id in floor_ids else None
        self._floor = None
        if kept:
            self.choose(kept)
        else:
            self.go_home()

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
        floors = self._site.floors if self._site else []
        self._floor = next((floor for floor in floors if floor.id == floor_id), None)
        self._name_everything()

    def _stands_near(self, point_m: XY) -> bool:
        screen, floor = self._screen, self._floor
        if screen is None or floor is None or screen.position_m is None:
            return False
        return screen.floor == floor.id and dist(screen.position_m, point_m) < _OWN_PLACE_M

    @Slot()
    def _name_everything(self) -> None:
        pick = self._language.pick
        rows = []
        for zone in self.zones:
            if zone.kind not in _NAMED_KINDS:
                continue
            (x, y), across, down = chord_through_centroid_m(zone.polygon_m)
            if zone.kind == "entrance" and self._stands_near((x, y)):
                continue  # You are here says more, in the same place
            text = pick(zone.name, zone.name_zh)
            rows.append(ZoneLabel(zone.id, zone.kind, text, x, y, across, down))
        self._labels.show(rows)
        floors = sorted(self._site.floors if self._site else [], key=lambda floor: -floor.level)
        self._floors.show([FloorChoice(f.id, pick(f.name, f.name_zh)) for f in floors])
        self.changed.emit()
