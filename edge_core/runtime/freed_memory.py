"""Memory that a process gives back is overwritten at once.

NumPy and Python free arrays without clearing them, so what somebody looks like would stay readable
in the heap until chance reuses it. The C library can overwrite what is freed; it reads its tunables
when a program begins, so they are set for the children of a process, not for itself.
"""

import os
import sys
from collections.abc import MutableMapping
from typing import Final

_NAME: Final = "GLIBC_TUNABLES"
_WIPE: Final = ("glibc.malloc.perturb=165", "glibc.malloc.tcache_count=0")
"""Freed memory is filled with the byte 165; the caches of single threads, which would be left out,
are not used."""


def wipe_what_children_free(environment: MutableMapping[str, str] = os.environ) -> bool:
    """Let all processes started from now on overwrite what they free.

    Args:
        environment: of this process; tunables that stand there already are kept.

    Returns:
        Whether this system can; only Linux with the GNU C library does.
    """
    if sys.platform != "linux" or "CS_GNU_LIBC_VERSION" not in os.confstr_names:
        return False
    said = [it for it in environment.get(_NAME, "").split(":") if it]
    named = {it.partition("=")[0] for it in said}
    wished = [it for it in _WIPE if it.partition("=")[0] not in named]
    environment[_NAME] = ":".join([*said, *wished])
    return True
