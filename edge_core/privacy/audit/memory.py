"""Searching the memory of running processes (Linux; as their user or root).

Only memory that is not a file's: a library or a network's weights are no secret, and the shared
memory between the processes holds nothing but frames and counters. Frames live in
memory by design, so memory is searched for embeddings alone, as float32, the only form they are
made in.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from edge_core.privacy.audit.content import Find, Wanted, in_memory
from edge_core.privacy.audit.searched import Searched

_MAPPING: Final = re.compile(r"^([0-9a-f]+)-([0-9a-f]+) (\S{4}) \S+ \S+ (\d+) *(.*)$", re.MULTILINE)
_PIECE: Final = 16 << 20
_OVERLAP: Final = 16 << 10


def search_memory(pids: Iterable[int], wanted: Wanted, searched: Searched) -> list[Find]:
    """Search processes for embeddings; of each piece of memory and form the first place.

    Raises:
        PermissionError: the processes are another user's.
    """
    finds: list[Find] = []
    for pid in pids:
        try:
            finds += _search_process(pid, wanted, searched)
        except (FileNotFoundError, ProcessLookupError):  # it has ended
            continue
    return finds


def _search_process(pid: int, wanted: Wanted, searched: Searched) -> Iterator[Find]:
    searched.processes += 1
    name = Path(f"/proc/{pid}/comm").read_text(encoding="utf-8").strip()
    for begin, end in _mappings(pid):
        for at, piece in _pieces(pid, begin, end):
            searched.memory_bytes += len(piece)
            for what, place in in_memory(piece, wanted):
                yield Find(what, f"process {pid} ({name})", at + place)


def _mappings(pid: int) -> Iterator[tuple[int, int]]:
    """Begin and end of memory that was written to by the process or may have been."""
    for begin, end, mode, inode, name in _MAPPING.findall(Path(f"/proc/{pid}/maps").read_text()):
        of_file = inode != "0" and not name.startswith("/memfd:")
        if "r" in mode and "w" in mode and not of_file and not name.startswith("[v"):
            yield int(begin, 16), int(end, 16)


def _pieces(pid: int, begin: int, end: int) -> Iterator[tuple[int, bytes]]:
    with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
        for at in range(begin, end, _PIECE):
            size = min(_PIECE + _OVERLAP, end - at)
            try:
                memory.seek(at)
                piece = memory.read(size)
            except OSError:  # unmapped meanwhile
                return
            if piece.strip(b"\0"):
                yield at, piece
