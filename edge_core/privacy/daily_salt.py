"""A secret for keyed hashes that is another one every day."""

import hashlib
from typing import Final

from edge_core.units import NS_PER_S

_DAY_NS: Final = 86_400 * NS_PER_S


class DailySalt:
    """Salts by the day, each made of the one before by a one-way function (a hash ratchet; ours).

    Processes that begin with the same secret on the same day come to the same salts, so that one
    that is started anew knows again what it said before. Yesterday's salt is kept beside today's,
    for what ended before midnight is often told after it; earlier ones can be told from nothing
    that is kept, so that whoever reads the memory of today cannot try tags against hashes of the
    day before yesterday.

    Args:
        secret: at least 16 random bytes.
        utc_ns: when it begins.

    Raises:
        ValueError: the secret is too short.
    """

    def __init__(self, secret: bytes, utc_ns: int) -> None:
        if len(secret) < 16:
            raise ValueError("a salt needs at least 16 secret bytes")
        self._day = utc_ns // _DAY_NS
        self._before = self._now = secret

    def at(self, utc_ns: int) -> bytes:
        """The salt, 32 bytes, of an instant's day (UTC); the oldest kept one of earlier days."""
        day = utc_ns // _DAY_NS
        while self._day < day:
            self._before, self._now = self._now, _next(self._now)
            self._day += 1
        return _salt(self._now if day == self._day else self._before)


def _next(secret: bytes) -> bytes:
    return hashlib.blake2b(secret, digest_size=32, person=b"next day").digest()


def _salt(secret: bytes) -> bytes:
    """Not the secret itself: whoever is told a salt cannot tell the next."""
    return hashlib.blake2b(secret, digest_size=32, person=b"salt").digest()
