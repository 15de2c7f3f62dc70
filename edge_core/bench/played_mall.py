"""The demo's mall as a running service without cameras: people are played, all else is real."""

import math
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Final

from edge_core.clock import SystemClock
from edge_core.config import Products, load_directory, load_offers, load_site
from edge_core.ledger import Ledger
from edge_core.service.api import create_app
from edge_core.service.core_pipeline import Forgotten
from edge_core.service.demo import mall_folder
from edge_core.service.guide import Guide
from edge_core.service.item_schema import GarmentsView, TagsView
from edge_core.service.item_views import garments_view
from edge_core.service.parts import Parts
from edge_core.service.past import Past
from edge_core.service.presence import FloorPlans
from edge_core.service.schema import HealthView, LiveView, PersonView
from edge_core.service.server import ApiServer, listen
from edge_core.service.site_schema import SiteView
from edge_core.service.stream import StreamHub
from edge_core.service.suggestions import Suggestions
from edge_core.service.views import site_view, tags_view, utc_from_ns
from edge_core.service.visits_schema import CountsToday, OccupancyView
from edge_core.types import Event
from edge_core.units import s_from_ns

PEOPLE: Final = 26
LIVE_PER_S: Final = 10.0
_WALKING_SHARE: Final = 0.6
_SPEED_M_S: Final = 1.1


class PlayedMall:
    """Implements ServiceState and serves it; `PEOPLE` people stroll or stand on the ground floor.

    Args:
        folder: where the ledger lies.
        people: how many are in view.

    Attributes:
        attended: one of them stands before the kiosk, which therefore stays awake.
    """

    def __init__(self, folder: Path, people: int = PEOPLE) -> None:
        mall = mall_folder("mall")
        self.clock = SystemClock()
        config = load_site(mall / "site.toml")
        directory = load_directory(mall / "directory.toml", config)
        self._site = site_view(config)
        self.attended = True
        self._people, self._start_ns = people, self.clock.monotonic_ns()
        kiosk = next(it for it in self._site.screens if it.kind == "kiosk")
        assert kiosk.position_m is not None
        self._kiosk_m = kiosk.position_m
        outline = self._site.floors[0].outline_m
        self._size_m = (max(x for x, _ in outline), max(y for _, y in outline))
        self._writer = Ledger(folder / "ledger.db", timezone=config.site.timezone)
        self.ledger = self._writer.reader()
        self.products = Products([])
        self.hub = StreamHub(self.ledger.newest_id())
        self.guide = Guide(config, directory)
        self.past = Past.of(config, FloorPlans(config), self.ledger, self.products)
        self._staff: set[int] = set()
        offers = load_offers(mall / "offers.toml", directory)
        self.suggestions = Suggestions(
            config,
            Parts(directory, offers, self.products, bytes(range(32))),
            clock=self.clock,
            live=self.live,
            guide=lambda: self.guide,
            forget=lambda _numbers: Forgotten(),
            keep=self.keep,
            history=self.ledger,
            rng=Random(1),
            count_choice=lambda *_said: None,
        )
        self._server = ApiServer(create_app(self), self.hub, listen("127.0.0.1", 0))
        self._server.start()
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._tell, name="played-mall")
        self._thread.start()

    @property
    def url(self) -> str:
        """Where it answers."""
        return self._server.url

    def close(self) -> None:
        """End every thread."""
        self._ending.set()
        self._thread.join()
        self.hub.close()
        self._server.stop()
        self.ledger.close()
        self._writer.close()

    def _tell(self) -> None:
        day = utc_from_ns(self.clock.utc_ns()).date().isoformat()
        step = 0
        while not self._ending.wait(1 / LIVE_PER_S):
            self.hub.publish_live(self.live())
            if step % round(LIVE_PER_S) == 0:
                self.hub.publish_health(self.health())
                self.hub.publish_counts(
                    CountsToday(date=day, entered=1284, left=900, inside=384, by_line={})
                )
            step += 1

    def site(self) -> SiteView:
        """See ServiceState."""
        return self._site

    def live(self) -> LiveView:
        """Everybody where they are by now."""
        now_s = s_from_ns(self.clock.monotonic_ns() - self._start_ns)
        people = [self._person(number, now_s) for number in range(1, self._people + 1)]
        at = utc_from_ns(self.clock.utc_ns())
        return LiveView(at=at, latency_ms=90.0, people=people, by_zone={})

    def _person(self, number: int, now_s: float) -> PersonView:
        """A stroll round an ellipse of one's own, or swaying on one spot (ours)."""
        chance = Random(number)
        width, height = self._size_m
        centre = chance.uniform(0.2, 0.8) * width, chance.uniform(0.2, 0.8) * height
        walks = chance.random() < _WALKING_SHARE
        radius = chance.uniform(3.0, 7.0) if walks else 0.15
        rate = (_SPEED_M_S / radius) if walks else 0.5
        angle = chance.uniform(0, math.tau) + rate * now_s
        if number == 1 and self.attended:
            centre, radius, rate = self._kiosk_m, 0.15, 0.5
        x, y = centre[0] + radius * math.cos(angle), centre[1] + radius * math.sin(angle)
        speed = -radius * rate * math.sin(angle), radius * rate * math.cos(angle)
        return PersonView(
            number=number,
            floor=self._site.floors[0].id,
            position_m=(round(x, 3), round(y, 3)),
            velocity_m_s=(round(speed[0], 3), round(speed[1], 3)),
            camera="plaza",
            box=(0.4, 0.3, 0.45, 0.6),
            zones=[],
        )

    def tags(self) -> TagsView:
        """See ServiceState."""
        return tags_view([], [], self.clock.monotonic_ns(), self.clock.utc_ns())

    def garments(self) -> GarmentsView:
        """See ServiceState."""
        return garments_view({}, self.clock.monotonic_ns(), self.clock.utc_ns())

    def occupancy(self) -> OccupancyView:
        """See ServiceState; everybody played is inside."""
        at = utc_from_ns(self.clock.utc_ns())
        return OccupancyView(
            at=at, inside=self._people, low=self._people, high=self._people,
            in_view=self._people, staff=len(self._staff), watched=1.0, counting_since=at,
        )  # fmt: skip

    def mark_staff(self, number: int) -> None:
        """See ServiceState."""
        self._staff.add(number)

    def health(self) -> HealthView:
        """See ServiceState."""
        uptime_s = s_from_ns(self.clock.monotonic_ns() - self._start_ns)
        return HealthView(status="ok", version="0", uptime_s=uptime_s)

    def keep(self, events: Sequence[Event]) -> int:
        """See ServiceState."""
        ids = self._writer.append(events)
        if ids:
            self.hub.publish_events(ids[-1])
        return len(ids)


@contextmanager
def played_mall(folder: Path) -> Iterator[PlayedMall]:
    """A mall that is closed again."""
    mall = PlayedMall(folder)
    try:
        yield mall
    finally:
        mall.close()
