#!/usr/bin/env python3
"""Sets up everything Promenade needs on a bare machine and runs it.

    python3 packaging/dev.py demo [options of `promenade demo`]
    python3 packaging/dev.py test [options of pytest]
    python3 packaging/dev.py gallery
    python3 packaging/dev.py audit
    python3 packaging/dev.py setup

Needs Python 3.11 or newer and nothing else: Debian libraries come by apt (as root or through
sudo), Python packages into `.venv` at the project's root.
"""

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")

TESTED_BESIDE = (
    "tests/unit",
    "tests/contracts",
    *(f"tests/integration/{name}" for name in ("dashboard", "hub", "ledger")),
)
BAIT = "jinja2==2.4.1\n"
"""A version with known vulnerabilities: whoever does not know them knows none."""
RUN_PACKAGES = (
    "libgl1 libegl1 libfontconfig1 libglib2.0-0 libxkbcommon0 libdbus-1-3 libxcb-cursor0"
    " libxcb-icccm4 libxcb-keysyms1 libxkbcommon-x11-0 libxcb-shape0"
).split()
TEST_PACKAGES = (
    "xvfb ffmpeg chromium chromium-driver poppler-utils python3-gi gir1.2-gst-rtsp-server-1.0"
    " gstreamer1.0-plugins-base gstreamer1.0-plugins-good postgresql"
).split()


def main(arguments: list[str]) -> int:
    """Run one of the commands; returns its exit code."""
    if sys.version_info < (3, 11):
        return fail(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}.")
    command, options = (arguments[0], arguments[1:]) if arguments else ("", [])
    if command == "setup":
        return set_up("dev", [*RUN_PACKAGES, *TEST_PACKAGES])
    if command == "demo":
        return set_up("", RUN_PACKAGES) or run([PYTHON, "-m", "edge_core", "demo", *options])
    if command == "test":
        code = set_up("dev", [*RUN_PACKAGES, *TEST_PACKAGES])
        if not options and not code:
            audit()  # told, but an advisory of today says nothing of this change
        return code or run_tests(options)
    if command == "gallery":
        code = set_up("dev", [*RUN_PACKAGES, *TEST_PACKAGES])
        return code or run_tests(["-q", "tests/screens/gallery.py"])
    if command == "audit":
        return set_up("dev", []) or audit()
    print(__doc__)
    return 0 if command in ("-h", "--help", "help") else 2


def set_up(extra: str, debian_packages: list[str]) -> int:
    """Install what is missing; returns 0, or an exit code after saying what to do."""
    if sys.platform.startswith("linux"):
        code = install_debian(debian_packages)
        if code:
            return code
    return make_environment(extra)


