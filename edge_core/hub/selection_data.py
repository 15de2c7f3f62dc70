"""What advice on products is made of, from what the sites and the retailer told."""

import csv
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from sqlalchemy import delete, func, insert, select

from edge_core.errors import SourceError
from edge_core.hub import tables as t
from edge_core.hub.figures import daily_by_place
from edge_core.hub.publish import Shelf
from edge_core.hub.selection import Advice, Offer, advise
from edge_core.hub.store import HubStore
from edge_core.sync.protocol import SOLD, WHOLE_DAY

WEEKS: Final = 8
_HANDLED: Final = ("touched", "looked-at", "picked-up")
_DEPARTMENTS: Final = {"female": "women", "male": "men"}


def advice_for(store: HubStore, shelf: Shelf, site: str, last_day: int) -> list[Advice]:
    """Advice for a site by the last `WEEKS` weeks; none where the hub knows no catalogue."""
    products = shelf.bodies(site, "products")
    if not products:
        return []
    stock = shelf.bodies(site, "stock")
    first_day = last_day - 7 * WEEKS + 1
    here = _garments(store, first_day, last_day, site)
    chain = _garments(store, first_day, last_day, None)
    orders = orders_of(store, site)
    by_style: dict[str, list[int]] = {}
    for body in products.values():
        sums = by_style.setdefault(_style(body), [0, 0])
        done = chain.get(body["sku"], {})
        sums[0] += done.get("tried-on", 0)
        sums[1] += done.get(SOLD, 0)
    offers = [
        _offer(gtin, body, here, chain, by_style, stock, orders) for gtin, body in products.items()
    ]
    visitors = _departments(store, first_day, last_day)
    zones = {rack: str(body["zone"]) for rack, body in shelf.bodies(site, "racks").items()}
    attention = _attention(store, site, first_day, last_day, offers, zones)
    return advise(offers, visitors.get(site, {}), _mean(visitors), attention, WEEKS)


def _offer(
    gtin: str,
    body: Mapping[str, Any],
    here: Mapping[str, Mapping[str, int]],
    chain: Mapping[str, Mapping[str, int]],
    by_style: Mapping[str, Sequence[int]],
    stock: Mapping[str, Mapping[str, Any]],
    orders: Mapping[str, int],
) -> Offer:
    sku, done = str(body["sku"]), here.get(str(body["sku"]), {})
    tried, sold = by_style[_style(body)]
    return Offer(
        sku=sku,
        style=_style(body),
        department=str(body.get("department", "")),
        category=str(body.get("category") or ""),
        rack=str(body.get("rack") or ""),
        orders=orders.get(sku, 0) if orders else None,
        chain_sold=max(0, chain.get(sku, {}).get(SOLD, 0)),
        style_tried=tried,
        style_sold=max(0, sold),
        handled=sum(done.get(action, 0) for action in _HANDLED),
        sold=max(0, done.get(SOLD, 0)),
        stock=stock.get(gtin, {}).get("stock"),
    )


def _style(body: Mapping[str, Any]) -> str:
    return str(body.get("style") or body["sku"])


def _garments(
    store: HubStore, first: int, last: int, site: str | None
) -> dict[str, dict[str, int]]:
    """By SKU and action, at one site or at all."""
    c = t.item_days.c
    query = select(c.sku, c.action, func.sum(c.quantity)).where(c.day >= first, c.day <= last)
    if site is not None:
        query = query.where(c.site == site)
    found: dict[str, dict[str, int]] = {}
    with store.engine.connect() as connection:
        for sku, action, quantity in connection.execute(query.group_by(c.sku, c.action)):
            found.setdefault(sku, {})[action] = int(quantity)
    return found


