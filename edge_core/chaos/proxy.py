"""A cable that can be cut or go silent: TCP from a port of its own to another one."""

import socket
import threading
from contextlib import suppress
from typing import Final, Self

_CHUNK: Final = 65_536


class TcpProxy:
    """Forwards connections while entered.

    Args:
        port: on this machine, where connections are forwarded to.

    Attributes:
        port: where it listens.
    """

    def __init__(self, port: int) -> None:
        self._upstream = port
        self._flows = threading.Event()
        self._flows.set()
        self._refuses = False
        self._closing = False
        self._turn = threading.Lock()
        self._open = set[socket.socket]()
        self._threads: list[threading.Thread] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self._accepting = threading.Thread(target=self._accept, name="chaos-proxy")

    def stall(self) -> None:
        """Forward nothing; connections stay open and new ones are taken."""
        self._flows.clear()

    def cut(self) -> None:
        """End every connection and refuse new ones, as an unplugged device does."""
        self._refuses = True
        self._end_all()

    def heal(self) -> None:
        """As before."""
        self._refuses = False
        self._flows.set()

    def __enter__(self) -> Self:
        self._accepting.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing = True
        self._flows.set()
        with suppress(OSError):  # not every system ends an accept with its socket
            socket.create_connection(("127.0.0.1", self.port), 1).close()
        self._accepting.join()
        self._listening.close()
        self._end_all()
        for thread in self._threads:
            thread.join()

    def _end_all(self) -> None:
        with self._turn:
            for it in self._open:
                with suppress(OSError):
                    it.shutdown(socket.SHUT_RDWR)

    def _accept(self) -> None:
        while True:
            near, _ = self._listening.accept()
            if self._closing:
                near.close()
                return
            if self._refuses:
                near.close()
                continue
            self._threads = [it for it in self._threads if it.is_alive()]
            thread = threading.Thread(target=self._join, args=(near,), name="chaos-proxy-join")
            thread.start()
            self._threads.append(thread)

    def _join(self, near: socket.socket) -> None:
        try:
            far = socket.create_connection(("127.0.0.1", self._upstream), 5)
        except OSError:
            near.close()
            return
        far.settimeout(None)
        with self._turn:
            self._open |= {near, far}
        back = threading.Thread(target=self._pump, args=(far, near), name="chaos-proxy-pump")
        back.start()
        self._pump(near, far)
        back.join()
        with self._turn:
            self._open -= {near, far}
        near.close()
        far.close()

    def _pump(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(_CHUNK):
                self._flows.wait()
                sink.sendall(data)
        for it in (source, sink):
            with suppress(OSError):
                it.shutdown(socket.SHUT_RDWR)
