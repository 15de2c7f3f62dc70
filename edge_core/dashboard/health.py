"""Cameras, readers, processes and the ledger as rows of HTML."""

from collections.abc import Sequence
from datetime import datetime
from html import escape
from typing import Final, cast

from edge_core.dashboard.language import Say
from edge_core.dashboard.notices.facts import FUNCTION_NAMES
from edge_core.privacy.packs import PackName, load_pack
from edge_core.service.health_reasons import BEHIND, SKEW_S, VIEW_REASONS
from edge_core.service.schema import (
    CameraHealth,
    HealthView,
    HubHealth,
    LedgerHealth,
    PrivacyHealth,
    ReaderHealth,
    StorageHealth,
    WorkerView,
)

_CAMERA_STATES: Final = {
    "connecting": ("busy", "Connecting", "正在连接"),
    "streaming": ("well", "", ""),
    "stalled": ("bad", "No pictures", "没有画面"),
    "lost": ("bad", "Lost, trying again", "已断开，正在重试"),
    "ended": ("", "The recording has ended", "录像已结束"),
    "refused": ("bad", "Refused", "被拒绝"),
}
_READER_STATES: Final = {
    "connecting": ("busy", "Connecting", "正在连接"),
    "streaming": ("well", "", ""),
    "lost": ("bad", "Lost, trying again", "已断开，正在重试"),
}
_WORKER_STATES: Final = {
    "starting": ("busy", "Starting", "正在启动"),
    "running": ("well", "", ""),
    "restarting": ("busy", "Being restarted", "正在重启"),
    "failed": ("bad", "Could not be kept alive", "无法保持运行"),
    "stopped": ("", "Stopped", "已停止"),
}
_HUB_STATES: Final = {
    "starting": ("busy", ("Starting", "正在启动")),
    "well": ("well", ("Connected", "已连接")),
    "waiting": ("busy", ("Out of reach, trying again", "无法连接，正在重试")),
    "refused": ("bad", ("Key refused", "密钥被拒绝")),
}
_STATUSES: Final = {
    "ok": ("well", "All well", "一切正常"),
    "degraded": ("busy", "Needs a look", "需要查看"),
    "down": ("bad", "Down", "已停机"),
}


def cameras_html(cameras: Sequence[CameraHealth], names: dict[str, str], say: Say) -> str:
    """One row a camera: state, frames a second looked at of those received, losses."""
    if not cameras:
        return f'<div class="pr-none">{say("No camera is set up.", "尚未设置摄像机。")}</div>'
    return "".join(_camera(camera, names.get(camera.id, camera.id), say) for camera in cameras)


def readers_html(readers: Sequence[ReaderHealth], say: Say) -> str:
    """One row a reader: state, tags in view, reads a second, and what is wrong."""
    return "".join(_reader(reader, say) for reader in readers)


def workers_html(
    workers: Sequence[WorkerView], ledger: LedgerHealth | None, now: datetime, say: Say
) -> str:
    """One row a process, and two for the ledger and its backup."""
    rows = [_worker(worker, say) for worker in workers]
    if ledger is not None:
        figure = f"<b>{ledger.events:,}</b> {say('events', '条事件')}"
        told = say(f"{ledger.size_mb:.1f} MB on disk", f"占用磁盘 {ledger.size_mb:.1f} MB")
        if not ledger.ok:
            told = say("Damaged: restart the service to restore it", "已损坏：重启服务即可恢复")
        if ledger.refused:
            told = say(
                f"The disk takes no writes: {ledger.waiting:,} events wait in memory."
                " Free some disk space; then they are kept.",
                f"磁盘无法写入：{ledger.waiting:,} 条事件暂存于内存。"
                "请清理磁盘空间，之后会自动保存。",
            )
        well = ledger.ok and not ledger.refused
        rows.append(_row("well" if well else "bad", say("Ledger", "账本"), figure, told))
        rows.append(_backup(ledger, now, say))
    nothing = say("No process has reported yet.", "尚无进程报告。")
    return "".join(rows) or f'<div class="pr-none">{nothing}</div>'


