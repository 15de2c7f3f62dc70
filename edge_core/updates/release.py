"""What the channel says of its releases, and which store PCs a release is for yet. Pure."""

import hashlib
import platform
import re
import sys
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from edge_core.errors import UpdateError, UpdateRefusedError

INDEX: Final = "releases.json"
"""The target that lists the releases."""
MOST_INDEX_BYTES: Final = 1_000_000
_VERSION: Final = r"^(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})$"
VersionText = Annotated[str, Field(pattern=_VERSION)]
Bytes = Annotated[int, Field(ge=0, le=2**40)]


class _Told(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)


class Archive(_Told):
    """One file to install a release from.

    Attributes:
        target: its name in the channel.
        base: the version it is a patch for; "" for a whole release.
        size_bytes: of the file.
    """

    target: str = Field(pattern=r"^[a-z0-9][a-z0-9_.-]{0,199}$")
    base: Annotated[str, Field(pattern=rf"{_VERSION}|^$")] = ""
    size_bytes: Bytes


class Release(_Told):
    """One version and how far it is rolled out.

    Attributes:
        version: three numbers.
        platform: as `this_platform` says.
        unpacked_bytes: of all its files.
        ledger_schema: newest schema of the ledger that it knows.
        share_percent: of the store PCs it is for.
        paused: nobody gets it for now.
        withdrawn: nobody gets it any more.
        archives: whole and patches.
    """

    version: VersionText
    platform: str = Field(max_length=40)
    unpacked_bytes: Bytes
    ledger_schema: int = Field(ge=0)
    share_percent: float = Field(default=0.0, ge=0, le=100)
    paused: bool = False
    withdrawn: bool = False
    archives: tuple[Archive, ...] = Field(min_length=1, max_length=20)

    @property
    def is_out(self) -> bool:
        """Whether anybody gets it."""
        return not (self.paused or self.withdrawn)

    def is_for(self, device_id: str) -> bool:
        """Whether it has been rolled out as far as to this store PC."""
        return self.is_out and place_in_line(self.version, device_id) < self.share_percent

    def whole(self) -> Archive:
        """The archive that needs no base. Raises UpdateError where there is none."""
        for archive in self.archives:
            if not archive.base:
                return archive
        raise UpdateError(f"Version {self.version} has patches alone.", "Tell who publishes it.")

    def best_for(self, base: str) -> Archive:
        """The smallest archive that a store PC with a base can use."""
        fitting = [it for it in self.archives if it.base == base]
        return min((*fitting, self.whole()), key=lambda it: it.size_bytes)


class Index(_Told):
    """All releases of a channel."""

    releases: tuple[Release, ...] = Field(default=(), max_length=200)

    @classmethod
    def parse(cls, text: bytes) -> "Index":
        """Read what a channel says. Raises UpdateRefusedError for nonsense."""
        try:
            return cls.model_validate_json(text)
        except ValidationError as error:
            first = error.errors()[0]
            where = ".".join(map(str, first["loc"]))
            raise UpdateRefusedError(
                f"The channel's list of releases makes no sense: {where}: {first['msg']}.",
                "Tell who publishes it; nothing was installed.",
            ) from None

    def find(self, version: str) -> Release | None:
        """The release of a version for this machine."""
        for release in self.releases:
            if release.version == version and release.platform == this_platform():
                return release
        return None

    def newest_for(self, device_id: str, above: str, bad: frozenset[str]) -> Release | None:
        """The newest release for a store PC that is newer than what it has.

        Args:
            device_id: see `place_in_line`.
            above: the version it has.
            bad: versions that did not hold here.
        """
        found = [
            it for it in self.releases
            if it.platform == this_platform() and order(it.version) > order(above)
            and it.version not in bad and it.is_for(device_id)
        ]  # fmt: skip
        return max(found, key=lambda it: order(it.version), default=None)


def order(version: str) -> tuple[int, ...]:
    """A version as numbers, to compare. Raises UpdateError unless it is three of them."""
    if not re.match(_VERSION, version):
        raise UpdateError(f"{version!r} is no version.", "Write three numbers, like 1.4.0.")
    return tuple(int(part) for part in version.split("."))


def place_in_line(version: str, device_id: str) -> float:
    """Where a store PC stands among all that wait for a version, 0 to below 100.

    Always the same for a version, so a larger share holds every PC of a smaller one; another for
    each version, so that not the same shops are always the first. Ours.

    Args:
        version: the release's.
        device_id: drawn once by the store PC and never told to anybody.
    """
    digest = hashlib.sha256(f"promenade rollout\n{version}\n{device_id}".encode()).digest()
    return int.from_bytes(digest[:6]) / 2**48 * 100


def this_platform() -> str:
    """What archives are built for, e.g. `linux-x86_64`."""
    system = "windows" if sys.platform == "win32" else sys.platform
    return f"{system}-{platform.machine().lower()}"
