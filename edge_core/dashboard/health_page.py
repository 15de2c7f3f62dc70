"""The health page: cameras, readers, processes and the ledger."""

from html import escape
from typing import Final

from nicegui import ui

from edge_core.dashboard.access.viewer import viewer
from edge_core.dashboard.frame import STATUS_S, Page
from edge_core.dashboard.health import (
    cameras_html,
    hub_html,
    privacy_html,
    readers_html,
    storage_html,
    workers_html,
)
from edge_core.dashboard.language import Say
from edge_core.service.views import ServiceState, utc_from_ns


def build_health(state: ServiceState) -> None:
    """Everything inside the frame."""
    say = viewer().say
    names = {it.id: say(it.name, it.name_zh) for it in state.site().cameras}
    with ui.element("div").classes("pr-health"):
        cameras = _card(say("Cameras", "摄像机"))
        readers = _card(say("RFID readers", "RFID 读写器"))
        workers = _card(say("Service", "服务"))
        privacy = _card(say("Privacy", "隐私"))
        hub = None if state.health().hub is None else _card(say("Mall or chain", "商场或集团"))

    def refresh() -> None:
        health, now = state.health(), utc_from_ns(state.clock.utc_ns())
        cameras.set_content(cameras_html(health.cameras, names, say))
        readers.set_content(readers_html(health.readers, say) or _no_reader(say))
        rows = workers_html(health.workers, health.ledger, now, say)
        if health.storage is not None:
            rows += storage_html(health.storage, say)
        workers.set_content(rows)
        if health.privacy is not None:
            privacy.set_content(privacy_html(health.privacy, say))
        if hub is not None and health.hub is not None:
            hub.set_content(hub_html(health.hub, now, say))

    refresh()
    ui.timer(STATUS_S, refresh)


def _no_reader(say: Say) -> str:
    return f'<div class="pr-none">{say("No reader is set up.", "尚未设置读写器。")}</div>'


def _card(title: str) -> ui.html:
    with ui.element("section").classes("pr-card"):
        ui.html(f'<div class="pr-title"><b>{escape(title)}</b></div>', sanitize=False)
        return ui.html(sanitize=False).classes("pr-rows")


HEALTH: Final = Page(
    "/service", "Health", build_health, title_zh="运行状况", icon="health", group="manage"
)
