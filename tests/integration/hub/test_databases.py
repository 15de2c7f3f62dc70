"""The hub keeps the same in SQLite and in PostgreSQL."""

import threading
from datetime import date

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select

from edge_core.clock import ManualClock
from edge_core.errors import PromenadeError
from edge_core.hub import figures
from edge_core.hub import tables as t
from edge_core.hub.publish import Shelf
from edge_core.hub.store import CODE_HOURS, KEYS_DAYS, HubStore, RefusedError, Site
from edge_core.hub.tables import open_database
from edge_core.ledger.site_time import day_number
from edge_core.sync.content import Content, Draft
from edge_core.sync.device_key import hash_of, new_secret
from edge_core.sync.protocol import Batch, Enrolment, HealthReport, Row
from edge_core.units import NS_PER_S

DAY = date(2026, 5, 4)


@pytest.fixture
def store(database):
    store = HubStore(open_database(database), ManualClock())
    store.add_site(Site("shop", "Shop", "EUR"))
    yield store
    store.close()


def _enrolled(store, site="shop"):
    secret = new_secret()
    enrolment = Enrolment(code=store.new_code(site), site=site, key_sha256=hash_of(secret))
    return store.enrol(enrolment), secret, enrolment


def _item(number, action="picked-up", quantity=1):
    body = {"day": "2026-05-04", "hour": 9, "action": action, "sku": f"sku-{number % 3}",
            "quantity": quantity}  # fmt: skip
    return Row(key=f"i{number}", kind="item", body=body)


def _health(**more):
    known = {"version": "1", "status": "ok", "uptime_s": 1.0, "cameras": 1, "cameras_well": 1,
             "readers": 0, "readers_well": 0, "ledger_mb": 1.0}  # fmt: skip
    return HealthReport(**(known | more))


def test_a_code_serves_one_store_pc_once(store):
    device, secret, enrolment = _enrolled(store)
    assert store.device_of(f"{device.id}.{secret}").site == "shop"
    assert store.enrol(enrolment).id == device.id  # the answer had got lost
    thief = enrolment.model_copy(update={"key_sha256": hash_of("another")})
    with pytest.raises(RefusedError, match="used"):
        store.enrol(thief)


def test_a_code_ages_and_is_of_one_site(store):
    store.add_site(Site("other", "Other", "EUR"))
    code, key = store.new_code("shop"), hash_of("x")
    with pytest.raises(RefusedError, match="for the site shop, not for other"):
        store.enrol(Enrolment(code=code, site="other", key_sha256=key))
    store.clock.advance_ns((CODE_HOURS * 3600 + 1) * NS_PER_S)
    with pytest.raises(RefusedError, match="too old"):
        store.enrol(Enrolment(code=code, site="shop", key_sha256=key))


def test_neither_key_nor_code_is_in_the_database(store):
    code = store.new_code("shop")
    _, secret, _ = _enrolled(store)
    with store.engine.connect() as connection:
        kept = [
            str(value)
            for table in t.metadata.sorted_tables
            for row in connection.execute(select(table))
            for value in row
        ]
    assert not any(secret in it or code in it or code.replace("-", "") in it for it in kept)


def test_a_revoked_or_wrong_key_opens_nothing(store):
    device, secret, _ = _enrolled(store)
    for token in (f"{device.id}.{new_secret()}", f"nobody.{secret}", secret, "", "."):
        with pytest.raises(RefusedError):
            store.device_of(token)
    assert store.revoke(device.id)
    with pytest.raises(RefusedError):
        store.device_of(f"{device.id}.{secret}")


def test_a_batch_that_comes_again_changes_nothing(store):
    device, _, _ = _enrolled(store)
    day = {"day": "2026-05-04", "cells": [
        {"metric": "entered", "place": "door", "value": 120},
        {"metric": "watched_s", "place": "door", "value": 3600},
        {"metric": "entered", "place": "rear", "value": None},
    ]}  # fmt: skip
    rows = [*(_item(n) for n in range(9)), Row(key="d", kind="day", body=day)]
    rows += [Row(key=f"r{n}", kind="redemption", body={"day": "2026-05-04", "hour": 1,
             "coupon": "c"}) for n in range(2)]  # fmt: skip
    first = store.take(device, Batch(number=1, rows=tuple(rows)))
    again = store.take(device, Batch(number=2, rows=(*rows[:5], _item(99))))
    assert (first.kept, first.known, again.kept, again.known) == (12, 0, 1, 5)
    number = day_number(DAY)
    assert figures.items(store, number, number) == {"shop": {"picked-up": 10}}
    assert figures.daily(store, "entered", number, number)["shop"][number] == figures.Daily(120, 1)
    assert figures.coupons(store, number, number)[0].redeemed == 2


