#!/usr/bin/env python3
"""Proves the Debian package in a bare Debian root, step by step, and tells each step's result.

    python3 packaging/prove_deb.py --deb promenade_0.1.0_amd64.deb --newer promenade_0.1.1_amd64.deb

Needs root, debootstrap, iproute2 and xvfb, and takes some minutes. There is no systemd in a chroot:
what the units say under ExecStart is started as their user, and told to signal readiness to a
socket of this script instead. Pictures of the screens go to --out, for a person to look at.
"""

import argparse
import json
import re
import shlex
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final, TypeVar

sys.path.insert(0, str(Path(__file__).resolve().parent))

from bare_root import BareRoot, bare_root
from steps import Steps

PATIENCE_S: Final = 180.0
URL: Final = "http://127.0.0.1:8460"
SITE: Final = "/etc/promenade/site.toml"
PASSWORD: Final = "forty coats on nine rails"
DISPLAY: Final = 97
_OF_APT: Final = re.compile(
    r"^/(var/(lib/(dpkg|apt|systemd|pam)|cache|log|backups)|etc/(passwd|group|g?shadow|sub[ug]id)-?$"
    r"|etc/[.]pwd[.]lock|root/|etc/ld[.]so[.]cache)"
)


_Thing = TypeVar("_Thing")


class Proof(Steps):
    """The steps and what came of them.

    Args:
        root: the bare root.
        out: folder of logs and pictures.
    """

    def __init__(self, root: BareRoot, out: Path) -> None:
        super().__init__()
        self.root = root
        self.out = out


