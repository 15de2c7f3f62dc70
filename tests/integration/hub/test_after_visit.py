"""From a list to a reminder and a purchase, in both databases: as little kept as is said."""

import csv
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import insert, select

from edge_core.clock import ManualClock
from edge_core.config import Products
from edge_core.errors import PromenadeError
from edge_core.hub import tables as t
from edge_core.hub.after_visit.catalogue import Catalogue
from edge_core.hub.after_visit.csv_files import CsvFolder
from edge_core.hub.after_visit.figures import outcome, sums
from edge_core.hub.after_visit.keys import ContactKeys
from edge_core.hub.after_visit.lists import open_list, tell_key
from edge_core.hub.after_visit.opt_ins import Asked, OptIns, Purchase
from edge_core.hub.after_visit.postman import Postman
from edge_core.hub.after_visit.records import Writer
from edge_core.hub.after_visit.settings import AfterVisitConfig
from edge_core.hub.after_visit.webhook import Outcome
from edge_core.hub.server import Hub
from edge_core.hub.store import Site
from edge_core.suggest.list_link import (
    Listed,
    ListRefusedError,
    ListTrouble,
    ShopList,
    list_token,
)
from edge_core.sync.device_key import hash_of, new_secret
from edge_core.sync.protocol import Enrolment
from edge_core.sync.sections import product_records
from edge_core.units import NS_PER_S

pytestmark = pytest.mark.timeout(240)
HOUR = 3600 * NS_PER_S
DAY = 24 * HOUR
COAT, BLOUSE = "04012345101003", "04012345101010"
PRODUCTS = Path(__file__).parents[3] / "assets/malls/shop/products.csv"
CONFIG = AfterVisitConfig(
    address="https://list.shop.example",
    controller="The Shop, privacy@shop.example",
    channels=("email", "sms"),
    csv={},
)


class Taker:
    """Keeps records; fails when told to."""

    def __init__(self):
        self.records, self.fails, self.gone = [], 0, False

    def deliver(self, record):
        if self.fails:
            self.fails -= 1
            raise PromenadeError("The messaging is away.", "Wait.")
        self.records.append(record)
        return Outcome.GONE if self.gone else Outcome.DELIVERED

    def close(self):
        pass


