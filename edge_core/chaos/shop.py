"""A private copy of the edge service on a temporary folder, with everything around it simulated.

The site's own ledger, configuration and ports are never touched: this is a site of its own, with
its own two cameras and reader on loopback, each behind a cable that can be cut.
"""

import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, Self

import psutil
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from edge_core.chaos.cameras import ClipServer, film
from edge_core.chaos.proxy import TcpProxy
from edge_core.chaos.small_disk import SmallDisk
from edge_core.clock import SHIFT_FILE
from edge_core.errors import PromenadeError, ServiceUnavailableError
from edge_core.service.client import EdgeClient, MessageKind, StreamMessage
from edge_core.service.demo import free_port, mall_folder
from edge_core.service.live_feed import LiveFeed
from edge_core.service.schema import HealthView, WorkerView
from edge_core.simulator.rfid import ReaderThread, rail_world
from edge_core.sync.device_key import DeviceKey, new_secret

CAMERAS: Final = ("door", "aisle")
TAGS: Final = 8
_CLIP_S: Final = 8.0
_POLL_S: Final = 0.05
_START_S: Final = 180.0
_SITE: Final = """
[site]
id = "chaos"
name = "Private copy"
[privacy]
pack = "none"
[[floors]]
id = "ground"
name = "Ground floor"
outline_m = [[0, 0], [5, 0], [5, 5], [0, 5]]
[[zones]]
id = "coats"
name = "Coats"
floor = "ground"
polygon_m = [[0, 0], [5, 0], [5, 5], [0, 5]]
[service]
port = {port}
[hub]
url = "https://hub.promenade.invalid:8470"
every_s = 1
[[readers]]
id = "rail"
host = "127.0.0.1"
port = {reader}
keepalive_s = 0.5
"""
_ANTENNA: Final = """
[[readers.antennas]]
number = {}
zone = "coats"
"""
_CAMERA: Final = """
[[cameras]]
id = "{id}"
source = "http://127.0.0.1:{port}/{id}.mjpg"
fps = 8
max_resolution_px = [640, 360]
"""
_LINE: Final = """
[[lines]]
id = "{id}"
name = "{id}"
camera = "{camera}"
start_px = [{x}, 0]
end_px = [{x}, 360]
picture_px = [640, 360]
"""


class NotWithinError(PromenadeError):
    """What was waited for did not come."""


def until(condition: Callable[[], Any], seconds: float, what: str) -> float:
    """Wait for a condition; returns the seconds it took. Raises NotWithinError."""
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        if condition():
            return time.monotonic() - began
        time.sleep(_POLL_S)
    raise NotWithinError(f"not within {seconds:.0f} s: {what}", "See the private service's log.")


