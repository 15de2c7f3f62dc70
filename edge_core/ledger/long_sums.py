"""Upkeep of the sums by hour and day: counting anew, forgetting, and what is no event's sum.

All functions work within the caller's transaction, on a connection that knows the site's clock.
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from edge_core.ledger.heat import forget_heat, heat_differences, rebuild_heat_months
from edge_core.ledger.rollups import LONG_ROLLUPS, Rollup
from edge_core.ledger.schema_hours import MONTHS
from edge_core.ledger.site_time import NS_PER_MINUTE, SiteTime
from edge_core.types import TraitCount

_MS_PER_MINUTE: Final = 60_000
_CAMERA_HOURS: Final = (
    f"SELECT camera_id, site_hour(minute * {NS_PER_MINUTE}), sum(watched_ms)"
    " FROM camera_minutes GROUP BY 1, 2"
)
_TRAIT_DAYS: Final = (
    f"SELECT site_day(hour * {NS_PER_MINUTE}), place_id, attribute, label, sum(people)"
    " FROM trait_hours GROUP BY 1, 2, 3, 4"
)
_ADD_TRAIT: Final = (
    "INSERT INTO trait_{0} ({1}, place_id, attribute, label, people) VALUES (?, ?, ?, ?, ?)"
    " ON CONFLICT DO UPDATE SET people = people + excluded.people"
)


def settle(connection: sqlite3.Connection, site_time: SiteTime) -> None:
    """Count everything by hour and day anew if that was done by another clock, or never."""
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'settings'").fetchone():
        return  # an older schema, as tests of migrations make
    kept = connection.execute("SELECT value FROM settings WHERE name = 'timezone'").fetchone()
    if kept is not None and kept[0] == site_time.timezone:
        return
    for rollup in LONG_ROLLUPS:
        connection.execute(f"DELETE FROM {rollup.table}")
        connection.execute(_refill_sql(rollup))
    connection.execute("DELETE FROM camera_hours")
    connection.execute(f"INSERT INTO camera_hours (camera_id, hour, watched_ms) {_CAMERA_HOURS}")
    connection.execute("DELETE FROM trait_days")
    connection.execute(
        f"INSERT INTO trait_days (day, place_id, attribute, label, people) {_TRAIT_DAYS}"
    )
    rebuild_heat_months(connection, site_time)
    connection.execute(
        "INSERT OR REPLACE INTO settings VALUES ('timezone', ?)", (site_time.timezone,)
    )


def mark_watched(
    connection: sqlite3.Connection,
    site_time: SiteTime,
    camera_id: str,
    minute: int,
    watched_ms: int,
) -> None:
    """Add to a minute of a camera, up to sixty seconds, and what was added to its hour."""
    kept = connection.execute(
        "SELECT watched_ms FROM camera_minutes WHERE minute = ? AND camera_id = ?",
        (minute, camera_id),
    ).fetchone()
    before = 0 if kept is None else int(kept[0])
    after = min(_MS_PER_MINUTE, before + watched_ms)
    connection.execute(
        "INSERT OR REPLACE INTO camera_minutes (camera_id, minute, watched_ms) VALUES (?, ?, ?)",
        (camera_id, minute, after),
    )
    connection.execute(
        "INSERT INTO camera_hours (camera_id, hour, watched_ms) VALUES (?, ?, ?)"
        " ON CONFLICT DO UPDATE SET watched_ms = watched_ms + excluded.watched_ms",
        (camera_id, site_time.hour(minute * NS_PER_MINUTE), after - before),
    )


def keep_present(connection: sqlite3.Connection, hour: int, by_zone: Mapping[str, int]) -> None:
    """Keep how many people were where at an hour's first look, unless that is kept already."""
    if connection.execute("SELECT 1 FROM present_hours WHERE hour = ?", (hour,)).fetchone():
        return
    connection.executemany(
        "INSERT INTO present_hours (hour, zone_id, present) VALUES (?, ?, ?)",
        [(hour, zone, count) for zone, count in by_zone.items()],
    )


def add_traits(
    connection: sqlite3.Connection, site_time: SiteTime, counts: Sequence[TraitCount]
) -> None:
    """Add people to the labels of their hours and days."""
    for span, name, number in (("hours", "hour", site_time.hour), ("days", "day", site_time.day)):
        connection.executemany(
            _ADD_TRAIT.format(span, name),
            [(number(it.utc_ns), it.place_id, it.attribute, it.label, it.people) for it in counts],
        )


