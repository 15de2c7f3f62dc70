"""What can be taken along as CSV. A further table is one function and one line in `TABLES`."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np

from edge_core.analytics.suppression import hidden_cells
from edge_core.dashboard.exports.spans import Span
from edge_core.ledger import ItemTotal, VisitTotals, ZoneTotal
from edge_core.service.site_schema import SiteView
from edge_core.service.views import ServiceState, utc_from_ns
from edge_core.units import NS_PER_S

_DIGITS: Final = 4

Cell = str | int | float | None
"""None is an empty cell: not known, or told of too few."""


@dataclass(frozen=True, slots=True)
class Table:
    """One table.

    Attributes:
        name: of the file.
        title, title_zh: for people.
        about, about_zh: what its rows are.
        columns: names of the columns after `start`.
        rows: the spans of one local day, each with its cells.
    """

    name: str
    title: str
    title_zh: str
    about: str
    about_zh: str
    columns: tuple[str, ...]
    rows: Callable[[ServiceState, Sequence[Span]], Iterator[tuple[Span, tuple[Cell, ...]]]]


def table_rows(
    table: Table, state: ServiceState, wanted: Sequence[Span]
) -> Iterator[tuple[Cell, ...]]:
    """The table's rows, the header first; spans that have not begun are left out."""
    timezone, now_ns = ZoneInfo(state.site().timezone), state.clock.utc_ns()

    def local(span: Span) -> datetime:
        return utc_from_ns(span.start_utc_ns).astimezone(timezone)

    begun = [span for span in wanted if span.start_utc_ns < now_ns]
    yield ("start", *table.columns)
    for _, day in groupby(begun, key=lambda span: local(span).date()):
        for span, cells in table.rows(state, list(day)):
            yield (local(span).isoformat(timespec="minutes"), *cells)


Rows = Iterator[tuple[Span, tuple[Cell, ...]]]


def _each(
    cells: Callable[[ServiceState, Span], Iterator[tuple[Cell, ...]]],
) -> Callable[[ServiceState, Sequence[Span]], Rows]:
    """Rows of a table whose spans know nothing of each other."""

    def rows(state: ServiceState, day: Sequence[Span]) -> Rows:
        return ((span, row) for span in day for row in cells(state, span))

    return rows


def _watched(state: ServiceState, span: Span) -> dict[str, float]:
    """Share of the span, as far as it has passed, in which each camera was watched."""
    passed_ns = min(span.end_utc_ns, state.clock.utc_ns()) - span.start_utc_ns
    watched_s = state.ledger.watched_s(span.start_utc_ns, span.end_utc_ns)
    passed_s = max(passed_ns / NS_PER_S, 1.0)
    return {camera: min(1.0, seconds / passed_s) for camera, seconds in watched_s.items()}


def _counts(state: ServiceState, span: Span) -> Iterator[tuple[Cell, ...]]:
    watched = _watched(state, span)
    totals = state.ledger.line_totals(span.start_utc_ns, span.end_utc_ns)
    for line in state.site().lines:
        share = watched.get(line.camera, 0.0)
        total = totals.get(line.id)
        entered, left = (total.entered, total.left) if total else (0, 0)
        known = share > 0 or total is not None
        yield (
            *(line.id, line.name, "yes" if line.entrance else "no"),
            *(entered if known else None, left if known else None, round(share, _DIGITS)),
        )


def _stays(state: ServiceState, day: Sequence[Span]) -> Rows:
    site, ledger = state.site(), state.ledger
    totals = [ledger.zone_totals(span.start_utc_ns, span.end_utc_ns) for span in day]
    none = ZoneTotal()
    counts = {zone.id: [it.get(zone.id, none).stays for it in totals] for zone in site.zones}
    shown = {
        zone: _told(stays, [span.hour for span in day], site.minimum_group)
        for zone, stays in counts.items()
    }
    for place, span in enumerate(day):
        watched = _watched(state, span)
        for zone in site.zones:
            share = _floor_share(site, zone.floor, watched)
            stays = counts[zone.id][place]
            cells: tuple[Cell, ...] = (None, None, "yes")
            if shown[zone.id][place]:
                dwell_s = totals[place].get(zone.id, none).dwell_s
                mean_s = round(dwell_s / stays, 1) if stays else None
                known = share > 0 or stays > 0
                cells = (stays if known else None, mean_s, "no")
            yield span, (zone.id, zone.name, *cells, round(share, _DIGITS))


