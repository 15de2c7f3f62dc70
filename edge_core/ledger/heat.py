"""Where people were, kept as sums by cell: hours in full, and months by hour of the day.

A floor's sums are one blob, little-endian: every cell's as uint32, or, where less than a third are
not zero, the numbers of those as uint16 and then their sums as uint32. Adding to an hour rewrites
its blob and that of its month, so the cost does not grow with history. All are whole numbers, so
months are exactly their hours' sums.
"""

import sqlite3
from collections.abc import Iterable
from typing import Final

import numpy as np

from edge_core.ledger.site_time import SiteTime
from edge_core.types import FloorGrid, Int64Array, PresenceSums

_MOST: Final = 2**32 - 1
_THINNED: Final = "heat-thinned"
"""Setting: the first month whose hours are kept."""
_Key = dict[str, int]


def packed(sums: Int64Array) -> bytes:
    """Cells' sums int64 (cells,) as a blob.

    Raises:
        ValueError: a sum below zero or beyond uint32.
    """
    if len(sums) and not (sums.min() >= 0 and sums.max() <= _MOST):
        raise ValueError("sums of cells lie in 0..2**32-1")
    cells = np.flatnonzero(sums)
    if 3 * len(cells) >= len(sums):
        return sums.astype("<u4").tobytes()
    return cells.astype("<u2").tobytes() + sums[cells].astype("<u4").tobytes()


def add_packed(blob: bytes, sums: Int64Array, sign: int = 1) -> None:
    """Add a blob to sums int64 (cells,), in place."""
    if len(blob) == 4 * len(sums):
        every = np.frombuffer(blob, "<u4")
        if sign > 0:
            sums += every
        else:
            sums -= every
        return
    count = len(blob) // 6
    cells = np.frombuffer(blob, "<u2", count)
    sums[cells] += sign * np.frombuffer(blob, "<u4", count, 2 * count).astype(np.int64)


def grid_number(connection: sqlite3.Connection, grid: FloorGrid) -> int | None:
    """The number a grid is kept under."""
    row = connection.execute(
        "SELECT grid FROM grids WHERE (floor_id, left_m, top_m, cell_m, columns, rows)"
        " = (?, ?, ?, ?, ?, ?)",
        _facts(grid),
    ).fetchone()
    return None if row is None else int(row[0])


def add_presence(connection: sqlite3.Connection, site_time: SiteTime, sums: PresenceSums) -> None:
    """Add one hour's news to its hour and its month; within the caller's transaction."""
    connection.execute(
        "INSERT OR IGNORE INTO grids (floor_id, left_m, top_m, cell_m, columns, rows)"
        " VALUES (?, ?, ?, ?, ?, ?)",
        _facts(sums.grid),
    )
    grid = grid_number(connection, sums.grid)
    if grid is None:
        raise ValueError("the grid was not kept")
    by_hour: _Key = {"grid": grid, "hour": site_time.hour(sums.utc_ns)}
    by_month = _month_key(site_time, by_hour)
    for table, key in (("hours", by_hour), ("months", by_month)):
        _add_heat(connection, f"heat_{table}", key, (sums.dwell_ms, sums.walked_mm))
        for cameras, watched_ms in sums.watched_ms.items():
            _add_watched(connection, f"watch_{table}", key, " ".join(cameras), watched_ms)


def forget_heat(connection: sqlite3.Connection, site_time: SiteTime, first_hour: int) -> None:
    """Drop the hours before one, and take them out of their months."""
    _hours_into_months(connection, site_time, "WHERE hour < :first", {"first": first_hour}, -1)
    connection.execute("DELETE FROM heat_hours WHERE hour < ?", (first_hour,))
    connection.execute("DELETE FROM watch_hours WHERE hour < ?", (first_hour,))
    # Months whose hours were thinned out have nothing left that could be taken out of them.
    month = site_time.month_of_hour(first_hour)
    connection.execute("DELETE FROM watch_months WHERE watched_ms = 0 OR month < ?", (month,))
    connection.execute("DELETE FROM heat_months WHERE month < ?", (month,))
    connection.execute("DELETE FROM heat_months WHERE length(dwell) + length(walked) = 0")


def thin(connection: sqlite3.Connection, site_time: SiteTime, before_hour: int) -> int:
    """Drop the hours of the months before an hour's, and leave the months; returns how many."""
    month = max(site_time.month_of_hour(before_hour), _thinned(connection))
    first = site_time.month_start(month)
    gone = connection.execute("DELETE FROM heat_hours WHERE hour < ?", (first,)).rowcount
    connection.execute("DELETE FROM watch_hours WHERE hour < ?", (first,))
    connection.execute("INSERT OR REPLACE INTO settings VALUES (?, ?)", (_THINNED, str(month)))
    return gone


