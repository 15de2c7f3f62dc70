"""The core process: sightings and tag reads in; events, live state and the local API out."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from fastapi import FastAPI

from edge_core.clock import Clock, SystemClock
from edge_core.heap import steady_heap
from edge_core.ledger import Ledger
from edge_core.privacy.daily_salt import DailySalt
from edge_core.runtime.link import LinkAddress, RecordReceiver
from edge_core.runtime.worker import WorkerContext
from edge_core.service.api import create_app
from edge_core.service.core import Core
from edge_core.service.desk import DeskWiring, OperatorDesk
from edge_core.service.item_pipeline import ItemPipeline
from edge_core.service.past import Past
from edge_core.service.presence import FloorPlans
from edge_core.service.running import Running
from edge_core.service.server import ApiServer, Network
from edge_core.service.storage import places_of
from edge_core.service.views import ServiceState

AddPages = Callable[[FastAPI, ServiceState, OperatorDesk], None]
"""Adds pages to the API's app before it serves."""


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
    with open_core(
        worker, running, ledger_path, SystemClock(), service_started_mono_ns, salt
    ) as core:
        core.bound_storage(places_of(running.site, running.folder))
        core.link_hub(running)
        app = create_app(core)
        if add_pages is None:
            network = None  # without the pages' guard nothing may be open to a network
        else:
            add_pages(app, core, OperatorDesk(desk, running.own, worker.board, core.antenna_rates))
        serve_core(core, app, RecordReceiver(link), listening, network)


@contextmanager
def open_core(
    worker: WorkerContext,
    running: Running,
    ledger_path: Path,
    clock: Clock,
    service_started_mono_ns: int,
    salt: DailySalt,
) -> Iterator[Core]:
    """A core on its ledger, which goes on from what earlier lives left beside it; see `run_core`.

    Raises:
        LedgerError: the ledger cannot be opened.
        ModelError: the model of tag motion is missing or altered.
    """
    steady_heap()
    site, parts = running.site, running.parts
    with (
        # Every event was looked at when the service started.
        Ledger(ledger_path, timezone=site.site.timezone, check_seals=False) as ledger,
        ledger.reader() as reader,
        # A page about a year must not keep the live screens waiting for their turn.
        ledger.reader() as past_reader,
    ):
        items = ItemPipeline(site, parts.products, salt)
        past = Past.of(site, FloorPlans(site), past_reader, parts.products)
        core = Core(
            worker, site, ledger, reader, clock, service_started_mono_ns, parts, items, past
        )
        core.remember(ledger_path.with_name(f"{ledger_path.stem}.learnt.json"))
        core.open_guide(parts.directory, ledger_path.with_suffix(".closures.json"))
        yield core


def serve_core(
    core: Core,
    app: FastAPI,
    receiver: RecordReceiver,
    listening: socket.socket,
    network: Network | None = None,
) -> None:
    """Run a core behind its API until its worker shall stop; see `run_core`."""
    server = ApiServer(app, core.hub, listening, network)
    server.start()
    try:
        core.run(receiver, lambda: server.alive)
    finally:
        receiver.close()
        core.unlink_hub()
        server.stop()
