"""The core: joins the stages, the ledger and the local API, and its loop tells each its turn."""

import secrets
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import Final

from edge_core.clock import Clock
from edge_core.config import DirectoryConfig, SiteConfig
from edge_core.errors import ServiceUnavailableError
from edge_core.ledger import Ledger, LedgerReader
from edge_core.runtime.link import Received, RecordReceiver
from edge_core.runtime.worker import WorkerContext
from edge_core.service.core_pipeline import CorePipeline
from edge_core.service.core_writes import CoreWrites
from edge_core.service.crowd import CrowdKeeper
from edge_core.service.desk import AntennaRates
from edge_core.service.forgetting import Forgetting
from edge_core.service.guide import Guide
from edge_core.service.health import Rates, health_view
from edge_core.service.health_reasons import is_open
from edge_core.service.hub_link import HubLink
from edge_core.service.item_pipeline import ItemPipeline
from edge_core.service.item_schema import GarmentsView, TagsView
from edge_core.service.ledger_upkeep import LedgerUpkeep
from edge_core.service.live_state import LiveState
from edge_core.service.parts import Parts
from edge_core.service.past import Past
from edge_core.service.rows import CONTENT_TAKEN, KEPT_UNTIL, SET_UP_ROW, core_row, vision_row
from edge_core.service.running import Running, differs_in_stock_only
from edge_core.service.schema import HealthView, LiveView
from edge_core.service.site_learning import LearntFile
from edge_core.service.site_schema import SiteView
from edge_core.service.storage import Places, StorageKeeper
from edge_core.service.stream import StreamHub
from edge_core.service.suggestions import Suggestions
from edge_core.service.update_news import updates_health
from edge_core.service.view_watch import ViewWatch
from edge_core.service.views import utc_from_ns
from edge_core.service.visits_schema import OccupancyView
from edge_core.tag_reads import ReaderBatch
from edge_core.types import Event, Observation
from edge_core.units import NS_PER_MS, NS_PER_S

_LIVE_NS: Final = 80 * NS_PER_MS
_THINGS_NS: Final = 200 * NS_PER_MS
_COMMIT_NS: Final = 100 * NS_PER_MS
_SLOW_NS: Final = NS_PER_S
_SUMS_NS: Final = 5 * NS_PER_S
_RECEIVE_S: Final = 0.04


