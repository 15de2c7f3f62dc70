"""The demo's shop as a running service: real API, ledger, stream, catalogue and suggestions.

Only cameras and readers are missing: whoever plays it says what hangs where.
"""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from random import Random
from typing import Final

from edge_core.clock import SystemClock
from edge_core.config import DirectoryConfig, Products, load_site
from edge_core.errors import PromenadeError
from edge_core.interaction.nearby import Near
from edge_core.ledger import Ledger
from edge_core.service.api import create_app
from edge_core.service.client import EdgeClient
from edge_core.service.core_pipeline import Forgotten
from edge_core.service.demo import mall_folder
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
from edge_core.types import Event, EventKind, LiveSnapshot

PLACE: Final = "mirror-reach"
_STAY_S: Final = 45.0
_BETWEEN_S: Final = 6.0
_STEP_S: Final = 1.0
_TRIED_ON: Final = 3


class PlayedShop:
    """Implements ServiceState and serves it.

    Args:
        folder: where the ledger lies.
        lists: where phones reach a hub with the list; "" without one.
    """

    def __init__(self, folder: Path, lists: str = "") -> None:
        self.clock = SystemClock()
        shop = mall_folder("shop")
        config = load_site(shop / "site.toml")
        hub = config.hub.model_copy(update={"lists": lists})
        config = config.model_copy(update={"hub": hub})
        self._site = site_view(config)
        self._writer = Ledger(folder / "ledger.db")
        self.ledger = self._writer.reader()
        self.products = Products.from_csv(shop / "products.csv")
        self.hub = StreamHub(self.ledger.newest_id())
        self._nearby: dict[str, dict[str, Near]] = {zone.id: {} for zone in config.zones}
        self._skus: dict[str, str] = {}
        self._staff: set[int] = set()
        self.guide = Guide(config, DirectoryConfig())
        self.past = Past.of(config, FloorPlans(config), self.ledger, self.products)
        self.suggestions = Suggestions(
            config,
            Parts(products=self.products, lists_key=bytes(range(32)) if lists else None),
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
        """See ServiceState."""
        return self._site

    def live(self) -> LiveView:
        """See ServiceState; nobody is seen."""
        now = self.clock.monotonic_ns()
        return live_view(LiveSnapshot(self.clock.utc_ns(), now, now, ()), now)

    def tags(self) -> TagsView:
        """See ServiceState."""
        return tags_view([], [], self.clock.monotonic_ns(), self.clock.utc_ns())

    def garments(self) -> GarmentsView:
        """See ServiceState."""
        nearby = {
            zone: [
                (near, product)
                for near in tags.values()
                if (product := self.products.of_sku(self._skus[near.epc])) is not None
            ]
            for zone, tags in self._nearby.items()
        }
        return garments_view(nearby, self.clock.monotonic_ns(), self.clock.utc_ns())

    def occupancy(self) -> OccupancyView:
        """See ServiceState; nobody is counted."""
        at = utc_from_ns(self.clock.utc_ns())
        return OccupancyView(
            at=at, inside=0, low=0, high=0, in_view=0, staff=len(self._staff), watched=0.0,
            counting_since=at,
        )  # fmt: skip

    def mark_staff(self, number: int) -> None:
        """See ServiceState."""
        self._staff.add(number)

    def health(self) -> HealthView:
        """See ServiceState."""
        return HealthView(status="ok", version="0", uptime_s=1.0)

    def keep(self, events: Sequence[Event]) -> int:
        """See ServiceState."""
        ids = self._writer.append(events)
        if ids:
            self.hub.publish_events(ids[-1])
        return len(ids)


def _play(shop: PlayedShop, ending: threading.Event) -> None:
    """Shoppers come with three garments, stay, and go; the staff answers what is asked."""
    chance = Random(1)
    skus = [product.sku for product in shop.products]
    with EdgeClient(shop.url) as staff:
        while not ending.is_set():
            shop.hold(*chance.sample(skus, _TRIED_ON))
            _answer_for(shop, staff, ending, _STAY_S)
            shop.hold()
            _answer_for(shop, staff, ending, _BETWEEN_S)


def _answer_for(
    shop: PlayedShop, staff: EdgeClient, ending: threading.Event, span_s: float
) -> None:
    """The staff says yes to what is asked, for so long or until the end."""
    for _ in range(round(span_s / _STEP_S)):
        if ending.wait(_STEP_S):
            return
        shop.hub.publish_live(shop.live())
        for request in staff.shop.requests(waiting=True).requests:
            with suppress(PromenadeError):  # withdrawn meanwhile
                staff.shop.answer(request.request, "accepted", minutes=2)


@contextmanager
def played_shop(folder: Path) -> Iterator[PlayedShop]:
    """A shop whose shoppers come and go; it is closed again."""
    shop, ending = PlayedShop(folder), threading.Event()
    shoppers = threading.Thread(target=_play, args=(shop, ending), name="shoppers")
    shoppers.start()
    try:
        yield shop
    finally:
        ending.set()
        shoppers.join()
        shop.close()
