"""Searching files: all of their bytes, so the free pages of databases too."""

import os
import re
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Final

from edge_core.privacy.audit.content import Find, Wanted, search
from edge_core.privacy.audit.searched import Searched

_SQLITE: Final = b"SQLite format 3\x00"
_PIECE: Final = 32 << 20
_OVERLAP: Final = 64 << 10
_DESCRIPTORS: Final = re.compile(r"^/(?:proc|sys|dev)/|^(?:socket|pipe|anon_inode):")


def files_of(folders: Iterable[Path]) -> list[Path]:
    """Every file under some folders, hidden ones too; links are not followed."""
    return sorted(
        Path(folder) / name
        for top in folders
        for folder, _, names in os.walk(top)
        for name in names
        if not (Path(folder) / name).is_symlink()
    )


def open_files(pids: Iterable[int]) -> Iterator[tuple[str, Path]]:
    """What processes write into: name, and where it can be read though it may have no name left.

    Shared memory is no file here: it is gone with its processes; see `search_memory`.
    """
    for pid in pids:
        for link in Path(f"/proc/{pid}/fd").glob("*"):
            try:
                target = str(link.readlink())
                flags = Path(f"/proc/{pid}/fdinfo/{link.name}").read_text().split("flags:")[1]
            except OSError:  # closed meanwhile
                continue
            writes = int(flags.split()[0], 8) & os.O_ACCMODE != os.O_RDONLY
            if writes and not _DESCRIPTORS.match(target) and link.is_file():
                yield target, link


def search_files(
    files: Iterable[tuple[str, Path]],
    wanted: Wanted,
    searched: Searched,
    *,
    own: Collection[Path] = (),
) -> list[Find]:
    """Search files.

    Args:
        files: what to call them, and where to read them.
        wanted: what to look for.
        searched: is added to.
        own: pictures that the site's settings name; they are allowed to be pictures.
    """
    known = {path.resolve() for path in own}
    finds: list[Find] = []
    for name, path in files:
        allowed = path.resolve() in known
        searched.skipped += allowed
        try:
            finds += _search_file(name, path, wanted, searched, pictures=not allowed)
        except FileNotFoundError:  # gone since it was listed
            continue
    return finds


def _search_file(
    name: str, path: Path, wanted: Wanted, searched: Searched, *, pictures: bool
) -> Iterator[Find]:
    with path.open("rb") as file:
        searched.files += 1
        begin, tail = 0, b""
        while piece := file.read(_PIECE):
            if begin == 0 and piece.startswith(_SQLITE):
                searched.databases += 1
                searched.pages += int.from_bytes(piece[28:32], "big")
                searched.free_pages += int.from_bytes(piece[36:40], "big")
            searched.file_bytes += len(piece)
            for find in search(tail + piece, name, wanted, pictures=pictures):
                yield Find(find.what, name, begin - len(tail) + find.at)
            begin += len(piece)
            tail = piece[-_OVERLAP:]
