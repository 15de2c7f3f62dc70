"""Writes to the ledger in their order; while the disk refuses they wait in memory.

A full disk is no reason to stop counting: what people do goes on being shown, nothing is
acknowledged that is not kept, and all that waited is kept as soon as there is room.
"""

import logging
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from edge_core.clock import Clock
from edge_core.errors import DamagedLedgerError, LedgerError
from edge_core.units import NS_PER_S

MOST: Final = 100_000
"""Events that may wait, about as many MB as thousands: days of a shop."""
_AGAIN_NS: Final = NS_PER_S

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Write:
    events: int
    make: Callable[[], Any]
    then: Callable[[Any], None]


class HeldWrites:
    """The core's writes. Its loop alone calls.

    Args:
        clock: the clocks.
        most: events that may wait; beyond it the oldest write goes, and is counted.

    Attributes:
        refused: what the disk said last, "" when it takes writes.
        given_up: events that went because too many waited.
    """

    def __init__(self, clock: Clock, most: int = MOST) -> None:
        self._clock = clock
        self._most = most
        self._waiting = deque[_Write]()
        self._events = 0
        self._again_ns = 0
        self.refused = ""
        self.given_up = 0

    @property
    def waiting(self) -> int:
        """Writes that wait."""
        return len(self._waiting)

    def told(self) -> dict[str, Any]:
        """As `LedgerHealth` has it."""
        return {"refused": self.refused, "waiting": self._events, "given_up": self.given_up}

    def put(
        self,
        make: Callable[[], Any],
        then: Callable[[Any], None] = lambda _: None,
        *,
        events: int = 0,
    ) -> None:
        """Add a write; `flush` makes it.

        Args:
            make: writes all or nothing, or raises LedgerError.
            then: is called with what it returned.
            events: how many it keeps.
        """
        self._waiting.append(_Write(events, make, then))
        self._events += events
        while self._events > self._most and len(self._waiting) > 1:
            gone = self._waiting.popleft()
            self._events -= gone.events
            self.given_up += gone.events

    def flush(self, *, at_once: bool = False) -> bool:
        """Make what waits, in order; after a refusal not sooner than a second later.

        Args:
            at_once: do not wait for that second.

        Returns:
            Whether nothing waits.

        Raises:
            DamagedLedgerError: the ledger has to be opened anew, which restores it.
        """
        if self.refused and not at_once and self._clock.monotonic_ns() < self._again_ns:
            return not self._waiting
        while self._waiting:
            write = self._waiting[0]
            try:
                made = write.make()
            except DamagedLedgerError:
                raise
            except LedgerError as error:
                if not self.refused:
                    log.warning("%s What happens is kept in memory until then.", error)
                self.refused = error.message
                self._again_ns = self._clock.monotonic_ns() + _AGAIN_NS
                return False
            self._waiting.popleft()
            self._events -= write.events
            write.then(made)
        if self.refused:
            log.info("the ledger can be written again")
            self.refused = ""
        return True
