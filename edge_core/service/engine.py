"""Wires the service: the one file that knows every process and what runs between them.

cameras -> capture processes -> frame rings -> vision process -> sightings -> core process
readers -> rfid process -> tag reads -> core process
"""

import logging
import secrets
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from edge_core.config import SiteConfig
from edge_core.ledger import Ledger
from edge_core.logs import LogFiles
from edge_core.privacy.daily_salt import DailySalt
from edge_core.runtime.board import HealthBoard, WorkerState
from edge_core.runtime.freed_memory import wipe_what_children_free
from edge_core.runtime.link import LinkAddress
from edge_core.runtime.parcel import Parcel
from edge_core.runtime.ring import FrameRing
from edge_core.runtime.service_manager import ServiceManager
from edge_core.runtime.stills import StillBox
from edge_core.runtime.supervisor import Supervisor
from edge_core.runtime.wake import WakeSignal
from edge_core.runtime.worker import LogSettings, WorkerContext, WorkerSpec
from edge_core.sensing.capture import CAPTURE_COUNTERS, capture_spec, make_ring
from edge_core.sensing.rfid.worker import READER_COUNTERS, RFID_WORKER, reader_row, rfid_spec
from edge_core.service.check import check_parts
from edge_core.service.desk import DeskWiring
from edge_core.service.rows import (
    CONTENT_TAKEN,
    CORE_COUNTERS,
    FORGET_ASKED,
    FORGET_TRACK,
    FORGOT,
    KEPT_UNTIL,
    MODELS,
    READY,
    SET_UP_COUNTERS,
    SET_UP_ROW,
    VISION_COUNTERS,
    capture_row,
    core_row,
    vision_row,
    vision_workers,
)
from edge_core.service.running import Running, read_running
from edge_core.service.server import Network, listen
from edge_core.service.set_up import SetUpChanges
from edge_core.service.storage import make_room, places_of

START_UP_S: Final = 90.0
"""Time for the large processes to load what they are made of, on a PC that is busy with others."""

_PROCESSES: Final = 3
"""Beside the cameras' and vision's: supervisor, core, readers."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Wiring:
    """What runs between the processes of one service.

    Attributes:
        board: health of every worker.
        rings: frames by camera id.
        wakes: what wakes the vision process that looks at a camera, by its id.
        link: where sightings and tag reads go.
        started_mono_ns: start of the service.
    """

    board: HealthBoard
    rings: Mapping[str, FrameRing]
    wakes: Mapping[str, WakeSignal]
    link: LinkAddress
    started_mono_ns: int

    @classmethod
    def of(cls, site: SiteConfig) -> "Wiring":
        """Reserve the memory a site needs.

        Raises:
            SharedMemoryFullError: there is no room for the frame rings.
        """
        rows: dict[str, tuple[str, ...]] = {"core": CORE_COUNTERS, SET_UP_ROW: SET_UP_COUNTERS}
        wakes: dict[str, WakeSignal] = {}
        for name, cameras in vision_workers(site).items():
            rows[name] = (READY, MODELS)
            wakes |= dict.fromkeys(cameras, WakeSignal())
        for camera in site.cameras:
            rows[capture_row(camera.id)] = CAPTURE_COUNTERS
            rows[vision_row(camera.id)] = (*VISION_COUNTERS, FORGOT)
            rows[core_row(camera.id)] = (KEPT_UNTIL, FORGET_ASKED, FORGET_TRACK)
        if site.readers:
            rows[RFID_WORKER] = ()
        for reader in site.readers:
            rows[reader_row(reader.id)] = READER_COUNTERS
        rings = {camera.id: make_ring(camera) for camera in site.cameras}
        return cls(HealthBoard(rows), rings, wakes, LinkAddress.make(), time.monotonic_ns())


def sensing_workers(
    site: SiteConfig, folder: Path, wiring: Wiring, stills: StillBox | None = None
) -> list[WorkerSpec]:
    """One capture process per camera and the vision processes.

    Args:
        site: the site's settings.
        folder: what paths of video files are relative to.
        wiring: what the processes share.
        stills: where stills for the set-up are asked for.
    """
    captures = [
        capture_spec(camera, wiring.rings[camera.id], wiring.wakes[camera.id], folder, stage=2)
        for camera in site.cameras
    ]
    looking = []
    for name, cameras in vision_workers(site).items():
        rings = {camera_id: wiring.rings[camera_id] for camera_id in cameras}
        seen = (Parcel(site, "site"), rings, wiring.wakes[cameras[0]], wiring.link, stills)
        looking.append(
            WorkerSpec(name, _vision, seen, stage=1, startup_grace_s=START_UP_S, gives_way=True)
        )
    return [*captures, *looking]


def reader_workers(site: SiteConfig, folder: Path, wiring: Wiring) -> list[WorkerSpec]:
    """One process for all RFID readers; none where there are none. See `sensing_workers`."""
    if not site.readers:
        return []
    return [rfid_spec(site.readers, folder, wiring.link, stage=1)]


# The targets import their stage in the new process only: the supervisor stays small.


def _vision(worker: WorkerContext, *args: Any) -> None:
    from edge_core.service.vision_worker import run_vision

    run_vision(worker, *args)


def _core(worker: WorkerContext, *args: Any) -> None:
    from edge_core.service.core_worker import run_core

    run_core(worker, *args)


def _under_policy(site: SiteConfig, running: Running) -> SiteConfig:
    """The site file's settings with what the hub is stricter in."""
    policy = {"privacy": running.site.privacy, "attributes": running.site.attributes}
    return site.model_copy(update=policy)