def _backup(ledger: LedgerHealth, now: datetime, say: Say) -> str:
    """When the ledger was backed up, or why not, and whether it was restored."""
    name = say("Ledger's backup", "账本备份")
    if ledger.backup_at is None:
        figure, dot = say("none yet", "尚无"), "busy"
    else:
        age = _age(max(0.0, (now - ledger.backup_at).total_seconds()), say)
        figure, dot = say(f"{age} ago", f"{age} 前"), "well"
    told = ledger.backup_failed or ledger.restored
    return _row("bad" if ledger.backup_failed else dot, name, figure, escape(told))


def storage_html(storage: StorageHealth, say: Say) -> str:
    """How much of the budget is used, and what went for want of room."""
    share = f"<b>{storage.used_mb:,.0f}</b> / {storage.budget_mb:,.0f} MB"
    told = say(f"{storage.free_mb:,.0f} MB free on the disk", f"磁盘剩余 {storage.free_mb:,.0f} MB")
    if storage.gave_up:
        gone = escape(say(", ", "，").join(storage.gave_up[-3:]))
        told = say(f"Given up for want of room: {gone}", f"因空间不足已删除：{gone}")
    if storage.stuck:
        told = escape(say(storage.stuck, f"空间不足，请清理磁盘或提高预算。{storage.stuck}"))
    dot = "bad" if storage.stuck else "busy" if storage.gave_up else "well"
    return _row(dot, say("Disk", "磁盘"), share, told)


def hub_html(hub: HubHealth, now: datetime, say: Say) -> str:
    """How it stands with the hub, what waits for it, and what it told."""
    dot, words = _HUB_STATES[hub.state]
    figure = f"<b>{hub.waiting:,}</b> {say('waiting', '待上传')}" if hub.waiting else say(*words)
    told = [escape(hub.url)]
    if hub.last_at is not None:
        heard = _age(max(0.0, (now - hub.last_at).total_seconds()), say)
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


def privacy_html(privacy: PrivacyHealth, say: Say) -> str:
    """The policy pack, what it switches off, and the networks that are really loaded."""
    pack = load_pack(cast(PackName, privacy.pack))
    off = {it for it in privacy.off if it in FUNCTION_NAMES}
    names = [say(*told) for function, told in FUNCTION_NAMES.items() if function in off]
    nothing = say("nothing is switched off", "未关闭任何功能")
    rows = [
        _row(
            "well" if names else "",
            escape(say("Policy pack", "策略包")),
            f"<b>{escape(say(pack.title, pack.title_zh))}</b>",
            say("no legal advice", "不构成法律意见"),
        ),
        _row("well" if names else "", say("Off", "已关闭"), f"<b>{len(names)}</b>",
             escape(say("; ", "；").join(names) or nothing)),
        _row("well", say("Networks loaded", "已加载的模型"), f"<b>{len(privacy.models)}</b>",
             escape(", ".join(privacy.models))),
    ]  # fmt: skip
    return "".join(rows)


def status_html(health: HealthView, say: Say) -> str:
    """The pill in the page's head."""
    dot, *words = _STATUSES[health.status]
    latency = (
        ""
        if health.latency_ms_p95 is None
        else (f'<span class="latency">{health.latency_ms_p95:.0f} ms</span>')
    )
    return f'<span class="dot {dot}"></span><b>{say(*words)}</b>{latency}'


def reasons_html(health: HealthView) -> str:
    """What is wrong, in words; empty when all is well."""
    if not health.reasons:
        return ""
    told = "".join(f"<p>{escape(reason)}</p>" for reason in health.reasons)
    return f'<div class="pr-card pr-reasons" role="status">{told}</div>'


