"""Pages about a year at the density of 100 million events, and what folding one event costs.

Processor time, so that other work on the machine does not count; pages are read from the cache.
"""

import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

import numpy as np

from edge_core.bench import Figure
from edge_core.bench.history_data import DAYS, FIRST, LAST, YEAR_EVENTS, fill_year, make_events
from edge_core.bench.history_site import history_site
from edge_core.config import Products
from edge_core.ledger import Ledger, LedgerReader
from edge_core.service.history_goods import funnel_view, items_table, windows_view
from edge_core.service.history_series import SeriesBuilder
from edge_core.service.history_views import (
    Span,
    demographics_view,
    dwell_view,
    flows_view,
    heat_difference,
    heat_view,
    next_view,
)
from edge_core.service.past import Past
from edge_core.service.presence import FloorPlans
from edge_core.service.views import site_view

FOLDED: Final = 1_000_000
"""Events really appended, of all kinds a shop has."""
BATCH: Final = 1_000
EDGE: Final = 100
"""Batches at the beginning and at the end that are compared."""
REPEATS: Final = 5


def measure() -> list[Figure]:
    """A ledger with a generated year of sums, then events appended to it."""
    with tempfile.TemporaryDirectory(prefix="promenade-history-") as folder:
        path = Path(folder) / "ledger.db"
        site, rng = history_site(), np.random.default_rng(1)
        with Ledger(path, timezone=site.site.timezone) as ledger:
            empty_us = _append(ledger, 0, EDGE)
        plans = FloorPlans(site)
        fill_year(path, site, plans, rng)
        with Ledger(path, timezone=site.site.timezone) as ledger, ledger.reader() as reader:
            costs_us = _append(ledger, EDGE, FOLDED // BATCH)
            figures = _pages(reader, plans)
            size_mb = reader.size_mb()
            again_us, empty_again_us = _beside_an_empty(ledger, site.site.timezone, Path(folder))
    first, last = statistics.median(costs_us[:EDGE]), statistics.median(costs_us[-EDGE:])
    empty = statistics.median(empty_us)
    again, empty_again = statistics.median(again_us), statistics.median(empty_again_us)
    named = f"of {FOLDED:,} appended in batches of {BATCH:,}"
    return [
        *figures,
        Figure("the ledger of that year", size_mb, "MB", None, None, 1),
        Figure("folding one event into an empty ledger", empty, "µs", None, None, EDGE * BATCH),
        Figure(f"beside a year, the first {named}", first, "µs", None, None, EDGE * BATCH),
        Figure("the same after them, by turns", again, "µs", None, None, EDGE * BATCH),
        Figure(
            "into another empty ledger, by turns",
            empty_again,
            "µs",
            "the same after them, by turns",
            again / empty_again,
            EDGE * BATCH,
        ),
        Figure(
            f"beside a year, the last {named}",
            last,
            "µs",
            "beside a year, the first",
            first / last,
            EDGE * BATCH,
        ),
    ]


def _beside_an_empty(
    ledger: Ledger, timezone: str, folder: Path
) -> tuple[list[float], list[float]]:
    """The last batches by turns into the full ledger and an empty one: other load meets both."""
    full_us, empty_us, first = [], [], FOLDED // BATCH
    with Ledger(folder / "empty.db", timezone=timezone) as empty:
        for batch in range(first, first + EDGE):
            full_us += _append(ledger, batch, batch + 1)
            empty_us += _append(empty, batch, batch + 1)
    return full_us, empty_us


def _append(ledger: Ledger, first: int, last: int) -> list[float]:
    """Microseconds an event, batch by batch, commit included."""
    spent = []
    for batch in range(first, last):
        events = make_events(batch, BATCH)
        begin = time.process_time()
        ledger.append(events)
        spent.append((time.process_time() - begin) / BATCH * 1e6)
    return spent


def _pages(reader: LedgerReader, plans: FloorPlans) -> list[Figure]:
    site = history_site()
    products = Products()
    past, view = Past.of(site, plans, reader, products), site_view(site)
    now = int(datetime(LAST.year, LAST.month, LAST.day, 23, tzinfo=UTC).timestamp()) * 10**9
    today = past.history.time.day(now)
    year = Span(FIRST, LAST, today)
    ragged = Span(date(FIRST.year, 1, 2), date(LAST.year, 12, 30), today)
    series = SeriesBuilder(past.history, view, past.watches, now)
    floor, clocks = site.floors[0].id, (0, 24)
    halves = Span(FIRST, date(FIRST.year, 6, 30), today), Span(date(FIRST.year, 7, 1), LAST, today)

    def difference() -> object:
        return heat_difference(*(heat_view(past, floor, "dwell", it, clocks) for it in halves))

    pages: dict[str, Callable[[], object]] = {
        "entries by day, all entrances": lambda: series.days("entered", "", FIRST, LAST),
        "visits by day": lambda: series.days("visits", "", FIRST, LAST),
        "stays by day, one zone": lambda: series.days("stays", "zone-3", FIRST, LAST),
        "entries by hour with what is usual, 31 days": lambda: series.hours(
            "entered", "line-1", date(LAST.year, 12, 1), LAST, usual=True
        ),
        "heat": lambda: heat_view(past, floor, "dwell", year, clocks),
        "heat, 2 January to 30 December": lambda: heat_view(past, floor, "dwell", ragged, clocks),
        "heat, two half-years compared": difference,
        "dwell, all zones": lambda: dwell_view(past, view, year),
        "flows": lambda: flows_view(past.history, view, year),
        "where next, by hour of the day": lambda: next_view(past.history, view, "zone-3", year),
        "demographics": lambda: demographics_view(past, view, "", year),
        "funnel": lambda: funnel_view(past, view, "", year),
        "windows": lambda: windows_view(past, view, year),
        "garments, 1,000 products": lambda: items_table(past, products, year),
    }
    return [_page(name, ask) for name, ask in pages.items()]


def _page(name: str, ask: Callable[[], object]) -> Figure:
    spent = []
    for _ in range(REPEATS):
        begin = time.process_time()
        ask()
        spent.append((time.process_time() - begin) * 1e3)
    about = f"a year of {YEAR_EVENTS // 10**6} million events, {DAYS} days: {name}"
    return Figure(about, statistics.median(spent), "ms", None, None, REPEATS)
