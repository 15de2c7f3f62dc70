"""How fast: pauses after failures, and a cap on bytes a second."""

from collections.abc import Callable
from random import Random
from typing import Final

from edge_core.clock import Clock
from edge_core.units import NS_PER_S

FIRST_S: Final = 1.0
LONGEST_S: Final = 300.0
_DOUBLINGS: Final = 16


class BackOff:
    """Exponential back-off with full jitter (Brooker, "Exponential Backoff And Jitter", 2015).

    Args:
        rng: source of chance, another in every store, or all come back at once.
    """

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self.failures = 0

    def succeeded(self) -> None:
        """Begin anew."""
        self.failures = 0

    def failed(self, at_least_s: float = 0.0) -> float:
        """Seconds to wait now: 0 to 1, 2, 4 … `LONGEST_S`, but never less than was asked for."""
        ceiling = min(LONGEST_S, FIRST_S * 2 ** min(self.failures, _DOUBLINGS))
        self.failures += 1
        return min(LONGEST_S, max(at_least_s, self._rng.uniform(0, ceiling)))


class ByteBudget:
    """Keeps a stream of bytes at a rate, with bursts of one second's worth.

    Args:
        bytes_per_s: the rate; None = no cap.
        clock: the clocks.
        wait: waits so many seconds, or less when all is to end.
    """

    def __init__(
        self, bytes_per_s: float | None, clock: Clock, wait: Callable[[float], object]
    ) -> None:
        self._rate = bytes_per_s
        self._clock = clock
        self._wait = wait
        self._left = bytes_per_s or 0.0
        self._at_ns = clock.monotonic_ns()

    def spend(self, count: int) -> None:
        """Account for bytes that went over the line; waits when they were too many."""
        if self._rate is None:
            return
        now_ns = self._clock.monotonic_ns()
        earned = (now_ns - self._at_ns) / NS_PER_S * self._rate
        self._at_ns = now_ns
        self._left = min(self._rate, self._left + earned) - count
        if self._left < 0:
            self._wait(-self._left / self._rate)
