"""How the screens feel: first frame, attract page, touch to answer, memory under use.

The screens are started as programs of their own, drawn by Qt's software scene graph without a
display, over a mall and a shop whose people are played. A finger is injected, not a panel's; a
display and its driver add to every time.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

import psutil

from edge_core.bench import Figure, percentile
from edge_core.bench.played_mall import PEOPLE, PlayedMall, played_mall
from edge_core.bench.played_shop import played_shop
from edge_core.bench.running_screen import RunningScreen, running_screen, screen_environment
from edge_core.runtime.written_memory import written_bytes

SOAK_S: Final = 180.0
_STARTS: Final = 5
_SETTLE_S: Final = 8.0
_SPAN_S: Final = 10.0
_SPANS: Final = 3
_FALLS_ASLEEP_S: Final = 48.0
_USE_S: Final = 240.0
_SAMPLE_S: Final = 1.0
_FIFTHS: Final = 5
_SOON_MS: Final = 100.0


def measure(soak_s: float | None = None) -> list[Figure]:
    """All figures; a quarter of an hour and the soak.

    Args:
        soak_s: length of the simulated use whose memory is watched, seconds; `SOAK_S` where not
            given.

    Raises:
        PromenadeError: a screen does not start.
    """
    with tempfile.TemporaryDirectory(prefix="promenade-bench-") as name:
        folder = Path(name)
        for part in ("mall", "shop"):
            (folder / part).mkdir()
        with played_mall(folder / "mall") as mall, played_shop(folder / "shop") as shop:
            urls = {"kiosk": mall.url, "mirror": shop.url}
            figures = [it for kind in urls for it in _first_frames(kind, urls[kind], folder)]
            figures += _attract(mall, folder)
            figures += [it for kind in urls for it in _touches(kind, urls[kind], folder)]
            return [*figures, *_soak(urls, folder, soak_s or SOAK_S)]


def _first_frames(kind: str, url: str, folder: Path) -> list[Figure]:
    """Start to first frame and to live content; warm, and with nothing cached."""
    warm = screen_environment(folder)
    with running_screen(kind, url, "watched", warm) as screen:
        screen.wait_for("live")
        files = _files_of(screen.process, kind, warm)
    times: dict[str, list[tuple[float, float, float]]] = {"cold": [], "warm": []}
    for turn in range(_STARTS):
        _drop_from_page_cache(files)
        cold = screen_environment(folder, f"{kind}-qml-{turn}")
        for state, environment in (("cold", cold), ("warm", warm)):
            with running_screen(kind, url, "watched", environment) as screen:
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
            f"{kind}.__main__.program()\n"
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


def _touches(kind: str, url: str, folder: Path) -> list[Figure]:
    """One screen in use, with the machine to itself."""
    with running_screen(kind, url, "touched", screen_environment(folder)) as screen:
        screen.wait_for("live")
        time.sleep(_USE_S)
        touches = [screen.events.get()[1] for _ in range(screen.events.qsize())]
    return touch_figures(kind, touches)


def _soak(urls: Mapping[str, str], folder: Path, soak_s: float) -> list[Figure]:
    """What the memory of both screens does while both are used."""
    memory_mb: dict[str, list[float]] = {kind: [] for kind in urls}
    touches = dict.fromkeys(urls, 0)
    with ExitStack() as stack:
        screens: dict[str, RunningScreen] = {}
        for kind, url in urls.items():
            running = running_screen(kind, url, "touched", screen_environment(folder))
            screens[kind] = stack.enter_context(running)
            screens[kind].wait_for("live")
        deadline = time.monotonic() + soak_s
        while time.monotonic() < deadline:
            time.sleep(_SAMPLE_S)
            for kind, screen in screens.items():
                memory_mb[kind].append(written_bytes(screen.process) / 1e6)
        for kind, screen in screens.items():
            touches[kind] = screen.events.qsize()
    return [
        figure
        for kind in urls
        for figure in memory_figures(kind, memory_mb[kind], soak_s, touches[kind])
    ]


def touch_figures(kind: str, touches: Sequence[dict[str, Any]]) -> list[Figure]:
    """Percentiles of what `Trial` tells of touches, and the share that no frame followed.

    Args:
        kind: `kiosk` or `mirror`.
        touches: lines of a `Trial`.
    """
    answered = [it for it in touches if "answer_wall_ms" in it]
    pages = [it for it in answered if it["from"] != it["to"]]
    same = [it for it in answered if it["from"] == it["to"]]
    figures = [
        *_percentiles(f"{kind}: finger down to control pressed", touches, "press"),
        *_percentiles(f"{kind}: finger up to answer on the page", same, "answer"),
        *_percentiles(f"{kind}: finger up to another page seen", pages, "answer"),
    ]
    silent = 1 - len(answered) / len(touches)
    return [*figures, _plain(f"{kind}: touches without a frame", silent, "share", len(touches))]


def _percentiles(name: str, touches: Sequence[dict[str, Any]], what: str) -> Iterator[Figure]:
    for key, how in (("cpu_ms", "processor time"), ("wall_ms", "wall clock")):
        values = [float(it[f"{what}_{key}"]) for it in touches if f"{what}_{key}" in it]
        if len(values) < 2:
            return
        for percent in (50, 95):
            value = percentile(values, percent)
            yield _plain(f"{name}, {how}, p{percent}", value, "ms", len(values))
        yield _plain(f"{name}, {how}, most", max(values), "ms", len(values))
        within = sum(value < _SOON_MS for value in values) / len(values)
        yield _plain(f"{name}, {how}, within 100 ms", within, "share", len(values))


def memory_figures(
    kind: str, memory_mb: Sequence[float], soak_s: float, touches: int
) -> list[Figure]:
    """Memory that a screen has written in the second and in the last fifth of its use.

    The first fifth fills caches of pictures and pages. The slope is that of a straight line through
    all of the use after it (least squares).

    Args:
        kind: `kiosk` or `mirror`.
        memory_mb: one sample a second.
        soak_s: length of the use, seconds.
        touches: how many there were.
    """
    size = max(1, len(memory_mb) // _FIFTHS)
    early, late = statistics.mean(memory_mb[size : 2 * size]), statistics.mean(memory_mb[-size:])
    after = memory_mb[size:]
    hours = [place * soak_s / len(memory_mb) / 3600 for place in range(len(after))]
    slope_mb_h = statistics.linear_regression(hours, after).slope
    use = f"{soak_s / 60:g} min of use"
    return [
        _plain(f"{kind}: touches in {use}", touches, "touches", 1),
        _plain(f"{kind}: memory in the second fifth of {use}", early, "MB", size),
        _plain(f"{kind}: memory in the last fifth of {use}", late, "MB", size),
        _plain(f"{kind}: most memory in {use}", max(memory_mb), "MB", len(memory_mb)),
        _plain(f"{kind}: growth of memory over {use}", 100 * (late / early - 1), "%", size),
        _plain(f"{kind}: slope of memory after the first fifth", slope_mb_h, "MB/h", len(after)),
    ]


def _plain(name: str, value: float, unit: str, count: int) -> Figure:
    """A figure that is compared with none."""
    return Figure(name, value, unit, None, None, count)
