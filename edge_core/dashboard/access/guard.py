"""The gate before every page, file and websocket of the dashboard: shut unless signed in.

What the screens and tills ask (`/v1/…`, `/health`, `/metrics`, `/openapi.json`) passes on the
store PC itself: it is guarded by `LoopbackOnly`. All else, and all that comes over the network,
needs a session, and a role where that is asked for.

A page elsewhere cannot act in an operator's name: the cookie is SameSite=Strict, and whatever
changes something, and every websocket, must say by its Origin or Sec-Fetch-Site header that it
comes from this very site (OWASP, Cross-Site Request Forgery Prevention, sections on Fetch Metadata
and verifying origin).
"""

from collections.abc import Callable
from typing import Final
from urllib.parse import quote, urlsplit

from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from edge_core.clock import Clock
from edge_core.dashboard.access.accounts import Account, Accounts, Role, What
from edge_core.dashboard.access.viewer import Viewer
from edge_core.dashboard.language import language_of
from edge_core.service.loopback import is_from_network
from edge_core.service.problems import problem_response
from edge_core.units import NS_PER_S

COOKIE: Final = "promenade_session"
SIGN_IN: Final = "/sign-in"
WELCOME: Final = "/welcome"
OPEN: Final = frozenset({SIGN_IN, WELCOME, "/sign-out", "/language"})
"""Pages for those who have not signed in."""
FONTS: Final = "/fonts/"
"""Below it are files that the pages for everybody need, too."""
_API: Final = frozenset({"/health", "/metrics", "/openapi.json"})
_FRAMEWORK: Final = "/_nicegui"
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_LOOK_NS: Final = NS_PER_S
_POLICY: Final = (1008, "signed out")


class Guard:
    """ASGI middleware.

    Args:
        app: what is behind it.
        accounts: who may pass.
        clock: the clocks.
        roles: who may see a path and what is below it; others are for operators alone.
        pages: names, by path, of the pages whose visits are kept in the access log.
        passes: whether a request is not for this gate; the screens' and tills' if not given.
    """

    def __init__(
        self,
        app: ASGIApp,
        accounts: Accounts,
        clock: Clock,
        roles: dict[str, Role],
        pages: dict[str, str],
        passes: Callable[[Scope], bool] | None = None,
    ) -> None:
        self._app = app
        self._accounts = accounts
        self._clock = clock
        self._roles = roles
        self._pages = pages
        self._passes = passes or _is_open_api

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See the ASGI specification."""
        if scope["type"] not in ("http", "websocket") or self._passes(scope):
            await self._app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        socket = scope["type"] == "websocket"
        if (socket or scope["method"] not in _SAFE) and not same_site(connection):
            await self._refuse(scope, receive, send, 403, "The request comes from another site.")
        elif not socket and (scope["path"] in OPEN or scope["path"].startswith(FONTS)):
            await self._app(scope, receive, send)
        else:
            await self._for_account(scope, receive, send, connection)

    async def _for_account(
        self, scope: Scope, receive: Receive, send: Send, connection: HTTPConnection
    ) -> None:
        path = scope["path"]
        token = connection.cookies.get(COOKIE, "")
        socket = scope["type"] == "websocket"
        acts = not socket and not path.startswith(_FRAMEWORK)
        account = self._accounts.session(token, touch=acts) if token else None
        if account is None:
            await self._turn_away(scope, receive, send, connection)
            return
        viewer = _viewer(account, connection)
        if not viewer.may(self._role(path)):
            self._accounts.note(viewer.name, viewer.address, What.REFUSED, path)
            say = viewer.say("This is for operators.", "此页面仅供管理员使用。")
            await self._refuse(scope, receive, send, 403, say)
            return
        scope.setdefault("state", {})["viewer"] = viewer
        if socket:
            await self._app(scope, *self._watched(token, receive, send))
            return
        if path in self._pages and scope["method"] == "GET":
            self._accounts.note(viewer.name, viewer.address, What.PAGE, self._pages[path])
        await self._app(scope, receive, send)

    def _role(self, path: str) -> Role:
        if path.startswith(_FRAMEWORK):
            return Role.STAFF
        while path:
            if path in self._roles:
                return self._roles[path]
            path = path.rpartition("/")[0]
        return Role.OPERATOR

    async def _turn_away(
        self, scope: Scope, receive: Receive, send: Send, connection: HTTPConnection
    ) -> None:
        wants_page = "text/html" in connection.headers.get("accept", "")
        if scope["type"] == "http" and scope["method"] == "GET" and wants_page:
            answer: Response = RedirectResponse(self._door(scope), 303)
            await answer(scope, receive, send)
        else:
            await self._refuse(scope, receive, send, 401, "Nobody is signed in.")

    def _door(self, scope: Scope) -> str:
        if not self._accounts.are_set_up():
            return WELCOME
        query = scope["query_string"].decode("latin-1")
        wanted = scope["path"] + (f"?{query}" if query else "")
        return SIGN_IN if wanted == "/" else f"{SIGN_IN}?next={quote(wanted)}"

    @staticmethod
    async def _refuse(scope: Scope, receive: Receive, send: Send, status: int, told: str) -> None:
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": _POLICY[0], "reason": told})
            return
        answer = problem_response(status, told, "Sign in at /sign-in.")
        await answer(scope, receive, send)

    def _watched(self, token: str, receive: Receive, send: Send) -> tuple[Receive, Send]:
        """A websocket that is cut when its session ends, by itself or by signing out."""
        looked_ns = self._clock.monotonic_ns()
        over = False

        def ended(touch: bool) -> bool:
            nonlocal looked_ns, over
            now_ns = self._clock.monotonic_ns()
            if not over and (touch or now_ns - looked_ns > _LOOK_NS):
                looked_ns = now_ns
                over = self._accounts.session(token, touch=touch) is None
            return over

        async def watched_receive() -> Message:
            message = await receive()
            if message["type"] == "websocket.receive" and ended(_is_act(message)):
                await send({"type": "websocket.close", "code": _POLICY[0], "reason": _POLICY[1]})
                return {"type": "websocket.disconnect", "code": _POLICY[0]}
            return message

        async def watched_send(message: Message) -> None:
            was_over = over
            if message["type"] == "websocket.send" and ended(touch=False):
                if not was_over:
                    close = {"code": _POLICY[0], "reason": _POLICY[1]}
                    await send({"type": "websocket.close", **close})
                return
            await send(message)

        return watched_receive, watched_send


def same_site(connection: HTTPConnection) -> bool:
    """Whether a request says that it comes from a page of this very address."""
    origin = connection.headers.get("origin")
    if origin is not None:
        return host_of(origin) == connection.headers.get("host")
    return connection.headers.get("sec-fetch-site") == "same-origin"


def host_of(address: str) -> str | None:
    """Host and port of an address; None where it makes no sense."""
    try:
        return urlsplit(address).netloc
    except ValueError:
        return None


def address_of(connection: HTTPConnection) -> str:
    """Where a request comes from."""
    return connection.client.host if connection.client else ""


def _viewer(account: Account, connection: HTTPConnection) -> Viewer:
    return Viewer(account.name, account.role, address_of(connection), language_of(connection))


def _is_open_api(scope: Scope) -> bool:
    """What the screens and the till on this machine ask; from the network it takes an operator."""
    path = scope["path"]
    is_api = path in _API or path == "/v1" or path.startswith("/v1/")
    return is_api and not is_from_network(scope)


def _is_act(message: Message) -> bool:
    """Whether somebody did something: a socket.io `event`, and no ping or acknowledgement."""
    return str(message.get("text") or "").startswith('42["event"')
