"""A running service without cameras: real ledger, real hub, a state that tests set."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

from edge_core.analytics.occupancy_meter import InsideNow
from edge_core.clock import ManualClock
from edge_core.config import Product, Products, parse_directory, parse_site
from edge_core.interaction.nearby import Near
from edge_core.ledger import Ledger, LedgerReader, minute_of
from edge_core.sensing.rfid import decode_epc
from edge_core.service.core_pipeline import Forgotten
from edge_core.service.guide import Guide
from edge_core.service.item_schema import GarmentsView, TagsView
from edge_core.service.item_views import garments_view
from edge_core.service.parts import Parts
from edge_core.service.past import Past
from edge_core.service.presence import FloorPlans
from edge_core.service.schema import HealthView, LiveView
from edge_core.service.site_schema import SiteView
from edge_core.service.stream import StreamHub
from edge_core.service.suggestions import Suggestions
from edge_core.service.tag_table import TagInView
from edge_core.service.views import (
    counts_today,
    ledger_health,
    live_view,
    site_view,
    tags_view,
)
from edge_core.service.visit_views import occupancy_view
from edge_core.service.visits_schema import OccupancyView
from edge_core.types import Event, EventKind, ItemAction, LivePerson, LiveSnapshot
from edge_core.units import NS_PER_S

SITE_TOML = """
[site]
id = "harbour"
name = "Harbour Shop"
name_zh = "海港商店"
timezone = "Europe/Berlin"

[privacy]
pack = "none"
[[floors]]
id = "ground"
name = "Ground floor"
outline_m = [[0, 0], [12, 0], [12, 8], [0, 8]]

[[floors.fixtures]]
kind = "rack"
polygon_m = [[3, 2], [5, 2], [5, 3], [3, 3]]

[[cameras]]
id = "door-cam"
source = "rtsp://user:secret@10.0.0.7/stream"
floor = "ground"
calibration_px = [1280, 720]
calibration = [
  { px = [100, 700], m = [0, 8] },
  { px = [1180, 700], m = [12, 8] },
  { px = [900, 200], m = [12, 0] },
  { px = [380, 200], m = [0, 0] },
]

[[zones]]
id = "coats"
name = "Coats"
floor = "ground"
polygon_m = [[2, 1], [6, 1], [6, 4], [2, 4]]

[[lines]]
id = "door"
name = "Main door"
camera = "door-cam"
start_m = [5, 7.5]
end_m = [7, 7.5]

[[lines]]
id = "till"
name = "Till"
camera = "door-cam"
entrance = false
start_m = [9, 5]
end_m = [11, 5]

[[screens]]
id = "lobby"
kind = "kiosk"
floor = "ground"
position_m = [8, 7]

[[programme]]
title = "Spring evening"
start = 17:00:00
end = 19:00:00
"""

DIRECTORY_TOML = """
[[categories]]
id = "sweets"
name = "Sweets"
name_zh = "甜品"

[[stores]]
id = "honey"
name = "Honey Shop"
name_zh = "蜂蜜行"
category = "sweets"
floor = "ground"
polygon_m = [[0, 0], [2, 0], [2, 2], [0, 2]]
doors_m = [[1, 2]]
products_zh = ["蜂蜜"]

