"""Requests of a sane size only."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from edge_core.service.problems import problem_response


class BodyLimit:
    """ASGI middleware: refuses bodies that are too large, told beforehand or not.

    Args:
        app: what is behind it.
        most_bytes: of a body.
    """

    def __init__(self, app: ASGIApp, most_bytes: int) -> None:
        self._app = app
        self._most = most_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See the ASGI specification."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        told = dict(scope["headers"]).get(b"content-length", b"0")
        if not told.isdigit() or int(told) > self._most:
            await self._refuse(scope, receive, send)
            return
        body = b""
        if b"transfer-encoding" in dict(scope["headers"]):
            while True:
                message = await receive()
                body += message.get("body", b"")
                if len(body) > self._most:
                    await self._refuse(scope, receive, send)
                    return
                if message["type"] != "http.request" or not message.get("more_body"):
                    break
            handed = False

            async def again() -> Message:
                nonlocal handed
                if handed:
                    return await receive()
                handed = True
                return {"type": "http.request", "body": body, "more_body": False}

            await self._app(scope, again, send)
            return
        await self._app(scope, receive, send)

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        told = f"A request may have {self._most:,} bytes."
        await problem_response(413, told, "Send less at a time.")(scope, receive, send)
