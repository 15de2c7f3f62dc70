"""Files that their owner alone may read."""

import os
import stat
from pathlib import Path
from typing import Final

OTHERS: Final = 0o077
"""Bits of a mode that let anybody but the owner do anything."""


def is_loose(path: Path) -> bool:
    """Whether others than its owner may do anything with a file or folder that is there.

    Windows has no such modes; its user folders are private already.
    """
    try:
        return os.name == "posix" and bool(stat.S_IMODE(path.stat().st_mode) & OTHERS)
    except OSError:
        return False


def tighten(path: Path) -> bool:
    """Take a file from everybody but its owner; whether that was needed. Raises OSError."""
    loose = is_loose(path)
    if loose:
        path.chmod(stat.S_IMODE(path.stat().st_mode) & ~OTHERS)
    return loose


def write_private(path: Path, data: bytes) -> None:
    """Write a file with mode 600, whole or not at all. Raises OSError."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.draft")
    draft.unlink(missing_ok=True)  # one that was left there may be loose
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