[[places]]
id = "toilets"
name = "Toilets"
name_zh = "洗手间"
kind = "toilets"
floor = "ground"
at_m = [11, 1]
"""

COAT = Product(
    gtin="4012345001006",
    sku="coat-wool-m",
    name="Wool coat",
    name_zh="羊毛大衣",
    size="M",
    colour="Navy",
    tint="#27364f",
    picture="coat",
    price=Decimal("189.00"),
)
NOON_NS = 1_767_268_800 * NS_PER_S  # 2026-01-01 12:00 UTC, 13:00 in Berlin


class StandInState:
    """Implements ServiceState; the tests play the core process."""

    def __init__(
        self,
        ledger_path: Path,
        *,
        heartbeat_s: float = 4.0,
        parts: Parts | None = None,
        more_toml: str = "",
    ) -> None:
        self.clock = ManualClock(wall_ns=NOON_NS)
        self.writer = Ledger(ledger_path, timezone="Europe/Berlin")
        self.ledger: LedgerReader = self.writer.reader()
        self.hub = StreamHub(self.ledger.newest_id(), heartbeat_s=heartbeat_s)
        self.status: str = "ok"
        self.config = config = parse_site(SITE_TOML + more_toml)
        self._site = site_view(self.config)
        self.stores = parse_directory(DIRECTORY_TOML, self.config)
        self.guide = Guide(self.config, self.stores, None, self.hub.publish_directory)
        self._people: tuple[LivePerson, ...] = ()
        self.tags_seen: list[TagInView] = []
        self.products = parts.products if parts else Products([COAT])
        self.past = Past.of(config, FloorPlans(config), self.ledger, self.products)
        self.nearby: dict[str, list[tuple[Near, Product]]] = {"coats": []}
        self.suggestions = Suggestions(
            config,
            parts or Parts(products=self.products),
            clock=self.clock,
            live=self.live,
            guide=lambda: self.guide,
            forget=self._forget,
            keep=self.keep,
            history=self.ledger,
            rng=Random(1),
            count_choice=self.writer.count_consent,
        )
        self.inside = InsideNow(None, 0.0, NOON_NS)
        self.staff: list[int] = []
        self.forgotten: list[int] = []

    def close(self) -> None:
        self.hub.close()
        self.ledger.close()
        self.writer.close()

    def site(self) -> SiteView:
        return self._site

    def live(self) -> LiveView:
        now = self.clock.monotonic_ns()
        snapshot = LiveSnapshot(self.clock.utc_ns(), now, now - 50_000_000, self._people)
        return live_view(snapshot, now, [zone.id for zone in self._site.zones])

    def tags(self) -> TagsView:
        now = self.clock.monotonic_ns()
        return tags_view(self.tags_seen, ["coats"], now, self.clock.utc_ns())

    def hang(self, *epcs: str, moving: float | None = None) -> None:
        """Hang tags on the coats' rail, read a second ago, and publish them."""
        seen = self.clock.monotonic_ns() - NS_PER_S
        self.tags_seen = [
            TagInView("rail", decode_epc(epc), "", 1, "coats", moving, seen) for epc in epcs
        ]
        self.hub.publish_tags(self.tags())

    def garments(self) -> GarmentsView:
        return garments_view(self.nearby, self.clock.monotonic_ns(), self.clock.utc_ns())

    def occupancy(self) -> OccupancyView:
        return occupancy_view(self.inside, len(self._people), 0, self.clock.utc_ns())

    def mark_staff(self, number: int) -> None:
        self.staff.append(number)

    def _forget(self, numbers: Iterable[int]) -> Forgotten:
        self.forgotten += numbers
        return Forgotten(people=len(self.forgotten), tracks=2, appearances=1, visits=1)

    def keep(self, events: Sequence[Event]) -> int:
        ids = self.writer.append(events)
        if ids:
            self.hub.publish_events(ids[-1])
        return len(ids)

    def bring(self, *epcs: str) -> None:
        """Hold coats before the mirror of the coats' zone, and publish it."""
        self.nearby = {"coats": [(Near(epc, self.clock.monotonic_ns()), COAT) for epc in epcs]}
        self.hub.publish_garments(self.garments())

    def handle(self, key: str, action: ItemAction, visit: int | None = None, **data: Any) -> None:
        """Something happens to a coat now."""
        data = {
            "action": str(action),
            "sku": COAT.sku,
            "gtin": COAT.gtin,
            "start_utc_ns": self.clock.utc_ns() - NS_PER_S,
            "duration_s": 1.0,
            "confidence": 0.9,
            "visit": visit,
            "visit_confidence": 0.8 if visit else 0.0,
        } | data
        now_ns = self.clock.utc_ns()
        self.keep([Event(key, EventKind.ITEM, now_ns, 0, "rail", "coats-1", data)])

    def health(self) -> HealthView:
        return HealthView.model_validate(
            {
                "status": self.status,
                "version": "0.1.0",
                "uptime_s": 10.0,
                "latency_ms_p95": 90.0,
                "workers": [
                    {
                        "name": "vision",
                        "pid": 1,
                        "state": "running",
                        "restarts": 2,
                        "heartbeat_age_s": 0.1,
                        "memory_mb": 200.0,
                    }
                ],
                "cameras": [
                    {
                        "id": "door-cam",
                        "state": "streaming",
                        "received_fps": 25.0,
                        "processed_fps": 10.0,
                        "skipped": 7,
                        "dropped": 1,
                        "reconnects": 0,
                    }
                ],
                "ledger": ledger_health(self.ledger, sound=True),
            }
        )

    def appear(self, *numbers: int) -> None:
        """Put people on the coats zone and publish it."""
        self._people = tuple(
            LivePerson(number, "ground", (3.0, 2.0), (0.5, 0.0), "door-cam", BOX, ("coats",))
            for number in numbers
        )
        self.hub.publish_live(self.live())

    def stand(self, **places: tuple[float, float]) -> None:
        """Put people at places of the plan, by `nNUMBER`, and tell everybody."""
        self._people = tuple(
            LivePerson(
                int(name[1:]),
                "ground",
                at,
                (0.0, 0.0),
                "door-cam",
                BOX,
                ("coats",) if 2 <= at[0] <= 6 and 1 <= at[1] <= 4 else (),
            )
            for name, at in places.items()
        )
        self.hub.publish_live(self.live())
        self.suggestions.see(self.live())

    def cross(self, *keys: str, direction: str = "in", line: str = "door") -> list[int]:
        """Append crossings and publish them as the core does."""
        events = [
            Event(
                key,
                EventKind.CROSSING,
                self.clock.utc_ns(),
                self.clock.monotonic_ns(),
                "door-cam",
                line,
                {"direction": direction},
            )
            for key in keys
        ]
        ids = self.writer.append(events)
        self.hub.publish_events(self.writer.newest_id)
        self.hub.publish_counts(
            counts_today(self.ledger, self._site, len(self._people), self.clock.utc_ns())
        )
        return ids

    def watch_minute(self, ahead: int = 0, seconds: float = 60.0) -> None:
        """Mark the camera as watched in the current minute, or `ahead` minutes later."""
        self.writer.mark_available("door-cam", minute_of(self.clock.utc_ns()) + ahead, seconds)


BOX = (0.4, 0.2, 0.5, 0.6)
