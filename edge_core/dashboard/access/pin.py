"""The operator's PIN: ends a screen that a passer-by must not be able to end.

It is kept as an Argon2 hash in a file beside the ledger, for its owner alone, and compared in
constant time. Guessing is slowed down for all screens together: after three wrong ones the wait
doubles each time, up to a quarter of an hour, so that a PIN of six digits takes years.
"""

import re
import threading
from math import ceil
from pathlib import Path
from typing import Final

from fastapi import APIRouter, HTTPException, Request
from pydantic import BaseModel, ConfigDict, Field

from edge_core.clock import Clock
from edge_core.dashboard.access.accounts import Accounts, What
from edge_core.dashboard.access.guard import address_of
from edge_core.dashboard.access.passwords import hashed, matches
from edge_core.dashboard.access.throttle import Failures
from edge_core.errors import PromenadeError
from edge_core.private_files import tighten, write_private
from edge_core.service.answers import REFUSED, answers

_FORM: Final = re.compile(r"[0-9]{6,12}")
_FEW_SIGNS: Final = 3
_RUNS: Final = ("01234567890123456789", "98765432109876543210")


class ReleaseQuestion(BaseModel):
    """Body of POST /v1/screens/release."""

    model_config = ConfigDict(extra="forbid")

    screen: str = Field(max_length=80, description="id of the screen that is to end")
    pin: str = Field(min_length=1, max_length=12, pattern=r"^[0-9]*$", repr=False)


class Released(BaseModel):
    """Answer to it."""

    released: bool


def check_pin(pin: str) -> None:
    """Raise PromenadeError if a PIN is none, or too easy to guess."""
    if not _FORM.fullmatch(pin):
        raise PromenadeError("That PIN will not do.", "Take 6 to 12 digits.")
    if len(set(pin)) < _FEW_SIGNS or any(pin in run for run in _RUNS):
        raise PromenadeError("That PIN is easy to guess.", "Take digits in no plain order.")


class ScreenPin:
    """The PIN of a store PC's screens; methods may be called from any thread.

    Args:
        path: the file.
        clock: the clocks.
    """

    def __init__(self, path: Path, clock: Clock) -> None:
        self._path = path
        self._clock = clock
        self._failures = Failures()
        self._turn = threading.Lock()

    @property
    def is_set(self) -> bool:
        """Whether there is one."""
        return self._path.exists()

    def set(self, pin: str) -> None:
        """Take a new one.

        Raises:
            PromenadeError: it is too easy to guess, or the file cannot be written.
        """
        check_pin(pin)
        try:
            write_private(self._path, hashed(pin).encode())
        except OSError as error:
            raise PromenadeError(
                f"The PIN cannot be kept in {self._path}: {error.strerror}.",
                "Let this user write there.",
            ) from None

    def wait_s(self) -> float:
        """Seconds until the next attempt is looked at."""
        with self._turn:
            return self._failures.wait_s(self._clock.utc_ns())

    def takes(self, pin: str) -> bool:
        """Whether it is the PIN; wrong too while it is not looked at.

        An attempt counts as a failure before it is looked at, so that many at once are no way
        round the wait.
        """
        now = self._clock.utc_ns()
        with self._turn:
            if self._failures.wait_s(now) > 0:
                return False
            self._failures = self._failures.one_more(now)
        try:
            tighten(self._path)
            kept = self._path.read_text(encoding="ascii")
        except (OSError, ValueError):
            return False
        if not matches(pin, kept):
            return False
        with self._turn:
            self._failures = Failures()
        return True


def pin_path(ledger_path: Path) -> Path:
    """Where the PIN of a ledger's screens is."""
    return ledger_path.with_name(f"{ledger_path.stem}-pin")


def pin_router(pin: ScreenPin, accounts: Accounts) -> APIRouter:
    """Where screens ask. Every attempt is kept in the access log."""
    router = APIRouter()

    @router.post(
        "/v1/screens/release",
        summary="End a screen",
        responses=answers({"released": True}, _403=REFUSED, _404=REFUSED, _422=REFUSED),
    )
    def post_release(request: Request, asked: ReleaseQuestion) -> Released:
        """Whether the operator's PIN was typed at a screen, which then ends itself."""
        if not pin.is_set:
            raise HTTPException(404, "No PIN is set; run `promenade pin` on the store PC")
        wait_s = ceil(pin.wait_s())
        if wait_s:
            headers = {"Retry-After": str(wait_s)}
            raise HTTPException(429, f"Too many wrong PINs; wait {wait_s} s", headers)
        right, address = pin.takes(asked.pin), address_of(request)
        what = What.SIGN_OUT if right else What.REFUSED
        accounts.note("", address, what, f"PIN at the screen {asked.screen}")
        if not right:
            raise HTTPException(403, "That is not the PIN")
        return Released(released=True)

    return router
