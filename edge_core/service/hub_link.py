"""The running core's tie to the hub: a thread of its own, and what is told of it."""

import logging
import threading
from collections.abc import Callable
from dataclasses import replace

from edge_core.clock import Clock
from edge_core.errors import ConfigError, PromenadeError
from edge_core.ledger import Ledger
from edge_core.service.lists import public_key_of_lists
from edge_core.service.running import Running, running_by
from edge_core.service.schema import HealthView, HubHealth
from edge_core.service.views import utc_from_ns
from edge_core.sync.client import HubClient
from edge_core.sync.content import Content, ContentFile
from edge_core.sync.device_key import DeviceKey
from edge_core.sync.loop import Sync, SyncState, SyncStatus, SyncThread
from edge_core.sync.pace import ByteBudget
from edge_core.sync.protocol import HealthReport

_BYTES_PER_KBIT = 125
_ENDS_WITHIN_S = 2.0

log = logging.getLogger(__name__)


class HubLink:
    """Tells the hub and takes from it while the core runs; the core does not wait for it.

    A key that cannot be used is told in `health` and ends nothing.

    Args:
        running: what the service runs by; has the address of a hub.
        ledger: for the outbox.
        health: how the service is.
        changed: called from the thread with the settings until now, and with those by newer
            content, which is in its place.
        clock: the clocks.

    Raises:
        LedgerError: the ledger cannot be read.
    """

    def __init__(
        self,
        running: Running,
        ledger: Ledger,
        *,
        health: Callable[[], HealthView],
        changed: Callable[[Running, Running], None],
        clock: Clock,
    ) -> None:
        self._running = running
        self._health = health
        self._changed = changed
        self._stopping = threading.Event()
        self._reader = ledger.reader()
        self._client: HubClient | None = None
        self._sync: Sync | None = None
        self._thread: SyncThread | None = None
        self._broken = SyncStatus(SyncState.REFUSED)
        try:
            self._begin(ledger, clock)
        except PromenadeError as error:
            log.warning("nothing is told to the hub: %s", error)
            self._broken = replace(self._broken, told=f"{error.message} {error.remedy}")

    def _begin(self, ledger: Ledger, clock: Clock) -> None:
        own, folder = self._running.own, self._running.folder
        hub, key = own.hub, DeviceKey.load(folder / own.hub.key)
        rate = None if hub.most_kbit_s is None else hub.most_kbit_s * _BYTES_PER_KBIT
        self._client = HubClient(
            hub.url,
            key.token,
            ca=None if hub.ca is None else folder / hub.ca,
            clock=clock,
            budget=ByteBudget(rate, clock, self._stopping.wait),
        )
        self._sync = Sync(
            self._running.site,
            key,
            self._client,
            ledger,
            self._reader,
            ContentFile(folder / hub.content, key.signer, own.site.id),
            judge=self._judge,
            changed=self._take,
            health=lambda: health_report(self._health()),
            clock=clock,
            list_key=public_key_of_lists(self._running.parts.lists_key),
        )
        self._thread = SyncThread(self._sync, self._stopping, hub.every_s)

    def start(self) -> None:
        """Begin; with the kept content, should this process have been started with an older one."""
        if self._thread is None or self._sync is None:
            return
        kept = self._sync.content
        if kept.revision != self._running.revision:
            try:
                self._take(kept)
            except ConfigError as error:
                log.warning("what the hub told does not fit the site file any more: %s", error)
        self._thread.start()

    @property
    def alive(self) -> bool:
        """False when the thread ended by itself, which only a bug does."""
        return self._thread is None or self._thread.alive

    def stop(self) -> None:
        """End; a call that takes longer ends with the process."""
        if self._thread is not None:
            self._stopping.set()
            self._thread.stop(_ENDS_WITHIN_S)
        if self._thread is not None and self._thread.alive:
            return
        self._reader.close()
        if self._client is not None:
            self._client.close()

    def view(self) -> HubHealth:
        """How it stands."""
        status = self._broken if self._sync is None else self._sync.status
        last_ns = status.last_utc_ns
        return HubHealth(
            url=self._running.own.hub.url,
            state=status.state.value,
            told=status.told,
            last_at=None if last_ns is None else utc_from_ns(last_ns),
            waiting=status.waiting,
            refused=status.refused,
            sent=status.sent,
            clock_ahead_s=status.clock_ahead_s,
            revision=status.revision,
            content_refused=status.content_refused,
        )

    def _judge(self, content: Content) -> None:
        running_by(self._running.own, self._running.folder, content)

    def _take(self, content: Content) -> None:
        before = self._running
        self._running = running_by(before.own, before.folder, content)
        self._changed(before, self._running)


def health_report(health: HealthView) -> HealthReport:
    """What of a store PC's health the hub is told: no picture of anything, no person."""
    return HealthReport(
        version=health.version,
        status=health.status,
        reasons=tuple(reason[:200] for reason in health.reasons[:12]),
        uptime_s=health.uptime_s,
        cameras=len(health.cameras),
        cameras_well=sum(it.state in ("streaming", "ended") for it in health.cameras),
        readers=len(health.readers),
        readers_well=sum(it.state == "streaming" for it in health.readers),
        ledger_mb=health.ledger.size_mb if health.ledger else 0.0,
    )
