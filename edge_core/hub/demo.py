"""A simulated chain: twelve sites, a hundred days. Nothing in it was measured.

It goes the way facts of real store PCs go, through the same batches; content is published as
`promenade hub publish` does.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import cos, exp, pi
from pathlib import Path
from random import Random
from typing import Any, Final

from edge_core import __version__
from edge_core.config import CouponConfig, Products, load_site
from edge_core.hub.after_visit.demo import fill_after_visit, sample_list, write_settings
from edge_core.hub.publish import Shelf
from edge_core.hub.selection_data import set_orders
from edge_core.hub.store import Device, HubStore, Site
from edge_core.hub.tables import CHAIN
from edge_core.ledger.site_time import date_of
from edge_core.service.check import read_directory, read_offers
from edge_core.sync.device_key import hash_of, new_secret
from edge_core.sync.protocol import Batch, Cell, Enrolment, HealthReport, Row
from edge_core.sync.sections import (
    directory_records,
    offers_records,
    product_records,
    site_records,
)
from edge_core.units import NS_PER_S

ASSETS: Final = Path(__file__).resolve().parents[2] / "assets" / "malls"
DAYS: Final = 100
_NS_PER_DAY: Final = 86_400 * NS_PER_S
_WEEK: Final = (0.82, 0.80, 0.86, 0.95, 1.18, 1.55, 0.84)
"""Monday to Sunday."""
_HOURS: Final = (*(0.0,) * 9, 2, 4, 6, 8, 8, 7, 8, 9, 10, 10, 7, 3, 1, 0.0, 0.0)


@dataclass(frozen=True, slots=True)
class _Shop:
    """One simulated site.

    Attributes:
        daily: people who come in on an average day.
        trend: of a hundred days: 0.1 = a tenth more at the end.
        tries, buys: of garments handled, and pieces bought per person.
        women: share of its visitors.
        ahead_s: of its clock.
        silent_days: it has told nothing for so long.
    """

    id: str
    name: str
    daily: int
    trend: float = 0.0
    tries: float = 0.14
    buys: float = 0.11
    women: float = 0.58
    ahead_s: float = 0.4
    silent_days: float = 0.0


_SHOPS: Final = (
    _Shop("silverstitch", "Silverstitch Fashion", 1240, 0.06, 0.17, 0.13),
    _Shop("harbour", "Silverstitch Harbour", 980, -0.09, 0.13, 0.10),
    _Shop("station", "Silverstitch Station", 1710, 0.03, 0.07, 0.06),
    _Shop("old-town", "Silverstitch Old Town", 420, 0.14, 0.22, 0.17),
    _Shop("riverside", "Silverstitch Riverside", 690, -0.03, 0.15, 0.12),
    _Shop("north-gate", "Silverstitch North Gate", 530, 0.0, 0.14, 0.09, 0.61, 412.0),
    _Shop("airport", "Silverstitch Airport", 1490, 0.08, 0.05, 0.07, 0.41),
    _Shop("university", "Silverstitch University", 760, 0.11, 0.12, 0.08),
    _Shop("outlet", "Silverstitch Outlet", 880, 0.02, 0.19, 0.22),
    _Shop("garden-mall", "Silverstitch Garden Mall", 610, -0.16, 0.15, 0.10, 0.66, 0.2, 2.3),
    _Shop("west-end", "Silverstitch West End", 340, 0.05, 0.21, 0.15),
    _Shop("linden-court", "Linden Court", 9600, 0.04, 0.0, 0.0),
)


def fill(store: HubStore, shelf: Shelf, note: Callable[[str], None], seed: int = 1) -> None:
    """Fill a hub that has no sites yet; one that has is left as it is.

    Args:
        store: what the hub keeps.
        shelf: what it gives.
        note: told what is done.
        seed: same seed, same chain.
    """
    if store.sites():
        note("The hub has sites already; nothing was simulated.")
        return
    note("Filling the hub with a simulated chain …")
    rng = Random(seed)
    store.set_fact("simulated", "yes")
    store.set_fact("name", "Silverstitch & Linden (simulated)")
    store.set_fact("name_zh", "银针与林登（模拟）")
    products = Products.from_csv(ASSETS / "shop" / "products.csv")
    catalogue = list(product_records(products))
    shelf.publish(CHAIN, [it for it in catalogue if it[0] == "products"])
    mall, shop_site = (load_site(ASSETS / name / "site.toml") for name in ("mall", "shop"))
    racks = [it for it in site_records(shop_site) if it[0] == "racks"]
    neighbours = [it for it in site_records(shop_site) if it[0] == "shops"]
    zones = sorted({str(body["zone"]) for _, _, body in racks})
    directory = read_directory(mall, ASSETS / "mall")
    offers = read_offers(mall, ASSETS / "mall", directory)
    drafts = [*directory_records(directory), *offers_records(offers), *site_records(mall)]
    shelf.publish("linden-court", drafts)
    styles = _popular(products, rng)
    for shop in _SHOPS:
        store.add_site(Site(shop.id, shop.name, "EUR"))
        if shop.id != "linden-court":
            stock = [(*it[:2], {"stock": rng.randrange(9)}) for it in catalogue if it[0] == "stock"]
            shelf.publish(shop.id, [*stock, *racks, *neighbours])
            nearby = {sku: round(rng.gammavariate(2, 4 * weight)) for sku, _, weight in styles}
            set_orders(store, shop.id, nearby)
        coupons = offers.coupons if shop.id == "linden-court" else ()
        _tell(store, shelf, shop, styles, coupons, zones, rng)
    fill_after_visit(store, rng)
    note(f"{len(_SHOPS)} simulated sites, {DAYS} days.")


def show_list(
    store: HubStore, shelf: Shelf, folder: Path, address: str, note: Callable[[str], None]
) -> None:
    """Settings for lists on phones, and one to open; nothing for a chain that is not simulated.

    Args:
        store: what the hub keeps.
        shelf: what it gives.
        folder: the hub's.
        address: where phones would reach it.
        note: told the list's address.
    """
    if store.fact("simulated"):
        write_settings(folder, address)
        sample_list(store, shelf, address, note)


def _popular(products: Products, rng: Random) -> list[tuple[str, str, float]]:
    """SKU, rack and how much it is handled."""
    weight = {style: exp(rng.gauss(0, 0.6)) for style in products.styles}
    return [(it.sku, it.rack or "", weight[it.style] * rng.uniform(0.5, 1.5)) for it in products]


def _tell(
    store: HubStore,
    shelf: Shelf,
    shop: _Shop,
    styles: list[tuple[str, str, float]],
    coupons: tuple[CouponConfig, ...],
    zones: list[str],
    rng: Random,
) -> None:
    """Enrol a site's store PC and let it tell everything."""
    now_ns = store.clock.utc_ns()
    code, secret = store.new_code(shop.id), new_secret()
    enrolment = Enrolment(code=code, site=shop.id, name=f"{shop.id}-pc", key_sha256=hash_of(secret))
    device = store.enrol(enrolment)
    today = now_ns // _NS_PER_DAY
    rows: list[Row] = []
    for ago in range(DAYS, 0, -1):
        if ago > shop.silent_days:
            people = _people(shop, today - ago, 1 - ago / DAYS, rng)
            rows += _day(shop, today - ago, people, coupons, styles, zones, rng)
    number = now_ns // NS_PER_S
    while rows:
        batch = Batch(number=number, rows=tuple(rows[:400]))
        store.take(device, batch)
        rows, number = rows[400:], number + 1
    _last_health(store, device, shop, shelf, number)


