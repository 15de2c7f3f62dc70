"""What a visitor is told about the place: its name, its hours, how busy it is."""

from typing import Final, Literal

from PySide6.QtCore import Property, QObject, Signal
from shapely import Polygon

from edge_core.opening import Opening, opening
from edge_core.qt.language import Language
from edge_core.qt.wall_clock import WallClock
from edge_core.service.schema import LiveView
from edge_core.service.site_schema import SiteView
from edge_core.service.visits_schema import CountsToday

_LIVELY_M2: Final = 0.005
_BUSY_M2: Final = 0.035
_ESTIMATES: Final = frozenset(("age", "gender"))
"""Attributes that suggestions use; what people wear is none of them."""

CrowdLevel = Literal["quiet", "lively", "busy"]


def crowd_level(people: int, area_m2: float) -> CrowdLevel:
    """How busy a place feels, from the people in view per square metre of its floors.

    Thresholds are ours: half a person, and three and a half, per 100 m² of plan. They are means
    over whole floors, shops and shelves included, so they lie far below the 31 per 100 m² at
    which walkways leave level of service A (Fruin 1971).
    """
    density = people / max(area_m2, 1.0)
    if density >= _BUSY_M2:
        return "busy"
    return "lively" if density >= _LIVELY_M2 else "quiet"


class SiteFacts(QObject):
    """Facts of the site in the current language, at the current minute."""

    changed = Signal()

    def __init__(self, language: Language, wall_clock: WallClock) -> None:
        super().__init__()
        self._language = language
        self._wall_clock = wall_clock
        self._site: SiteView | None = None
        self._area_m2 = 0.0
        self._level: CrowdLevel | None = None
        self._counts: CountsToday | None = None
        language.changed.connect(self.changed)
        wall_clock.changed.connect(self.changed)

    @property
    def site(self) -> SiteView | None:
        """The site as last received."""
        return self._site

    def allows(self, function: str) -> bool:
        """Whether the site's privacy policy has a function; before it is known, none."""
        return self._site is not None and function not in self._site.off

    @property
    def estimating(self) -> bool:
        """Whether anything is estimated of people here that suggestions could use."""
        return self._site is not None and not _ESTIMATES.isdisjoint(self._site.attributes)

    def show(self, site: SiteView) -> None:
        """Tell about this site; floors without cameras say nothing about the crowd."""
        self._site = site
        watched = {camera.floor for camera in site.cameras} or {it.id for it in site.floors}
        floors = [floor for floor in site.floors if floor.id in watched]
        self._area_m2 = sum(Polygon(floor.outline_m).area for floor in floors)
        self.changed.emit()

    def show_live(self, live: LiveView, *, watching: bool) -> None:
        """Take the people in view; without a `watching` camera or a plan nothing is claimed."""
        claimed = watching and self._area_m2 > 0
        level = crowd_level(len(live.people), self._area_m2) if claimed else None
        if level != self._level:
            self._level = level
            self.changed.emit()

    def show_counts(self, counts: CountsToday) -> None:
        """Take today's totals."""
        if counts != self._counts:
            self._counts = counts
            self.changed.emit()

    @Property(bool, notify=changed)
    def known(self) -> bool:
        """Whether the service has ever answered."""
        return self._site is not None

    @Property(str, notify=changed)
    def name(self) -> str:
        """The site's name."""
        return self._language.pick(self._site.name, self._site.name_zh) if self._site else ""

    @Property(list, notify=changed)
    def languages(self) -> list[str]:
        """Languages offered, as codes."""
        return self._site.languages if self._site else []

    @Property(str, notify=changed)
    def openState(self) -> str:  # noqa: N802
        """`open`, `always`, `closing`, `closed`, or "" while unknown."""
        now = self._opening()
        return now.state if now else ""

    @Property(bool, notify=changed)
    def opensTomorrow(self) -> bool:  # noqa: N802
        """Closed for today."""
        now = self._opening()
        return bool(now and now.tomorrow)

    @Property(str, notify=changed)
    def nextChange(self) -> str:  # noqa: N802
        """When the doors close or open next, e.g. `22:00`; meaningless when `always` open."""
        now = self._opening()
        return f"{now.at:%H:%M}" if now else ""

    @Property(str, notify=changed)
    def hours(self) -> str:
        """Today's hours, e.g. `10:00–22:00`."""
        site = self._site
        if site is None:
            return ""
        always = site.opens == site.closes
        return "00:00–24:00" if always else f"{site.opens:%H:%M}–{site.closes:%H:%M}"

    @Property(str, notify=changed)
    def crowdLevel(self) -> str:  # noqa: N802
        """`quiet`, `lively`, `busy`, or "" while unknown."""
        return self._level or ""

    @Property(int, notify=changed)
    def visitorsToday(self) -> int:  # noqa: N802
        """People who came in today; -1 while unknown or too few to show."""
        counts, site = self._counts, self._site
        if counts is None or site is None or counts.entered < site.minimum_group:
            return -1
        return counts.entered

    def _opening(self) -> Opening | None:
        site = self._site
        return opening(self._wall_clock.now(), site.opens, site.closes) if site else None
