"""Phone pages and their forms under hostile questions, over SQLite and over PostgreSQL.

A few hundred questions at every run; `PROMENADE_FUZZ=500 pytest -s` asks ten times as many rounds
as it says. No answer may be an error of the hub's own, and none may repeat markup as markup.
"""

import importlib.util
import os
import secrets
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote, quote_from_bytes

import anyio
import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edge_core.clock import ManualClock
from edge_core.config import Products
from edge_core.hub.after_visit.keys import ContactKeys
from edge_core.hub.after_visit.lists import tell_key
from edge_core.hub.server import Hub
from edge_core.hub.store import Site
from edge_core.suggest.list_link import Listed, ShopList, list_token
from edge_core.sync.device_key import hash_of, new_secret
from edge_core.sync.protocol import Enrolment
from edge_core.sync.sections import product_records
from edge_core.units import NS_PER_S

pytestmark = pytest.mark.timeout(7200)
TESTS = Path(__file__).parents[2]
CONTRACTS = TESTS / "contracts"
PRODUCTS = TESTS.parent / "assets" / "malls" / "shop" / "products.csv"
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
ROUNDS = int(os.environ.get("PROMENADE_FUZZ", "4"))
A_ROUND = 10
MARKUP = "<script>alert(1)</script>"
ODD = [
    "", "\x00", "a\x00b@c.de", "\ud800", "x" * 5000, MARKUP, "{{7*7}}", "' OR 1=1 --", "../../x",
    "%00", "\r\nSet-Cookie: a=b", "\u202e", "a@b.de", "+4915112345678", "yes", "zh", "１２", "💃",
]  # fmt: skip


class Hurried(ManualClock):
    """A second passes between any two looks, so that nobody asks too often."""

    def monotonic_ns(self):
        self.advance_ns(NS_PER_S)
        return super().monotonic_ns()


class Pages:
    """A hub with one shop, a list that opens, and one reminder that is asked for."""

    def __init__(self, folder, database, stack):
        folder.mkdir(mode=0o700)
        (folder / "purchases.key").write_text("k" * 40)
        (folder / "purchases.key").chmod(0o600)
        (folder / "after-visit.toml").write_text(
            'address = "https://hub.example"\ncontroller = "The Shop, privacy@shop.example"\n'
            'purchases_key = "purchases.key"\nchannels = ["email", "sms"]\n[csv]\n'
        )
        self.hub = hub = Hub.open(folder, database, Hurried())
        stack.callback(hub.store.close)
        hub.store.add_site(Site("shop", "Silverstitch", "EUR"))
        hub.shelf.publish("shop", product_records(list(Products.from_csv(PRODUCTS))[:40]))
        self.secret = new_secret()
        code = hub.store.new_code("shop")
        asked = Enrolment(code=code, site="shop", key_sha256=hash_of(self.secret))
        self.device = hub.store.enrol(asked)
        tell_key(hub.store, self.device, KEY.public_key().public_bytes_raw().hex())
        self.app = hub.api()
        assert hub._after_visit(self.app, stack) is not None
        now = datetime.fromtimestamp(hub.store.clock.utc_ns() / NS_PER_S, UTC)
        sku = next(iter(Products.from_csv(PRODUCTS))).gtin
        content = ShopList((Listed(sku, True),), now + timedelta(days=30), secrets.token_bytes(8))
        self.token = list_token(content, KEY)
        keys = ContactKeys.open(folder / "contacts.key")
        self.links = {use: keys.link(use, "nobody") for use in ("confirm", "stop")}
        self.asked = 0

    def ask(self, questions):
        """Answers that no question may get."""

        async def send():
            transport = httpx.ASGITransport(self.app, raise_app_exceptions=False)
            found = []
            async with httpx.AsyncClient(transport=transport, base_url="https://hub.example") as it:
                for how, address, body, kind in questions:
                    self.asked += 1
                    transport.client = (f"10.{self.asked >> 16}.{self.asked >> 8 & 255}.1", 1)
                    answer = await it.request(how, address, content=body, headers=kind)
                    if answer.status_code >= 500 or MARKUP in answer.text:
                        found.append((how, address[:200], body[:200], answer.status_code))
            return found

        return anyio.run(send)


