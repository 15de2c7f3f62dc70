"""What can be taken along as CSV. A further table is one function and one line in `TABLES`."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from edge_core.dashboard.exports.spans import Span
from edge_core.ledger import ItemTotal, VisitTotals
from edge_core.service.schema import SiteView
from edge_core.service.views import ServiceState, utc_from_ns
from edge_core.units import NS_PER_S

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
        rows: the cells of one span, without its start.
    """

    name: str
    title: str
    title_zh: str
    about: str
    about_zh: str
    columns: tuple[str, ...]
    rows: Callable[[ServiceState, Span], Iterator[tuple[Cell, ...]]]


def table_rows(
    table: Table, state: ServiceState, wanted: Sequence[Span]
) -> Iterator[tuple[Cell, ...]]:
    """The table's rows, the header first; spans that have not begun are left out."""
    timezone, now_ns = ZoneInfo(state.site().timezone), state.clock.utc_ns()
    yield ("start", *table.columns)
    for span in wanted:
        if span.start_utc_ns >= now_ns:
            return
        start = utc_from_ns(span.start_utc_ns).astimezone(timezone).isoformat(timespec="minutes")
        for cells in table.rows(state, span):
            yield (start, *cells)


def _watched(state: ServiceState, span: Span) -> dict[str, float]:
    """Share of the span, as far as it has passed, in which each camera was watched."""
    passed_ns = min(span.end_utc_ns, state.clock.utc_ns()) - span.start_utc_ns
    watched_s = state.ledger.watched_s(span.start_utc_ns, span.end_utc_ns)
    passed_s = max(passed_ns / NS_PER_S, 1.0)
    return {camera: round(min(1.0, seconds / passed_s), 3) for camera, seconds in watched_s.items()}


def _counts(state: ServiceState, span: Span) -> Iterator[tuple[Cell, ...]]:
    watched = _watched(state, span)
    totals = state.ledger.line_totals(span.start_utc_ns, span.end_utc_ns)
    for line in state.site().lines:
        share = watched.get(line.camera, 0.0)
        total = totals.get(line.id)
        entered, left = (total.entered, total.left) if total else (0, 0)
        known = share > 0
        yield (
            *(line.id, line.name, "yes" if line.entrance else "no"),
            *(entered if known else None, left if known else None, share),
        )


def _stays(state: ServiceState, span: Span) -> Iterator[tuple[Cell, ...]]:
    site = state.site()
    watched = _watched(state, span)
    totals = state.ledger.zone_totals(span.start_utc_ns, span.end_utc_ns)
    for zone in site.zones:
        share = _floor_share(site, zone.floor, watched)
        total = totals.get(zone.id)
        stays = total.stays if total else 0
        if share == 0:
            yield (zone.id, zone.name, None, None, "no", share)
        elif 0 < stays < site.minimum_group:
            yield (zone.id, zone.name, None, None, "yes", share)
        else:
            mean_s = round(total.dwell_s / stays, 1) if total and stays else None
            yield (zone.id, zone.name, stays, mean_s, "no", share)


def _floor_share(site: SiteView, floor: str, watched: dict[str, float]) -> float:
    """Mean share in which the cameras of a floor were watched."""
    cameras = [camera.id for camera in site.cameras if camera.floor == floor]
    if not cameras:
        return 0.0
    return round(sum(watched.get(camera, 0.0) for camera in cameras) / len(cameras), 3)


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
            total.visits if total.visits >= least else None,
        )


def _visits(state: ServiceState, span: Span) -> Iterator[tuple[Cell, ...]]:
    site = state.site()
    entrances = [line for line in site.lines if line.entrance]
    watched = _watched(state, span)
    shares = [watched.get(line.camera, 0.0) for line in entrances]
    share = round(sum(shares) / len(shares), 3) if shares else 0.0
    totals = state.ledger.line_totals(span.start_utc_ns, span.end_utc_ns)
    crossed = [totals[line.id] for line in entrances if line.id in totals]
    entered, left = sum(it.entered for it in crossed), sum(it.left for it in crossed)
    handling = state.ledger.visit_totals(span.start_utc_ns, span.end_utc_ns)
    if handling.visits < site.minimum_group:
        handling = VisitTotals()
    of = handling.visits
    yield (
        *((entered, left) if share > 0 else (None, None)),
        *((of, round(handling.touched / of, 2)) if of else (None, None)),
        *((round(handling.picked / of, 2), round(handling.tried / of, 2)) if of else (None, None)),
        share,
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
            _counts,
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
            _items,
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
            _visits,
        ),
    )
}
"""Further tables (unique visitors, flows, heatmaps) have their place here."""
