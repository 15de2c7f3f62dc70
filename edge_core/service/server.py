"""Serving the API from a thread of the core process."""

import os
import socket
import threading
from typing import Final

import uvicorn
from fastapi import FastAPI

from edge_core.errors import PromenadeError, ServiceUnavailableError
from edge_core.service.stream import StreamHub

_SEND_BUFFER_BYTES: Final = 64 * 1024
_GRACE_S: Final = 2


class ApiServer:
    """Runs the app on a listening socket until `stop`.

    Args:
        app: see `create_app`.
        hub: the same that the app's state has; closed first, for streams never end by themselves.
        listening: see `listen`; closed when the server stops.

    Attributes:
        url, port: where it answers.
    """

    def __init__(self, app: FastAPI, hub: StreamHub, listening: socket.socket) -> None:
        self._hub = hub
        self._socket = listening
        host, self.port = listening.getsockname()[:2]
        self.url = f"http://{f'[{host}]' if ':' in host else host}:{self.port}"
        self._server = uvicorn.Server(
            uvicorn.Config(
                app,
                log_config=None,
                access_log=False,
                timeout_graceful_shutdown=_GRACE_S,
                lifespan="on",
            )
        )
        self._thread = threading.Thread(target=self._serve, name="api", daemon=True)

    def start(self) -> None:
        """Begin to serve; connections made at once are answered as soon as the app is up."""
        self._thread.start()

    @property
    def alive(self) -> bool:
        """Whether the serving thread runs."""
        return self._thread.is_alive()

    def stop(self, timeout_s: float = 5.0) -> None:
        """End the streams, finish what is being answered, and close the connections.

        Raises:
            ServiceUnavailableError: the thread did not end in time.
        """
        self._hub.close()
        self._server.should_exit = True
        if self._thread.ident is not None:
            self._thread.join(timeout_s)
        self._socket.close()
        if self._thread.is_alive():
            raise ServiceUnavailableError(
                f"The API at {self.url} did not stop within {timeout_s:g} s.", "End its process."
            )

    def _serve(self) -> None:
        self._server.run(sockets=[self._socket])


def listen(host: str, port: int) -> socket.socket:
    """A listening socket for `ApiServer`.

    Args:
        host: a loopback name.
        port: 0 for any free one.

    Raises:
        PromenadeError: the port is taken.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    if os.name == "posix":  # on Windows the option would let two programs share the port
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    # Inherited by every connection: what waits here for a slow screen is stale before it is read.
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER_BYTES)
    try:
        listening.bind((host, port))
        listening.listen(128)
    except OSError as error:
        listening.close()
        raise PromenadeError(
            f"The local API cannot listen on {host} port {port}: {error.strerror}.",
            "Stop the other program, or set another `port` under [service] in site.toml.",
        ) from error
    return listening
