"""A disk that can be filled without harm to the machine's own.

Where this process may mount, it is a file system in memory of limited size, filled to the last
byte: the service gets ENOSPC. Elsewhere the service's processes get a limit to the size of files
(RLIMIT_FSIZE, EFBIG): existing files cannot grow, which is what a full disk does to a ledger.
"""

import resource
import subprocess
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final, Self

import psutil

_SIZE: Final = "48m"
_CHUNK: Final = bytes(65_536)


class SmallDisk:
    """A folder on such a disk, while entered.

    Args:
        folder: is made.

    Attributes:
        folder: where to write.
        how: in words, how it is filled.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._mounted = False
        self._limited: list[psutil.Process] = []

    @property
    def how(self) -> str:
        """See the class."""
        kind = f"a tmpfs of {_SIZE[:-1]} MB filled to the last byte, ENOSPC"
        return kind if self._mounted else "RLIMIT_FSIZE on every process of the service, EFBIG"

    def __enter__(self) -> Self:
        self.folder.mkdir()
        command = ["mount", "-t", "tmpfs", "-o", f"size={_SIZE}", "tmpfs", str(self.folder)]
        with suppress(OSError):
            self._mounted = (
                subprocess.run(command, capture_output=True, check=False).returncode == 0
            )
        return self

    def fill(self, processes: Iterable[psutil.Process]) -> None:
        """From now on nothing more fits.

        Args:
            processes: of the service; those it starts meanwhile inherit what their parent has.
        """
        if self._mounted:
            with (self.folder / "filler").open("wb", buffering=0) as file, suppress(OSError):
                while file.write(_CHUNK):
                    pass
            return
        self._limited = list(processes)
        for process in self._limited:
            with suppress(psutil.Error, OSError):
                resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))

    def make_room(self) -> None:
        """As before."""
        (self.folder / "filler").unlink(missing_ok=True)
        unlimited = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
        for process in self._limited:
            with suppress(psutil.Error, OSError):
                resource.prlimit(process.pid, resource.RLIMIT_FSIZE, unlimited)
        self._limited = []

    def __exit__(self, *_: object) -> None:
        self.make_room()
        if self._mounted:
            subprocess.run(["umount", "-l", str(self.folder)], capture_output=True, check=False)
