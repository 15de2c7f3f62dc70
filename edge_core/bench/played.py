"""A service without cameras and readers: API, ledger, stream, past and suggestions are real."""

from collections.abc import Sequence
from pathlib import Path
from random import Random

from edge_core.clock import SystemClock
from edge_core.config import SiteConfig
from edge_core.ledger import Ledger
from edge_core.service.api import create_app
from edge_core.service.core_pipeline import Forgotten
from edge_core.service.guide import Guide
from edge_core.service.item_schema import GarmentsView, TagsView
from edge_core.service.item_views import garments_view
from edge_core.service.parts import Parts
from edge_core.service.past import Past
from edge_core.service.presence import FloorPlans
from edge_core.service.schema import HealthView, LiveView
from edge_core.service.server import ApiServer, listen
from edge_core.service.site_schema import SiteView
from edge_core.service.stream import StreamHub
from edge_core.service.suggestions import Suggestions
from edge_core.service.views import live_view, site_view, tags_view, utc_from_ns
from edge_core.service.visits_schema import OccupancyView
from edge_core.types import Event, LiveSnapshot
from edge_core.units import s_from_ns


class PlayedService:
    """Implements ServiceState and serves it: nobody is in view and nothing hangs anywhere.

    Args:
        folder: where the ledger lies.
        config: the site's settings.
        parts: stores, coupons and products.
        people: how many are inside.

    Attributes:
        url: where it answers.
    """

    def __init__(self, folder: Path, config: SiteConfig, parts: Parts, people: int = 0) -> None:
        self.clock = SystemClock()
        self._start_ns = self.clock.monotonic_ns()
        self._site = site_view(config)
        self._people = people
        self._staff: set[int] = set()
        self._writer = Ledger(folder / "ledger.db", timezone=config.site.timezone)
        self.ledger = self._writer.reader()
        self.products = parts.products
        self.hub = StreamHub(self.ledger.newest_id())
        self.guide = Guide(config, parts.directory, told=self.hub.publish_directory)
        if parts.directory.stores:
            self.hub.publish_directory(self.guide.directory())
        self.past = Past.of(config, FloorPlans(config), self.ledger, self.products)
        self.suggestions = Suggestions(
            config,
            parts,
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
        self._open = True
        self.url = self._server.url

    def close(self) -> None:
        """End every thread; twice is once."""
        if not self._open:
            return
        self._open = False
        self.hub.close()
        self._server.stop()
        self.ledger.close()
        self._writer.close()

    def site(self) -> SiteView:
        """See ServiceState."""
        return self._site

    def live(self) -> LiveView:
        """See ServiceState."""
        now = self.clock.monotonic_ns()
        return live_view(LiveSnapshot(self.clock.utc_ns(), now, now, ()), now)

    def tags(self) -> TagsView:
        """See ServiceState."""
        return tags_view([], [], self.clock.monotonic_ns(), self.clock.utc_ns())

    def garments(self) -> GarmentsView:
        """See ServiceState."""
        return garments_view({}, self.clock.monotonic_ns(), self.clock.utc_ns())

    def occupancy(self) -> OccupancyView:
        """See ServiceState; everybody played is inside, and nobody is nothing watched."""
        at = utc_from_ns(self.clock.utc_ns())
        return OccupancyView(
            at=at, inside=self._people, low=self._people, high=self._people, in_view=self._people,
            staff=len(self._staff), watched=float(self._people > 0), counting_since=at,
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
