"""Opening hours: what a visitor wants to know at the door. Pure."""

from dataclasses import dataclass
from datetime import datetime, time
from typing import Final, Literal

_CLOSING_SOON_MIN: Final = 30


@dataclass(frozen=True, slots=True)
class Opening:
    """Whether the doors are open.

    Attributes:
        state: `open`, `always` open, `closing` (within half an hour) or `closed`.
        at: when that ends: closing time when open, the next opening time when closed.
        tomorrow: the next opening is not today any more.
    """

    state: Literal["open", "always", "closing", "closed"]
    at: time
    tomorrow: bool = False


def opening(now: datetime, opens: time, closes: time) -> Opening:
    """The state of the doors.

    Args:
        now: local time of the site.
        opens: daily opening time.
        closes: daily closing time; before `opens` means after midnight, equal means never.
    """
    minute, first, last = (_minutes(t) for t in (now.time(), opens, closes))
    if first == last:
        return Opening("always", closes)
    over_midnight = last < first
    is_open = (minute >= first or minute < last) if over_midnight else first <= minute < last
    if not is_open:
        return Opening("closed", opens, tomorrow=minute >= first)
    soon = (last - minute) % 1440 <= _CLOSING_SOON_MIN
    return Opening("closing" if soon else "open", closes)


def _minutes(moment: time) -> int:
    return moment.hour * 60 + moment.minute
