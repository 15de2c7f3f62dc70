"""What every screen stands on: one object that holds the shared view models."""

from pathlib import Path
from typing import Literal

from PySide6.QtCore import Property, QObject, Signal, Slot

from edge_core.clock import Clock
from edge_core.qt.approach import ApproachWatch
from edge_core.qt.comfort import Comfort
from edge_core.qt.crowd import Crowd
from edge_core.qt.floor_plan import FloorPlan
from edge_core.qt.idle import Presence
from edge_core.qt.language import Language
from edge_core.qt.link import ServiceLink
from edge_core.qt.questions import Questions
from edge_core.qt.release import Release
from edge_core.qt.site_facts import SiteFacts
from edge_core.qt.wall_clock import WallClock
from edge_core.service.live_feed import LinkState
from edge_core.service.schema import (
    DirectoryView,
    HealthView,
    LiveView,
    PersonView,
    PlaceView,
    StoreView,
)
from edge_core.service.site_schema import ScreenView, SiteView
from edge_core.service.visits_schema import CountsToday


class Screen(QObject):
    """The shared half of a kiosk or a mirror.

    Feed it by `follow`, or directly through the `take_…` slots.

    Args:
        kind: what the program is.
        clock: time for clocks and idle stages.
        translations: folder of the compiled translations.
        screen_id: this screen's id in site.toml; None takes the first of its kind.
        language: language to show; None takes what site.toml says for this screen.
        zone: whose garments to show; None takes what site.toml says for this screen.
    """

    changed = Signal()
    siteChanged = Signal()  # noqa: N815
    liveChanged = Signal()  # noqa: N815
    garmentsReceived = Signal(object)  # noqa: N815
    eventReceived = Signal(object)  # noqa: N815
    linkChanged = Signal(str)  # noqa: N815
    directoryChanged = Signal()  # noqa: N815

    def __init__(
        self,
        kind: Literal["kiosk", "mirror"],
        clock: Clock,
        translations: Path,
        *,
        screen_id: str | None = None,
        language: str | None = None,
        zone: str | None = None,
    ) -> None:
        super().__init__()
        self._kind = kind
        self._zone = zone
        self._screen_id = screen_id
        self._home_language = language
        self.tongue = Language(translations, language or "en")
        self.wall_clock = WallClock(clock, self.tongue)
        self.facts = SiteFacts(self.tongue, self.wall_clock)
        self.floor_plan = FloorPlan(self.tongue)
        self.people = Crowd()
        self.attention = Presence(clock)
        self.ease = Comfort()
        self.way_out = Release(self)
        self.stores: DirectoryView = DirectoryView()
        self.questions: Questions | None = None
        self._approach = ApproachWatch()
        self._link = LinkState.CONNECTING
        self._watching = True
        self._live: LiveView | None = None
        self._live_at = ""
        self.floor_plan.changed.connect(self._follow_floor)
        self.attention.sessionEnded.connect(self.reset)
        self.attention.sessionEnded.connect(self.way_out.cancel)

    @Property(QObject, constant=True)
    def language(self) -> Language:
        """See `Language`."""
        return self.tongue

    @Property(QObject, constant=True)
    def clock(self) -> WallClock:
        """See `WallClock`."""
        return self.wall_clock

    @Property(QObject, constant=True)
    def site(self) -> SiteFacts:
        """See `SiteFacts`."""
        return self.facts

    @Property(QObject, constant=True)
    def plan(self) -> FloorPlan:
        """See `FloorPlan`."""
        return self.floor_plan

    @Property(QObject, constant=True)
    def crowd(self) -> Crowd:
        """See `Crowd`."""
        return self.people

    @Property(QObject, constant=True)
    def presence(self) -> Presence:
        """See `Presence`."""
        return self.attention

    @Property(QObject, constant=True)
    def comfort(self) -> Comfort:
        """See `Comfort`."""
        return self.ease

    @Property(QObject, constant=True)
    def release(self) -> Release:
        """See `Release`."""
        return self.way_out

    @property
    def own_id(self) -> str:
        """This screen's id in site.toml, "" while unknown."""
        own = self._own(self.facts.site) if self.facts.site else None
        return own.id if own else ""

    def name_of(self, key: str) -> str:
        """Name of a store or place in the current language; "" where there is none."""
        known: list[StoreView | PlaceView] = [*self.stores.stores, *self.stores.places]
        return next((self.tongue.pick(it.name, it.name_zh) for it in known if it.id == key), "")

    @property
    def within_reach(self) -> frozenset[int]:
        """Numbers of those who stand before this screen, by the newest answer."""
        return self._approach.within

    @property
    def watching(self) -> bool:
        """What is told of people is of now: the service is there, and a camera works."""
        return self._link is LinkState.LIVE and self._watching and self._live is not None

    @property
    def people_now(self) -> list[PersonView]:
        """Everybody in view by the newest answer."""
        return self._live.people if self._live else []

    @Property(str, notify=changed)
    def link(self) -> str:
        """`connecting`, `live`, or `stale`: the service, or every camera of it, is away."""
        if self._link is LinkState.LIVE and not self._watching:
            return LinkState.STALE.value
        return self._link.value

    @Property(str, notify=changed)
    def lastLive(self) -> str:  # noqa: N802
        """Local time of the newest live answer, e.g. `14:05`; "" before the first."""
        return self._live_at

    @property
    def garment_zone(self) -> str | None:
        """The zone whose garments are shown; None for none."""
        if self._zone is not None or self.facts.site is None:
            return self._zone
        own = self._own(self.facts.site)
        return own.zone if own is not None else None

    @property
    def shows_live(self) -> bool:
        """Live content is on the screen."""
        return self._live is not None and self._link is LinkState.LIVE

    def follow(self, link: ServiceLink) -> None:
        """Take everything this link says from now on."""
        link.siteReceived.connect(self.take_site)
        link.liveReceived.connect(self.take_live)
        link.garmentsReceived.connect(self.garmentsReceived)
        link.eventReceived.connect(self.eventReceived)
        link.directoryReceived.connect(self.take_directory)
        self.questions = link.questions
        link.countsReceived.connect(self.take_counts)
        link.healthReceived.connect(self.take_health)
        link.stateChanged.connect(self.take_link)

    @Slot(object)
    def take_site(self, site: SiteView) -> None:
        """The plan and the names."""
        own = self._own(site)
        if self._home_language is None:
            wished = own.language if own else ""
            self._home_language = wished if wished in site.languages else site.languages[0]
            self.tongue.choose(self._home_language)
        self.wall_clock.use_zone(site.timezone)
        self.facts.show(site)
        self.floor_plan.show(site, own)
        self._approach.place(site, own)
        self.siteChanged.emit()

    @Slot(object)
    def take_directory(self, directory: DirectoryView) -> None:
        """Stores, places and what is closed; they stay while the service is away."""
        self.stores = directory
        self.floor_plan.show_directory(directory)
        self.directoryChanged.emit()

    @Slot(object)
    def take_live(self, live: LiveView) -> None:
        """Everybody in view now."""
        self._live = live
        self.people.show(live)
        self.facts.show_live(live, watching=self._watching)
        self._approach.see(live)
        if self._approach.approached:
            self.attention.approached()
        self.liveChanged.emit()
        at = self.wall_clock.local(live.at)
        if at != self._live_at:
            self._live_at = at
            self.changed.emit()

    @Slot(object)
    def take_counts(self, counts: CountsToday) -> None:
        """Totals of today."""
        self.facts.show_counts(counts)

    @Slot(object)
    def take_health(self, health: HealthView) -> None:
        """Without a single working camera an empty floor means nothing, and is not shown as quiet.

        Quiet words and frozen dots would be a claim nobody has checked.
        """
        cameras = health.cameras
        self._watching = not cameras or any(camera.state == "streaming" for camera in cameras)
        if self._live is not None:
            self.facts.show_live(self._live, watching=self._watching)
        self.changed.emit()

    @Slot(str)
    def take_link(self, state: str) -> None:
        """Whether the service is there."""
        self._link = LinkState(state)
        self.changed.emit()
        self.linkChanged.emit(state)

    @Slot()
    def reset(self) -> None:
        """Forget what the visitor chose: language, floor and comfort."""
        if self._home_language is not None:
            self.tongue.choose(self._home_language)
        self.ease.reset()
        self.floor_plan.go_home()

    def _own(self, site: SiteView) -> ScreenView | None:
        if self._screen_id is not None:
            return next((s for s in site.screens if s.id == self._screen_id), None)
        return next((s for s in site.screens if s.kind == self._kind), None)

    @Slot()
    def _follow_floor(self) -> None:
        if self.floor_plan.floor != self.people.floor:
            self.people.show_floor(self.floor_plan.floor)
