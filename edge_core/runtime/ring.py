"""Frames in shared memory: written once by a capture process, read in place by vision.

One ring per camera, one producer, one consumer. Slots have a fixed size, set by the largest
picture the camera may ever send, so a change of resolution never moves anything. Each slot is
guarded by a sequence lock: `begin` is set before its pixels change and `end` after, and a reader
that finds the two unequal, or not what it came for, throws the frame away. The plain stores that
this needs stay in order on x86; a processor with weaker ordering needs a lock instead.

Both cursors live in the shared header, so either side may be killed and started again.
"""

import ctypes
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

import numpy as np

from edge_core.errors import RingError
from edge_core.runtime.memory import PAGE_BYTES, SharedBlock
from edge_core.types import EVERYWHERE_PX, BoxPx, ImageArray

_MAGIC: Final = 0x50524F4D52494E47
_VERSION: Final = 3
_CHANNELS: Final = 3
_WAIT_STEP_S: Final = 0.001


class DropPolicy(IntEnum):
    """What happens when frames come faster than they are taken.

    live: a frame is published when the consumer asks for one; it takes the newest, and older
    ones are dropped and counted.
    wait: the producer waits; every frame is taken, in order.
    """

    LIVE = 0
    WAIT = 1


class _Header(ctypes.Structure):
    _fields_ = (
        ("magic", ctypes.c_uint64),
        ("version", ctypes.c_uint32),
        ("policy", ctypes.c_uint32),
        ("slots", ctypes.c_uint64),
        ("slot_bytes", ctypes.c_uint64),
        ("frame_bytes", ctypes.c_uint64),
        # Written by the producer only.
        ("published", ctypes.c_uint64),
        ("skipped", ctypes.c_uint64),
        ("refused", ctypes.c_uint64),
        ("refused_width", ctypes.c_uint32),
        ("refused_height", ctypes.c_uint32),
        # Written by the consumer only.
        ("asked", ctypes.c_uint64),
        ("taken", ctypes.c_uint64),
        ("dropped", ctypes.c_uint64),
        ("torn", ctypes.c_uint64),
    )


class _Slot(ctypes.Structure):
    _fields_ = (
        ("begin", ctypes.c_uint64),
        ("end", ctypes.c_uint64),
        ("width", ctypes.c_uint32),
        ("height", ctypes.c_uint32),
        ("moved_px", ctypes.c_uint16 * 4),
        ("mono_ns", ctypes.c_int64),
        ("utc_ns", ctypes.c_int64),
        ("received_mono_ns", ctypes.c_int64),
    )


@dataclass(frozen=True, slots=True)
class FrameStamps:
    """When a frame was taken.

    Attributes:
        mono_ns: place on the source's monotonic timeline (see `Observation.mono_ns`).
        utc_ns: the same instant in UTC.
        received_mono_ns: when the decoder delivered it.
    """

    mono_ns: int
    utc_ns: int
    received_mono_ns: int


@dataclass(frozen=True, slots=True)
class RingCounters:
    """What became of a camera's frames since its ring was made.

    Attributes:
        published: written whole.
        taken: sequence of the last frame the consumer took.
        skipped: never converted because the consumer had not asked for one.
        dropped: published and overtaken by a newer one before the consumer looked.
        torn: found half-overwritten by the consumer and thrown away.
        refused: larger than a slot.
        refused_size_px: width and height of the last refused frame.
    """

    published: int
    taken: int
    skipped: int
    dropped: int
    torn: int
    refused: int
    refused_size_px: tuple[int, int]


