"""Requests of a sane size only."""

from starlette.types import ASGIApp, Receive, Scope, Send

from edge_core.service.problems import problem_response


class BodyLimit:
    """ASGI middleware: refuses bodies that are too large, or do not tell how large they are.

    Args:
        app: what is behind it.
        most_bytes: of a body.
    """

    def __init__(self, app: ASGIApp, most_bytes: int) -> None:
        self._app = app
        self._most = most_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See the ASGI specification."""
        headers = dict(scope.get("headers", ())) if scope["type"] == "http" else {}
        length = headers.get(b"content-length", b"0")
        if b"transfer-encoding" in headers:
            answer = problem_response(411, "A body must tell its length.", "Send Content-Length.")
            await answer(scope, receive, send)
        elif not length.isdigit() or int(length) > self._most:  # the server cuts at that length
            told = f"A request may have {self._most:,} bytes."
            await problem_response(413, told, "Send less at a time.")(scope, receive, send)
        else:
            await self._app(scope, receive, send)
