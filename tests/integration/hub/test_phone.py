"""A shopper's phone, in a real browser: from the scanned code to a reminder, and no more after.

A real hub over TLS, a real receiver of its webhook, Chromium at phone size. Only the waits are cut
short, by setting what is due to now.
"""

import hmac
import json
import secrets
import sqlite3
import threading
import time
from contextlib import closing
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edge_core.config import Products
from edge_core.hub.after_visit.keys import ContactKeys
from edge_core.hub.after_visit.lists import tell_key
from edge_core.hub.server import Hub
from edge_core.hub.store import Site
from edge_core.suggest.list_link import (
    NO_ROUTE,
    ListCoupon,
    Listed,
    ShopList,
    list_token,
)
from edge_core.suggest.take_home import (
    CouponOffer,
    TakeHome,
    key_id,
    nonce_from,
    read,
    sign,
    signature_of,
)
from edge_core.sync.device_key import hash_of, new_secret
from edge_core.sync.protocol import Enrolment
from edge_core.sync.sections import product_records

pytestmark = pytest.mark.timeout(300)
PRODUCTS = Path(__file__).parents[3] / "assets/malls/shop/products.csv"
SECRET = "a secret that both sides know of, long enough"
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
BLOUSE = "04012345101003"
DEADLINE_S = 120


class Receiver:
    """The retailer's messaging: checks signatures, keeps what it is sent, is away at first."""

    def __init__(self):
        self.taken, self.refused = [], 1
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["content-length"]))
                parts = dict(it.split("=") for it in self.headers["promenade-signature"].split(","))
                told = hmac.digest(SECRET.encode(), f"{parts['t']}.".encode() + body, "sha256")
                assert hmac.compare_digest(told.hex(), parts["v1"])
                record = json.loads(body)
                assert record["id"] == self.headers["idempotency-key"]
                if outer.refused:
                    outer.refused -= 1
                    self.send_response(503)
                else:
                    outer.taken.append(record)
                    self.send_response(204)
                self.end_headers()

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/messages"
        self._thread = threading.Thread(target=self._server.serve_forever, name="receiver")
        self._thread.start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class Shop:
    """A hub with one shop whose mirror makes lists."""

    def __init__(self, process, receiver):
        self.process, self.url = process, process.url
        folder = process.folder
        (folder / "webhook.secret").write_text(SECRET)
        (folder / "purchases.key").write_text("k" * 40)
        (folder / "after-visit.toml").write_text(
            f'address = "{self.url}"\ncontroller = "The Shop, privacy@shop.example"\n'
            'quiet_from = "00:00"\nquiet_until = "00:00"\npurchases_key = "purchases.key"\n'
            f'[webhook]\nurl = "{receiver.url}"\nsecret = "webhook.secret"\nallow_private = true\n'
        )
        opened = Hub.open(folder)
        opened.store.add_site(Site("shop", "Silverstitch", "EUR"))
        opened.store.add_site(Site("harbour", "Silverstitch Harbour", "EUR"))
        opened.shelf.publish("shop", product_records(list(Products.from_csv(PRODUCTS))[:120]))
        opened.shelf.publish("harbour", [("stock", BLOUSE, {"stock": 4})])
        secret = new_secret()
        code = opened.store.new_code("shop")
        device = opened.store.enrol(Enrolment(code=code, site="shop", key_sha256=hash_of(secret)))
        tell_key(opened.store, device, KEY.public_key().public_bytes_raw().hex())
        opened.store.close()
        self.keys = ContactKeys.open(folder / "contacts.key")
        process.start()

    def list_url(self, days=30.0):
        now = datetime.now(UTC)
        expires = (now + timedelta(hours=3)).replace(second=0, microsecond=0)
        nonce = secrets.token_bytes(16)
        offer = CouponOffer("coats-10", "10%", expires, nonce_from(nonce))
        text = sign(TakeHome("shop", "10 % off coats", NO_ROUTE, offer), KEY)
        named = key_id(KEY.public_key())
        coupon = ListCoupon(
            "coats-10", "10%", "10 % off coats", named, expires, nonce, signature_of(text)
        )
        items = (Listed(BLOUSE, True), Listed("04012345101010", False))
        content = ShopList(items, now + timedelta(days=days), secrets.token_bytes(8), coupon)
        return f"{self.url}/l/{list_token(content, KEY)}"

    def person(self, held):
        for number in range(10_000):
            contact = f"p{number}@mail.example"
            if (self.keys.chance(self.keys.fingerprint(contact)) < 0.2) == held:
                return contact
        raise AssertionError

    def db(self, statement, *arguments):
        with closing(sqlite3.connect(self.process.folder / "hub.db", timeout=30)) as db, db:
            return db.execute(statement, arguments).fetchall()

    def all_is_due(self):
        self.db("UPDATE messages SET next_utc_ns = 0, leased_utc_ns = 0")


