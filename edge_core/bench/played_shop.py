"""The demo's shop as a running service: real API, ledger, stream, catalogue and suggestions.

Only cameras and readers are missing: whoever plays it says what hangs where.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from random import Random
from typing import Final

from edge_core.bench.played import PlayedService
from edge_core.config import Products, load_site
from edge_core.errors import PromenadeError
from edge_core.interaction.nearby import Near
from edge_core.service.client import EdgeClient
from edge_core.service.demo import mall_folder
from edge_core.service.item_schema import GarmentsView
from edge_core.service.item_views import garments_view
from edge_core.service.parts import Parts
from edge_core.types import Event, EventKind

PLACE: Final = "mirror-reach"
_STAY_S: Final = 45.0
_BETWEEN_S: Final = 6.0
_STEP_S: Final = 1.0
_TRIED_ON: Final = 3


class PlayedShop(PlayedService):
    """Nobody is seen; garments are where `hold` says.

    Args:
        folder: where the ledger lies.
        lists: where phones reach a hub with the list; "" without one.
    """

    def __init__(self, folder: Path, lists: str = "") -> None:
        shop = mall_folder("shop")
        config = load_site(shop / "site.toml")
        hub = config.hub.model_copy(update={"lists": lists})
        config = config.model_copy(update={"hub": hub})
        self._nearby: dict[str, dict[str, Near]] = {zone.id: {} for zone in config.zones}
        self._skus: dict[str, str] = {}
        products = Products.from_csv(shop / "products.csv")
        secret = bytes(range(32)) if lists else None
        super().__init__(folder, config, Parts(products=products, lists_key=secret))

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