def main(arguments: list[str]) -> int:
    """Run the proof; returns 0 if every step went well."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--deb", type=Path, required=True)
    parser.add_argument("--newer", type=Path, help="A higher version, to upgrade to.")
    parser.add_argument("--out", type=Path, default=Path("proof"))
    parser.add_argument("--cache", type=Path, default=Path("/var/tmp/promenade-bare-bookworm"))
    given = parser.parse_args(arguments)
    given.out.mkdir(parents=True, exist_ok=True)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # what was started and mounted goes too
    with (
        tempfile.TemporaryDirectory(prefix="promenade-proof-", dir="/var/tmp") as folder,
        bare_root(Path(folder) / "root", cache=given.cache) as root,
    ):
        Path(folder).chmod(0o755)  # services of the root have users of their own
        proof = Proof(root, given.out)
        prove(proof, given.deb, given.newer)
    return proof.end(given.out)


def prove(proof: Proof, deb: Path, newer: Path | None) -> None:
    """All steps in order."""
    root = proof.root
    root.run("apt-get", "-qq", "update", online=True)
    before = root.files()
    proof.step("install, dependencies alone", lambda: install(root, deb))
    proof.step("every library is found", lambda: libraries(root))
    proof.step("demo, headless", lambda: demo(proof))
    proof.step("a camera to watch", lambda: simulate(root))
    with ExitStack() as stack:
        proof.step("hub starts, gives a code", lambda: start_hub(proof, stack))
        proof.step("wizard: site, password, PIN, enrolment", lambda: wizard(root))
        proof.step("modes and owners", lambda: modes(root))
        proof.step("edge service: ready, alive, well", lambda: start_edge(proof, stack))
        proof.step("operator's page with all that it loads", lambda: pages(root))
        proof.step("doctor", lambda: doctor(root))
        for kind in ("kiosk", "mirror"):
            proof.step(f"{kind} under X11 (Xvfb)", lambda kind=kind: under_x11(proof, kind))
        proof.step("recommended packages", lambda: recommended(root))
        for kind in ("kiosk", "mirror"):
            proof.step(f"{kind} under cage", lambda kind=kind: under_cage(proof, kind))
    if newer is not None:
        proof.step("upgrade, data kept, service runs", lambda: upgrade(proof, newer))
    proof.step("installed again: nothing changes", lambda: again(root, newer or deb))
    proof.step("remove leaves settings and data", lambda: remove(root))
    proof.step("purge leaves nothing", lambda: purge(root, before))


def install(root: BareRoot, deb: Path) -> str:
    """By apt, without what is only recommended."""
    shutil.copyfile(deb, root / f"tmp/{deb.name}")
    root.install(f"/tmp/{deb.name}")
    version = root.run("promenade", "--version").stdout.strip()
    (root / f"tmp/{deb.name}").unlink()
    packages = root.run("dpkg-query", "-f", "${Package}\n", "-W").stdout.split()
    return f"{version}; {len(packages)} packages in all"


def libraries(root: BareRoot) -> str:
    """Whether the loader finds what each program and library is linked with."""
    script = (
        "cd /opt/promenade/current; export LD_LIBRARY_PATH=$PWD/lib; "
        "find . -type f \\( -name '*.so*' -o -perm -100 \\) | "
        'while read -r f; do ldd "$f" 2>/dev/null | grep \'not found\' | sed "s|^|$f|"; done'
    )
    missing = root.run("sh", "-c", script).stdout.strip()
    if missing:
        raise AssertionError(missing[:800])
    return "nothing is missing"


def demo(proof: Proof) -> str:
    """The demo as an unprivileged user."""
    command = ("promenade", "demo", "--headless", "--seconds", "45", "--out", "/tmp/demo")
    done = proof.root.run(*command, user="promenade", check=False)
    if done.returncode:
        raise AssertionError((done.stdout + done.stderr)[-600:])
    shutil.copytree(proof.root / "tmp/demo", proof.out / "demo", dirs_exist_ok=True)
    summary = json.loads((proof.out / "demo" / "summary.json").read_text())
    shown = ("people", "entered", "screens_rendered")
    told = ", ".join(f"{name} {summary[name]}" for name in shown)
    return f"{told}, items recognised {summary['items']['recognised']}"


def simulate(root: BareRoot) -> str:
    """A recording of simulated shoppers, which stands for a camera."""
    root.run("promenade", "simulate", "--mall", "shop", "--seconds", "40", "--fps", "5",
             "--out", "/srv/camera")  # fmt: skip
    video = sorted((root / "srv/camera").glob("*.mp4"))[0]
    (root / "srv/camera.mp4").write_bytes(video.read_bytes())
    return f"{video.name}, 40 s at 5 frames/s (simulated)"


def start_hub(proof: Proof, stack: ExitStack) -> str:
    """What the hub's unit starts; then a code for the site."""
    root = proof.root
    start_unit(proof, stack, "promenade-hub")
    command = ("promenade", "hub", "--folder", "/var/lib/promenade/hub", "code", "corner-shop",
               "--name", "Corner shop")  # fmt: skip
    code = root.run(*command, user="promenade").stdout.strip()
    (root / "root/code").write_text(code)
    return f"READY=1 came; code of {len(code)} signs"


def wizard(root: BareRoot) -> str:
    """`promenade setup` as root, answers through standard input."""
    code = (root / "root/code").read_text()
    answers = f"""
        name = "Corner shop"\nkind = "shop"\ntimezone = "Europe/Berlin"\npack = "eu"
        password = "{PASSWORD}"\npin = "482913"
        cameras = [{{ id = "door", source = "/srv/camera.mp4" }}]
        hub = {{ url = "http://127.0.0.1:8470", code = "{code}" }}
    """
    done = root.run("promenade", "setup", "--answers", "-", input=answers)
    if PASSWORD in done.stdout:
        raise AssertionError("the password was shown")
    again = root.run("promenade", "setup", "--answers", "-", input=answers, check=False)
    if again.returncode == 0:
        raise AssertionError("a second run overwrote the site")
    return " / ".join(done.stdout.split("\n")[1:4])


def modes(root: BareRoot) -> str:
    """Settings, keys and ledger belong to the service alone."""
    script = "find /etc/promenade /var/lib/promenade ! -user promenade -o -perm /007"
    if bad := root.run("sh", "-c", script).stdout.strip():
        raise AssertionError(bad)
    return root.run("stat", "-c", "%A %U:%G %n", SITE, "/var/lib/promenade/hub.key").stdout.replace(
        "\n", "; "
    )


