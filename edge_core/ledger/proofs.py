"""Proof of what was deleted, and counts of what people chose; neither tells of anybody.

Each entry about a deletion names the digest of the one before and carries its own, so that none can
be changed or left out later without showing. It is written after the deletion was looked up again
and the write-ahead log, where the old pages still stood, was folded into the file and emptied.
"""

import hashlib
import json
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from edge_core.ledger.rollups import MINUTE_TABLES
from edge_core.ledger.site_time import NS_PER_MINUTE

DELETIONS: Final = """
CREATE TABLE deletions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    utc_ns INTEGER NOT NULL,               -- when it was done
    older_than_utc_ns INTEGER NOT NULL,    -- what was deleted
    counts TEXT NOT NULL CHECK (json_valid(counts)),   -- rows by kind of event and by table
    left_over INTEGER NOT NULL,            -- rows found when looked up again
    overwritten INTEGER NOT NULL,          -- 1: freed pages were filled with zeros
    folded INTEGER NOT NULL,               -- 1: the write-ahead log was emptied afterwards
    in_backups INTEGER NOT NULL,           -- so many backups may hold it until two newer are made
    previous TEXT NOT NULL,                -- digest of the entry before; '' for the first
    digest TEXT NOT NULL                   -- SHA-256 of all that stands before it
) STRICT
"""

CONSENTS: Final = """
CREATE TABLE consents (
    hour INTEGER NOT NULL,                 -- hours since 1970-01-01 UTC
    screen TEXT NOT NULL,
    text TEXT NOT NULL,                    -- version of the question that was shown; '' untold
    choice TEXT NOT NULL,
    people INTEGER NOT NULL,
    PRIMARY KEY (hour, screen, text, choice)
) STRICT, WITHOUT ROWID
"""
NS_PER_HOUR: Final = 3600 * 10**9


@dataclass(frozen=True, slots=True)
class Deletion:
    """One entry; fields as the table's columns."""

    utc_ns: int
    older_than_utc_ns: int
    counts: Mapping[str, int]
    left_over: int
    overwritten: bool
    folded: bool
    in_backups: int
    previous: str
    digest: str

    def right_digest(self) -> str:
        """What its digest has to be."""
        told = [
            self.utc_ns,
            self.older_than_utc_ns,
            dict(sorted(self.counts.items())),
            self.left_over,
            self.overwritten,
            self.folded,
            self.in_backups,
            self.previous,
        ]
        return hashlib.sha256(json.dumps(told, separators=(",", ":")).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class ConsentCount:
    """How many chose something on a screen within an hour."""

    hour: int
    screen: str
    text: str
    choice: str
    people: int


def keep_deletion(
    connection: sqlite3.Connection,
    utc_ns: int,
    older_than_utc_ns: int,
    counts: Mapping[str, int],
    left_over: int,
    overwritten: bool,
    folded: bool,
    in_backups: int,
) -> None:
    """Add an entry to the chain; see the columns."""
    newest = connection.execute("SELECT digest FROM deletions ORDER BY id DESC LIMIT 1").fetchone()
    previous = str(newest[0]) if newest else ""
    told = (utc_ns, older_than_utc_ns, counts, left_over, overwritten, folded, in_backups, previous)
    entry = Deletion(*told, digest="")
    connection.execute(
        "INSERT INTO deletions (utc_ns, older_than_utc_ns, counts, left_over, overwritten, folded,"
        " in_backups, previous, digest) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (*told[:2], json.dumps(dict(sorted(counts.items()))), *told[3:], entry.right_digest()),
    )


def left_over(connection: sqlite3.Connection, first_kept: int) -> int:
    """Rows that are older than a minute although they were deleted."""
    queries = {"events": "utc_ns", **dict.fromkeys(MINUTE_TABLES, "minute")}
    limits = {"utc_ns": first_kept * NS_PER_MINUTE, "minute": first_kept}
    return sum(
        connection.execute(
            f"SELECT count(*) FROM {table} WHERE {column} < ?", (limits[column],)
        ).fetchone()[0]
        for table, column in queries.items()
    )


def deletions(rows: Iterable[tuple[Any, ...]]) -> list[Deletion]:
    """Rows of the table without their ids, oldest first, as entries."""
    return [
        Deletion(utc_ns, older, json.loads(counts), left, bool(overwritten), bool(folded), *rest)
        for utc_ns, older, counts, left, overwritten, folded, *rest in rows
    ]


def broken_at(chain: Iterable[Deletion]) -> int | None:
    """Place of the first entry that was changed, or before which one is missing; None if none."""
    previous = ""
    for place, entry in enumerate(chain):
        if entry.previous != previous or entry.digest != entry.right_digest():
            return place
        previous = entry.digest
    return None


def count_consent(
    connection: sqlite3.Connection, utc_ns: int, screen: str, text: str, choice: str
) -> None:
    """One more person chose so in this hour."""
    connection.execute(
        "INSERT INTO consents VALUES (?, ?, ?, ?, 1) ON CONFLICT DO UPDATE SET people = people + 1",
        (utc_ns // NS_PER_HOUR, screen, text, choice),
    )


def forget_consents(connection: sqlite3.Connection, first_kept: int) -> int:
    """Delete the counts of hours before a minute; returns how many."""
    hour = first_kept // 60
    return connection.execute("DELETE FROM consents WHERE hour < ?", (hour,)).rowcount
