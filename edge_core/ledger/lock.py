"""A lock file that lets one process write a ledger; the system frees it when that one dies."""

import os
import sys
from pathlib import Path
from typing import Self

from edge_core.errors import LedgerError

if sys.platform == "win32":
    import msvcrt

    def _try_lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _try_lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


class WriterLock:
    """Holds `<ledger>.lock` from construction to `close`.

    The file stays behind: removing it would let two processes lock two different files.

    Raises:
        LedgerError: another process holds it, or the file cannot be made.
    """

    def __init__(self, ledger_path: Path) -> None:
        path = ledger_path.with_name(f"{ledger_path.name}.lock")
        try:
            self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise LedgerError(
                f"The ledger's lock file {path} cannot be opened: {error.strerror}.",
                "Give the service's user the right to write in this folder.",
            ) from error
        try:
            _try_lock(self._descriptor)
        except OSError as error:
            os.close(self._descriptor)
            raise LedgerError(
                f"Another process is writing the ledger {ledger_path}.",
                "Stop the other edge service, or give this one its own ledger in site.toml.",
            ) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let the next writer in."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1
