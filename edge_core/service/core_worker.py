"""The core process: sightings and tag reads in; events, live state and the local API out."""

import logging
import secrets
import socket
from collections import Counter, deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from random import Random
from typing import Final

import numpy as np
from fastapi import FastAPI

from edge_core.clock import Clock, SystemClock
from edge_core.config import DirectoryConfig, SiteConfig
from edge_core.errors import DamagedLedgerError, LedgerError, ServiceUnavailableError, SourceError
from edge_core.identity.site_state import load_state, save_state
from edge_core.ledger import Ledger, LedgerReader
from edge_core.privacy.daily_salt import DailySalt
from edge_core.runtime.link import LinkAddress, Received, RecordReceiver
from edge_core.runtime.worker import WorkerContext
from edge_core.service.api import create_app
from edge_core.service.availability import AvailabilityMeter
from edge_core.service.core_pipeline import CorePipeline
from edge_core.service.crowd import CrowdKeeper
from edge_core.service.desk import AntennaRates, DeskWiring, OperatorDesk
from edge_core.service.forgetting import Forgetting
from edge_core.service.guide import Guide
from edge_core.service.health import Rates, health_view
from edge_core.service.health_reasons import is_open
from edge_core.service.held_writes import HeldWrites
from edge_core.service.hub_link import HubLink
from edge_core.service.item_pipeline import ItemPipeline
from edge_core.service.item_schema import GarmentsView, TagsView
from edge_core.service.item_views import garments_view
from edge_core.service.ledger_upkeep import LedgerUpkeep
from edge_core.service.parts import Parts
from edge_core.service.past import Past
from edge_core.service.presence import FloorPlans
from edge_core.service.rows import CONTENT_TAKEN, KEPT_UNTIL, SET_UP_ROW, core_row, vision_row
from edge_core.service.running import Running, differs_in_stock_only
from edge_core.service.schema import HealthView, LiveView
from edge_core.service.server import ApiServer, Network
from edge_core.service.site_schema import SiteView
from edge_core.service.storage import Places, StorageKeeper, places_of
from edge_core.service.stream import StreamHub
from edge_core.service.suggestions import Suggestions
from edge_core.service.update_news import updates_health
from edge_core.service.view_watch import ViewWatch
from edge_core.service.views import (
    ServiceState,
    counts_today,
    live_view,
    site_view,
    tags_view,
    utc_from_ns,
)
from edge_core.service.visits_schema import OccupancyView
from edge_core.types import Event, Observation, ReaderBatch
from edge_core.units import NS_PER_MS, NS_PER_S

_LIVE_NS: Final = 80 * NS_PER_MS
_TAGS_NS: Final = 500 * NS_PER_MS
_GARMENTS_NS: Final = 200 * NS_PER_MS
_COMMIT_NS: Final = 100 * NS_PER_MS
_SLOW_NS: Final = NS_PER_S
_SUMS_NS: Final = 5 * NS_PER_S
_LEARNT_NS: Final = 300 * NS_PER_S
_RETENTION_NS: Final = 3600 * NS_PER_S
_RECEIVE_S: Final = 0.04
_LATENCIES: Final = 2048
_NS_PER_DAY: Final = 86_400 * NS_PER_S

AddPages = Callable[[FastAPI, ServiceState, OperatorDesk], None]
"""Adds pages to the API's app before it serves."""

log = logging.getLogger(__name__)


def run_core(
    worker: WorkerContext,
    running: Running,
    ledger_path: Path,
    listening: socket.socket,
    link: LinkAddress,
    service_started_mono_ns: int,
    salt: DailySalt,
    desk: DeskWiring,
    network: Network | None = None,
    add_pages: AddPages | None = None,
) -> None:
    """Serve until told to stop. A worker's target.

    Args:
        worker: this process's place in the service.
        running: the site's settings, stores, coupons and products.
        ledger_path: the ledger's file.
        listening: the API's socket, bound and kept open by the supervisor so that the port
            stays ours while this process is being restarted.
        link: where sightings arrive.
        service_started_mono_ns: when the service, not this process, was started.
        salt: see `ItemPipeline`.
        desk: what the set-up page needs.
        network: where the pages answer other machines, kept open by the supervisor.
        add_pages: adds the operator's pages to the API's app.

    Raises:
        LedgerError: the ledger cannot be opened or written.
        ModelError: the model of tag motion is missing or altered.
        ServiceUnavailableError: the API, or the hub's link, has ended by itself.
    """
    site, parts = running.site, running.parts
    with (
        Ledger(ledger_path, timezone=site.site.timezone) as ledger,
        ledger.reader() as reader,
        # A page about a year must not keep the live screens waiting for their turn.
        ledger.reader() as past_reader,
        ledger.reader() as hub_reader,
    ):
        items = ItemPipeline(site, parts.products, salt)
        past = Past.of(site, FloorPlans(site), past_reader, parts.products)
        clock = SystemClock()
        core = Core(
            worker, site, ledger, reader, clock, service_started_mono_ns, parts, items, past
        )
        core.remember(learnt_path(ledger_path))
        core.bound_storage(places_of(site, running.folder))
        core.open_guide(parts.directory, ledger_path.with_suffix(".closures.json"))
        core.link_hub(running, hub_reader)
        app = create_app(core)
        if add_pages is None:
            network = None  # without the pages' guard nothing may be open to a network
        else:
            add_pages(app, core, OperatorDesk(desk, running.own, worker.board, core.antenna_rates))
        server = ApiServer(app, core.hub, listening, network)
        server.start()
        receiver = RecordReceiver(link)
        try:
            core.run(receiver, lambda: server.alive)
        finally:
            receiver.close()
            core.unlink_hub()
            server.stop()


