"""The calls of `os` by which the redo log and the backups reach the disk, written down.

They are made as ever; `install` puts a method that notes and then calls in the place of each.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from edge_core.chaos.steps import Kind

_FOLLOWED: Final = ("open", "write", "fsync", "ftruncate", "replace", "unlink")

Note = Callable[..., None]
NameOf = Callable[[Any], str | None]


class FollowedCalls:
    """The methods; each takes what the function of its name in `os` takes.

    Args:
        note: writes a step down.
        name_of: the name of a file in the followed folder, None for any other.
        folder: the followed folder.
    """

    def __init__(self, note: Note, name_of: NameOf, folder: str) -> None:
        self._note, self._name_of, self._folder = note, name_of, folder
        self._real = {name: getattr(os, name) for name in _FOLLOWED}

    def install(self) -> None:
        """From now on."""
        for name in _FOLLOWED:
            setattr(os, name, getattr(self, name))

    def open(self, path: Any, flags: int, *more: Any, **others: Any) -> int:
        """A file that is made has a name to lose."""
        name = self._name_of(path) if isinstance(path, (str, os.PathLike)) else None
        if name is not None and flags & os.O_CREAT and not Path(path).exists():
            self._note(Kind.CREATE, name)
        return int(self._real["open"](path, flags, *more, **others))

    def write(self, descriptor: int, data: Any) -> int:
        """The ledger's files are only ever appended to through this call."""
        if descriptor > 2 and (name := self._opened(descriptor)) is not None:
            self._note(Kind.WRITE, name, os.fstat(descriptor).st_size, bytes(data))
        return int(self._real["write"](descriptor, data))

    def fsync(self, descriptor: int) -> None:
        """Counts when it has returned."""
        self._real["fsync"](descriptor)
        if (name := self._opened(descriptor)) is not None:
            self._note(Kind.SYNC, name)
        elif _path_of(descriptor) == self._folder:
            self._note(Kind.SYNC_FOLDER, "")

    def ftruncate(self, descriptor: int, size: int) -> None:
        """What is cut off may come back."""
        if (name := self._opened(descriptor)) is not None:
            self._note(Kind.TRUNCATE, name, size)
        self._real["ftruncate"](descriptor, size)

    def replace(self, source: Any, target: Any, **others: Any) -> None:
        """Within the folder."""
        name, new = self._name_of(source), self._name_of(target)
        if name is not None and new is not None:
            self._note(Kind.RENAME, name, 0, new.encode())
        self._real["replace"](source, target, **others)

    def unlink(self, path: Any, **others: Any) -> None:
        """The name goes, and comes back where the folder was not synced."""
        name = self._name_of(path)
        if name is not None and Path(path).exists():
            self._note(Kind.DELETE, name)
        self._real["unlink"](path, **others)

    def _opened(self, descriptor: int) -> str | None:
        return self._name_of(_path_of(descriptor))


def _path_of(descriptor: int) -> str:
    return str(Path(f"/proc/self/fd/{descriptor}").readlink())