def _attention(
    store: HubStore,
    site: str,
    first: int,
    last: int,
    offers: Sequence[Offer],
    zones: Mapping[str, str],
) -> dict[str, float]:
    """By rack, how much people see what hangs there.

    Pieces handled per product of the rack; and where the site told of every rack's zone, seconds
    people stayed in the zone per product in it, shared out among its racks by the former.
    """
    hung = Counter(offer.rack for offer in offers if offer.rack)
    c = t.item_days.c
    query = (
        select(c.rack, func.sum(c.quantity))
        .where(c.site == site, c.day >= first, c.day <= last, c.action.in_(_HANDLED))
        .group_by(c.rack)
    )
    with store.engine.connect() as connection:
        handled = {rack: int(count) for rack, count in connection.execute(query)}
    stayed = daily_by_place(store, "dwell_s", site, first, last)
    per_product = {rack: handled.get(rack, 0) / count for rack, count in hung.items()}
    if not all(zones.get(rack) in stayed for rack in hung):
        return per_product
    products: Counter[str] = Counter()
    touched: Counter[str] = Counter()
    for rack, count in hung.items():
        products[zones[rack]] += count
        touched[zones[rack]] += handled.get(rack, 0)
    by_zone = {
        zone: stayed[zone] / (touched[zone] or count) for zone, count in products.items() if zone
    }
    return {
        rack: by_zone[zones[rack]] * (share if touched[zones[rack]] else 1.0)
        for rack, share in per_product.items()
    }


def _departments(store: HubStore, first: int, last: int) -> dict[str, dict[str, float]]:
    """Share of each site's visitors that a department is for, as far as the sites told."""
    c = t.cells.c
    query = (
        select(c.site, c.label, func.sum(c.value))
        .where(
            c.metric == "people", c.place == "gender", c.hour == WHOLE_DAY,
            c.label.in_(sorted(_DEPARTMENTS)), c.day >= first, c.day <= last,
        )
        .group_by(c.site, c.label)
    )  # fmt: skip
    people: dict[str, dict[str, float]] = {}
    with store.engine.connect() as connection:
        for site, label, count in connection.execute(query):
            people.setdefault(site, {})[_DEPARTMENTS[label]] = float(count or 0)
    return {
        site: {name: count / total for name, count in told.items()}
        for site, told in people.items()
        if (total := sum(told.values())) and len(told) == len(_DEPARTMENTS)
    }


def _mean(visitors: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    names = set(_DEPARTMENTS.values())
    return {
        name: sum(it[name] for it in visitors.values()) / len(visitors)
        for name in names
        if visitors
    }


def orders_of(store: HubStore, site: str) -> dict[str, int]:
    """Orders from a site's trade area, by SKU; none before the retailer told any."""
    c = t.orders.c
    with store.engine.connect() as connection:
        rows = connection.execute(select(c.sku, c.count).where(c.site == site))
        return {sku: int(count) for sku, count in rows}


def set_orders(store: HubStore, site: str, orders: Mapping[str, int]) -> None:
    """Put these in the place of all that were told of a site before."""
    rows = [{"site": site, "sku": sku, "count": count} for sku, count in sorted(orders.items())]
    with store.engine.begin() as connection:
        connection.execute(delete(t.orders).where(t.orders.c.site == site))
        if rows:
            connection.execute(insert(t.orders), rows)


def read_orders(path: Path) -> dict[str, int]:
    """Orders of a CSV file with the columns sku and orders.

    Raises:
        SourceError: it cannot be read, or says something wrong; names the line.
    """
    orders: dict[str, int] = {}
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            table = csv.DictReader(file)
            for row in table:
                if (count := int(row["orders"])) < 0 or not 0 < len(row["sku"]) <= 60:
                    raise ValueError(f"line {table.line_num}: {row}")
                orders[row["sku"]] = orders.get(row["sku"], 0) + count
    except OSError as error:
        reason = error.strerror or str(error)
    except KeyError as error:
        reason = f"the column {error} is missing"
    except (ValueError, TypeError, csv.Error) as error:
        reason = str(error)
    else:
        return orders
    raise SourceError(
        f"The orders {path} cannot be used: {reason}.",
        "Save them as CSV in UTF-8 with the columns sku and orders, a whole number in each row.",
    )