class Chain:
    """A hub with two shops, and somebody at their mirrors."""

    def __init__(self, folder, database):
        noon = int(datetime(2026, 5, 4, 10, 0, tzinfo=UTC).timestamp()) * NS_PER_S
        self.clock = ManualClock(wall_ns=noon)
        self.hub = Hub.open(folder, database, self.clock)
        self.store = self.hub.store
        self.signers = {}
        catalogue = list(product_records(list(Products.from_csv(PRODUCTS))[:12]))
        for site in ("harbour", "station"):
            self.store.add_site(Site(site, f"Shop {site}", "EUR"))
            self.hub.shelf.publish(site, catalogue)
            self._enrol(site)
        self.keys = ContactKeys.open(folder / "contacts.key")
        self.taker = Taker()
        self.opt_ins = OptIns(self.store, self.keys, CONFIG)
        self.postman = self.postman_for(self.taker)

    def postman_for(self, connector, seed=1):
        writer = Writer(Catalogue(self.store, self.hub.shelf), self.keys, CONFIG)
        return Postman(self.store, self.opt_ins, writer, connector, Random(seed))

    def _enrol(self, site):
        secret = new_secret()
        asked = Enrolment(code=self.store.new_code(site), site=site, key_sha256=hash_of(secret))
        device = self.store.enrol(asked)
        self.signers[site] = (device, Ed25519PrivateKey.generate())
        public = self.signers[site][1].public_key().public_bytes_raw().hex()
        tell_key(self.store, device, public)

    def list_of(self, site="harbour", nonce=b"12345678", days=30, items=((COAT, True),)):
        now = datetime.fromtimestamp(self.clock.wall_ns // NS_PER_S, UTC)
        listed = tuple(Listed(gtin, tried) for gtin, tried in items)
        content = ShopList(listed, now + timedelta(days=days), nonce)
        return list_token(content, self.signers[site][1])

    def asks(self, contact, token=None):
        token = token or self.list_of()
        opened = open_list(self.store, token)
        channel = "email" if "@" in contact else "sms"
        self.opt_ins.ask(Asked(opened.site, opened.content, token, contact, channel, "en"))

    def agrees(self, contact, token=None):
        """Asks, gets the message, follows its link; returns the name of the opt-in."""
        self.asks(contact, token)
        self.postman.step()
        record = self.taker.records[-1]
        assert (record.kind, record.contact) == ("confirm", contact)
        name = self.keys.linked("confirm", record.url.rpartition("/")[2])
        assert self.opt_ins.confirm(name, datetime(2027, 1, 1, tzinfo=UTC))
        return name

    def person(self, held, start=0):
        """Somebody whom chance holds out, or not."""
        for number in range(start, 10_000):
            contact = f"p{number}@mail.example"
            if (self.keys.chance(self.keys.fingerprint(contact)) < CONFIG.holdout) == held:
                return contact
        raise AssertionError

    def pass_time(self, duration_ns):
        self.clock.advance_ns(duration_ns)
        self.postman.step()

    def sent(self, kind="reminder"):
        return [it for it in self.taker.records if it.kind == kind]

    def rows(self, table):
        with self.store.engine.connect() as connection:
            return connection.execute(select(table)).all()


def _chain(folder, database):
    chain = Chain(folder, database)
    yield chain
    chain.store.close()


@pytest.fixture
def chain(tmp_path):
    """In SQLite."""
    yield from _chain(tmp_path / "hub", None)


@pytest.fixture
def either_chain(tmp_path, database):
    """In SQLite and in PostgreSQL."""
    yield from _chain(tmp_path / "hub", database)


def test_one_reminder_in_the_morning_after_and_the_contact_is_gone(either_chain):
    chain = either_chain
    contact = chain.person(held=False)
    name = chain.agrees(contact)
    (waiting,) = chain.rows(t.opt_ins)
    assert contact not in "".join(str(it) for it in waiting)
    assert waiting.consent
    assert waiting.confirmed_utc_ns == chain.clock.wall_ns
    chain.pass_time(21 * HOUR)
    assert chain.sent() == []
    chain.pass_time(2 * HOUR)
    (reminder,) = chain.sent()
    assert reminder.contact == contact
    assert "Silk-touch blouse, Ivory, XS" in reminder.text
    assert "49.95" not in reminder.text
    assert (
        reminder.as_json()["email_headers"]["List-Unsubscribe"] == f"<{reminder.unsubscribe_url}>"
    )
    (done,) = chain.rows(t.opt_ins)
    assert (done.sealed, done.token, done.state) == ("", "", "done")
    chain.pass_time(40 * DAY)
    assert len(chain.sent()) == 1
    assert chain.rows(t.opt_ins) == chain.rows(t.messages) == chain.rows(t.sendings) == []
    (trial,) = chain.rows(t.trials)
    assert (trial.id, trial.arm, trial.fingerprint) == (name, "reminded", "")
    assert sums(chain.store, 0, 99_999)["harbour"] == {"asked": 1, "confirmed": 1, "reminded": 1}


def test_who_is_held_out_is_sent_nothing_and_forgotten_at_once(chain):
    name = chain.agrees(chain.person(held=True))
    (row,) = chain.rows(t.opt_ins)
    assert (row.sealed, row.token) == ("", "")
    assert chain.rows(t.messages) == []
    for _ in range(40):
        chain.pass_time(DAY)
    assert chain.sent() == []
    (trial,) = chain.rows(t.trials)
    assert (trial.id, trial.arm, trial.holdout_permille) == (name, "held-out", 200)


def test_who_does_not_confirm_is_deleted_and_asked_once_a_day_whatever_is_typed(chain):
    contact = chain.person(held=False)
    for nonce in (b"aaaaaaaa", b"bbbbbbbb", b"aaaaaaaa"):
        chain.asks(contact, chain.list_of(nonce=nonce))
    chain.postman.step()
    assert len(chain.sent("confirm")) == 1
    chain.pass_time(49 * HOUR)
    assert chain.rows(t.opt_ins) == chain.rows(t.messages) == chain.rows(t.trials) == []
    for number in range(6):
        chain.asks(f"q{number}@mail.example", chain.list_of(nonce=b"cccccccc"))
    chain.postman.step()
    assert len(chain.sent("confirm")) == 1 + 3  # of one list


def test_stopping_deletes_everything_that_tells_who_it_was(either_chain):
    chain = either_chain
    contact = chain.person(held=False)
    name = chain.agrees(contact)
    chain.clock.advance_ns(25 * HOUR)
    chain.agrees(contact, chain.list_of("station", b"87654321"))
    assert len(chain.sent()) == 1
    assert len(chain.rows(t.trials)) == 1  # one person, counted once
    chain.opt_ins.stop(name)
    chain.opt_ins.stop(name)
    assert chain.rows(t.opt_ins) == chain.rows(t.messages) == chain.rows(t.sendings) == []
    (trial,) = chain.rows(t.trials)
    assert trial.fingerprint == ""
    for _ in range(20):
        chain.pass_time(DAY)
    assert len(chain.sent()) == 1
    assert not chain.opt_ins.confirm(name, datetime(2027, 1, 1, tzinfo=UTC))


def test_one_reminder_a_week_from_all_shops_together(chain):
    contact = chain.person(held=False)
    chain.agrees(contact)
    chain.pass_time(25 * HOUR)
    assert len(chain.sent()) == 1
    first_ns = chain.clock.wall_ns
    chain.agrees(contact, chain.list_of("station", b"87654321"))
    for _ in range(12):
        chain.pass_time(HOUR * 12)
        if len(chain.sent()) == 2:
            break
        assert chain.clock.wall_ns - first_ns < 7 * DAY
    chain.pass_time(2 * DAY)
    assert len(chain.sent()) == 2
    (last,) = chain.rows(t.sendings)
    assert last.sent_utc_ns - first_ns >= 7 * DAY


def test_what_is_not_taken_is_tried_again_ever_more_slowly_and_sent_once(chain):
    contact = chain.person(held=False)
    chain.agrees(contact)
    chain.clock.advance_ns(23 * HOUR)
    chain.taker.fails = 3
    pauses = []
    while not chain.sent():
        before = chain.clock.wall_ns
        chain.postman.step()
        if chain.sent():
            break
        assert chain.postman.trouble == "The messaging is away."
        (waiting,) = chain.rows(t.messages)
        pauses.append((waiting.next_utc_ns - before) / NS_PER_S)
        assert chain.postman.step() == 0  # not before its time
        chain.clock.advance_ns(waiting.next_utc_ns - before)
    assert len(pauses) == 3
    assert all(15 * 2**n <= pause <= 60 * 2**n for n, pause in enumerate(pauses))
    assert chain.postman.trouble == ""
    chain.pass_time(DAY)
    assert len(chain.sent()) == 1


def test_of_two_hubs_one_sends_and_a_dead_one_leaves_it_to_the_other(either_chain):
    chain = either_chain
    chain.agrees(chain.person(held=False))
    chain.clock.advance_ns(23 * HOUR)
    other = chain.postman_for(chain.taker, seed=2)
    ready = other._ready()  # leased, and then the hub dies
    assert chain.postman.step() == 0
    chain.clock.advance_ns(120 * NS_PER_S)
    assert chain.postman.step() == 1
    assert [it.id for it in chain.sent()] == [it.record.id for it in ready]


def test_an_address_that_is_no_more_is_not_tried_again(chain):
    chain.agrees(chain.person(held=False))
    chain.taker.gone = True
    chain.pass_time(23 * HOUR)
    chain.pass_time(DAY)
    assert len(chain.sent()) == 1
    assert chain.rows(t.messages) == []
    assert sums(chain.store, 0, 99_999)["harbour"]["undelivered"] == 1


def test_nobody_is_reminded_of_what_is_sold_out_everywhere(chain):
    chain.agrees(chain.person(held=False))
    gone = [("stock", COAT, {"stock": 0})]
    for site in ("harbour", "station"):
        chain.hub.shelf.publish(site, gone)
    chain.pass_time(23 * HOUR)
    assert chain.sent() == []
    assert chain.rows(t.messages) == []


def test_a_purchase_is_counted_in_both_arms_once_and_ends_the_reminder(either_chain):
    chain = either_chain
    reminded, held = chain.person(held=False), chain.person(held=True)
    token = chain.list_of()
    chain.agrees(reminded, token)
    chain.agrees(held, chain.list_of(nonce=b"hhhhhhhh"))
    code = chain.opt_ins.code_of(open_list(chain.store, token).content)
    assert len(code) == 8
    now = datetime.fromtimestamp(chain.clock.wall_ns // NS_PER_S, UTC) + timedelta(hours=1)
    told = [
        Purchase("1", now, code=f"{code[:4].lower()} {code[4:]}"),
        Purchase("2", now, contact=held),
        Purchase("3", now, contact="stranger@mail.example", code="ZZZZZZZZ"),
        Purchase("4", now + timedelta(days=15), contact=held),
        Purchase("5", now - timedelta(days=1), contact=held),
    ]
    assert chain.opt_ins.take_purchases(told) == 2
    assert chain.opt_ins.take_purchases(told) == 0
    chain.pass_time(30 * HOUR)
    assert chain.sent() == []
    assert {(it.arm, it.by_code, it.by_contact) for it in chain.rows(t.trials)} == {
        ("reminded", 1, 0),
        ("held-out", 0, 1),
    }
    chain.pass_time(20 * DAY)
    found = outcome(chain.store, 0, 99_999)
    assert (found.reminded, found.reminded_bought, found.held, found.held_bought) == (1, 1, 1, 1)
    assert found.overall is None


def test_lift_by_both_databases(either_chain):
    chain = either_chain
    started = chain.clock.wall_ns - 30 * DAY
    row = {"site": "harbour", "fingerprint": "", "started_utc_ns": started,
           "ends_utc_ns": started + 14 * DAY, "holdout_permille": 200}  # fmt: skip
    trials = [
        row | {"id": f"{arm}{n}", "arm": arm, "by_code": int(n < bought), "by_contact": 0}
        for arm, people, bought in (("reminded", 120, 36), ("held-out", 60, 6))
        for n in range(people)
    ]
    with chain.store.engine.begin() as connection:
        connection.execute(insert(t.trials), trials)
    found = outcome(chain.store, 0, 99_999)
    assert found.overall.difference == pytest.approx(0.3 - 0.1)
    assert found.overall.is_told_apart
    assert not found.by_contact.is_told_apart


def test_lists_of_strangers_revoked_and_replaced_keys_do_not_open(chain):
    token = chain.list_of()
    assert open_list(chain.store, token).site == "harbour"
    device, _ = chain.signers["harbour"]
    tell_key(
        chain.store, device, Ed25519PrivateKey.generate().public_key().public_bytes_raw().hex()
    )
    with pytest.raises(ListRefusedError) as caught:
        open_list(chain.store, token)
    assert caught.value.trouble is ListTrouble.UNKNOWN
    token = chain.list_of("station")
    chain.store.revoke(chain.signers["station"][0].id)
    with pytest.raises(ListRefusedError):
        open_list(chain.store, token)


def test_messages_as_files(chain, tmp_path):
    chain.asks("=cmd@mail.example")
    chain.asks("+8613800138000", chain.list_of(nonce=b"zzzzzzzz"))
    folder = tmp_path / "out"
    assert chain.postman_for(CsvFolder(folder, chain.clock)).step() == 2
    rows = []
    for path in sorted(folder.iterdir()):
        assert path.stat().st_mode & 0o077 == 0
        text = path.read_bytes().decode("utf-8-sig")
        rows += list(csv.DictReader(io.StringIO(text)))
    assert {row["contact"] for row in rows} == {"'=cmd@mail.example", "'+8613800138000"}
    assert all(row["url"].startswith("https://list.shop.example/r/confirm/") for row in rows)
