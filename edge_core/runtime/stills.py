"""One still picture at a time, from the vision process to an operator who sets up a camera.

The only way by which pixels leave the vision process: asked for camera by camera, answered once,
held in nameless memory and overwritten with zeros as soon as it was taken. Nothing of it reaches
a disk.
"""

import ctypes
import threading
from collections.abc import Sequence
from typing import Final

from edge_core.runtime.memory import PAGE_BYTES, SharedBlock

MOST_BYTES: Final = 4 * 1024 * 1024
"""The largest encoded picture."""


class _Header(ctypes.Structure):
    _fields_ = (
        # Written by the asker only.
        ("asked", ctypes.c_uint64),
        ("camera", ctypes.c_uint64),
        ("withdrawn", ctypes.c_uint64),
        # Written by the answerer only.
        ("answered", ctypes.c_uint64),
        ("size_bytes", ctypes.c_uint64),
    )


class StillBox:
    """Memory for one still; hand it to both processes at their start.

    Args:
        cameras: ids of the site's cameras.

    Raises:
        SharedMemoryFullError: no room for it.
    """

    def __init__(self, cameras: Sequence[str]) -> None:
        self._cameras = tuple(cameras)
        self._block = SharedBlock(PAGE_BYTES + MOST_BYTES, "stills of the set-up")

    def asker(self) -> "StillAsker":
        """The side that asks; one process at a time."""
        return StillAsker(self._block, self._cameras)

    def answerer(self) -> "StillAnswerer":
        """The vision process's side."""
        return StillAnswerer(self._block, self._cameras)


class StillAsker:
    """Asks for a still and takes it."""

    def __init__(self, block: SharedBlock, cameras: tuple[str, ...]) -> None:
        self._block = block
        self._cameras = cameras
        self._header = _Header.from_buffer(block.buffer)
        self.turn = threading.Lock()
        """To be held from `ask` to `take`: there is room for one."""
        self.withdraw()  # what a dead process asked for is nobody's any more

    def ask(self, camera_id: str) -> int:
        """Ask for a still of a camera; returns the request's number.

        Raises:
            ValueError: there is no such camera.
        """
        camera = self._cameras.index(camera_id)
        self._wipe()
        self._header.camera = camera
        number: int = self._header.asked + 1
        self._header.asked = number
        return number

    def take(self, number: int) -> bytes | None:
        """The encoded still, once it is there; it is in nobody's memory but the caller's then."""
        header = self._header
        if header.answered != number:
            return None
        taken = bytes(self._block.buffer[PAGE_BYTES : PAGE_BYTES + int(header.size_bytes)])
        self._wipe()
        return taken

    def _wipe(self) -> None:
        size = int(self._header.size_bytes)
        self._block.buffer[PAGE_BYTES : PAGE_BYTES + size] = bytes(size)

    def withdraw(self) -> None:
        """Nobody waits any more; what comes late is not answered."""
        self._header.withdrawn = self._header.asked


class StillAnswerer:
    """Sees that a still is asked for and gives it."""

    def __init__(self, block: SharedBlock, cameras: tuple[str, ...]) -> None:
        self._block = block
        self._cameras = cameras
        self._header = _Header.from_buffer(block.buffer)

    def wanted(self, camera_id: str) -> int | None:
        """Number of the request that waits for a still of this camera, or None."""
        header = self._header
        asked = int(header.asked)
        if asked in (header.answered, header.withdrawn):
            return None
        return asked if self._cameras[int(header.camera)] == camera_id else None

    def answer(self, number: int, encoded: bytes) -> bool:
        """Give the still; False when nobody waits for it any more.

        Raises:
            ValueError: it is larger than `MOST_BYTES`.
        """
        if len(encoded) > MOST_BYTES:
            raise ValueError(f"a still of {len(encoded)} bytes is too large")
        header = self._header
        if number != header.asked or number == header.withdrawn:
            return False
        self._block.buffer[PAGE_BYTES : PAGE_BYTES + len(encoded)] = encoded
        header.size_bytes = len(encoded)
        header.answered = number
        return True
