"""The channel of new versions: what is believed of it is The Update Framework's to say.

python-tuf's client checks signatures, thresholds, expiry, versions that may only rise, lengths and
hashes (https://theupdateframework.github.io/specification/v1.0.33/, section 5); this file gives it
its trust anchor, its folder and its downloads, and tells a person what is wrong.
"""

import hashlib
import json
import os
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Self

from tuf.api.exceptions import DownloadError, ExpiredMetadataError, RepositoryError
from tuf.api.metadata import Metadata, Root
from tuf.ngclient import Updater, UpdaterConfig

from edge_core.errors import UpdateError, UpdateRefusedError
from edge_core.updates.fetcher import PART, SLOWEST_BYTES_S, ResumingFetcher
from edge_core.updates.files import write_whole
from edge_core.updates.release import INDEX, MOST_INDEX_BYTES, Archive, Index

ANCHOR: Final = "root.json"
"""In the updater's folder: whose signatures count. Written by `promenade updates trust` alone."""
_MOST_ANCHOR_BYTES: Final = 512_000


class Channel:
    """One channel, as a store PC sees it; for one look, and for one thread.

    Args:
        url: of the channel.
        folder: the updater's own.
        ca: certificate of the channel's authority (PEM); None = the system's.
        slowest_bytes_s: see `ResumingFetcher`.

    Raises:
        UpdateError: no anchor of trust, or a certificate that cannot be used.
    """

    def __init__(
        self, url: str, folder: Path, ca: Path | None, slowest_bytes_s: float = SLOWEST_BYTES_S
    ) -> None:
        self._url = url.rstrip("/")
        self._downloads = folder / "downloads"
        self._fetcher = ResumingFetcher(self._downloads, _authority(ca), slowest_bytes_s)
        with self._errors_named():
            self._updater = Updater(
                metadata_dir=str(_made(folder / "metadata")),
                metadata_base_url=f"{self._url}/metadata",
                target_dir=str(_made(self._downloads)),
                target_base_url=f"{self._url}/targets",
                fetcher=self._fetcher,
                config=UpdaterConfig(max_root_rotations=64, app_user_agent="promenade"),
                bootstrap=_anchor(folder),
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._fetcher.close()

    def index(self) -> Index:
        """Fetch the list of releases.

        Raises:
            UpdateRefusedError: it is not vouched for, too old, or older than one seen before.
            UpdateError: the channel does not answer.
        """
        with self._errors_named():
            self._updater.refresh()
            found = self._updater.get_targetinfo(INDEX)
            if found is None:
                return Index()
            if found.length > MOST_INDEX_BYTES:
                raise UpdateRefusedError("The list of releases is too long.", "Tell its maker.")
            path = self._updater.find_cached_target(found) or self._updater.download_target(found)
            return Index.parse(Path(path).read_bytes())

    def download(self, archive: Archive) -> Path:
        """Fetch an archive, or what is missing of it; it is what was signed when this returns.

        Raises:
            UpdateRefusedError: it is not what was signed; nothing of it is kept.
            UpdateError: the channel does not answer; what came is kept for the next try.
        """
        with self._errors_named():
            found = self._updater.get_targetinfo(archive.target)
            if found is None or found.length != archive.size_bytes:
                raise UpdateRefusedError(
                    f"The channel signed no archive {archive.target}.", "Tell who publishes it."
                )
            cached = self._updater.find_cached_target(found)
            return Path(cached or self._updater.download_target(found))

    def tidy(self, keep: Path | None = None) -> None:
        """Delete downloads, whole and in part, but one."""
        for path in self._downloads.iterdir():
            if path.name != INDEX and (keep is None or path.name.removesuffix(PART) != keep.name):
                path.unlink()

    @contextmanager
    def _errors_named(self) -> Iterator[None]:
        try:
            yield
        except ExpiredMetadataError as error:
            raise UpdateRefusedError(
                f"What the channel {self._url} says is too old to be believed: {error}.",
                "Check this PC's clock. If it is right, somebody holds news back, or who publishes"
                " has to sign anew (`release.py freshen`).",
            ) from None
        except RepositoryError as error:
            raise UpdateRefusedError(
                f"What the channel {self._url} says is not vouched for: {error}.",
                "Nothing was installed. Tell who publishes it; if its keys were all replaced, fetch"
                " the new root.json by a way you trust and run `promenade updates trust`.",
            ) from None
        except DownloadError as error:
            raise UpdateError(
                f"The channel cannot be reached: {error}.",
                "It is tried again by itself; see that the network reaches it.",
            ) from None


def keep_anchor(folder: Path, text: bytes) -> str:
    """Trust the keys of a root.json from now on, and no others; forget what was believed before.

    Returns:
        A line a key: role and fingerprint.

    Raises:
        UpdateError: it is no root.json that is signed by its own keys.
    """
    told = anchor_told(text)
    metadata = folder / "metadata"
    if metadata.is_dir():
        for path in sorted(metadata.rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()
    write_whole(folder / ANCHOR, text)
    return told


def anchor_told(text: bytes) -> str:
    """Who is trusted by a root.json, a line a key. Raises UpdateError."""
    try:
        if len(text) > _MOST_ANCHOR_BYTES:
            raise ValueError("it is too long")
        metadata = Metadata[Root].from_bytes(text)
        root = metadata.signed
        if not isinstance(root, Root):
            raise ValueError("it is of another kind")
        root.verify_delegate(Root.type, metadata.signed_bytes, metadata.signatures)
    except (RepositoryError, ValueError) as error:
        raise UpdateError(f"This is no root.json: {error}.", "Give the maker's.") from None
    lines = [f"version {root.version}, good until {root.expires:%Y-%m-%d}"]
    for name, role in root.roles.items():
        prints = [_print(json.dumps(root.keys[it].keyval, sort_keys=True)) for it in role.keyids]
        lines.append(f"{name}: {role.threshold} of {', '.join(prints)}")
    return "\n".join(lines)


def _print(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _anchor(folder: Path) -> bytes:
    try:
        return (folder / ANCHOR).read_bytes()
    except OSError:
        raise UpdateError(
            f"There is no {folder / ANCHOR}: nobody's signature counts yet.",
            "Run `promenade updates trust root.json` with the file from who makes releases.",
        ) from None


def _authority(ca: Path | None) -> ssl.SSLContext | bool:
    if ca is None:
        return True
    try:
        return ssl.create_default_context(cafile=os.fspath(ca))
    except OSError as error:  # ssl.SSLError is one
        raise UpdateError(
            f"The certificate {ca} of the channel's authority cannot be used: {error}.",
            "Give the PEM file that the channel's operator handed out.",
        ) from None


def _made(folder: Path) -> Path:
    folder.mkdir(mode=0o755, exist_ok=True)
    return folder
