import sqlite3
import subprocess
import sys

import pytest

from edge_core.errors import LedgerError, NewerLedgerError
from edge_core.ledger import Ledger
from edge_core.ledger.migrations import MIGRATIONS
from edge_core.ledger.redo import redo_files


def test_a_ledger_of_a_newer_promenade_is_refused_untouched(tmp_path):
    path = tmp_path / "l.db"
    Ledger(path).close()
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(NewerLedgerError, match="schema version 99") as refusal:
        Ledger(path)
    assert "Install the Promenade that wrote it" in refusal.value.remedy
    assert path.read_bytes() == before


def test_another_programs_database_is_refused_untouched(tmp_path):
    path = tmp_path / "l.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(LedgerError, match="another program"):
        Ledger(path)
    assert path.read_bytes() == before


@pytest.mark.parametrize("content", [b"not a database at all\n" * 100, b"SQLite format 3\0torn"])
def test_a_file_that_is_no_database_is_refused_with_a_remedy(tmp_path, content):
    path = tmp_path / "l.db"
    path.write_bytes(content)
    with pytest.raises(LedgerError, match="damaged") as refusal:
        Ledger(path)
    assert "backup" in refusal.value.remedy
    assert path.read_bytes() == content


def test_a_torn_ledger_of_which_nothing_else_is_left_is_refused_with_a_remedy(tmp_path, crossing):
    path = tmp_path / "l.db"
    with Ledger(path) as ledger:
        ledger.append([crossing(f"key-{number}") for number in range(2000)])
    for redo in redo_files(path):
        redo.unlink()
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(LedgerError, match="damaged"):
        Ledger(path)
    assert path.read_bytes() == whole[: len(whole) // 2]


def test_after_a_refusal_the_lock_is_free_again(tmp_path):
    path = tmp_path / "l.db"
    path.write_bytes(b"not a database at all\n" * 100)
    with pytest.raises(LedgerError, match="damaged"):
        Ledger(path)
    path.unlink()
    Ledger(path).close()


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(LedgerError, match="no folder"):
        Ledger(tmp_path / "none" / "l.db")


def test_an_empty_file_becomes_a_ledger(tmp_path):
    path = tmp_path / "l.db"
    path.touch()
    with Ledger(path) as ledger, ledger.reader() as reader:
        assert reader.schema_version() == MIGRATIONS[-1].version


def test_names_with_spaces_and_url_signs_work(tmp_path):
    with Ledger(tmp_path / "my ledger?mode=ro#1 100%.db") as ledger, ledger.reader() as reader:
        assert reader.event_count() == 0


def test_a_ledger_cut_off_while_it_was_made_opens(tmp_path):
    """Before its write-ahead log is kept a change stands in a rollback journal beside it."""
    path = tmp_path / "ledger.db"
    child = f"""
import os, sqlite3
connection = sqlite3.connect({str(path)!r}, isolation_level=None)
connection.execute("PRAGMA cache_size = 1")
connection.execute("BEGIN")
connection.execute("CREATE TABLE t (x)")
for _ in range(200):
    connection.execute("INSERT INTO t VALUES (randomblob(3000))")
os._exit(0)
"""
    subprocess.run([sys.executable, "-c", child], check=True)
    assert path.with_name("ledger.db-journal").exists()
    with Ledger(path) as ledger:
        assert ledger.newest_id == 0
        assert ledger.recovery is None
