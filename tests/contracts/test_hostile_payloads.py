"""Whatever bytes come from outside: taken, or refused with an error of the tree in `errors.py`.

Some hundred of each kind, the same at every run; many more, and other ones, by

    PROMENADE_FUZZ=5000 python -m pytest tests/contracts/test_hostile_payloads.py
"""

import json
import os
import re
from contextlib import suppress
from decimal import Decimal
from functools import cache
from pathlib import Path

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from edge_core.clock import ManualClock
from edge_core.config import Products, parse_directory, parse_site
from edge_core.config.edit import Draft as SiteDraft
from edge_core.config.edit import edited
from edge_core.dashboard.exports.csv_text import csv_text
from edge_core.errors import ConfigError, HubError, PromenadeError, ServiceUnavailableError
from edge_core.hub.store import HubStore, RefusedError, Site
from edge_core.hub.tables import open_database, sqlite_url
from edge_core.logs import scrub
from edge_core.service.running import running_by
from edge_core.service.sse import messages
from edge_core.service.till import TillError, read_csv, read_json
from edge_core.suggest.take_home import CouponRefusedError, read
from edge_core.sync.client import HubClient
from edge_core.sync.content import (
    Content,
    ContentFile,
    Draft,
    canonical,
    digest_of,
    key_of,
    line_of,
    signed_text,
)
from edge_core.sync.device_key import DeviceKey
from edge_core.sync.protocol import Batch, ContentPage, Enrolment, Record, Row

pytestmark = pytest.mark.timeout(7200)  # many more are asked by hand

MALL = Path(__file__).parents[2] / "assets" / "malls" / "mall"
SHOP = MALL.with_name("shop")
LARGE = "PROMENADE_FUZZ" in os.environ
SECRET = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = SECRET.public_key()
COUPON = """PROMENADE1 linden-court 4dd71a43
10 % at Willowgait Shoes
Ground floor, 2 min: past the fountain
shoes-10 10% 2026-05-01T20:00Z 4fKq0m1xS5q9WcyY2nB1Jw
AAAA"""
DEEP = b"[" * 100_000
SPITEFUL = st.sampled_from(
    ["", "=cmd|'/c calc'!A0", "<script>alert(1)</script>", "../../etc/passwd", "\x00", "\ud800",
     "{{7*7}}", "'; DROP TABLE events; --", "é" * 3, "\u202e", "a\nb", "%00", "9" * 30, "-1",
     "1e999", "NaN", "0" * 5000]
)  # fmt: skip
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([2**31, 2**63, -(2**63) - 1, 10**400])
    | st.floats()
    | st.text(max_size=20)
    | SPITEFUL
)
VALUES = st.recursive(
    SCALARS,
    lambda it: st.lists(it, max_size=3) | st.dictionaries(st.text(max_size=8), it, max_size=3),
    max_leaves=8,
)


def tries(count):
    """Runs of a property: `count` of the same, or as many as PROMENADE_FUZZ says, of any."""
    most = int(os.environ.get("PROMENADE_FUZZ", count))
    return settings(max_examples=most, deadline=None, derandomize=not LARGE, database=None)


@st.composite
def spoilt(draw, text):
    """A good text with some of it gone, doubled, or replaced."""
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, max(0, len(text) - 1)))
        to = min(len(text), at + draw(st.integers(0, 12)))
        new = draw(st.text(max_size=6) | SPITEFUL | st.just(text[at:to] * 2))
        text = text[:at] + new + text[to:]
    return text


@st.composite
def spoilt_json(draw, good):
    """A good document, one or two of whose values anywhere are something else."""
    told = json.loads(json.dumps(good))
    for _ in range(draw(st.integers(1, 2))):
        place, parent = told, None
        while isinstance(place, dict | list) and place and (parent is None or draw(st.booleans())):
            keys = sorted(place) if isinstance(place, dict) else list(range(len(place)))
            name = draw(st.sampled_from(keys))
            parent, place = place, place[name]
        if parent is None:
            return draw(VALUES)
        if isinstance(parent, dict) and draw(st.integers(0, 4)) == 0:
            del parent[name]
        else:
            parent[name] = draw(VALUES)
    return told


def as_bytes(value):
    return json.dumps(value).encode()  # NaN and lone surrogates too, as hostile senders write them


@cache
def mall_texts():
    return tuple((MALL / name).read_text() for name in ("site.toml", "directory.toml"))


SALE = {
    "transactions": [
        {"transaction": "7", "time_utc": "2026-05-01T09:31:40Z", "lines": [{"sku": "a"}]}
    ]
}
SALES_CSV = "transaction,time_utc,sku,quantity\n7,2026-05-01T09:31:40Z,coat,1\n"


@tries(120)
@given(spoilt_json(SALE).map(as_bytes) | st.binary(max_size=80))
def test_sales_in_json(body):
    with suppress(TillError):
        read_json(body)


@tries(120)
@given(spoilt(SALES_CSV).map(lambda it: it.encode(errors="surrogatepass")) | st.binary(max_size=80))
def test_sales_in_csv(body):
    with suppress(TillError):
        read_csv(body)


