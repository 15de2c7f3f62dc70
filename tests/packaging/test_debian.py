"""The Debian package and its units."""

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

UNITS = ("promenade-edge", "promenade-hub", "promenade-kiosk", "promenade-mirror")


@pytest.fixture(scope="module")
def built(build_deb, packaging, tmp_path_factory):
    """A package of a bundle whose programs do nothing, twice."""
    for tool in ("dpkg-deb", "dpkg-shlibdeps", "strip"):
        if not shutil.which(tool):
            pytest.skip(f"needs {tool} of dpkg-dev and binutils")
    folder = tmp_path_factory.mktemp("deb")
    bundle = folder / "bundle"
    (bundle / "lib").mkdir(parents=True)
    for name in (*UNITS, "promenade"):
        shutil.copy("/bin/true", bundle / name)
    shutil.copy("/bin/true", bundle / "lib" / "library.so")
    for name in ("one", "two"):
        (folder / name).mkdir()
        arguments = ["--bundle", bundle, "--out", folder / name, "--compression", "none"]
        assert build_deb.main([*map(str, arguments), "--version", "1.2.3"]) == 0
    return [next((folder / name).glob("*.deb")) for name in ("one", "two")]


def field(deb, name):
    return subprocess.run(
        ["dpkg-deb", "-f", deb, name], capture_output=True, text=True, check=True
    ).stdout.strip()


def places(deb):
    listed = subprocess.run(["dpkg-deb", "-c", deb], capture_output=True, text=True, check=True)
    rows = (line.split(maxsplit=5) for line in listed.stdout.splitlines())
    return {place.split(" -> ")[0].removeprefix("."): mode for mode, *_, place in rows}


def test_the_same_bundle_gives_the_same_bytes(built):
    one, two = built
    assert one.read_bytes() == two.read_bytes()


def test_what_programs_are_linked_with_is_depended_on(built):
    depends = field(built[0], "Depends")
    assert re.search(r"libc6 \(>= [\d.]+\)", depends)
    assert "adduser" in depends


def test_a_version_has_a_folder_of_its_own_and_commands_go_through_current(built):
    found = places(built[0])
    assert found["/opt/promenade/releases/1.2.3/promenade"].startswith("-rwxr-xr-x")
    assert found["/usr/bin/promenade-kiosk"].startswith("l")
    assert "/opt/promenade/current" not in found
    assert {f"/lib/systemd/system/{it}.service" for it in UNITS} <= set(found)


def test_nothing_in_it_may_be_written_by_others(built):
    loose = [it for it, mode in places(built[0]).items() if "w" in mode[4:] and mode[0] != "l"]
    assert loose == []


@pytest.mark.parametrize("name", ["postinst", "prerm", "postrm"])
def test_maintainers_scripts_stop_at_the_first_failure(packaging, name):
    script = packaging / "debian" / name
    text = script.read_text()
    assert text.startswith("#!/bin/sh\nset -e\n")
    subprocess.run(["sh", "-n", script], check=True)


def test_data_goes_at_a_purge_only(packaging):
    text = (packaging / "debian" / "postrm").read_text()
    removed, _, purged = text.partition('if [ "$1" = purge ]')
    assert "/var/lib/promenade" not in removed
    assert "/etc/promenade" not in removed
    assert "rm -rf /etc/promenade /var/lib/promenade" in purged


def settings(packaging, name):
    """Values of each key of a unit."""
    found = {}
    for line in (packaging / "systemd" / f"{name}.service").read_text().splitlines():
        key, separator, value = line.partition("=")
        if separator and not line.startswith("#"):
            found.setdefault(key, []).append(value)
    return found


@pytest.mark.parametrize("name", UNITS)
def test_a_unit_starts_a_program_of_the_bundle_as_a_user_without_privileges(
    packaging, bundle, name
):
    said = settings(packaging, name)
    programs = {f"/opt/promenade/current/{it.name}" for it in bundle.PROGRAMS}
    assert programs & set(shlex.split(said["ExecStart"][0]))
    assert said["User"][0].startswith("promenade")
    for key, value in (("NoNewPrivileges", "yes"), ("ProtectSystem", "strict"), ("UMask", "0077")):
        assert said[key] == [value]
    assert said["CapabilityBoundingSet"] == [""]
    assert said["LimitCORE"] == ["0"]  # no picture ends in a core dump
    assert "MemoryMax" in said


@pytest.mark.parametrize("name", ["promenade-edge", "promenade-hub"])
def test_a_service_without_sign_of_life_is_restarted(packaging, name):
    said = settings(packaging, name)
    assert said["Type"] == ["notify"]
    assert int(said["WatchdogSec"][0]) >= 30
    assert said["Restart"] == ["always"]


@pytest.mark.parametrize("name", ["promenade-kiosk", "promenade-mirror"])
def test_a_screen_that_the_operators_pin_has_ended_stays_away(packaging, name):
    assert settings(packaging, name)["Restart"] == ["on-failure"]


def test_systemd_understands_the_units(packaging, bundle, tmp_path):
    if not shutil.which("systemd-analyze"):
        pytest.skip("needs systemd-analyze of systemd")
    for name in UNITS:
        text = (packaging / "systemd" / f"{name}.service").read_text()
        text = re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", text, flags=re.MULTILINE)
        (tmp_path / f"{name}.service").write_text(text)
    files = sorted(tmp_path.glob("*.service"))
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *files],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    said = [line for line in done.stderr.splitlines() if "promenade" in line]
    assert said == []


def test_documents_of_the_package_are_there(build_deb, packaging):
    assert all((Path(packaging) / "docs" / name).is_file() for name in build_deb.DOCUMENTS)
