"""Writes down every write and every sync that a process makes in a folder, in their order.

What the disk holds after a power cut is not what the process wrote: only what was synced is sure.
A killed process alone cannot show that, for the system keeps its writes. So the writer of the
power cut's test runs with this shim: it puts itself before SQLite's own file methods (a virtual
file system made of the default one, with the methods that write and sync replaced) and before the
calls of `os` that the redo log and the backups use. The calls themselves are made as ever; beside
them stands a journal, from which `disk_image` makes the disks that a power cut could have left.

Linux and any other POSIX system whose Python lets its SQLite library be reached.
"""

import _sqlite3
import ctypes
import os
from pathlib import Path
from typing import Any, Final

from edge_core.chaos.followed_calls import FollowedCalls
from edge_core.chaos.steps import HEAD, Kind
from edge_core.errors import PromenadeError

_METHODS_BYTES: Final = 152
"""Of sqlite3_io_methods, version 3: an int and eighteen pointers."""
_VFS_BYTES: Final = 168
"""Of sqlite3_vfs, version 3."""
_AT_WRITE, _AT_TRUNCATE, _AT_SYNC = 24, 32, 40
_AT_NAME, _AT_OPEN, _AT_DELETE = 24, 40, 48
_OK: Final = 0

_Open = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p
)
_Delete = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int)
_Write = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int, ctypes.c_int64
)
_Truncate = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int64)
_Sync = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int)


class WriteJournal:
    """The shim; once a process, for its whole life.

    Args:
        folder: whose files are followed, without folders in it.
        path: where the journal goes; outside of the folder.

    Raises:
        PromenadeError: this Python's SQLite cannot be reached.
    """

    def __init__(self, folder: Path, path: Path) -> None:
        self._folder = str(folder.resolve())
        self._write = os.write
        self._journal = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self._names: dict[int, str] = {}
        self._methods: dict[int, Any] = {}
        self._kept: list[Any] = []  # what SQLite has pointers to
        self._follow_sqlite()
        FollowedCalls(self._note, self._name_of, self._folder).install()

    def acknowledge(self, text: str) -> None:
        """Note that something is promised to be kept from here on."""
        self._note(Kind.ACKNOWLEDGE, "", 0, text.encode())

    def _note(self, kind: Kind, name: str, at: int = 0, data: bytes = b"") -> None:
        told = name.encode()
        line = HEAD.pack(kind.value, len(told), at, len(data)) + told + data
        self._write(self._journal, line)

    def _name_of(self, path: str | os.PathLike[str]) -> str | None:
        folder, name = os.path.split(os.path.abspath(path))  # noqa: PTH100 - a name, not a file
        return name if folder == self._folder else None

    def _follow_sqlite(self) -> None:
        library = _sqlite_library()
        library.sqlite3_vfs_find.restype = ctypes.c_void_p
        library.sqlite3_vfs_find.argtypes = [ctypes.c_char_p]
        library.sqlite3_vfs_register.argtypes = [ctypes.c_void_p, ctypes.c_int]
        default = library.sqlite3_vfs_find(None)
        vfs = ctypes.create_string_buffer(ctypes.string_at(default, _VFS_BYTES), _VFS_BYTES)
        name = ctypes.create_string_buffer(b"promenade-journal")
        place = ctypes.addressof(vfs)
        really_open = _Open(_pointer_at(place + _AT_OPEN))
        really_delete = _Delete(_pointer_at(place + _AT_DELETE))

        def open_(this: int, path: int, file: int, flags: int, told: int) -> int:
            named = ctypes.string_at(path).decode() if path else ""
            there = bool(named) and os.path.exists(named)  # noqa: PTH110 - SQLite's own string
            result = int(really_open(this, path, file, flags, told))
            short = self._name_of(named) if named else None
            if result == _OK and short is not None:
                if not there:
                    self._note(Kind.CREATE, short)
                self._names[file] = short
                self._replace_methods(file)
            else:
                self._names.pop(file, None)
            return result

        def delete(this: int, path: int, with_folder: int) -> int:
            short = self._name_of(ctypes.string_at(path).decode())
            if short is not None:
                self._note(Kind.DELETE, short)
            result = int(really_delete(this, path, with_folder))
            if short is not None and with_folder:
                self._note(Kind.SYNC_FOLDER, "")
            return result

        callbacks = (_Open(open_), _Delete(delete))
        _set_pointer(place + _AT_NAME, ctypes.addressof(name))
        _set_pointer(place + _AT_OPEN, ctypes.cast(callbacks[0], ctypes.c_void_p).value)
        _set_pointer(place + _AT_DELETE, ctypes.cast(callbacks[1], ctypes.c_void_p).value)
        self._kept += [vfs, name, callbacks, really_open, really_delete]
        if library.sqlite3_vfs_register(place, 1) != _OK:
            raise _no_shim("it refuses another file system")

    def _replace_methods(self, file: int) -> None:
        """Give an open file a copy of its methods in which three are ours."""
        before = _pointer_at(file)
        if before not in self._methods:
            self._methods[before] = self._methods_over(before)
        _set_pointer(file, ctypes.addressof(self._methods[before]))

    def _methods_over(self, before: int) -> Any:
        methods = ctypes.create_string_buffer(
            ctypes.string_at(before, _METHODS_BYTES), _METHODS_BYTES
        )
        place = ctypes.addressof(methods)
        really_write = _Write(_pointer_at(place + _AT_WRITE))
        really_truncate = _Truncate(_pointer_at(place + _AT_TRUNCATE))
        really_sync = _Sync(_pointer_at(place + _AT_SYNC))

        def write(file: int, data: int, length: int, at: int) -> int:
            self._note(Kind.WRITE, self._names[file], at, ctypes.string_at(data, length))
            return int(really_write(file, data, length, at))

        def truncate(file: int, size: int) -> int:
            self._note(Kind.TRUNCATE, self._names[file], size)
            return int(really_truncate(file, size))

        def sync(file: int, flags: int) -> int:
            result = int(really_sync(file, flags))
            if result == _OK:
                self._note(Kind.SYNC, self._names[file])
            return result

        callbacks = (_Write(write), _Truncate(truncate), _Sync(sync))
        for offset, callback in zip((_AT_WRITE, _AT_TRUNCATE, _AT_SYNC), callbacks, strict=True):
            _set_pointer(place + offset, ctypes.cast(callback, ctypes.c_void_p).value)
        self._kept += [callbacks, really_write, really_truncate, really_sync]
        return methods


def _sqlite_library() -> Any:
    """The SQLite that `sqlite3` uses, found through the module that is linked with it."""
    library = ctypes.CDLL(getattr(_sqlite3, "__file__", None))
    if not hasattr(library, "sqlite3_vfs_find"):
        raise _no_shim("its functions are hidden")
    return library


def _no_shim(why: str) -> PromenadeError:
    return PromenadeError(
        f"The writes of this Python's SQLite cannot be followed: {why}.",
        "Run the power cut with a Python whose sqlite3 uses a shared library.",
    )


def _pointer_at(place: int) -> int:
    return ctypes.c_void_p.from_address(place).value or 0


def _set_pointer(place: int, value: int | None) -> None:
    ctypes.c_void_p.from_address(place).value = value
