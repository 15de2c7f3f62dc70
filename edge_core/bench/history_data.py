"""A generated year of sums, written straight into the ledger's tables, and events to fold.

Every cell that 100 million events a year would fill is there: each open hour of each line, zone,
pair of zones and camera, each day of each product and length of stay, and a heat map of 16,384
cells by hour and by month. The counts add up to about 100 million events. Sums by minute are left
out, as no page about a long span reads them.
"""

import sqlite3
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Final

import numpy as np

from edge_core.bench.history_site import LINES, SKUS, ZONES
from edge_core.config import SiteConfig
from edge_core.ledger import SiteTime
from edge_core.ledger.heat import packed, rebuild_heat_months
from edge_core.ledger.site_time import DWELL_EDGES_S, day_number
from edge_core.service.presence import FloorPlans
from edge_core.types import Event, EventKind
from edge_core.units import NS_PER_S

YEAR_EVENTS: Final = 100_000_000
FIRST: Final = date(2025, 1, 1)
LAST: Final = date(2025, 12, 31)
DAYS: Final = (LAST - FIRST).days + 1
_OPEN: Final = range(8, 22)
_PAIRS: Final = (
    tuple(
        (f"zone-{a}", f"zone-{b}")
        for a in range(ZONES)
        for b in range(ZONES)
        if 0 < abs(a - b) <= 3
    )
    + tuple((f"zone-{a}", "@exit") for a in range(ZONES))
    + tuple(("@entrance", f"zone-{a}") for a in range(ZONES))
)
_PER_HOUR: Final = YEAR_EVENTS / (DAYS * len(_OPEN))
_FILLED: Final = 0.6
"""Share of a floor's cells where anybody was within an hour."""


def fill_year(path: Path, site: SiteConfig, plans: FloorPlans, rng: np.random.Generator) -> None:
    """Write the sums of a year into a ledger that nobody has open."""
    clock = SiteTime(site.site.timezone)
    days = np.arange(day_number(FIRST), day_number(LAST) + 1)
    hours = np.array(
        [clock.day_start(int(day)) + 60 * hour for day in days for hour in _OPEN], np.int64
    )
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA synchronous = OFF")
    clock.register(connection)
    connection.execute("BEGIN")
    _fill_counts(connection, days, hours, rng)
    _fill_goods(connection, days, rng)
    _fill_heat(connection, plans, hours, rng)
    rebuild_heat_months(connection, clock)
    connection.execute("COMMIT")
    connection.close()


def _insert(
    connection: sqlite3.Connection,
    table: str,
    keys: Sequence[tuple[str | int, ...]],
    sums: np.ndarray,
) -> None:
    marks = ", ".join("?" * (len(keys[0]) + sums.shape[1]))
    rows = ((*key, *row) for key, row in zip(keys, sums.tolist(), strict=True))
    connection.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)


