"""How often somebody may ask: a token bucket for each of them, answered 429 when it is empty."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from edge_core.clock import Clock
from edge_core.service.problems import problem_response
from edge_core.units import NS_PER_S

_MOST_BUCKETS: Final = 10_000


@dataclass(frozen=True, slots=True)
class Allowance:
    """What everybody may ask of some paths.

    Attributes:
        paths: how the paths begin.
        per_s: requests a second that go on for ever.
        burst: requests at once after a rest.
        methods: of which; all if empty.
        who: whom a request is from; "" = it is not counted. The address if not given.
    """

    paths: tuple[str, ...]
    per_s: float
    burst: int
    methods: frozenset[str] = frozenset()
    who: Callable[[Scope], str] | None = None

    def covers(self, scope: Scope) -> bool:
        """Whether a request counts."""
        fits = not self.methods or scope["method"] in self.methods
        return fits and str(scope["path"]).startswith(self.paths)


class Buckets:
    """One bucket for each of those who ask; whoever has not asked longest is forgotten first.

    A bucket that was forgotten is full again, so memory is bounded and nobody is locked out.

    Args:
        per_s: what comes back a second.
        burst: what a full one holds.
        clock: the clocks.
    """

    def __init__(self, per_s: float, burst: int, clock: Clock) -> None:
        self._per_s, self._burst, self._clock = per_s, burst, clock
        self._kept: OrderedDict[str, tuple[float, int]] = OrderedDict()
        self._turn = threading.Lock()

    def wait_s(self, who: str) -> float:
        """Take one; returns 0, or how many seconds until there is one again."""
        now_ns = self._clock.monotonic_ns()
        with self._turn:
            left, at_ns = self._kept.pop(who, (float(self._burst), now_ns))
            left = min(self._burst, left + (now_ns - at_ns) / NS_PER_S * self._per_s)
            taken = left >= 1
            self._kept[who] = (left - taken, now_ns)
            if len(self._kept) > _MOST_BUCKETS:
                self._kept.popitem(last=False)
        return 0.0 if taken else (1 - left) / self._per_s


class RateLimit:
    """ASGI middleware.

    Args:
        app: what is behind it.
        allowances: a request must find something in the bucket of each that covers it.
        clock: the clocks.
    """

    def __init__(self, app: ASGIApp, allowances: Sequence[Allowance], clock: Clock) -> None:
        self._app = app
        self._kept = [(it, Buckets(it.per_s, it.burst, clock)) for it in allowances]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See the ASGI specification."""
        wait_s = self._wait_s(scope) if scope["type"] == "http" else 0.0
        if wait_s == 0:
            await self._app(scope, receive, send)
            return
        answer = problem_response(429, "That was asked too often.", "Wait and ask again.")
        answer.headers["retry-after"] = str(ceil(wait_s))
        await answer(scope, receive, send)

    def _wait_s(self, scope: Scope) -> float:
        for allowance, buckets in self._kept:
            if allowance.covers(scope):
                who = (allowance.who or address_of)(scope)
                if who and (wait_s := buckets.wait_s(who)) > 0:
                    return wait_s
        return 0.0


def address_of(scope: Scope) -> str:
    """Where a request comes from."""
    client = scope.get("client")
    return str(client[0]) if client else "nowhere"


def token_of(scope: Scope) -> str:
    """What a request shows as its right to ask; "" where it shows nothing."""
    return Headers(scope=scope).get("authorization", "")[:200]