class PrivateShop:
    """The service and what surrounds it; a context manager.

    Args:
        seed: of the simulated shoppers and the reader.

    Attributes:
        cables: by camera id, and `rail` for the reader.
        disk: what the service writes to.
        told: ids of events that a client was told of.
    """

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._stack = ExitStack()
        self.cables: dict[str, TcpProxy] = {}
        self.told = set[int]()
        self._told_turn = threading.Lock()
        self.process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            folder = Path(stack.enter_context(TemporaryDirectory(prefix="promenade-chaos-")))
            self.disk = stack.enter_context(SmallDisk(folder / "disk"))
            pictures = film(mall_folder("shop"), CAMERAS[0], _CLIP_S, self._seed)
            ports = {it: stack.enter_context(ClipServer(pictures)).port for it in CAMERAS}
            world = rail_world(TAGS, seed=self._seed)
            ports["rail"] = stack.enter_context(ReaderThread(world, seed=self._seed)).port
            for name, port in ports.items():
                self.cables[name] = stack.enter_context(TcpProxy(port))
            self._log = folder / "edge.log"
            self._shift = folder / "clock"
            self._shift.write_bytes(bytes(8))
            self.site = self._write_site()
            stack.callback(self.stop)
            feed = LiveFeed(self.url, on_message=self._note, longest_retry_s=0.5)
            stack.callback(feed.stop)
            self.start()
            feed.start()
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def _write_site(self) -> Path:
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        text = _SITE.format(port=port, reader=self.cables["rail"].port)
        text += "".join(_ANTENNA.format(number) for number in (1, 2, 3, 4))
        for camera in CAMERAS:
            text += _CAMERA.format(id=camera, port=self.cables[camera].port)
            text += "".join(
                _LINE.format(id=f"{camera}-{place}", camera=camera, x=640 * place // 8)
                for place in range(1, 8)
            )
        path = self.disk.folder / "site.toml"
        path.write_text(text, encoding="utf-8")
        signer = Ed25519PrivateKey.generate().public_key().public_bytes_raw().hex()
        url = "https://hub.promenade.invalid:8470"
        DeviceKey(url, "chaos", "pc", signer, new_secret()).save(path.with_name("hub.key"))
        return path

    def _note(self, message: StreamMessage) -> None:
        if message.kind is MessageKind.EVENT and message.event_id is not None:
            with self._told_turn:
                self.told.add(message.event_id)

    def start(self) -> None:
        """Start it; see `watching`."""
        command = [sys.executable, "-m", "edge_core", "edge", "--site", str(self.site)]
        with self._log.open("ab") as sink:
            self.process = subprocess.Popen(
                command,
                stdout=sink,
                stderr=sink,
                env=os.environ | {SHIFT_FILE: str(self._shift)},
                start_new_session=True,
            )

    def stop(self) -> None:
        """End it in order; kill what does not follow."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.kill_all()

    def kill_all(self) -> None:
        """What a power cut does to the processes."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()

    def log_end(self) -> str:
        """The last lines it logged."""
        return self._log.read_text(errors="replace")[-1500:]

    def health(self) -> HealthView | None:
        """How it is; None while it does not answer."""
        with EdgeClient(self.url) as client:
            try:
                return client.health()
            except ServiceUnavailableError:
                return None

    def tags(self) -> int:
        """Tags in view; 0 while it does not answer."""
        with EdgeClient(self.url) as client:
            try:
                return len(client.tags().tags)
            except ServiceUnavailableError:
                return 0

    def sees(self, camera: str) -> bool:
        """Whether pictures of a camera are looked at just now."""
        health = self.health()
        it = next((it for it in health.cameras if it.id == camera), None) if health else None
        return (
            it is not None
            and it.state == "streaming"
            and it.processed_fps > 0
            and (it.frame_age_s if it.frame_age_s is not None else 9.0) < 1.0
        )

    def watching(self) -> float:
        """Wait until cameras are seen and tags are read; returns how long it took."""
        return until(
            lambda: all(map(self.sees, CAMERAS)) and self.tags() > 0,
            _START_S,
            f"cameras and reader\n{self.log_end()}",
        )

    def worker(self, name: str) -> WorkerView | None:
        """One process as the health tells it."""
        health = self.health()
        return next((it for it in health.workers if it.name == name), None) if health else None

    def processes(self) -> list[psutil.Process]:
        """All of the service's."""
        if self.process is None:
            return []
        parent = psutil.Process(self.process.pid)
        return [parent, *parent.children(recursive=True)]

    def shift_clock(self, hours: float) -> None:
        """Let the service's UTC be so far ahead of the machine's from now on."""
        told = round(hours * 3600e9).to_bytes(8, "little", signed=True)
        with self._shift.open("r+b") as file:
            file.write(told)

    def told_so_far(self) -> set[int]:
        """Ids of events that a client was told of."""
        with self._told_turn:
            return set(self.told)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows of the ledger, read beside the service."""
        path = self.site.with_name("promenade.db")
        with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as connection:
            return connection.execute(sql).fetchall()

    def kept(self) -> set[int]:
        """Ids of events in the ledger."""
        return {row[0] for row in self.rows("SELECT id FROM events")}

    def ledger_is_sound(self) -> bool:
        """Whether SQLite finds no fault."""
        return self.rows("PRAGMA integrity_check") == [("ok",)]

    def newest(self) -> int:
        """Id of the newest event in the ledger; 0 before the first."""
        return int(self.rows("SELECT coalesce(max(id), 0) FROM events")[0][0])
