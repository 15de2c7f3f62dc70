"""Where versions lie: `releases/VERSION`, and the links `current` and `good` that lead to two.

Services run what `current` leads to; the updater itself runs from `good`, the version that held
last, so that a new version that cannot even start is no obstacle to going back.
"""

import os
import re
import shutil
from pathlib import Path
from typing import Final

from edge_core.errors import UpdateError
from edge_core.ledger.redo import sync_folder
from edge_core.updates.archive import KEPT_MANIFEST, remove
from edge_core.updates.files import link_whole
from edge_core.updates.release import order

ROOT: Final = Path("/opt/promenade")
ROOT_VARIABLE: Final = "PROMENADE_ROOT"
"""Environment variable: where Promenade is installed, if elsewhere."""
KEPT: Final = 2
"""Versions kept beside the current one."""
_UNFINISHED: Final = ".unfinished-"


def install_root() -> Path:
    """Where Promenade is installed."""
    return Path(os.environ.get(ROOT_VARIABLE) or ROOT)


class Layout:
    """The installed versions of one machine.

    Args:
        root: see `install_root`.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.releases = root / "releases"
        self.folder = root / "updates"
        """Of the updater's own files."""

    def require(self) -> None:
        """Raise UpdateError unless Promenade was installed here as bundles."""
        if not self.releases.is_dir() or not self.installed():
            raise UpdateError(
                f"There is no installed version below {self.root}.",
                "Updates are for installations by package; a copy of the source is updated by its"
                f" own means. If it lies elsewhere, set {ROOT_VARIABLE}.",
            )
        self.folder.mkdir(mode=0o755, exist_ok=True)

    def path(self, version: str) -> Path:
        """Folder of a version."""
        order(version)  # no path by mistake
        return self.releases / version

    def has(self, version: str) -> bool:
        """Whether a version is installed."""
        return self.path(version).is_dir()

    def current(self) -> str | None:
        """The version that services run; None when the link leads nowhere."""
        return self._led_to("current")

    def good(self) -> str | None:
        """The version that held last; None before the first update."""
        return self._led_to("good")

    def _led_to(self, link: str) -> str | None:
        path = self.root / link
        name = path.readlink().name if path.is_symlink() else ""
        return name if name and (self.releases / name).is_dir() else None

    def switch(self, version: str) -> None:
        """Let services run a version from their next start on."""
        link_whole(self.root / "current", f"releases/{version}")

    def trust(self, version: str) -> None:
        """Let the updater run from a version."""
        link_whole(self.root / "good", f"releases/{version}")

    def unfinished(self, version: str) -> Path:
        """Where to unpack a version; empty."""
        path = self.releases / f"{_UNFINISHED}{version}"
        remove(path)
        return path

    def finish(self, version: str) -> None:
        """Give an unpacked version its name; one of that name before is replaced."""
        old = self.path(version)
        if old.exists():
            old.rename(self.releases / f"{_UNFINISHED}{version}.old")
        (self.releases / f"{_UNFINISHED}{version}").rename(old)
        sync_folder(self.releases)
        self.tidy()

    def tidy(self) -> None:
        """Remove what an interrupted installation left."""
        for path in self.releases.glob(f"{_UNFINISHED}*"):
            remove(path)

    def installed(self) -> list[str]:
        """All versions, the newest first."""
        names = [it.name for it in self.releases.iterdir() if re.match(r"\d+\.\d+\.\d+$", it.name)]
        return sorted(names, key=order, reverse=True)

    def prune(self, keep: set[str]) -> list[str]:
        """Delete older versions than the `KEPT` newest; what a package brought is left to it.

        Args:
            keep: versions that stay in any case.

        Returns:
            What was deleted.
        """
        brought = [it for it in self.installed() if (self.path(it) / KEPT_MANIFEST).is_file()]
        stays = keep | {it for it in (self.current(), self.good()) if it is not None}
        others = [it for it in brought if it not in stays]
        room = max(0, KEPT + 1 - sum(it in stays for it in brought))
        gone = others[room:]
        for version in gone:
            self.discard(version)
        return gone

    def discard(self, version: str) -> None:
        """Delete a version; half of one never stays under its name."""
        doomed = self.releases / f"{_UNFINISHED}{version}.old"
        remove(doomed)
        self.path(version).rename(doomed)
        remove(doomed)

    def require_room(self, needed_bytes: int) -> None:
        """Raise UpdateError unless the disk has so much room."""
        free = shutil.disk_usage(self.releases).free
        if free < needed_bytes:
            raise UpdateError(
                f"There is no room for the update: {needed_bytes / 1e6:.0f} MB are needed and"
                f" {free / 1e6:.0f} MB are free at {self.releases}.",
                "Free some disk space; it is tried again by itself.",
            )
