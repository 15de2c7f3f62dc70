"""The health board, read into the API's health view."""

import threading
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Final, Literal

import psutil

from edge_core import __version__
from edge_core.config import CameraConfig, ReaderConfig, SiteConfig
from edge_core.runtime.board import HealthBoard, HealthRow, WorkerState
from edge_core.sensing.reconnect import CameraState
from edge_core.sensing.rfid.worker import RFID_WORKER, reader_row
from edge_core.sensing.view import View
from edge_core.service.health_reasons import (
    camera_reasons,
    hub_reasons,
    ledger_reasons,
    storage_reasons,
    update_reasons,
    worker_reasons,
)
from edge_core.service.rows import (
    MODELS,
    VISION,
    capture_row,
    loaded_kinds,
    vision_row,
    vision_workers,
)
from edge_core.service.schema import (
    CameraHealth,
    HealthView,
    HubHealth,
    LedgerHealth,
    PrivacyHealth,
    ReaderHealth,
    StorageHealth,
    UpdatesHealth,
    WorkerView,
)
from edge_core.units import NS_PER_MS, NS_PER_S, s_from_ns

WorkerStateName = Literal["starting", "running", "restarting", "failed", "stopped"]
ReaderStateName = Literal["connecting", "streaming", "lost"]
CameraStateName = Literal["connecting", "streaming", "stalled", "lost", "ended", "refused"]

_WORKER_STATES: Final[dict[WorkerState, WorkerStateName]] = {
    WorkerState.STARTING: "starting",
    WorkerState.RUNNING: "running",
    WorkerState.RESTARTING: "restarting",
    WorkerState.FAILED: "failed",
    WorkerState.STOPPED: "stopped",
}
_CAMERA_STATES: Final[dict[CameraState, CameraStateName]] = {
    CameraState.CONNECTING: "connecting",
    CameraState.STREAMING: "streaming",
    CameraState.STALLED: "stalled",
    CameraState.LOST: "lost",
    CameraState.ENDED: "ended",
    CameraState.REFUSED: "refused",
}
_READER_STATES: Final[dict[CameraState, ReaderStateName]] = {
    CameraState.CONNECTING: "connecting",
    CameraState.STREAMING: "streaming",
    CameraState.LOST: "lost",
}
ViewName = Literal["learning", "well", "moved", "blocked", "blurred", "dark"]
_VIEWS: Final[dict[View, ViewName]] = {
    View.LEARNING: "learning",
    View.WELL: "well",
    View.MOVED: "moved",
    View.BLOCKED: "blocked",
    View.BLURRED: "blurred",
    View.DARK: "dark",
}
_BLIND: Final = ("stalled", "lost", "refused")
_BYTES_PER_MB: Final = 1_000_000
_SAMPLES: Final = 8
_SAMPLE_NS: Final = 500 * NS_PER_MS
_KEEPS_UP: Final = 0.5
_BEHIND_NS: Final = 60 * NS_PER_S


def health_view(
    site: SiteConfig,
    board: HealthBoard,
    *,
    now_mono_ns: int,
    started_mono_ns: int,
    latency_ms_p95: float | None,
    visitors: int,
    ledger: LedgerHealth,
    rates: "Rates",
    tags: Mapping[str, int] | None = None,
    hub: HubHealth | None = None,
    updates: UpdatesHealth | None = None,
    storage: StorageHealth | None = None,
    open_now: bool = True,
) -> HealthView:
    """How every worker, camera, reader and the ledger are at this moment.

    `down` when no camera gives pictures: then nothing can be counted.

    Args:
        site: the site's settings.
        board: every worker's row.
        now_mono_ns: the moment.
        started_mono_ns: start of the service.
        latency_ms_p95: from a frame's reception to the screens.
        visitors: distinct people so far.
        ledger: how the ledger is.
        rates: remembers the counters between calls.
        tags: how many are in view, by reader.
        hub: how it stands with the hub, for a site that has one.
        updates: how it stands with new versions, for a site that has a channel.
        storage: how much room there is.
        open_now: whether the site is open: a dark picture is no news at night.
    """
    rates.look(board, now_mono_ns)
    names = [capture_row(it.id) for it in site.cameras]
    names += [*vision_workers(site), RFID_WORKER, "core"]
    workers = [_worker(board.row(name), now_mono_ns) for name in names if name in board.names()]
    uptime_s = s_from_ns(now_mono_ns - started_mono_ns)
    cameras = [_camera(camera, board, now_mono_ns, rates) for camera in site.cameras]
    counted = tags or {}
    readers = [_reader(it, board, rates, counted.get(it.id, 0)) for it in site.readers]
    reasons = [
        *worker_reasons(workers),
        *camera_reasons(cameras, open_now=open_now),
        *(f"reader {it.id} is {it.state}" for it in readers if it.state != "streaming"),
        *ledger_reasons(ledger),
        *storage_reasons(storage),
        *hub_reasons(hub),
        *update_reasons(updates),
    ]
    policy = site.privacy
    privacy = PrivacyHealth(
        pack=policy.pack,
        off=list(policy.off),
        models=list(loaded_kinds(board.row(VISION).get(MODELS))),
    )
    blind = all(camera.state in _BLIND for camera in cameras)
    return HealthView(
        privacy=privacy,
        status="down" if blind else "degraded" if reasons else "ok",
        reasons=reasons,
        version=__version__,
        uptime_s=round(uptime_s, 1),
        latency_ms_p95=latency_ms_p95,
        visitors=visitors,
        workers=workers,
        cameras=cameras,
        readers=readers,
        ledger=ledger,
        storage=storage,
        hub=hub,
        updates=updates,
    )


