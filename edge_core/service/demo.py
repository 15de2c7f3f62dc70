"""`promenade demo`: a simulated mall, the edge service and both screens, as separate programs.

An emulated RFID reader with garments on its rails runs beside them, in a thread of this one.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any, Final

import httpx
from rich.console import Console

from edge_core.config import AntennaConfig, ReaderConfig, SiteConfig, load_site
from edge_core.errors import ConfigError, Problem, PromenadeError, ServiceUnavailableError
from edge_core.service.client import EdgeClient
from edge_core.simulator import MallProcess
from edge_core.simulator.rfid import ReaderThread, rail_world
from edge_core.simulator.siteout import site_with_sources, write_site

MALLS_FOLDER: Final = Path(__file__).resolve().parents[2] / "assets" / "malls"
_START_S: Final = 40.0
_STOP_S: Final = 8.0
_POLL_S: Final = 0.25
_HEADLESS_S: Final = 60.0
_SHOOTING_S: Final = 20.0
_GARMENTS: Final = 12
_MOVES: Final = 0.5
_BUSY_S: Final = 300.0
"""So long people take garments from the rails; what they do costs the emulator time."""
_WINDOWS: Final = (("kiosk", "40,40"), ("mirror", "620,40"))
_SHOTS: Final = (
    ("kiosk", "1080x1920"),
    ("kiosk", "1920x1080"),
    ("mirror", "1080x1920"),
    ("mirror", "1920x1080"),
)


def mall_folder(name: str) -> Path:
    """The folder of a shipped mall, or a folder of one's own.

    Raises:
        ConfigError: there is no such mall.
    """
    for folder in (MALLS_FOLDER / name, Path(name)):
        if (folder / "scene.toml").is_file():
            return folder
    known = ", ".join(sorted(path.parent.name for path in MALLS_FOLDER.glob("*/scene.toml")))
    problem = Problem(
        None, "mall", name, "no such mall", f"Use one of: {known}; or a folder with scene.toml."
    )
    raise ConfigError(str(MALLS_FOLDER), [problem])


def has_display() -> bool:
    """Whether windows can be opened."""
    if sys.platform.startswith("linux"):
        return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
    return True


@dataclass(slots=True)
class Demo:
    """The running parts.

    Attributes:
        out: where logs, screenshots and the summary go.
        console: where it talks to a person.
        headless: whether screens render to pictures instead of windows.
        url: the edge service's address.
        windows: screens shown to a person; the demo ends when all are closed.
    """

    out: Path
    console: Console
    headless: bool
    url: str
    edge: subprocess.Popen[bytes]
    windows: list[subprocess.Popen[bytes]] = field(default_factory=list)
    stopping: bool = False

    def stop(self, _signal: int = 0, _frame: FrameType | None = None) -> None:
        """Signal handler: end soon."""
        self.stopping = True

    def wait(self, seconds: float) -> None:
        """Wait, unless told to stop, the service ends, or a person closes every window."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and not self.stopping:
            if self.edge.poll() is not None:
                raise ServiceUnavailableError(
                    f"The edge service ended with exit code {self.edge.returncode}.",
                    f"Read {self.out / 'edge.log'}.",
                )
            if self.windows and all(window.poll() is not None for window in self.windows):
                self.stopping = True
            time.sleep(_POLL_S)


def run_demo(
    *, mall_name: str, headless: bool, seconds: float | None, out: Path, seed: int, console: Console
) -> int:
    """Run everything; returns the exit code.

    Args:
        mall_name: see `mall_folder`.
        headless: render to pictures; switched on by itself where there is no display.
        seconds: how long; None is until stopped, or one minute when headless.
        out: folder for summary.json, screenshots and logs; made if missing.
        seed: of the simulated shoppers.
        console: where it talks to a person.

    Returns:
        0 if people were counted and both screens were rendered, else 1.

    Raises:
        PromenadeError: a part did not start.
    """
    folder = mall_folder(mall_name)
    if not headless and not has_display():
        console.print("No display: running headless; screenshots instead of windows.")
        headless = True
    seconds = seconds if seconds is not None else (_HEADLESS_S if headless else None)
    out.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        site_folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="promenade-")))
        mall = stack.enter_context(MallProcess(folder, seed=seed))
        path = mall.write_site(site_folder / "site.toml")
        rails = rail_world(_GARMENTS, seed=seed, busy_s=_BUSY_S)
        reader = stack.enter_context(ReaderThread(rails, seed=seed))
        site = on_free_port(path, reader.port)
        url = f"http://{site.service.host}:{site.service.port}"
        command = [sys.executable, "-m", "edge_core", "edge", "--site", str(path)]
        edge = stack.enter_context(program(command, out / "edge.log"))
        demo = Demo(out, console, headless, url, edge)
        for number in (signal.SIGINT, signal.SIGTERM):
            stack.callback(signal.signal, number, signal.signal(number, demo.stop))
        wait_until_watching(demo, site)
        console.print(f"Operator page: [bold]{url}/[/bold]   API: {url}/openapi.json")
        shots = show(demo, stack, seconds)
        summary = summarise(site, demo, shots, truth_now(mall.base_url, site))
    (out / "summary.json").write_text(json.dumps(summary, indent=2) + "\n", encoding="utf-8")
    console.print_json(data=summary)
    return 0 if summary["people"] > 0 and summary["screens_rendered"] else 1


