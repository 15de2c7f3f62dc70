#!/usr/bin/env python3
r"""Proves the package's units under systemd itself, booted in a container, step by step.

    python3 packaging/prove_systemd.py --deb promenade_0.1.0_amd64.deb \
        --newer promenade_0.1.1_amd64.deb

Needs root, debootstrap, systemd-container and a network, and takes some minutes. The container has
no display, no seat and no network but its own loopback: the kiosk's unit runs under cage's headless
back end, without the terminal that a shop's has.
"""

import argparse
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final, TypeVar

sys.path.insert(0, str(Path(__file__).resolve().parent))

from bare_root import bare_root
from steps import Steps

PATIENCE_S: Final = 180.0
SETTLED_S: Final = 15.0
EDGE, HUB, KIOSK = "promenade-edge", "promenade-hub", "promenade-kiosk"
HEALTH: Final = "http://127.0.0.1:8460/health"
SITE: Final = "/etc/promenade/site.toml"
_CLEAN: Final = ("env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root", "LC_ALL=C.UTF-8")
_NEEDED: Final = ("systemd", "systemd-sysv", "dbus", "curl", "cage", "xwayland")
HEADLESS: Final = """
[Unit]
ConditionPathExists=
[Service]
Environment=WLR_BACKENDS=headless WLR_LIBINPUT_NO_DEVICES=1 WLR_RENDERER=pixman
Environment=XDG_RUNTIME_DIR=/run/promenade-kiosk
RuntimeDirectory=promenade-kiosk
PAMName=
TTYPath=
TTYReset=no
TTYVHangup=no
TTYVTDisallocate=no
StandardInput=null
UtmpIdentifier=
"""
"""What a screen's unit does without a seat."""

_Thing = TypeVar("_Thing")


class Machine:
    """A container that systemd has booted.

    Args:
        folder: its root.
        first: process id of its systemd, seen from outside.
    """

    def __init__(self, folder: Path, first: int) -> None:
        self.folder = folder
        self._first = first

    def __truediv__(self, place: str) -> Path:
        """A path of the machine as seen from outside."""
        return self.folder / place.lstrip("/")

    def run(self, *command: str, check: bool = True, said: str | None = None) -> str:
        """Run a command as root inside; returns what it printed.

        Raises:
            RuntimeError: it failed, and was not to.
        """
        inside = ["nsenter", "-t", str(self._first), "-a", *_CLEAN, *command]
        done = subprocess.run(inside, capture_output=True, text=True, input=said, check=False)
        if check and done.returncode:
            raise RuntimeError(f"{' '.join(command)}: {(done.stdout + done.stderr)[-600:]}")
        return done.stdout.strip()

    def told(self, unit: str, *names: str) -> list[str]:
        """Properties of a unit."""
        wanted = [it for name in names for it in ("-P", name)]
        return self.run("systemctl", "show", unit, *wanted).split("\n")

    def is_active(self, unit: str) -> bool:
        """Whether systemd calls a unit active."""
        return self.told(unit, "ActiveState") == ["active"]


@contextmanager
def booted(folder: Path) -> Iterator[Machine]:
    """Boot a root; it is powered off at the end."""
    command = ["systemd-nspawn", "--quiet", "-D", str(folder), "--boot", "--register=no",
               "--keep-unit", "--private-network"]  # fmt: skip
    with (folder.parent / "boot.log").open("wb") as log:
        container = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        try:
            first = wait_for(lambda: _child_of(container.pid), "the container")
            machine = Machine(folder, first)
            wait_for(lambda: _is_up(machine), "systemd")
            yield machine
        finally:
            container.send_signal(signal.SIGTERM)
            container.wait(60)


def _child_of(pid: int) -> int | None:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    return int(children[0]) if children else None


def _is_up(machine: Machine) -> bool:
    return machine.run("systemctl", "is-system-running", check=False) in ("running", "degraded")


