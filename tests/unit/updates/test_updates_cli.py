"""The command, on a machine where a package was installed."""

import json
import logging
import re
from datetime import datetime, time, timedelta

import pytest
from typer.testing import CliRunner

from edge_core.cli import app
from edge_core.errors import UpdateError
from edge_core.updates import archive as archives
from edge_core.updates.layout import Layout

SITE = """
[site]
id = "shop"
name = "Shop"
[[cameras]]
id = "door"
name = "Door"
source = "rtsp://127.0.0.1/door"
"""


@pytest.fixture
def machine(tmp_path, bundles, monkeypatch):
    layout = Layout(tmp_path / "opt")
    layout.releases.mkdir(parents=True)
    archives.pack(bundles["1.0.0"], archives.manifest_of(bundles["1.0.0"], "1.0.0"), tmp_path / "a")
    archives.unpack(tmp_path / "a", layout.path("1.0.0"), "1.0.0", 10**9, None)
    layout.switch("1.0.0")
    monkeypatch.setenv("PROMENADE_ROOT", str(layout.root))
    (tmp_path / "site.toml").write_text(SITE)
    return tmp_path


def _run(machine, *words, code: int = 0) -> str:
    takes_site = words[0] not in ("status", "trust")
    site = ["--site", str(machine / "site.toml")] if takes_site else []
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    done = CliRunner().invoke(app, ["updates", *words, *site])
    root.handlers[:] = handlers  # the command logs to an end that is closed by now
    root.setLevel(level)
    if code == 0 and done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == code, done.output
    return done.output


def test_from_an_anchor_of_trust_to_an_offer(machine, maker, stand_in, bundles):
    channel = maker.ChannelFolder(machine / "channel", maker.KeyRing(machine / "keys"))
    channel.begin()
    channel.add(bundles["1.1.0"], "1.1.0")
    channel.change("1.1.0", share_percent=100)
    server = stand_in.ChannelServer(machine / "channel", machine / "certificates")
    now = datetime.now()  # noqa: DTZ005 - the site's clock is this one's or not: 2 h off either way
    far = (now + timedelta(hours=10)).time().replace(second=0, microsecond=0)
    until = time((far.hour + 1) % 24)
    updates = f'\n[updates]\nurl = "{server.url}"\nca = "certificates/ca.pem"\n'
    hours = f'begin = "{far}"\nend = "{until}"\n'
    (machine / "site.toml").write_text(SITE + updates)
    try:
        with pytest.raises(UpdateError, match="nobody's signature counts"):
            _run(machine, "check")
        told = _run(machine, "trust", str(machine / "channel/metadata/root.json"), "--yes")
        assert re.search(r"targets: 1 of [0-9a-f]{16}", told)
        assert json.loads(_run(machine, "check", "--json")) == {"offered": "1.1.0"}
        site = machine / "site.toml"
        site.write_text(site.read_text() + hours)
        assert "waits for its hours" in _run(machine, "apply", "--scheduled")
        _run(machine, "pin", "1.0.0")
        assert json.loads(_run(machine, "check", "--json")) == {"offered": None}
        assert "nothing new" in _run(machine, "apply")
    finally:
        server.close()
    status = json.loads(_run(machine, "status", "--json"))
    assert (status["current"], status["pinned"]) == ("1.0.0", "1.0.0")
    assert "device_id" not in status  # told to nobody


def test_without_a_channel_the_timer_does_nothing_and_a_person_is_told(machine):
    assert _run(machine, "apply", "--scheduled") == ""
    with pytest.raises(UpdateError, match="no channel"):
        _run(machine, "apply")
    assert "Nothing was under way" in _run(machine, "recover", "--at-boot")
    with pytest.raises(UpdateError, match="no version to go back to"):
        _run(machine, "back")


def test_a_copy_of_the_source_is_not_updated(machine, monkeypatch):
    monkeypatch.setenv("PROMENADE_ROOT", str(machine / "nothing"))
    with pytest.raises(UpdateError, match="no installed version"):
        _run(machine, "status")


def test_a_current_that_leads_nowhere_is_mended(machine):
    (machine / "opt" / "current").unlink()
    (machine / "opt" / "current").symlink_to("releases/9.9.9")
    assert "it is 1.0.0 again" in _run(machine, "recover", "--at-boot")
    assert Layout(machine / "opt").current() == "1.0.0"


def test_a_version_that_a_package_brought_is_the_good_one_from_then_on(machine):
    layout = Layout(machine / "opt")
    layout.trust("1.0.0")
    layout.path("2.0.0").mkdir()
    layout.switch("2.0.0")
    _run(machine, "recover", "--at-boot")
    assert layout.good() == "2.0.0"
    assert layout.prune(keep=set()) == []
    assert layout.installed() == ["2.0.0", "1.0.0"]
