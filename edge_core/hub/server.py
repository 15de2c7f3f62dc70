"""Putting the hub together and serving it."""

import logging
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Final

import uvicorn
from fastapi import FastAPI

from edge_core import __version__
from edge_core.clock import Clock, SystemClock
from edge_core.dashboard.access.accounts import Accounts
from edge_core.dashboard.mount import mount_pages
from edge_core.errors import PromenadeError
from edge_core.hub.after_visit.house import AfterVisit
from edge_core.hub.after_visit.postman import PostmanThread
from edge_core.hub.after_visit.routes import OPEN_PATHS
from edge_core.hub.after_visit.settings import load_after_visit
from edge_core.hub.api import HANDLERS, HubApi
from edge_core.hub.own_ca import own_certificate
from edge_core.hub.pages import pages_of
from edge_core.hub.publish import Shelf
from edge_core.hub.state import HubHouse
from edge_core.hub.store import HubStore
from edge_core.hub.tables import open_database, sqlite_url
from edge_core.runtime.service_manager import ServiceManager
from edge_core.service.body_limit import BodyLimit
from edge_core.service.headers import SafeHeaders
from edge_core.service.problems import answer_problems
from edge_core.service.rate_limit import Allowance, RateLimit, token_of
from edge_core.service.server import listen
from edge_core.suggest.signing_key import signing_key
from edge_core.sync.protocol import MOST_BYTES

_ALLOWANCES: Final = (
    Allowance(("/sign-in", "/welcome"), 0.5, 30, frozenset({"POST"})),  # each costs 64 MiB a while
    Allowance(OPEN_PATHS, 20, 400),  # a list takes some 16, and a shop's guests share an address
    Allowance(("/l/", "/r/confirm/"), 0.1, 10, frozenset({"POST"})),  # asking for reminders;
    # stopping them is not counted: mail programs do it for many people from one address
    Allowance(("/v1/",), 100, 1000),  # many stores may share an address
    Allowance(("/v1/",), 10, 120, who=token_of),
)
"""A store PC with a week to tell sends some forty batches; one that is asked to wait does."""
_NOTIFY_S: Final = 2
LOST: Final = (
    "Lost it? Move hub-accounts.db in the hub's folder away and start the hub again.",
    "忘记密码？请移走集团服务器目录中的 hub-accounts.db 并重新启动。",
)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Hub:
    """What a hub is made of, apart from its server.

    Attributes:
        folder: holds its keys, its accounts and, unless told otherwise, its database.
        store: what it keeps.
        shelf: what it gives.
    """

    folder: Path
    store: HubStore
    shelf: Shelf

    @classmethod
    def open(cls, folder: Path, database: str | None = None, clock: Clock | None = None) -> "Hub":
        """Open a hub's folder; what is missing in it is made.

        Args:
            folder: made if missing, for its owner alone.
            database: URL; `hub.db` in the folder if not given.
            clock: the clocks.

        Raises:
            PromenadeError: folder, key or database cannot be used.
        """
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise PromenadeError(
                f"The hub's folder {folder} cannot be made: {error.strerror}.",
                "Name another with --folder.",
            ) from None
        key = signing_key(folder / "content.key", "the content's")
        engine = open_database(database or sqlite_url(folder / "hub.db"))
        store = HubStore(engine, clock or SystemClock())
        return cls(folder, store, Shelf(store, key))

    def app(self, stack: ExitStack) -> FastAPI:
        """The API and the pages; `stack` closes what they hold. One in a process."""
        accounts = Accounts(self.folder / "hub-accounts.db", self.store.clock)
        stack.callback(accounts.close)
        app = self.api()
        house = HubHouse(self.store, self.shelf, self._after_visit(app, stack))
        pages = pages_of(house, accounts)
        mount_pages(app, house, accounts, pages, lost=LOST, passes=_needs_no_session)
        return app

    def api(self) -> FastAPI:
        """What store PCs ask, behind the gates that the pages stand behind as well."""
        app = FastAPI(
            title="Promenade hub",
            version=__version__,
            summary="Content out, aggregates in",
            docs_url=None,
            redoc_url=None,
        )
        answer_problems(app)
        for kind, handler in HANDLERS.items():
            app.add_exception_handler(kind, handler)
        app.include_router(HubApi(self.store, self.shelf).router)
        app.add_middleware(RateLimit, allowances=_ALLOWANCES, clock=self.store.clock)
        app.add_middleware(BodyLimit, most_bytes=MOST_BYTES)
        app.add_middleware(SafeHeaders)  # before all others
        return app

    def _after_visit(self, app: FastAPI, stack: ExitStack) -> AfterVisit | None:
        """Lists on phones and reminders, where the folder has settings for them."""
        config = load_after_visit(self.folder)
        if config is None:
            return None
        after = AfterVisit.open(config, self.folder, self.store, self.shelf)
        app.include_router(after.phone.router)
        thread = PostmanThread(after.postman)
        stack.callback(thread.stop)
        thread.start()
        return after


def serve(
    hub: Hub,
    host: str,
    port: int,
    *,
    certificate: Path | None = None,
    key: Path | None = None,
    names: tuple[str, ...] = (),
) -> None:
    """Serve until told to stop; over TLS unless on loopback without a certificate.

    Args:
        hub: what is served.
        host: address to listen on.
        port: 0 for any free one; the address is logged.
        certificate: PEM with its chain; the hub's own authority issues one if not given.
        key: of the certificate.
        names: what store PCs call the hub by, for the hub's own certificate.

    Raises:
        PromenadeError: the port is taken, or certificate and key are of no use.
    """
    tls: dict[str, Any] = {}
    if certificate is None and (names or not _is_loopback(host)):
        called = [*names] or [host]
        certificate, key = own_certificate(hub.folder, called, datetime.now(UTC))
        log.info("store PCs need the certificate of the hub's authority: %s", hub.folder / "ca.pem")
    if certificate is not None:
        tls = {"ssl_certfile": str(certificate), "ssl_keyfile": str(key) if key else None}
    with ExitStack() as stack:
        stack.callback(hub.store.close)
        app = hub.app(stack)
        listening = stack.enter_context(listen(host, port))
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            timeout_graceful_shutdown=3,
            timeout_notify=_NOTIFY_S,
            callback_notify=_signs_of_life(ServiceManager.of()),
            **tls,
        )
        try:
            config.load()
        except OSError as error:  # ssl.SSLError is one
            raise PromenadeError(
                f"The certificate {certificate} and its key cannot be used: {error}.",
                "Give PEM files that belong together as --certificate and --key.",
            ) from error
        address, number = listening.getsockname()[:2]
        log.info("the hub answers at %s://%s:%d", "https" if tls else "http", address, number)
        uvicorn.Server(config).run(sockets=[listening])


def _signs_of_life(manager: ServiceManager) -> Callable[[], Awaitable[None]]:
    """What the server calls while it answers."""

    async def tell() -> None:
        manager.ready()
        manager.alive()

    return tell


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _needs_no_session(scope: Any) -> bool:
    """What has keys of its own, or is for a shopper's phone."""
    return scope["type"] == "http" and str(scope["path"]).startswith(("/v1/", *OPEN_PATHS))