def until(condition):
    deadline = time.monotonic() + DEADLINE_S
    while not condition():
        assert time.monotonic() < deadline
        threading.Event().wait(0.05)


@pytest.fixture(scope="module")
def receiver():
    receiver = Receiver()
    yield receiver
    receiver.close()


@pytest.fixture(scope="module")
def shop(tmp_path_factory, hub_processes, receiver):
    return Shop(hub_processes(tmp_path_factory.mktemp("phone") / "hub"), receiver)


@pytest.fixture(scope="module")
def phone(tmp_path_factory, browsers, shop):
    return browsers(tmp_path_factory.mktemp("profile"), (390, 844), phone=True)


@pytest.fixture
def http(shop):
    with httpx.Client(verify=False, trust_env=False, base_url=shop.url) as client:
        yield client


def _heading(phone, text):
    phone.wait_for(f"document.querySelector('h1')?.innerText === {json.dumps(text)}", DEADLINE_S)


def _text(phone):
    return phone.run("return document.body.innerText")


def _submit(phone, contact):
    phone.run(
        "document.querySelector('#contact').value = arguments[0];"
        "document.querySelector('input[name=agree]').click();"
        "document.querySelector('form button').click();",
        contact,
    )


def _asks_and_agrees(phone, shop, receiver, url, contact):
    before = len(receiver.taken)
    phone.open(url)
    _submit(phone, contact)
    phone.wait_for("document.querySelector('.note')", DEADLINE_S)
    assert "please confirm" in _text(phone)
    until(lambda: shop.all_is_due() or len(receiver.taken) > before)
    record = receiver.taken[-1]
    assert (record["kind"], record["contact"]) == ("confirm", contact)
    phone.open(record["url"])
    _heading(phone, "One reminder?")
    phone.run("document.querySelector('button').click();")
    _heading(phone, "Agreed")


