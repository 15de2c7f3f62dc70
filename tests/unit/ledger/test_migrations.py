import sqlite3
from contextlib import closing

import pytest
from sqlite_utils import Database

from edge_core.ledger import Ledger
from edge_core.ledger.migrations import MIGRATIONS, Migration


def _add_note(db: Database) -> None:
    db.execute("ALTER TABLE events ADD COLUMN note TEXT NOT NULL DEFAULT ''")


def _fail_half_way(db: Database) -> None:
    db.execute("DELETE FROM events")
    raise RuntimeError("a bug in a migration")


NEWEST = MIGRATIONS[-1].version
NEXT = (*MIGRATIONS, Migration(MIGRATIONS[-1].version + 1, "notes", _add_note))
BROKEN = (*MIGRATIONS, Migration(MIGRATIONS[-1].version + 1, "broken", _fail_half_way))


def test_versions_are_numbered_without_gaps():
    assert [migration.version for migration in MIGRATIONS] == list(range(1, len(MIGRATIONS) + 1))


def test_a_new_ledger_needs_no_backup(tmp_path):
    with Ledger(tmp_path / "l.db") as ledger:
        assert ledger.backups == ()
    assert list(tmp_path.glob("*.backup*")) == []


def test_before_a_migration_the_whole_ledger_is_copied_beside_it(tmp_path, crossing):
    path = tmp_path / "l.db"
    with Ledger(path) as ledger:
        ledger.append([crossing("a"), crossing("b")])
    with Ledger(path, migrations=NEXT) as ledger, ledger.reader() as reader:
        assert [backup.name for backup in ledger.backups] == [f"l.db.v{NEWEST}.backup"]
        assert reader.schema_version() == NEWEST + 1
        assert reader.event_count() == 2
    with closing(sqlite3.connect(tmp_path / f"l.db.v{NEWEST}.backup")) as backup:
        assert backup.execute("PRAGMA user_version").fetchone() == (NEWEST,)
        assert backup.execute("SELECT key FROM events").fetchall() == [("a",), ("b",)]
        assert backup.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_backup_holds_what_is_still_in_the_write_ahead_log(tmp_path, crossing):
    path = tmp_path / "l.db"
    with Ledger(path) as ledger:
        ledger.append([crossing("a")])
        with closing(sqlite3.connect(path)) as lingering:  # keeps the log from being folded in
            lingering.execute("SELECT * FROM events").fetchall()
            ledger.append([crossing("b")])
            ledger.close()
            assert (tmp_path / "l.db-wal").stat().st_size > 0
            Ledger(path, migrations=NEXT).close()
    with closing(sqlite3.connect(tmp_path / f"l.db.v{NEWEST}.backup")) as backup:
        assert backup.execute("SELECT count(*) FROM events").fetchone() == (2,)


def test_a_migration_that_fails_changes_nothing_and_can_be_tried_again(tmp_path, crossing):
    path = tmp_path / "l.db"
    with Ledger(path) as ledger:
        ledger.append([crossing("a")])
    with pytest.raises(RuntimeError):
        Ledger(path, migrations=BROKEN)
    with Ledger(path, migrations=NEXT) as ledger, ledger.reader() as reader:
        assert reader.schema_version() == NEWEST + 1
        assert reader.event_count() == 1