def _last_health(store: HubStore, device: Device, shop: _Shop, shelf: Shelf, number: int) -> None:
    cameras = 8 if shop.id == "linden-court" else 4
    lost = shop.id == "riverside"
    health = HealthReport(
        version=__version__,
        status="degraded" if lost else "ok",
        reasons=("camera rear is lost",) if lost else (),
        uptime_s=400_000.0,
        cameras=cameras,
        cameras_well=cameras - lost,
        readers=0 if shop.id == "linden-court" else 3,
        readers_well=0 if shop.id == "linden-court" else 3,
        ledger_mb=212.0,
        clock_ahead_s=shop.ahead_s,
        content_revision=shelf.revision(shop.id),
    )
    ago_ns = round(shop.silent_days * _NS_PER_DAY)
    store.take(device, Batch(number=number, health=health, rows=()), seen_ago_ns=ago_ns)


def _people(shop: _Shop, day: int, along: float, rng: Random) -> int:
    weekday = date_of(day).weekday()
    season = 1 + 0.06 * cos(2 * pi * day / 91)
    mean = shop.daily * _WEEK[weekday] * season * (1 + shop.trend * (along - 0.5))
    return max(0, round(rng.gauss(mean, 0.07 * mean)))


def _day(
    shop: _Shop,
    day: int,
    people: int,
    coupons: tuple[CouponConfig, ...],
    styles: list[tuple[str, str, float]],
    zones: list[str],
    rng: Random,
) -> Iterator[Row]:
    """One simulated day, as `sync.leaving` would tell it."""
    date = date_of(day).isoformat()
    cells = [*_crossings(people), Cell(metric="watched_s", place="door", value=13 * 3600)]
    visits, minutes = round(people * 0.93), rng.gauss(11 if shop.tries else 42, 1)
    complete = round(visits * 0.88)
    cells += [
        Cell(metric="visits", value=visits),
        Cell(metric="complete", value=complete),
        Cell(metric="visit_s", value=round(complete * minutes * 60)),
    ]
    for label, share in (("female", shop.women), ("male", 1 - shop.women)):
        told = round(visits * 0.7 * share)
        cells.append(Cell(metric="people", place="gender", label=label, value=told))
    for place, zone in enumerate(zones if shop.tries else ()):
        stays = round(people * (0.75 - 0.5 * place / len(zones)))
        cells.append(Cell(metric="stays", place=zone, value=stays))
        cells.append(Cell(metric="dwell_s", place=zone, value=round(stays * rng.gauss(95, 8))))
    if coupons:
        takers = round(people * 0.03)
        counts = [round(takers * 0.1), *(round(takers * 0.9 / len(coupons)) for _ in coupons)]
        for name, count in zip(("", *(it.id for it in coupons)), counts, strict=True):
            drawn = max(0, round(rng.gauss(count, 2)))
            cells.append(Cell(metric="offered", label=name, value=drawn if drawn >= 5 else None))
            for _ in range(round(drawn * rng.uniform(0.05, 0.3)) if name else 0):
                yield _row("redemption", {"day": date, "hour": 14, "coupon": name}, rng)
    body = {"day": date, "cells": [cell.model_dump() for cell in cells]}
    yield Row(key=f"day:{date}", kind="day", body=body)
    if shop.tries:
        yield from _garments(shop, date, people, styles, rng)


