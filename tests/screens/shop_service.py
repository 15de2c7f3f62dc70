"""The demo's shop as a running service: real API, ledger, stream, catalogue and suggestions.

Only cameras and readers are missing: tests say what hangs where.
"""

from collections.abc import Sequence
from pathlib import Path
from random import Random

from edge_core.clock import SystemClock
from edge_core.config import DirectoryConfig, Products, load_site
from edge_core.interaction.nearby import Near
from edge_core.ledger import Ledger
from edge_core.service.api import create_app
from edge_core.service.core_pipeline import Forgotten
from edge_core.service.guide import Guide
from edge_core.service.item_views import garments_view
from edge_core.service.parts import Parts
from edge_core.service.schema import GarmentsView, HealthView, LiveView, SiteView, TagsView
from edge_core.service.server import ApiServer, listen
from edge_core.service.stream import StreamHub
from edge_core.service.suggestions import Suggestions
from edge_core.service.views import live_view, site_view, tags_view
from edge_core.types import Event, EventKind, LiveSnapshot

SHOP = Path(__file__).parents[2] / "assets" / "malls" / "shop"
PLACE = "mirror-reach"


class ShopService:
    """Implements ServiceState and serves it."""

    def __init__(self, folder: Path) -> None:
        self.clock = SystemClock()
        config = load_site(SHOP / "site.toml")
        self._site = site_view(config)
        self._writer = Ledger(folder / "ledger.db")
        self.ledger = self._writer.reader()
        self.products = Products.from_csv(SHOP / "products.csv")
        self.hub = StreamHub(self.ledger.newest_id())
        self._nearby: dict[str, dict[str, Near]] = {zone.id: {} for zone in config.zones}
        self._skus: dict[str, str] = {}
        self.guide = Guide(config, DirectoryConfig())
        self.suggestions = Suggestions(
            config,
            Parts(products=self.products),
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
        if not self._open:
            return
        self._open = False
        self.hub.close()
        self._server.stop()
        self.ledger.close()
        self._writer.close()

    def hold(self, *skus: str, zone: str = PLACE) -> None:
        """Garments are at a place now, no others."""
        now = self.clock.monotonic_ns()
        before = self._nearby[zone]
        self._nearby[zone] = {
            f"tag-{sku}": before.get(f"tag-{sku}", Near(f"tag-{sku}", now)) for sku in skus
        }
        self._skus |= {f"tag-{sku}": sku for sku in skus}
        self.hub.publish_garments(self.garments())

    def sell(self, sku: str) -> None:
        """The till sells one."""
        now = self.clock.utc_ns()
        data = {"transaction": "1", "sku": sku, "quantity": 1}
        self.keep([Event(f"sale-{sku}", EventKind.SALE, now, 0, "", "", data)])

    def site(self) -> SiteView:
        return self._site

    def live(self) -> LiveView:
        now = self.clock.monotonic_ns()
        return live_view(LiveSnapshot(self.clock.utc_ns(), now, now, ()), now)

    def tags(self) -> TagsView:
        return tags_view([], [], self.clock.monotonic_ns(), self.clock.utc_ns())

    def garments(self) -> GarmentsView:
        nearby = {
            zone: [(near, self.products.of_sku(self._skus[near.epc])) for near in tags.values()]
            for zone, tags in self._nearby.items()
        }
        return garments_view(nearby, self.clock.monotonic_ns(), self.clock.utc_ns())

    def health(self) -> HealthView:
        return HealthView(status="ok", version="0", uptime_s=1.0)

    def keep(self, events: Sequence[Event]) -> int:
        ids = self._writer.append(events)
        if ids:
            self.hub.publish_events(ids[-1])
        return len(ids)
