"""A week without the hub, in simulated time; then it is back and told everything, once."""

import sqlite3
import threading
import time
from collections import Counter
from contextlib import closing
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Final, Self

import uvicorn

from edge_core.chaos.outcome import Outcome, Verdict
from edge_core.clock import ManualClock
from edge_core.config import SiteConfig, load_site
from edge_core.errors import HubError
from edge_core.hub.server import Hub
from edge_core.hub.store import Site
from edge_core.ledger import Ledger, LedgerReader
from edge_core.service.demo import free_port, mall_folder
from edge_core.service.server import listen
from edge_core.sync.client import HubClient
from edge_core.sync.content import ContentFile
from edge_core.sync.device_key import DeviceKey, hash_of, new_secret
from edge_core.sync.loop import Sync, SyncState
from edge_core.sync.protocol import Enrolment, HealthReport
from edge_core.types import Event, EventKind
from edge_core.units import NS_PER_S

DAYS: Final = 7
PROMISE: Final = (
    "the store PC goes on; everything of the week reaches the hub once it is back, each fact once,"
    " over a restart of the store PC as well"
)
_HEALTH: Final = HealthReport(
    version="1", status="ok", uptime_s=1, cameras=1, cameras_well=1, readers=1, readers_well=1,
    ledger_mb=1,
)  # fmt: skip
_HOUR_NS: Final = 3600 * NS_PER_S
_MONDAY_NS: Final = 1_777_852_800 * NS_PER_S  # 2026-05-04, a midnight in UTC
_ROUNDS: Final = 60

Facts = Counter[tuple[int, str, str]]
"""Quantity by day, product and action."""


class HubThread:
    """A hub's API on loopback while entered."""

    def __init__(self, hub: Hub, port: int) -> None:
        self._listening = listen("127.0.0.1", port)
        config = uvicorn.Config(hub.api(), log_config=None, access_log=False, lifespan="off")
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=self._server.run, args=([self._listening],), name="chaos-hub"
        )

    def __enter__(self) -> Self:
        self._thread.start()
        while not self._server.started:
            time.sleep(0.02)
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join()
        self._listening.close()


class _Store:
    """A store PC without cameras: its events are made up, ledger, outbox and sync are real."""

    def __init__(self, folder: Path, hub: Hub, port: int, site: SiteConfig, rng: Random) -> None:
        self.folder, self.site, self.rng = folder, site, rng
        self.clock = ManualClock(wall_ns=_MONDAY_NS)
        self.truth: Facts = Counter()
        self.number = 0
        self.url = f"http://127.0.0.1:{port}"
        secret = new_secret()
        code = hub.store.new_code(site.site.id)
        said = Enrolment(code=code, site=site.site.id, key_sha256=hash_of(secret))
        with HubThread(hub, port), HubClient(self.url, "", ca=None, clock=self.clock) as client:
            enrolled = client.enrol(said)
        self.key = DeviceKey(self.url, enrolled.site, enrolled.device, enrolled.content_key, secret)
        self.open()

    def open(self) -> None:
        """Switch it on; what it knows is on its disk."""
        self.ledger = Ledger(self.folder / "l.db", timezone=self.site.site.timezone)
        self.reader: LedgerReader = self.ledger.reader()
        self.client = HubClient(self.url, self.key.token, ca=None, clock=self.clock)
        files = ContentFile(self.folder / "content.json", self.key.signer, self.key.site)
        self.sync = Sync(
            self.site, self.key, self.client, self.ledger, self.reader, files,
            judge=lambda _: None, changed=lambda _: None, health=lambda: _HEALTH,
            clock=self.clock,
        )  # fmt: skip

    def close(self) -> None:
        """Switch it off."""
        self.client.close()
        self.reader.close()
        self.ledger.close()

    def live_an_hour(self) -> None:
        """Garments are handled."""
        day = self.reader.site_time().day(self.clock.utc_ns())
        events = []
        for _ in range(self.rng.randrange(2, 9)):
            action = self.rng.choice(["touched", "picked-up", "tried-on", "put-back"])
            sku = f"sku-{self.rng.randrange(5)}"
            self.truth[day, sku, action] += 1
            self.number += 1
            data = {"action": action, "sku": sku, "gtin": "", "start_utc_ns": 0, "duration_s": 1.0,
                    "confidence": 0.9, "visit": None, "visit_confidence": 0.0}  # fmt: skip
            at_ns = self.clock.utc_ns() + self.rng.randrange(_HOUR_NS)
            events.append(Event(f"e{self.number}", EventKind.ITEM, at_ns, 0, "c", "", data))
        self.ledger.append(events)
        self.clock.advance_ns(_HOUR_NS)

    def step(self) -> bool:
        """One round; whether the hub answered."""
        try:
            self.sync.step()
        except HubError:
            return False
        return True


def hub_away(*, days: int = DAYS, seed: int) -> Outcome:
    """The trial."""
    began = time.monotonic()
    with TemporaryDirectory(prefix="promenade-week-") as place:
        hub = Hub.open(Path(place) / "hub")
        site = load_site(mall_folder("shop") / "site.toml")
        hub.store.add_site(Site(site.site.id, site.site.name, "EUR"))
        port = free_port()
        store = _Store(Path(place), hub, port, site, Random(seed))
        try:
            missed = 0
            for hour in range(24 * days):
                store.live_an_hour()
                if hour % 6 == 0:
                    missed += not store.step()
                if hour == 12 * days:
                    store.close()
                    store.open()
            waited = store.reader.out_counts().waiting
            with HubThread(hub, port):
                rounds = next((it for it in range(_ROUNDS) if store.step()), _ROUNDS)
                state = store.sync.status.state
            counts = store.reader.out_counts()
        finally:
            store.close()
            hub.store.close()
        kept = _kept(Path(place) / "hub" / "hub.db")
    missing = sum((store.truth - kept).values())
    doubled = sum((kept - store.truth).values())
    good = not (missing or doubled or counts.waiting or counts.refused)
    measured = (
        f"{store.number:,} facts in {days} days, {missed} rounds in vain, {waited:,} waited; after"
        f" {rounds + 1} round(s) with the hub {missing} missing, {doubled} doubled,"
        f" {counts.waiting} still waiting"
    )
    return Outcome(
        "hub-away",
        f"hub gone for {days} days (simulated time), nothing listens at its address; the store PC"
        " is switched off and on meanwhile",
        PROMISE,
        measured,
        Verdict.KEPT if good and state is SyncState.WELL else Verdict.BROKEN,
        round(time.monotonic() - began, 1),
    )


def _kept(path: Path) -> Facts:
    with closing(sqlite3.connect(path)) as db:
        rows = db.execute("SELECT day, sku, action, sum(quantity) FROM item_days GROUP BY 1, 2, 3")
        return Counter({(day, sku, action): count for day, sku, action, count in rows})
