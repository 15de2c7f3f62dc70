"""The hub's secret for contacts: it seals them, makes fingerprints, draws arms and proves links."""

import base64
import hashlib
import hmac
import os
import secrets
import stat
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from edge_core.errors import SourceError

_BYTES: Final = 32
_NONCE: Final = 12
_MAC_CHARACTERS: Final = 22
_CODE_SIGNS: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH: Final = 8


class ContactKeys:
    """One secret, a key of its own for each use (HMAC-SHA-256 as key derivation, RFC 5869).

    Args:
        secret: 32 bytes.
    """

    def __init__(self, secret: bytes) -> None:
        self._secret = secret
        self._seal = AESGCM(self._derived("seal"))

    @classmethod
    def open(cls, path: Path) -> "ContactKeys":
        """The secret in a file, made with mode 600 where there is none.

        Raises:
            SourceError: it cannot be made, read or used, or others may read it.
        """
        try:
            if not path.exists():
                _make(path)
            secret = path.read_bytes()
            loose = os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077
        except OSError as error:
            raise SourceError(
                f"The key of contacts {path} cannot be used: {error.strerror}.",
                "Let the hub's user write there.",
            ) from None
        if loose or len(secret) != _BYTES:
            raise SourceError(
                f"The key of contacts {path} is open to others, or is none.",
                f"Run `chmod 600 {path}`, or delete it: waiting reminders are lost then.",
            )
        return cls(secret)

    def seal(self, contact: str, about: str) -> str:
        """A contact that only this hub reads, and only as that of `about`."""
        nonce = secrets.token_bytes(_NONCE)
        return (nonce + self._seal.encrypt(nonce, contact.encode(), about.encode())).hex()

    def unseal(self, sealed: str, about: str) -> str:
        """The contact. Raises SourceError where another key sealed it."""
        raw = bytes.fromhex(sealed)
        try:
            return self._seal.decrypt(raw[:_NONCE], raw[_NONCE:], about.encode()).decode()
        except InvalidTag:
            raise SourceError(
                "A contact was sealed with another key.", "Restore the hub's contacts.key."
            ) from None

    def fingerprint(self, contact: str) -> str:
        """Tells that two contacts are the same, to this hub alone."""
        return self._mac("fingerprint", contact).hex()

    def chance(self, fingerprint: str) -> float:
        """A number in [0, 1) that is the same for a person whenever and wherever they ask."""
        return int.from_bytes(self._mac("arm", fingerprint)[:8], "big") / 2**64

    def link(self, use: str, name: str) -> str:
        """What stands in a link: a name, and the proof that this hub wrote it for that use."""
        return f"{name}.{self._proof(use, name)}"

    def linked(self, use: str, told: str) -> str | None:
        """The name in a link of that use; None where this hub did not write it."""
        name, _, proof = told.partition(".")
        if not proof.isascii() or not hmac.compare_digest(proof, self._proof(use, name)):
            return None
        return name

    def code(self, list_name: str) -> str:
        """What is shown at the till: eight signs that nobody guesses."""
        number = int.from_bytes(self._mac("code", list_name), "big")
        signs = []
        for _ in range(CODE_LENGTH):
            number, sign = divmod(number, len(_CODE_SIGNS))
            signs.append(_CODE_SIGNS[sign])
        return "".join(signs)

    def _proof(self, use: str, name: str) -> str:
        mac = self._mac(f"link {use}", name)
        return base64.urlsafe_b64encode(mac).decode()[:_MAC_CHARACTERS]

    def _mac(self, use: str, text: str) -> bytes:
        return hmac.digest(self._derived(use), text.encode(), "sha256")

    def _derived(self, use: str) -> bytes:
        return hmac.digest(self._secret, f"promenade after visit\n{use}".encode(), "sha256")


def plain_code(told: str) -> str:
    """A till's code without what people put between its signs."""
    return "".join(sign for sign in told.upper() if sign.isalnum())


def hashed(text: str) -> str:
    """SHA-256, hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def _make(path: Path) -> None:
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return
    with os.fdopen(handle, "wb") as file:
        file.write(secrets.token_bytes(_BYTES))
        file.flush()
        os.fsync(file.fileno())