def _worker(row: HealthRow, now_mono_ns: int) -> WorkerView:
    return WorkerView(
        name=row.name,
        pid=row.pid,
        state=_WORKER_STATES[row.state],
        restarts=row.restarts,
        last_reason=row.reason,
        heartbeat_age_s=_age_s(row.heartbeat_ns, now_mono_ns) or 0.0,
        memory_mb=memory_mb(row.pid),
    )


def _age_s(then_mono_ns: int, now_mono_ns: int) -> float | None:
    """Seconds since an instant; None when it has not come yet."""
    return round(s_from_ns(max(0, now_mono_ns - then_mono_ns)), 3) if then_mono_ns else None


def memory_mb(pid: int) -> float:
    """Resident memory of a process in MB, shared pages included; 0 when it is gone."""
    try:
        return round(float(psutil.Process(pid).memory_info().rss) / _BYTES_PER_MB, 1)
    except (psutil.Error, ValueError):
        return 0.0


def _camera(
    camera: CameraConfig, board: HealthBoard, now_mono_ns: int, rates: "Rates"
) -> CameraHealth:
    camera_id = camera.id
    capture, vision = board.row(capture_row(camera_id)), board.row(vision_row(camera_id))
    width, height = capture.get("width"), capture.get("height")
    return CameraHealth(
        id=camera_id,
        state=_CAMERA_STATES[CameraState(capture.get("camera_state"))],
        detail=capture.note,
        view=_VIEWS[View(capture.get("view"))],
        size_px=(width, height) if width else None,
        received_fps=rates.per_second(camera_id, "received"),
        processed_fps=rates.per_second(camera_id, "processed"),
        behind=rates.behind(camera_id, camera.fps, now_mono_ns),
        skipped=capture.get("skipped"),
        dropped=vision.get("dropped") + vision.get("torn"),
        reconnects=capture.get("reconnects"),
        frame_age_s=_age_s(capture.get("last_frame_mono_ns"), now_mono_ns),
    )


def _reader(reader: ReaderConfig, board: HealthBoard, rates: "Rates", tags: int) -> ReaderHealth:
    row = board.row(reader_row(reader.id))
    antennas = row.get("antennas")
    return ReaderHealth(
        id=reader.id,
        state=_READER_STATES[CameraState(row.get("reader_state"))],
        detail=row.note,
        antennas=antennas if antennas >= 0 else None,
        antennas_configured=len(reader.antennas),
        reads_per_s=rates.per_second(reader.id, "reads"),
        tags=tags,
        reconnects=row.get("reconnects"),
        malformed=row.get("malformed"),
        dropped=row.get("dropped"),
    )


class Rates:
    """Frames and reads per second over the last seconds, from the board's counters.

    Args:
        camera_ids: the site's cameras.
        reader_ids: the site's readers.
    """

    def __init__(self, camera_ids: Sequence[str], reader_ids: Sequence[str] = ()) -> None:
        self._camera_ids = tuple(camera_ids)
        self._reader_ids = tuple(reader_ids)
        self._samples: deque[tuple[int, dict[tuple[str, str], int]]] = deque(maxlen=_SAMPLES)
        self._behind_since_ns: dict[str, int] = {}
        self._turn = threading.Lock()

    def look(self, board: HealthBoard, now_mono_ns: int) -> None:
        """Note the counters; more often than twice a second is passed over."""
        with self._turn:
            if self._samples and now_mono_ns - self._samples[-1][0] < _SAMPLE_NS:
                return
            counters = {}
            for camera_id in self._camera_ids:
                counters[camera_id, "received"] = board.row(capture_row(camera_id)).get("received")
                counters[camera_id, "processed"] = board.row(vision_row(camera_id)).get("processed")
            for reader_id in self._reader_ids:
                counters[reader_id, "reads"] = board.row(reader_row(reader_id)).get("reads")
            self._samples.append((now_mono_ns, counters))

    def per_second(self, source_id: str, counter: str) -> float:
        """Mean rate between the oldest and the newest note; 0 before there are two."""
        with self._turn:
            if len(self._samples) < 2:
                return 0.0
            (first_ns, first), (last_ns, last) = self._samples[0], self._samples[-1]
        gained = last[source_id, counter] - first[source_id, counter]
        return round(max(0, gained) / s_from_ns(last_ns - first_ns), 2)

    def behind(self, camera_id: str, asked_fps: float, now_mono_ns: int) -> bool:
        """Whether a camera has for a minute been looked at less than half as often as it could be.

        Args:
            camera_id: which.
            asked_fps: frames to look at a second, as configured; it may send fewer.
            now_mono_ns: the moment; asked for seldom, it notices later.
        """
        could_be = min(asked_fps, self.per_second(camera_id, "received"))
        if self.per_second(camera_id, "processed") >= _KEEPS_UP * could_be:
            self._behind_since_ns.pop(camera_id, None)
            return False
        since_ns = self._behind_since_ns.setdefault(camera_id, now_mono_ns)
        return now_mono_ns - since_ns >= _BEHIND_NS