def learnt_path(ledger_path: Path) -> Path:
    """Where what identity learns of the site is kept: beside the ledger."""
    return ledger_path.with_name(f"{ledger_path.stem}.learnt.json")


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
        self.clock = clock
        self.past = past
        self.ledger = reader
        self.hub = StreamHub(ledger.newest_id)
        self.products = parts.products
        self._worker = worker
        self._config = site
        self._site = site_view(site)
        self._writer = ledger
        self._service_started_mono_ns = service_started_mono_ns
        self._kept = {camera.id: worker.board.row(core_row(camera.id)) for camera in site.cameras}
        resumed_ns = max(row.get(KEPT_UNTIL) for row in self._kept.values())
        self._pipeline = CorePipeline(
            site, Random(secrets.randbits(64)), items, past.plans, resumed_ns
        )
        self._forgetting = Forgetting(
            self._pipeline,
            self._kept,
            {camera.id: worker.board.row(vision_row(camera.id)) for camera in site.cameras},
            self._tell_live,
        )
        self._availability = AvailabilityMeter(
            {camera: ns for camera, row in self._kept.items() if (ns := row.get(KEPT_UNTIL))}
        )
        self._rates = Rates([it.id for it in site.cameras], [it.id for it in site.readers])
        self._upkeep = LedgerUpkeep(ledger, reader, clock)
        self._held = HeldWrites(clock)
        self._storage: StorageKeeper | None = None
        self._views = ViewWatch([it.id for it in site.cameras], worker.board, clock)
        self._events: list[Event] = []
        self._unacknowledged: dict[str, Received] = {}
        self._untold_since_ns: int | None = None
        self._tags_due_ns = 0
        self._latencies_ms: deque[float] = deque(maxlen=_LATENCIES)
        # The API's threads read these two; what they are made of belongs to `run` alone.
        self._latency_ms_p95: float | None = None
        self._visitors = 0
        self._items = items
        self._learnt_path: Path | None = None
        self._learnt_due_ns = self.clock.monotonic_ns() + _LEARNT_NS
        self._guide = Guide(site, DirectoryConfig())
        self._hub_link: HubLink | None = None
        self._running: Running | None = None
        self._antenna_rates = AntennaRates()
        self._crowd = CrowdKeeper(site, self._pipeline, reader, self.clock)
        self._live = self._make_live()
        self._tags = self._make_tags()
        self._garments = self._make_garments()
        self.suggestions = Suggestions(
            site,
            parts,
            clock=clock,
            live=self.live,
            guide=lambda: self._guide,
            forget=self._forgetting.forget,
            keep=self.keep,
            history=reader,
            rng=Random(secrets.randbits(64)),
            count_choice=ledger.count_consent,
        )

    def remember(self, path: Path) -> None:
        """Go on from what earlier lives learnt of the site, and keep what is learnt in a file.

        A file of no use is told in the log and replaced: everything in it can be learnt anew.
        """
        self._learnt_path = path
        try:
            state = load_state(path)
            if state is not None:
                self._pipeline.learning.restore(state)
        except (SourceError, ValueError) as error:
            log.warning("the site is learnt anew: %s", error)

    def bound_storage(self, places: Places) -> None:
        """Keep the data within the site's budget from now on."""
        self._storage = StorageKeeper(
            self._writer, self.ledger, places, self._config.storage, self.clock
        )

    def link_hub(self, running: Running, reader: LedgerReader) -> None:
        """Tell the site's hub and take from it from now on; nothing where it has none."""
        if not running.own.hub.url:
            return
        self._running = running
        self._hub_link = HubLink(
            running,
            self._writer,
            reader,
            health=self.health,
            changed=self._take_content,
            clock=self.clock,
        )
        self._hub_link.start()

    def unlink_hub(self) -> None:
        """End that."""
        if self._hub_link is not None:
            self._hub_link.stop()

    def _take_content(self, running: Running) -> None:
        """Stock is taken at once; all else by a core process that begins with it.

        What people see stays until then: screens keep their content while the core is renewed.
        """
        before, self._running = self._running, running
        if before is not None and differs_in_stock_only(before, running):
            self.products.adopt(running.parts.products)
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
        return self._site

    def live(self) -> LiveView:
        """See `ServiceState`."""
        return self._live

    def tags(self) -> TagsView:
        """See `ServiceState`."""
        return self._tags

    def garments(self) -> GarmentsView:
        """See `ServiceState`."""
        return self._garments

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
            latency_ms_p95=self._latency_ms_p95,
            visitors=self._visitors,
            ledger=self._upkeep.health(self.ledger).model_copy(update=self._held.told()),
            rates=self._rates,
            tags=Counter(tag.reader for tag in self._tags.tags),
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
        live_due = garments_due = commit_due = slow_due = sums_due = retention_due = 0
        while not self._worker.stopping:
            self._worker.beat()
            received = receiver.receive(_RECEIVE_S)
            if received is not None:
                self._ingest(received)
            now_ns = self.clock.monotonic_ns()
            self._events += self._forgetting.advance()
            if self._events or (self._unacknowledged and now_ns >= commit_due):
                self._commit(receiver)
                commit_due = now_ns + _COMMIT_NS
            if self._untold_since_ns is not None and now_ns >= live_due:
                self._tell_live()
                live_due = now_ns + _LIVE_NS
            if now_ns >= garments_due:
                self._tell_garments()
                self._tell_tags(now_ns)
                garments_due = now_ns + _GARMENTS_NS
            if now_ns >= slow_due:
                _require_alive(is_serving(), "The local API")
                _require_alive(self._hub_link is None or self._hub_link.alive, "The hub's link")
                self._tell_slow()
                self._upkeep.look()
                self._items.turn_day(self.clock.utc_ns())
                if self._storage is not None:
                    self._storage.look()
                slow_due = now_ns + _SLOW_NS
            if now_ns >= sums_due:
                self._keep_sums()
                self._keep_learnt()
                sums_due = now_ns + _SUMS_NS
            if now_ns >= retention_due:
                self._forget_old_events()
                retention_due = now_ns + _RETENTION_NS
        self._finish(receiver)

    def _finish(self, receiver: RecordReceiver) -> None:
        """Keep what there is; a disk that refuses now has the last word."""
        if not self._worker.ended_by_others:  # else the next life goes on with the open stays
            self._events += self._pipeline.finish()
        self._commit(receiver)
        self._keep_sums()
        self._keep_learnt(at_once=True)
        self._upkeep.wait()
        if self._storage is not None:
            self._storage.wait()
        if not self._held.flush(at_once=True):
            log.error("%d writes are lost: %s", self._held.waiting, self._held.refused)

    def _ingest(self, received: Received) -> None:
        match received.record:
            case Observation() as observation:
                self._see(observation)
            case ReaderBatch() as batch:
                ahead_ns = self.clock.utc_ns() - self.clock.monotonic_ns()
                self._events += self._pipeline.ingest_tags(batch, ahead_ns)
                self._antenna_rates.ingest(batch, self.clock.monotonic_ns())
                self._worker.row.add("reads", len(batch.reads))
        self._unacknowledged[received.sender] = received

    def _see(self, observation: Observation) -> None:
        self._events += self._pipeline.ingest(observation)
        for number, traits in self._pipeline.take_told():
            self.suggestions.tell(number, traits)
        self._availability.ingest(observation)
        self._worker.row.add("observations")
        if self._untold_since_ns is None:
            self._untold_since_ns = observation.received_mono_ns

    def _commit(self, receiver: RecordReceiver) -> None:
        """Make events durable first, acknowledge what they came from second."""
        events, self._events = self._events, []
        if events:
            self._held.put(lambda: self._writer.append(events), self._tell_kept, events=len(events))
            self.suggestions.handle(events)
        if not self._held.flush():
            return
        for received in self._unacknowledged.values():
            receiver.ack(received)
        self._unacknowledged.clear()

    def _tell_kept(self, ids: Sequence[int]) -> None:
        """Tell clients of events that are in the ledger by now."""
        if not ids:
            return
        self._crowd.cross_since(ids[0], len(ids))
        self._worker.row.add("events", len(ids))
        self.hub.publish_events(ids[-1])
        self._tell_counts()

    def _make_live(self) -> LiveView:
        now_ns = self.clock.monotonic_ns()
        snapshot = self._pipeline.snapshot(now_ns, self.clock.utc_ns())
        oldest_ns = self._untold_since_ns if self._untold_since_ns is not None else now_ns
        zone_ids = [zone.id for zone in self._config.zones]
        return live_view(replace(snapshot, received_mono_ns=oldest_ns), now_ns, zone_ids)

    def _tell_live(self) -> None:
        self._live = self._make_live()
        self._untold_since_ns = None
        self._latencies_ms.append(self._live.latency_ms)
        self._worker.row.set("people", len(self._live.people))
        self.hub.publish_live(self._live)
        self.suggestions.see(self._live)

    def _make_tags(self) -> TagsView:
        now_ns = self.clock.monotonic_ns()
        zones = self._items.antennas.zones
        return tags_view(self._items.in_view(now_ns), zones, now_ns, self.clock.utc_ns())

    def _tell_tags(self, now_ns: int) -> None:
        if not self._config.readers or now_ns < self._tags_due_ns:
            return
        self._tags_due_ns = now_ns + _TAGS_NS
        self._tags = self._make_tags()
        self._worker.row.set("tags", len(self._tags.tags))
        self.hub.publish_tags(self._tags)

    def _make_garments(self) -> GarmentsView:
        now_ns = self.clock.monotonic_ns()
        return garments_view(self._items.nearby(now_ns), now_ns, self.clock.utc_ns())

    def _tell_garments(self) -> None:
        """Only what is new: mirrors are few, and mostly nobody is there."""
        if not self._config.readers:
            return
        before, self._garments = self._garments, self._make_garments()
        if before.zones != self._garments.zones:
            self.hub.publish_garments(self._garments)

    def _tell_counts(self) -> None:
        in_view = len(self._live.people)
        inside = self._crowd.view.inside
        today = counts_today(self.ledger, self._site, in_view, self.clock.utc_ns(), inside)
        self.hub.publish_counts(today)

    def _tell_slow(self) -> None:
        self._events += self._crowd.advance()
        self._events += self._views.advance()
        self._visitors = self._pipeline.people_count()
        if self._latencies_ms:
            self._latency_ms_p95 = round(float(np.percentile(self._latencies_ms, 95)), 1)
            self._worker.row.set("latency_p95_us", round(1000 * self._latency_ms_p95))
        if self._untold_since_ns is None:
            self._live = self._make_live()  # people leave the view even when nothing arrives
            self.hub.publish_live(self._live)
        self.hub.publish_health(self.health())
        self._tell_counts()

    def _keep_sums(self) -> None:
        """Keep what is summed up without an event: presence, traits, and who watched.

        While the disk refuses it goes on being summed up where it is.
        """
        if self._held.waiting:
            return
        sums, present, counts = self._pipeline.presence.take()
        if sums or present:
            self._held.put(lambda: self._writer.add_presence(sums, present))
        if counts:
            self._held.put(lambda: self._writer.add_traits(counts))
        for watched in self._availability.take():
            self._held.put(partial(self._writer.mark_available, *watched))
            self._crowd.watch(*watched)
        until = self._availability.until_mono_ns()
        self._held.put(lambda: None, lambda _: self._note_kept(until))
        self._held.flush()

    def _note_kept(self, until_mono_ns: Mapping[str, int]) -> None:
        for camera_id, mono_ns in until_mono_ns.items():
            self._kept[camera_id].set(KEPT_UNTIL, mono_ns)

    def _keep_learnt(self, *, at_once: bool = False) -> None:
        """Every five minutes; what a crash loses of it is learnt again."""
        now_ns = self.clock.monotonic_ns()
        if self._learnt_path is None or (now_ns < self._learnt_due_ns and not at_once):
            return
        self._learnt_due_ns = now_ns + _LEARNT_NS
        state = self._pipeline.learning.state()
        if state is None:
            return
        try:
            save_state(self._learnt_path, state)
        except SourceError as error:
            log.warning("%s", error)

    def _forget_old_events(self) -> None:
        oldest_ns = self.clock.utc_ns() - self._config.privacy.event_days * _NS_PER_DAY
        try:
            deleted = self._writer.delete_older_than(max(0, oldest_ns))
        except DamagedLedgerError:
            raise
        except LedgerError as error:  # in an hour again
            log.warning("old events could not be deleted: %s", error)
            return
        if deleted:
            log.info("old events deleted", extra={"events": deleted})


def _require_alive(alive: bool, what: str) -> None:
    if not alive:
        raise ServiceUnavailableError(f"{what} has ended by itself.", "Read the log lines above.")
