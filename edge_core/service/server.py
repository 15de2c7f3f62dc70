"""Serving the API from a thread of the core process."""

import asyncio
import os
import socket
import ssl
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import uvicorn
from fastapi import FastAPI

from edge_core.config import AccessConfig
from edge_core.errors import PromenadeError, ServiceUnavailableError
from edge_core.service.stream import StreamHub

_SEND_BUFFER_BYTES: Final = 64 * 1024
_GRACE_S: Final = 2
_LOOK_S: Final = 0.01


@dataclass(frozen=True, slots=True)
class Network:
    """Where the app answers other machines, over TLS.

    Attributes:
        listening: see `listen`.
        certificate, key: PEM files.
    """

    listening: socket.socket
    certificate: Path
    key: Path

    @classmethod
    def of(cls, access: AccessConfig, folder: Path) -> "Network | None":
        """As the settings say; None when they say nothing of it.

        Args:
            access: the settings.
            folder: what their paths are relative to.

        Raises:
            PromenadeError: the port is taken, or certificate and key are of no use.
        """
        if access.network_port is None or access.certificate is None or access.key is None:
            return None
        certificate, key = folder / access.certificate, folder / access.key
        try:
            ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(certificate, key)
        except OSError as error:  # ssl.SSLError is one
            raise PromenadeError(
                f"The certificate {certificate} and its key cannot be used: {error}.",
                "Give PEM files that belong together as `certificate` and `key` under [access].",
            ) from error
        return cls(listen(access.network_host, access.network_port), certificate, key)


class ApiServer:
    """Runs the app on a listening socket until `stop`.

    Args:
        app: see `create_app`.
        hub: the same that the app's state has; closed first, for streams never end by themselves.
        listening: see `listen`; closed when the server stops.
        network: where it answers other machines as well.

    Attributes:
        url, port: where it answers.
    """

    def __init__(
        self,
        app: FastAPI,
        hub: StreamHub,
        listening: socket.socket,
        network: Network | None = None,
    ) -> None:
        self._hub = hub
        self._sockets = [listening]
        host, self.port = listening.getsockname()[:2]
        self.url = f"http://{f'[{host}]' if ':' in host else host}:{self.port}"
        self._servers = [_server(app, lifespan="on")]
        if network is not None:
            tls = {"ssl_certfile": network.certificate, "ssl_keyfile": network.key}
            # The app starts once; and nobody out there may say whom a request is from.
            self._servers.append(_server(app, lifespan="off", proxy_headers=False, **tls))
            self._sockets.append(network.listening)
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
        for server in self._servers:
            server.should_exit = True
        if self._thread.ident is not None:
            self._thread.join(timeout_s)
        for listening in self._sockets:
            listening.close()
        if self._thread.is_alive():
            raise ServiceUnavailableError(
                f"The API at {self.url} did not stop within {timeout_s:g} s.", "End its process."
            )

    def _serve(self) -> None:
        """Both on one event loop, which the app's own tasks live on."""
        with asyncio.Runner(loop_factory=self._servers[0].config.get_loop_factory()) as runner:
            runner.run(self._serve_all())

    async def _serve_all(self) -> None:
        first, *others = self._servers
        for other in others:
            other.config.load()  # NiceGUI's start looks at every server of the process
        serving = asyncio.create_task(first.serve(sockets=self._sockets[:1]))
        while others and not (first.started or first.should_exit or serving.done()):
            await asyncio.sleep(_LOOK_S)
        await asyncio.gather(
            serving,
            *(it.serve(sockets=[at]) for it, at in zip(others, self._sockets[1:], strict=True)),
        )


def _server(app: FastAPI, **more: Any) -> uvicorn.Server:
    config = uvicorn.Config(
        app,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=_GRACE_S,
        **more,
    )
    return uvicorn.Server(config)


def listen(host: str, port: int) -> socket.socket:
    """A listening socket for `ApiServer`.

    Args:
        host: a name or address of this machine.
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
            "Stop the other program, or set another port in site.toml ([service] port, or"
            " [access] network_port).",
        ) from error
    return listening
