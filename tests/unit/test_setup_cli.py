"""`promenade setup`: from a few answers to a site that can be run."""

import os
import stat
import subprocess
import sys

import cv2
import numpy as np
import pytest
from typer.testing import CliRunner

from edge_core.cli import app
from edge_core.clock import SystemClock
from edge_core.config import load_site
from edge_core.dashboard.access.accounts import Accounts, accounts_path
from edge_core.dashboard.access.pin import ScreenPin, pin_path
from edge_core.errors import ConfigError, PromenadeError

PASSWORD = "twelve coats on a rail"
NOWHERE = "rtsp://127.0.0.1:9/stream"


@pytest.fixture(scope="module")
def video(tmp_path_factory):
    path = tmp_path_factory.mktemp("camera") / "door.mp4"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter_fourcc(*"mp4v"), 10, (320, 240))
    for _ in range(10):
        writer.write(np.full((240, 320, 3), 120, np.uint8))
    writer.release()
    return path


@pytest.fixture
def site(tmp_path):
    return tmp_path / "etc" / "site.toml"


def answers(video, *more):
    camera = f'cameras = [{{ id = "door", source = "{video.as_posix()}" }}]'
    return "\n".join(('name = "Corner shop"', camera, *more))


def run(site, text, *more):
    arguments = ["setup", "--site", str(site), "--answers", "-", *more]
    return CliRunner().invoke(app, arguments, input=text)


def test_answers_become_a_site_with_password_and_pin(site, video):
    more = (f'password = "{PASSWORD}"', 'pin = "482913"', 'pack = "eu"', 'timezone = "Asia/Tokyo"')
    done = run(site, answers(video, *more))
    assert done.exit_code == 0, done.output
    config = load_site(site)
    assert (config.site.id, config.site.name) == ("corner-shop", "Corner shop")
    assert (config.privacy.pack, config.site.timezone) == ("eu", "Asia/Tokyo")
    assert "320x240" in done.output
    assert PASSWORD not in done.output
    ledger = site.with_name("promenade.db")
    assert ScreenPin(pin_path(ledger), SystemClock()).takes("482913")
    with Accounts(accounts_path(ledger), SystemClock()) as accounts:
        assert accounts.sign_in("operator", PASSWORD, "127.0.0.1")


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_nobody_else_may_read_it(site, video):
    run(site, answers(video))
    assert stat.S_IMODE(site.stat().st_mode) == 0o600
    assert stat.S_IMODE(site.parent.stat().st_mode) & 0o007 == 0


def test_ledger_and_keys_go_where_told(site, video, tmp_path):
    run(site, answers(video), "--data", str(tmp_path / "var"))
    config = load_site(site)
    places = (config.service.ledger, config.service.coupon_key, config.hub.key, config.hub.content)
    assert {it.parent for it in places} == {tmp_path / "var"}


def test_a_camera_that_does_not_answer_stops_it_unless_told_otherwise(site, video):
    text = answers(video).replace(video.as_posix(), NOWHERE)
    done = run(site, text)
    assert done.exit_code == 3
    assert not site.exists()
    assert run(site, text, "--keep-unreachable").exit_code == 0
    assert load_site(site).cameras[0].source == NOWHERE


def test_it_overwrites_nothing_silently(site, video):
    run(site, answers(video))
    site.write_text(before := site.read_text() + "# mine\n")
    assert run(site, answers(video)).exit_code == 2
    assert site.read_text() == before
    assert run(site, answers(video), "--replace").exit_code == 0
    (kept,) = site.parent.glob("site.toml.*.bak")
    assert kept.read_text() == before


@pytest.mark.parametrize(
    ("more", "kind", "told"),
    [
        ('pin = "1"', PromenadeError, "6 to 12 digits"),
        ('password = "short"', PromenadeError, "at least 10"),
        ('pack = "mars"', ConfigError, "pack"),
        ('camera = "usb:0"', ConfigError, "camera"),
        ('hub = { url = "http://hub.example", code = "A" }', ConfigError, "in the clear"),
        ('timezone = "Mars/Olympus"', ConfigError, "no such time zone"),
    ],
)
def test_a_wrong_answer_is_told_before_anything_is_written(site, video, more, kind, told):
    done = run(site, answers(video, more))
    assert isinstance(done.exception, kind)
    assert told in str(done.exception)
    assert not site.exists()


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_a_file_with_a_password_must_be_private(site, video, tmp_path):
    file = tmp_path / "answers.toml"
    file.write_text(answers(video, f'password = "{PASSWORD}"'))
    file.chmod(0o644)
    command = ["setup", "--site", str(site), "--answers", str(file)]
    refused = CliRunner().invoke(app, command)
    assert "chmod 600" in str(refused.exception)
    file.chmod(0o600)
    assert CliRunner().invoke(app, command).exit_code == 0


def test_a_person_is_asked_and_may_correct_themselves(site, video):
    typed = [
        "Corner shop", "shop", "Europe/Berlin", "mars", "eu", "The Shop Ltd", "",
        "ftp://camera", "door", str(video), "Main Door", str(video), "door", "", "", "", "short",
        PASSWORD, PASSWORD, "", "",
    ]  # fmt: skip
    done = CliRunner().invoke(app, ["setup", "--site", str(site)], input="\n".join(typed) + "\n")
    assert done.exit_code == 0, done.output
    config = load_site(site)
    assert [it.id for it in config.cameras] == ["door"]
    assert config.privacy.operator == "The Shop Ltd"
    assert "ftp:// is not supported" in done.output


BECOME = """
import sys; from pathlib import Path
from edge_core.ownership import become_owner_of
from edge_core.private_files import write_private
folder = Path(sys.argv[1])
print(become_owner_of(folder))
write_private(folder / "key", b"k")
"""


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="needs root")
def test_what_root_sets_up_belongs_to_the_service(tmp_path):
    for folder in (tmp_path, *tmp_path.parents[:2]):
        folder.chmod(0o755)
    folder = tmp_path / "etc"
    folder.mkdir()
    os.chown(folder, 65534, 65534)
    done = subprocess.run(
        [sys.executable, "-c", BECOME, folder], capture_output=True, text=True, check=False
    )
    assert done.stdout == "nobody\n", done.stderr
    assert (folder / "key").stat().st_uid == 65534
