"""How the screens feel: first frame, attract page, touch to frame, memory under use.

The screens are started as programs of their own, drawn by Qt's software scene graph without a
display, over a mall whose people are played. A finger is injected, not a panel's; a display and its
driver add to every time.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from queue import Empty, Queue
from typing import Any, Final

import psutil

from edge_core.bench import Figure, percentile
from edge_core.bench.played_mall import PEOPLE, PlayedMall, played_mall
from edge_core.errors import PromenadeError

SOAK_S: Final = 180.0
_STARTS: Final = 5
_SETTLE_S: Final = 8.0
_SPAN_S: Final = 10.0
_SPANS: Final = 3
_FALLS_ASLEEP_S: Final = 48.0
_PATIENCE_S: Final = 60.0
_SAMPLE_S: Final = 1.0
_FIFTHS: Final = 5


def measure(soak_s: float | None = None) -> list[Figure]:
    """All figures; four minutes and the soak.

    Args:
        soak_s: length of the simulated use, seconds; `SOAK_S` where not given.

    Raises:
        PromenadeError: a screen does not start.
    """
    with tempfile.TemporaryDirectory(prefix="promenade-bench-") as name:
        folder = Path(name)
        with played_mall(folder) as mall:
            figures = [
                *_first_frames(mall, "kiosk", folder),
                *_first_frames(mall, "mirror", folder),
            ]
            figures += _attract(mall, folder)
            return [*figures, *_use(mall, folder, soak_s or SOAK_S)]


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


def _first_frames(mall: PlayedMall, kind: str, folder: Path) -> list[Figure]:
    """Start to first frame and to live content; warm, and with nothing cached."""
    warm = screen_environment(folder)
    with running_screen(kind, mall.url, "watched", warm) as screen:
        screen.wait_for("live")
        files = _files_of(screen.process, kind, warm)
    times: dict[str, list[tuple[float, float, float]]] = {"cold": [], "warm": []}
    for turn in range(_STARTS):
        _drop_from_page_cache(files)
        cold = screen_environment(folder, f"{kind}-qml-{turn}")
        for state, environment in (("cold", cold), ("warm", warm)):
            with running_screen(kind, mall.url, "watched", environment) as screen:
                first_s, cpu_s = screen.wait_for("first"), screen.cpu_s()
                times[state].append((first_s, cpu_s, screen.wait_for("live")))
    figures = []
    for state, rows in times.items():
        columns = ("first frame", "first frame in processor time", "live content")
        for column, what in enumerate(columns):
            values = [row[column] for row in rows]
            name = f"{kind}: start to {what}, {state}"
            figures.append(_plain(f"{name}, median", statistics.median(values), "s", len(values)))
            figures.append(_plain(f"{name}, longest", max(values), "s", len(values)))
    return figures


def _files_of(process: psutil.Process, kind: str, environment: dict[str, str]) -> list[Path]:
    """What a screen has read to start: mapped libraries, modules, QML, fonts."""
    told = subprocess.run(
        [
            sys.executable, "-c",
            f"import {kind}.__main__, sys\n"
            "for it in list(sys.modules.values()):\n"
            "    for name in ('__file__', '__cached__'): print(getattr(it, name, None) or '')",
        ],
        capture_output=True, text=True, check=True, env=environment,
    ).stdout.splitlines()  # fmt: skip
    root = Path(__file__).parents[2]
    own = [
        path
        for folder in (root / kind, root / "edge_core" / "qt", root / "assets" / "fonts")
        for path in folder.rglob("*")
    ]
    mapped = [Path(it.path) for it in process.memory_maps()]
    return [path for path in {*map(Path, told), *own, *mapped} if path.is_file()]


def _drop_from_page_cache(files: Sequence[Path]) -> None:
    """Let the next start read from disk; what other programs have mapped stays (Linux only)."""
    if not hasattr(os, "posix_fadvise"):
        return
    for path in files:
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        finally:
            os.close(descriptor)


def _attract(mall: PlayedMall, folder: Path) -> list[Figure]:
    """Share of one core that the page costs while somebody stands there, and while nobody does."""
    figures = []
    with running_screen("kiosk", mall.url, "watched", screen_environment(folder)) as screen:
        screen.wait_for("live")
        time.sleep(_SETTLE_S)
        for state in ("awake", "asleep"):
            if state == "asleep":
                mall.attended = False
                time.sleep(_FALLS_ASLEEP_S)
            shares = [_core_share(screen) for _ in range(_SPANS)]
            name = f"kiosk: attract page, {state}, {PEOPLE} people"
            figures.append(
                _plain(f"{name}, median", statistics.median(shares), "% of core", _SPANS)
            )
            figures.append(_plain(f"{name}, most", max(shares), "% of core", _SPANS))
    mall.attended = True
    return figures


def _core_share(screen: RunningScreen) -> float:
    """Per cent of one core over one span."""
    began_s, cpu_s = time.monotonic(), screen.cpu_s()
    time.sleep(_SPAN_S)
    return 100 * (screen.cpu_s() - cpu_s) / (time.monotonic() - began_s)


def _use(mall: PlayedMall, folder: Path, soak_s: float) -> list[Figure]:
    """Touches of a kiosk in use, and what its memory does meanwhile."""
    memory_mb: list[float] = []
    with running_screen("kiosk", mall.url, "touched", screen_environment(folder)) as screen:
        screen.wait_for("live")
        deadline = time.monotonic() + soak_s
        while time.monotonic() < deadline:
            time.sleep(_SAMPLE_S)
            memory_mb.append(screen.process.memory_full_info().uss / 1e6)
        touches = [screen.events.get()[1] for _ in range(screen.events.qsize())]
    return [*touch_figures(touches), *memory_figures(memory_mb, soak_s)]


def touch_figures(touches: Sequence[dict[str, Any]]) -> list[Figure]:
    """Percentiles of the answered touches, and the share of those that no frame followed."""
    answered = [it for it in touches if it.get("wall_ms") is not None]
    count = len(answered)
    figures = []
    for key, how in (("cpu_ms", "processor time"), ("wall_ms", "wall clock")):
        values = [float(it[key]) for it in answered]
        for percent in (50, 95):
            name = f"kiosk: touch to next frame, {how}, p{percent}"
            figures.append(_plain(name, percentile(values, percent), "ms", count))
        figures.append(_plain(f"kiosk: touch to next frame, {how}, most", max(values), "ms", count))
    within = sum(float(it["wall_ms"]) < 100 for it in answered) / count
    figures.append(_plain("kiosk: touches answered within 100 ms", within, "share", count))
    silent = 1 - count / len(touches)
    return [*figures, _plain("kiosk: touches without a frame", silent, "share", len(touches))]


def memory_figures(memory_mb: Sequence[float], soak_s: float) -> list[Figure]:
    """Memory of the kiosk alone (USS) in the second and in the last fifth of its use.

    The first fifth fills caches of pictures and pages.
    """
    size = max(1, len(memory_mb) // _FIFTHS)
    early, late = statistics.mean(memory_mb[size : 2 * size]), statistics.mean(memory_mb[-size:])
    of_soak = f"{soak_s / 60:g} min of use"
    return [
        _plain(f"kiosk: memory in the second fifth of {of_soak}", early, "MB", size),
        _plain(f"kiosk: memory in the last fifth of {of_soak}", late, "MB", size),
        _plain(f"kiosk: growth of memory over {of_soak}", 100 * (late / early - 1), "%", size),
    ]


def _plain(name: str, value: float, unit: str, count: int) -> Figure:
    """A figure that is compared with none."""
    return Figure(name, value, unit, None, None, count)
