"""A checksum of each event: a disk that alters what it keeps is found out.

SQLite notices a page whose structure is broken, not one in which a digit became another. The seal
is a CRC-32 of the event's fields; against accidents, not against somebody who means it.
"""

import sqlite3
import zlib
from typing import Final

from sqlite_utils import Database

_FIELDS: Final = "key, kind, utc_ns, mono_ns, camera_id, place_id, data"
SEAL_COLUMN: Final = "ALTER TABLE events ADD COLUMN seal INTEGER"
SEAL_ALL: Final = f"UPDATE events SET seal = event_seal({_FIELDS})"
_BROKEN: Final = f"SELECT id FROM events WHERE seal IS NOT event_seal({_FIELDS}) LIMIT 1"


def register(connection: sqlite3.Connection) -> None:
    """Let a connection compute seals in SQL."""
    connection.create_function("event_seal", 7, seal, deterministic=True)


def seal(*fields: str | int | bytes | None) -> int:
    """The seal of key, kind, utc_ns, mono_ns, camera_id, place_id and data."""
    return zlib.crc32("\x1f".join(map(str, fields)).encode("utf-8", "replace"))


def add_seals(db: Database) -> None:
    """Seal what is there; part of a migration."""
    register(db.conn)
    db.execute(SEAL_COLUMN)
    db.execute(SEAL_ALL)


def broken_seal(connection: sqlite3.Connection) -> str:
    """What is wrong with the first event whose seal does not fit, or ""; reads every event."""
    if not any(row[1] == "seal" for row in connection.execute("PRAGMA table_info(events)")):
        return ""  # older than seals
    register(connection)
    try:
        found = connection.execute(_BROKEN).fetchone()
    except sqlite3.OperationalError as error:  # a text that is none any more
        return str(error)
    return f"event {found[0]} is not what was written" if found else ""
