"""Accounts, sessions and the access log, in a small SQLite file beside the ledger."""

import hashlib
import logging
import re
import secrets
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, Self

from edge_core.clock import Clock
from edge_core.config import AccessConfig
from edge_core.dashboard.access.passwords import hashed, matches
from edge_core.dashboard.access.throttle import FORGOTTEN_NS, Failures
from edge_core.errors import PromenadeError
from edge_core.private_files import tighten
from edge_core.units import NS_PER_S

log = logging.getLogger(__name__)
FIRST_ACCOUNT: Final = "operator"
APPLICATION_ID: Final = 0x50524D41
"""`PRMA` in the file's header."""
_VERSION: Final = 1
_TOUCH_NS: Final = 20 * NS_PER_S
_CLEAR_NS: Final = 3600 * NS_PER_S
_NAME: Final = re.compile(r"[^\s\x00-\x1f/\\<>\"'&]{1,40}")
_SCHEMA: Final = """
CREATE TABLE accounts (
    name TEXT NOT NULL PRIMARY KEY,
    role TEXT NOT NULL CHECK (role IN ('operator', 'staff')),
    hash TEXT NOT NULL,                    -- argon2id
    changed_utc_ns INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE sessions (
    token_sha256 BLOB NOT NULL PRIMARY KEY, -- the token itself is only in the browser's cookie
    account TEXT NOT NULL REFERENCES accounts (name) ON DELETE CASCADE,
    begun_utc_ns INTEGER NOT NULL,
    touched_utc_ns INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE failures (
    who TEXT NOT NULL PRIMARY KEY,         -- `account NAME` or `address IP`
    count INTEGER NOT NULL,
    last_utc_ns INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE access_log (
    id INTEGER PRIMARY KEY,
    utc_ns INTEGER NOT NULL,
    account TEXT NOT NULL,                 -- '' = nobody signed in
    address TEXT NOT NULL,
    what TEXT NOT NULL,                    -- page, export, still, sign-in …
    detail TEXT NOT NULL
) STRICT;
CREATE INDEX access_log_by_time ON access_log (utc_ns);
"""


class Role(StrEnum):
    """What somebody may do: an operator all, staff the requests and the live plan."""

    OPERATOR = "operator"
    STAFF = "staff"


