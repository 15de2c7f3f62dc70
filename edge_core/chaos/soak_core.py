"""The core process of a soak: all of the real one, but that its clock is that of what is played."""

import socket
import time
from pathlib import Path

from edge_core.clock import ManualClock
from edge_core.config import SiteConfig
from edge_core.privacy.daily_salt import DailySalt
from edge_core.runtime.link import LinkAddress, Received, RecordReceiver
from edge_core.runtime.worker import WorkerContext
from edge_core.service.api import create_app
from edge_core.service.core_worker import open_core, serve_core
from edge_core.service.running import read_running
from edge_core.types import Observation


def run_soaked_core(
    worker: WorkerContext,
    site: SiteConfig,
    folder: Path,
    listening: socket.socket,
    link: LinkAddress,
) -> None:
    """Identity, items, analytics, suggestions, ledger and API, as `run_core` has them."""
    running = read_running(site, folder)
    ledger_path = folder / site.service.ledger
    clock = ManualClock(time.monotonic_ns(), time.time_ns())
    salt = DailySalt(bytes(32), clock.utc_ns())
    with open_core(worker, running, ledger_path, clock, clock.mono_ns, salt) as core:
        serve_core(core, create_app(core), PlayedReceiver(link, clock), listening)


class PlayedReceiver(RecordReceiver):
    """Sets a clock by the time of the sightings that it receives.

    Args:
        address: see `RecordReceiver`.
        clock: is set.
    """

    def __init__(self, address: LinkAddress, clock: ManualClock) -> None:
        super().__init__(address)
        self._clock = clock

    def receive(self, timeout_s: float) -> Received | None:
        """See `RecordReceiver`."""
        received = super().receive(timeout_s)
        if received is not None and isinstance(seen := received.record, Observation):
            self._clock.mono_ns = max(self._clock.mono_ns, seen.mono_ns)
            self._clock.wall_ns = max(self._clock.wall_ns, seen.utc_ns)
        return received
