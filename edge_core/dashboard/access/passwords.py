"""Passwords: what is asked of them, and how they are kept."""

import unicodedata
from typing import Final, Literal

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

LEAST: Final = 10
"""Characters a password has at least."""
MOST: Final = 200
_FEW_SIGNS: Final = 4
_HASHER: Final = PasswordHasher()
"""argon2id with RFC 9106's second recommended setting: 64 MiB, three passes, four lanes."""
_NOBODY: Final = (
    "$argon2id$v=19$m=65536,t=3,p=4$B/zPxOBLblc98SF3B"
    "u9aOA$7oS4Zj8RvRGbS+YYMUkWZQAqiazorl4VOfy96ZowvQk"
)
"""Of a password that was thrown away; made with the same setting, so that it takes as long."""


Weakness = Literal["length", "easy"]


def weakness(password: str, name: str) -> Weakness | None:
    """Why a password will not do; None if it will.

    Args:
        password: as typed.
        name: the account's.
    """
    plain = _plain(password)
    if not LEAST <= len(plain) <= MOST:
        return "length"
    holds_name = len(name) >= _FEW_SIGNS and name.casefold() in plain.casefold()
    if len(set(plain)) < _FEW_SIGNS or holds_name:
        return "easy"
    return None


def hashed(password: str) -> str:
    """What is kept of a password: argon2id with its settings and a salt of its own."""
    return _HASHER.hash(_plain(password))


def matches(password: str, kept: str | None) -> bool:
    """Whether the password is the one kept.

    An account that does not exist (`None`) takes as long as one that does, so that the time
    taken names nobody.
    """
    try:
        right = _HASHER.verify(_NOBODY if kept is None else kept, _plain(password)[: MOST + 1])
    except (VerificationError, InvalidHashError):
        return False
    return right and kept is not None


def _plain(password: str) -> str:
    """The same signs however the keyboard composed them (NFKC, as NIST SP 800-63B asks)."""
    return unicodedata.normalize("NFKC", password)
