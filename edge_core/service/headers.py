"""What every answer tells browsers: no guessing of types, no frames, nothing from elsewhere.

A page may load and reach its own host alone, so that even a text that became markup could send
nothing away. Scripts and styles within pages stay allowed: NiceGUI writes its own into them, and
Vue makes its templates into functions.
"""

from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

_ALWAYS: Final = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
)
_PAGE_POLICY: Final = (
    b"default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval';"
    b" style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:;"
    b" connect-src 'self'; worker-src 'self'; object-src 'none'; frame-src 'none';"
    b" frame-ancestors 'none'; form-action 'self'; base-uri 'self'"
)
_DATA_POLICY: Final = b"default-src 'none'; frame-ancestors 'none'"
_OF_PAGES: Final = (b"text/html", b"image/svg", b"text/javascript", b"application/javascript")
"""A service worker may fetch what its own script's answer allows."""
_POLICY: Final = b"content-security-policy"


class SafeHeaders:
    """ASGI middleware; goes outside all others, so that refusals have them too.

    Args:
        app: what is behind it.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See the ASGI specification."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                told = list(message.get("headers", ()))
                names = {name.lower() for name, _ in told}
                added = [it for it in _ALWAYS if it[0] not in names]
                if _POLICY not in names:
                    added.append((_POLICY, _policy(told)))
                message = {**message, "headers": [*told, *added]}
            await send(message)

        await self._app(scope, receive, with_headers)


def _policy(headers: list[tuple[bytes, bytes]]) -> bytes:
    kinds = [value for name, value in headers if name.lower() == b"content-type"]
    return _PAGE_POLICY if any(kind.startswith(_OF_PAGES) for kind in kinds) else _DATA_POLICY
