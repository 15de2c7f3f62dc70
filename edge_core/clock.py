"""Clocks. Durations come from the monotonic clock only; UTC is for people and records."""

import time
from dataclasses import dataclass
from typing import Protocol


class Clock(Protocol):
    """What every part that needs the time is handed."""

    def monotonic_ns(self) -> int:
        """Nanoseconds on a clock that never jumps; shared by all processes of one boot."""
        ...

    def utc_ns(self) -> int:
        """Nanoseconds since 1970-01-01 UTC; may jump when the machine's clock is set."""
        ...


class SystemClock:
    """The machine's clocks."""

    def monotonic_ns(self) -> int:
        """See `Clock`."""
        return time.monotonic_ns()

    def utc_ns(self) -> int:
        """See `Clock`."""
        return time.time_ns()


@dataclass(slots=True)
class ManualClock:
    """A clock that moves only when told to, for tests and for replaying recorded time."""

    mono_ns: int = 1_000_000_000
    wall_ns: int = 1_767_225_600_000_000_000

    def monotonic_ns(self) -> int:
        """See `Clock`."""
        return self.mono_ns

    def utc_ns(self) -> int:
        """See `Clock`."""
        return self.wall_ns

    def advance_ns(self, duration_ns: int) -> None:
        """Move both clocks forward."""
        self.mono_ns += duration_ns
        self.wall_ns += duration_ns