def on_free_port(path: Path, reader_port: int) -> SiteConfig:
    """Move a site's API to a free port and give it the emulated reader, in its file too."""
    site = load_site(path)
    service = site.service.model_copy(update={"port": free_port()})
    departments = [zone.id for zone in site.zones if zone.kind == "department"]
    rails = departments[0] if departments else None
    reader = ReaderConfig(
        id="rails",
        name="Rails",
        host="127.0.0.1",
        port=reader_port,
        antennas=tuple(AntennaConfig(number=number, zone=rails) for number in (1, 2, 3, 4)),
    )
    site = site.model_copy(update={"service": service, "readers": (reader,)})
    write_site(path, site_with_sources(site, {}))
    return site


def truth_now(simulator_url: str, site: SiteConfig) -> dict[str, Any]:
    """What the simulator knows so far, in numbers that can be set beside the counted ones."""
    said = httpx.get(f"{simulator_url}/truth.json", trust_env=False).raise_for_status().json()
    entrances = {line.id for line in site.lines if line.entrance}
    directions = [it["direction"] for it in said["crossings"] if it["line"] in entrances]
    return {
        "people_inside": len(said["now"]),
        "entered": directions.count("in"),
        "left": directions.count("out"),
    }


def wait_until_watching(demo: Demo, site: SiteConfig) -> None:
    """Return when every camera streams.

    Raises:
        ServiceUnavailableError: it took too long.
    """
    demo.console.print(f"Starting {site.site.name}: {len(site.cameras)} cameras …")
    deadline = time.monotonic() + _START_S
    trouble = ""
    with EdgeClient(demo.url) as client:
        while time.monotonic() < deadline and not demo.stopping:
            try:
                health = client.health()
            except ServiceUnavailableError as error:
                trouble = error.message
            else:
                if all(camera.processed_fps > 0 for camera in health.cameras):
                    return
                trouble = "; ".join(health.reasons) or "the cameras are being opened"
            demo.wait(_POLL_S)
    raise ServiceUnavailableError(
        f"The edge service did not watch every camera within {_START_S:g} s ({trouble}).",
        f"Read {demo.out / 'edge.log'}.",
    )


def show(demo: Demo, stack: ExitStack, seconds: float | None) -> list[Path]:
    """Open windows or take pictures, for as long as wanted; returns the pictures."""
    if not demo.headless:
        for kind, position in _WINDOWS:
            command = [sys.executable, "-m", kind, "--url", demo.url, "--size", "540x960"]
            command += ["--position", position]
            demo.windows.append(stack.enter_context(program(command, demo.out / f"{kind}.log")))
        demo.console.print("Close both windows, or press Ctrl-C, to end.")
        demo.wait(seconds if seconds is not None else float("inf"))
        return take_pictures(demo)
    began = time.monotonic()
    demo.wait(max(0.0, (seconds or _HEADLESS_S) - _SHOOTING_S))
    shots = take_pictures(demo)
    demo.wait(max(0.0, (seconds or _HEADLESS_S) - (time.monotonic() - began)))
    return shots


def take_pictures(demo: Demo) -> list[Path]:
    """Render both screens upright and across with the live content; returns what was written."""
    shots = []
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    for kind, size in _SHOTS:
        path = (demo.out / f"{kind}-{size}.png").resolve()
        path.unlink(missing_ok=True)
        command = [sys.executable, "-m", kind, "--url", demo.url, "--size", size]
        command += ["--grab", str(path)]
        with (demo.out / f"{kind}-grab.log").open("wb") as log:
            done = subprocess.run(command, env=environment, stderr=log, check=False)
        if done.returncode == 0 and path.is_file():
            shots.append(path)
    return shots


def summarise(
    site: SiteConfig, demo: Demo, shots: list[Path], truth: dict[str, Any]
) -> dict[str, Any]:
    """What was seen, beside what the simulator knows; everything in it is simulated."""
    with EdgeClient(demo.url) as client:
        counts, health, live = client.counts(), client.health(), client.live()
        tags = client.tags().tags
    return {
        "simulated": True,
        "site": site.site.name,
        "people": health.visitors,
        "people_in_view": len(live.people),
        "entered": counts.today.entered,
        "left": counts.today.left,
        "truth": truth,
        "tags": {
            "on_the_rails": _GARMENTS,
            "in_view": len(tags),
            "moving": sum(tag.moving is not None and tag.moving > _MOVES for tag in tags),
            "reads_per_s": sum(reader.reads_per_s for reader in health.readers),
        },
        "latency_ms_p95": health.latency_ms_p95,
        "fps": {camera.id: camera.processed_fps for camera in health.cameras},
        "dropped": {camera.id: camera.dropped for camera in health.cameras},
        "memory_mb": {worker.name: worker.memory_mb for worker in health.workers},
        "screens_rendered": {path.name.split("-")[0] for path in shots} == {"kiosk", "mirror"},
        "screenshots": [path.name for path in shots],
    }


@contextmanager
def program(command: list[str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run a program until the block ends; its output goes to the log."""
    with log.open("wb") as sink:
        # A group of its own: Ctrl-C reaches the demo only, which then ends its parts in order.
        process = subprocess.Popen(command, stdout=sink, stderr=sink, start_new_session=True)
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(_STOP_S)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def free_port() -> int:
    """A loopback port nobody listens on at this moment.

    Raises:
        PromenadeError: there is none.
    """
    try:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port: int = probe.getsockname()[1]
            return port
    except OSError as error:
        raise PromenadeError(
            f"No free port on 127.0.0.1: {error.strerror}.", "End programs that hold many ports."
        ) from None
