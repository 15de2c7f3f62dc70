"""A small but real bundle, a channel served over TLS, and what restarts programs in tests."""

import importlib.util
import os
import socket
import ssl
import stat
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from edge_core.hub.own_ca import own_certificate

PROGRAM = """#!{python} -ISE
import os, signal, socket, sys, time
from pathlib import Path
here = Path(__file__).parent
version, way = (here / "_internal/version").read_text().split("\\n")[:2]
begun = time.monotonic()
if way == "does-not-start":
    sys.exit("no libmissing.so")
server = socket.create_server(("127.0.0.1", int(sys.argv[1])))
while True:
    peer, _ = server.accept()
    with peer:
        if not peer.recv(4096).startswith(b"GET /health "):
            continue
        up = time.monotonic() - begun
        if way == "hangs":
            time.sleep(3600)
        if way == "crashes" and up > 0.2:
            sys.exit(3)
        status = "down" if way == "unhealthy" else "ok"
        body = '{{"status":"%s","version":"%s","uptime_s":%f,"workers":[]}}' % (status, version, up)
        peer.sendall(b"HTTP/1.0 200 OK\\r\\n\\r\\n" + body.encode())
"""


def make_bundle(folder: Path, version: str, way: str = "works") -> Path:
    """What PyInstaller makes, in small: a program, what it needs, a large library, links."""
    inner = folder / "_internal"
    inner.mkdir(parents=True)
    program = folder / "promenade"
    program.write_text(PROGRAM.format(python=sys.executable))
    program.chmod(0o755)
    (inner / "version").write_text(f"{version}\n{way}\n")
    (inner / "libshared.so.1").write_bytes(bytes(range(256)) * 400)
    (inner / "libshared.so").symlink_to("libshared.so.1")
    (inner / "noise.bin").write_bytes(_noise())
    (inner / "empty").touch()
    return folder


@cache
def _noise() -> bytes:
    return os.urandom(40_000)  # the same in all versions, and not to be made smaller


def maker():
    """packaging/release.py as a module."""
    path = Path(__file__).parents[3] / "packaging" / "release.py"
    spec = importlib.util.spec_from_file_location("promenade_release", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules["promenade_release"] = module
    spec.loader.exec_module(module)
    return module


class ChannelServer:
    """Hands a folder out over TLS; knows ranges, and breaks off on request.

    Attributes:
        cut_after: bytes of an archive's body that are sent before the line breaks; None = all.
        asked: requests, as (path, range).
    """

    def __init__(self, folder: Path, certificates: Path) -> None:
        self.folder, self.cut_after, self.asked = folder, None, []
        certificates.mkdir(exist_ok=True)
        certificate, key = own_certificate(certificates, ["127.0.0.1"], datetime.now(UTC))
        self.ca = certificates / "ca.pem"
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                outer.answer(self)

            def log_message(self, *_):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._server.handle_error = lambda *_: None  # clients that break off are no news
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.url = f"https://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(
            target=self._server.serve_forever, args=(0.02,), daemon=True
        )
        self._thread.start()

    def answer(self, handler) -> None:
        path = self.folder / handler.path.lstrip("/")
        wanted = handler.headers.get("range", "")
        self.asked.append((path.name, wanted))
        if not path.is_file():
            handler.send_error(404)
            return
        data = path.read_bytes()
        begin = int(wanted.removeprefix("bytes=").removesuffix("-")) if wanted else 0
        handler.send_response(206 if begin else 200)
        if begin:
            handler.send_header("content-range", f"bytes {begin}-{len(data) - 1}/{len(data)}")
        handler.send_header("content-length", str(len(data) - begin))
        handler.end_headers()
        body = data[begin:]
        if self.cut_after is not None and path.suffix == ".xz":
            body = body[: self.cut_after]
            handler.close_connection = True
        handler.wfile.write(body)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class ProcessServices:
    """Runs the current version's program and starts it again when it ends, as systemd does."""

    def __init__(self, root: Path, most_starts: int = 4) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.starts, self._root, self._most = [], root, most_starts
        self._thread, self._process = None, None
        self._stopping = threading.Event()

    def start(self) -> None:
        self._stopping.clear()
        self.starts.append(0)
        self._thread = threading.Thread(target=self._keep_running, daemon=True)
        self._thread.start()

    def _keep_running(self) -> None:
        while not self._stopping.is_set() and self.starts[-1] < self._most:
            self.starts[-1] += 1
            program = [self._root / "current" / "promenade", str(self.port)]
            self._process = subprocess.Popen(program, stderr=subprocess.DEVNULL)
            while self._process.poll() is None and not self._stopping.wait(0.01):
                pass
            self._process.kill()
            self._process.wait()

    def stop(self) -> None:
        self._stopping.set()
        if self._thread is not None:
            self._thread.join()

    def gave_up(self) -> str:
        ended = self._thread is not None and not self._thread.is_alive()
        return "it ended too often" if ended and self.starts[-1] >= self._most else ""


def wait_for(condition, seconds: float = 120.0):
    """Until a condition holds; returns what it gave."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        time.sleep(0.01)
    raise AssertionError("it never came to be")


def modes(folder: Path) -> dict[str, int]:
    return {
        it.relative_to(folder).as_posix(): stat.S_IMODE(it.lstat().st_mode)
        for it in folder.rglob("*")
    }
