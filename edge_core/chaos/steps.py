"""The journal of what a process wrote: its steps, and how they stand in a file."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Final

HEAD: Final = struct.Struct("<cHQI")
"""Of a line: kind, bytes of the name, where, bytes of the data; both follow."""


class Kind(Enum):
    """What was done."""

    CREATE = b"c"
    WRITE = b"w"
    TRUNCATE = b"t"
    SYNC = b"s"
    RENAME = b"r"
    DELETE = b"d"
    SYNC_FOLDER = b"D"
    ACKNOWLEDGE = b"a"


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the journal.

    Attributes:
        kind: what was done.
        name: to which file of the folder.
        at: offset of a write, size after a truncation.
        data: what was written; the new name; or what was acknowledged.
    """

    kind: Kind
    name: str
    at: int = 0
    data: bytes = b""


def read_journal(path: Path) -> Iterator[Step]:
    """The steps of a journal; one that was cut off by a kill is left out."""
    with path.open("rb") as file:
        while len(head := file.read(HEAD.size)) == HEAD.size:
            kind, name_bytes, at, data_bytes = HEAD.unpack(head)
            body = file.read(name_bytes + data_bytes)
            if len(body) < name_bytes + data_bytes:
                return
            yield Step(Kind(kind), body[:name_bytes].decode(), at, body[name_bytes:])