class What(StrEnum):
    """What the access log keeps."""

    PAGE = "page"
    EXPORT = "export"
    STILL = "still"
    SIGN_IN = "sign-in"
    SIGN_OUT = "sign-out"
    REFUSED = "refused"
    SET_UP = "set-up"
    ACCOUNT = "account"


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who may sign in."""

    name: str
    role: Role
    changed_utc_ns: int


@dataclass(frozen=True, slots=True)
class Access:
    """One line of the access log."""

    utc_ns: int
    account: str
    address: str
    what: What
    detail: str


class AccountError(PromenadeError):
    """An account cannot be made, changed or removed as asked."""


class Accounts:
    """The file; methods may be called from any thread and take turns on one connection.

    Args:
        path: the file; made if missing.
        clock: the clocks.
        rules: how long sessions and the log live.

    Raises:
        PromenadeError: the file cannot be used.
    """

    def __init__(self, path: Path, clock: Clock, rules: AccessConfig | None = None) -> None:
        self.path = path
        self._clock = clock
        self._rules = rules or AccessConfig()
        self._turn = threading.Lock()
        self._clear_due_ns = 0
        try:
            path.touch(mode=0o600, exist_ok=True)
            if tighten(path):
                log.warning("others could read the accounts in %s; not any more", path)
            self._connection = sqlite3.connect(
                path, timeout=5.0, isolation_level=None, check_same_thread=False
            )
            self._prepare()
        except (sqlite3.Error, OSError) as error:
            raise PromenadeError(
                f"The accounts in {path} cannot be used: {error}.",
                "Let the service's user write there, or move the file away to set a new password.",
            ) from error
        self.clear_old()

    def _prepare(self) -> None:
        for pragma in ("journal_mode = WAL", "synchronous = NORMAL", "foreign_keys = ON"):
            self._connection.execute(f"PRAGMA {pragma}")
        self._connection.execute("PRAGMA secure_delete = ON")
        version = self._connection.execute("PRAGMA user_version").fetchone()[0]
        if version > _VERSION:
            raise sqlite3.DatabaseError(f"a newer Promenade wrote version {version}")
        if version == 0:
            self._connection.executescript(
                f"BEGIN; {_SCHEMA} PRAGMA application_id = {APPLICATION_ID};"
                f" PRAGMA user_version = {_VERSION}; COMMIT;"
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        with self._turn:
            self._connection.close()

    # Accounts

    def are_set_up(self) -> bool:
        """Whether there is an operator with a password."""
        return bool(self._rows("SELECT 1 FROM accounts WHERE role = 'operator'"))

    def all(self) -> list[Account]:
        """Everybody, by name."""
        rows = self._rows("SELECT name, role, changed_utc_ns FROM accounts ORDER BY name")
        return [Account(name, Role(role), changed) for name, role, changed in rows]

    def exists(self, name: str) -> bool:
        """Whether there is an account of this name."""
        return bool(self._rows("SELECT 1 FROM accounts WHERE name = ?", (name,)))

    def set_first_password(self, password: str) -> bool:
        """Make the first operator; False when somebody else was quicker."""
        kept, now = hashed(password), self._clock.utc_ns()
        with self._changing() as connection:
            made = connection.execute(
                "INSERT INTO accounts SELECT ?, 'operator', ?, ?"
                " WHERE NOT EXISTS (SELECT 1 FROM accounts WHERE role = 'operator')",
                (FIRST_ACCOUNT, kept, now),
            )
            return made.rowcount == 1

    def add(self, name: str, role: Role, password: str) -> None:
        """Add somebody.

        Raises:
            AccountError: the name is taken or unusable.
        """
        if not _NAME.fullmatch(name):
            raise AccountError(
                "That name cannot be used.", "Use up to 40 letters and digits, without spaces."
            )
        kept = hashed(password)
        try:
            self._change(
                "INSERT INTO accounts VALUES (?, ?, ?, ?)",
                (name, str(role), kept, self._clock.utc_ns()),
            )
        except sqlite3.IntegrityError:
            raise AccountError(f"{name} has an account.", "Take another name.") from None

    def set_password(self, name: str, password: str) -> None:
        """Change a password; ends the account's sessions and forgives its failures.

        Raises:
            AccountError: there is no such account.
        """
        kept, now = hashed(password), self._clock.utc_ns()
        with self._changing() as connection:
            changed = connection.execute(
                "UPDATE accounts SET hash = ?, changed_utc_ns = ? WHERE name = ?", (kept, now, name)
            )
            if changed.rowcount == 0:
                raise AccountError(f"There is no account {name}.", "Look at the list of accounts.")
            connection.execute("DELETE FROM sessions WHERE account = ?", (name,))
            connection.execute("DELETE FROM failures WHERE who = ?", (f"account {name}",))

    def remove(self, name: str) -> None:
        """Remove somebody and end their sessions.

        Raises:
            AccountError: it is the last operator.
        """
        with self._changing() as connection:
            left = connection.execute(
                "SELECT count(*) FROM accounts WHERE role = 'operator' AND name != ?", (name,)
            ).fetchone()[0]
            if not left:
                raise AccountError(
                    "The last operator cannot be removed.", "Add another operator first."
                )
            connection.execute("DELETE FROM accounts WHERE name = ?", (name,))

    # Signing in

    def wait_s(self, name: str, address: str) -> float:
        """Seconds until an attempt of this account from this address is looked at."""
        now = self._clock.utc_ns()
        with self._turn:
            kept = [self._failures(who) for who in _keys(name, address)]
        return max(failures.wait_s(now) for failures in kept)

    def sign_in(self, name: str, password: str, address: str) -> str | None:
        """The token of a new session, or None: the attempt was wrong, or came too soon.

        An attempt counts as a failure before the password is looked at, so that many at once
        are no way round the wait.
        """
        now = self._clock.utc_ns()
        keys = _keys(name, address)
        with self._changing() as connection:
            known = [self._failures(who) for who in keys]
            if any(failures.wait_s(now) > 0 for failures in known):
                return None
            for who, failures in zip(keys, known, strict=True):
                more = failures.one_more(now)
                connection.execute(
                    "INSERT OR REPLACE INTO failures VALUES (?, ?, ?)",
                    (who, more.count, more.last_utc_ns),
                )
            row = connection.execute("SELECT hash FROM accounts WHERE name = ?", (name,)).fetchone()
        kept = row[0] if row else None
        if not matches(password, kept):
            return None
        return self._begin(name, str(kept), keys)

    def _begin(self, name: str, kept: str, keys: tuple[str, str]) -> str | None:
        token, now = secrets.token_urlsafe(32), self._clock.utc_ns()
        with self._changing() as connection:
            begun = connection.execute(  # not when the password was changed meanwhile
                "INSERT INTO sessions SELECT ?, name, ?, ? FROM accounts WHERE name = ?"
                " AND hash = ?",
                (_digest(token), now, now, name, kept),
            )
            connection.execute("DELETE FROM failures WHERE who IN (?, ?)", keys)
        return token if begun.rowcount else None

    def session(self, token: str, *, touch: bool) -> Account | None:
        """Whose session a token is; None when there is none or it has ended.

        Args:
            token: of the cookie.
            touch: somebody did something, which puts off the idle end.
        """
        now, digest = self._clock.utc_ns(), _digest(token)
        rows = self._rows(
            "SELECT name, role, changed_utc_ns, begun_utc_ns, touched_utc_ns FROM sessions"
            " JOIN accounts ON name = account WHERE token_sha256 = ?",
            (digest,),
        )
        if not rows:
            return None
        name, role, changed, begun, touched = rows[0]
        idle_ns = self._rules.idle_minutes * 60 * NS_PER_S
        longest_ns = self._rules.longest_hours * 3600 * NS_PER_S
        if now - touched > idle_ns or now - begun > longest_ns:
            self._change("DELETE FROM sessions WHERE token_sha256 = ?", (digest,))
            return None
        if touch and now - touched > _TOUCH_NS:
            self._change(
                "UPDATE sessions SET touched_utc_ns = ? WHERE token_sha256 = ?", (now, digest)
            )
        return Account(name, Role(role), changed)

    def sign_out(self, token: str) -> None:
        """End a session."""
        self._change("DELETE FROM sessions WHERE token_sha256 = ?", (_digest(token),))

    # The access log

    def note(self, account: str, address: str, what: What, detail: str = "") -> None:
        """Keep who did what, now; old lines are forgotten on the way."""
        if self._clock.utc_ns() >= self._clear_due_ns:
            self.clear_old()
        self._change(
            "INSERT INTO access_log (utc_ns, account, address, what, detail)"
            " VALUES (?, ?, ?, ?, ?)",
            (self._clock.utc_ns(), account[:60], address, str(what), detail[:200]),
        )

    def log(self, limit: int = 200, what: What | None = None) -> list[Access]:
        """The newest lines of the access log, newest first."""
        rows = self._rows(
            "SELECT utc_ns, account, address, what, detail FROM access_log"
            " WHERE ?1 IS NULL OR what = ?1 ORDER BY id DESC LIMIT ?2",
            (None if what is None else str(what), limit),
        )
        return [Access(at, who, whence, What(what), told) for at, who, whence, what, told in rows]

    def clear_old(self) -> None:
        """Forget old lines of the log, sessions that have ended, and old failures."""
        now, rules = self._clock.utc_ns(), self._rules
        self._clear_due_ns = now + _CLEAR_NS
        with self._changing() as connection:
            connection.execute(
                "DELETE FROM access_log WHERE utc_ns < ?",
                (now - rules.log_days * 86_400 * NS_PER_S,),
            )
            connection.execute(
                "DELETE FROM sessions WHERE begun_utc_ns < ?",
                (now - rules.longest_hours * 3600 * NS_PER_S,),
            )
            connection.execute("DELETE FROM failures WHERE last_utc_ns < ?", (now - FORGOTTEN_NS,))

    def _failures(self, who: str) -> Failures:
        row = self._connection.execute(
            "SELECT count, last_utc_ns FROM failures WHERE who = ?", (who,)
        ).fetchone()
        return Failures(*row) if row else Failures()

    def _rows(self, sql: str, parameters: tuple[Any, ...] = ()) -> list[Any]:
        with self._turn:
            return self._connection.execute(sql, parameters).fetchall()

    def _change(self, sql: str, parameters: tuple[Any, ...]) -> None:
        with self._changing() as connection:
            connection.execute(sql, parameters)

    @contextmanager
    def _changing(self) -> Iterator[sqlite3.Connection]:
        with self._turn:
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
            except BaseException:
                self._connection.execute("ROLLBACK")
                raise
            self._connection.execute("COMMIT")


def accounts_path(ledger_path: Path) -> Path:
    """Where the accounts of a ledger are."""
    return ledger_path.with_name(f"{ledger_path.stem}-accounts.db")


def _keys(name: str, address: str) -> tuple[str, str]:
    return f"account {name[:60]}", f"address {address}"


def _digest(token: str) -> bytes:
    """Tokens are random and long: a plain hash keeps them from whoever reads the file."""
    return hashlib.sha256(token.encode()).digest()