def unit(root: BareRoot, name: str) -> dict[str, str]:
    """The last value of each key of an installed unit."""
    text = (root / f"lib/systemd/system/{name}.service").read_text()
    return dict(line.split("=", 1) for line in text.splitlines() if re.match(r"\w+=", line))


def start_unit(proof: Proof, stack: ExitStack, name: str) -> subprocess.Popen[bytes]:
    """Start what a unit says as its user, and wait until it says that it is ready and alive."""
    root, said = proof.root, unit(proof.root, name)
    listening = stack.enter_context(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM))
    path = root / f"tmp/{name}.notify"
    path.unlink(missing_ok=True)
    listening.bind(str(path))
    path.chmod(0o666)
    listening.settimeout(1.0)
    environment = {
        "NOTIFY_SOCKET": f"/tmp/{name}.notify",
        "WATCHDOG_USEC": str(int(said["WatchdogSec"]) * 1_000_000),
    }
    command = [it for it in shlex.split(said["ExecStart"]) if not it.startswith("$")]
    process = stack.enter_context(
        root.running(
            command,
            proof.out / f"{name}.log",
            user=said["User"],
            groups="video",
            environment=environment,
        )
    )
    wanted, deadline = {b"READY=1", b"WATCHDOG=1"}, time.monotonic() + PATIENCE_S
    while wanted:
        if process.poll() is not None or time.monotonic() > deadline:
            raise AssertionError(f"{name} did not tell {wanted}; exit code {process.poll()}")
        try:
            wanted.discard(listening.recv(200))
        except TimeoutError:
            continue
    return process


def start_edge(proof: Proof, stack: ExitStack) -> str:
    """The edge service as its unit starts it; then its health."""
    start_unit(proof, stack, "promenade-edge")
    health = wait_for(lambda: watching(proof.root), "the camera is watched")
    rates = {it["id"]: it["processed_fps"] for it in health["cameras"]}
    return f"READY=1 and WATCHDOG=1 came; version {health.get('version')}, frames/s {rates}"


def watching(root: BareRoot) -> dict[str, Any] | None:
    """The service's health once its camera has been looked at."""
    health = asked(root, "/health")
    rows = health["cameras"] if health else []
    seen = rows and all(it["processed_fps"] > 0 or it["state"] == "ended" for it in rows)
    return health if seen else None


PAGES: Final = """
import http.cookiejar, re, sys, urllib.parse as p, urllib.request as u
url, password = sys.argv[1:]
jar = u.HTTPCookieProcessor(http.cookiejar.CookieJar())
browser = u.build_opener(jar)
form = p.urlencode({"wanted": "/", "account": "operator", "password": password}).encode()
asked = u.Request(url + "/sign-in", form, {"Origin": url})
page = browser.open(asked, timeout=60).read().decode()
parts = sorted(set(re.findall("/_nicegui/[a-zA-Z0-9_./@-]+[.](?:js|css|woff2)", page)))
print(len(parts), sum(len(browser.open(url + it, timeout=60).read()) for it in parts))
"""
"""Signs in and loads every script, style and font that the page names; fails at the first 404."""


