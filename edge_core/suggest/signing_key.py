"""The key that signs coupons: made at first need, readable by its owner alone."""

import os
import stat
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from edge_core.errors import SourceError


def signing_key(path: Path) -> Ed25519PrivateKey:
    """The key in a file; the file is made if it is missing, with mode 600.

    Args:
        path: PEM, PKCS #8; its folder exists.

    Raises:
        SourceError: the file cannot be made or read, is no such key, or others may read it.
    """
    try:
        return _read(path)
    except FileNotFoundError:
        pass
    except OSError as error:
        raise _unusable(path, error.strerror or str(error)) from None
    try:
        return _make(path)
    except OSError as error:
        raise _unusable(path, error.strerror or str(error)) from None


def _make(path: Path) -> Ed25519PrivateKey:
    """Write a new key so that no half of one is ever there, and the first of two makers wins."""
    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    draft = path.with_name(f"{path.name}.{os.getpid()}.new")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(pem)
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    except FileExistsError:
        return _read(path)
    finally:
        draft.unlink(missing_ok=True)
    return key


def _read(path: Path) -> Ed25519PrivateKey:
    pem = path.read_bytes()
    if os.name == "posix" and stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise SourceError(
            f"Others than its owner may read the coupons' key {path}.",
            f"Run `chmod 600 {path}`; if somebody may have copied it, delete it and export the"
            " new public key to the tills.",
        )
    try:
        key = load_pem_private_key(pem, None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise _unusable(path, "it is no private key without a password") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise _unusable(path, "it is no Ed25519 key")
    return key


def _unusable(path: Path, reason: str) -> SourceError:
    return SourceError(
        f"The coupons' key {path} cannot be used: {reason}.",
        "Restore it, or delete it: a new one is made, old coupons are refused, and the tills need"
        " the new public key.",
    )
