"""Which coupons were redeemed here: a small SQLite file that a crash cannot make forget."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from edge_core.errors import SourceError

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS redeemed (
    nonce TEXT NOT NULL PRIMARY KEY,
    coupon TEXT NOT NULL,
    used_at TEXT NOT NULL,
    till TEXT NOT NULL,
    told INTEGER NOT NULL DEFAULT 0,       -- the edge service knows
    text TEXT NOT NULL                     -- as scanned, so that the service can check it again
) STRICT, WITHOUT ROWID
"""
_BUSY_S: Final = 10.0


@dataclass(frozen=True, slots=True)
class Redemption:
    """A coupon that was redeemed.

    Attributes:
        nonce: of the coupon in somebody's hand.
        coupon: its id.
        used_at: when, aware.
        till: where.
        text: as scanned.
    """

    nonce: str
    coupon: str
    used_at: datetime
    till: str
    text: str


class Redeemed:
    """The redeemed coupons. Several tills on one machine may share the file.

    Args:
        path: made if missing.

    Raises:
        SourceError: the file cannot be opened or written; nothing was redeemed.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._open() as db:
            db.execute(_SCHEMA)

    def use(self, redemption: Redemption) -> Redemption | None:
        """Redeem a coupon once: what has returned None is on the disk.

        Returns:
            None when it is redeemed now; the first redemption when it was before.

        Raises:
            SourceError: the disk refuses; nothing was redeemed.
        """
        row = (
            redemption.nonce,
            redemption.coupon,
            redemption.used_at.isoformat(),
            redemption.till,
            redemption.text,
        )
        with self._open() as db:
            try:
                db.execute(
                    "INSERT INTO redeemed (nonce, coupon, used_at, till, text)"
                    " VALUES (?, ?, ?, ?, ?)",
                    row,
                )
            except sqlite3.IntegrityError:
                found = db.execute(f"{_SELECT} WHERE nonce = ?", (redemption.nonce,)).fetchone()
                return _redemption(found)
        return None

    def untold(self, limit: int = 500) -> list[Redemption]:
        """Redemptions that the edge service does not know yet, oldest first."""
        with self._open() as db:
            rows = db.execute(f"{_SELECT} WHERE told = 0 ORDER BY used_at LIMIT ?", (limit,))
            return [_redemption(row) for row in rows]

    def mark_told(self, nonces: list[str]) -> None:
        """The edge service knows these."""
        with self._open() as db:
            db.executemany("UPDATE redeemed SET told = 1 WHERE nonce = ?", [(it,) for it in nonces])

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(sqlite3.connect(self._path, timeout=_BUSY_S)) as db:
                db.execute("PRAGMA synchronous = FULL")
                with db:
                    yield db
        except sqlite3.Error as error:
            raise SourceError(
                f"The list of redeemed coupons {self._path} cannot be used: {error}.",
                "Check the folder and the disk; until then redeem nothing here.",
            ) from error


_SELECT: Final = "SELECT nonce, coupon, used_at, till, text FROM redeemed"


def _redemption(row: tuple[str, str, str, str, str]) -> Redemption:
    nonce, coupon, used_at, till, text = row
    return Redemption(nonce, coupon, datetime.fromisoformat(used_at), till, text)
