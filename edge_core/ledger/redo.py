"""Every change of the ledger, written down beside it before it is acknowledged.

SQLite's file may be torn by a failing disk; what was acknowledged must not go with it. So each
change stands in a file of its own first, as one line that can be read without SQLite, and is made
again on a backup if the ledger has to be restored. A line is `seq crc32 json`; a line that was cut
off by a power cut, or that the disk spoiled, is told by its checksum.
"""

import json
import os
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

_MARK: Final = ".redo-"


@dataclass(frozen=True, slots=True)
class Change:
    """One change of the ledger.

    Attributes:
        seq: its number; the ledger keeps the number of the last one it holds.
        name: what was done.
        arguments: to what, JSON values.
    """

    seq: int
    name: str
    arguments: list[Any]


class RedoLog:
    """The changes since the oldest backup that is kept, in files `<ledger>.redo-<first seq>`.

    Not safe for threads: the ledger's writer takes its turn before it calls.

    Args:
        ledger_path: the ledger's file; the log lies beside it.

    Attributes:
        spoilt: lines found that could not be read.

    Raises:
        OSError: the folder may not be written to.
    """

    def __init__(self, ledger_path: Path) -> None:
        self._ledger_path = ledger_path
        self.spoilt = 0
        self.last_seq = 0
        self._path: Path
        self._descriptor: int
        self._end: int
        files = redo_files(self._ledger_path)
        for path in files:
            self.last_seq = max(self.last_seq, _first_of(path) - 1)
            for change in self._read(path):
                self.last_seq = max(self.last_seq, change.seq)
        self._open(files[-1] if files else self._path_of(self.last_seq + 1))

    def keep(self, name: str, arguments: list[Any]) -> int:
        """Write a change down, on the disk when this returns.

        Returns:
            Its number.

        Raises:
            OSError: the disk refuses; nothing was written.
        """
        seq = self.last_seq + 1
        body = json.dumps([name, *arguments], ensure_ascii=False, separators=(",", ":"))
        self._end = os.lseek(self._descriptor, 0, os.SEEK_END)
        try:
            _write(self._descriptor, _line(seq, body))
            os.fsync(self._descriptor)
        except OSError:
            self._cut()
            raise
        self.last_seq = seq
        return seq

    def take_back(self) -> None:
        """Strike the change out that `keep` wrote last: the ledger did not take it."""
        self._cut()
        os.fsync(self._descriptor)
        self.last_seq -= 1

    def _cut(self) -> None:
        os.ftruncate(self._descriptor, self._end)

    def changes(self, after: int) -> Iterator[Change]:
        """The changes with a higher number, in order; spoilt lines are passed over."""
        for path in redo_files(self._ledger_path):
            for change in self._read(path):
                if change.seq > after:
                    after = change.seq
                    yield change

    def skip_to(self, seq: int) -> None:
        """Number the next changes after `seq`, which the ledger holds already."""
        if seq > self.last_seq:
            self.last_seq = seq
            self.start_anew()

    def start_anew(self) -> None:
        """Write the next changes into a file of their own."""
        path = self._path_of(self.last_seq + 1)
        if path != self._path:
            os.close(self._descriptor)
            self._open(path)

    def drop_until(self, seq: int) -> None:
        """Delete files whose changes all have numbers up to `seq`; the newest file stays."""
        files = redo_files(self._ledger_path)
        for path, following in pairwise(files):
            if _first_of(following) <= seq + 1:
                path.unlink()

    @property
    def size_bytes(self) -> int:
        """Of all files together."""
        return sum(path.stat().st_size for path in redo_files(self._ledger_path))

    def close(self) -> None:
        """Let go of the file."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def _path_of(self, first: int) -> Path:
        return self._ledger_path.with_name(f"{self._ledger_path.name}{_MARK}{first:012d}")

    def _open(self, path: Path) -> None:
        """Open for appending, behind the last whole line."""
        self._path = path
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        self._end = os.lseek(self._descriptor, 0, os.SEEK_END)
        if self._end and os.pread(self._descriptor, 1, self._end - 1) != b"\n":
            # A power cut left half a line; the next one must not be glued to it.
            _write(self._descriptor, b"\n")
            os.fsync(self._descriptor)
        sync_folder(path.parent)

    def _read(self, path: Path) -> Iterator[Change]:
        with path.open("rb") as file:
            for line in file:
                change = _change(line)
                if change is not None:
                    yield change
                elif line.strip():
                    self.spoilt += 1


def redo_files(ledger_path: Path) -> list[Path]:
    """The files of a ledger's redo log, oldest first."""
    start = f"{ledger_path.name}{_MARK}"
    found = ledger_path.parent.glob(f"{start}*")
    return sorted((it for it in found if it.name.removeprefix(start).isdigit()), key=_first_of)


def _first_of(path: Path) -> int:
    return int(path.name.rpartition("-")[2])


def _line(seq: int, body: str) -> bytes:
    told = f"{seq} {body}".encode()
    return f"{zlib.crc32(told):08x} ".encode() + told + b"\n"


def _change(line: bytes) -> Change | None:
    """What a line says; None for one that is spoilt."""
    checksum, _, told = line.rstrip(b"\n").partition(b" ")
    try:
        if int(checksum, 16) != zlib.crc32(told):
            return None
        seq, _, body = told.partition(b" ")
        name, *arguments = json.loads(body)
        return Change(int(seq), str(name), arguments)
    except ValueError:
        return None


def _write(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def sync_folder(folder: Path) -> None:
    """A file made or renamed is there after a power cut; Windows does so by itself."""
    if os.name != "posix":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
