"""The key of this store PC at its hub: a file that its owner alone may read."""

import hashlib
import json
import secrets
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from edge_core.errors import SourceError
from edge_core.private_files import is_loose, write_private

_ENROL = "Enrol this store PC at the hub: `promenade enrol URL CODE`."


@dataclass(frozen=True, slots=True)
class DeviceKey:
    """What `promenade enrol` got.

    Attributes:
        url: the hub it is for.
        site: whom it speaks for.
        device: its name at the hub.
        content_key: the hub's public key for content, hexadecimal.
        secret: sent with every call; the hub has its hash only.
    """

    url: str
    site: str
    device: str
    content_key: str
    secret: str = field(repr=False)

    @property
    def token(self) -> str:
        """What proves a call is this store PC's."""
        return f"{self.device}.{self.secret}"

    @property
    def signer(self) -> Ed25519PublicKey:
        """Who signs content."""
        return Ed25519PublicKey.from_public_bytes(bytes.fromhex(self.content_key))

    @classmethod
    def load(cls, path: Path) -> Self:
        """Read the file.

        Raises:
            SourceError: there is none, it is of no use, or others may read it.
        """
        try:
            told = json.loads(path.read_text(encoding="utf-8"))
            key = cls(**told)
            _ = key.signer
        except FileNotFoundError:
            raise SourceError(f"There is no hub key {path}.", _ENROL) from None
        except OSError as error:
            raise SourceError(f"{path} cannot be read: {error.strerror}.", _ENROL) from None
        except (ValueError, TypeError, RecursionError):
            raise SourceError(f"{path} is no hub key.", _ENROL) from None
        if is_loose(path):
            raise SourceError(
                f"Others than its owner may read the hub key {path}.",
                f"Revoke it at the hub, run `chmod 600 {path}` and enrol again.",
            )
        return key

    def save(self, path: Path) -> None:
        """Write the file with mode 600, whole or not at all. Raises OSError."""
        write_private(path, json.dumps(asdict(self)).encode())


def new_secret() -> str:
    """256 random bits: no need to slow down guessing, so a plain hash keeps them."""
    return secrets.token_hex(32)


def hash_of(secret: str) -> str:
    """What the hub keeps of a secret."""
    return hashlib.sha256(secret.encode()).hexdigest()
