"""A site file that is rewritten while a service runs by it: all or nothing, and with a way back."""

import hashlib
import os
import tempfile
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from edge_core.errors import PromenadeError

_BACKUPS: Final = 10
_STAMP: Final = "%Y-%m-%dT%H-%M-%S-%f"


class SiteFileError(PromenadeError):
    """The site file cannot be rewritten, or was changed by somebody else meanwhile."""


class StaleSetUpError(SiteFileError):
    """What is asked for does not go with what the file says now."""


class SiteFile:
    """The file; every save keeps a copy of what stood there.

    Args:
        path: the file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._turn = threading.Lock()

    def read(self) -> tuple[str, str]:
        """Its text, and a digest by which `save` sees that it is still the same.

        Raises:
            SiteFileError: it cannot be read.
        """
        try:
            text = self.path.read_bytes().decode("utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise SiteFileError(f"{self.path.name} cannot be read: {error}.", "Mend it.") from error
        return text, digest(text)

    def backups(self) -> list[Path]:
        """Copies of what stood there before, the newest first."""
        return sorted(self.path.parent.glob(f"{self.path.name}.*.bak"), reverse=True)

    def save(self, text: str, base: str, now: datetime | None = None) -> None:
        """Replace the text at once, and keep what stood there.

        Args:
            text: the new text, checked before.
            base: digest of the text that it was made from.
            now: names the copy; the moment itself when None.

        Raises:
            SiteFileError: the file is another one than the text was made from, or the disk
                refuses; nothing was changed.
        """
        with self._turn:
            before, found = self.read()
            if found != base:
                raise StaleSetUpError(
                    f"{self.path.name} was changed by somebody else meanwhile.",
                    "Load the page again and make your changes anew.",
                )
            stamp = (now or datetime.now(UTC)).strftime(_STAMP)
            self._write(self.path.with_name(f"{self.path.name}.{stamp}.bak"), before)
            self._write(self.path, text)
            for old in self.backups()[_BACKUPS:]:
                old.unlink(missing_ok=True)

    def undo(self) -> str:
        """Put back what stood there before the last save; returns the text.

        What is taken back is kept as `.undone`. Raises SiteFileError when there is nothing to
        go back to.
        """
        with self._turn:
            kept = self.backups()
            if not kept:
                raise StaleSetUpError(
                    "There is no earlier set-up.", "Nothing was changed here yet."
                )
            text = kept[0].read_bytes().decode()
            now, _ = self.read()
            self._write(self.path.with_name(f"{self.path.name}.undone"), now)
            self._write(self.path, text)
            kept[0].unlink()
        return text

    def _write(self, path: Path, text: str) -> None:
        """The whole text or none of it, even when the power fails; rights as the site file's."""
        try:
            mode = self.path.stat().st_mode & 0o777
            descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
            try:
                with os.fdopen(descriptor, "wb") as file:
                    file.write(text.encode())
                    file.flush()
                    os.fsync(file.fileno())
                Path(name).chmod(mode)
                Path(name).replace(path)
            except OSError:
                Path(name).unlink(missing_ok=True)
                raise
            _sync_folder(path.parent)
        except OSError as error:
            raise SiteFileError(
                f"{path.name} cannot be written: {error.strerror}.",
                "Let the service's user write in the folder of the site file, and make room.",
            ) from error


def digest(text: str) -> str:
    """Tells one text from another."""
    return hashlib.sha256(text.encode()).hexdigest()


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":  # Windows keeps renames by itself
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
