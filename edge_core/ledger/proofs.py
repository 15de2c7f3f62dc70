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
from typing import Final

DELETIONS: Final = """
CREATE TABLE deletions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    utc_ns INTEGER NOT NULL,               -- when it was done
    older_than_utc_ns INTEGER NOT NULL,    -- what was deleted
    counts TEXT NOT NULL CHECK (json_valid(counts)),   -- rows by kind of event and by table
    left_over INTEGER NOT NULL,            -- rows found when looked up again
    overwritten INTEGER NOT NULL,          -- 1: freed pages were filled with zeros
    folded INTEGER NOT NULL,               -- 1: the write-ahead log was emptied afterwards
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
    *,
    folded: bool,
) -> None:
    """Add an entry to the chain."""
    newest = connection.execute("SELECT digest FROM deletions ORDER BY id DESC LIMIT 1").fetchone()
    previous = str(newest[0]) if newest else ""
    overwritten = int(connection.execute("PRAGMA secure_delete").fetchone()[0]) == 1
    draft = Deletion(
        utc_ns, older_than_utc_ns, counts, left_over, overwritten, folded, previous, ""
    )
    connection.execute(
        "INSERT INTO deletions (utc_ns, older_than_utc_ns, counts, left_over, overwritten, folded,"
        " previous, digest) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (
            utc_ns,
            older_than_utc_ns,
            json.dumps(dict(sorted(counts.items()))),
            left_over,
            overwritten,
            folded,
            previous,
            draft.right_digest(),
        ),
    )


def deletions(rows: Iterable[tuple[object, ...]]) -> list[Deletion]:
    """Rows of the table without their ids, oldest first, as entries."""
    found = []
    for utc_ns, older, counts, left, overwritten, folded, previous, digest in rows:
        found.append(
            Deletion(
                int(str(utc_ns)),
                int(str(older)),
                json.loads(str(counts)),
                int(str(left)),
                bool(overwritten),
                bool(folded),
                str(previous),
                str(digest),
            )
        )
    return found


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
