#!/usr/bin/env python3
"""Proves that the README's commands work on a bare Debian with nothing but Python.

    python3 packaging/prove_source.py --out proof

Copies what git tracks into a bare root, runs `dev.py demo` there, and lets `dev.py test` set up and
collect. Needs root, debootstrap and a network; takes some minutes.
"""

import argparse
import io
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from bare_root import bare_root  # noqa: E402

REACHING_INDEXES: Final = ("/etc/pip.conf", "/etc/ssl/certs/ca-certificates.crt")
"""How this machine reaches package indexes; the root does the same."""
COMMANDS: Final = (
    "python3 packaging/dev.py demo --headless --seconds 30 --out /srv/demo",
    "python3 packaging/dev.py test -q --collect-only tests/unit/config",
)


def main(arguments: list[str]) -> int:
    """Run the proof; returns 0 if both commands did."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--out", type=Path, default=Path("proof"))
    parser.add_argument("--cache", type=Path, default=Path("/var/tmp/promenade-bare-bookworm"))
    given = parser.parse_args(arguments)
    given.out.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix="promenade-proof-", dir="/var/tmp") as folder,
        bare_root(Path(folder) / "root", cache=given.cache, alone=False) as root,
    ):
        root.run("apt-get", "-qq", "update")
        root.install("python3", "ca-certificates")
        for name in REACHING_INDEXES:
            if Path(name).is_file():
                shutil.copyfile(name, root / name)
        archive = subprocess.run(
            ["git", "-C", HERE.parent, "archive", "HEAD"], capture_output=True, check=True
        ).stdout
        with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
            tar.extractall(root / "srv/promenade", filter="data")
        code = 0
        for command in COMMANDS:
            began = time.monotonic()
            done = root.run("sh", "-c", f"cd /srv/promenade && {command}", check=False)
            code = code or done.returncode
            print(f"exit code {done.returncode}, {time.monotonic() - began:.0f} s: {command}")
            print((done.stdout + done.stderr)[-800:], flush=True)
        summary = root / "srv/demo/summary.json"
        if summary.is_file():
            shutil.copytree(root / "srv/demo", given.out / "source-demo", dirs_exist_ok=True)
            print(json.loads(summary.read_text())["people"], "people counted (simulated)")
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