def wait_for(look: Callable[[], _Thing | None], what: str) -> _Thing:
    """Look until something is seen; raises AssertionError if it never is."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        if seen := look():
            return seen
        time.sleep(0.5)
    raise AssertionError(f"{what}: not within {PATIENCE_S:.0f} s")


def main(arguments: Sequence[str]) -> int:
    """Run the proof; returns 0 if every step went well."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--deb", type=Path, required=True)
    parser.add_argument("--newer", type=Path, required=True, help="A higher version.")
    parser.add_argument("--out", type=Path, default=Path("proof-systemd"))
    parser.add_argument("--cache", type=Path, default=Path("/var/tmp/promenade-bare-bookworm"))
    given = parser.parse_args(arguments)
    given.out.mkdir(parents=True, exist_ok=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with tempfile.TemporaryDirectory(prefix="promenade-proof-", dir="/var/tmp") as name:
        folder = Path(name)
        folder.chmod(0o755)
        with bare_root(folder / "made", cache=given.cache, alone=False) as root:
            root.run("apt-get", "-qq", "update")
            root.install(*_NEEDED)
            shutil.copyfile(given.deb, root / "root/promenade.deb")
            shutil.copyfile(given.newer, root / "root/newer.deb")
            root.install("/root/promenade.deb")
            command = ("promenade", "simulate", "--mall", "shop", "--seconds", "40", "--fps", "5",
                       "--out", "/srv/camera")  # fmt: skip
            root.run(*command)
            (root / "usr/sbin/policy-rc.d").unlink()
            subprocess.run(
                ["cp", "-a", "--one-file-system", root.folder, folder / "root"], check=True
            )
        steps = Steps()
        with booted(folder / "root") as machine:
            prove(steps, machine)
        return steps.end(given.out)


def prove(steps: Steps, machine: Machine) -> None:
    """All steps in order."""
    steps.step("systemd boots", lambda: machine.run("systemctl", "is-system-running", check=False))
    steps.step("hub starts", lambda: start(machine, HUB))
    steps.step("wizard, enrolled", lambda: wizard(machine))
    steps.step("edge service starts, hardened", lambda: start(machine, EDGE))
    steps.step("its camera is watched", lambda: watched(machine))
    steps.step("killed: starts again", lambda: hurt(machine, "KILL"))
    steps.step("frozen: the watchdog ends it, it starts again", lambda: hurt(machine, "STOP"))
    steps.step("a mistake in site.toml: said, and not tried for ever", lambda: mistaken(machine))
    steps.step("kiosk under cage", lambda: kiosk(machine))
    steps.step("a newer package: all that ran runs again", lambda: upgrade(machine))
    steps.step("removed: nothing runs", lambda: removed(machine))


def start(machine: Machine, unit: str) -> str:
    """A unit is active only once the service has said that it is ready."""
    began = time.monotonic()
    machine.run("systemctl", "start", unit)
    if not machine.is_active(unit):
        raise AssertionError(machine.run("journalctl", "-u", unit, "-n", "5", "-o", "cat"))
    kind, user = machine.told(unit, "Type", "User")
    return f"{kind}, as {user}, ready after {time.monotonic() - began:.1f} s"


def wizard(machine: Machine) -> str:
    """The site's settings, and the hub's code."""
    video = sorted((machine / "srv/camera").glob("*.mp4"))[0].name
    command = ("setpriv", "--reuid", "promenade", "--regid", "promenade", "--clear-groups",
               "promenade", "hub", "--folder", "/var/lib/promenade/hub", "code", "corner-shop",
               "--name", "Corner shop")  # fmt: skip
    answers = f"""
        name = "Corner shop"\nkind = "shop"\ntimezone = "Europe/Berlin"\npack = "eu"
        password = "forty coats on nine rails"\npin = "482913"
        cameras = [{{ id = "door", source = "/srv/camera/{video}" }}]
        hub = {{ url = "http://127.0.0.1:8470", code = "{machine.run(*command)}" }}
    """
    told = machine.run("promenade", "setup", "--answers", "-", said=answers)
    return next(line for line in told.split("\n") if "enrolled" in line)


def healthy(machine: Machine) -> str | None:
    """The service's answer about its health."""
    return machine.run("curl", "-s", "-m", "5", HEALTH, check=False) or None


def watched(machine: Machine) -> str:
    """Somebody is seen."""

    def look() -> str | None:
        told = healthy(machine) or ""
        return told if '"status":"ok"' in told and '"processed_fps":0.0' not in told else None

    return wait_for(look, "the camera")[:60]


def hurt(machine: Machine, how: str) -> str:
    """End or freeze the service's first process; systemd must bring it back."""
    count = int(machine.told(EDGE, "NRestarts")[0])
    began = time.monotonic()
    machine.run("systemctl", "kill", "-s", how, "--kill-whom=main", EDGE)
    wait_for(lambda: int(machine.told(EDGE, "NRestarts")[0]) > count, "a restart")
    wait_for(lambda: machine.is_active(EDGE) and healthy(machine), "the service")
    return f"answers again after {time.monotonic() - began:.0f} s"


def mistaken(machine: Machine) -> str:
    """Exit code 2 is not tried again; mended settings start."""
    path = machine / SITE
    good = path.read_text(encoding="utf-8")
    path.write_text(good + "nonsense = [\n", encoding="utf-8")
    machine.run("systemctl", "restart", EDGE, check=False)
    time.sleep(SETTLED_S)
    state, code, count = machine.told(EDGE, "ActiveState", "ExecMainStatus", "NRestarts")
    if sorted((state, code, count)) != ["0", "2", "failed"]:
        raise AssertionError(f"{state}, exit code {code}, {count} restarts")
    said = machine.run("journalctl", "-u", EDGE, "-n", "8", "-o", "cat")
    path.write_text(good, encoding="utf-8")
    start(machine, EDGE)
    return next(line for line in said.split("\n") if "mistake" in line)


def kiosk(machine: Machine) -> str:
    """Cage and the kiosk stay alive with all that the unit forbids them."""
    folder = machine / f"etc/systemd/system/{KIOSK}.service.d"
    folder.mkdir()
    (folder / "headless.conf").write_text(HEADLESS, encoding="utf-8")
    machine.run("systemctl", "daemon-reload")
    machine.run("systemctl", "start", KIOSK)
    time.sleep(SETTLED_S)
    said = machine.run("journalctl", "-u", KIOSK, "-o", "cat")
    state, count = machine.told(KIOSK, "ActiveState", "NRestarts")
    if sorted((state, count)) != ["0", "active"] or "drawing with" not in said:
        raise AssertionError(f"{state}, {count} restarts: {said[-400:]}")
    return "alive and drawing after 15 s"


def upgrade(machine: Machine) -> str:
    """Units that ran run again, whether enabled or only started."""
    before = machine.run("promenade", "--version")
    machine.run("dpkg", "-i", "/root/newer.deb")
    for unit in (EDGE, HUB, KIOSK):
        wait_for(lambda unit=unit: machine.is_active(unit), unit)
    wait_for(lambda: healthy(machine), "the service")
    return f"{before} -> {machine.run('promenade', '--version')}; edge, hub and kiosk run"


def removed(machine: Machine) -> str:
    """Programs go, and with them all that ran."""
    machine.run("env", "DEBIAN_FRONTEND=noninteractive", "dpkg", "--remove", "promenade")
    running = "cat /proc/[0-9]*/cmdline | tr '\\0' ' ' | grep -c '[/]opt/promenade' || true"
    if (count := machine.run("sh", "-c", running)) != "0" or not (machine / SITE).exists():
        raise AssertionError(f"{count} processes run")
    return "no process of it; site.toml is there"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