class Core:
    """Joins the stages, the ledger and the API; the API's `ServiceState`.

    Args:
        worker: this process's place in the service.
        site: the site's settings.
        ledger: open for writing.
        reader: for the API's threads.
        clock: the clocks.
        service_started_mono_ns: when the service was started.
        parts: what suggestions are made of, the shop's products among it.
        items: follows the garments.
        past: what pages about the past are made of.

    Attributes:
        clock, ledger, hub, products, past, suggestions: see `ServiceState`.
    """

    def __init__(
        self,
        worker: WorkerContext,
        site: SiteConfig,
        ledger: Ledger,
        reader: LedgerReader,
        clock: Clock,
        service_started_mono_ns: int,
        parts: Parts,
        items: ItemPipeline,
        past: Past,
    ) -> None:
        self.clock, self.past, self.ledger = clock, past, reader
        self.hub = StreamHub(ledger.newest_id)
        self.products = parts.products
        self._worker, self._config, self._writer, self._items = worker, site, ledger, items
        self._service_started_mono_ns = service_started_mono_ns
        cameras = [it.id for it in site.cameras]
        kept = {it: worker.board.row(core_row(it)) for it in cameras}
        resumed_ns = max(row.get(KEPT_UNTIL) for row in kept.values())
        rng = Random(secrets.randbits(64))
        self._pipeline = CorePipeline(site, rng, items, past.plans, resumed_ns)
        seen = {it: worker.board.row(vision_row(it)) for it in cameras}
        self._forgetting = Forgetting(self._pipeline, kept, seen, self._tell_live)
        self._state = LiveState(site, self._pipeline, items, reader, self.hub, clock, worker.row)
        self._crowd = CrowdKeeper(site, self._pipeline, reader, clock)
        days, watch = site.privacy.event_days, self._crowd.watch
        self._writes = CoreWrites(
            ledger, self._pipeline.presence, kept, clock, days, self._tell_kept, watch
        )
        self._rates = Rates(cameras, [it.id for it in site.readers])
        self._antenna_rates = AntennaRates()
        self._views = ViewWatch(cameras, worker.board, clock)
        self._upkeep = LedgerUpkeep(ledger, reader, clock)
        self._storage: StorageKeeper | None = None
        self._learnt: LearntFile | None = None
        self._hub_link: HubLink | None = None
        self._guide = Guide(site, DirectoryConfig())
        self._events: list[Event] = []
        self._visitors = 0  # the API's threads read it; what it is made of belongs to `run` alone
        self.suggestions = self._make_suggestions(parts)

    def _make_suggestions(self, parts: Parts) -> Suggestions:
        return Suggestions(
            self._config,
            parts,
            clock=self.clock,
            live=self.live,
            guide=lambda: self._guide,
            forget=self._forgetting.forget,
            keep=self.keep,
            history=self.ledger,
            rng=Random(secrets.randbits(64)),
            count_choice=self._writer.count_consent,
        )

    def remember(self, path: Path) -> None:
        """Go on from what earlier lives learnt of the site, and keep what is learnt in a file."""
        self._learnt = LearntFile(path, self._pipeline.learning, self.clock)
        self._learnt.restore()

    def bound_storage(self, places: Places) -> None:
        """Keep the data within the site's budget from now on."""
        self._storage = StorageKeeper(
            self._writer, self.ledger, places, self._config.storage, self.clock
        )

    def link_hub(self, running: Running) -> None:
        """Tell the site's hub and take from it from now on; nothing where it has none."""
        if not running.own.hub.url:
            return
        self._hub_link = HubLink(
            running,
            self._writer,
            health=self.health,
            changed=self._take_content,
            clock=self.clock,
        )
        self._hub_link.start()

    def unlink_hub(self) -> None:
        """End that."""
        if self._hub_link is not None:
            self._hub_link.stop()

    def _take_content(self, before: Running, after: Running) -> None:
        """Stock is taken at once; all else by a core process that begins with it.

        What people see stays until then: screens keep their content while the core is renewed.
        """
        if differs_in_stock_only(before, after):
            self.products.adopt(after.parts.products)
            self.suggestions.take_stock(self.products)
        else:
            self._worker.board.row(SET_UP_ROW).add(CONTENT_TAKEN)

    @property
    def guide(self) -> Guide:
        """See `ServiceState`."""
        return self._guide

    def open_guide(self, directory: DirectoryConfig, closures_path: Path | None) -> None:
        """Know the site's stores and ways from now on; closures told here are kept in a file."""
        self._guide = Guide(self._config, directory, closures_path, self.hub.publish_directory)
        if directory.stores:
            self.hub.publish_directory(self._guide.directory())

    def site(self) -> SiteView:
        """See `ServiceState`."""
        return self._state.site

    def live(self) -> LiveView:
        """See `ServiceState`."""
        return self._state.live

    def tags(self) -> TagsView:
        """See `ServiceState`."""
        return self._state.tags

    def garments(self) -> GarmentsView:
        """See `ServiceState`."""
        return self._state.garments

    def antenna_rates(self) -> dict[tuple[str, int], float]:
        """Reads a second by reader and antenna, just now."""
        return self._antenna_rates.per_s(self.clock.monotonic_ns())

    def occupancy(self) -> OccupancyView:
        """See `ServiceState`."""
        return self._crowd.view

    def mark_staff(self, number: int) -> None:
        """See `ServiceState`."""
        self._crowd.mark_staff(number)

    def keep(self, events: Sequence[Event]) -> int:
        """See `ServiceState`."""
        ids = self._writer.append(events)
        if ids:
            self.hub.publish_events(ids[-1])
        return len(ids)

    def health(self) -> HealthView:
        """See `ServiceState`."""
        return health_view(
            self._config,
            self._worker.board,
            now_mono_ns=self.clock.monotonic_ns(),
            started_mono_ns=self._service_started_mono_ns,
            latency_ms_p95=self._state.latency_ms_p95,
            visitors=self._visitors,
            ledger=self._upkeep.health(self.ledger).model_copy(update=self._writes.told()),
            rates=self._rates,
            tags=Counter(tag.reader for tag in self._state.tags.tags),
            hub=None if self._hub_link is None else self._hub_link.view(),
            updates=updates_health(self._config.updates, self.clock.utc_ns()),
            storage=None if self._storage is None else self._storage.health(),
            open_now=is_open(self._config.site, utc_from_ns(self.clock.utc_ns())),
        )

    def run(self, receiver: RecordReceiver, is_serving: Callable[[], bool]) -> None:
        """Take in sightings and reads, keep events, tell the screens, until the worker shall stop.

        Raises:
            DamagedLedgerError: the ledger is torn; opened anew, it is restored.
            ServiceUnavailableError: the API or the hub's link has ended; only a new process
                brings it back.
        """
        live_due = things_due = commit_due = slow_due = sums_due = 0
        while not self._worker.stopping:
            self._worker.beat()
            received = receiver.receive(_RECEIVE_S)
            if received is not None:
                self._ingest(received)
            now_ns = self.clock.monotonic_ns()
            self._events += self._forgetting.advance()
            if self._events or (self._writes.owes and now_ns >= commit_due):
                self._commit(receiver)
                commit_due = now_ns + _COMMIT_NS
            if self._state.is_behind and now_ns >= live_due:
                self._tell_live()
                live_due = now_ns + _LIVE_NS
            if now_ns >= things_due:
                self._state.tell_things(now_ns)
                things_due = now_ns + _THINGS_NS
            if now_ns >= slow_due:
                _require_alive(is_serving(), "The local API")
                _require_alive(self._hub_link is None or self._hub_link.alive, "The hub's link")
                self._tell_slow()
                self._keep_house()
                slow_due = now_ns + _SLOW_NS
            if now_ns >= sums_due:
                self._writes.keep_sums()
                if self._learnt is not None:
                    self._learnt.keep()
                self._writes.forget_old_events()
                sums_due = now_ns + _SUMS_NS
        self._finish(receiver)

    def _keep_house(self) -> None:
        self._upkeep.look()
        self._items.turn_day(self.clock.utc_ns())
        if self._storage is not None:
            self._storage.look()

    def _finish(self, receiver: RecordReceiver) -> None:
        """Keep what there is."""
        if not self._worker.ended_by_others:  # else the next life goes on with the open stays
            self._events += self._pipeline.finish()
        self._commit(receiver)
        self._writes.keep_sums()
        if self._learnt is not None:
            self._learnt.keep(at_once=True)
        self._upkeep.wait()
        if self._storage is not None:
            self._storage.wait()
        self._writes.finish()

    def _ingest(self, received: Received) -> None:
        match received.record:
            case Observation() as observation:
                self._see(observation)
            case ReaderBatch() as batch:
                ahead_ns = self.clock.utc_ns() - self.clock.monotonic_ns()
                self._events += self._pipeline.ingest_tags(batch, ahead_ns)
                self._antenna_rates.ingest(batch, self.clock.monotonic_ns())
                self._worker.row.add("reads", len(batch.reads))
        self._writes.owe(received)

    def _see(self, observation: Observation) -> None:
        self._events += self._pipeline.ingest(observation)
        for number, traits in self._pipeline.take_told():
            self.suggestions.tell(number, traits)
        self._writes.see(observation)
        self._state.see(observation.received_mono_ns)
        self._worker.row.add("observations")

    def _commit(self, receiver: RecordReceiver) -> None:
        events, self._events = self._events, []
        if events:
            self.suggestions.handle(events)
        self._writes.commit(events, receiver)

    def _tell_kept(self, ids: Sequence[int]) -> None:
        """Tell clients of events that are in the ledger by now."""
        if not ids:
            return
        self._crowd.cross_since(ids[0], len(ids))
        self._worker.row.add("events", len(ids))
        self.hub.publish_events(ids[-1])
        self._state.tell_counts(self._crowd.view.inside)

    def _tell_live(self) -> None:
        self.suggestions.see(self._state.tell_live())

    def _tell_slow(self) -> None:
        self._events += self._crowd.advance()
        self._events += self._views.advance()
        self._visitors = self._pipeline.people_count()
        self._state.refresh()
        self.hub.publish_health(self.health())
        self._state.tell_counts(self._crowd.view.inside)


def _require_alive(alive: bool, what: str) -> None:
    if not alive:
        raise ServiceUnavailableError(f"{what} has ended by itself.", "Read the log lines above.")
