"""A proxy between a store PC and its hub that does to requests what bad networks do.

It speaks TLS on both sides. What goes wrong is drawn from a seed; what went wrong is counted.
"""

import ssl
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from random import Random

import httpx

ODDS = {
    "lost": 0.10,  # never reaches the hub
    "answer lost": 0.14,  # the hub acts, the store PC never learns
    "answer cut": 0.08,  # half of it arrives
    "doubled": 0.12,  # reaches the hub twice
    "held": 0.12,  # is lost now and reaches the hub later, after newer ones
    "refused": 0.05,  # a gateway answers 502
}
_PASSED_ON = ("authorization", "content-type", "if-none-match")


class FaultyNetwork:
    """The proxy.

    Args:
        upstream: the hub's address.
        certificate, key: what it shows to the store PC.
        ca: whose certificate the hub shows.
        seed: same seed, same faults for the same requests.

    Attributes:
        url: where it listens.
        cut: nothing gets through while set.
        odds: of each fault.
        counts: requests, and faults by kind.
    """

    def __init__(self, upstream: str, certificate: Path, key: Path, ca: Path, seed: int) -> None:
        self.cut = False
        self.odds = dict(ODDS)
        self.counts: Counter[str] = Counter()
        self._upstream = upstream
        self._context = ssl.create_default_context(cafile=str(ca))
        self._rng = Random(seed)
        self._turn = threading.Lock()
        self._held: list[tuple[str, str, bytes, dict[str, str]]] = []
        network = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                network._handle(self)

            def do_GET(self) -> None:
                network._handle(self)

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        own = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        own.load_cert_chain(certificate, key)
        self._server.socket = own.wrap_socket(self._server.socket, server_side=True)
        self._server.handle_error = lambda *_: None  # broken connections are the point
        self.url = f"https://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))
        self._thread.start()

    def close(self) -> None:
        """End."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def deliver_held(self) -> None:
        """Let what was held reach the hub now, in any order."""
        with self._turn:
            late, self._held = self._held, []
        self._rng.shuffle(late)
        for request in late:
            if self._ask(*request) is not None:
                self.counts["delivered late"] += 1

    def _handle(self, handler: BaseHTTPRequestHandler) -> None:
        length = int(handler.headers.get("content-length", 0))
        body = handler.rfile.read(length)
        headers = {name: handler.headers[name] for name in _PASSED_ON if handler.headers.get(name)}
        request = (str(handler.command), handler.path, body, headers)
        with self._turn:
            self.counts["requests"] += 1
            fault = "cut" if self.cut else self._draw()
            self.counts[fault] += 1
            if fault == "held":
                self._held.append(request)
            late = self._held.pop(0) if self._held and self._rng.random() < 0.2 else None
        if fault in ("cut", "lost", "held"):
            return
        if fault == "refused":
            self._reply(handler, 502, b"bad gateway", {})
            return
        answer = self._ask(*request)
        if fault == "doubled":
            answer = self._ask(*request) or answer
        if late is not None and self._ask(*late) is not None:
            self.counts["delivered late"] += 1
        if answer is None:
            self.counts["hub was away"] += 1
        elif fault != "answer lost":
            cut = len(answer.content) // 2 if fault == "answer cut" else None
            self._reply(handler, answer.status_code, answer.content, dict(answer.headers), cut)

    def _draw(self) -> str:
        drawn = self._rng.random()
        for fault, odds in self.odds.items():
            drawn -= odds
            if drawn < 0:
                return fault
        return "passed"

    def _ask(
        self, method: str, path: str, body: bytes, headers: dict[str, str]
    ) -> httpx.Response | None:
        try:
            with httpx.Client(verify=self._context, timeout=60, trust_env=False) as client:
                return client.request(method, self._upstream + path, content=body, headers=headers)
        except httpx.HTTPError:
            return None

    def _reply(
        self,
        handler: BaseHTTPRequestHandler,
        status: int,
        content: bytes,
        headers: dict[str, str],
        cut: int | None = None,
    ) -> None:
        handler.send_response(status)
        for name in ("content-type", "etag", "retry-after"):
            if name in headers:
                handler.send_header(name, headers[name])
        if status != 304:
            handler.send_header("content-length", str(len(content)))
        handler.end_headers()
        handler.wfile.write(content[:cut])
