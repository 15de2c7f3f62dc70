"""Memory that a process has written and nobody shares."""

import sys

import psutil


def written_bytes(process: psutil.Process) -> int:
    """Bytes of private pages a process has changed, those swapped out included.

    Pages of libraries that nobody has changed are left out: whether they count as a process's own
    (USS) depends on who else uses the library just then. Where the system does not tell pages
    apart (not Linux), USS after all.

    Raises:
        psutil.Error: the process is gone or another user's.
    """
    if sys.platform != "linux":
        return int(process.memory_full_info().uss)
    return int(sum(part.private_dirty + part.swap for part in process.memory_maps()))
