"""Shared memory that cannot outlive its processes.

On Linux a block is a file in the shared-memory file system that never has a name (or loses it at
birth): children inherit its descriptor, and the kernel frees the pages when the last process that
holds it is gone, `kill -9` of everything included. On Windows it is a named mapping, freed with
its last handle.
"""

import errno
import mmap
import os
import secrets
import sys
import tempfile
from multiprocessing import context, reduction
from pathlib import Path
from typing import Any, Final

from edge_core.errors import RingError, SharedMemoryFullError

PAGE_BYTES: Final = 4096
DIRECTORY_VARIABLE: Final = "PROMENADE_SHM_DIR"
_MB: Final = 1_000_000


class SharedBlock:
    """Zeroed memory shared by a process and the children it starts.

    It can be pickled only while a child process is being started, because that is when its
    descriptor is inherited.

    Args:
        size_bytes: wanted size; rounded up to whole pages, which are reserved at once.
        purpose: what it is for, e.g. `frame ring of camera door`, for messages.

    Raises:
        SharedMemoryFullError: the file system has no room.
        RingError: the shared-memory file system cannot be used at all.
    """

    def __init__(self, size_bytes: int, purpose: str) -> None:
        self.size_bytes = -(-size_bytes // PAGE_BYTES) * PAGE_BYTES
        self.purpose = purpose
        self._descriptor = -1
        self._tag = ""
        if sys.platform == "win32":
            self._tag = f"promenade-{secrets.token_hex(8)}"
        else:
            self._descriptor = _reserve(self.size_bytes, purpose)
        self.buffer = self._map()

    def _map(self) -> mmap.mmap:
        if sys.platform == "win32":
            return mmap.mmap(-1, self.size_bytes, tagname=self._tag)
        return mmap.mmap(self._descriptor, self.size_bytes)

    def __getstate__(self) -> dict[str, Any]:
        context.assert_spawning(self)
        state = {"size_bytes": self.size_bytes, "purpose": self.purpose, "tag": self._tag}
        if sys.platform != "win32":
            state["descriptor"] = reduction.DupFd(self._descriptor)
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.size_bytes = state["size_bytes"]
        self.purpose = state["purpose"]
        self._tag = state["tag"]
        self._descriptor = -1 if sys.platform == "win32" else state["descriptor"].detach()
        self.buffer = self._map()

    def __del__(self) -> None:
        # The mapping itself goes with its last view; only the descriptor needs closing by hand.
        descriptor = getattr(self, "_descriptor", -1)
        if descriptor >= 0:
            os.close(descriptor)


if sys.platform != "win32":

    def shared_memory_directory() -> Path:
        """Where blocks are made: $PROMENADE_SHM_DIR, else /dev/shm."""
        return Path(os.environ.get(DIRECTORY_VARIABLE, "/dev/shm"))

    def _reserve(size_bytes: int, purpose: str) -> int:
        """Descriptor of a nameless file whose pages all exist already.

        Without the reservation a full file system would show only later, as a bus error at the
        first write, which no program can catch.
        """
        directory = shared_memory_directory()
        try:
            descriptor = _nameless_file(directory)
        except OSError as error:
            if error.errno == errno.ENOSPC:
                raise _full(directory, size_bytes, purpose) from error
            raise RingError(
                f"No shared memory can be made in {directory}: {error.strerror}.",
                "Mount a tmpfs there that this user may write to.",
            ) from error
        try:
            os.posix_fallocate(descriptor, 0, size_bytes)
        except OSError as error:
            os.close(descriptor)
            if error.errno in (errno.ENOSPC, errno.ENOMEM, errno.EDQUOT, errno.EFBIG):
                raise _full(directory, size_bytes, purpose) from error
            raise
        return descriptor

    def _nameless_file(directory: Path) -> int:
        flag = getattr(os, "O_TMPFILE", 0)
        if flag:
            try:
                return os.open(directory, flag | os.O_RDWR | os.O_CLOEXEC, 0o600)
            except OSError as error:
                if error.errno not in (errno.EOPNOTSUPP, errno.EISDIR, errno.EINVAL):
                    raise
        descriptor, name = tempfile.mkstemp(prefix="promenade-", dir=directory)
        Path(name).unlink()
        return descriptor

    def _full(directory: Path, size_bytes: int, purpose: str) -> SharedMemoryFullError:
        disk = os.statvfs(directory)
        free_bytes = disk.f_bavail * disk.f_frsize
        return SharedMemoryFullError(
            f"The shared-memory file system {directory} is too full: the {purpose} needs"
            f" {size_bytes / _MB:.1f} MB and {free_bytes / _MB:.1f} MB are free.",
            f"Enlarge it (`mount -o remount,size=1G {directory}`; in a container"
            " `--shm-size=1g`), end what fills it, or lower max_resolution_px.",
        )