def log_files(site: SiteConfig, folder: Path) -> LogFiles | None:
    """Where a process of a site logs, a share of what all may take; None = the journal alone.

    Args:
        site: its settings.
        folder: of site.toml.
    """
    if site.storage.logs is None:
        return None
    processes = len(site.cameras) + len(vision_workers(site)) + _PROCESSES
    return LogFiles(folder / site.storage.logs, site.storage.log_mb * 1_000_000 // processes)


class EdgeService:
    """The edge service of one store PC.

    Args:
        site: its settings.
        site_file: where they were read; relative paths start in its folder.
        log_style: `json` or `text`.
        add_pages: module-level function that adds the operator's pages; see `run_core`.

    Raises:
        ConfigError: a calibration or model named by the settings is of no use; nothing was
            started.
        SourceError: the table of products or the coupons' key cannot be read; nothing was started.
        LedgerError: the ledger cannot be opened; nothing was started.
        SharedMemoryFullError: no room for the frame rings; nothing was started.
        PromenadeError: the API's port is taken; nothing was started.
    """

    def __init__(
        self,
        site: SiteConfig,
        site_file: Path,
        *,
        log_style: str = "json",
        add_pages: Callable[..., None] | None = None,
    ) -> None:
        self._folder = site_file.resolve().parent
        check_parts(site)
        read_running(site, self._folder)
        self._site = site
        self._wiring = Wiring.of(site)
        self._desk = DeskWiring(site_file, StillBox([camera.id for camera in site.cameras]))
        for went in make_room(places_of(site, self._folder), site.storage.spare_mb * 1_000_000):
            log.warning("given up for want of room: %s", went)
        # Told at once and once, instead of by a core process that fails over and over. A long
        # check or migration is also done here, where no start-up grace runs out.
        Ledger(self._folder / site.service.ledger, timezone=site.site.timezone).close()
        self._listening = listen(site.service.host, site.service.port)
        self._network = Network.of(site.access, self._folder)
        self._add_pages = add_pages
        self._salt = DailySalt(secrets.token_bytes(32), time.time_ns())
        self._content_taken = 0
        self._set_up = SetUpChanges(site, self._wiring.board, site_file)
        self._supervisor = Supervisor(
            self._workers(site),
            self._wiring.board,
            logs=LogSettings(style=log_style, files=log_files(site, self._folder)),
        )

    def _workers(self, site: SiteConfig) -> list[WorkerSpec]:
        running = read_running(site, self._folder)
        self._policy = (running.site.privacy, running.site.attributes)
        core = WorkerSpec(
            "core",
            _core,
            (
                Parcel(running, "settings, stores and products"),
                self._folder / site.service.ledger,
                self._listening,
                self._wiring.link,
                self._wiring.started_mono_ns,
                self._salt,
                self._desk,
                self._network,
                self._add_pages,
            ),
            stage=0,
            startup_grace_s=START_UP_S,
        )
        return [
            core,
            *sensing_workers(
                _under_policy(site, running), self._folder, self._wiring, self._desk.stills
            ),
            *reader_workers(site, self._folder, self._wiring),
        ]

    def _follow_set_up(self) -> None:
        """Run by the site file when the set-up page has changed it."""
        self._salt.at(time.time_ns())  # a core that is started anew gets no salt of days long over
        if self._content_taken != (newest := self._wiring.board.row(SET_UP_ROW).get(CONTENT_TAKEN)):
            self._content_taken = newest
            log.info("the hub's content has changed; the core process begins anew with it")
            before, workers = self._policy, self._workers(self._site)
            stricter = before != self._policy
            looking = vision_workers(self._site) if stricter else ()
            self._renew(workers, ("core", *looking))
        taken = self._set_up.take()
        if taken is None:
            return
        self._site, concerned = taken
        log.info("the set-up has changed; starting anew: %s", ", ".join(concerned))
        self._renew(self._workers(self._site), concerned)

    def _renew(self, workers: Sequence[WorkerSpec], concerned: Collection[str]) -> None:
        for spec in workers:
            if spec.name in concerned:
                self._supervisor.renew(spec)

    @property
    def url(self) -> str:
        """Address of the local API and of the operator page."""
        host, port = self._listening.getsockname()[:2]
        return f"http://{f'[{host}]' if ':' in host else host}:{port}"

    def run(self) -> None:
        """Run until told to stop.

        Raises:
            WorkerFailedError: a worker the service cannot do without could not be kept alive.
        """
        log.info("the edge service starts at %s", self.url)
        if self._network is not None:
            host, port = self._network.listening.getsockname()[:2]
            log.info("the operator's pages answer the network at https://%s:%d", host, port)
        if not wipe_what_children_free():
            log.info("this system cannot overwrite memory as it is freed")
        manager = ServiceManager.of()

        def each_step() -> None:
            self._follow_set_up()
            manager.alive()
            if self._works:
                manager.ready()

        with self._listening:
            self._supervisor.run(each_step=each_step)

    @property
    def _works(self) -> bool:
        """Whether the API answers and vision looks; cameras may still be out of reach."""
        names = ("core", *vision_workers(self._site))
        rows = (self._wiring.board.row(name) for name in names)
        return all(row.state is WorkerState.RUNNING for row in rows)
