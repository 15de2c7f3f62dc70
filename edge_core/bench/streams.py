"""Many 720p cameras over RTSP through the whole service, and where it ends.

Cameras are clips of the simulated mall (and of a real concourse, where the data is) served over
RTSP on loopback by GStreamer; see `stream_clips`. Everything runs on the machine itself, the
servers of the streams too. A stream keeps its rate when it is looked at 95 times of 100. Latency is
from a frame's decoding until a screen has parsed the message that tells of it. The peer is
`stream_peer`, in the same run on the same streams. About a quarter of an hour.
"""

import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import fmean
from typing import Final

import psutil

from edge_core.bench import Figure, percentile
from edge_core.bench.end_to_end import running_service
from edge_core.bench.stream_clips import (
    FPS,
    SIZE_PX,
    film,
    mall,
    real_clip,
    repeated,
    smaller,
)
from edge_core.bench.stream_costs import Costs, stage_costs
from edge_core.bench.stream_peer import PeerRun, run_peer
from edge_core.config import SiteConfig
from edge_core.errors import ServiceUnavailableError
from edge_core.service.client import EdgeClient
from edge_core.service.demo import free_port
from edge_core.service.rows import VISION, is_vision
from edge_core.service.schema import HealthView, LiveView
from edge_core.simulator.rtsp import RtspServer
from edge_core.simulator.siteout import site_with_sources, write_site

WARM_UP_S: Final = 10.0
MEASURE_S: Final = 20.0
KEPT: Final = 0.95
"""Of its rate."""
_LOOK_S: Final = 4.0
"""As long as the health page looks back for its rates."""
_START_S: Final = 90.0
_YOLOX: Final = "teachers/yolox_nano_416x416.onnx"


@dataclass(frozen=True, slots=True)
class Load:
    """What the service is given.

    Attributes:
        streams: cameras.
        fps: frames of each to look at a second.
        clip: which clips they send: `mall`, `sub` (its 360p streams) or `mixed` (one in four real).
        side_px: long side of the detector's input.
    """

    streams: int
    fps: int
    clip: str = "mall"
    side_px: int = 416

    def __str__(self) -> str:
        told = {"mall": "720p", "sub": "360p sub-stream", "mixed": "720p, one in four real"}
        return f"{self.streams} x {told[self.clip]} at {self.fps} frames/s, detector {self.side_px}"


LOADS: Final = (
    *(Load(count, 5) for count in (1, 4, 8, 12, 16, 24)),
    Load(16, 5, side_px=320),
    Load(12, 10),
    Load(12, 10, side_px=320),
    Load(16, 5, "sub"),
    Load(16, 5, "sub", side_px=320),
)


@dataclass(slots=True)
class Run:
    """What came of a load.

    Attributes:
        rates: frames looked at a second, by camera.
        received: frames decoded a second, all cameras together.
        skipped: frames a second that were never converted because vision was busy, all together.
        dropped: converted ones that vision did not come to look at, all together.
        latency_ms: of every message to a screen.
        busy: share of one core, by what works: `decode`, `vision`, `core`, `service`, `rtsp`.
        memory_mb: of this process only (USS), by the same.
    """

    rates: dict[str, float]
    received: float
    skipped: float
    dropped: float
    latency_ms: list[float]
    busy: dict[str, float] = field(default_factory=dict)
    memory_mb: dict[str, float] = field(default_factory=dict)

    @property
    def looked_at(self) -> float:
        """Frames looked at a second, all cameras together."""
        return sum(self.rates.values())


