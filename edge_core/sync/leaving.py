"""What may leave the store, decided in one place.

Item events without person, tag and minute; coupons that tills took, without their numbers; and
sums of days that are over, in which small counts and what would give them away are hidden. A day is
told once: two tellings of a growing count would tell of the people between them.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import numpy as np
from pydantic import BaseModel

from edge_core.analytics.suppression import hidden_cells
from edge_core.config import SiteConfig
from edge_core.ledger import History, LedgerReader, OutboxRow, Rows, SiteTime
from edge_core.ledger.site_time import date_of
from edge_core.sync.protocol import (
    SOLD,
    Cell,
    DayBody,
    ItemBody,
    RedemptionBody,
)
from edge_core.types import Event, EventKind, Int64Array
from edge_core.units import NS_PER_S

_HOURS: Final = 24
_LONGEST: Final = 80


def event_rows(events: Iterable[Event], time: SiteTime, secret: bytes) -> list[OutboxRow]:
    """What leaves of events; most kinds do not leave at all.

    Args:
        events: of the ledger.
        time: the site's hours and days.
        secret: keys are drawn from it, so that nobody can guess an event from its key.
    """
    rows = []
    for event in events:
        body = _body(event, time)
        if body is not None:
            kind = "redemption" if isinstance(body, RedemptionBody) else "item"
            rows.append(OutboxRow(_key(event.key, secret), kind, _json(body)))
    return rows


def _body(event: Event, time: SiteTime) -> ItemBody | RedemptionBody | None:
    data = event.data
    when: dict[str, Any] = {
        "day": date_of(time.day(event.utc_ns)),
        "hour": time.hour_of_day(time.hour(event.utc_ns)),
    }
    match event.kind:
        case EventKind.ITEM:
            sku = str(data["sku"] or data["gtin"])[:_LONGEST]
            return ItemBody(**when, action=data["action"], sku=sku, rack=event.place_id)
        case EventKind.SALE:
            sku = str(data["sku"])[:_LONGEST]  # a till may say anything
            return ItemBody(**when, action=SOLD, sku=sku, quantity=data["quantity"])
        case EventKind.REDEMPTION:
            return RedemptionBody(**when, coupon=data["coupon"])
        case _:
            return None


def _key(event_key: str, secret: bytes) -> str:
    return hashlib.blake2b(event_key.encode(), key=secret, digest_size=16).hexdigest()


def day_row(day: int, reader: LedgerReader, history: History, site: SiteConfig) -> OutboxRow:
    """The sums of a day that is over.

    Args:
        day: its number.
        reader: of the ledger.
        history: the same by hours and days.
        site: whose lines, zones and smallest group count.
    """
    k = site.privacy.minimum_group
    cells: list[Cell] = []
    hours = history.hours_of(day, day)
    crossings = history.line_hours(*hours)
    empty = Rows(np.zeros(0, np.int64), np.zeros((0, 2), np.int64))
    for line in (it for it in site.lines if it.entrance):
        for column, metric in enumerate(("entered", "left")):
            rows = crossings.get(line.id, empty)
            by_hour = _by_clock(rows, column, history.time)
            cells += hours_and_day(metric, line.id, by_hour, k)
        watched = history.camera_hours(line.camera, *hours)
        by_hour = _by_clock(watched, 0, history.time) // 1000
        cells += _plain_hours("watched_s", line.id, by_hour)
    cells += _zone_cells(history, day, k)
    cells += _visit_cells(history, day, k)
    cells += _offer_cells(reader, history, day, k)
    cells += _label_cells(history, day, k)
    body = DayBody(day=date_of(day), cells=tuple(cells))
    return OutboxRow(f"day:{body.day.isoformat()}", "day", _json(body))


def told(count: int, k: int) -> int | None:
    """A count of people, unless it is small."""
    return None if 0 < count < k else count


def _by_clock(rows: Rows, column: int, time: SiteTime) -> Int64Array:
    """int64 (24,) by the hour the site's clock showed; an hour struck twice is one."""
    counts = np.zeros(_HOURS, np.int64)
    for hour, count in zip(rows.number.tolist(), rows.values[:, column].tolist(), strict=True):
        counts[time.hour_of_day(hour)] += count
    return counts


def hours_and_day(metric: Any, place: str, by_hour: Int64Array, k: int) -> Iterator[Cell]:
    """A day's total, and its hours as far as they give no small count away."""
    total = told(int(by_hour.sum()), k)
    yield Cell(metric=metric, place=place, value=total)
    if not total:
        return
    hidden = hidden_cells(by_hour[:, None], k)
    for hour in np.flatnonzero(by_hour).tolist():
        value = None if hidden[hour] else int(by_hour[hour])
        yield Cell(metric=metric, place=place, hour=hour, value=value)


def _plain_hours(metric: Any, place: str, by_hour: Int64Array) -> Iterator[Cell]:
    """What counts no people."""
    yield Cell(metric=metric, place=place, value=int(by_hour.sum()))
    for hour in np.flatnonzero(by_hour).tolist():
        yield Cell(metric=metric, place=place, hour=hour, value=int(by_hour[hour]))


def _zone_cells(history: History, day: int, k: int) -> Iterator[Cell]:
    for zone, rows in history.zone_days(day, day).items():
        stays, dwell_ms = int(rows.values[0, 0]), int(rows.values[0, 5])
        shown = told(stays, k)
        yield Cell(metric="stays", place=zone, value=shown)
        dwell_s = None if shown is None else round(dwell_ms / 1000)
        yield Cell(metric="dwell_s", place=zone, value=dwell_s)


def _visit_cells(history: History, day: int, k: int) -> Iterator[Cell]:
    sums = sum((rows.values[0] for rows in history.visit_days(day, day).values()), np.zeros(5))
    visits, complete, duration_ms = int(sums[0]), int(sums[3]), int(sums[4])
    yield Cell(metric="visits", value=told(visits, k))
    seen_to_end = told(complete, k) if told(visits - complete, k) is not None else None
    yield Cell(metric="complete", value=seen_to_end)
    if seen_to_end:
        yield Cell(metric="visit_s", value=round(duration_ms / 1000))


def _offer_cells(reader: LedgerReader, history: History, day: int, k: int) -> Iterator[Cell]:
    """People who were offered each coupon, and those kept without to compare with."""
    start, end = (minute * 60 * NS_PER_S for minute in history.hours_of(day, day))
    offers = reader.events_between(EventKind.OFFER, start, end)
    counts = Counter(str(it.event.data["coupon"]) for it in offers)
    names = sorted(counts)
    yield from _labelled("offered", "", names, [counts[name] for name in names], k)


def _label_cells(history: History, day: int, k: int) -> Iterator[Cell]:
    """People of each label at the site; labels of one attribute protect each other."""
    by_attribute: dict[str, dict[str, int]] = {}
    for (attribute, label), rows in history.trait_days("", day, day).items():
        by_attribute.setdefault(attribute, {})[label] = int(rows.values[0, 0])
    for attribute, people in by_attribute.items():
        yield from _labelled("people", attribute, list(people), list(people.values()), k)


def _labelled(
    metric: Any, place: str, labels: Sequence[str], counts: Sequence[int], k: int
) -> Iterator[Cell]:
    parts = np.array(counts, np.int64).reshape(-1, 1)
    for label, count, hidden in zip(labels, counts, hidden_cells(parts, k), strict=True):
        yield Cell(metric=metric, place=place, label=label, value=None if hidden else count)


def _json(body: BaseModel) -> str:
    return json.dumps(body.model_dump(mode="json", exclude_defaults=True), separators=(",", ":"))