def _told(counts: Sequence[int], hours: Sequence[int], k: int) -> list[bool]:
    """Which of a day's counts may be told: no small one, and none that gives a small one away.

    The day and its hours are told in other exports; so hours are hidden beside hours, and what is
    shorter beside the others of its hour.
    """
    total = sum(counts)
    if 0 < total < k:
        return [False] * len(counts)
    by_hour: dict[int, list[int]] = {}
    for place, hour in enumerate(hours):
        by_hour.setdefault(hour, []).append(place)
    if len(counts) == 1:
        return [True]
    hidden_hours = _hidden([sum(counts[it] for it in places) for places in by_hour.values()], k)
    told = [False] * len(counts)
    for places, hidden in zip(by_hour.values(), hidden_hours, strict=True):
        if hidden:
            continue
        parts = _hidden([counts[it] for it in places], k) if len(places) > 1 else [False]
        for place, is_hidden in zip(places, parts, strict=True):
            told[place] = not is_hidden
    return told


def _hidden(counts: Sequence[int], k: int) -> list[bool]:
    found = hidden_cells(np.array(counts, np.int64).reshape(-1, 1), k)
    return [bool(it) for it in found]


def _floor_share(site: SiteView, floor: str, watched: dict[str, float]) -> float:
    """Mean share in which the cameras of a floor were watched."""
    cameras = [camera.id for camera in site.cameras if camera.floor == floor]
    if not cameras:
        return 0.0
    return sum(watched.get(camera, 0.0) for camera in cameras) / len(cameras)


def _items(state: ServiceState, span: Span) -> Iterator[tuple[Cell, ...]]:
    ledger, least = state.ledger, state.site().minimum_group
    totals = ledger.item_totals(span.start_utc_ns, span.end_utc_ns)
    minutes = ledger.item_minutes(span.start_utc_ns, span.end_utc_ns)
    for sku in sorted(totals.keys() | minutes.keys()):
        total = totals.get(sku, ItemTotal())
        product = state.products.of_sku(sku)
        bought = sum(minute.bought for minute in minutes.get(sku, ()))
        yield (
            *(sku, product.name if product else "", product.colour if product else ""),
            *(product.size if product else "", total.touched, total.picked, total.tried),
            *(total.put_back, total.misplaced, total.gone, bought),
            total.visits if span.is_day and total.visits >= least else None,
        )


def _visits(state: ServiceState, span: Span) -> Iterator[tuple[Cell, ...]]:
    site = state.site()
    entrances = [line for line in site.lines if line.entrance]
    watched = _watched(state, span)
    shares = [watched.get(line.camera, 0.0) for line in entrances]
    share = sum(shares) / len(shares) if shares else 0.0
    totals = state.ledger.line_totals(span.start_utc_ns, span.end_utc_ns)
    crossed = [totals[line.id] for line in entrances if line.id in totals]
    entered, left = sum(it.entered for it in crossed), sum(it.left for it in crossed)
    handling = state.ledger.visit_totals(span.start_utc_ns, span.end_utc_ns)
    if not span.is_day or handling.visits < site.minimum_group:
        handling = VisitTotals()
    of = handling.visits
    yield (
        *((entered, left) if share > 0 or crossed else (None, None)),
        *((of, round(handling.touched / of, 2)) if of else (None, None)),
        *((round(handling.picked / of, 2), round(handling.tried / of, 2)) if of else (None, None)),
        round(share, _DIGITS),
    )


TABLES: Final = {
    table.name: table
    for table in (
        Table(
            "counts",
            "Counts",
            "客流计数",
            "who came in and went out, by counting line",
            "各计数线的进出人数",
            ("line", "line_name", "entrance", "entered", "left", "watched_share"),
            _each(_counts),
        ),
        Table(
            "stays",
            "Stays",
            "停留",
            "how many stayed in each zone, and how long on average",
            "各区域的停留人次与平均时长",
            ("zone", "zone_name", "stays", "mean_stay_s", "hidden_few", "watched_share"),
            _stays,
        ),
        Table(
            "items",
            "Items",
            "商品",
            "what was touched, picked, tried on and bought, by product",
            "各商品的触摸、拿取、试穿与购买次数",
            (
                *("sku", "name", "colour", "size", "touched", "picked", "tried", "put_back"),
                *("misplaced", "gone", "bought", "visits"),
            ),
            _each(_items),
        ),
        Table(
            "visits",
            "Visits",
            "到访",
            "visits of the whole site, and what a visit that handles garments does",
            "整个站点的到访人次，以及接触商品的到访行为",
            (
                *("entered", "left", "visits_with_items", "touched_per_visit"),
                *("picked_per_visit", "tried_per_visit", "watched_share"),
            ),
            _each(_visits),
        ),
    )
}
"""Further tables (unique visitors, flows, heatmaps) have their place here."""
