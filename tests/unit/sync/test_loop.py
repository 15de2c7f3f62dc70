"""Rounds with a real hub's store behind a transport that can be told to misbehave."""

import json
from datetime import UTC, datetime

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edge_core.clock import ManualClock
from edge_core.config import parse_site
from edge_core.errors import ConfigError, HubError, HubRefusedError, Problem
from edge_core.hub.publish import Shelf
from edge_core.hub.store import HubStore, RefusedError, Site
from edge_core.hub.tables import open_database
from edge_core.ledger import Ledger, OutboxRow
from edge_core.service.problems import problem_response
from edge_core.sync.client import HubClient
from edge_core.sync.content import ContentFile
from edge_core.sync.device_key import DeviceKey, hash_of, new_secret
from edge_core.sync.loop import Sync, SyncState
from edge_core.sync.pace import ByteBudget
from edge_core.sync.protocol import Batch, Enrolment, HealthReport, Receipt, Row
from edge_core.types import Event, EventKind
from edge_core.units import NS_PER_S

SITE = parse_site(
    """
[site]
id = "shop"
name = "Shop"
[[cameras]]
id = "door"
source = "usb:0"
[[lines]]
id = "entrance"
name = "Entrance"
camera = "door"
start_px = [0, 0]
end_px = [100, 0]
picture_px = [640, 360]
"""
)
START_NS = round(datetime(2026, 5, 4, 9, tzinfo=UTC).timestamp()) * NS_PER_S
DAY_NS = 86_400 * NS_PER_S
HEALTH = HealthReport(
    version="1", status="ok", uptime_s=1, cameras=1, cameras_well=1, readers=0, readers_well=0,
    ledger_mb=1,
)  # fmt: skip


class World:
    """A store PC and the hub it asks.

    Attributes:
        clock: the store PC's; `hub_clock` is the hub's.
        most_rows: the hub takes no more in a batch.
        down: the hub answers 503.
        batches: what the store PC sent, as far as it got through.
        unfit: what the store PC says of new content.
    """

    def __init__(self, folder):
        self.clock, self.hub_clock = ManualClock(wall_ns=START_NS), ManualClock(wall_ns=START_NS)
        self.store = HubStore(open_database("sqlite://"), self.hub_clock)
        self.store.add_site(Site("shop", "Shop", "EUR"))
        self.shelf = Shelf(self.store, Ed25519PrivateKey.generate())
        self.most_rows, self.down, self.batches = 1000, False, []
        self.unfit, self.taken = "", []
        secret = new_secret()
        device = self.store.enrol(
            Enrolment(code=self.store.new_code("shop"), site="shop", key_sha256=hash_of(secret))
        )
        self.key = DeviceKey("http://127.0.0.1", "shop", device.id, self.shelf.public_key, secret)
        self.ledger = Ledger(folder / "l.db")
        self.reader = self.ledger.reader()
        self.files = ContentFile(folder / "c.json", self.key.signer, "shop")
        self.client = HubClient(
            self.key.url, self.key.token, ca=None, clock=self.clock,
            transport=httpx.MockTransport(self._answer),
        )  # fmt: skip
        self.number = 0
        self.new_sync()

    def new_sync(self):
        self.sync = Sync(
            SITE, self.key, self.client, self.ledger, self.reader, self.files, judge=self._judge,
            changed=self.taken.append, health=lambda: HEALTH, clock=self.clock,
        )  # fmt: skip

    def close(self):
        self.client.close()
        self.reader.close()
        self.ledger.close()
        self.store.close()

    def happen(self, kind, count=1, **data):
        known = {"item": {"action": "touched", "sku": "a", "gtin": "", "start_utc_ns": 0,
                          "duration_s": 1.0, "confidence": 1.0, "visit": None,
                          "visit_confidence": 0.0}, "crossing": {"direction": "in"}}  # fmt: skip
        events = []
        for _ in range(count):
            self.number += 1
            place = "entrance" if kind == "crossing" else ""
            events.append(Event(f"e{self.number}", EventKind(kind), self.clock.utc_ns(), 0, "",
                                place, known.get(kind, {}) | data))  # fmt: skip
        self.ledger.append(events)

    def days_told(self):
        rows = [row for batch in self.batches for row in batch.rows if row.kind == "day"]
        return [row.body["day"] for row in rows]

    def pass_time(self, duration_ns):
        self.clock.advance_ns(duration_ns)
        self.hub_clock.advance_ns(duration_ns)

    def _judge(self, _):
        if self.unfit:
            raise ConfigError("content", [Problem(None, "stores", "", self.unfit, "Mend it.")])

    def _answer(self, request):
        if self.down:
            return _sent(problem_response(503, "Resting.", "Wait."))
        try:
            device = self.store.device_of(request.headers["authorization"].split()[1])
        except RefusedError as error:
            return _sent(problem_response(403, error.message, error.remedy))
        if request.method == "GET":
            since, etag = int(request.url.params["since"]), self.shelf.etag("shop")
            if request.headers.get("if-none-match") == etag:
                return httpx.Response(304)
            return httpx.Response(200, text=self.shelf.page("shop", since).model_dump_json())
        batch = Batch.model_validate_json(request.read())
        if len(batch.rows) > self.most_rows:
            return _sent(problem_response(413, "Too much.", "Send less."))
        self.batches.append(batch)
        taken = self.store.take(device, batch)
        receipt = Receipt(
            kept=taken.kept, known=taken.known, refused=taken.refused,
            utc_ns=self.hub_clock.utc_ns(),
        )  # fmt: skip
        return httpx.Response(200, text=receipt.model_dump_json())