def _crossings(people: int) -> Iterator[Cell]:
    total = sum(_HOURS)
    for metric, share in (("entered", 1.0), ("left", 0.98)):
        told: Any = metric
        yield Cell(metric=told, place="door", value=round(people * share))
        for hour, weight in enumerate(_HOURS):
            count = round(people * share * weight / total)
            if count:
                value = count if count >= 5 else None
                yield Cell(metric=told, place="door", hour=hour, value=value)


def _garments(
    shop: _Shop, date: str, people: int, styles: list[tuple[str, str, float]], rng: Random
) -> Iterator[Row]:
    """Sums of the day stand for its single events: `quantity` tells how many."""
    handled = rng.choices(styles, [weight for *_, weight in styles], k=round(people * 0.015))
    for sku, rack, weight in handled:
        quantity = 3 + int(rng.expovariate(0.04))
        when = {"day": date, "hour": 15, "sku": sku, "rack": rack}
        yield _row("item", {**when, "action": "picked-up", "quantity": quantity}, rng)
        tried = _drawn(quantity, shop.tries * min(2.0, 0.6 + weight / 3), rng)
        bought = _drawn(quantity, shop.buys * 1.3 * min(2.0, 0.6 + weight / 3), rng)
        for action, count in (("tried-on", tried), ("sold", bought)):
            if count:
                yield _row("item", {**when, "action": action, "quantity": count}, rng)


def _drawn(n: int, probability: float, rng: Random) -> int:
    return sum(rng.random() < probability for _ in range(n))


def _row(kind: str, body: dict[str, Any], rng: Random) -> Row:
    return Row(key=f"{rng.getrandbits(128):032x}", kind=kind, body=body)
