"""Whole copies of the ledger, made while it is in use, to go back to when its file is damaged."""

import os
import shutil
import sqlite3
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from edge_core.errors import LedgerError
from edge_core.ledger.opening import connect, errors_named, inspect
from edge_core.ledger.redo import sync_folder

KEPT: Final = 2
"""Backups kept: should the newest be bad, there is one before it."""
_MARK: Final = ".backup-"
_STAMP: Final = "%Y%m%dT%H%M%S%fZ"
_SPARE: Final = 1.25


def back_up(path: Path, at: datetime | None = None) -> Path:
    """Copy the ledger as it is at one moment; readers and the writer go on meanwhile.

    Every page is read, so a damaged one is found here, and the copy is checked before it counts.

    Args:
        path: the ledger's file.
        at: the copy's name, UTC; now when None.

    Returns:
        `<ledger>.backup-<time>`.

    Raises:
        LedgerError: there is too little room, or the ledger is damaged.
    """
    at = at or datetime.now(UTC)
    target = path.with_name(f"{path.name}{_MARK}{at.strftime(_STAMP)}")
    unfinished = path.with_name(f"{path.name}.unfinished-backup")
    unfinished.unlink(missing_ok=True)
    _require_room(path)
    try:
        with errors_named(path), closing(connect(path, writable=False)) as connection:
            connection.execute("VACUUM INTO ?", (str(unfinished),))
        unfinished.chmod(0o600)
        inspect(unfinished)
        _sync(unfinished)
        unfinished.replace(target)
        sync_folder(path.parent)
    finally:
        unfinished.unlink(missing_ok=True)
    for old in backups(path)[KEPT:]:
        old.unlink()
    return target


def backups(path: Path) -> list[Path]:
    """Backups of a ledger, the newest first."""
    return sorted(path.parent.glob(f"{path.name}{_MARK}*"), reverse=True)


def backed_up_at(path: Path) -> datetime | None:
    """When the newest backup was made, UTC; None without one."""
    for backup in backups(path):
        with suppress(ValueError):
            stamp = backup.name.rpartition(_MARK)[2]
            return datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC)
    return None


def mark_of(path: Path) -> int:
    """Number of the last change a ledger file holds, see `redo`; 0 for none.

    Raises:
        LedgerError: the file cannot be read.
    """
    with errors_named(path), closing(connect(path, writable=False)) as connection:
        return read_mark(connection)


def read_mark(connection: sqlite3.Connection) -> int:
    """Number of the last change that an open ledger holds; 0 for none."""
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'settings'").fetchone():
        return 0
    found = connection.execute("SELECT value FROM settings WHERE name = 'redo'").fetchone()
    return int(found[0]) if found else 0


def restore(path: Path) -> Path | None:
    """Put the newest sound backup in the place of a ledger that was moved aside.

    Returns:
        The backup; None when there is no sound one, and no ledger then.
    """
    for backup in backups(path):
        with suppress(LedgerError):
            inspect(backup)
            unfinished = path.with_name(f"{path.name}.unfinished-restore")
            shutil.copyfile(backup, unfinished)
            unfinished.chmod(0o600)
            _sync(unfinished)
            unfinished.replace(path)
            sync_folder(path.parent)
            return backup
    return None


def _require_room(path: Path) -> None:
    needed = path.stat().st_size * _SPARE
    free = shutil.disk_usage(path.parent).free
    if free < needed:
        raise LedgerError(
            f"There is no room to back up the ledger {path}: {needed / 1e6:.0f} MB are needed and"
            f" {free / 1e6:.0f} MB are free.",
            "Free some disk space, or keep events for fewer days (`event_days` in site.toml).",
        )


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
