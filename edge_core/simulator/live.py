"""The live simulator as a process of its own, and the site file that points at it."""

import contextlib
import multiprocessing
import signal
from collections.abc import Mapping
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from types import TracebackType
from typing import Self

import cv2

from edge_core.errors import PromenadeError, SourceError
from edge_core.simulator.scene import load_scene
from edge_core.simulator.server import MallServer, stream_url
from edge_core.simulator.siteout import site_with_sources, write_site

_START_LIMIT_S = 120.0


def live_site(
    site_dir: Path, base_url: str, out_path: Path, readers: Mapping[str, int] | None = None
) -> Path:
    """Write a copy of a site whose cameras and readers are those of a running `MallServer`.

    Args:
        site_dir: folder with `site.toml` and `scene.toml`.
        base_url: `MallServer.base_url`.
        out_path: the new site file.
        readers: `MallServer.reader_ports`; None or none leaves the readers out.
    """
    site = load_scene(site_dir).site
    sources = {camera.id: stream_url(base_url, camera.id) for camera in site.cameras}
    for table in ("products", "directory", "offers"):
        path = getattr(site.service, table)
        if path is not None:
            service = site.service.model_copy(update={table: (site_dir / path).resolve()})
            site = site.model_copy(update={"service": service})
    return write_site(out_path, site_with_sources(site, sources, readers=readers or None))


def serve_mall(
    site_dir: Path,
    host: str = "127.0.0.1",
    port: int = 0,
    *,
    seed: int = 0,
    fps: float | None = None,
    parent: Connection | None = None,
) -> None:
    """Serve a scene until told to stop; the body of a process.

    Args:
        site_dir: folder with `site.toml` and `scene.toml`.
        host: address to listen on.
        port: port, 0 = any free one.
        seed: of the crowd and the textures.
        fps: pictures per second; None = as site.toml says for each camera.
        parent: is sent the base URL and the readers' ports once the cameras answer, or the
            message and remedy of the PromenadeError that keeps them from it. Serving ends when a
            message comes or the other end closes, as it does when the parent dies. Without it,
            serving ends with an interrupt.
    """
    # The pictures are small: more threads would only take the second core from the detector.
    cv2.setNumThreads(1)
    try:
        server = MallServer(site_dir, host, port, seed=seed, fps=fps)
    except PromenadeError as error:
        if parent is None:
            raise
        parent.send(_Failed(error.message, error.remedy))
        return
    with server:
        if parent is None:
            signal.sigwait({signal.SIGINT, signal.SIGTERM})
            return
        parent.send(_Serving(server.base_url, server.reader_ports()))
        with contextlib.suppress(EOFError):
            parent.recv()


@dataclass(frozen=True, slots=True)
class _Serving:
    """Told by the process: it answers here."""

    url: str
    readers: dict[str, int]


@dataclass(frozen=True, slots=True)
class _Failed:
    """Told by the process: it cannot."""

    message: str
    remedy: str


class MallProcess:
    """A live scene in a process of its own; a context manager.

    Args:
        site_dir: folder with `site.toml` and `scene.toml`.
        seed: of the crowd and the textures.
        fps: pictures per second; None = as site.toml says for each camera.

    Raises:
        SourceError: on entering, when the scene cannot be served.
    """

    def __init__(self, site_dir: Path, *, seed: int = 0, fps: float | None = None) -> None:
        context = multiprocessing.get_context("spawn")
        self._ours, theirs = context.Pipe()
        self._process = context.Process(
            target=serve_mall,
            args=(site_dir,),
            kwargs={"seed": seed, "fps": fps, "parent": theirs},
            name="simulator",
            daemon=False,  # it has a child of its own; it ends when our end of the pipe closes
        )
        self._theirs = theirs
        self._site_dir = site_dir
        self.base_url = ""
        self._readers: dict[str, int] = {}

    @property
    def pid(self) -> int | None:
        """The process's id."""
        return self._process.pid

    def __enter__(self) -> Self:
        self._process.start()
        # Only the child may hold its end, or its death would go unnoticed.
        self._theirs.close()
        try:
            said = self._ours.recv() if self._ours.poll(_START_LIMIT_S) else None
        except EOFError:
            said = None
        if not isinstance(said, _Serving):
            self.stop()
            why = said or _Failed("The simulator did not start.", "See its messages above.")
            raise SourceError(why.message, why.remedy)
        self.base_url, self._readers = said.url, said.readers
        return self

    def write_site(self, out_path: Path) -> Path:
        """Write a site file whose cameras and readers are this process's."""
        return live_site(self._site_dir, self.base_url, out_path, self._readers)

    def stop(self) -> None:
        """End the process; kill it if it does not follow."""
        self._ours.close()
        self._process.join(5)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
