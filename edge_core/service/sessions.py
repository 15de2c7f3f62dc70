"""Sessions of screens: what was chosen and offered, in memory, until they end by themselves."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from edge_core.clock import Clock
from edge_core.suggest.corrections import Corrections
from edge_core.suggest.coupon_book import Offered
from edge_core.suggest.profiles import Choice
from edge_core.units import ns_from_s

IDLE_S: Final = 90.0
"""A session nobody asked anything of for so long is wiped; screens end theirs earlier."""
_MOST: Final = 200


class SessionOverError(Exception):
    """There is no such session any more."""


@dataclass(slots=True)
class Session:
    """What somebody at a screen has told and was offered.

    Attributes:
        screen: its id.
        choice: how much of the person is used.
        interests: ids of categories.
        chose: who chose to be seen; None where nobody did, or several may have.
        used_ns: when something was asked of it last, on the monotonic clock.
        corrections: what they said of suggestions.
        offered: the decision about their coupon, once there is one.
        nonce: makes that coupon unique.
    """

    screen: str
    choice: Choice
    interests: tuple[str, ...]
    chose: int | None
    used_ns: int
    corrections: Corrections = field(default_factory=Corrections)
    offered: Offered | None = None
    nonce: str = ""


class Sessions:
    """The open sessions. One thread at a time may call.

    Args:
        clock: the clocks.

    Attributes:
        by_id: all of them.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.by_id: dict[str, Session] = {}

    def begin(
        self, screen: str, choice: Choice, interests: Sequence[str], chose: int | None
    ) -> str:
        """Begin one, in the place of the least used where there are too many; returns its id."""
        self.wipe_idle()
        if len(self.by_id) >= _MOST:
            del self.by_id[min(self.by_id, key=lambda it: self.by_id[it].used_ns)]
        session_id = secrets.token_urlsafe(16)
        now_ns = self._clock.monotonic_ns()
        self.by_id[session_id] = Session(screen, choice, tuple(interests), chose, now_ns)
        return session_id

    def of(self, session_id: str) -> Session:
        """An open session, which is used by that. Raises SessionOverError."""
        self.wipe_idle()
        session = self.by_id.get(session_id)
        if session is None:
            raise SessionOverError
        session.used_ns = self._clock.monotonic_ns()
        return session

    def end(self, session_id: str) -> Session | None:
        """Wipe a session; None where there was none."""
        return self.by_id.pop(session_id, None)

    def wipe_idle(self) -> None:
        """Wipe those that nobody asked anything of for `IDLE_S`."""
        oldest_ns = self._clock.monotonic_ns() - ns_from_s(IDLE_S)
        for session_id in [it for it, one in self.by_id.items() if one.used_ns < oldest_ns]:
            del self.by_id[session_id]
