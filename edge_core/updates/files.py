"""Small files that are there whole or not at all, also after a power cut."""

import os
from pathlib import Path

from edge_core.ledger.redo import sync_folder


def write_whole(path: Path, data: bytes, mode: int = 0o644) -> None:
    """Write a file; on the disk when this returns. Raises OSError."""
    draft = path.with_name(f"{path.name}.draft")
    draft.unlink(missing_ok=True)
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)
    sync_folder(path.parent)


def link_whole(path: Path, target: str) -> None:
    """Let a symbolic link lead elsewhere, in one step. Raises OSError."""
    draft = path.with_name(f".{path.name}.draft")
    draft.unlink(missing_ok=True)
    draft.symlink_to(target)
    draft.replace(path)
    sync_folder(path.parent)
