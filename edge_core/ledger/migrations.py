"""Numbered steps from an empty file to today's schema, each after a backup of what was there."""

import os
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlite_utils import Database

from edge_core.ledger import outbox, proofs, schema, schema_hours, seals


@dataclass(frozen=True, slots=True)
class Migration:
    """One step; `apply` runs inside a transaction that also records `version`."""

    version: int
    title: str
    apply: Callable[[Database], None]


def _events_and_rollups(db: Database) -> None:
    db.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
    for statement in (
        schema.EVENTS,
        schema.EVENTS_BY_TIME,
        schema.LINE_MINUTES,
        schema.ZONE_MINUTES,
        schema.KIND_TOTALS,
        schema.CAMERA_MINUTES,
    ):
        db.execute(statement)


def _items_and_sales(db: Database) -> None:
    for statement in (schema.ITEM_MINUTES, schema.SALE_MINUTES, schema.EVENTS_BY_KIND):
        db.execute(statement)


def _hours_and_days(db: Database) -> None:
    """Empty tables; `Ledger` fills them by the site's clock, as after a change of time zone."""
    for statement in schema_hours.ALL:
        db.execute(statement)


def _outbox(db: Database) -> None:
    for statement in (outbox.OUTBOX, outbox.OUTBOX_MARKS):
        db.execute(statement)


def _proofs(db: Database) -> None:
    for statement in (proofs.DELETIONS, proofs.CONSENTS):
        db.execute(statement)


MIGRATIONS: Final[tuple[Migration, ...]] = (
    Migration(1, "events, roll-ups by minute, availability", _events_and_rollups),
    Migration(2, "items and sales by minute, events by kind", _items_and_sales),
    Migration(3, "sums by the site's hours and days, heat, demographics", _hours_and_days),
    Migration(4, "what waits to be told to the hub", _outbox),
    Migration(5, "proof of deletions, counts of choices", _proofs),
    Migration(6, "a checksum of each event", seals.add_seals),
)


def schema_version(db: Database) -> int:
    """Number of the newest migration applied; 0 for an empty file."""
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def migrate(
    db: Database, path: Path, migrations: Sequence[Migration] = MIGRATIONS
) -> tuple[Path, ...]:
    """Bring a ledger to the newest version.

    Args:
        db: opened for writing, no transaction open.
        path: the ledger's file; backups stand beside it.
        migrations: in order of version.

    Returns:
        The backups made, one for each version left behind.
    """
    backups = []
    had_content = schema_version(db) > 0
    for migration in migrations:
        version = schema_version(db)
        if migration.version <= version:
            continue
        if had_content:
            backups.append(back_up(db, path, version))
        with db.atomic():
            migration.apply(db)
            db.execute(f"PRAGMA user_version = {migration.version:d}")
    return tuple(backups)


def back_up(db: Database, path: Path, version: int) -> Path:
    """Copy a ledger, WAL included, by SQLite's online backup; whole or not there at all.

    Returns:
        `<name>.v<version>.backup` beside the ledger.
    """
    target = path.with_name(f"{path.name}.v{version}.backup")
    unfinished = target.with_name(f"{target.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    copy = sqlite3.connect(unfinished)
    try:
        db.conn.backup(copy)
    finally:
        copy.close()
    descriptor = os.open(unfinished, os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    unfinished.replace(target)
    return target
