"""Timing calls in turns, so that whatever else the machine does meets all of them alike."""

import sys
import time
from collections.abc import Callable, Mapping
from typing import Final

_REPEATS_MOST: Final = 10
_SLICE_MS: Final = 40.0

Clock = Callable[[], int]
"""Nanoseconds since some moment."""

PROCESSOR_CLOCK: Final[Clock] = (
    # Windows counts processor time in ticks of 16 ms.
    time.perf_counter_ns if sys.platform == "win32" else time.process_time_ns
)
"""Time that this process worked. Where one thread works it is the time on the wall of an idle
machine, and on a busy one it leaves out the waiting."""


def in_turns(
    calls: Mapping[str, Callable[[], object]],
    rounds: int,
    *,
    repeats_most: int = _REPEATS_MOST,
    clock: Clock = time.perf_counter_ns,
) -> dict[str, list[float]]:
    """Milliseconds of each call.

    Every call has its turn in every round; quick ones are repeated in it, which costs little
    and steadies their median. The first two calls of each do not count.

    Args:
        calls: what to measure, by name.
        rounds: turns of each.
        repeats_most: at most so many calls a turn.
        clock: what the milliseconds are of.

    Returns:
        `rounds` to `repeats_most` times as many values a name.
    """
    repeats = {name: _repeats(call, repeats_most, clock) for name, call in calls.items()}
    spent_ms: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(rounds):
        for name, call in calls.items():
            spent_ms[name] += [timed_ms(call, clock) for _ in range(repeats[name])]
    return spent_ms


def timed_ms(call: Callable[[], object], clock: Clock) -> float:
    """Milliseconds of one call."""
    started_ns = clock()
    call()
    return (clock() - started_ns) / 1e6


def _repeats(call: Callable[[], object], most: int, clock: Clock) -> int:
    call()
    return max(1, min(most, int(_SLICE_MS / timed_ms(call, clock))))