def _thinned(connection: sqlite3.Connection) -> int:
    """The first month whose hours are kept."""
    found = connection.execute("SELECT value FROM settings WHERE name = ?", (_THINNED,)).fetchone()
    return int(found[0]) if found else 0


def rebuild_heat_months(connection: sqlite3.Connection, site_time: SiteTime) -> None:
    """Sum the months anew, as the site's clock has them now."""
    first = (_thinned(connection),)  # those before stay as the clock had them then
    connection.execute("DELETE FROM heat_months WHERE month >= ?", first)
    connection.execute("DELETE FROM watch_months WHERE month >= ?", first)
    _hours_into_months(connection, site_time, "", {}, 1)


def _hours_into_months(
    connection: sqlite3.Connection, site_time: SiteTime, where: str, values: _Key, sign: int
) -> None:
    """Add hours to their months, or take them out with a `sign` of -1."""
    cells = dict(connection.execute("SELECT grid, columns * rows FROM grids").fetchall())
    hours = connection.execute(f"SELECT grid, hour, dwell, walked FROM heat_hours {where}", values)
    for grid, hour, *blobs in hours.fetchall():
        totals = np.zeros((2, cells[grid]), np.int64)
        for blob, total in zip(blobs, totals, strict=True):
            add_packed(blob, total, sign)
        key = _month_key(site_time, {"grid": grid, "hour": hour})
        _add_heat(connection, "heat_months", key, totals)
    watched = connection.execute(
        f"SELECT grid, hour, cameras, watched_ms FROM watch_hours {where}", values
    )
    for grid, hour, cameras, watched_ms in watched.fetchall():
        key = _month_key(site_time, {"grid": grid, "hour": hour})
        _add_watched(connection, "watch_months", key, cameras, sign * watched_ms)


def _month_key(site_time: SiteTime, key: _Key) -> _Key:
    hour = key["hour"]
    return {
        "grid": key["grid"],
        "month": site_time.month_of_hour(hour),
        "clock": site_time.hour_of_day(hour),
    }


def _add_heat(
    connection: sqlite3.Connection, table: str, key: _Key, added: Iterable[Int64Array]
) -> None:
    where = " AND ".join(f"{name} = :{name}" for name in key)
    kept = connection.execute(f"SELECT dwell, walked FROM {table} WHERE {where}", key).fetchone()
    blobs = []
    for news, blob in zip(added, kept or (b"", b""), strict=True):
        total = news.copy()
        add_packed(blob, total)
        blobs.append(packed(total))
    columns = (*key, "dwell", "walked")
    connection.execute(
        f"INSERT OR REPLACE INTO {table} ({', '.join(columns)})"
        f" VALUES ({', '.join(f':{name}' for name in columns)})",
        {**key, "dwell": blobs[0], "walked": blobs[1]},
    )


def _add_watched(
    connection: sqlite3.Connection, table: str, key: _Key, cameras: str, watched_ms: int
) -> None:
    columns = (*key, "cameras", "watched_ms")
    connection.execute(
        f"INSERT INTO {table} ({', '.join(columns)})"
        f" VALUES ({', '.join(f':{name}' for name in columns)})"
        " ON CONFLICT DO UPDATE SET watched_ms = watched_ms + excluded.watched_ms",
        {**key, "cameras": cameras, "watched_ms": watched_ms},
    )


def heat_differences(connection: sqlite3.Connection, site_time: SiteTime) -> Iterable[str]:
    """Months that are not the sums of their hours; none when all is well."""
    sums: dict[tuple[int, int, int], list[Int64Array]] = {}
    cells = dict(connection.execute("SELECT grid, columns * rows FROM grids").fetchall())
    for sign, table in ((1, "heat_months"), (-1, "heat_hours")):
        for grid, *when, dwell, walked in connection.execute(f"SELECT * FROM {table}"):
            if table == "heat_hours":
                when = [site_time.month_of_hour(when[0]), site_time.hour_of_day(when[0])]
            key = (grid, when[0], when[1])
            totals = sums.setdefault(key, [np.zeros(cells[grid], np.int64) for _ in range(2)])
            add_packed(dwell, totals[0], sign)
            add_packed(walked, totals[1], sign)
    first = _thinned(connection)
    for key, totals in sums.items():
        if key[1] >= first and any(total.any() for total in totals):
            yield f"heat_months: {key}"


def _facts(grid: FloorGrid) -> tuple[str, float, float, float, int, int]:
    return (grid.floor_id, grid.left_m, grid.top_m, grid.cell_m, grid.columns, grid.rows)
