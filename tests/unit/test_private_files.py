import os
import sqlite3

import pytest

from edge_core.clock import SystemClock
from edge_core.config import parse_site
from edge_core.dashboard.access.accounts import Accounts
from edge_core.hub.server import Hub
from edge_core.private_files import is_loose, tighten, write_private
from edge_core.service.doctor import examine_secrets
from edge_core.service.findings import Verdict
from edge_core.sync.device_key import DeviceKey

pytestmark = pytest.mark.skipif(os.name != "posix", reason="Windows has no such modes")


def mode(path):
    return path.stat().st_mode & 0o777


@pytest.fixture(autouse=True)
def careless_umask():
    before = os.umask(0)
    yield
    os.umask(before)


def test_a_private_file_is_so_from_its_first_byte_and_a_draft_laid_in_wait_is_no_help(tmp_path):
    path = tmp_path / "a.key"
    waiting = tmp_path / f"a.key.{os.getpid()}.draft"
    waiting.touch(mode=0o666)
    write_private(path, b"secret")
    assert (mode(path), path.read_bytes()) == (0o600, b"secret")
    assert not waiting.exists()


def test_a_loose_file_is_told_and_tightened(tmp_path):
    path = tmp_path / "a"
    path.touch(mode=0o644)
    assert is_loose(path)
    assert tighten(path)
    assert not tighten(path)
    assert not is_loose(tmp_path / "missing")


def test_every_secret_of_hub_and_store_pc_is_its_owners_alone(tmp_path):
    folder = tmp_path / "hub"
    hub = Hub.open(folder)
    hub.store.close()
    assert mode(folder) == 0o700
    assert mode(folder / "content.key") == 0o600
    DeviceKey("u", "s", "d", "00" * 32, "x").save(tmp_path / "hub.key")
    assert mode(tmp_path / "hub.key") == 0o600


def test_accounts_that_others_could_read_are_taken_from_them_at_start(tmp_path, caplog):
    path = tmp_path / "accounts.db"
    with sqlite3.connect(path) as made:
        made.execute("PRAGMA user_version = 0")
    made.close()
    path.touch()
    path.chmod(0o644)
    Accounts(path, SystemClock()).close()
    assert mode(path) == 0o600
    assert "others could read" in caplog.text


SITE = """
[site]
id = "a"
name = "A"

[[cameras]]
id = "door"
source = "rtsp://user:secret@10.0.0.7/stream"
"""


def test_the_self_test_names_what_others_may_read(tmp_path):
    path = tmp_path / "site.toml"
    path.write_text(SITE)
    path.chmod(0o600)
    site = parse_site(SITE)
    assert [it.verdict for it in examine_secrets(site, path)] == [Verdict.OK]
    path.chmod(0o640)
    (tmp_path / "coupons.key").touch(mode=0o644)
    found = list(examine_secrets(site, path))
    assert {it.name for it in found} == {"site.toml", "coupons.key"}
    assert all("chmod 600" in it.remedy for it in found)
    assert "secret" not in "".join(map(str, found)).replace("secrets", "")
