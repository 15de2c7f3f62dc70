"""A real edge service for the tests to kill."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import psutil

from edge_core.errors import ServiceUnavailableError
from edge_core.service.client import EdgeClient


def until(condition, seconds, what):
    """Wait for a condition; returns its value and the seconds it took."""
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        value = condition()
        if value:
            return value, time.monotonic() - began
        time.sleep(0.02)
    raise AssertionError(f"not within {seconds} s: {what}")


class Service:
    """`promenade edge` as a process of its own."""

    def __init__(self, site: Path, port: int, **environment: str) -> None:
        self.site = site
        self.url = f"http://127.0.0.1:{port}"
        self.log = site.with_name("edge.log")
        self.environment = os.environ | environment
        self.process = None

    def start(self):
        command = [sys.executable, "-m", "edge_core", "edge", "--site", str(self.site)]
        with self.log.open("ab") as sink:
            self.process = subprocess.Popen(
                command, stdout=sink, stderr=sink, env=self.environment, start_new_session=True
            )
        return self

    def health(self):
        with EdgeClient(self.url) as client:
            try:
                return client.health()
            except ServiceUnavailableError:
                return None

    def watching(self, seconds=40.0):
        """Wait until every camera that can stream is being processed."""

        def ready():
            health = self.health()
            return health and all(
                it.processed_fps > 0 or it.state in ("refused", "lost") for it in health.cameras
            )

        until(ready, seconds, f"watching\n{self.log.read_text()[-3000:]}")
        return self

    def worker(self, name):
        health = self.health()
        return next((it for it in health.workers if it.name == name), None) if health else None

    def kill(self, name):
        pid = self.worker(name).pid
        os.kill(pid, signal.SIGKILL)
        return pid

    def children(self):
        return psutil.Process(self.process.pid).children(recursive=True)

    def kill_all(self):
        """What a power cut does to the processes."""
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self):
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(20)
        return self.process.returncode if self.process else None

    def ledger_is_sound(self):
        with sqlite3.connect(self.site.with_name("promenade.db")) as ledger:
            return ledger.execute("PRAGMA integrity_check").fetchone() == ("ok",)

    def event_ids(self):
        with sqlite3.connect(self.site.with_name("promenade.db")) as ledger:
            return {row[0] for row in ledger.execute("SELECT id FROM events")}