def pages(root: BareRoot) -> str:
    """The operator's page, which the web framework's own files make."""
    namespace = root.command(["true"])[:4]
    done = subprocess.run(
        [*namespace, sys.executable, "-c", PAGES, URL, PASSWORD],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode or int(done.stdout.split()[0]) < 5:
        raise AssertionError(done.stdout + done.stderr[-500:])
    files, size = done.stdout.split()
    return f"signed in; {files} scripts, styles and fonts of {int(size) // 1000} kB"


def asked(root: BareRoot, path: str) -> dict[str, Any] | None:
    """What the service answers; None if it does not."""
    code = f"import urllib.request as u; print(u.urlopen('{URL}{path}', timeout=5).read().decode())"
    namespace = root.command(["true"])[:4]  # ip netns exec NAME
    done = subprocess.run(
        [*namespace, sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    found: dict[str, Any] | None = json.loads(done.stdout) if done.returncode == 0 else None
    return found


def wait_for(look: Callable[[], _Thing | None], what: str) -> _Thing:
    """Wait until something is there."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        if (found := look()) is not None:
            return found
        time.sleep(0.5)
    raise AssertionError(f"{what}: not within {PATIENCE_S:g} s")


def doctor(root: BareRoot) -> str:
    """The self-test beside the running service."""
    done = root.run("promenade", "doctor", "--site", SITE, "--json", user="promenade", check=False)
    findings = json.loads(done.stdout)["findings"]
    failed = [it for it in findings if it["verdict"] == "failed"]
    if failed:
        raise AssertionError(str(failed))
    return f"{len(findings)} findings, none failed"


def under_x11(proof: Proof, kind: str) -> str:
    """A screen in an X server of this machine, full-screen."""
    folder = proof.root / "tmp/.X11-unix"
    outside = Path("/tmp/.X11-unix")
    for each in (folder, outside):
        each.mkdir(exist_ok=True)
        each.chmod(0o1777)
    with ExitStack() as stack:
        subprocess.run(["mount", "--bind", outside, folder], check=True)
        stack.callback(subprocess.run, ["umount", "-l", folder], check=False)
        server = stack.enter_context(
            subprocess.Popen(
                ["Xvfb", f":{DISPLAY}", "-screen", "0", "1080x1920x24", "-ac",
                 ],
                stderr=subprocess.DEVNULL,
            )
        )  # fmt: skip
        stack.callback(server.terminate)
        wait_for(lambda: Path(f"/tmp/.X11-unix/X{DISPLAY}").exists() or None, "Xvfb")
        environment = {"DISPLAY": f":{DISPLAY}", "QT_QPA_PLATFORM": "xcb"}
        log = proof.out / f"{kind}-x11.log"
        command = [f"promenade-{kind}", "--fullscreen"]
        stack.enter_context(
            proof.root.running(command, log, user="promenade-kiosk", environment=environment)
        )
        picture = proof.out / f"{kind}-x11.png"
        shoot = ["import", "-window", "root", "-display", f":{DISPLAY}", str(picture)]
        if not shutil.which("import"):
            shoot = ["ffmpeg", "-y", "-loglevel", "error", "-f", "x11grab", "-video_size",
                     "1080x1920", "-i", f":{DISPLAY}", "-frames:v", "1", str(picture)]  # fmt: skip
        return settled_picture(shoot, picture)


def recommended(root: BareRoot) -> str:
    """Cage, and a program that takes pictures of it."""
    root.install("cage", "xwayland", "grim")
    return root.run("dpkg-query", "-W", "-f", "${Package} ${Version}; ", "cage").stdout


def under_cage(proof: Proof, kind: str) -> str:
    """What the screen's unit starts, with cage's headless back end for a display, upright.

    Turned, because cage otherwise shows a full-screen program's own buffers, of which this back end
    gives stale pictures.
    """
    root, said = proof.root, unit(proof.root, f"promenade-{kind}")
    runtime = f"/tmp/runtime-{kind}"
    root.run("install", "-d", "-m", "700", "-o", said["User"], runtime)
    environment = {
        "XDG_RUNTIME_DIR": runtime,
        "WLR_BACKENDS": "headless",
        "WLR_LIBINPUT_NO_DEVICES": "1",
        "WLR_RENDERER": "pixman",
        "QT_QPA_PLATFORM": said["Environment"].partition("QT_QPA_PLATFORM=")[2],
    }
    cage, *command = [it for it in shlex.split(said["ExecStart"]) if not it.startswith("$")]
    log = proof.out / f"{kind}-cage.log"
    with root.running([cage, "-r", *command], log, user=said["User"], environment=environment):
        wait_for(lambda: (root / f"{runtime}/wayland-0").exists() or None, "cage")
        shown = f"{runtime}/shown.png"
        inside = environment | {"WAYLAND_DISPLAY": "wayland-0"}
        shoot = root.command(["grim", shown], user=said["User"], environment=inside)
        told = settled_picture(shoot, root / shown)
        shutil.copyfile(root / shown, proof.out / f"{kind}-cage.png")
    return told


def settled_picture(shoot: list[str], picture: Path) -> str:
    """Take pictures until one shows more than a plain ground and the next is much the same."""
    sizes: list[int] = []

    def look() -> str | None:
        done = subprocess.run(shoot, capture_output=True, text=True, check=False)
        sizes.append(picture.stat().st_size if done.returncode == 0 else 0)
        time.sleep(3)
        near = len(sizes) > 3 and min(sizes[-3:]) > 0.9 * max(sizes[-3:])
        return f"picture of {sizes[-1] // 1000} kB" if near and sizes[-1] > 15_000 else None

    return wait_for(look, "a picture with content")


def counted(root: BareRoot) -> int:
    """Rows of all tables of the ledger."""
    path = root / "var/lib/promenade/promenade.db"
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as database:
        names = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        counts = [
            database.execute(f'SELECT count(*) FROM "{name}"').fetchone() for (name,) in names
        ]
    return sum(count for (count,) in counts)


def upgrade(proof: Proof, newer: Path) -> str:
    """A higher version over it."""
    root = proof.root
    kept = ("etc/promenade/site.toml", "var/lib/promenade/hub.key")
    before, rows = [(root / it).read_bytes() for it in kept], counted(root)
    (root / "etc/default/promenade-screens").write_text('KIOSK_OPTIONS="--language zh"\n')
    old = (root / "opt/promenade/current").readlink().name
    said = install(root, newer)
    if [(root / it).read_bytes() for it in kept] != before or counted(root) < rows:
        raise AssertionError("settings, key or ledger changed")
    if "zh" not in (root / "etc/default/promenade-screens").read_text():
        raise AssertionError("an edited conffile was lost")
    if (root / "opt/promenade/releases" / old).exists():
        raise AssertionError(f"{old} is left")
    with ExitStack() as stack:
        ran = start_edge(proof, stack)
    return f"{said}; {rows} rows of the ledger before, {counted(root)} after; {ran}"


def again(root: BareRoot, deb: Path) -> str:
    """The same package once more."""
    before = {it for it in root.files() if "promenade" in it}
    shutil.copyfile(deb, root / f"tmp/{deb.name}")
    root.run("apt-get", "-qq", "-y", "--reinstall", "install", f"/tmp/{deb.name}", online=True)
    after = {it for it in root.files() if "promenade" in it}
    if before != after:
        raise AssertionError(str(sorted(before ^ after)[:10]))
    return f"{len(after)} files as before"


def remove(root: BareRoot) -> str:
    """Programs go, the rest stays."""
    root.run("apt-get", "-qq", "-y", "remove", "promenade", online=True)
    if (root / "opt/promenade").exists():
        raise AssertionError("/opt/promenade is left")
    for place in (SITE, "var/lib/promenade/promenade.db"):
        if not (root / place).exists():
            raise AssertionError(f"{place} is gone")
    return "site.toml and ledger are there, /opt/promenade is gone"


def purge(root: BareRoot, before: set[str]) -> str:
    """Everything goes; twice does no harm."""
    for name in ("promenade", "cage", "xwayland", "grim"):
        root.run("apt-get", "-qq", "-y", "purge", name, online=True)
    root.run("apt-get", "-qq", "-y", "autoremove", "--purge", online=True)
    mine = [it for it in root.files() - before if "promenade" in it and "dpkg" not in it]
    left = [
        it
        for it in root.files() - before
        if not _OF_APT.match(it) and not it.startswith(("/srv/", "/var/"))
    ]
    users = [line for line in (root / "etc/passwd").read_text().splitlines() if "promenade" in line]
    if mine or users:
        raise AssertionError(f"left: {mine} {users}")
    return f"nothing of promenade, no user; of its dependencies {len(left)}: {sorted(left)[:5]}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
