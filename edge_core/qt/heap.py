"""Memory of pictures goes back to the system as soon as it is free."""

import ctypes
import os
import sys
from typing import Final

_TRIM_THRESHOLD: Final = -1
_MMAP_THRESHOLD: Final = -3
"""Names of `mallopt(3)`."""
_BIG_BYTES: Final = 128 * 1024


def return_big_blocks() -> bool:
    """Keep big blocks out of the heap, for the rest of the process.

    The GNU C library takes blocks from 128 KiB on from the system one by one, until the first of
    them is freed: then it raises that limit up to 32 MiB, and pictures that come and go for hours
    leave holes among what stays. Setting the limit keeps it.

    Returns:
        Whether this system can; only Linux with the GNU C library does.
    """
    if sys.platform != "linux" or "CS_GNU_LIBC_VERSION" not in os.confstr_names:
        return False
    set_option = ctypes.CDLL(None).mallopt
    return all(set_option(name, _BIG_BYTES) for name in (_MMAP_THRESHOLD, _TRIM_THRESHOLD))
