"""A live scene: its cameras as MJPEG over HTTP on loopback, and its truth as JSON.

/cameras/<id>.mjpg   multipart/x-mixed-replace, as network cameras serve it
/cameras/<id>.jpg    the newest picture
/truth.json          crossings so far and who is where now
/items.json          what was done to garments, and who is where now

Sites with RFID readers have emulated ones too, which read the garments that its people handle.
"""

import json
import threading
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import cv2
import numpy as np

from edge_core.errors import SourceError
from edge_core.simulator.handling import Garment
from edge_core.simulator.readers import ReaderSite, ReadersProcess, antennas_of
from edge_core.simulator.rfid import Room
from edge_core.simulator.rfid.played import Shot
from edge_core.simulator.scene import Scene, load_scene
from edge_core.simulator.stock import read_stock, tilts
from edge_core.simulator.world import Cameras, World

_BOUNDARY = "promenade-frame"
_QUALITY = 88
_WARM_UP_S = 30.0
_WARM_UP_STOCK_S = 120.0


@dataclass
class _Feed:
    """The newest picture of one camera, shared by all who watch it."""

    jpeg: bytes = b""
    number: int = 0
    watchers: int = 0
    due_s: float = 0.0


class MallServer:
    """A scene stepped in real time, with its cameras served over HTTP.

    Use as a context manager, or call `start` and `stop`. Only cameras that somebody watches are
    rendered, each once per tick however many watch.

    Args:
        site_dir: folder with `site.toml` and `scene.toml`.
        host: address to listen on.
        port: port, 0 = any free one.
        seed: of the crowd and the textures.
        fps: pictures per second; None = as site.toml says for each camera.
        warm_up_s: simulated before the stream begins; None = half a minute, and longer where there
            are garments, so that some are in fitting rooms.

    Raises:
        ConfigError: the site's files are wrong.
        SourceError: the port is taken.
    """

    def __init__(
        self,
        site_dir: Path,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        seed: int = 0,
        fps: float | None = None,
        warm_up_s: float | None = None,
    ) -> None:
        self.scene = load_scene(site_dir)
        self._fps = {camera.id: fps or camera.fps for camera in self.scene.site.cameras}
        self._feeds = {camera_id: _Feed() for camera_id in self._fps}
        self._changed = threading.Condition()
        self._world_lock = threading.Lock()
        self._stopping = threading.Event()
        self._started_utc_ns = 0
        try:
            self._http = _Server((host, port), self)
        except OSError as error:
            raise SourceError(
                f"The simulator cannot listen on {host}:{port}: {error.strerror}.",
                "Stop what uses the port, or let it choose one with port 0.",
            ) from None
        # Drawn after the port is sure, as it takes seconds.
        self._cameras = Cameras(self.scene, seed)
        stock = read_stock(self.scene, site_dir)
        if warm_up_s is None:
            warm_up_s = _WARM_UP_S if not stock else _WARM_UP_STOCK_S
        self._world = World(self.scene, seed, warm_up_s, stock, self._tell_readers)
        self._readers: ReadersProcess | None = None
        if self._world.trade is not None:
            site = _reader_site(self.scene, stock, seed)
            self._readers = ReadersProcess(site, self._world.trade.shot(self._world.people(), 0.0))
        self._running = ExitStack()
        self._threads = [
            threading.Thread(target=self._run, name="simulator", daemon=True),
            threading.Thread(
                target=self._http.serve_forever, args=(0.05,), name="simulator-http", daemon=True
            ),
        ]

    @property
    def base_url(self) -> str:
        """Address of the server, without a slash at the end."""
        host, port = self._http.server_address[:2]
        return f"http://{host!s}:{port}"

    def source_urls(self) -> dict[str, str]:
        """Camera id -> address of its stream."""
        return {camera_id: stream_url(self.base_url, camera_id) for camera_id in self._feeds}

    def reader_ports(self) -> dict[str, int]:
        """Reader id -> port of its emulator on this machine; once started."""
        return dict(self._readers.ports) if self._readers is not None else {}

    def start(self) -> Self:
        """Begin stepping and serving.

        Raises:
            SourceError: the readers do not start.
        """
        if self._readers is not None:
            self._running.enter_context(self._readers)
        self._started_utc_ns = time.time_ns()
        for thread in self._threads:
            thread.start()
        return self

    def stop(self) -> None:
        """End every stream and wait for the threads."""
        self._stopping.set()
        with self._changed:
            self._changed.notify_all()
        self._http.shutdown()
        for thread in self._threads:
            thread.join()
        self._http.server_close()
        self._running.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def truth(self) -> dict[str, Any]:
        """What `/truth.json` says: everything of the log, and who is where now."""
        with self._world_lock:
            return self._heading() | self._world.log.as_json()

    def items(self) -> dict[str, Any]:
        """What `/items.json` says: everything that was done to garments."""
        with self._world_lock:
            trade = self._world.trade
            said = trade.as_json() if trade is not None else None
            return self._heading() | {"t_s": self._world.time_s, "items": said}

    def _heading(self) -> dict[str, Any]:
        people = [
            {
                "person": p.number,
                "x_m": round(p.position_m[0], 3),
                "y_m": round(p.position_m[1], 3),
            }
            for p in self._world.people()
        ]
        return {
            "site": self.scene.site.site.id,
            "started_utc_ns": self._started_utc_ns,
            "now": people,
        }

    def watch(self, camera_id: str, change: int) -> None:
        """Count one watcher more (+1) or fewer (-1)."""
        with self._changed:
            self._feeds[camera_id].watchers += change

    def next_picture(self, camera_id: str, after: int) -> tuple[int, bytes] | None:
        """The first JPEG newer than number `after`; None when the server stops."""
        feed = self._feeds[camera_id]
        with self._changed:
            self._changed.wait_for(lambda: feed.number > after or self._stopping.is_set())
            return None if self._stopping.is_set() else (feed.number, feed.jpeg)

    def newest_number(self, camera_id: str) -> int:
        """Number of the newest picture so far, 0 before the first."""
        with self._changed:
            return self._feeds[camera_id].number

    def has_camera(self, camera_id: str) -> bool:
        """Whether there is such a camera."""
        return camera_id in self._feeds

    def _tell_readers(self, shot: Shot) -> None:
        if self._readers is not None:
            self._readers.show(shot)

    def _run(self) -> None:
        begin_s = time.monotonic()
        while not self._stopping.is_set():
            now_s = time.monotonic() - begin_s
            with self._world_lock:
                people = self._world.advance_to(now_s)
            for camera_id, feed in self._feeds.items():
                if feed.due_s > now_s or feed.watchers == 0:
                    continue
                feed.due_s = max(feed.due_s + 1 / self._fps[camera_id], now_s)
                frame = self._cameras.render(camera_id, people)
                done, jpeg = cv2.imencode(".jpg", frame.bgr, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
                if not done:
                    raise RuntimeError(f"cannot encode a picture of {camera_id}")
                with self._changed:
                    feed.jpeg, feed.number = jpeg.tobytes(), feed.number + 1
                    self._changed.notify_all()
            self._stopping.wait(self._pause_s(time.monotonic() - begin_s))

    def _pause_s(self, now_s: float) -> float:
        due = [feed.due_s for feed in self._feeds.values() if feed.watchers]
        return float(min(max(min(due, default=now_s + 0.05) - now_s, 0.001), 0.05))


def _reader_site(scene: Scene, stock: Sequence[Garment], seed: int) -> ReaderSite:
    xs, ys = zip(*scene.outline_m, strict=True)
    return ReaderSite(
        tuple(garment.epc for garment in stock),
        np.array([garment.home_m for garment in stock]),
        tilts(len(stock), seed),
        antennas_of(scene),
        Room(size_m=(max(xs), max(ys))),
        seed,
    )


def stream_url(base_url: str, camera_id: str) -> str:
    """Address of a camera's MJPEG stream."""
    return f"{base_url}/cameras/{camera_id}.mjpg"


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, address: tuple[str, int], mall: MallServer) -> None:
        self.mall = mall
        super().__init__(address, _Handler)


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.0"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        """Serve a stream, a picture or the truth."""
        path = self.path.split("?", 1)[0]
        name, _, kind = path.removeprefix("/cameras/").rpartition(".")
        try:
            if path == "/truth.json":
                body = json.dumps(self.server.mall.truth()).encode()
                self._answer("application/json", body)
            elif path == "/items.json":
                self._answer("application/json", json.dumps(self.server.mall.items()).encode())
            elif path.startswith("/cameras/") and self.server.mall.has_camera(name):
                self._watch(name, once=kind == "jpg")
            else:
                self.send_error(HTTPStatus.NOT_FOUND)
        except ConnectionError:
            # The watcher hung up; that is how every stream ends.
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as the base class
        """Say nothing: a stream is no news."""

    def _answer(self, content_type: str, body: bytes) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _watch(self, camera_id: str, *, once: bool) -> None:
        mall = self.server.mall
        mall.watch(camera_id, +1)
        try:
            number = mall.newest_number(camera_id)
            if not once:
                self.send_response(HTTPStatus.OK)
                content_type = f"multipart/x-mixed-replace; boundary={_BOUNDARY}"
                self.send_header("Content-Type", content_type)
                self.send_header("Cache-Control", "no-store")
                self.end_headers()
            while (picture := mall.next_picture(camera_id, number)) is not None:
                number, jpeg = picture
                if once:
                    self._answer("image/jpeg", jpeg)
                    return
                head = f"--{_BOUNDARY}\r\nContent-Type: image/jpeg\r\n"
                head += f"Content-Length: {len(jpeg)}\r\n\r\n"
                self.wfile.write(head.encode() + jpeg + b"\r\n")
        finally:
            mall.watch(camera_id, -1)
