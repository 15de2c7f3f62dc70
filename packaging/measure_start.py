#!/usr/bin/env python3
"""Measures how fast installed programs start, of several bundles in turn.

    python3 packaging/measure_start.py dist/promenade dist-untrimmed/promenade --n 5
    python3 packaging/measure_start.py dist/promenade .venv/bin --n 3 --only "edge service"

A bundle is any folder with the programs in it: the second command compares with the source tree.
Told are wall time until it was up and processor time of the program with its children, its end
included; medians of n. The first start of each is left out, for it reads from disk.
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
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

PATIENCE_S: Final = 180.0
POLL_S: Final = 0.1
FILM_S: Final = 60
"""As long as the slowest start may take; a film that has ended is looked at no more."""
NO_CAMERA: Final = "rtsp://127.0.0.1:9/x"
Start = Callable[[Path], float]
"""Starts a program of a bundle and ends it; gives the monotonic second at which it was up."""


def main(arguments: list[str]) -> int:
    """Measure and print a table and JSON; returns the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("bundles", type=Path, nargs="+")
    parser.add_argument("--n", type=int, default=5)
    parser.add_argument("--only", default="", help="Starts whose name has this in it.")
    given = parser.parse_args(arguments)
    starts: dict[str, Start] = {
        "promenade --version": run("promenade", "--version"),
        "promenade-hub --help": run("promenade-hub", "--help"),
        "kiosk, first picture": picture("promenade-kiosk"),
        "mirror, first picture": picture("promenade-mirror"),
        "edge service, ready": ready,
    }
    with tempfile.TemporaryDirectory() as folder:
        name = "edge service, camera looked at"
        if given.only in name:
            starts[name] = looked_at(film_of(given.bundles[0], Path(folder)))
        rows = all_measured(starts, given.bundles, given.n, given.only)
    print(json.dumps(rows))
    return 0


def all_measured(
    starts: Mapping[str, Start], bundles: list[Path], n: int, only: str
) -> list[dict[str, str | float]]:
    """Measure every start whose name has `only` in it, bundles in turn."""
    rows = []
    for name, start in starts.items():
        if only not in name:
            continue
        took: dict[Path, list[tuple[float, float]]] = {it: [] for it in bundles}
        for turn in range(n + 1):
            for bundle in bundles:
                spent = measured(start, bundle)
                if turn:
                    took[bundle].append(spent)
        for bundle, times in took.items():
            walls, cpus = zip(*times, strict=True)
            row: dict[str, str | float] = {
                "bundle": str(bundle),
                "start": name,
                "wall_s": round(statistics.median(walls), 2),
                "slowest_wall_s": round(max(walls), 2),
                "cpu_s": round(statistics.median(cpus), 2),
                "n": len(times),
            }
            rows.append(row)
            print(row, file=sys.stderr, flush=True)
    return rows


def measured(start: Start, bundle: Path) -> tuple[float, float]:
    """Wall seconds until a program was up, and its processor seconds, children and end included."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    wall, after = start(bundle) - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def run(program: str, *options: str) -> Start:
    """A start that ends by itself."""

    def start(bundle: Path) -> float:
        command = [str(bundle / program), *options]
        subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
        return time.monotonic()

    return start


def picture(program: str) -> Start:
    """A screen until its first picture is saved; no service answers it."""

    def start(bundle: Path) -> float:
        with tempfile.TemporaryDirectory() as folder:
            shown = Path(folder) / "shown.png"
            subprocess.run(
                [bundle / program, "--grab", shown, "--after", "0", "--url", "http://127.0.0.1:9"],
                env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
                stderr=subprocess.DEVNULL,
                check=False,  # it says that the picture shows nothing live
            )
            if not shown.is_file():
                raise RuntimeError(f"{program} drew nothing")
            return time.monotonic()

    return start


def ready(bundle: Path) -> float:
    """The edge service from its start until it says READY=1, then its end."""
    with (
        tempfile.TemporaryDirectory() as folder,
        socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listening,
    ):
        path = Path(folder) / "notify"
        listening.bind(str(path))
        listening.settimeout(PATIENCE_S)
        with edge_service(bundle, Path(folder), NO_CAMERA, 0, NOTIFY_SOCKET=str(path)):
            if listening.recv(100) != b"READY=1":
                raise RuntimeError("the service said something else")
            return time.monotonic()


def looked_at(film: Path) -> Start:
    """The edge service from its start until it says that it looks at a camera, then its end.

    It says so at its second look at its own counters, half a second after the first.

    Args:
        film: what the camera shows; it plays as fast as it was taken.
    """

    def start(bundle: Path) -> float:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        with (
            tempfile.TemporaryDirectory() as folder,
            edge_service(bundle, Path(folder), str(film), port) as service,
        ):
            deadline = time.monotonic() + PATIENCE_S
            while not processed_fps(port):
                if service.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(f"no camera looked at; exit code {service.poll()}")
                time.sleep(POLL_S)
            return time.monotonic()

    return start


def film_of(bundle: Path, folder: Path) -> Path:
    """A minute of simulated shoppers as one camera sees them."""
    command = [str(bundle / "promenade"), "simulate", "--out", str(folder)]
    options = ["--mall", "shop", "--seconds", str(FILM_S), "--fps", "5"]
    subprocess.run([*command, *options], stdout=subprocess.DEVNULL, check=True)
    return min(folder.glob("*.mp4"))


@contextmanager
def edge_service(
    bundle: Path, folder: Path, source: str, port: int, **environment: str
) -> Iterator[subprocess.Popen[bytes]]:
    """The edge service of a site with one camera, its files in a folder, until the block ends."""
    site = folder / "site.toml"
    site.write_text(
        f'[site]\nid = "s"\nname = "S"\n[[cameras]]\nid = "a"\nsource = "{source}"\n'
        f"[service]\nport = {port}\n"
    )
    service = subprocess.Popen(
        [bundle / "promenade", "edge", "--site", site],
        env=os.environ | environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield service
    finally:
        service.terminate()
        service.wait()


def processed_fps(port: int) -> float:
    """Frames a second that vision looks at; 0 before the service answers."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5) as answer:
            return float(json.load(answer)["cameras"][0]["processed_fps"])
    except OSError:
        return 0.0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
