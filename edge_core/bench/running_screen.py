"""A screen as a program of its own, as the bench and the tests start it."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, Queue
from typing import Any, Final

import psutil

from edge_core.errors import PromenadeError

_PATIENCE_S: Final = 60.0


def screen_environment(compiled: Path, qml: str = "qml") -> dict[str, str]:
    """Variables of a screen that draws in software without a display.

    Args:
        compiled: folder for compiled Python and QML, which an installed product has and a
            checkout need not.
        qml: name of the folder in it for QML; a new one makes Qt compile again.
    """
    own = {
        "QT_QPA_PLATFORM": "offscreen",
        "QT_QUICK_BACKEND": "software",
        "PYTHONPYCACHEPREFIX": str(compiled / "python"),
        "QML_DISK_CACHE_PATH": str(compiled / qml),
    }
    kept = {name: it for name, it in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return kept | own


class RunningScreen:
    """A screen as a program of its own; `events` are what its trial tells, as they come.

    Args:
        kind: `kiosk` or `mirror`.
        url: of its service.
        trial: see `ScreenOptions`.
        environment: see `screen_environment`.
    """

    def __init__(self, kind: str, url: str, trial: str, environment: dict[str, str]) -> None:
        self.started_s = time.monotonic()
        self._program = subprocess.Popen(
            [sys.executable, "-m", kind, "--url", url, "--trial", trial],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self.process = psutil.Process(self._program.pid)
        self.events: Queue[tuple[float, dict[str, Any]]] = Queue()
        self._reader = threading.Thread(target=self._read, name="screen-reader")
        self._reader.start()

    def _read(self) -> None:
        assert self._program.stdout is not None
        for line in self._program.stdout:
            self.events.put((time.monotonic(), json.loads(line)))

    def wait_for(self, drawn: str) -> float:
        """Seconds from the start of the program until this was drawn.

        Raises:
            PromenadeError: the screen ended, or nothing came in a minute.
        """
        deadline = time.monotonic() + _PATIENCE_S
        while time.monotonic() < deadline and self._program.poll() is None:
            try:
                at_s, event = self.events.get(timeout=0.2)
            except Empty:
                continue
            if event.get("drawn") == drawn:
                return at_s - self.started_s
        raise PromenadeError(
            "A screen under test draws nothing.", "Run `python -m kiosk` and read its log."
        )

    def cpu_s(self) -> float:
        """Processor time of all its threads so far."""
        times = self.process.cpu_times()
        return float(times.user + times.system)

    def close(self) -> None:
        """End the program."""
        self._program.terminate()
        self._program.wait()
        self._reader.join()
        assert self._program.stdout is not None
        self._program.stdout.close()


@contextmanager
def running_screen(
    kind: str, url: str, trial: str, environment: dict[str, str]
) -> Iterator[RunningScreen]:
    """A screen that is ended again."""
    screen = RunningScreen(kind, url, trial, environment)
    try:
        yield screen
    finally:
        screen.close()