def _sent(answer):
    return httpx.Response(answer.status_code, content=answer.body)


@pytest.fixture
def world(tmp_path):
    made = World(tmp_path)
    yield made
    made.close()


def _closures(text):
    return [("closures", "000", {"text": text, "what": "x"})]


def test_what_was_before_the_enrolment_stays_in_the_store(tmp_path):
    ledger = Ledger(tmp_path / "l.db")
    ledger.append([Event("old", EventKind.SALE, START_NS - DAY_NS, 0, "", "",
                         {"transaction": "1", "sku": "a", "quantity": 1})])  # fmt: skip
    ledger.close()
    world = World(tmp_path)
    world.happen("item")
    world.sync.step()
    assert [row.body.get("action") for it in world.batches for row in it.rows] == ["touched"]
    world.close()


def test_an_outage_changes_nothing_but_the_time_of_arrival(world):
    world.down = True
    world.happen("item", 30)
    for _ in range(3):
        with pytest.raises(HubError, match="Resting"):
            world.sync.step()
    assert world.sync.status.state is SyncState.WAITING
    assert world.sync.status.waiting == 30
    world.new_sync()  # the store PC was switched off and on
    world.down = False
    world.sync.step()
    world.sync.step()
    assert world.store.counts()["received"] == 30
    assert (world.sync.status.state, world.sync.status.waiting) == (SyncState.WELL, 0)


