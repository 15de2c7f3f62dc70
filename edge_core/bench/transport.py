"""One 1080p frame from one process to another: the ring against pipes.

Every arm has one frame in flight, a reader that sleeps in the kernel until woken, and ends when
the reader has read a pixel; the clock is the monotonic one that both processes share. The arms
take turns in short blocks, so that whatever else the machine does meets all alike.

- hand-over: the frame lies in its slot, as after decoding; publish, wake, take, read a pixel.
- hand-over, cold: the same right after all the slot's pixels were written, which pushes
  everything else out of the processor's caches.
- one copy: the frame is copied into the slot, then handed over.
- send_bytes: raw bytes through a pipe into memory the reader has ready.
- pickled: `Connection.send(array)`, as programs commonly do.
"""

import statistics
import time
from collections.abc import Callable, Iterator
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any, Final, TypeAlias

import numpy as np

from edge_core.bench import Figure
from edge_core.runtime.board import HealthBoard
from edge_core.runtime.ring import FrameRing, FrameStamps
from edge_core.runtime.wake import WakeSignal
from edge_core.types import ImageArray
from edge_core.units import NS_PER_US

SIZE_PX: Final = (1920, 1080)
ARMS: Final = ("hand-over", "hand-over, cold", "one copy", "send_bytes", "pickled")
_BLOCK: Final = 30
_SOURCES: Final = 4
_PATIENCE_S: Final = 30.0

Pipe: TypeAlias = "Connection[Any, Any]"


def measure(n: int = 300) -> list[Figure]:
    """Measure all arms; ten to thirty seconds for 300 frames.

    Args:
        n: frames per arm that count, after a block that does not; rounded up to whole blocks.
    """
    times_us = transfer_times_us(n)
    n = len(times_us["pickled"])
    medians = {arm: statistics.median(times) for arm, times in times_us.items()}
    figures = []
    for arm in reversed(ARMS):
        label = _label(arm)
        p99_us = float(np.percentile(times_us[arm], 99))
        pickled = None if arm == "pickled" else f"{_label('pickled')}, median"
        ratio = medians["pickled"] / medians[arm] if pickled else None
        figures.append(Figure(f"{label}, median", medians[arm], "us", pickled, ratio, n))
        figures.append(Figure(f"{label}, p99", p99_us, "us", None, None, n))
    for arm in ("hand-over", "one copy"):
        ratio = medians["send_bytes"] / medians[arm]
        name, baseline = f"{_label(arm)}, median", f"{_label('send_bytes')}, median"
        figures.append(Figure(name, medians[arm], "us", baseline, ratio, n))
    return figures


