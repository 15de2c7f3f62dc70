#!/usr/bin/env python3
"""Measures how fast installed programs start, of several bundles in turn.

    python3 packaging/measure_start.py dist/promenade dist-untrimmed/promenade --n 5

Told are wall time and processor time of the program with its children, medians of n; the first
start of each is left out, for it reads from disk.
"""

import argparse
import json
import os
import resource
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

PATIENCE_S: Final = 180.0
SITE: Final = """
[site]
id = "s"
name = "S"
[[cameras]]
id = "a"
source = "rtsp://127.0.0.1:9/x"
[service]
port = 0
"""


def main(arguments: list[str]) -> int:
    """Measure and print a table and JSON; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("bundles", type=Path, nargs="+")
    parser.add_argument("--n", type=int, default=5)
    given = parser.parse_args(arguments)
    starts: dict[str, Callable[[Path], None]] = {
        "promenade --version": run("promenade", "--version"),
        "promenade-hub --help": run("promenade-hub", "--help"),
        "kiosk, first picture": picture("promenade-kiosk"),
        "mirror, first picture": picture("promenade-mirror"),
        "edge service, ready": ready,
    }
    rows = []
    for name, start in starts.items():
        took: dict[Path, list[tuple[float, float]]] = {it: [] for it in given.bundles}
        for turn in range(given.n + 1):
            for bundle in given.bundles:
                spent = measured(start, bundle)
                if turn:
                    took[bundle].append(spent)
        for bundle, times in took.items():
            wall, cpu = (statistics.median(it) for it in zip(*times, strict=True))
            row = {"bundle": str(bundle), "start": name, "wall_s": round(wall, 2),
                   "cpu_s": round(cpu, 2), "n": len(times)}  # fmt: skip
            rows.append(row)
            print(row, file=sys.stderr, flush=True)
    print(json.dumps(rows))
    return 0


def measured(start: Callable[[Path], None], bundle: Path) -> tuple[float, float]:
    """Wall and processor seconds of a start, children included."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    start(bundle)
    wall, after = time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def run(program: str, *options: str) -> Callable[[Path], None]:
    """A start that ends by itself."""

    def start(bundle: Path) -> None:
        command = [bundle / program, *options]
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)

    return start


def picture(program: str) -> Callable[[Path], None]:
    """A screen until its first picture is saved; no service answers it."""

    def start(bundle: Path) -> None:
        with tempfile.TemporaryDirectory() as folder:
            shown = Path(folder) / "shown.png"
            subprocess.run(
                [bundle / program, "--grab", shown, "--after", "0", "--url", "http://127.0.0.1:9"],
                env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
                stderr=subprocess.DEVNULL,
                check=True,
            )
            if not shown.is_file():
                raise RuntimeError(f"{program} drew nothing")

    return start


def ready(bundle: Path) -> None:
    """The edge service from its start until it says READY=1, then its end."""
    with (
        tempfile.TemporaryDirectory() as folder,
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening,
    ):
        site, path = Path(folder) / "site.toml", Path(folder) / "notify"
        site.write_text(SITE)
        listening.bind(str(path))
        listening.settimeout(PATIENCE_S)
        service = subprocess.Popen(
            [bundle / "promenade", "edge", "--site", site],
            env=os.environ | {"NOTIFY_SOCKET": str(path)},
            stderr=subprocess.DEVNULL,
        )
        try:
            if listening.recv(100) != b"READY=1":
                raise RuntimeError("the service said something else")
        finally:
            service.terminate()
            service.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
