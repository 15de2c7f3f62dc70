"""The ledger goes back with the version, and what was recorded meanwhile is kept or told."""

import os
import pwd
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from edge_core.errors import NewerLedgerError, UpdateError
from edge_core.ledger import Ledger
from edge_core.ledger.backups import backups
from edge_core.ledger.migrations import MIGRATIONS, Migration
from edge_core.ledger.redo import RedoLog
from edge_core.types import Event, EventKind
from edge_core.updates.as_user import as_user
from edge_core.updates.ledger_return import NEWEST_SCHEMA, LedgerKeeper

NEWER = (*MIGRATIONS, Migration(99, "a table", lambda db: db.execute("CREATE TABLE later (x)")))


def _event(number: int) -> Event:
    return Event(
        kind=EventKind.CROSSING, utc_ns=10**18 + number, mono_ns=number, camera_id="door",
        place_id="entrance", data={"direction": "in"}, key=f"crossing-{number}",
    )  # fmt: skip


def _keys(path: Path, migrations=MIGRATIONS) -> list[str]:
    with Ledger(path, migrations=migrations) as ledger, closing(ledger.reader()) as reader:
        return [event.event.key for event in reader.events_after(0, 100)]


@pytest.fixture
def updated(tmp_path):
    """A ledger backed up, then migrated and written by a newer version."""
    path = tmp_path / "ledger.db"
    with Ledger(path) as ledger:
        ledger.append([_event(0)])
        keeper = LedgerKeeper(path, "UTC")
        backup = keeper.back_up()
        ledger.append([_event(1)])  # the old version goes on until it is stopped
    with Ledger(path, migrations=NEWER) as ledger:
        ledger.append([_event(2), _event(3)])
    return path, keeper, backup


def test_what_both_versions_recorded_since_the_backup_is_kept(updated):
    path, keeper, backup = updated
    with pytest.raises(NewerLedgerError):
        Ledger(path)
    told = keeper.bring_back(backup, NEWEST_SCHEMA, with_loss=False)
    assert told.endswith("nothing is missing.")
    assert _keys(path) == [f"crossing-{number}" for number in range(4)]
    (aside,) = (it for it in path.parent.glob("*.newer-*") if "redo" not in it.name)
    assert len(_keys(aside, NEWER)) == 4
    assert not path.with_name(f".{path.name}.return").exists()
    assert keeper.bring_back(backup, NEWEST_SCHEMA, with_loss=False) == ""


def test_what_the_older_version_does_not_understand_is_set_aside_and_told(updated):
    path, keeper, backup = updated
    log = RedoLog(path)
    seq = log.keep("weigh", [["a basket", 2.5]])
    log.close()
    with pytest.raises(UpdateError, match="cannot be kept") as refused:
        keeper.bring_back(backup, NEWEST_SCHEMA, with_loss=False)
    assert "--set-aside" in refused.value.remedy
    with pytest.raises(NewerLedgerError):
        Ledger(path)  # untouched
    told = keeper.bring_back(backup, NEWEST_SCHEMA, with_loss=True)
    assert "1 are only in the file set aside" in told
    assert _keys(path) == [f"crossing-{number}" for number in range(4)]
    (redo,) = path.parent.glob("*.newer-*.redo*")
    assert f" {seq} ".encode() in redo.read_bytes()


def test_backups_that_the_older_version_cannot_use_go(updated):
    path, keeper, backup = updated
    newer = path.with_name(f"{path.name}.backup-20990101T000000000000Z")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("VACUUM INTO ?", (str(newer),))
    keeper.bring_back(backup, NEWEST_SCHEMA, with_loss=False)
    assert not newer.exists()
    assert [it.name for it in backups(path)] == [backup]


def test_a_ledger_of_the_same_schema_is_left_alone(tmp_path):
    path = tmp_path / "ledger.db"
    Ledger(path).close()
    before = path.read_bytes()
    keeper = LedgerKeeper(path, "UTC")
    assert keeper.bring_back(keeper.back_up(), NEWEST_SCHEMA, with_loss=True) == ""
    assert path.read_bytes() == before


def test_nothing_is_done_while_the_service_still_writes(updated):
    path, keeper, backup = updated
    with (
        Ledger(path, migrations=NEWER),
        pytest.raises(UpdateError, match="Another process is writing"),
    ):
        keeper.bring_back(backup, NEWEST_SCHEMA, with_loss=True)


def test_a_site_that_has_no_ledger_yet_needs_no_backup(tmp_path):
    keeper = LedgerKeeper(tmp_path / "ledger.db", "UTC")
    assert keeper.back_up() == ""
    assert keeper.bring_back("", NEWEST_SCHEMA, with_loss=True) == ""


def _who() -> list[int]:
    return [os.getuid(), os.getgid(), len(os.getgroups())]


def _overwrite(path: str) -> None:
    Path(path).write_text("taken over")


def _fail() -> None:
    raise UpdateError("It is full.", "Empty it.")


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may become somebody else")
def test_work_in_the_services_folder_has_the_services_rights_alone(tmp_path):
    nobody = pwd.getpwnam("nobody")
    assert as_user("nobody", _who) == [nobody.pw_uid, nobody.pw_gid, 0]
    secret = tmp_path / "shadow"
    secret.write_text("root's")
    with pytest.raises(RuntimeError, match="PermissionError"):
        as_user("nobody", _overwrite, str(secret))
    assert secret.read_text() == "root's"
    with pytest.raises(UpdateError, match="It is full") as told:
        as_user("nobody", _fail)
    assert told.value.remedy == "Empty it."
    with pytest.raises(UpdateError, match="no user"):
        as_user("nobody-of-this-name", _who)
