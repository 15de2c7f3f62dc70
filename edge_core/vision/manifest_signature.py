"""Who vouches for the models: an Ed25519 signature (RFC 8032) of the manifest.

The manifest names each file's SHA-256, so its signature covers the weights too.
"""

import os
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from edge_core.errors import ModelError

MANIFEST: Final = "manifest.toml"
SIGNATURE: Final = "manifest.sig"
RELEASE_KEYS: Final = ("222b2aa9ae4af9ae48325d794165ca07d42e7123c1f4a653466875a805b2158c",)
"""Public keys of whoever makes releases, hexadecimal. The private ones are in no repository."""
OWN_KEY: Final = "PROMENADE_MODEL_KEY"
"""Environment variable: a public key that a site trusts besides, for models of its own."""
_CONTEXT: Final = b"promenade models\n"


def sign_manifest(folder: Path, key: Ed25519PrivateKey) -> str:
    """Sign the manifest of a folder.

    Returns:
        The public key, hexadecimal.

    Raises:
        ModelError: the manifest cannot be read, or the signature cannot be written.
    """
    try:
        signature = key.sign(_signed_text(folder)).hex()
        (folder / SIGNATURE).write_text(f"{signature}\n", encoding="ascii")
    except OSError as error:
        raise ModelError(f"{folder} cannot be signed: {error}.", "Check the folder.") from None
    return key.public_key().public_bytes_raw().hex()


def check_signature(folder: Path) -> None:
    """Check that somebody who is trusted signed the manifest.

    Raises:
        ModelError: nobody did, or it was changed since.
    """
    path = folder / SIGNATURE
    try:
        signature = bytes.fromhex(path.read_text(encoding="ascii").strip())
        text = _signed_text(folder)
    except (OSError, ValueError) as error:
        raise _unsigned(folder, f"its signature {path} cannot be read: {error}") from None
    for key in _trusted():
        try:
            key.verify(signature, text)
        except InvalidSignature:
            continue
        return
    raise _unsigned(folder, "nobody this installation trusts has signed it as it is")


def _signed_text(folder: Path) -> bytes:
    """Line ends do not count: some systems write other ones when they check files out."""
    return _CONTEXT + (folder / MANIFEST).read_bytes().replace(b"\r\n", b"\n")


def _trusted() -> list[Ed25519PublicKey]:
    own = os.environ.get(OWN_KEY, "").split()
    try:
        raw = [bytes.fromhex(it) for it in (*RELEASE_KEYS, *own)]
        return [Ed25519PublicKey.from_public_bytes(it) for it in raw]
    except ValueError:
        raise ModelError(
            f"{OWN_KEY} is no public key.",
            "Give the 64 hexadecimal digits that `promenade models sign` told.",
        ) from None


def _unsigned(folder: Path, reason: str) -> ModelError:
    return ModelError(
        f"No model of {folder} is loaded: {reason}.",
        "Reinstall Promenade. Models of your own: `promenade models sign --key KEY`, then set"
        f" {OWN_KEY} to the public key that it tells.",
    )