def _fill_counts(
    connection: sqlite3.Connection, days: np.ndarray, hours: np.ndarray, rng: np.random.Generator
) -> None:
    """Two fifths of the events are moves, as many stays, the rest crossings and items."""
    per_line = 0.1 * _PER_HOUR / LINES
    per_zone, per_pair = 0.4 * _PER_HOUR / ZONES, 0.4 * _PER_HOUR / len(_PAIRS)
    for name, numbers, scale in (("hours", hours, 1), ("days", days, len(_OPEN))):
        for line in range(LINES):
            keys = [(f"line-{line}", int(it)) for it in numbers]
            _insert(
                connection, f"line_{name}", keys, rng.poisson(per_line * scale / 2, (len(keys), 2))
            )
        for zone in range(ZONES):
            stays = rng.poisson(per_zone * scale, len(numbers))
            parts = [stays, stays // 5, stays, stays // 3]
            parts += [stays // 2] if name == "days" else []
            keys = [(f"zone-{zone}", int(it)) for it in numbers]
            _insert(connection, f"zone_{name}", keys, np.column_stack([*parts, stays * 30_000]))
        for origin, target in _PAIRS:
            moves = rng.poisson(per_pair * scale, (len(numbers), 1))
            pairs = [(int(it), origin, target) for it in numbers]
            _insert(connection, f"move_{name}", pairs, moves)
    for zone in range(ZONES):
        for length in range(len(DWELL_EDGES_S)):
            stays = rng.poisson(per_zone * len(_OPEN) / len(DWELL_EDGES_S), len(days))
            bins = [(f"zone-{zone}", length, int(day)) for day in days]
            _insert(connection, "stay_days", bins, np.column_stack([stays, stays // 5]))
    for camera in range(4):
        keys = [(f"cam-{camera}", int(hour)) for hour in hours]
        _insert(connection, "camera_hours", keys, np.full((len(hours), 1), 3_600_000))


def _fill_goods(connection: sqlite3.Connection, days: np.ndarray, rng: np.random.Generator) -> None:
    per_sku = 0.1 * YEAR_EVENTS / SKUS / len(days)
    for sku in range(SKUS):
        touched = rng.poisson(per_sku, len(days))
        picked, tried = rng.binomial(touched, 0.3), rng.binomial(touched, 0.08)
        bought = rng.binomial(touched, 0.05)
        nothing = np.zeros_like(touched)
        table = np.column_stack([touched, picked, tried, touched // 4, nothing, nothing, bought])
        _insert(connection, "item_days", [(f"sku-{sku}", int(day)) for day in days], table)
    for line in range(4):
        visits = rng.poisson(2000, len(days))
        table = np.column_stack([visits, visits // 20, visits // 3, visits // 2, visits * 600_000])
        _insert(connection, "visit_days", [(f"line-{line}", int(day)) for day in days], table)
    for zone in range(2):
        windows = [(int(day), f"zone-{zone}") for day in days]
        _insert(connection, "window_days", windows, rng.poisson(300, (len(days), 1)))
    labelled = [("gender", it) for it in ("female", "male", "")]
    labelled += [("age", it) for it in ("0-17", "18-34", "35-54", "55+", "")]
    for place in ("", *(f"zone-{zone}" for zone in range(ZONES))):
        for attribute, label in labelled:
            traits = [(int(day), place, attribute, label) for day in days]
            _insert(connection, "trait_days", traits, rng.poisson(400, (len(days), 1)))


def _fill_heat(
    connection: sqlite3.Connection, plans: FloorPlans, hours: np.ndarray, rng: np.random.Generator
) -> None:
    grid = plans.grids["ground"]
    connection.execute(
        "INSERT INTO grids VALUES (1, ?, ?, ?, ?, ?, ?)",
        (grid.floor_id, grid.left_m, grid.top_m, grid.cell_m, grid.columns, grid.rows),
    )
    blobs = []
    for _ in range(50):
        sums = rng.gamma(0.5, 40_000, grid.cells).astype(np.int64)
        sums[rng.random(grid.cells) > _FILLED] = 0
        blobs.append(packed(sums))
    picks = rng.integers(0, len(blobs), (len(hours), 2))
    connection.executemany(
        "INSERT INTO heat_hours VALUES (1, ?, ?, ?)",
        (
            (int(hour), blobs[a], blobs[b])
            for hour, (a, b) in zip(hours, picks.tolist(), strict=True)
        ),
    )
    cameras = ("cam-0 cam-1 cam-2 cam-3", "cam-0 cam-2 cam-3")
    for names, spent_ms in zip(cameras, (3_500_000, 100_000), strict=True):
        connection.executemany(
            "INSERT INTO watch_hours VALUES (1, ?, ?, ?)",
            ((int(hour), names, spent_ms) for hour in hours),
        )


def make_events(batch: int, count: int) -> list[Event]:
    """One batch of all kinds, in order of time: a second a batch, from the year's end on."""
    rng = np.random.default_rng(batch)
    at_ns = (1_767_225_600 + batch) * NS_PER_S
    kinds = rng.choice(5, count, p=[0.1, 0.4, 0.4, 0.08, 0.02]).tolist()
    which = rng.integers(0, ZONES, count).tolist()
    events = []
    for number, (kind, place) in enumerate(zip(kinds, which, strict=True)):
        zone, sku = f"zone-{place}", f"sku-{(place * 53 + number) % SKUS}"
        kind_of, place_id, data = (
            (EventKind.CROSSING, f"line-{place % LINES}", {"direction": "in"}),
            (
                EventKind.STAY,
                zone,
                {"duration_s": 3.0 + number % 90, "censored": False, "engaged": True},
            ),
            (EventKind.MOVE, zone, {"from": f"zone-{(place + 1) % ZONES}", "window": ""}),
            (EventKind.ITEM, "rack", {"action": "picked-up", "sku": sku, "visit": place}),
            (EventKind.SALE, "", {"sku": sku, "quantity": 1, "transaction": ""}),
        )[kind]
        events.append(
            Event(f"{batch}/{number}", kind_of, at_ns + number, at_ns, "cam", place_id, data)
        )
    return events
