"""What a person has to look at: the reasons why a service is not well."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from edge_core.config import SiteSection
from edge_core.service.schema import (
    CameraHealth,
    HubHealth,
    LedgerHealth,
    StorageHealth,
    UpdatesHealth,
    WorkerView,
)

VIEW_REASONS: Final[dict[str, tuple[str, str]]] = {
    "moved": (
        "looks elsewhere than it did: turn it back, or calibrate it anew on the set-up page",
        "画面方向已改变：请恢复原位，或在设置页重新标定",
    ),
    "blocked": (
        "is covered: take away what stands or hangs before it",
        "被遮挡：请移开镜头前的物品",
    ),
    "blurred": (
        "sees blurred: wipe its lens and look at its focus",
        "画面模糊：请擦拭镜头并检查对焦",
    ),
    "dark": (
        "sees next to nothing for darkness: switch the light on",
        "画面过暗：请打开照明",
    ),
}
"""What is said of a camera whose view is not well, in English and Chinese."""
BEHIND: Final = (
    "looked at too seldom: this PC is at its limit; use the cameras' smaller streams, a lower"
    " fps or a stronger PC",
    "查看过少：本机已达上限；请改用摄像头的小码流、降低 fps 或更换更强的电脑",
)
"""What is said of cameras that vision does not keep up with."""
_WELL: Final = ("streaming", "ended")
SKEW_S: Final = 120.0
"""Clocks further apart than this are told to somebody."""


def worker_reasons(workers: Iterable[WorkerView]) -> Iterator[str]:
    """Processes that do not run."""
    for worker in workers:
        if worker.state in ("restarting", "failed"):
            yield f"{worker.name} is {worker.state}"


def camera_reasons(cameras: Iterable[CameraHealth], *, open_now: bool) -> Iterator[str]:
    """Cameras without pictures, then those whose view is not well.

    Args:
        cameras: all of them; looked at twice.
        open_now: whether the site is open: a dark picture is no news at night.
    """
    cameras = list(cameras)
    for camera in cameras:
        if camera.state not in _WELL:
            yield f"camera {camera.id} is {camera.state}"
    for camera in cameras:
        told = VIEW_REASONS.get(camera.view)
        if told and camera.state == "streaming" and (open_now or camera.view != "dark"):
            yield f"camera {camera.id} {told[0]}"
    if behind := [camera.id for camera in cameras if camera.behind]:
        yield f"{', '.join(behind)}: {BEHIND[0]}"


def update_reasons(updates: UpdatesHealth | None) -> Iterator[str]:
    """What of new versions a person has to look at: not that the channel is out of reach."""
    if updates is not None and updates.returned:
        yield updates.returned
    if updates is not None and updates.refused:
        yield updates.problem


def ledger_reasons(ledger: LedgerHealth) -> Iterator[str]:
    """What of the ledger a person has to look at."""
    if not ledger.ok:
        yield "the ledger's check found faults"
    if ledger.backup_failed:
        yield f"the ledger is not backed up: {ledger.backup_failed}"
    if ledger.restored:
        yield ledger.restored
    if ledger.refused:
        yield (
            f"{ledger.refused} {ledger.waiting} events wait in memory until it can;"
            " free some disk space"
        )
    if ledger.given_up:
        yield f"{ledger.given_up} events were lost: the disk refused for too long"


def storage_reasons(storage: StorageHealth | None) -> Iterator[str]:
    """What was given up for want of room, or cannot be."""
    if storage is None:
        return
    if storage.stuck:
        yield storage.stuck
    if storage.gave_up:
        yield f"given up for want of room: {', '.join(storage.gave_up[-3:])}"


def is_open(site: SiteSection, now_utc: datetime) -> bool:
    """Whether a site is open at an instant, by its own clock; it may close after midnight."""
    now = now_utc.astimezone(ZoneInfo(site.timezone)).time()
    if site.opens <= site.closes:
        return site.opens <= now < site.closes
    return now >= site.opens or now < site.closes


def hub_reasons(hub: HubHealth | None) -> Iterator[str]:
    """What of the hub a person has to look at: not that it is out of reach for a while."""
    if hub is None:
        return
    if hub.state == "refused":
        yield f"the hub: {hub.told}"
    if hub.content_refused:
        yield f"the hub's newest content is not used: {hub.content_refused}"
    if hub.clock_ahead_s is not None and abs(hub.clock_ahead_s) > SKEW_S:
        way = "ahead of" if hub.clock_ahead_s > 0 else "behind"
        yield f"this PC's clock is {abs(hub.clock_ahead_s):.0f} s {way} the hub's"
