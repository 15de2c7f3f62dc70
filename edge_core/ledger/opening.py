"""Opening a ledger file, and telling a person what is wrong with one that cannot be used."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from sqlite_utils import Database

from edge_core.errors import DamagedLedgerError, LedgerError, NewerLedgerError
from edge_core.ledger.migrations import MIGRATIONS, schema_version
from edge_core.ledger.schema import APPLICATION_ID
from edge_core.ledger.seals import broken_seal, register

_BUSY_S: Final = 5.0


@contextmanager
def errors_named(path: Path) -> Iterator[None]:
    """Turn SQLite's complaints about the file or the disk into LedgerError.

    A programming mistake (sqlite3.ProgrammingError, InterfaceError, IntegrityError) passes.
    """
    try:
        yield
    except sqlite3.OperationalError as error:
        raise LedgerError(
            f"The ledger {path} cannot be used: {error}.",
            "Check that the disk has room, that the folder may be written to, and that no other"
            " program keeps the file locked.",
        ) from error
    except sqlite3.DatabaseError as error:
        if type(error) is not sqlite3.DatabaseError:
            raise
        raise _damaged(path, str(error)) from error


def inspect(path: Path, newest: int = MIGRATIONS[-1].version, *, check_seals: bool = True) -> int:
    """Look at an existing ledger without changing it.

    Args:
        path: the file.
        newest: newest schema version this program knows.
        check_seals: look at every event too, which takes 4 s a million.

    Returns:
        Its schema version; 0 for an empty file.

    Raises:
        LedgerError: it is a SQLite file of another program.
        DamagedLedgerError: it is no SQLite file, or damaged.
        NewerLedgerError: a newer Promenade wrote it.
    """
    with errors_named(path), closing(connect(path, writable=False)) as connection:
        db = Database(connection, execute_plugins=False)
        version = schema_version(db)
        owner = db.execute("PRAGMA application_id").fetchone()[0]
        if owner != APPLICATION_ID and (owner or version or db.table_names()):
            raise LedgerError(
                f"{path} is a SQLite file of another program.",
                "Name another file as `ledger` in site.toml.",
            )
        if version > newest:
            raise NewerLedgerError(
                f"The ledger {path} has schema version {version}; this Promenade knows {newest}.",
                "Install the Promenade that wrote it or a newer one, or restore a backup beside"
                " it. The file was not touched.",
            )
        complaints = check(connection, "quick_check")
        if check_seals and not complaints and version and (seal := broken_seal(connection)):
            complaints = [seal]
        if complaints:
            raise _damaged(path, complaints[0])
    return version


def roll_back(path: Path) -> None:
    """Undo what a power cut left half done before the ledger kept a write-ahead log.

    SQLite does so by itself, but not for a connection that only reads: such a ledger could not be
    inspected. The caller holds the writer's lock.

    Raises:
        LedgerError: the disk refuses.
        DamagedLedgerError: it is no SQLite file, or damaged.
    """
    if not path.with_name(f"{path.name}-journal").exists():
        return
    with errors_named(path), closing(sqlite3.connect(path, timeout=_BUSY_S)) as connection:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()


def sync_write_ahead_log(path: Path) -> None:
    """Put every committed change on the disk, not only into the system's memory. Raises OSError."""
    try:
        # No lock of SQLite's is on this file, so closing it again takes none away.
        descriptor = os.open(path.with_name(f"{path.name}-wal"), os.O_RDWR)
    except FileNotFoundError:
        return
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def connect(path: Path, *, writable: bool) -> sqlite3.Connection:
    """A connection in autocommit mode, usable from any one thread at a time.

    Raises:
        sqlite3.Error: it cannot be opened.
    """
    mode = "rwc" if writable else "ro"
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode={mode}",
        uri=True,
        timeout=_BUSY_S,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=64,
    )
    if writable:
        register(connection)
        connection.execute("PRAGMA journal_mode = WAL")
        # A power cut may take the last commits back, never part of one: the writer's redo log,
        # which is on the disk before a commit is acknowledged, makes them again.
        connection.execute("PRAGMA synchronous = NORMAL")
        # Expired events are overwritten with zeros, not left readable in free pages.
        connection.execute("PRAGMA secure_delete = ON")
    return connection


def check(connection: sqlite3.Connection, pragma: str) -> list[str]:
    """Complaints of `quick_check` or `integrity_check`; empty when the file is sound."""
    rows = [str(row[0]) for row in connection.execute(f"PRAGMA {pragma}")]
    return [] if rows == ["ok"] else rows


def _damaged(path: Path, complaint: str) -> DamagedLedgerError:
    return DamagedLedgerError(
        f"The ledger {path} is damaged: {complaint}.",
        "If it is one: start the edge service, which restores it from the backup and the redo log"
        " beside it. If those are gone, move it aside: a new ledger is made.",
    )