class FrameRing:
    """The memory of one ring; hand it to a child process and ask for its writer or reader.

    Args:
        name: the camera's id.
        max_resolution_px: width and height of the largest frame it can hold.
        slots: frames it holds, at least 3.
        policy: see `DropPolicy`.

    Raises:
        SharedMemoryFullError: no room for it.
    """

    def __init__(
        self,
        name: str,
        max_resolution_px: tuple[int, int],
        *,
        slots: int = 4,
        policy: DropPolicy = DropPolicy.LIVE,
    ) -> None:
        if slots < 3:
            raise ValueError(f"a ring needs at least 3 slots, not {slots}")
        width, height = max_resolution_px
        frame_bytes = width * height * _CHANNELS
        slot_bytes = PAGE_BYTES + -(-frame_bytes // PAGE_BYTES) * PAGE_BYTES
        self.name = name
        self.block = SharedBlock(PAGE_BYTES + slots * slot_bytes, f"frame ring of camera {name}")
        header = _Header.from_buffer(self.block.buffer)
        header.version, header.policy = _VERSION, policy
        header.slots, header.slot_bytes, header.frame_bytes = slots, slot_bytes, frame_bytes
        header.magic = _MAGIC

    def writer(self) -> "RingWriter":
        """The producer's side; at most one at a time may be in use."""
        return RingWriter(_RingView(self))

    def reader(self) -> "RingReader":
        """The consumer's side; at most one at a time may be in use.

        Under `live` what was published for an earlier one is dropped and a fresh frame asked for.
        """
        return RingReader(_RingView(self))

    def counters(self) -> RingCounters:
        """The counters now; any process may ask."""
        return _RingView(self).counters()


class _RingView:
    """Header, slot headers and pixels of a ring, mapped."""

    def __init__(self, ring: FrameRing) -> None:
        buffer = ring.block.buffer
        self.header = _Header.from_buffer(buffer)
        if self.header.magic != _MAGIC or self.header.version != _VERSION:
            raise RingError(
                f"The memory of the frame ring of camera {ring.name} is not a ring of this"
                " version.",
                "Start all processes of the service from the same installation.",
            )
        self.slots = int(self.header.slots)
        self.policy = DropPolicy(self.header.policy)
        self.capacity_bytes = int(self.header.frame_bytes)
        starts = [PAGE_BYTES + index * self.header.slot_bytes for index in range(self.slots)]
        self._slots: list[_Slot] = [_Slot.from_buffer(buffer, start) for start in starts]
        self._pixels: list[ImageArray] = [
            np.frombuffer(buffer, np.uint8, self.capacity_bytes, start + PAGE_BYTES)
            for start in starts
        ]

    def slot(self, sequence: int) -> _Slot:
        return self._slots[sequence % self.slots]

    def pixels(self, sequence: int, width: int, height: int) -> ImageArray:
        """View of a slot as uint8 (height, width, 3), BGR."""
        flat = self._pixels[sequence % self.slots]
        return flat[: height * width * _CHANNELS].reshape(height, width, _CHANNELS)

    def counters(self) -> RingCounters:
        header = self.header
        return RingCounters(
            published=header.published,
            taken=header.taken,
            skipped=header.skipped,
            dropped=header.dropped,
            torn=header.torn,
            refused=header.refused,
            refused_size_px=(header.refused_width, header.refused_height),
        )


class RingWriter:
    """The producer's side of a ring.

    In place: `begin`, fill the view, `publish`. With a copy: `write`.
    """

    def __init__(self, view: _RingView) -> None:
        self._view = view
        self.policy = view.policy

    def wanted(self) -> bool:
        """Whether a frame published now would be looked at soon.

        live: the consumer has asked for one. wait: there is a free slot.
        """
        header = self._view.header
        if self.policy is DropPolicy.WAIT:
            return bool(header.published - header.taken < self._view.slots - 1)
        return bool(header.asked > header.published)

    def wait_for_room(self, timeout_s: float, *, giving_up: Callable[[], bool]) -> bool:
        """Wait until a frame is `wanted` under the wait policy; False after the timeout.

        Args:
            timeout_s: how long at most.
            giving_up: asked every millisecond; waiting ends when it says so.
        """
        deadline = time.monotonic() + timeout_s
        while not self.wanted():
            if giving_up() or time.monotonic() >= deadline:
                return False
            time.sleep(_WAIT_STEP_S)
        return True

    def skip(self) -> None:
        """Count a frame that is not even converted because nobody wants it."""
        self._view.header.skipped += 1

    def fits(self, width: int, height: int) -> bool:
        """Whether a frame of this size fits a slot; counts a refusal if not."""
        if 0 < width * height * _CHANNELS <= self._view.capacity_bytes:
            return True
        header = self._view.header
        header.refused_width, header.refused_height = width, height
        header.refused += 1
        return False

    def counters(self) -> RingCounters:
        """The counters now."""
        return self._view.counters()

    def begin(self, width: int, height: int) -> ImageArray:
        """Open the next slot and return it as uint8 (height, width, 3) to be filled.

        Until `publish` no reader sees it; calling `begin` again starts it over.

        Raises:
            ValueError: the frame does not fit; ask `fits` first.
        """
        if width * height * _CHANNELS > self._view.capacity_bytes:
            raise ValueError(f"{width}x{height} is larger than the ring's slots")
        sequence = self._view.header.published + 1
        slot = self._view.slot(sequence)
        slot.begin = sequence
        slot.width, slot.height = width, height
        return self._view.pixels(sequence, width, height)

    def publish(self, stamps: FrameStamps, *, moved_px: BoxPx | None = EVERYWHERE_PX) -> int:
        """Make the frame opened by `begin` visible; returns its sequence number, from 1.

        Args:
            stamps: when it was taken.
            moved_px: see `RingFrame`.
        """
        header = self._view.header
        sequence: int = header.published + 1
        slot = self._view.slot(sequence)
        slot.mono_ns, slot.utc_ns = stamps.mono_ns, stamps.utc_ns
        slot.received_mono_ns = stamps.received_mono_ns
        slot.moved_px[:] = moved_px or (0, 0, 0, 0)
        slot.end = sequence
        header.published = sequence
        return sequence

    def write(
        self, image: ImageArray, stamps: FrameStamps, *, moved_px: BoxPx | None = EVERYWHERE_PX
    ) -> bool:
        """Copy a frame, uint8 (height, width, 3), into the ring; False if it is refused."""
        height, width = image.shape[:2]
        if not self.fits(width, height):
            return False
        np.copyto(self.begin(width, height), image)
        self.publish(stamps, moved_px=moved_px)
        return True


class RingFrame:
    """A frame in the ring, read in place.

    Attributes:
        image: uint8 (height, width, 3), BGR, read-only; changes under the reader's hands once
            the producer has gone round the ring, which `intact` tells.
        sequence: counts published frames from 1; gaps are dropped frames.
        stamps: when it was taken.
        moved_px: x1, y1, x2, y2 of where the motion gate saw movement; may reach beyond the
            picture; None when it saw none.
    """

    __slots__ = ("_slot", "image", "moved_px", "sequence", "stamps")

    def __init__(self, slot: _Slot, sequence: int, image: ImageArray) -> None:
        self._slot = slot
        self.sequence = sequence
        self.image = image
        self.image.flags.writeable = False
        self.stamps = FrameStamps(slot.mono_ns, slot.utc_ns, slot.received_mono_ns)
        x1, y1, x2, y2 = slot.moved_px
        self.moved_px: BoxPx | None = (x1, y1, x2, y2) if x2 > x1 else None

    def intact(self) -> bool:
        """Whether nothing has been written over it so far; ask after the last use of `image`."""
        return bool(self._slot.begin == self.sequence == self._slot.end)


class RingReader:
    """The consumer's side of a ring."""

    def __init__(self, view: _RingView) -> None:
        self._view = view
        self.policy = view.policy
        if self.policy is DropPolicy.LIVE:
            header = view.header
            header.dropped += header.published - header.taken
            header.taken = header.published
            self.ask()

    def ask(self) -> None:
        """Ask under `live` for a frame beyond the last one taken, unless one waits.

        A busy consumer asks shortly before it comes to look: the frame is converted then and not
        before, and is as young as can be.
        """
        header = self._view.header
        header.asked = header.taken + 1

    def waiting(self) -> int:
        """Frames published and not yet taken."""
        header = self._view.header
        return int(header.published - header.taken)

    def next_mono_ns(self) -> int | None:
        """Timeline stamp of the oldest frame not yet taken; None when there is none."""
        if not self.waiting():
            return None
        return int(self._view.slot(self._view.header.taken + 1).mono_ns)

    def take(self) -> RingFrame | None:
        """The next frame: under `live` the newest, under `wait` the oldest not yet taken.

        Taking a frame gives the one before back to the producer. Where there is none, one is
        asked for.

        Returns:
            The frame, or None when there is no new one.
        """
        header = self._view.header
        while (published := header.published) > header.taken:
            sequence = published if self.policy is DropPolicy.LIVE else header.taken + 1
            header.dropped += sequence - header.taken - 1
            header.taken = sequence
            if frame := self._frame(sequence):
                return frame
            header.torn += 1
        self.ask()
        return None

    def _frame(self, sequence: int) -> RingFrame | None:
        slot = self._view.slot(sequence)
        width, height = slot.width, slot.height
        if not 0 < width * height * _CHANNELS <= self._view.capacity_bytes:
            return None
        frame = RingFrame(slot, sequence, self._view.pixels(sequence, width, height))
        return frame if frame.intact() else None

    def discard(self) -> None:
        """Count the frame in hand as torn; call when `intact` said no after its use."""
        self._view.header.torn += 1

    def counters(self) -> RingCounters:
        """The counters now."""
        return self._view.counters()
