"""What waits to be told to the hub: rows that leave only when the hub has said that it keeps them.

Rows and how far the ledger has been read for them change together, so that a crash neither
forgets a fact nor tells it under two keys.
"""

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

OUTBOX: Final = """
CREATE TABLE outbox (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    key TEXT NOT NULL UNIQUE,              -- idempotency: the hub keeps a key once
    kind TEXT NOT NULL,
    body TEXT NOT NULL CHECK (json_valid(body)),
    refused TEXT NOT NULL DEFAULT ''       -- why the hub will never take it; such rows are not sent
) STRICT
"""

OUTBOX_MARKS: Final = """
CREATE TABLE outbox_marks (
    name TEXT NOT NULL PRIMARY KEY,        -- event, day: told up to here; batch: the last number
    value INTEGER NOT NULL
) STRICT, WITHOUT ROWID
"""


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """One fact for the hub.

    Attributes:
        key: names it for ever.
        kind: what it is.
        body: JSON.
        seq: its place in the queue; 0 before it stands there.
    """

    key: str
    kind: str
    body: str
    seq: int = 0


@dataclass(frozen=True, slots=True)
class OutboxCounts:
    """How many rows wait, and how many the hub refused for good."""

    waiting: int
    refused: int


def put(
    connection: sqlite3.Connection, rows: Iterable[OutboxRow], marks: Mapping[str, int]
) -> None:
    """Add rows (a key that waits already is passed over) and move marks."""
    connection.executemany(
        "INSERT INTO outbox (key, kind, body) VALUES (?, ?, ?) ON CONFLICT (key) DO NOTHING",
        [(row.key, row.kind, row.body) for row in rows],
    )
    connection.executemany(
        "INSERT INTO outbox_marks VALUES (?, ?) ON CONFLICT (name) DO UPDATE"
        " SET value = excluded.value",
        list(marks.items()),
    )


def settle(
    connection: sqlite3.Connection, delivered: Iterable[int], refused: Mapping[int, str]
) -> None:
    """Drop rows that the hub keeps; set those aside that it will never take."""
    connection.executemany("DELETE FROM outbox WHERE seq = ?", [(seq,) for seq in delivered])
    connection.executemany(
        "UPDATE outbox SET refused = ? WHERE seq = ?",
        [(reason[:200] or "no reason told", seq) for seq, reason in refused.items()],
    )


def waiting(connection: sqlite3.Connection, limit: int) -> list[OutboxRow]:
    """The oldest rows to be sent."""
    found = connection.execute(
        "SELECT key, kind, body, seq FROM outbox WHERE refused = '' ORDER BY seq LIMIT ?", (limit,)
    )
    return [OutboxRow(*row) for row in found]


def counts(connection: sqlite3.Connection) -> OutboxCounts:
    """How many rows there are."""
    found = connection.execute(
        "SELECT coalesce(sum(refused = ''), 0), coalesce(sum(refused != ''), 0) FROM outbox"
    ).fetchone()
    return OutboxCounts(*found)


def marks(connection: sqlite3.Connection) -> dict[str, int]:
    """All marks by name."""
    return dict(connection.execute("SELECT name, value FROM outbox_marks").fetchall())
