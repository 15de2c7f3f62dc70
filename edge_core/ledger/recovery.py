"""A damaged ledger is moved aside, and a new one is made of the newest backup or of what is left.

What was acknowledged since the backup stands in the redo log and is made again by the writer.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from edge_core.ledger.backups import restore
from edge_core.ledger.opening import connect

_MARK: Final = ".damaged-"
_COMPANIONS: Final = ("-wal", "-shm")
_STEP: Final = 512
_MOST_EMPTY_STEPS: Final = 4096
"""So many steps in a row without a row end the search: beyond the largest id that can be read."""

Row = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Recovery:
    """What was done about a damaged ledger.

    Attributes:
        complaint: what was wrong with it.
        damaged: where it lies now; None when it had gone.
        backup: the backup that took its place; None when there was no sound one.
        salvaged: events read out of the damaged file, for want of a backup.
        repeated: changes of the redo log that were made again.
        spoilt: lines of the redo log that could not be read.
        whole: nothing that was acknowledged is missing.
    """

    complaint: str
    damaged: Path | None
    backup: Path | None
    salvaged: int = 0
    repeated: int = 0
    spoilt: int = 0
    whole: bool = True

    def __str__(self) -> str:
        source = (
            f"restored from {self.backup.name}" if self.backup is not None
            else f"made anew from {self.salvaged} events that could still be read"
        )  # fmt: skip
        end = "nothing is missing" if self.whole else "older sums or some events are missing"
        where = f"; the damaged file is {self.damaged.name}" if self.damaged is not None else ""
        return (
            f"The ledger was damaged ({self.complaint}) and was {source};"
            f" {self.repeated} changes were made again, {end}{where}."
        )


def set_aside(path: Path) -> Path | None:
    """Move a damaged ledger out of the way; of several only the newest is kept.

    Returns:
        Where it lies now; None when there was none.
    """
    if not path.exists():
        return None
    for old in path.parent.glob(f"{path.name}{_MARK}*"):
        old.unlink()
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    damaged = path.with_name(f"{path.name}{_MARK}{stamp}")
    # The write-ahead log goes first: without its ledger it means nothing, with another it lies.
    for companion in _COMPANIONS:
        log = path.with_name(path.name + companion)
        if log.exists():
            log.replace(damaged.with_name(damaged.name + companion))
    path.replace(damaged)
    return damaged


def recover(path: Path, complaint: str) -> Recovery:
    """Move a damaged ledger aside and put the newest sound backup in its place, if there is one."""
    damaged = set_aside(path)
    return Recovery(complaint, damaged, restore(path))


def readable_events(damaged: Path) -> Iterator[Row]:
    """Events that can still be read from a damaged ledger, as rows of its table, ids rising.

    Steps of the id that run into a torn page are halved until only the torn rows are left out.
    """
    try:
        connection = connect(damaged, writable=True)
    except sqlite3.Error:
        return
    with closing(connection):
        begin, empty = 1, 0
        last = _largest_id(connection)
        while begin <= last if last is not None else empty < _MOST_EMPTY_STEPS:
            rows = list(_between(connection, begin, begin + _STEP))
            empty = 0 if rows else empty + 1
            yield from rows
            begin += _STEP


def _largest_id(connection: sqlite3.Connection) -> int | None:
    try:
        return int(connection.execute("SELECT coalesce(max(id), 0) FROM events").fetchone()[0])
    except sqlite3.Error:
        return None


def _between(connection: sqlite3.Connection, begin: int, end: int) -> Iterator[Row]:
    """Rows with begin <= id < end, as far as they can be read."""
    try:
        yield from connection.execute(
            "SELECT id, key, kind, utc_ns, mono_ns, camera_id, place_id, data"
            " FROM events WHERE id >= ? AND id < ? AND json_valid(data) ORDER BY id",
            (begin, end),
        ).fetchall()
    except sqlite3.Error:
        if end - begin > 1:
            middle = (begin + end) // 2
            yield from _between(connection, begin, middle)
            yield from _between(connection, middle, end)


def readable_rows(damaged: Path, table: str) -> list[Row]:
    """The rows of a small table; none when it cannot be read whole."""
    try:
        with closing(connect(damaged, writable=True)) as connection:
            return connection.execute(f"SELECT * FROM {table}").fetchall()
    except sqlite3.Error:
        return []
