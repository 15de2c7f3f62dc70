"""The changes a ledger takes, each within one transaction, by names that the redo log can repeat.

Arguments are JSON values, and the same functions serve the writer and the redo log: what is made
again comes out as it did the first time.
"""

import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple
from typing import Any, Final

import numpy as np

from edge_core.ledger import heat, long_sums, outbox, proofs
from edge_core.ledger.outbox import OutboxRow
from edge_core.ledger.rollups import MINUTE_TABLES, ROLLUPS
from edge_core.ledger.site_time import SiteTime
from edge_core.types import FloorGrid, PresenceSums, TraitCount

Json = list[Any]

_INSERT: Final = (
    "INSERT INTO events (key, kind, utc_ns, mono_ns, camera_id, place_id, data, seal)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, event_seal(?1, ?2, ?3, ?4, ?5, ?6, ?7))"
    " ON CONFLICT (key) DO NOTHING"
)
_FOLDS: Final = tuple(rollup.fold_sql() for rollup in ROLLUPS)
_DELETE_BATCH: Final = 5_000
FORGOTTEN: Final = (*MINUTE_TABLES, "consents")
"""What `forget` counts the rows of."""


def apply(
    connection: sqlite3.Connection, site_time: SiteTime, name: str, arguments: Json
) -> list[int]:
    """Make a change within the caller's transaction.

    Args:
        connection: of the ledger; knows the site's clock.
        site_time: the site's clock.
        name: one of the functions' below.
        arguments: as its `..._arguments` makes them.

    Returns:
        Ids of new events; or how many events were deleted, as one number; or rows of sums that
        were; else nothing.

    Raises:
        KeyError: there is no such change: a newer Promenade wrote it down.
    """
    return _BY_NAME[name](connection, site_time, arguments)


def newest_id(connection: sqlite3.Connection) -> int:
    """Row id of the newest event ever appended; 0 before the first."""
    row = connection.execute("SELECT seq FROM sqlite_sequence WHERE name = 'events'").fetchone()
    return int(row[0]) if row else 0


def fold(connection: sqlite3.Connection, before: int) -> None:
    """Add events with ids above `before` to the sums."""
    for statement in _FOLDS:
        connection.execute(statement, (before,))


def presence_arguments(
    sums: Sequence[PresenceSums], present: Mapping[int, Mapping[str, int]]
) -> Json:
    """Arguments of `presence`."""
    told = [
        [
            list(astuple(each.grid)),
            each.utc_ns,
            each.dwell_ms.tolist(),
            each.walked_mm.tolist(),
            [[list(cameras), ms] for cameras, ms in each.watched_ms.items()],
        ]
        for each in sums
    ]
    return [told, [[utc_ns, dict(by_zone)] for utc_ns, by_zone in present.items()]]


def traits_arguments(counts: Sequence[TraitCount]) -> Json:
    """Arguments of `traits`."""
    return [list(astuple(count)) for count in counts]


def _append(connection: sqlite3.Connection, _: SiteTime, rows: Json) -> list[int]:
    """Insert rows and fold the new ones into the sums; returns their ids."""
    before = newest_id(connection)
    connection.executemany(_INSERT, rows)
    found = connection.execute("SELECT id FROM events WHERE id > ? ORDER BY id", (before,))
    ids = [int(row[0]) for row in found]
    if ids:
        fold(connection, before)
    return ids


def _watched(connection: sqlite3.Connection, site_time: SiteTime, arguments: Json) -> list[int]:
    camera_id, minute, watched_ms = arguments
    long_sums.mark_watched(connection, site_time, camera_id, minute, watched_ms)
    return []


def _presence(connection: sqlite3.Connection, site_time: SiteTime, arguments: Json) -> list[int]:
    sums, present = arguments
    for grid, utc_ns, dwell_ms, walked_mm, watched in sums:
        each = PresenceSums(
            FloorGrid(*grid),
            utc_ns,
            np.array(dwell_ms, np.int64),
            np.array(walked_mm, np.int64),
            {tuple(cameras): ms for cameras, ms in watched},
        )
        heat.add_presence(connection, site_time, each)
    for utc_ns, by_zone in present:
        long_sums.keep_present(connection, site_time.hour(utc_ns), by_zone)
    return []


def _traits(connection: sqlite3.Connection, site_time: SiteTime, arguments: Json) -> list[int]:
    long_sums.add_traits(connection, site_time, [TraitCount(*count) for count in arguments])
    return []


def _put_out(connection: sqlite3.Connection, _: SiteTime, arguments: Json) -> list[int]:
    rows, marks = arguments
    outbox.put(connection, [OutboxRow(*row) for row in rows], marks)
    return []


def _settle_out(connection: sqlite3.Connection, _: SiteTime, arguments: Json) -> list[int]:
    delivered, refused = arguments
    outbox.settle(connection, delivered, dict(refused))
    return []


def _delete(connection: sqlite3.Connection, _: SiteTime, arguments: Json) -> list[int]:
    """Delete a batch of the oldest events before an instant; returns how many."""
    (utc_ns,) = arguments
    kinds: dict[str, int] = {}
    for (kind,) in connection.execute(
        "DELETE FROM events WHERE id IN"
        " (SELECT id FROM events WHERE utc_ns < ? ORDER BY utc_ns, id LIMIT ?) RETURNING kind",
        (utc_ns, _DELETE_BATCH),
    ).fetchall():
        kinds[kind] = kinds.get(kind, 0) + 1
    connection.executemany(
        "UPDATE kind_totals SET events = events - ? WHERE kind = ?",
        [(count, kind) for kind, count in kinds.items()],
    )
    connection.execute("DELETE FROM kind_totals WHERE events = 0")
    return [sum(kinds.values())]


def _forget(connection: sqlite3.Connection, site_time: SiteTime, arguments: Json) -> list[int]:
    """Forget the sums of minutes before one, and choices; returns rows as `FORGOTTEN` has them."""
    (first_kept,) = arguments
    gone = [
        connection.execute(f"DELETE FROM {table} WHERE minute < ?", (first_kept,)).rowcount
        for table in MINUTE_TABLES
    ]
    gone.append(proofs.forget_consents(connection, first_kept))
    long_sums.forget(connection, site_time, first_kept)
    return gone


def _thin_heat(connection: sqlite3.Connection, site_time: SiteTime, arguments: Json) -> list[int]:
    (utc_ns,) = arguments
    return [heat.thin(connection, site_time, site_time.hour(utc_ns))]


def _consent(connection: sqlite3.Connection, _: SiteTime, arguments: Json) -> list[int]:
    proofs.count_consent(connection, *arguments)
    return []


def _proof(connection: sqlite3.Connection, _: SiteTime, arguments: Json) -> list[int]:
    proofs.keep_deletion(connection, *arguments)
    return []


_BY_NAME: Final[Mapping[str, Callable[[sqlite3.Connection, SiteTime, Json], list[int]]]] = {
    "append": _append,
    "watched": _watched,
    "presence": _presence,
    "traits": _traits,
    "put-out": _put_out,
    "settle-out": _settle_out,
    "delete": _delete,
    "forget": _forget,
    "thin-heat": _thin_heat,
    "consent": _consent,
    "proof": _proof,
}
