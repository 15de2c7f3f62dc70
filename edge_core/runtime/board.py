"""One page of shared memory on which every worker notes how it is.

A row per worker (and per camera within vision), each field with a single writer: the supervisor
writes `pid`, `state`, `restarts`, `reason` and `stop`, the worker its heartbeat, counters and
note. Anybody who was handed the board may read it at any time.
"""

import ctypes
from collections.abc import Mapping, Sequence
from enum import IntEnum
from typing import Any, Final

from edge_core.runtime.memory import SharedBlock

_TEXT_BYTES: Final = 240
_COUNTERS: Final = 32


class WorkerState(IntEnum):
    """A worker's state; names as in the health view."""

    STARTING = 0
    RUNNING = 1
    RESTARTING = 2
    FAILED = 3
    STOPPED = 4


class _Row(ctypes.Structure):
    _fields_ = (
        ("pid", ctypes.c_int64),
        ("state", ctypes.c_int64),
        ("restarts", ctypes.c_int64),
        ("stop", ctypes.c_int64),
        ("heartbeat_ns", ctypes.c_int64),
        ("counters", ctypes.c_int64 * _COUNTERS),
        ("reason", ctypes.c_char * _TEXT_BYTES),
        ("note", ctypes.c_char * _TEXT_BYTES),
    )


class HealthBoard:
    """Rows of health by name.

    Args:
        rows: counter names by row name, e.g. `{"capture:door": ("received", …), "vision": …}`;
            at most 32 counters a row.

    Raises:
        SharedMemoryFullError: no room for it.
    """

    def __init__(self, rows: Mapping[str, Sequence[str]]) -> None:
        too_long = [name for name, counters in rows.items() if len(counters) > _COUNTERS]
        if too_long:
            raise ValueError(f"more than {_COUNTERS} counters in {too_long}")
        self._counters = {name: tuple(counters) for name, counters in rows.items()}
        self._block = SharedBlock(ctypes.sizeof(_Row) * max(1, len(rows)), "health board")

    def names(self) -> tuple[str, ...]:
        """All row names, in the order given."""
        return tuple(self._counters)

    def row(self, name: str) -> "HealthRow":
        """The row of that name.

        Raises:
            KeyError: the board has no such row.
        """
        index = list(self._counters).index(name) if name in self._counters else -1
        if index < 0:
            raise KeyError(name)
        memory = _Row.from_buffer(self._block.buffer, index * ctypes.sizeof(_Row))
        return HealthRow(name, memory, self._counters[name], self._block)


class HealthRow:
    """One worker's row."""

    def __init__(
        self, name: str, memory: _Row, counters: tuple[str, ...], block: SharedBlock
    ) -> None:
        self.name = name
        self._memory = memory
        self._index = {counter: index for index, counter in enumerate(counters)}
        self._block = block

    @property
    def pid(self) -> int:
        """Process id of the worker's present life, 0 before the first."""
        return int(self._memory.pid)

    @pid.setter
    def pid(self, value: int) -> None:
        self._memory.pid = value

    @property
    def state(self) -> WorkerState:
        """How the worker is, in the supervisor's eyes."""
        return WorkerState(self._memory.state)

    @state.setter
    def state(self, value: WorkerState) -> None:
        self._memory.state = value

    @property
    def restarts(self) -> int:
        """How often the worker was started again."""
        return int(self._memory.restarts)

    @restarts.setter
    def restarts(self, value: int) -> None:
        self._memory.restarts = value

    @property
    def stop(self) -> bool:
        """Whether the supervisor wants the worker to end."""
        return bool(self._memory.stop)

    @stop.setter
    def stop(self, value: bool) -> None:
        self._memory.stop = value

    @property
    def heartbeat_ns(self) -> int:
        """Monotonic time of the last heartbeat, 0 before the first."""
        return int(self._memory.heartbeat_ns)

    def beat(self, now_mono_ns: int) -> None:
        """Say that the worker is alive."""
        self._memory.heartbeat_ns = now_mono_ns

    @property
    def reason(self) -> str:
        """Why the worker's last life ended, "" if it never has."""
        return _text(self._memory.reason)

    @reason.setter
    def reason(self, value: str) -> None:
        self._memory.reason = _clipped(value)

    @property
    def note(self) -> str:
        """What the worker itself has to say about its state."""
        return _text(self._memory.note)

    @note.setter
    def note(self, value: str) -> None:
        self._memory.note = _clipped(value)

    def set(self, counter: str, value: int) -> None:
        """Write a counter."""
        self._memory.counters[self._index[counter]] = value

    def add(self, counter: str, amount: int = 1) -> None:
        """Raise a counter; the row's one writer may do this without a lock."""
        self._memory.counters[self._index[counter]] += amount

    def get(self, counter: str) -> int:
        """Read a counter."""
        return int(self._memory.counters[self._index[counter]])

    def counters(self) -> dict[str, int]:
        """All counters by name."""
        return {name: int(self._memory.counters[index]) for name, index in self._index.items()}


def _text(raw: Any) -> str:
    return bytes(raw).decode("utf-8", "replace")


def _clipped(text: str) -> bytes:
    """UTF-8 that fits the field, cut between characters."""
    return text.encode()[: _TEXT_BYTES - 1].decode("utf-8", "ignore").encode()
