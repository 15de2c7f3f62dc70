"""Cameras, readers, processes and the ledger as rows of HTML."""

from collections.abc import Sequence
from datetime import datetime
from html import escape
from typing import Final

from edge_core.dashboard.language import Say
from edge_core.service.health import SKEW_S
from edge_core.service.schema import (
    CameraHealth,
    HealthView,
    HubHealth,
    LedgerHealth,
    ReaderHealth,
    WorkerView,
)

_CAMERA_STATES: Final = {
    "connecting": ("busy", "Connecting"),
    "streaming": ("well", ""),
    "stalled": ("bad", "No pictures"),
    "lost": ("bad", "Lost, trying again"),
    "ended": ("", "The recording has ended"),
    "refused": ("bad", "Refused"),
}
_READER_STATES: Final = {
    "connecting": ("busy", "Connecting"),
    "streaming": ("well", ""),
    "lost": ("bad", "Lost, trying again"),
}
_WORKER_STATES: Final = {
    "starting": ("busy", "Starting"),
    "running": ("well", ""),
    "restarting": ("busy", "Being restarted"),
    "failed": ("bad", "Could not be kept alive"),
    "stopped": ("", "Stopped"),
}
_HUB_STATES: Final = {
    "starting": ("busy", ("Starting", "正在启动")),
    "well": ("well", ("Connected", "已连接")),
    "waiting": ("busy", ("Out of reach, trying again", "无法连接，正在重试")),
    "refused": ("bad", ("Key refused", "密钥被拒绝")),
}
_STATUSES: Final = {
    "ok": ("well", "All well"),
    "degraded": ("busy", "Needs a look"),
    "down": ("bad", "Down"),
}


def cameras_html(cameras: Sequence[CameraHealth], names: dict[str, str]) -> str:
    """One row a camera: state, frames a second looked at of those received, losses."""
    if not cameras:
        return '<div class="pr-none">No camera is set up.</div>'
    return "".join(_camera(camera, names.get(camera.id, camera.id)) for camera in cameras)


def readers_html(readers: Sequence[ReaderHealth]) -> str:
    """One row a reader: state, tags in view, reads a second, and what is wrong."""
    return "".join(_reader(reader) for reader in readers)


def workers_html(workers: Sequence[WorkerView], ledger: LedgerHealth | None) -> str:
    """One row a process, and one for the ledger."""
    rows = [_worker(worker) for worker in workers]
    if ledger is not None:
        figure = f"<b>{ledger.events:,}</b> events"
        told = f"{ledger.size_mb:.1f} MB on disk"
        if not ledger.ok:
            told = "Damaged: restore the newest backup"
        rows.append(_row("well" if ledger.ok else "bad", "Ledger", figure, told))
    return "".join(rows) or '<div class="pr-none">No process has reported yet.</div>'


def hub_html(hub: HubHealth, now: datetime, say: Say) -> str:
    """How it stands with the hub, what waits for it, and what it told."""
    dot, words = _HUB_STATES[hub.state]
    figure = f"<b>{hub.waiting:,}</b> {say('waiting', '待上传')}" if hub.waiting else say(*words)
    told = [escape(hub.url)]
    if hub.last_at is not None:
        heard = _age(max(0.0, (now - hub.last_at).total_seconds()))
        told.append(say(f"answered {heard} ago", f"{heard} 前有应答"))
    if hub.told:
        told.append(escape(hub.told))
    rows = [_row(dot, say("Hub", "集团服务器"), figure, " · ".join(told))]
    own = say("this site's own files", "本站点自有文件")
    content = f"{say('version', '版本')} <b>{hub.revision}</b>" if hub.revision else own
    refused = escape(hub.content_refused)
    name = say("Stores, coupons, products", "店铺、优惠券与商品")
    rows.append(_row("busy" if refused else "well", name, content, refused))
    sent = say("since the service started", "自服务启动以来")
    if hub.refused:
        sent = say(f"{hub.refused:,} refused by the hub", f"{hub.refused:,} 条被拒绝")
    rows.append(
        _row("bad" if hub.refused else "well", say("Facts sent", "已上传记录"),
             f"<b>{hub.sent:,}</b>", sent)
    )  # fmt: skip
    if hub.clock_ahead_s is not None:
        far = abs(hub.clock_ahead_s) > SKEW_S
        name = say("Clock against the hub's", "与集团服务器的时钟差")
        rows.append(_row("busy" if far else "well", name, f"<b>{hub.clock_ahead_s:+.1f}</b> s", ""))
    return "".join(rows)


def status_html(health: HealthView) -> str:
    """The pill in the page's head."""
    dot, words = _STATUSES[health.status]
    latency = (
        ""
        if health.latency_ms_p95 is None
        else (f'<span class="latency">{health.latency_ms_p95:.0f} ms</span>')
    )
    return f'<span class="dot {dot}"></span><b>{words}</b>{latency}'


def reasons_html(health: HealthView) -> str:
    """What is wrong, in words; empty when all is well."""
    if not health.reasons:
        return ""
    told = "".join(f"<p>{escape(reason)}</p>" for reason in health.reasons)
    return f'<div class="pr-card pr-reasons" role="status">{told}</div>'


def _camera(camera: CameraHealth, name: str) -> str:
    dot, words = _CAMERA_STATES[camera.state]
    figure = f"<b>{camera.processed_fps:.1f}</b> of {camera.received_fps:.0f} fps"
    if camera.state != "streaming":
        figure = escape(words)
    told = []
    if camera.state != "streaming" and camera.detail:
        told.append(escape(camera.detail))
    if camera.state != "streaming" and camera.frame_age_s is not None:
        told.append(f"last picture {_age(camera.frame_age_s)} ago")
    if camera.dropped:
        told.append(f"{camera.dropped:,} frames lost")
    if camera.reconnects:
        told.append(f"reconnected {_times(camera.reconnects)}")
    return _row(dot, name, figure, ", ".join(told))


def _reader(reader: ReaderHealth) -> str:
    dot, words = _READER_STATES[reader.state]
    figure = f"<b>{reader.tags:,}</b> tags &middot; {reader.reads_per_s:.0f} reads/s"
    if reader.state != "streaming":
        figure = escape(words)
    told = []
    if reader.state != "streaming" and reader.detail:
        told.append(escape(reader.detail))
    if reader.antennas is not None and reader.antennas < reader.antennas_configured:
        told.append(f"{reader.antennas} of {reader.antennas_configured} antennas plugged in")
        dot = "busy" if dot == "well" else dot
    if reader.dropped:
        told.append(f"{reader.dropped:,} reads lost")
    if reader.reconnects:
        told.append(f"reconnected {_times(reader.reconnects)}")
    return _row(dot, reader.id, figure, ", ".join(told))


def _worker(worker: WorkerView) -> str:
    dot, words = _WORKER_STATES[worker.state]
    figure = escape(words) or f"<b>{worker.memory_mb:.0f}</b> MB"
    told = ""
    if worker.restarts:
        told = f"restarted {_times(worker.restarts)}"
        told += f": {escape(worker.last_reason)}" if worker.last_reason else ""
    return _row(dot, worker.name, figure, told)


def _row(dot: str, name: str, figure: str, told: str) -> str:
    """`name` is escaped here; `figure` and `told` are HTML."""
    words = f'<span class="told">{told}</span>' if told else ""
    return (
        f'<div class="pr-row {"bad" if dot == "bad" else ""}"><span class="dot {dot}"></span>'
        f'<span class="name">{escape(name)}</span><span class="figure">{figure}</span>{words}</div>'
    )


def _age(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.0f} h"


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"
