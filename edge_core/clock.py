"""Clocks. Durations come from the monotonic clock only; UTC is for people and records."""

import mmap
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol


class Clock(Protocol):
    """What every part that needs the time is handed."""

    def monotonic_ns(self) -> int:
        """Nanoseconds on a clock that never jumps; shared by all processes of one boot."""
        ...

    def utc_ns(self) -> int:
        """Nanoseconds since 1970-01-01 UTC; may jump when the machine's clock is set."""
        ...


SHIFT_FILE: Final = "PROMENADE_CLOCK_SHIFT"
"""Environment variable naming a file of eight bytes: nanoseconds, little-endian and signed, by
which UTC is ahead of the machine's. The self-test jumps the clock of its private service by it;
nobody else may set the machine's clock without harm to what runs there besides."""


class SystemClock:
    """The machine's clocks."""

    def __init__(self) -> None:
        shift = os.environ.get(SHIFT_FILE)
        self._shift = None if shift is None else _shared(Path(shift))

    def monotonic_ns(self) -> int:
        """See `Clock`."""
        return time.monotonic_ns()

    def utc_ns(self) -> int:
        """See `Clock`."""
        now_ns = time.time_ns()
        if self._shift is not None:
            now_ns += int.from_bytes(self._shift[:8], "little", signed=True)
        return now_ns


def _shared(path: Path) -> mmap.mmap:
    with path.open("rb") as file:
        return mmap.mmap(file.fileno(), 8, access=mmap.ACCESS_READ)


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