def measure(
    data: Path | None = None,
    note: Callable[[str], None] = lambda _: None,
    *,
    loads: Sequence[Load] = LOADS,
) -> list[Figure]:
    """All figures of this group.

    Args:
        data: folder with `video` and `teachers`; None leaves out what needs them.
        note: told what is left out, and how far it is.
        loads: to put on the service, one after another.

    Raises:
        SourceError: Debian's ffmpeg or GStreamer's RTSP server is not installed.
    """
    with tempfile.TemporaryDirectory(prefix="promenade-streams-") as name:
        folder = Path(name)
        clips = _clips(folder, data, note)
        costs = stage_costs(clips["mall"][0])
        figures = costs.figures()
        if "mixed" in clips:
            loads = [*loads, Load(16, 5, "mixed")]
        for load in loads:
            note(str(load))
            try:
                with served(clips[load.clip]) as (server, urls):
                    run = run_service(load, urls, server.pid, costs.fastest)
            except ServiceUnavailableError as error:  # what was measured before is not lost
                note(f"{load}: {error}")
                kept = f"{load}: streams that keep their rate"
                figures.append(Figure(kept, 0.0, "share", None, None, load.streams))
                continue
            figures += run_figures(load, run)
            if load == Load(8, 5):
                figures += model_figures(costs, run)
        return figures + peer_figures(folder, clips["mall"], data, note)


def _clips(folder: Path, data: Path | None, note: Callable[[str], None]) -> dict[str, list[Path]]:
    note("filming the mall")
    long = partial(repeated, seconds=_START_S + WARM_UP_S + MEASURE_S + 60)
    filmed = list(film(mall(), folder).values())
    clips = {"mall": [long(clip) for clip in filmed], "sub": [long(smaller(it)) for it in filmed]}
    real = real_clip(data, folder) if data else None
    if real is None:
        note("left out: real streams; give --data the folder that holds `video`")
    else:
        clips["mixed"] = [*clips["mall"][:3], long(real)]
    return clips


@contextmanager
def served(clips: Sequence[Path]) -> Iterator[tuple[RtspServer, list[str]]]:
    """The clips as cameras, and their addresses."""
    with RtspServer(free_port()) as server:
        files = {f"/{index}": clip for index, clip in enumerate(clips)}
        server.serve(files)
        yield server, [server.url(mount) for mount in files]


def site_of(load: Load, urls: Sequence[str], port: int, detector: str) -> SiteConfig:
    """A site like the mall with so many cameras, each with its lines; the clips go round."""
    site = mall().site
    likes = [site.cameras[index % len(site.cameras)] for index in range(load.streams)]
    cameras = tuple(
        like.model_copy(
            update={
                "id": f"{like.id}-{index + 1}",
                "source": urls[index % len(urls)],
                "fps": float(load.fps),
                "max_resolution_px": SIZE_PX,
            }
        )
        for index, like in enumerate(likes)
    )
    lines = tuple(
        line.model_copy(update={"id": f"{line.id}-{index + 1}", "camera": cameras[index].id})
        for index, like in enumerate(likes)
        for line in site.lines
        if line.camera == like.id
    )
    service = site.service.model_copy(update={"port": port, "directory": None, "offers": None})
    models = site.models.model_copy(update={"detector": detector, "detector_size_px": load.side_px})
    changed = {"cameras": cameras, "lines": lines, "service": service, "models": models}
    return site.model_copy(update=changed)


def run_service(load: Load, urls: Sequence[str], server_pid: int, detector: str) -> Run:
    """Start the service with this load, let it warm up and watch it."""
    with tempfile.TemporaryDirectory(prefix="promenade-streams-") as name:
        return _run_service(Path(name), load, urls, server_pid, detector)


def _run_service(
    folder: Path, load: Load, urls: Sequence[str], server_pid: int, detector: str
) -> Run:
    port = free_port()
    site = site_of(load, urls, port, detector)
    write_site(folder / "site.toml", site_with_sources(site, {}))
    with running_service(folder) as service, EdgeClient(f"http://127.0.0.1:{port}") as client:
        _wait_for_frames(client, service)
        health = client.health()
        works = _works(health, service.pid, server_pid)
        before = {name: _processor_s(pids) for name, pids in works.items()}
        began = time.monotonic()
        run = _watch(client)
        seconds = time.monotonic() - began
        run.busy = {
            name: (_processor_s(pids) - before[name]) / seconds for name, pids in works.items()
        }
        run.memory_mb = {name: _memory_mb(pids) for name, pids in works.items()}
        return run