def test_sales_nested_without_end_are_refused():
    with pytest.raises(TillError):
        read_json(DEEP)


@tries(120)
@given(spoilt(COUPON) | st.text(max_size=200))
def test_coupons(text):
    with suppress(CouponRefusedError):
        read(text, PUBLIC, "linden-court")
        raise AssertionError("a coupon nobody signed was taken")


@tries(6)
@given(st.data())
def test_site_files_and_directories(data):
    site_text, directory_text = mall_texts()
    with suppress(ConfigError):
        parse_site(data.draw(spoilt(site_text)))
    with suppress(ConfigError):
        parse_directory(data.draw(spoilt(directory_text)), parse_site(site_text))


@tries(60)
@given(data=st.data())
def test_tables_of_products(data, tmp_path_factory):
    path = tmp_path_factory.getbasetemp() / "spoilt.csv"
    head = "\n".join((SHOP / "products.csv").read_text().splitlines()[:4])
    path.write_bytes(data.draw(spoilt(head)).encode(errors="surrogatepass"))
    with suppress(PromenadeError):
        Products.from_csv(path)


@tries(15)
@given(data=st.data())
def test_drafts_of_the_set_up_page(data):
    site = (SHOP / "site.toml").read_text()
    good = {"zones": [{"id": "a", "name": "A", "floor": "ground",
                       "polygon_m": [[0, 0], [1, 0], [1, 1]]}], "lines": []}  # fmt: skip
    with suppress(ConfigError, ValidationError):
        edited(site, SiteDraft.model_validate(data.draw(spoilt_json(good))))


RECORDS = [
    {"section": "stores", "key": "a", "scope": "chain", "position": 0, "revision": 1,
     "body": {"id": "a", "name": "A", "category": "c", "floor": "ground",
              "polygon_m": [[0, 0], [1, 0], [1, 1]], "doors_m": [[0, 0]]}},
    {"section": "categories", "key": "c", "scope": "chain", "position": 0, "revision": 1,
     "body": {"id": "c", "name": "C"}},
    {"section": "products", "key": "4012345001006", "scope": "site", "position": 0,
     "revision": 2, "body": {"gtin": "4012345001006", "sku": "coat", "name": "Coat"}},
    {"section": "stock", "key": "4012345001006", "scope": "site", "position": 0, "revision": 2,
     "body": {"stock": 3}},
    {"section": "policy", "key": "one", "scope": "chain", "position": 0, "revision": 3,
     "body": {"minimum_group": 7}},
    {"section": "settings", "key": "one", "scope": "site", "position": 0, "revision": 3,
     "body": {"opens": "09:00:00", "languages": ["en"]}},
    {"section": "programme", "key": "000", "scope": "site", "position": 0, "revision": 3,
     "body": {"title": "Spring", "start": "17:00:00", "end": "19:00:00"}},
    {"section": "offers", "key": "one", "scope": "chain", "position": 0, "revision": 3,
     "body": {"simulated": False}},
]  # fmt: skip


@cache
def own_site():
    text = (SHOP / "site.toml").read_text()
    return parse_site(re.sub(r"(?m)^(products|directory|offers) = .*$", "", text))


@tries(60)
@given(told=spoilt_json(RECORDS))
def test_content_that_the_hub_signed_whatever_it_says(told):
    with suppress(ValidationError):
        records = [Record.model_validate_json(json.dumps(it)) for it in told]
        site = own_site()
        with suppress(PromenadeError):
            running_by(site, SHOP, signed(records, site.site.id))


def signed(records, site):
    lines = [
        line_of(it.section, it.key, it.scope, it.position, canonical(it.body or {}))
        for it in records
    ]
    digest = digest_of(lines)
    signature = SECRET.sign(signed_text(site, 3, digest)).hex()
    return Content(site, 3, digest, signature, {key_of(it): it for it in records})


PAGE = {
    "site": "shop", "since": 0, "revision": 3, "more": False, "digest": "ab", "signature": "cd",
    "utc_ns": 1, "records": RECORDS[:2],
}  # fmt: skip
BODIES = st.binary(max_size=60) | spoilt_json(PAGE).map(as_bytes) | st.just(DEEP)


@tries(100)
@given(
    BODIES,
    st.sampled_from([200, 304, 400, 403, 413, 429, 500]),
    st.sampled_from(["", "3", "-1", "nan", "inf", "Fri, 31 Dec 1999 23:59:59 GMT", "9" * 400]),
)
def test_answers_that_claim_to_be_the_hubs(body, status, retry_after):
    headers = {"retry-after": retry_after} if retry_after else {}
    answer = httpx.Response(status, content=body, headers=headers)
    transport = httpx.MockTransport(lambda _: answer)
    clock = ManualClock()
    with (
        HubClient("http://hub", "t", ca=None, clock=clock, transport=transport) as client,
        suppress(HubError),
    ):
        page = client.content(0)
        content = Draft(Content("shop")).add(page) if page is not None else None
        if content is not None:
            content.verify(PUBLIC)
            raise AssertionError("content nobody signed was taken")


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hub")
    store = HubStore(open_database(sqlite_url(folder / "hub.db")), ManualClock())
    store.add_site(Site("shop", "Shop", "EUR"))
    yield store
    store.close()


