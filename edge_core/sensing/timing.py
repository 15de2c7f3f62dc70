"""When frames are due, and where they lie in time."""

from dataclasses import dataclass
from typing import Final

from edge_core.clock import Clock
from edge_core.runtime.ring import FrameStamps
from edge_core.units import NS_PER_S

_EARLY: Final = 0.25


class FrameRate:
    """Thins a stream to a target rate by time stamps; pure.

    A frame may come a quarter of an interval early, so that a jittering source of the target
    rate loses none; due times follow the clock, so that the average rate is met all the same.

    Args:
        fps: frames a second to keep.
    """

    def __init__(self, fps: float) -> None:
        self._interval_ns = round(NS_PER_S / fps)
        self._due_ns: int | None = None

    def due(self, mono_ns: int) -> bool:
        """Whether a frame of this time is wanted; it stays so until one is kept."""
        if self._due_ns is None or self._has_jumped(mono_ns):
            return True
        return mono_ns >= self._due_ns - _EARLY * self._interval_ns

    def keep(self, mono_ns: int) -> None:
        """The frame of this time is kept; the next is due an interval later."""
        if self._due_ns is None or self._has_jumped(mono_ns):
            self._due_ns = mono_ns
        self._due_ns = max(self._due_ns + self._interval_ns, mono_ns)

    def _has_jumped(self, mono_ns: int) -> bool:
        """Whether the source has paused or gone back, so that old due times mean nothing."""
        return self._due_ns is not None and abs(mono_ns - self._due_ns) > 2 * self._interval_ns


@dataclass(frozen=True, slots=True)
class Origin:
    """The instant at which a file's reading began, on both clocks."""

    mono_ns: int
    utc_ns: int


class Timeline:
    """Gives frames their stamps.

    Live frames happen when they are received. A file's frames happen at the start of its reading
    plus media time; going round a looped file moves the start on.

    Args:
        clock: source of now.
        origin: start of the reading, if it began in an earlier life of the worker.
    """

    def __init__(self, clock: Clock, origin: Origin | None = None) -> None:
        self._clock = clock
        self.origin = origin

    def live(self) -> FrameStamps:
        """Stamps of a live frame received just now."""
        now_ns = self._clock.monotonic_ns()
        return FrameStamps(now_ns, self._clock.utc_ns(), now_ns)

    def of_media(self, media_ns: int) -> FrameStamps:
        """Stamps of a file's frame at this media time, received just now."""
        now_ns = self._clock.monotonic_ns()
        if self.origin is None:
            self.origin = Origin(now_ns - media_ns, self._clock.utc_ns() - media_ns)
        return FrameStamps(self.origin.mono_ns + media_ns, self.origin.utc_ns + media_ns, now_ns)

    def go_round(self, length_ns: int) -> None:
        """The file, this long, begins again."""
        if self.origin is not None:
            self.origin = Origin(self.origin.mono_ns + length_ns, self.origin.utc_ns + length_ns)
