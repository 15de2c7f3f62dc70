"""Requests of a sane size only."""

from collections.abc import Mapping
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from edge_core.service.problems import problem_response

_DIGITS: Final = 12


class BodyLimit:
    """ASGI middleware: refuses bodies that are too large, or do not tell how large they are.

    Args:
        app: what is behind it.
        most_bytes: of a body.
        larger: the same, by path, where it is more.
    """

    def __init__(
        self, app: ASGIApp, most_bytes: int, larger: Mapping[str, int] | None = None
    ) -> None:
        self._app = app
        self._most = most_bytes
        self._larger = larger or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See the ASGI specification."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most = self._larger.get(scope["path"], self._most)
        headers = dict(scope.get("headers", ()))
        length = headers.get(b"content-length", b"0")
        if b"transfer-encoding" in headers:
            answer = problem_response(411, "A body must tell its length.", "Send Content-Length.")
            await answer(scope, receive, send)
        elif (
            not length.isdigit() or len(length) > _DIGITS or int(length) > most
        ):  # the server cuts at that length
            told = f"A request may have {most:,} bytes."
            await problem_response(413, told, "Send less at a time.")(scope, receive, send)
        else:  # the server cuts at that length
            await self._app(scope, receive, send)