def install_debian(packages: list[str]) -> int:
    """Install missing Debian packages by apt; on other systems only say what they are."""
    if not shutil.which("dpkg-query"):
        print("Not a Debian system: if a library is missing, install what these packages hold:")
        print("  " + " ".join(packages))
        return 0
    missing = [name for name in packages if not is_installed(name)]
    if not missing:
        return 0
    sudo: list[str] = []
    if os.geteuid() != 0:
        if not shutil.which("sudo"):
            return fail(f"As root, run: apt-get install -y {' '.join(missing)}")
        sudo = ["sudo"]
    print(f"Installing Debian packages: {' '.join(missing)}", flush=True)
    environment = [*sudo, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-qq"]
    wait = ["-o", "DPkg::Lock::Timeout=300"]
    run([*environment, *wait, "update"])
    code = run(
        [*environment, *wait, "install", "-y", "--no-install-recommends", *missing], quiet=True
    )
    if code:
        return fail(f"apt failed. Run it by hand: apt-get install {' '.join(missing)}")
    return 0


def is_installed(package: str) -> bool:
    """Whether dpkg knows the package as installed."""
    query = ["dpkg-query", "-W", "-f=${Status}", package]
    shown = subprocess.run(query, capture_output=True, text=True, check=False)
    return shown.stdout == "install ok installed"


def make_environment(extra: str) -> int:
    """Create `.venv` and install Promenade into it, unless that is done and unchanged."""
    wanted = hashlib.sha256((ROOT / "pyproject.toml").read_bytes()).hexdigest()
    stamps = {name: VENV / f"promenade-{name or 'run'}.stamp" for name in ("", "dev")}
    accepted = [stamps["dev"]] if extra == "dev" else list(stamps.values())
    if PYTHON.exists() and any(s.exists() and s.read_text() == wanted for s in accepted):
        return 0
    if not PYTHON.exists():
        code = make_bare_environment()
        if code:
            return code
    target = f"{ROOT}[{extra}]" if extra else str(ROOT)
    print("Installing Python packages into .venv (a few minutes the first time)", flush=True)
    pip = [PYTHON, "-m", "pip", "--disable-pip-version-check", "install", "-q"]
    code = run([*pip, "-e", target])
    if code:
        return fail("pip failed; see its message above. Check the network and run this again.")
    stamps[extra].write_text(wanted)
    return 0


def make_bare_environment() -> int:
    """Create an empty `.venv`; Debian packs the needed module separately."""
    if importlib.util.find_spec("ensurepip") is None:
        if not shutil.which("apt-get"):
            return fail("Python's ensurepip module is missing; install it and run this again.")
        code = install_debian(["python3-venv"])
        if code:
            return code
    # A process of its own: this one does not see a module installed just now.
    code = run([sys.executable, "-m", "venv", "--clear", VENV])
    return fail("The virtual environment could not be made.") if code else 0


def run_tests(options: list[str]) -> int:
    """Run pytest: without options in two processes at once, that neither core of a small PC rests.

    One has the tests of windows and of the whole service, the other all the rest, told last; that
    gives way as the service's own cameras and vision do, so that neither starves the other.
    """
    pytest = [PYTHON, "-m", "pytest"]
    if options:
        return run([*pytest, *options])
    apart = [f"--ignore={folder}" for folder in TESTED_BESIDE]
    calm = ["nice", "-n", "5"] if shutil.which("nice") else []
    with tempfile.TemporaryFile() as told:
        beside = subprocess.Popen(
            [*calm, *pytest, "-p", "no:cacheprovider", *TESTED_BESIDE],
            cwd=ROOT,
            stdout=told,
            stderr=subprocess.STDOUT,
        )
        code = run([*pytest, *apart, "tests"])
        beside_code = beside.wait()
        told.seek(0)
        print(told.read().decode(errors="replace"), flush=True)
    return code or beside_code


def audit() -> int:
    """Look up known vulnerabilities of all installed packages; returns 1 if there are any.

    Where no service that knows them can be reached, that is said and 0 returned.
    """
    told = ""
    for service in ("osv", "pypi"):
        with tempfile.TemporaryDirectory() as folder:
            bait = Path(folder) / "bait.txt"
            bait.write_text(BAIT)
            caught, told = ask_audit(service, "-r", bait, "--no-deps", "--disable-pip")
        if any(it.get("vulns") for it in caught):  # a mirror may answer and know nothing
            return told_of(ask_audit(service, "--skip-editable", "--local")[0], service)
    line = "#" * 78
    print(f"{line}\nDEPENDENCIES WERE NOT AUDITED: no service that knows vulnerabilities answers.")
    print(f"{told[:300]}\nRun `python3 packaging/dev.py audit` where there is a network.\n{line}")
    return 0


def ask_audit(service: str, *what: str | Path) -> tuple[list[dict], str]:
    """What a service knows of packages, and what was said when it did not answer."""
    quiet = ["--progress-spinner", "off", "--timeout", "10", "-f", "json", "-s", service]
    done = subprocess.run(
        [PYTHON, "-m", "pip_audit", *quiet, *what],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if not done.stdout.startswith("{"):
        return [], (done.stderr.strip().splitlines() or ["It said nothing."])[-1]
    packages = json.loads(done.stdout)["dependencies"]
    return packages, next((it["skip_reason"] for it in packages if "skip_reason" in it), "")


def told_of(packages: list[dict], service: str) -> int:
    """Print what an audit found; returns 1 if that is anything."""
    bad = [it for it in packages if it.get("vulns")]
    known = sum("vulns" in it for it in packages)
    unknown = len(packages) - known
    print(f"Dependencies audited by {service}: {known}, {unknown} unknown, {len(bad)} vulnerable.")
    for package in bad:
        for found in package["vulns"]:
            mended = ", ".join(found["fix_versions"]) or "nowhere yet"
            name = f"{package['name']} {package['version']}"
            print(f"  {name}: {found['id']}, mended in {mended}")
    return 1 if bad else 0


def run(command: list[str | Path], *, quiet: bool = False) -> int:
    """Run a command in the project's root; returns its exit code. Ctrl-C reaches the child."""
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL if quiet else None)
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue


def fail(message: str) -> int:
    """Say what is wrong; returns exit code 1."""
    print(f"promenade set-up: {message}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