def test_many_store_pcs_at_once_lose_and_double_nothing(store):
    device, _, _ = _enrolled(store)
    batches = [tuple(_item(n) for n in range(start, start + 40)) for start in range(0, 400, 20)]
    kept, faults = [], []

    def send(rows):
        try:
            kept.append(store.take(device, Batch(number=1, rows=rows)).kept)
        except Exception as error:  # noqa: BLE001 - told below
            faults.append(error)

    threads = [threading.Thread(target=send, args=(rows,)) for rows in batches]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    number = day_number(DAY)
    assert sum(kept) == 420
    assert figures.items(store, number, number) == {"shop": {"picked-up": 420}}


def test_senseless_rows_are_refused_one_by_one_and_the_others_kept(store):
    device, _, _ = _enrolled(store)
    rows = (
        _item(1),
        Row(key="bad", kind="item", body={"day": "2026-05-04", "action": "stolen"}),
        Row(key="new", kind="hologram", body={}),
        Row(key="old", kind="redemption", body={"day": "1999-01-01", "hour": 1, "coupon": "c"}),
    )
    taken = store.take(device, Batch(number=1, rows=rows))
    assert (taken.kept, set(taken.refused)) == (1, {"bad", "new", "old"})


def test_a_late_batch_does_not_take_the_newer_health_away(store):
    device, secret, _ = _enrolled(store)
    store.take(device, Batch(number=7, health=_health(waiting=7), rows=()))
    store.take(device, Batch(number=5, health=_health(waiting=5), rows=()))
    assert store.device_of(f"{device.id}.{secret}").health.waiting == 7


def test_publishing_while_somebody_reads_gives_whole_versions_only(store):
    key = Ed25519PrivateKey.generate()
    shelf, stop, faults = Shelf(store, key), threading.Event(), []

    def publish(version):
        said = [("closures", f"{n:04}", {"text": f"v{version}"}) for n in range(450)]
        shelf.publish("shop", said)

    publish(0)

    def read():
        while not stop.is_set():
            draft = Draft(Content("shop"))
            while (content := draft.add(shelf.page("shop", draft.since))) is None:
                pass
            try:
                content.verify(key.public_key())
            except PromenadeError as error:
                faults.append(error)
            if len({it["text"] for it in content.bodies("closures")}) != 1:
                faults.append(content.revision)

    reader = threading.Thread(target=read)
    reader.start()
    for version in range(1, 6):
        publish(version)
    stop.set()
    reader.join()
    assert faults == []


def test_a_newer_hubs_database_is_left_alone(store, database):
    store.set_fact("version", "99")
    with pytest.raises(PromenadeError, match="version 99"):
        open_database(database)


@pytest.mark.parametrize(
    "url", ["mysql://x/y", "nonsense", "sqlite:////no/such/folder/h.db",
            "postgresql://hub@127.0.0.1:1/x"],
)  # fmt: skip
def test_a_database_that_cannot_be_used_is_told_with_a_remedy(url):
    with pytest.raises(PromenadeError, match=r"cannot be opened.*Give a URL"):
        open_database(url)


def test_keys_are_forgotten_when_nothing_can_come_again(store):
    device, _, _ = _enrolled(store)
    store.take(device, Batch(number=1, rows=(_item(1),)))
    store.clock.advance_ns((KEYS_DAYS - 1) * 86_400 * NS_PER_S)
    assert store.take(device, Batch(number=2, rows=(_item(1),))).known == 1
    store.clock.advance_ns(3 * 86_400 * NS_PER_S)
    store.take(device, Batch(number=3, rows=(_item(2),)))
    assert store.counts()["received"] == 1