def test_from_the_code_to_one_reminder_and_none_after_stopping(shop, phone, receiver):
    url, contact = shop.list_url(), shop.person(held=False)
    _asks_and_agrees(phone, shop, receiver, url, contact)
    assert receiver.refused == 0  # it was away once, and was tried again
    phone.open(url)
    assert "At the till" in _text(phone)
    assert "Shall we remind you?" not in _text(phone)
    until(lambda: shop.all_is_due() or receiver.taken[-1]["kind"] == "reminder")
    reminder = receiver.taken[-1]
    assert reminder["contact"] == contact
    assert reminder["url"] == url
    assert reminder["garments"][0] == "Silk-touch blouse, Ivory, XS"
    assert reminder["email_headers"]["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    until(lambda: shop.db("SELECT state, sealed, token FROM opt_ins") == [("done", "", "")])
    phone.open(reminder["unsubscribe_url"])
    _heading(phone, "Stop reminders?")
    phone.run("document.querySelector('button').click();")
    _heading(phone, "Stopped")
    assert shop.db("SELECT count(*) FROM opt_ins") == [(0,)]
    assert shop.db("SELECT count(*) FROM trials WHERE fingerprint <> ''") == [(0,)]
    for name in ("hub.db", "hub.db-wal"):
        assert contact.encode() not in (shop.process.folder / name).read_bytes()


def test_who_is_held_out_sees_the_same_and_is_sent_nothing(shop, phone, receiver, http):
    url, contact = shop.list_url(), shop.person(held=True)
    _asks_and_agrees(phone, shop, receiver, url, contact)
    phone.open(url)
    code = phone.run("return document.querySelector('.signs').innerText")
    assert shop.db("SELECT count(*) FROM messages") == [(0,)]
    assert shop.db("SELECT arm FROM trials ORDER BY started_utc_ns DESC LIMIT 1") == [("held-out",)]
    told = [{"id": "till-1-99", "time_utc": datetime.now(UTC).isoformat(), "code": code}]
    key = {"authorization": f"Bearer {'k' * 40}"}
    for _ in range(2):
        answer = http.post("/v1/purchases", json={"purchases": told}, headers=key)
        assert answer.json() == {"taken": 1}
    assert shop.db("SELECT sum(by_code), sum(by_contact) FROM trials") == [(1, 0)]
    assert http.post("/v1/purchases", json={"purchases": told}).status_code == 403
    assert [it["kind"] for it in receiver.taken if it["contact"] == contact] == ["confirm"]


def test_the_page_fits_a_phone_and_asks_nobody_else(shop, phone):
    phone.log("performance")
    phone.open(f"{shop.list_url()}?lang=en")
    text = _text(phone)
    for told in ("Silk-touch blouse", "€49.95", "10 %", "Goes well with it", "Your coupon"):
        assert told in text
    assert phone.run("return document.documentElement.scrollWidth") == 390
    small = phone.run(
        "return [...document.querySelectorAll('a, button, summary, input:not([type=hidden])')]"
        ".map((it) => (it.closest('label') ?? it).getBoundingClientRect())"
        ".filter((it) => it.height < 44 || it.width < 44).length"
    )
    assert small == 0
    unnamed = phone.run(
        "return [...document.querySelectorAll('img, input:not([type=hidden]), [role=img]')]"
        ".filter((it) => !(it.alt || it.ariaLabel || it.labels?.length)).length"
    )
    assert unnamed == 0
    assert phone.run("return [...document.images].every((it) => it.naturalWidth > 0)")
    phone.run("document.querySelector('.garment summary').click();")
    assert "Silverstitch Harbour" not in text
    assert "Silverstitch Harbour" in _text(phone)
    assert "4 left" in _text(phone)
    events = [json.loads(entry["message"])["message"] for entry in phone.log("performance")]
    asked = [
        it["params"]["request"]["url"]
        for it in events
        if it["method"] == "Network.requestWillBeSent"
    ]
    assert asked
    assert all(it.startswith((shop.url, "data:")) for it in asked)
    assert phone.cookies() == {}
    assert [it for it in phone.log("browser") if it["level"] == "SEVERE"] == []


def test_contrast_is_enough_everywhere(shop, phone):
    phone.open(shop.list_url())
    worst = phone.run(
        """
        const light = (rgb) => rgb.map((it) => { it /= 255;
          return it <= 0.03928 ? it / 12.92 : ((it + 0.055) / 1.055) ** 2.4; })
          .reduce((sum, it, place) => sum + it * [0.2126, 0.7152, 0.0722][place], 0);
        const rgb = (text) => text.match(/[0-9.]+/g).map(Number);
        const ground = (it) => { for (; it; it = it.parentElement) {
          const colour = rgb(getComputedStyle(it).backgroundColor);
          if (colour.length === 3 || colour[3] > 0) return colour.slice(0, 3); }
          return [0, 0, 0]; };
        return Math.min(...[...document.querySelectorAll('main *, header *')]
          .filter((it) => [...it.childNodes].some((node) => node.nodeType === 3 &&
            node.data.trim()))
          .map((it) => { const [a, b] = [light(rgb(getComputedStyle(it).color).slice(0, 3)),
            light(ground(it))].sort((x, y) => y - x); return (a + 0.05) / (b + 0.05); }));
        """
    )
    assert worst >= 4.5


def test_what_is_no_list_gets_a_kind_page_and_leaves_no_trace(shop, http):
    before = shop.db("SELECT * FROM list_days ORDER BY 1, 2, 3")
    url = shop.list_url()
    changed = f"{url[:-30]}{'A' if url[-30] != 'A' else 'B'}{url[-29:]}"
    for address, status, told in (
        (changed, 404, "No list here"),
        (f"{shop.url}/l/nonsense", 404, "No list here"),
        (f"{shop.url}/l/{'A' * 5000}", 404, "No list here"),
        (shop.list_url(days=-1), 410, "This list has run out"),
        (f"{shop.url}/r/confirm/someone.proof", 410, "This link has run out"),
        (f"{shop.url}/r/stop/someone.proof", 410, "This link has run out"),
    ):
        answer = http.get(address)
        assert (answer.status_code, told in answer.text) == (status, True)
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "script" not in answer.headers["content-security-policy"]
        assert "set-cookie" not in answer.headers
    assert http.post(f"{changed}/remind", data={"contact": "a@b.example", "agree": "yes"})
    assert http.get("/r/garment/..%2f..%2fsecret.svg").status_code == 404
    assert shop.db("SELECT * FROM list_days ORDER BY 1, 2, 3") == before


def test_without_consent_or_with_a_typing_error_nothing_is_kept(shop, http):
    url = shop.list_url()
    before = shop.db("SELECT count(*) FROM opt_ins")
    for form, told in (
        ({"contact": "a@b.example"}, "tick the box"),
        ({"contact": "no address", "agree": "yes"}, "check the address"),
        ({"contact": "<script>@x.example", "agree": "yes"}, "check the address"),
    ):
        answer = http.post(f"{url}/remind", data=form, follow_redirects=True)
        assert told in answer.text
        assert "<script>" not in answer.text
    assert shop.db("SELECT count(*) FROM opt_ins") == before


def test_a_phone_in_chinese_gets_chinese(shop, http):
    chinese = http.get(shop.list_url(), headers={"accept-language": "zh-CN,zh;q=0.9,en;q=0.8"})
    assert '<html lang="zh-Hans">' in chinese.text
    assert "丝感衬衫" in chinese.text
    assert "搭配灵感" in chinese.text
    english = http.get(shop.list_url(), headers={"accept-language": "fr, en;q=0.5"})
    assert "Silk-touch blouse" in english.text


def test_the_coupon_on_the_page_is_one_that_tills_take(shop):
    from edge_core.hub.after_visit.phone_html import coupon_text
    from edge_core.suggest.list_link import read_list

    token = shop.list_url().rpartition("/")[2]
    content = read_list(token, [KEY.public_key()], datetime.now(UTC))
    assert read(coupon_text("shop", content.coupon), "shop", KEY.public_key()).offer.value == "10%"
