"""How the hub is, in the words of the pages it shares with the store PCs."""

from datetime import time
from typing import Final

from edge_core import __version__
from edge_core.clock import Clock
from edge_core.dashboard.language import Say
from edge_core.hub.after_visit.house import AfterVisit
from edge_core.hub.publish import Shelf
from edge_core.hub.store import Device, HubStore
from edge_core.service.health_reasons import SKEW_S
from edge_core.service.schema import HealthView
from edge_core.service.site_schema import SiteView
from edge_core.units import NS_PER_S, s_from_ns

ENGLISH: Final = Say("en")
SILENT_S: Final = 900.0
"""A store PC asks every minute; backed off after failures, every five."""


class HubHouse:
    """See `edge_core.dashboard.frame.House`.

    Args:
        store: what the hub keeps.
        shelf: what it gives.
        after: lists on phones and reminders; None where they are not set up.

    Attributes:
        store, shelf, after: see the arguments.
    """

    def __init__(self, store: HubStore, shelf: Shelf, after: AfterVisit | None = None) -> None:
        self.store = store
        self.shelf = shelf
        self.after = after
        self._started_ns = store.clock.monotonic_ns()

    @property
    def clock(self) -> Clock:
        """The clocks."""
        return self.store.clock

    @property
    def simulated(self) -> bool:
        """Whether all figures are made up."""
        return bool(self.store.fact("simulated"))

    def site(self) -> SiteView:
        """The chain, as the pages' frame wants it."""
        name = self.store.fact("name", "Promenade hub")
        return SiteView(
            id="hub",
            name=name,
            name_zh=self.store.fact("name_zh", name),
            timezone="UTC",
            opens=time(0),
            closes=time(23, 59),
            languages=["en", "zh"],
            minimum_group=5,
        )

    def health(self) -> HealthView:
        """Degraded when a store PC is silent or not well."""
        now_ns = self.clock.utc_ns()
        names = {site.id: site.name for site in self.store.sites()}
        reasons = [
            f"{names.get(device.site, device.site)}: {told}"
            for device in self.store.devices()
            if not device.revoked and (told := trouble(device, now_ns))
        ]
        return HealthView(
            status="degraded" if reasons else "ok",
            reasons=reasons[:5],
            version=__version__,
            uptime_s=round(s_from_ns(self.clock.monotonic_ns() - self._started_ns), 1),
        )


def is_out_of_reach(device: Device, now_utc_ns: int) -> bool:
    """Whether a store PC that told something once is silent, or sees nothing."""
    if device.health is None:
        return False
    silent = now_utc_ns - device.seen_utc_ns > SILENT_S * NS_PER_S
    return silent or device.health.status == "down"


def trouble(device: Device, now_utc_ns: int, say: Say = ENGLISH) -> str:
    """What is wrong with a store PC, by what it told; "" when nothing is.

    What the store PC put into words itself stands as it came.
    """
    health = device.health
    if health is None:
        return say("the store PC has not told anything yet", "门店电脑尚未上报任何信息")
    silent_s = (now_utc_ns - device.seen_utc_ns) / NS_PER_S
    if silent_s > SILENT_S:
        silent = ago(silent_s, say)
        return say(f"nothing was heard for {silent}", f"已有 {silent}没有联系")
    if health.status == "down":
        return say("no camera gives pictures", "所有摄像机都没有画面")
    if health.clock_ahead_s is not None and abs(health.clock_ahead_s) > SKEW_S:
        off, ahead = ago(abs(health.clock_ahead_s), say), health.clock_ahead_s > 0
        return say(
            f"its clock is {off} {'ahead' if ahead else 'behind'}",
            f"时钟{'快' if ahead else '慢'}了 {off}",
        )
    if health.content_refused:
        return say(
            f"does not use the newest content: {health.content_refused}",
            f"没有使用最新内容：{health.content_refused}",
        )
    if health.refused:
        return say(f"{health.refused} facts were refused", f"有 {health.refused} 条数据被拒收")
    return health.reasons[0] if health.status == "degraded" and health.reasons else ""


def ago(seconds: float, say: Say = ENGLISH) -> str:
    """A length of time in its largest unit."""
    if seconds < 90:
        return say(f"{seconds:.0f} s", f"{seconds:.0f} 秒")
    if seconds < 5400:
        return say(f"{seconds / 60:.0f} min", f"{seconds / 60:.0f} 分钟")
    if seconds < 129_600:
        return say(f"{seconds / 3600:.0f} h", f"{seconds / 3600:.0f} 小时")
    return say(f"{seconds / 86_400:.0f} days", f"{seconds / 86_400:.0f} 天")
