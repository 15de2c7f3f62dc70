"""`promenade demo`: a simulated place, the edge service and both screens, as separate programs.

The simulator films its shoppers and reads the tags of what they handle: one world, one truth.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any, Final

import httpx
import tomli_w
from rich.console import Console

from edge_core.config import SiteConfig, load_site
from edge_core.errors import ConfigError, Problem, PromenadeError, ServiceUnavailableError
from edge_core.programs import Program, command_of
from edge_core.service.check import read_products
from edge_core.service.client import EdgeClient
from edge_core.service.demo_items import ShopWatch
from edge_core.simulator import MallProcess

MALLS_FOLDER: Final = Path(__file__).resolve().parents[2] / "assets" / "malls"
_START_S: Final = 40.0
_STOP_S: Final = 8.0
_POLL_S: Final = 0.25
_HEADLESS_S: Final = 60.0
_SHOOTING_S: Final = 20.0
_SETTLE_S: Final = 12.0
"""Readers and cameras have found everything by then."""
_WINDOWS: Final[tuple[tuple[Program, str], ...]] = (("kiosk", "40,40"), ("mirror", "620,40"))
_SHOTS: Final[tuple[tuple[Program, str], ...]] = (
    ("mirror", "1080x1920"),
    ("mirror", "1920x1080"),
    ("kiosk", "1080x1920"),
    ("kiosk", "1920x1080"),
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
        0 if people were counted, items recognised and both screens rendered, else 1. A place
        without readers has no items.

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
        site = on_free_port(path)
        url = f"http://{site.service.host}:{site.service.port}"
        command = [*command_of("edge_core"), "edge", "--site", str(path)]
        edge = stack.enter_context(program(command, out / "edge.log"))
        demo = Demo(out, console, headless, url, edge)
        for number in (signal.SIGINT, signal.SIGTERM):
            stack.callback(signal.signal, number, signal.signal(number, demo.stop))
        wait_until_watching(demo, site)
        console.print(f"Operator page: [bold]{url}/[/bold]   API: {url}/openapi.json")
        watch = None
        if site.readers:
            products = read_products(site, site_folder)
            watch = stack.enter_context(ShopWatch(mall.base_url, url, products))
        shots = show(demo, stack, seconds, watch)
        summary = summarise(site, demo, shots, truth_now(mall.base_url, site))
        if watch is not None:
            summary["items"] = watch.summary()
    (out / "summary.json").write_text(json.dumps(summary, indent=2) + "\n", encoding="utf-8")
    console.print_json(data=summary)
    return 0 if is_success(summary) else 1


def is_success(summary: dict[str, Any]) -> bool:
    """Whether people were counted, both screens rendered, and, with readers, items recognised."""
    items = summary["items"]
    recognised = items is None or items["recognised"] > 0
    return summary["people"] > 0 and summary["screens_rendered"] and recognised


def on_free_port(path: Path) -> SiteConfig:
    """Move a site's API to a free port, in its file too."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    data.setdefault("service", {})["port"] = free_port()
    path.write_text(tomli_w.dumps(data), encoding="utf-8")
    return load_site(path)


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


def show(
    demo: Demo, stack: ExitStack, seconds: float | None, watch: ShopWatch | None = None
) -> list[Path]:
    """Open windows or take pictures, for as long as wanted; returns the pictures."""
    if not demo.headless:
        for kind, position in _WINDOWS:
            command = [*command_of(kind), "--url", demo.url, "--size", "540x960"]
            command += [f"--position={position}"]
            demo.windows.append(stack.enter_context(program(command, demo.out / f"{kind}.log")))
        demo.console.print("Close both windows, or press Ctrl-C, to end.")
        demo.wait(seconds if seconds is not None else float("inf"))
        return take_pictures(demo)
    began = time.monotonic()
    length_s = seconds or _HEADLESS_S
    demo.wait(min(_SETTLE_S, max(0.0, length_s - _SHOOTING_S)))
    # A mirror is worth a picture while somebody holds something before it.
    while watch and not watch.busy_zone and time.monotonic() - began < length_s - _SHOOTING_S:
        demo.wait(_POLL_S)
        if demo.stopping:
            break
    shots = take_pictures(demo, watch)
    demo.wait(max(0.0, length_s - (time.monotonic() - began)))
    return shots


def take_pictures(demo: Demo, watch: ShopWatch | None = None) -> list[Path]:
    """Render both screens upright and across with the live content; returns what was written.

    Args:
        demo: the running parts.
        watch: knows where there are garments for a mirror to show; its own place's when None.
    """
    shots = []
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    for kind, size in _SHOTS:
        path = (demo.out / f"{kind}-{size}.png").resolve()
        path.unlink(missing_ok=True)
        command = [*command_of(kind), "--url", demo.url, "--size", size]
        command += ["--grab", str(path)]
        if kind == "mirror" and watch is not None and watch.busy_zone is not None:
            command += ["--zone", watch.busy_zone]
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
        occupancy = client.occupancy()
    return {
        "simulated": True,
        "site": site.site.name,
        "people": health.visitors,
        "people_in_view": len(live.people),
        "entered": counts.today.entered,
        "left": counts.today.left,
        "inside": occupancy.inside,
        "inside_90": [occupancy.low, occupancy.high],
        "truth": truth,
        "items": None,
        "reads_per_s": {reader.id: reader.reads_per_s for reader in health.readers},
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