DAY = {"day": "2026-05-04", "cells": [{"metric": "entered", "place": "door", "value": 7}]}
ITEM = {"day": "2026-05-04", "hour": 3, "action": "sold", "sku": "coat", "quantity": 2}
TAKEN = {"day": "2026-05-04", "hour": 3, "coupon": "c"}
HEALTH = {
    "version": "1", "status": "ok", "uptime_s": 1.0, "cameras": 1, "cameras_well": 1,
    "readers": 0, "readers_well": 0, "ledger_mb": 1.0,
}  # fmt: skip


@tries(40)
@given(
    body=spoilt_json(DAY) | spoilt_json(ITEM) | spoilt_json(TAKEN),
    kind=st.sampled_from(["day", "item", "redemption", "other"]),
    key=st.text(max_size=12) | SPITEFUL,
    health=st.none() | spoilt_json(HEALTH),
    number=st.sampled_from([1, 2**63 - 1, 2**63, 10**30]),
)
def test_facts_that_store_pcs_tell(store, body, kind, key, health, number):
    told = {"number": number, "rows": [{"key": key, "kind": kind, "body": body}], "health": health}
    try:
        batch = Batch.model_validate(told)
    except ValidationError:
        return
    device = store.enrol(Enrolment(code=store.new_code("shop"), site="shop", key_sha256="0" * 64))
    taken = store.take(device, batch)
    assert taken.kept + taken.known + len(taken.refused) == 1


def test_sums_that_would_overflow_are_refused(store):
    device = store.enrol(Enrolment(code=store.new_code("shop"), site="shop", key_sha256="0" * 64))
    rows = tuple(
        Row(key=f"much-{number}", kind="item", body=ITEM | {"quantity": 2**62})
        for number in range(4)
    )
    assert len(store.take(device, Batch(number=1, rows=rows)).refused) == 4


@tries(60)
@given(
    code=st.text(max_size=40) | SPITEFUL,
    site=st.text(max_size=40) | SPITEFUL,
    name=st.text(max_size=60) | SPITEFUL,
)
def test_enrolments(store, code, site, name):
    with suppress(ValidationError, RefusedError):
        store.enrol(Enrolment(code=code, site=site, name=name, key_sha256="0" * 64))
        raise AssertionError("a store PC without a code was taken")
    with suppress(RefusedError):
        store.device_of(f"{site}.{code}".encode(errors="replace").decode("latin-1"))
        raise AssertionError("a store PC without a key was known")


STREAM = 'id: 7\nevent: event\ndata: {"id": 7}\n\nevent: counts\ndata: {}\n\n'


@tries(120)
@given(spoilt(STREAM).map(lambda it: it.encode(errors="surrogatepass")) | st.binary(max_size=80))
def test_the_live_stream(body):
    with suppress(ServiceUnavailableError, ValidationError):
        list(messages([body]))


@tries(50)
@given(data=st.data())
def test_files_of_the_hub_link(data, tmp_path_factory):
    path = tmp_path_factory.getbasetemp() / "spoilt.json"
    key = {"url": "u", "site": "s", "device": "d", "content_key": "00" * 32, "secret": "x"}
    path.touch(mode=0o600)
    path.write_bytes(data.draw(spoilt_json(key).map(as_bytes) | st.binary(max_size=60)))
    with suppress(PromenadeError):
        DeviceKey.load(path)
    kept = {"site": "shop", "revision": 1, "digest": "a", "signature": "b", "records": RECORDS}
    path.write_bytes(data.draw(spoilt_json(kept).map(as_bytes) | st.just(DEEP)))
    assert ContentFile(path, PUBLIC, "shop").load() is None


@tries(50)
@given(st.lists(st.text(max_size=12) | SPITEFUL, min_size=1, max_size=4), st.decimals(-9, 9))
def test_no_cell_of_an_export_is_a_formula(texts, number):
    cell = Decimal(number) if number.is_finite() else None
    line = csv_text([(*texts, cell)])
    cells = next(iter(__import__("csv").reader([line.removeprefix("\ufeff")])))
    assert not any(it.lstrip().startswith(("=", "@", "\t")) for it in cells if it.strip())


@pytest.mark.parametrize("text", ["a:" * 20_000, "x@" * 20_000, "password=" * 8000, "/" * 40_000,
                                  "rtsp://" * 8000, " :" * 20_000, "=a:" * 20_000])  # fmt: skip
def test_hiding_passwords_takes_no_time_that_grows_without_end(text):
    """The longest takes a hundredth of the limit of a test; a square of it would take an hour."""
    scrub(text)


def test_a_page_of_content_is_what_its_model_says():
    assert ContentPage.model_validate(PAGE).records[0].body["id"] == "a"
