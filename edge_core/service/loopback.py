"""A guard against web pages elsewhere that talk to this machine through its own browser.

The API has no passwords and listens on loopback only. Two ways remain for a hostile page: a
name of its own that resolves to 127.0.0.1 (DNS rebinding), which the Host header betrays, and a
WebSocket, which browsers let any page open, which the Origin header betrays.

What comes over TLS comes from the network (see `Network`): there the dashboard's guard lets nothing
pass without a session, the API included, and a session's cookie goes to its own host alone.
"""

from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from edge_core.service.problems import problem_response

_NAMES: Final = frozenset({"127.0.0.1", "localhost", "::1"})


class LoopbackOnly:
    """ASGI middleware: refuses requests whose Host or Origin is not this machine's own name."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See the ASGI specification."""
        if scope["type"] not in ("http", "websocket") or _may_pass(scope):
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008, "reason": "not this machine"})
        else:
            refusal = problem_response(
                421,
                "This service answers under the names of the loopback interface only.",
                "Use http://127.0.0.1 or http://localhost with the service's port.",
            )
            await refusal(scope, receive, send)


def is_from_network(scope: Scope) -> bool:
    """Whether a request came over TLS, and so perhaps from another machine."""
    return scope.get("scheme") in ("https", "wss")


def _may_pass(scope: Scope) -> bool:
    return is_from_network(scope) or _is_own(Headers(scope=scope))


def _is_own(headers: Headers) -> bool:
    origin = headers.get("origin")
    return _name(f"//{headers.get('host', '')}") in _NAMES and (
        origin is None or _name(origin) in _NAMES
    )


def _name(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None
