"""Guessing passwords made slow: the wait doubles with every failure of an account or address."""

from dataclasses import dataclass
from typing import Final

from edge_core.units import NS_PER_S

FREE: Final = 3
"""Failures that cost no wait."""
LONGEST_S: Final = 900
FORGOTTEN_NS: Final = 24 * 3600 * NS_PER_S


@dataclass(frozen=True, slots=True)
class Failures:
    """Failed attempts in a row of one account or address.

    Attributes:
        count: how many.
        last_utc_ns: when the last was.
    """

    count: int = 0
    last_utc_ns: int = 0

    def one_more(self, utc_ns: int) -> "Failures":
        """After a further failure; a day without any starts afresh."""
        old = utc_ns - self.last_utc_ns > FORGOTTEN_NS
        return Failures(1 if old else self.count + 1, utc_ns)

    def wait_s(self, utc_ns: int) -> float:
        """Seconds until the next attempt is looked at: 1, 2, 4 … up to `LONGEST_S`; ours.

        A clock that was set back does not lengthen the wait.
        """
        if self.count < FREE:
            return 0.0
        pause_s = min(LONGEST_S, 1 << min(self.count - FREE, 16))
        passed_s = max(0, utc_ns - self.last_utc_ns) / NS_PER_S
        return max(0.0, pause_s - passed_s)
