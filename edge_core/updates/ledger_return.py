"""The ledger on the way to a new version and back.

A newer version may have migrated the ledger, and an older one opens none that is newer. So the
ledger is backed up just before a new version starts; on the way back the backup takes its place,
and what was recorded since is made again from the redo log by the older version's own writer.
What that one does not understand is set aside, and told.
"""

import os
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from sqlite_utils import Database

from edge_core.errors import DamagedLedgerError, LedgerError, UpdateError
from edge_core.ledger import Ledger
from edge_core.ledger.backups import back_up, backups, mark_of
from edge_core.ledger.lock import WriterLock
from edge_core.ledger.migrations import MIGRATIONS, schema_version
from edge_core.ledger.opening import connect, errors_named
from edge_core.ledger.redo import RedoLog, redo_files, sync_folder
from edge_core.updates.as_user import as_user

NEWEST_SCHEMA: Final = MIGRATIONS[-1].version
_MARK: Final = ".newer-"
_COMPANIONS: Final = ("-wal", "-shm")
_MISREAD: Final = (LedgerError, sqlite3.Error, KeyError, IndexError, TypeError, ValueError)
"""What making a change again may raise when another version wrote it down."""


class LedgerKeeper:
    """Backs one site's ledger up and brings it back.

    Args:
        path: the ledger's file.
        timezone: the site's.
        user: whose it is, see `as_user`.
    """

    def __init__(self, path: Path, timezone: str, user: str | None = None) -> None:
        self._path = path.resolve()
        self._timezone = timezone
        self._user = user

    def back_up(self) -> str:
        """Back it up while it is in use; returns the backup's name, "" where there is no ledger.

        Raises:
            UpdateError: it cannot be backed up.
        """
        return str(as_user(self._user, _back_up, self._path))

    def bring_back(self, backup: str, schema: int, *, with_loss: bool) -> str:
        """See to it that a version which knows a schema can open it; the service has stopped.

        Interrupted at any point, calling again completes it.

        Args:
            backup: as `back_up` named it.
            schema: newest that the version knows.
            with_loss: also when not everything recorded since can be kept.

        Returns:
            What was done; "" when nothing had to be.

        Raises:
            UpdateError: something is writing it, the disk refuses, or, without `with_loss`, not
                everything could be kept: then nothing was changed.
        """
        arguments = (self._path, self._timezone, backup, schema, with_loss)
        return str(as_user(self._user, bring_back, *arguments))


def _back_up(path: Path) -> str:
    return back_up(path).name if path.exists() else ""


def bring_back(path: Path, timezone: str, backup: str, schema: int, with_loss: bool) -> str:
    """See `LedgerKeeper.bring_back`."""
    if not path.parent.is_dir():
        return ""
    stage = path.with_name(f".{path.name}.return")
    with WriterLock(path):
        if not (stage / "ready").exists():
            shutil.rmtree(stage, ignore_errors=True)
            if not _is_too_new(path, backup, schema):
                return ""
            _prepare(stage, path, timezone, backup, schema, with_loss)
        told = (stage / "told").read_text(encoding="utf-8")
        _put_in_place(stage, path, schema)
    return told


def _is_too_new(path: Path, backup: str, schema: int) -> bool:
    if not path.exists():
        return bool(backup)
    try:
        return _schema_of(path) > schema
    except DamagedLedgerError:
        return False  # the service restores it when it opens it


def _schema_of(path: Path) -> int:
    with errors_named(path), closing(connect(path, writable=False)) as connection:
        return schema_version(Database(connection, execute_plugins=False))


def _prepare(
    stage: Path, path: Path, timezone: str, backup: str, schema: int, with_loss: bool
) -> None:
    """Build the ledger that takes the newer one's place, beside it."""
    source = _source(path, backup, schema)
    stage.mkdir(mode=0o700)
    draft = stage / path.name
    begun = 0
    if source is not None:
        shutil.copyfile(source, draft)
        begun = mark_of(draft)
    for file in redo_files(path):
        os.link(file, stage / file.name)
    newest = mark_of(path) if path.exists() else begun
    understood = _make_again(draft, timezone, schema)
    reached = mark_of(draft)
    log = RedoLog(draft)
    kept = sum(1 for change in log.changes(begun) if change.seq <= reached)
    log.close()
    lost = max(newest, log.last_seq) - begun - kept
    if lost and not with_loss:
        shutil.rmtree(stage)
        raise UpdateError(
            f"{lost} changes that the ledger took since version {schema} of its schema cannot be"
            " kept in the older version's ledger.",
            "Stay with this version; or add --set-aside: they then remain in a file beside it.",
        )
    made_of = source.name if source is not None else "nothing, for want of a backup"
    told = (
        f"The newer ledger was set aside; one of schema {schema} was made of {made_of}, and"
        f" {kept} changes since were made again"
    )
    told += f"; {lost} are only in the file set aside." if lost else "; nothing is missing."
    (stage / "told").write_text(told, encoding="utf-8")
    if not understood:
        (stage / "cut").touch()
    _sync(draft)
    draft.replace(stage / "ready")
    sync_folder(stage)


def _source(path: Path, backup: str, schema: int) -> Path | None:
    """The updater's backup, or else what the migration itself left."""
    names = [backup] if backup else []
    for candidate in (*names, f"{path.name}.v{schema}.backup"):
        source = path.with_name(candidate)
        if source.is_file() and _schema_of(source) <= schema:
            return source
    return None


def _make_again(draft: Path, timezone: str, schema: int) -> bool:
    """Let the older schema's writer make the redo log's changes; whether it understood all."""
    migrations = [it for it in MIGRATIONS if it.version <= schema]
    try:
        Ledger(draft, timezone=timezone, migrations=migrations).close()
    except _MISREAD:
        return False
    return True


def _put_in_place(stage: Path, path: Path, schema: int) -> None:
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    aside = path.with_name(f"{path.name}{_MARK}{stamp}")
    if path.exists():
        for old in path.parent.glob(f"{path.name}{_MARK}*"):
            if not old.name.endswith(_COMPANIONS) and ".redo" not in old.name:
                old.unlink()
    if (stage / "cut").exists():
        for file in redo_files(path):
            file.replace(aside.with_name(f"{aside.name}.redo{file.name.rpartition('-')[2]}"))
    if path.exists():
        with errors_named(path), closing(connect(path, writable=True)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        for companion in _COMPANIONS:
            path.with_name(path.name + companion).unlink(missing_ok=True)  # empty by now
        path.replace(aside)
    for made in backups(path):
        if _schema_of(made) > schema:
            made.unlink()  # useless to the older version, and it would push the useful ones out
    (stage / "ready").replace(path)
    sync_folder(path.parent)
    shutil.rmtree(stage)


def _sync(path: Path) -> None:
    with path.open("r+b") as file:
        os.fsync(file.fileno())
