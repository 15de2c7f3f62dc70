"""The core process of a soak: all of the real one, but that its clock is that of what is played."""

import socket
import time
from pathlib import Path

from edge_core.clock import ManualClock
from edge_core.config import SiteConfig
from edge_core.ledger import Ledger
from edge_core.privacy.daily_salt import DailySalt
from edge_core.runtime.link import LinkAddress, Received, RecordReceiver
from edge_core.runtime.worker import WorkerContext
from edge_core.service.api import create_app
from edge_core.service.core_worker import Core, learnt_path
from edge_core.service.item_pipeline import ItemPipeline
from edge_core.service.past import Past
from edge_core.service.presence import FloorPlans
from edge_core.service.running import read_running
from edge_core.service.server import ApiServer
from edge_core.types import Observation


def run_soaked_core(
    worker: WorkerContext,
    site: SiteConfig,
    folder: Path,
    listening: socket.socket,
    link: LinkAddress,
) -> None:
    """Identity, items, analytics, suggestions, ledger and API, as `run_core` has them."""
    parts = read_running(site, folder).parts
    with (
        Ledger(folder / site.service.ledger, timezone=site.site.timezone) as ledger,
        ledger.reader() as reader,
        ledger.reader() as past_reader,
    ):
        clock = ManualClock(time.monotonic_ns(), time.time_ns())
        salt = DailySalt(bytes(32), clock.utc_ns())
        items = ItemPipeline(site, parts.products, salt)
        past = Past.of(site, FloorPlans(site), past_reader, parts.products)
        core = Core(worker, site, ledger, reader, clock, clock.mono_ns, parts, items, past)
        core.remember(learnt_path(ledger.path))
        core.open_guide(parts.directory, ledger.path.with_suffix(".closures.json"))
        server = ApiServer(create_app(core), core.hub, listening, None)
        server.start()
        receiver = PlayedReceiver(link, clock)
        try:
            core.run(receiver, lambda: server.alive)
        finally:
            receiver.close()
            server.stop()


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
