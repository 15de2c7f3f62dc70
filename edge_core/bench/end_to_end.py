"""Four simulated cameras through the whole service: latency to a screen, and memory.

The cameras are recordings of the simulated mall, decoded and paced as live ones are; the
latency is that of the oldest frame each `live` message tells of, from its reception from the
decoder until a client has parsed the message.
"""

import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import psutil

from edge_core.bench import Figure, percentile
from edge_core.config import load_site
from edge_core.errors import ServiceUnavailableError
from edge_core.service.client import EdgeClient
from edge_core.service.demo import free_port, mall_folder
from edge_core.service.schema import HealthView, LiveView
from edge_core.simulator import write_recording
from edge_core.simulator.siteout import site_with_sources

_RECORDING_S: Final = 20.0
_FPS: Final = 10.0
_WARM_UP_S: Final = 6.0
_MEASURE_S: Final = 30.0
_START_S: Final = 40.0


def measure() -> list[Figure]:
    """Latency (p50, p95, p99), frames per second and memory of each process."""
    with tempfile.TemporaryDirectory(prefix="promenade-bench-") as name:
        folder = Path(name)
        write_recording(mall_folder("mall"), folder, _RECORDING_S, fps=_FPS, seed=7)
        port = free_port()
        prepare_site(folder, port)
        with running_service(folder) as service, EdgeClient(f"http://127.0.0.1:{port}") as client:
            wait_for_frames(client)
            latencies_ms = follow(client)
            health = client.health()
            figures = latency_figures(latencies_ms, health)
            return [*figures, *memory_figures(service.pid, health)]


def prepare_site(folder: Path, port: int) -> None:
    """Let the recorded site loop in real time on a free port."""
    path = folder / "site.toml"
    site = load_site(path)
    cameras = tuple(
        camera.model_copy(update={"loop": True, "pace": "real-time", "fps": _FPS})
        for camera in site.cameras
    )
    service = site.service.model_copy(update={"port": port})
    site = site.model_copy(update={"cameras": cameras, "service": service})
    path.write_text(site_with_sources(site, {}), encoding="utf-8")


@contextmanager
def running_service(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The edge service as its own program."""
    command = [sys.executable, "-m", "edge_core", "edge", "--site", str(folder / "site.toml")]
    with (folder / "edge.log").open("wb") as log:
        service = subprocess.Popen(command, stderr=log)
        try:
            yield service
        finally:
            service.send_signal(signal.SIGTERM)
            service.wait()


def wait_for_frames(client: EdgeClient) -> None:
    """Return once every camera has been processed for a while."""
    deadline = time.monotonic() + _START_S
    while time.monotonic() < deadline:
        try:
            if all(camera.processed_fps > 0 for camera in client.health().cameras):
                time.sleep(_WARM_UP_S)
                return
        except ServiceUnavailableError:
            pass
        time.sleep(0.2)
    raise ServiceUnavailableError("The service under test did not start.", "Run it by hand.")


def follow(client: EdgeClient) -> list[float]:
    """Latency in ms of every `live` message of the measuring time."""
    latencies_ms = []
    deadline = time.monotonic() + _MEASURE_S
    for message in client.stream():
        if isinstance(message.view, LiveView):
            # Both clocks are this machine's; the message was made at `at`.
            on_the_way_ms = (datetime.now(UTC) - message.view.at).total_seconds() * 1000
            latencies_ms.append(message.view.latency_ms + on_the_way_ms)
        if time.monotonic() > deadline:
            break
    return latencies_ms


def latency_figures(latencies_ms: list[float], health: HealthView) -> list[Figure]:
    """Percentiles, and whether the cameras kept their rate meanwhile."""
    what = f"camera to server-sent event, {len(health.cameras)} cameras x {_FPS:g} frames/s"
    count = len(latencies_ms)
    figures = [
        _plain(f"{what}, p{percent}", percentile(latencies_ms, percent), "ms", count)
        for percent in (50, 95, 99)
    ]
    slowest = min(camera.processed_fps for camera in health.cameras)
    figures.append(_plain("slowest camera of them", slowest, "frames/s", count))
    return figures


def memory_figures(supervisor_pid: int, health: HealthView) -> list[Figure]:
    """Memory only this process holds (USS), by process."""
    pids = {"supervisor": supervisor_pid} | {it.name: it.pid for it in health.workers}
    return [
        _plain(f"memory of {name}", psutil.Process(pid).memory_full_info().uss / 1e6, "MB", 1)
        for name, pid in pids.items()
    ]


def _plain(name: str, value: float, unit: str, count: int) -> Figure:
    """A figure that is compared with none."""
    return Figure(name, round(value, 1), unit, None, None, count)