def _wait_for_frames(client: EdgeClient, service: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + _START_S
    while time.monotonic() < deadline and service.poll() is None:
        try:
            cameras = client.health().cameras
            # Beyond what the machine can do, not every camera has its turn within a look.
            if all(it.received_fps > 0 for it in cameras) and any(
                it.processed_fps for it in cameras
            ):
                time.sleep(WARM_UP_S)
                return
        except ServiceUnavailableError:
            pass
        time.sleep(0.5)
    raise ServiceUnavailableError("The service under test did not start.", "Run it by hand.")


def _watch(client: EdgeClient) -> Run:
    """Follow the stream as a screen does, and look at the health page now and then."""
    looks: list[HealthView] = []
    latency_ms: list[float] = []
    first = client.health()
    due = time.monotonic() + _LOOK_S
    for message in client.stream():
        if isinstance(message.view, LiveView):
            on_the_way_ms = (datetime.now(UTC) - message.view.at).total_seconds() * 1000
            latency_ms.append(message.view.latency_ms + on_the_way_ms)
        if time.monotonic() >= due:
            looks.append(client.health())
            due += _LOOK_S
        if len(looks) * _LOOK_S >= MEASURE_S:
            break
    by_camera = list(zip(*(look.cameras for look in looks), strict=True))
    seconds = len(looks) * _LOOK_S
    both = list(zip(first.cameras, looks[-1].cameras, strict=True))
    return Run(
        {states[0].id: fmean(it.processed_fps for it in states) for states in by_camera},
        sum(fmean(it.received_fps for it in states) for states in by_camera),
        sum(last.skipped - start.skipped for start, last in both) / seconds,
        sum(last.dropped - start.dropped for start, last in both) / seconds,
        latency_ms,
    )


def _works(health: HealthView, service_pid: int, server_pid: int) -> dict[str, list[int]]:
    pids: dict[str, list[int]] = {"service": [service_pid], "rtsp": [server_pid]}
    for worker in health.workers:
        name = "decode" if worker.name.startswith("capture:") else worker.name
        name = VISION if is_vision(name) else name
        pids.setdefault(name, []).append(worker.pid)
    return pids


def _processor_s(pids: Sequence[int]) -> float:
    return sum(sum(psutil.Process(pid).cpu_times()[:2]) for pid in pids)


def _memory_mb(pids: Sequence[int]) -> float:
    return sum(psutil.Process(pid).memory_full_info().uss for pid in pids) / 1e6


def run_figures(load: Load, run: Run) -> list[Figure]:
    """What came of a load, as figures."""
    rates, count = list(run.rates.values()), len(run.latency_ms)
    kept = sum(rate >= KEPT * load.fps for rate in rates) / len(rates)
    figures = [
        Figure(f"{load}: looked at, mean", fmean(rates), "frames/s", None, None, len(rates)),
        Figure(f"{load}: looked at, slowest", min(rates), "frames/s", None, None, len(rates)),
        Figure(f"{load}: streams that keep their rate", kept, "share", None, None, len(rates)),
        Figure(f"{load}: decoded", run.received / len(rates), "frames/s", None, None, len(rates)),
        Figure(f"{load}: skipped, vision busy", run.skipped, "frames/s", None, None, len(rates)),
        Figure(f"{load}: dropped unseen", run.dropped, "frames/s", None, None, len(rates)),
        Figure(f"{load}: latency, p95", percentile(run.latency_ms, 95), "ms", None, None, count),
    ]
    figures += [
        Figure(f"{load}: {name}", 100 * share, "% of a core", None, None, 1)
        for name, share in run.busy.items()
    ]
    memory_mb = sum(mb for name, mb in run.memory_mb.items() if name != "rtsp")
    return [*figures, Figure(f"{load}: memory", memory_mb, "MB", None, None, 1)]


def model_figures(costs: Costs, run: Run) -> list[Figure]:
    """Milliseconds a frame in the running service, and how many streams that allows."""
    decoded = 1e3 * run.busy["decode"] / run.received
    seen = 1e3 * (run.busy[VISION] + run.busy["core"]) / run.looked_at
    figures = [
        Figure("cost: decoding process, a frame received", decoded, "ms", None, None, 1),
        Figure("cost: vision and core, a frame looked at", seen, "ms", None, None, 1),
    ]
    cores_ms = 1e3 * (psutil.cpu_count() or 1)
    limit = cores_ms / (FPS * costs.decode_ms)
    name = "limit: streams when all cores only decode, computed"
    figures.append(Figure(name, limit, "streams", None, None, 1))
    for fps in (5, 10):
        most = cores_ms / (FPS * decoded + fps * seen)
        told = f"streams at {fps} frames/s that fill all cores, computed"
        figures.append(Figure(told, most, "streams", name, most / limit, 1))
    return figures


def peer_figures(
    folder: Path, clips: Sequence[Path], data: Path | None, note: Callable[[str], None]
) -> list[Figure]:
    """The peer with YOLOX-nano and with YOLOv3's size, on sixteen streams at 5 frames a second."""
    load, figures = Load(16, 5), []
    for name, (path, input_name) in _networks(folder, data, note).items():
        note(f"peer, {name}")
        with served(clips) as (_, urls):
            cameras = [urls[index % len(urls)] for index in range(load.streams)]
            every = FPS // load.fps
            run = run_peer(
                cameras, every, path, input_name, warm_up_s=3 * WARM_UP_S, seconds=MEASURE_S
            )
        figures += _peer_run_figures(f"{load}: peer, {name}", run, every)
    return figures


def _networks(
    folder: Path, data: Path | None, note: Callable[[str], None]
) -> Mapping[str, tuple[Path, str]]:
    found = {}
    if data is not None and (data / _YOLOX).is_file():
        found["YOLOX-nano"] = (data / _YOLOX, "images")
    else:
        note("left out: the peer with YOLOX-nano; give --data the folder that holds `teachers`")
    try:
        import onnx

        from edge_core.bench.baselines import BASELINES, INPUT, Graph
    except ImportError:
        note("left out: the peer of YOLOv3's size; needs `pip install promenade[bench]`")
        return found
    graph, path = Graph(416), folder / "yolov3.onnx"
    onnx.save(graph.model(BASELINES["YOLOv3"](graph)), path)
    return found | {"YOLOv3's size": (path, INPUT)}


def _peer_run_figures(name: str, run: PeerRun, every: int) -> list[Figure]:
    rates = [count / run.seconds for count in run.frames]
    busy = 100 * run.processor_s / run.seconds
    per_frame = 1e3 * run.processor_s / max(1, sum(run.frames))
    decoded = every * fmean(rates)
    behind_s = 60 * max(0.0, 1 - decoded / FPS)
    figures = [
        Figure(f"{name}: looked at, mean", fmean(rates), "frames/s", None, None, len(rates)),
        Figure(f"{name}: looked at, slowest", min(rates), "frames/s", None, None, len(rates)),
        # Its readers wait for their pipes, so what they do not decode is how far it falls behind.
        Figure(f"{name}: decoded", decoded, "frames/s", None, None, len(rates)),
        Figure(f"{name}: behind after a minute, computed", behind_s, "s", None, None, 1),
        Figure(f"{name}: all its processes", busy, "% of a core", None, None, 1),
        Figure(f"{name}: processor time a frame looked at", per_frame, "ms", None, None, 1),
    ]
    if len(run.latency_ms) > 1:
        p95 = percentile(run.latency_ms, 95)
        count = len(run.latency_ms)
        figures.append(Figure(f"{name}: latency, p95", p95, "ms", None, None, count))
    return figures