def _camera(camera: CameraHealth, name: str, say: Say) -> str:
    dot, *words = _CAMERA_STATES[camera.state]
    processed, received = f"<b>{camera.processed_fps:.1f}</b>", f"{camera.received_fps:.0f}"
    figure = say(f"{processed} of {received} fps", f"{processed} / {received} 帧/秒")
    if camera.state != "streaming":
        figure = escape(say(*words))
    told = []
    if camera.state == "streaming" and camera.view in VIEW_REASONS:
        dot = "bad" if camera.view != "dark" else "busy"
        english, chinese = VIEW_REASONS[camera.view]
        told.append(escape(say(english[:1].upper() + english[1:], chinese)))
    if camera.behind:
        dot = "busy" if dot == "well" else dot
        told.append(escape(say(BEHIND[0][:1].upper() + BEHIND[0][1:], BEHIND[1])))
    if camera.state != "streaming" and camera.detail:
        told.append(escape(camera.detail))
    if camera.state != "streaming" and camera.frame_age_s is not None:
        age = _age(camera.frame_age_s, say)
        told.append(say(f"last picture {age} ago", f"最后画面在 {age}前"))
    if camera.dropped:
        told.append(say(f"{camera.dropped:,} frames lost", f"丢失 {camera.dropped:,} 帧"))
    if camera.reconnects:
        told.append(_reconnected(camera.reconnects, say))
    return _row(dot, name, figure, say(", ", "，").join(told))


def _reader(reader: ReaderHealth, say: Say) -> str:
    dot, *words = _READER_STATES[reader.state]
    tags, reads = f"<b>{reader.tags:,}</b>", f"{reader.reads_per_s:.0f}"
    figure = say(
        f"{tags} tags &middot; {reads} reads/s", f"{tags} 个标签 &middot; 每秒读取 {reads} 次"
    )
    if reader.state != "streaming":
        figure = escape(say(*words))
    told = []
    if reader.state != "streaming" and reader.detail:
        told.append(escape(reader.detail))
    if reader.antennas is not None and reader.antennas < reader.antennas_configured:
        have, want = reader.antennas, reader.antennas_configured
        told.append(
            say(f"{have} of {want} antennas plugged in", f"{want} 根天线中已接入 {have} 根")
        )
        dot = "busy" if dot == "well" else dot
    if reader.dropped:
        told.append(say(f"{reader.dropped:,} reads lost", f"丢失 {reader.dropped:,} 次读取"))
    if reader.reconnects:
        told.append(_reconnected(reader.reconnects, say))
    return _row(dot, reader.id, figure, say(", ", "，").join(told))


def _worker(worker: WorkerView, say: Say) -> str:
    dot, *words = _WORKER_STATES[worker.state]
    figure = escape(say(*words)) or f"<b>{worker.memory_mb:.0f}</b> MB"
    told = ""
    if worker.restarts:
        told = say(f"restarted {_times(worker.restarts)}", f"已重启 {worker.restarts} 次")
        told += f"{say(': ', '：')}{escape(worker.last_reason)}" if worker.last_reason else ""
    return _row(dot, worker.name, figure, told)


def _row(dot: str, name: str, figure: str, told: str) -> str:
    """`name` is escaped here; `figure` and `told` are HTML."""
    words = f'<span class="told">{told}</span>' if told else ""
    return (
        f'<div class="pr-row {"bad" if dot == "bad" else ""}"><span class="dot {dot}"></span>'
        f'<span class="name">{escape(name)}</span><span class="figure">{figure}</span>{words}</div>'
    )


def _age(seconds: float, say: Say) -> str:
    if seconds < 90:
        return f"{seconds:.0f} {say('s', '秒')}"
    if seconds < 5400:
        return f"{seconds / 60:.0f} {say('min', '分钟')}"
    return f"{seconds / 3600:.0f} {say('h', '小时')}"


def _reconnected(count: int, say: Say) -> str:
    return say(f"reconnected {_times(count)}", f"已重连 {count} 次")


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"