def transfer_times_us(n: int) -> dict[str, list[float]]:
    """Microseconds from giving a frame away to the other process having read a pixel, by arm."""
    context = get_context("spawn")
    ring = FrameRing("bench", SIZE_PX)
    wake, answer = WakeSignal(), WakeSignal()
    board = HealthBoard({"reader": ("read_ns", "pixel")})
    far_raw, near_raw = context.Pipe(duplex=False)
    far_pickled, near_pickled = context.Pipe(duplex=False)
    blocks = 1 + -(-n // _BLOCK)
    reader = context.Process(
        target=_read, args=(blocks, ring, wake, answer, board, far_raw, far_pickled), daemon=True
    )
    reader.start()
    try:
        if not answer.wait(_PATIENCE_S):
            raise TimeoutError("the reading process did not start")
        give = _givers(ring, wake, near_raw, near_pickled)
        return _take_turns(blocks, give, answer, board)
    finally:
        reader.join(1.0)
        if reader.is_alive():
            reader.kill()
            reader.join()
        for pipe in (far_raw, near_raw, far_pickled, near_pickled):
            pipe.close()


def _turns(blocks: int) -> Iterator[tuple[int, str]]:
    """Block number and arm of every transfer, in order; both processes go by it."""
    for block in range(blocks):
        for arm in ARMS:
            for _ in range(_BLOCK):
                yield block, arm


def _take_turns(
    blocks: int,
    give: dict[str, Callable[[ImageArray], int]],
    answer: WakeSignal,
    board: HealthBoard,
) -> dict[str, list[float]]:
    row = board.row("reader")
    width, height = SIZE_PX
    sources = [np.full((height, width, 3), 50 * (1 + k), np.uint8) for k in range(_SOURCES)]
    times_us: dict[str, list[float]] = {arm: [] for arm in ARMS}
    for number, (block, arm) in enumerate(_turns(blocks)):
        source = sources[number % _SOURCES]
        began_ns = give[arm](source)
        if not answer.wait(_PATIENCE_S):
            raise TimeoutError(f"no frame arrived by {arm}")
        if row.get("pixel") != source[0, 0, 0]:
            raise ValueError(f"a wrong frame arrived by {arm}")
        if block > 0:
            times_us[arm].append((row.get("read_ns") - began_ns) / NS_PER_US)
    return times_us


def _givers(
    ring: FrameRing, wake: WakeSignal, raw: Pipe, pickled: Pipe
) -> dict[str, Callable[[ImageArray], int]]:
    """For each arm a function that gives a frame away and returns when it began to."""
    writer = ring.writer()
    width, height = SIZE_PX

    def hand_over(source: ImageArray) -> int:
        middle = height // 2, width // 2
        writer.begin(*SIZE_PX)[middle] = source[middle]
        began_ns = time.monotonic_ns()
        writer.publish(FrameStamps(began_ns, began_ns, began_ns))
        wake.notify()
        return began_ns

    def hand_over_cold(source: ImageArray) -> int:
        writer.begin(*SIZE_PX)[:] = source
        began_ns = time.monotonic_ns()
        writer.publish(FrameStamps(began_ns, began_ns, began_ns))
        wake.notify()
        return began_ns

    def one_copy(source: ImageArray) -> int:
        began_ns = time.monotonic_ns()
        writer.write(source, FrameStamps(began_ns, began_ns, began_ns))
        wake.notify()
        return began_ns

    def send_bytes(source: ImageArray) -> int:
        began_ns = time.monotonic_ns()
        raw.send_bytes(source.data.cast("B"))
        return began_ns

    def send_pickled(source: ImageArray) -> int:
        began_ns = time.monotonic_ns()
        pickled.send(source)
        return began_ns

    arms = (hand_over, hand_over_cold, one_copy, send_bytes, send_pickled)
    return dict(zip(ARMS, arms, strict=True))


def _read(
    blocks: int,
    ring: FrameRing,
    wake: WakeSignal,
    answer: WakeSignal,
    board: HealthBoard,
    raw: Pipe,
    pickled: Pipe,
) -> None:
    """Body of the reading process."""
    reader, row = ring.reader(), board.row("reader")
    width, height = SIZE_PX
    ready = np.empty((height, width, 3), np.uint8)

    def from_ring() -> ImageArray:
        while True:
            wake.wait(_PATIENCE_S)
            if frame := reader.take():
                return frame.image

    def from_raw() -> ImageArray:
        raw.recv_bytes_into(ready.data.cast("B"))
        return ready

    def from_pickled() -> ImageArray:
        image: ImageArray = pickled.recv()
        return image

    arms = (from_ring, from_ring, from_ring, from_raw, from_pickled)
    receive = dict(zip(ARMS, arms, strict=True))
    answer.notify()
    for _, arm in _turns(blocks):
        pixel = int(receive[arm]()[height // 2, width // 2, 0])
        row.set("read_ns", time.monotonic_ns())
        row.set("pixel", pixel)
        answer.notify()


def _label(arm: str) -> str:
    by = "pipe" if arm in ("send_bytes", "pickled") else "ring"
    return f"{by} 1080p, {arm}"
