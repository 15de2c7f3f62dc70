"""Large values handed to child processes beside the pipe that starts them."""

import pickle
from typing import Any, Generic, TypeVar

from edge_core.runtime.memory import SharedBlock

T = TypeVar("T")


class Parcel(Generic[T]):
    """A value in shared memory, unpacked by the child.

    What a process is started with goes through a pipe that holds 64 KiB and whose reading end its
    starter keeps open, too (CPython's `popen_spawn_posix`): should the child die before it has
    read more than that, the starter would wait for ever. A site with a large plan is larger.

    Args:
        value: of plain data that can be pickled; a copy is taken now.
        purpose: what it is, for messages.

    Raises:
        SharedMemoryFullError: there is no room for it.
    """

    def __init__(self, value: T, purpose: str) -> None:
        data = pickle.dumps(value)
        self._size = len(data)
        self._block = SharedBlock(self._size, purpose)
        self._block.buffer[: self._size] = data

    def open(self) -> T:
        """The value, a new copy at every call."""
        value: T = pickle.loads(self._block.buffer[: self._size])  # noqa: S301 - our own
        return value


def opened(args: tuple[Any, ...]) -> tuple[Any, ...]:
    """Arguments with the parcels among them unpacked."""
    return tuple(it.open() if isinstance(it, Parcel) else it for it in args)
