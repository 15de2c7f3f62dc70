"""A week without network, then a bad one, and a hub that dies again and again.

Real hub processes over TLS, a real ledger; time is simulated, faults are drawn by a proxy.
"""

import json
import os
import shutil
import sqlite3
import threading
from collections import Counter
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from edge_core.clock import ManualClock
from edge_core.config import load_site
from edge_core.errors import HubError
from edge_core.hub.server import Hub
from edge_core.hub.store import Site
from edge_core.ledger import Ledger
from edge_core.service.check import read_directory, read_offers
from edge_core.service.running import running_by
from edge_core.sync.client import HubClient
from edge_core.sync.content import ContentFile
from edge_core.sync.device_key import DeviceKey, hash_of, new_secret
from edge_core.sync.loop import Sync, SyncState
from edge_core.sync.protocol import Enrolment, HealthReport
from edge_core.sync.sections import directory_records, offers_records
from edge_core.types import Event, EventKind
from edge_core.units import NS_PER_S

pytestmark = pytest.mark.timeout(600)

ROOT = Path(__file__).parents[3]
MALL = ROOT / "assets" / "malls" / "mall"
DAYS = 11
CUT = range(2, 9)
"""Days without network, of those simulated."""
SEED = int(os.environ.get("PROMENADE_OUTAGE_SEED", "11"))
HEALTH = HealthReport(
    version="1", status="ok", uptime_s=1, cameras=1, cameras_well=1, readers=0, readers_well=0,
    ledger_mb=1,
)  # fmt: skip


class Store:
    """A store PC without its cameras: events are made up, all else is real."""

    def __init__(self, folder, hub, url, rng):
        self.rng, self.folder = rng, folder
        self.mall = shutil.copytree(MALL, folder / "mall")
        self.site = load_site(self.mall / "site.toml")
        self.clock = ManualClock(wall_ns=1_777_852_800 * NS_PER_S)  # 2026-05-04, a midnight in UTC
        self.truth, self.number = Counter(), 0
        self.reached, self.failed = 0, 0
        secret = new_secret()
        code = hub.store.new_code(self.site.site.id)
        enrolment = Enrolment(code=code, site=self.site.site.id, key_sha256=hash_of(secret))
        self.client = HubClient(url, "", ca=hub.folder / "ca.pem", clock=self.clock)
        while True:  # answers get lost here, too
            try:
                enrolled = self.client.enrol(enrolment)
                break
            except HubError:
                continue
        self.client.close()
        self.key = DeviceKey(url, enrolled.site, enrolled.device, enrolled.content_key, secret)
        self.ledger = Ledger(folder / "l.db", timezone=self.site.site.timezone)
        self.reader = self.ledger.reader()
        self.files = ContentFile(folder / "content.json", self.key.signer, enrolled.site)
        self.swaps = 0
        self.start(hub.folder / "ca.pem")

    def start(self, ca):
        self.ca = ca
        self.client = HubClient(self.key.url, self.key.token, ca=ca, clock=self.clock)
        self.sync = Sync(
            self.site, self.key, self.client, self.ledger, self.reader, self.files,
            judge=lambda content: running_by(self.site, self.mall, content),
            changed=lambda _: setattr(self, "swaps", self.swaps + 1),
            health=lambda: HEALTH, clock=self.clock,
        )  # fmt: skip

    def close(self):
        self.client.close()
        self.reader.close()
        self.ledger.close()

    def restart(self):
        """The store PC is switched off and on; what it knows is on its disk."""
        self.close()
        self.ledger = Ledger(self.folder / "l.db", timezone=self.site.site.timezone)
        self.reader = self.ledger.reader()
        self.start(self.ca)

    def live_an_hour(self):
        """People come, garments are handled and bought, coupons taken."""
        events, hour = [], self.clock.utc_ns() // (3600 * NS_PER_S)
        day = self.reader.site_time().day(self.clock.utc_ns())
        for _ in range(self.rng.randrange(4, 14)):
            action = self.rng.choice(["touched", "picked-up", "tried-on", "put-back"])
            sku = f"sku-{self.rng.randrange(5)}"
            self.truth["item", day, sku, action] += 1
            data = {"action": action, "sku": sku, "gtin": "", "start_utc_ns": 0, "duration_s": 1.0,
                    "confidence": 0.9, "visit": None, "visit_confidence": 0.0}  # fmt: skip
            events.append(self._event(EventKind.ITEM, data))
        for _ in range(self.rng.randrange(3)):
            quantity = self.rng.choice([1, 1, 2, -1])
            self.truth["item", day, "sku-0", "sold"] += quantity
            sale = {"transaction": str(self.number), "sku": "sku-0", "quantity": quantity}
            events.append(self._event(EventKind.SALE, sale))
        for _ in range(self.rng.randrange(2)):
            self.truth["redemption", day, "shoes-15"] += 1
            taken = {"coupon": "shoes-15", "nonce": str(self.number), "till": "1"}
            events.append(self._event(EventKind.REDEMPTION, taken))
        line = self.site.lines[0]
        for _ in range(self.rng.randrange(40)):
            self.truth["entered", day, line.id] += 1
            events.append(self._event(EventKind.CROSSING, {"direction": "in"}, line.id))
        self.ledger.append(events)
        assert hour == self.clock.utc_ns() // (3600 * NS_PER_S)

    def _event(self, kind, data, place=""):
        self.number += 1
        at_ns = self.clock.utc_ns() + self.rng.randrange(3600 * NS_PER_S)
        return Event(f"e{self.number}", kind, at_ns, 0, "c", place, data)

    def step(self):
        try:
            self.sync.step()
            self.reached += 1
        except HubError:
            self.failed += 1