def forget(connection: sqlite3.Connection, site_time: SiteTime, first_minute: int) -> None:
    """Forget the hours and days before a minute; its own hold what is left of the events."""
    first_ns = first_minute * NS_PER_MINUTE
    hour, day = site_time.hour(first_ns), site_time.day(first_ns)
    for rollup in LONG_ROLLUPS:
        name, number = ("hour", hour) if "hour" in rollup.keys else ("day", day)
        connection.execute(f"DELETE FROM {rollup.table} WHERE {name} <= ?", (number,))
        connection.execute(_refill_sql(rollup, f"site_{name}(utc_ns) = {number:d}", first_ns, name))
    connection.execute("DELETE FROM camera_hours WHERE hour <= ?", (hour,))
    connection.execute(
        "INSERT INTO camera_hours (camera_id, hour, watched_ms)"
        f" SELECT camera_id, ?1, sum(watched_ms) FROM camera_minutes"
        f" WHERE minute >= ?2 AND minute < ?1 + 60"
        f" AND site_hour(minute * {NS_PER_MINUTE}) = ?1 GROUP BY 1",
        (hour, first_minute),
    )
    connection.execute("DELETE FROM present_hours WHERE hour < ?", (hour,))
    connection.execute(
        "UPDATE trait_days SET people = people - ("
        " SELECT coalesce(sum(h.people), 0) FROM trait_hours AS h WHERE h.hour < ?1"
        f" AND site_day(h.hour * {NS_PER_MINUTE}) = trait_days.day"
        " AND (h.place_id, h.attribute, h.label)"
        " = (trait_days.place_id, trait_days.attribute, trait_days.label)"
        ") WHERE day = ?2",
        (hour, day),
    )
    connection.execute("DELETE FROM trait_days WHERE day < ? OR people = 0", (day,))
    connection.execute("DELETE FROM trait_hours WHERE hour < ?", (hour,))
    forget_heat(connection, site_time, hour)


def differences(connection: sqlite3.Connection, site_time: SiteTime) -> Iterator[str]:
    """Sums that are no events' and differ from the finer sums they are of; none when sound."""
    for table, columns, fresh in (
        ("camera_hours", "camera_id, hour, watched_ms", _CAMERA_HOURS),
        ("trait_days", "day, place_id, attribute, label, people", _TRAIT_DAYS),
    ):
        kept = f"SELECT {columns} FROM {table}"
        rows = connection.execute(
            f"SELECT * FROM ({kept} EXCEPT {fresh}) UNION ALL SELECT * FROM ({fresh} EXCEPT {kept})"
        )
        yield from (f"{table}: {row}" for row in rows)
    for months in MONTHS:
        columns = ", ".join((*months.keys, "month", *months.sums))
        some = " OR ".join(f"{it} <> 0" for it in months.sums)
        kept = f"SELECT {columns} FROM {months.name}_months WHERE {some}"
        fresh = months.recompute_sql()
        rows = connection.execute(
            f"SELECT * FROM ({kept} EXCEPT {fresh}) UNION ALL SELECT * FROM ({fresh} EXCEPT {kept})"
        )
        yield from (f"{months.name}_months: {row}" for row in rows)
    yield from heat_differences(connection, site_time)


def _refill_sql(rollup: Rollup, condition: str = "1", first_ns: int = 0, span: str = "") -> str:
    """INSERT the sums of the events that meet a condition, looking at no more than its span."""
    columns = ", ".join((*rollup.keys, *rollup.sums))
    if not span:
        return f"INSERT INTO {rollup.table} ({columns}) {rollup.recompute_sql(condition)}"
    longest_ns = (60 if span == "hour" else 26 * 60) * NS_PER_MINUTE
    condition += f" AND utc_ns >= {first_ns:d} AND utc_ns < {first_ns + longest_ns:d}"
    select = rollup.recompute_sql(condition)
    # Left to itself SQLite would look at every event of the kind.
    select = select.replace(" FROM events", " FROM events INDEXED BY events_by_time")
    return f"INSERT INTO {rollup.table} ({columns}) {select}"