def test_a_day_is_told_once_after_it_is_over(world):
    world.happen("crossing", 12)
    for _ in range(8):
        world.pass_time(DAY_NS // 4)
        world.sync.step()
    assert world.days_told() == ["2026-05-04", "2026-05-05"]


def test_a_clock_that_runs_days_ahead_tells_no_day_too_early(world):
    world.happen("crossing", 12)
    world.clock.wall_ns += 3 * DAY_NS  # somebody set it wrongly
    world.sync.step()
    world.sync.step()
    assert world.days_told() == []
    assert world.sync.status.clock_ahead_s == pytest.approx(3 * 86_400)
    world.clock.wall_ns -= 3 * DAY_NS
    world.pass_time(DAY_NS)
    world.happen("crossing", 20)
    world.pass_time(DAY_NS)
    world.sync.step()
    assert world.days_told() == ["2026-05-04", "2026-05-05"]
    [health] = [it.health for it in world.store.devices()]
    assert health.clock_ahead_s is not None


def test_a_clock_that_is_behind_loses_nothing(world):
    world.clock.wall_ns -= 400 * DAY_NS
    world.new_sync()
    world.happen("item", 5)
    world.sync.step()
    assert world.store.counts()["received"] == 5
    assert world.sync.status.clock_ahead_s == pytest.approx(-400 * 86_400)


def test_batches_shrink_until_the_hub_takes_them(world):
    world.most_rows = 7
    world.happen("item", 50)
    world.sync.step()
    assert world.store.counts()["received"] == 50
    assert max(len(batch.rows) for batch in world.batches) <= 7


def test_a_row_that_is_refused_is_kept_apart(world):
    world.ledger.put_out([OutboxRow("x", "hologram", "{}")], {})
    world.happen("item", 3)
    world.sync.step()
    world.sync.step()
    assert (world.sync.status.waiting, world.sync.status.refused) == (0, 1)
    assert world.store.counts()["received"] == 3
    assert sum(row.key == "x" for batch in world.batches for row in batch.rows) == 1


def test_content_that_does_not_fit_is_refused_whole_and_the_last_good_one_stays(world):
    world.shelf.publish("shop", _closures("good"))
    world.sync.step()
    world.unfit = "no such zone"
    world.shelf.publish("shop", _closures("bad"))
    world.sync.step()
    world.sync.step()
    assert world.files.load().bodies("closures")[0]["text"] == "good"
    assert "no such zone" in world.sync.status.content_refused
    assert "no such zone" in world.store.devices()[0].health.content_refused
    world.unfit = ""
    world.shelf.publish("shop", _closures("better"))
    world.sync.step()
    assert world.files.load().bodies("closures")[0]["text"] == "better"
    assert [it.bodies("closures")[0]["text"] for it in world.taken] == ["good", "better"]
    assert world.sync.status.content_refused == ""


def test_content_with_another_signature_is_never_used(world):
    world.shelf.publish("shop", _closures("good"))
    world.sync.step()
    world.shelf._key = Ed25519PrivateKey.generate()
    world.shelf.publish("shop", _closures("forged"))
    with pytest.raises(HubError, match="not signed"):
        world.sync.step()
    assert world.files.load().bodies("closures")[0]["text"] == "good"


def test_a_revoked_store_pc_says_so_and_keeps_what_it_has(world):
    world.shelf.publish("shop", _closures("good"))
    world.sync.step()
    world.store.revoke(world.key.device)
    world.happen("item", 2)
    with pytest.raises(HubRefusedError):
        world.sync.step()
    assert world.sync.status.state is SyncState.REFUSED
    assert "promenade enrol" in world.sync.status.told
    assert world.reader.out_counts().waiting == 2
    assert world.files.load() is not None


def test_a_new_ledger_goes_on_with_higher_numbers(world, tmp_path):
    world.sync.step()
    first = world.batches[-1].number
    world.pass_time(DAY_NS)
    world.reader.close()
    world.ledger.close()
    (tmp_path / "l.db").unlink()
    world.ledger = Ledger(tmp_path / "l.db")
    world.reader = world.ledger.reader()
    world.new_sync()
    world.sync.step()
    assert world.batches[-1].number > first


def test_nothing_of_a_person_is_in_what_is_sent(world):
    world.happen("item", 3, visit=424_242_424, visit_confidence=0.93)
    world.happen("crossing", 40)
    world.ledger.append([Event("v", EventKind.VISIT, world.clock.utc_ns(), 0, "", "entrance", {
        "visit": 424_242_424, "entered_utc_ns": 1, "left_utc_ns": 2, "duration_s": 5.0,
        "entrance": "entrance", "exit": "", "zones": [["room-7", 3.0]], "group": 1,
        "group_id": None, "staff": False, "again": False, "seen_in": "complete"})])  # fmt: skip
    world.sync.step()
    world.pass_time(2 * DAY_NS)
    world.sync.step()
    sent = json.dumps([batch.model_dump(mode="json") for batch in world.batches])
    assert "2026-05-04" in sent
    for secret in ("424242424", "room-7", "0.93", "group", "visit_confidence"):
        assert secret not in sent


def test_a_capped_line_is_not_filled_beyond_its_cap(world):
    waits = []

    def wait(seconds):
        waits.append(seconds)
        world.clock.advance_ns(round(seconds * NS_PER_S))

    def piecewise(request):
        answer = world._answer(request)
        pieces = [answer.content[at : at + 4096] for at in range(0, len(answer.content), 4096)]
        return httpx.Response(answer.status_code, content=iter(pieces))

    rate = 2000.0
    budget = ByteBudget(rate, world.clock, wait)
    client = HubClient(
        world.key.url, world.key.token, ca=None, clock=world.clock, budget=budget,
        transport=httpx.MockTransport(piecewise),
    )  # fmt: skip
    world.shelf.publish("shop", [("closures", f"{n:03}", {"text": "x" * 200}) for n in range(300)])
    begun = world.clock.monotonic_ns()
    page = client.content(0)
    passed_s = (world.clock.monotonic_ns() - begun) / NS_PER_S
    size = len(page.model_dump_json())
    assert passed_s >= (size - rate) / rate
    rows = tuple(Row(key=f"k{n}", kind="item", body={}) for n in range(400))
    client.send(Batch(number=1, rows=rows))
    client.close()
    assert sum(waits) >= (size + 10_000) / rate - 2