def _publish(hub, version, site):
    """A new version of the mall: every store's text tells which."""
    directory = read_directory(site, MALL)
    stores = [it.model_copy(update={"text": f"version {version}"}) for it in directory.stores]
    told = directory.model_copy(update={"stores": tuple(stores)})
    offers = read_offers(site, MALL, directory)
    hub.shelf.publish(site.site.id, [*directory_records(told), *offers_records(offers)])


def _shown(store):
    """What screens are served now: one version of every store, or the site's own files."""
    content = store.files.load()
    running = running_by(store.site, store.mall, content)
    texts = {it.text for it in running.parts.directory.stores}
    assert len(running.parts.directory.stores) > 40
    if content is None or not content.bodies("stores"):
        return "own"
    assert len(texts) == 1, "half of one version and half of another"
    return texts.pop()


def _kept(hub_folder):
    """What the hub has, read from its file."""
    kept = Counter()
    with closing(sqlite3.connect(hub_folder / "hub.db")) as db:
        for day, sku, action, quantity in db.execute(
            "SELECT day, sku, action, sum(quantity) FROM item_days GROUP BY 1, 2, 3"
        ):
            kept["item", day, sku, action] = quantity
        for day, coupon, count in db.execute("SELECT day, coupon, count FROM redemption_days"):
            kept["redemption", day, coupon] = count
        for day, place, value in db.execute(
            "SELECT day, place, value FROM cells WHERE metric = 'entered' AND hour = -1 AND value"
        ):
            kept["entered", day, place] = value
    return Counter({key: count for key, count in kept.items() if count})


class Week:
    """What happens to store PC, network and hub, hour by hour.

    Attributes:
        version: of the content published last.
        kills: of the hub.
        shown: what screens were served, by how often that was looked at.
    """

    def __init__(self, hub, opened, network, store, rng):
        self.hub, self.opened, self.network, self.store, self.rng = hub, opened, network, store, rng
        self.version, self.kills, self.shown, self._up = 0, 0, Counter(), True

    def go_by(self):
        for day in range(DAYS):
            self.network.cut = day in CUT
            for hour in range(24):
                self._trouble()
                self.store.live_an_hour()
                self.store.clock.advance_ns(3600 * NS_PER_S)
                if day not in CUT or hour % 6 == 0:  # the pauses between tries are long by then
                    self.look()

    def _trouble(self):
        if self.rng.random() < 0.04:
            self.version += 1
            _publish(self.opened, self.version, self.store.site)
        if not self._up and self.rng.random() < 0.5:
            self._wake()
        elif self._up and not self.network.cut and self.rng.random() < 0.06:
            self.hub.kill()
            self.hub.start(wait=False)
            self._up, self.kills = False, self.kills + 1
        if self.rng.random() < 0.03:
            self.store.restart()

    def look(self):
        if self._up and not self.network.cut and self.rng.random() < 0.08:
            self._die_meanwhile()
        else:
            self.store.step()
        self.shown[_shown(self.store)] += 1

    def _wake(self):
        if not self._up:
            self.hub.wait()
            self._up = True

    def _die_meanwhile(self):
        """The hub dies in the middle of a round."""
        killer = threading.Timer(self.rng.uniform(0, 0.3), self.hub.kill)
        killer.start()
        self.store.step()
        killer.join()
        self.hub.start(wait=False)
        self._up, self.kills = False, self.kills + 1

    def settle(self):
        """The network is no better, but nothing new happens; the last day is over."""
        self.network.cut = False
        self.store.clock.advance_ns(26 * 3600 * NS_PER_S)
        for _ in range(300):
            self._wake()
            self.look()
            if self.store.sync.status.state is SyncState.WELL:  # the last round went through
                break
        self._wake()
        self.network.deliver_held()  # whatever is still on its way comes now, late


def test_nothing_is_lost_doubled_or_blank(hub, faulty_network, tmp_path):
    rng = Random(SEED)
    opened = Hub.open(hub.folder)
    network = faulty_network(hub.url, hub.certificate, hub.key, hub.ca, SEED)
    mall = load_site(MALL / "site.toml")
    opened.store.add_site(Site(mall.site.id, mall.site.name, "EUR"))
    store = Store(tmp_path, opened, network.url, rng)
    week = Week(hub, opened, network, store, rng)
    week.go_by()
    week.settle()
    counts = store.reader.out_counts()
    told = {
        "events": store.number, "facts": len(_received(hub.folder)), "hub killed": week.kills,
        "rounds that went well": store.reached, "rounds that failed": store.failed,
        "versions published": week.version, "versions shown": len(week.shown),
        "looks at what is shown": week.shown.total(), "whole swaps": store.swaps, **network.counts,
    }  # fmt: skip
    print(json.dumps(told))  # noqa: T201 - `pytest -s` tells what was done to it
    store.close()
    opened.store.close()
    assert (counts.waiting, counts.refused) == (0, 0)
    assert _shown(store) == f"version {week.version}"
    assert _kept(hub.folder) == _expected(store.truth)
    assert week.kills >= 2
    assert min(network.counts[it] for it in network.odds) >= 3
    assert network.counts["delivered late"] >= 3


def _expected(truth):
    """What the hub ought to have; days on which too few came are not told."""
    return Counter(
        {key: count for key, count in truth.items() if count and (key[0] != "entered" or count > 4)}
    )


def _received(folder):
    with closing(sqlite3.connect(folder / "hub.db")) as db:
        return db.execute("SELECT key FROM received").fetchall()
