#!/usr/bin/env python3
"""Updates a real bundle to a newer and to a broken one, and measures the way there and back.

    python packaging/prove_updates.py dist/promenade dist/newer

Both are built by PyInstaller, with different versions. The edge service runs from them on a
simulated shop; two broken versions are made of the newer one: a module of the service is missing,
and a program that is not the version it was published as. Prints JSON; figures are of this machine.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import tomlkit

from edge_core.errors import UpdateReturnedError
from edge_core.updates import archive as archives
from edge_core.updates.archive import Manifest
from edge_core.updates.layout import Layout
from edge_core.updates.ledger_return import LedgerKeeper
from edge_core.updates.probation import Health, ask_health
from edge_core.updates.updater import Patience, Updater

PATIENCE = Patience(start_s=240.0, hold_s=20.0, every_s=0.2)
MOST_STARTS = 4


class EdgeService:
    """`promenade edge` from `current`, started again when it ends; notes when it answered."""

    def __init__(self, root: Path, site: Path, url: str) -> None:
        self._command = [str(root / "current" / "promenade"), "edge", "--site", str(site)]
        self._url, self._stopping = url, threading.Event()
        self._thread = threading.Thread()
        self.starts, self.stopped_s, self.gap_s = 0, 0.0, 0.0

    def health(self) -> Health | None:
        """Its answer; the first after a stop ends the gap."""
        answer = ask_health(self._url)
        if answer is not None and self.stopped_s:
            self.gap_s, self.stopped_s = time.monotonic() - self.stopped_s, 0.0
        return answer

    def start(self) -> None:
        """See `Services`."""
        self._stopping.clear()
        self.starts = 0
        self._thread = threading.Thread(target=self._keep_running)
        self._thread.start()

    def _keep_running(self) -> None:
        while not self._stopping.is_set() and self.starts < MOST_STARTS:
            self.starts += 1
            process = subprocess.Popen(
                self._command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                start_new_session=True,
            )  # fmt: skip
            while process.poll() is None and not self._stopping.wait(0.05):
                pass
            process.terminate()
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()

    def stop(self) -> None:
        """See `Services`."""
        if not self.stopped_s:
            self.stopped_s = time.monotonic()
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def gave_up(self) -> str:
        """See `Services`."""
        ended = not self._thread.is_alive() and self.starts >= MOST_STARTS
        return f"it ended {MOST_STARTS} times" if ended else ""


def main(old: Path, newer: Path) -> None:
    """Measure; raises AssertionError where a promise is not kept."""
    figures: dict[str, Any] = {}
    with tempfile.TemporaryDirectory(prefix="promenade-updates-", dir=old.parent) as name:
        folder = Path(name)
        layout = Layout(folder / "opt")
        layout.releases.mkdir(parents=True)
        layout.folder.mkdir()
        base = _first(old, layout, folder, figures)
        site, url, ledger = _site(folder)
        edge = EdgeService(layout.root, site, url)
        keeper = LedgerKeeper(ledger, "UTC")
        updater = Updater(layout, edge, keeper, edge.health, PATIENCE, spare_bytes=0)
        layout.switch(base.version)
        edge.start()
        try:
            _wait_for_answer(edge)
            _try_all(old, newer, base, folder, updater, edge, figures)
        finally:
            edge.stop()
    print(json.dumps(figures, indent=1))


def _wait_for_answer(edge: EdgeService) -> None:
    begun_s = time.monotonic()
    while edge.health() is None:
        if time.monotonic() - begun_s > PATIENCE.start_s:
            raise SystemExit("the old bundle does not answer")
        time.sleep(PATIENCE.every_s)


def _first(old: Path, layout: Layout, folder: Path, figures: dict[str, Any]) -> Manifest:
    version = _version(old)
    manifest = _timed(figures, "manifest_s", archives.manifest_of, old, version)
    whole = folder / "whole.tar.xz"
    _timed(figures, "pack_s", archives.pack, old, manifest, whole)
    most = manifest.total_bytes
    out = layout.path(version)
    _timed(figures, "unpack_s", archives.unpack, whole, out, version, most, None)
    _timed(figures, "verify_s", archives.verify, out)
    figures |= {
        "files": len(manifest.files), "unpacked_bytes": most, "whole_bytes": whole.stat().st_size
    }  # fmt: skip
    whole.unlink()
    return manifest


def _try_all(
    old: Path, newer: Path, base: Manifest, folder: Path, updater: Updater, edge: EdgeService,
    figures: dict[str, Any],
) -> None:  # fmt: skip
    broken = folder / "broken"
    shutil.copytree(newer, broken, symlinks=True, copy_function=os.link)
    for missing in broken.rglob("edge_core/service/engine.py*"):
        missing.unlink()
    tries = (
        ("newer", newer, _version(newer)),
        ("broken", broken, "9.0.0"),
        ("mislabelled", old, "9.0.1"),
    )
    for name, bundle, version in tries:
        patch = folder / f"{name}.tar.xz"
        manifest = archives.manifest_of(bundle, version)
        _timed(figures, f"{name}_pack_patch_s", archives.pack, bundle, manifest, patch, base)
        figures[f"{name}_patch_bytes"] = patch.stat().st_size
        most = manifest.total_bytes
        _timed(figures, f"{name}_install_s", updater.install, patch, version, most, base.version)
        before = updater._layout.current()
        begun_s = time.monotonic()
        try:
            updater.switch(version)
            held = True
        except UpdateReturnedError as error:
            figures[f"{name}_told"] = error.message
            held = False
        figures[f"{name}_switch_to_verdict_s"] = round(time.monotonic() - begun_s, 1)
        figures[f"{name}_without_service_s"] = round(edge.gap_s, 1)
        assert held == (name == "newer"), name
        assert updater._layout.current() == (version if held else before)
        answer = edge.health()
        assert answer is not None
        assert answer.version == updater._layout.current()


def _timed(figures: dict[str, Any], name: str, work: Callable[..., Any], *arguments: Any) -> Any:
    begun_s = time.monotonic()
    done = work(*arguments)
    figures[name] = round(time.monotonic() - begun_s, 1)
    print(f"{name}: {figures[name]}", file=sys.stderr, flush=True)
    return done


def _version(bundle: Path) -> str:
    told = subprocess.run(
        [bundle / "promenade", "--version"], capture_output=True, text=True, check=True
    )
    return told.stdout.split()[-1]


def _site(folder: Path) -> tuple[Path, str, Path]:
    """A simulated shop, filmed; returns its site file, its API's address and its ledger."""
    from edge_core.service.demo import mall_folder
    from edge_core.simulator import write_recording

    recording = write_recording(mall_folder("shop"), folder / "shop", 10.0, fps=5, seed=1)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    document = tomlkit.parse(recording.site.read_text(encoding="utf-8"))
    service = document.setdefault("service", tomlkit.table())
    service["port"], service["ledger"] = port, str(folder / "ledger.db")
    recording.site.write_text(tomlkit.dumps(document), encoding="utf-8")
    return recording.site, f"http://127.0.0.1:{port}", folder / "ledger.db"


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve())