@pytest.fixture
def pages(database, tmp_path):
    with ExitStack() as stack:
        yield Pages(tmp_path / "hub", database, stack)


def coded(text):
    """A text as an address or a form carries it, lone surrogates as the bytes they would be."""
    return quote_from_bytes(text.encode("utf-8", "surrogatepass"), safe="")


TEXTS = st.sampled_from(ODD) | st.text(st.characters(codec=None, categories=None), max_size=40)
FORM = {"content-type": "application/x-www-form-urlencoded"}
KEYED = {"authorization": "Bearer " + "k" * 40, "content-type": "application/json"}


@st.composite
def spoilt(draw, good):
    """A token as it is, with one sign changed, cut, lengthened, or something else altogether."""
    place = draw(st.integers(0, len(good) - 1))
    return draw(
        st.sampled_from([
            good, good, good, good[:place], good + good[:3], good[:place] + "A" + good[place + 1 :],
            good.upper(), good.replace(".", ""),
        ]) | TEXTS
    )  # fmt: skip


@st.composite
def questions(draw, pages):
    """One question to one of the pages."""
    which = draw(st.sampled_from(["list", "remind", "confirm", "stop", "garment", "purchases"]))
    odd = [coded(draw(TEXTS)) for _ in range(4)]
    how = draw(st.sampled_from(["GET", "POST"]))
    if which == "list":
        token = coded(draw(spoilt(pages.token)))
        return "GET", f"/l/{token}?lang={odd[0]}&done={odd[1]}&wrong={odd[2]}", b"", {}
    if which == "remind":
        token = coded(draw(spoilt(pages.token)))
        body = f"contact={odd[0]}&agree={draw(st.sampled_from(['yes', odd[1]]))}&lang={odd[2]}"
        return "POST", f"/l/{token}/remind", body.encode(), FORM
    if which in ("confirm", "stop"):
        link = coded(draw(spoilt(pages.links[which])))
        return how, f"/r/{which}/{link}?lang={odd[0]}", f"List-Unsubscribe={odd[1]}".encode(), FORM
    if which == "garment":
        return "GET", f"/r/garment/{odd[0]}.svg?tint={odd[1]}", b"", {}
    said = [draw(TEXTS).encode("unicode-escape").decode().replace("\\x", "\\u00") for _ in range(3)]
    said = [it.replace('"', "'").replace("\\U", "U") for it in said]
    body = (
        f'{{"purchases": [{{"id": "{said[0]}", "time_utc": "2026-05-01T20:00:00Z",'
        f' "code": "{said[1]}", "contact": "{said[2]}"}}]}}'
    )
    return "POST", "/v1/purchases", body.encode(), KEYED


def test_no_hostile_question_breaks_a_phone_page(pages):
    @settings(
        max_examples=ROUNDS * A_ROUND, deadline=None, database=None,
        derandomize="PROMENADE_FUZZ" not in os.environ, suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(st.data())
    def rounds(data):
        found = pages.ask(data.draw(st.lists(questions(pages), min_size=3, max_size=12)))
        assert found == []

    rounds()
    print(f"\n{pages.asked} questions to phone pages")  # noqa: T201


def test_no_odd_value_in_a_store_pcs_body_breaks_any_database(pages):
    spec = importlib.util.spec_from_file_location("bodies", CONTRACTS / "test_hostile_bodies.py")
    bodies = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(bodies)
    every = [
        ("POST", path, text.encode(), {
            "content-type": "application/json",
            "authorization": f"Bearer {pages.device.id}.{pages.secret}",
        })
        for path, good in bodies.GOOD_AT_THE_HUB.items()
        for odd in bodies.ODD
        for text in bodies.odd_texts(good, odd)
    ]  # fmt: skip
    chosen = every if "PROMENADE_FUZZ" in os.environ else every[::9]
    assert pages.ask(chosen) == []
    print(f"\n{len(chosen)} odd bodies")  # noqa: T201


def test_what_no_database_can_hold_is_no_contact(pages):
    contacts = ["a\x00b@shop.example", "\ud800@shop.example", "a@b\x00.example"]
    bodies = [f"contact={coded(it)}&agree=yes&lang=en".encode() for it in contacts]
    path = f"/l/{quote(pages.token)}/remind"
    assert pages.ask([("POST", path, body, FORM) for body in bodies]) == []
