"""The hub's records at a store PC: verified, kept in one file, and replaced only as a whole.

The file is written beside the old one and put in its place by a rename; the one before is kept.
What cannot be verified is never used, so content is either some version the hub published, whole,
or the last such version.
"""

import hashlib
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pydantic import TypeAdapter

from edge_core.errors import HubError
from edge_core.sync.protocol import ContentPage, Record, Section

_RECORDS: Final = TypeAdapter(tuple[Record, ...])
_SAY_AGAIN: Final = "It is asked for again; if this goes on, look at the hub's log."

Key = tuple[str, str, str]
"""Section, key and scope."""


def key_of(record: Record) -> Key:
    """What a later record of the same thing replaces."""
    return (record.section, record.key, record.scope)


def canonical(body: Mapping[str, Any]) -> str:
    """JSON that is the same wherever it is written."""
    return json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def line_of(section: str, key: str, scope: str, position: int, body: str) -> bytes:
    """What one record adds to the digest; `body` is canonical."""
    named = json.dumps([section, key, scope, position], ensure_ascii=False)
    return f"{named}{hashlib.sha256(body.encode()).hexdigest()}\n".encode()


def digest_of(lines: Iterable[bytes]) -> str:
    """SHA-256 over records' lines, whatever their order."""
    return hashlib.sha256(b"".join(sorted(lines))).hexdigest()


def signed_text(site: str, revision: int, digest: str) -> bytes:
    """What the hub signs."""
    return f"promenade content\n{site}\n{revision}\n{digest}".encode()


@dataclass(frozen=True, slots=True)
class Content:
    """One version of what the hub tells of a site.

    Attributes:
        site: whose.
        revision: of the hub's records.
        digest: of all of them.
        signature: the hub's, hexadecimal.
        records: by key; none without a body.
    """

    site: str
    revision: int = 0
    digest: str = ""
    signature: str = ""
    records: Mapping[Key, Record] = field(default_factory=dict)

    def bodies(self, section: Section) -> list[dict[str, Any]]:
        """What a section says, in order; the site's own word stands before the chain's."""
        ordered = sorted(self._of(section).values(), key=lambda it: (it.position, it.key))
        return [record.body for record in ordered if record.body is not None]

    def keyed(self, section: Section) -> dict[str, dict[str, Any]]:
        """The same by key."""
        return {key: it.body for key, it in self._of(section).items() if it.body is not None}

    def _of(self, section: Section) -> dict[str, Record]:
        found: dict[str, Record] = {}
        for it in self.records.values():
            if it.section == section and (it.scope == "site" or it.key not in found):
                found[it.key] = it
        return found

    @property
    def etag(self) -> str:
        """Names this version in requests."""
        return etag_of(self.site, self.revision, self.digest)

    def verify(self, key: Ed25519PublicKey) -> None:
        """Raise HubError unless the records are just what the hub signed."""
        lines = (
            line_of(it.section, it.key, it.scope, it.position, canonical(it.body or {}))
            for it in self.records.values()
        )
        if digest_of(lines) != self.digest:
            raise HubError("The hub's content does not add up to its digest.", _SAY_AGAIN)
        try:
            text = signed_text(self.site, self.revision, self.digest)
            key.verify(bytes.fromhex(self.signature), text)
        except (InvalidSignature, ValueError):
            raise HubError(
                "The hub's content is not signed by the hub this store PC enrolled at.",
                "Enrol again if the hub was set up anew: `promenade enrol`.",
            ) from None


def etag_of(site: str, revision: int, digest: str) -> str:
    """An entity tag, RFC 9110."""
    return f'"{site}-{revision}-{digest[:16]}"'


class Draft:
    """A version on its way; nothing of it is used before it is whole.

    Args:
        base: the version it goes on from.
    """

    def __init__(self, base: Content) -> None:
        self.site = base.site
        self.since = base.revision
        self._records = dict(base.records)

    def add(self, page: ContentPage) -> Content | None:
        """Take the next page.

        Returns:
            The version, not verified yet, once it is whole.

        Raises:
            HubError: the page is of another site, or is not the next one.
        """
        if page.site != self.site:
            raise HubError(f"The hub told of the site {page.site}.", "Enrol this store PC again.")
        if page.since == 0:
            self._records = {}
        elif page.since != self.since:
            raise HubError("The hub sent another page than was asked for.", _SAY_AGAIN)
        for record in page.records:
            if record.body is None:
                self._records.pop(key_of(record), None)
            else:
                self._records[key_of(record)] = record
        self.since = page.revision
        if page.more:
            return None
        return Content(page.site, page.revision, page.digest, page.signature, dict(self._records))


class ContentFile:
    """Where the content is kept.

    Args:
        path: the file; the version before stands beside it.
        key: the hub's.
        site: whose content it is.
    """

    def __init__(self, path: Path, key: Ed25519PublicKey, site: str) -> None:
        self.path = path
        self._before = path.with_name(f"{path.name}.before")
        self._key = key
        self._site = site

    def load(self) -> Content | None:
        """The newest version that is whole and signed; None where there is none."""
        for path in (self.path, self._before):
            content = self._read(path)
            if content is not None:
                return content
        return None

    def swap(self, content: Content) -> None:
        """Put a verified version in the place of the one there.

        Raises:
            HubError: the disk refuses; the old one stays.
        """
        told = {
            "site": content.site,
            "revision": content.revision,
            "digest": content.digest,
            "signature": content.signature,
            "records": _RECORDS.dump_python(tuple(content.records.values()), mode="json"),
        }
        draft = self.path.with_name(f"{self.path.name}.draft")
        try:
            with draft.open("w", encoding="utf-8") as file:
                json.dump(told, file, ensure_ascii=False, separators=(",", ":"))
                file.flush()
                os.fsync(file.fileno())
            if self._read(self.path) is not None:
                self.path.replace(self._before)
            draft.replace(self.path)
        except OSError as error:
            raise HubError(
                f"What the hub told cannot be kept in {self.path}: {error.strerror}.",
                "Check the folder and the disk.",
            ) from error

    def _read(self, path: Path) -> Content | None:
        try:
            told = json.loads(path.read_text(encoding="utf-8"))
            records = _RECORDS.validate_python(told["records"])
            content = Content(
                str(told["site"]),
                int(told["revision"]),
                str(told["digest"]),
                str(told["signature"]),
                {key_of(record): record for record in records},
            )
            content.verify(self._key)
        except (OSError, ValueError, KeyError, TypeError, RecursionError, HubError):
            return None
        return content if content.site == self._site else None
