"""A heap that does not spread: what is free goes back to the system."""

import ctypes
import os
import sys
from typing import Final

_TRIM_THRESHOLD: Final = -1
_MMAP_THRESHOLD: Final = -3
_ARENA_MAX: Final = -8
"""Names of `mallopt(3)`."""
_BIG_BYTES: Final = 128 * 1024
_ARENAS: Final = 2
"""Where threads find memory; the library would make eight for each core."""


def steady_heap() -> bool:
    """Keep big blocks and idle threads' blocks from making holes, for the rest of the process.

    The GNU C library takes blocks from 128 KiB on from the system one by one, until the first of
    them is freed: then it raises that limit up to 32 MiB, and pictures and tables that come and go
    for hours leave holes among what stays. Setting the limit keeps it. It costs those who make
    many big blocks a second: not for what handles frames.

    Returns:
        Whether this system can; only Linux with the GNU C library does.
    """
    if sys.platform != "linux" or "CS_GNU_LIBC_VERSION" not in os.confstr_names:
        return False
    wished = {_MMAP_THRESHOLD: _BIG_BYTES, _TRIM_THRESHOLD: _BIG_BYTES, _ARENA_MAX: _ARENAS}
    set_option = ctypes.CDLL(None).mallopt
    return all(set_option(name, value) for name, value in wished.items())
