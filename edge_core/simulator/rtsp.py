"""Video files served as RTSP cameras on loopback, by GStreamer under Debian's own Python.

GStreamer's server comes as a Debian package, not from PyPI: measuring and testing need it, the
running product does not.
"""

import subprocess
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from edge_core.errors import SourceError

PYTHON: Final = Path("/usr/bin/python3")
PACKAGES: Final = (
    "python3-gi gir1.2-gst-rtsp-server-1.0 gstreamer1.0-plugins-base gstreamer1.0-plugins-good"
)
_SCRIPT: Final = """
import sys
import gi
gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer
port, *mounts = sys.argv[1:]
Gst.init(None)
server = GstRtspServer.RTSPServer(address="127.0.0.1", service=port)
for mount, path in zip(mounts[::2], mounts[1::2]):
    factory = GstRtspServer.RTSPMediaFactory()
    factory.set_launch(
        f'( filesrc location="{path}" ! qtdemux ! rtph264pay name=pay0 pt=96 config-interval=1 )'
    )
    server.get_mount_points().add_factory(mount, factory)
if server.attach(None) == 0:
    sys.exit(f"port {port} is taken")
print("ready", flush=True)
GLib.MainLoop().run()
"""


def can_serve() -> bool:
    """Whether Debian's Python and GStreamer's RTSP server are installed."""
    asked = [str(PYTHON), "-c", "import gi; gi.require_version('GstRtspServer', '1.0')"]
    return PYTHON.exists() and subprocess.run(asked, capture_output=True).returncode == 0


class RtspServer:
    """Serves MP4 files of H.264 video, each under its own path, from its start to every client.

    Leaving it as a context manager stops it.

    Args:
        port: on 127.0.0.1.
    """

    def __init__(self, port: int) -> None:
        self._port = port
        self._process: subprocess.Popen[str] | None = None

    @property
    def pid(self) -> int:
        """Its process, while it serves."""
        assert self._process is not None
        return self._process.pid

    def url(self, mount: str) -> str:
        """The address of one of its files."""
        return f"rtsp://127.0.0.1:{self._port}{mount}"

    def serve(self, files: Mapping[str, Path]) -> None:
        """Begin; returns once it listens.

        Args:
            files: path of the address, with its slash -> file.

        Raises:
            SourceError: GStreamer is missing, or the port is taken.
        """
        if not can_serve():
            raise SourceError(
                "GStreamer's RTSP server is not installed.", f"Run: apt-get install {PACKAGES}"
            )
        mounts = [str(part) for pair in files.items() for part in pair]
        command = [str(PYTHON), "-c", _SCRIPT, str(self._port), *mounts]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        if self._process.stdout.readline() != "ready\n":
            self.stop()
            raise SourceError(f"No RTSP server on port {self._port}.", "Choose a free port.")

    def stop(self) -> None:
        """End it; may be called twice."""
        if self._process is None:
            return
        self._process.kill()
        self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()
        self._process = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
