"""A key that signs coupons, content or models: made at first need, readable by its owner alone."""

import os
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
from edge_core.private_files import is_loose


def signing_key(path: Path, whose: str = "the coupons'") -> Ed25519PrivateKey:
    """The key in a file; the file is made if it is missing, with mode 600.

    Args:
        path: PEM, PKCS #8; its folder exists.
        whose: key it is, for messages.

    Raises:
        SourceError: the file cannot be made or read, is no such key, or others may read it.
    """
    try:
        return _read(path, whose)
    except FileNotFoundError:
        pass
    except OSError as error:
        raise _unusable(path, whose, error.strerror or str(error)) from None
    try:
        return _make(path, whose)
    except OSError as error:
        raise _unusable(path, whose, error.strerror or str(error)) from None


def _make(path: Path, whose: str) -> Ed25519PrivateKey:
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
        return _read(path, whose)
    finally:
        draft.unlink(missing_ok=True)
    return key


def _read(path: Path, whose: str) -> Ed25519PrivateKey:
    pem = path.read_bytes()
    if is_loose(path):
        raise SourceError(
            f"Others than its owner may read {whose} key {path}.",
            f"Run `chmod 600 {path}`; if somebody may have copied it, delete it and export the"
            " new public key.",
        )
    try:
        key = load_pem_private_key(pem, None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise _unusable(path, whose, "it is no private key without a password") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise _unusable(path, whose, "it is no Ed25519 key")
    return key


def _unusable(path: Path, whose: str, reason: str) -> SourceError:
    return SourceError(
        f"{whose.capitalize()} key {path} cannot be used: {reason}.",
        "Restore it, or delete it: a new one is made, what the old one signed is refused, and"
        " whoever checks needs the new public key.",
    )
