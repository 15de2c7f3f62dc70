"""Who is reminded, of what and when. Pure; no price, no attribute and no profile comes in here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from math import exp
from typing import Final, Literal
from zoneinfo import ZoneInfo

Arm = Literal["reminded", "held-out"]
MOST_ITEMS: Final = 3
"""Garments in one reminder."""
_TRIED: Final = 3.0
_LOOKED_AT: Final = 1.0
_FADES: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Left:
    """A garment that somebody tried or looked at, and left in the shop.

    Attributes:
        gtin: which.
        tried: it was with them at the mirror; else only looked at there.
        at_utc: when.
        pieces: how many are left at the shop and nearby; None = nobody knows.
    """

    gtin: str
    tried: bool
    at_utc: datetime
    pieces: int | None


def arm_of(chance: float, holdout: float) -> Arm:
    """The arm of somebody with that number in [0, 1); the share held out is their propensity."""
    return "held-out" if chance < holdout else "reminded"


def worth(left: Left, now_utc: datetime) -> float:
    """Weight of what was done (tried 3, looked at 1), fading by e in a week."""
    days = max(timedelta(0), now_utc - left.at_utc) / _FADES
    return (_TRIED if left.tried else _LOOKED_AT) * exp(-days)


def worth_reminding(lefts: Iterable[Left], now_utc: datetime) -> list[Left]:
    """At most `MOST_ITEMS`, best first; none that is sold out everywhere."""
    open_ones = [it for it in lefts if it.pieces != 0]
    return sorted(open_ones, key=lambda it: (-worth(it, now_utc), it.gtin))[:MOST_ITEMS]


def send_at(
    asked_utc: datetime, wait: timedelta, zone: ZoneInfo, quiet_from: time, quiet_until: time
) -> datetime:
    """The first moment after the wait that is not quiet by the shop's clock, in UTC."""
    local = (asked_utc + wait).astimezone(zone)
    if not is_quiet(local.time(), quiet_from, quiet_until):
        return asked_utc + wait
    morning = local.replace(
        hour=quiet_until.hour, minute=quiet_until.minute, second=0, microsecond=0
    )
    if morning < local:
        morning += timedelta(days=1)
    return morning.astimezone(asked_utc.tzinfo)


def is_quiet(at: time, quiet_from: time, quiet_until: time) -> bool:
    """Whether nobody is written to at that time of day; the hours may go over midnight."""
    if quiet_from <= quiet_until:
        return quiet_from <= at < quiet_until
    return at >= quiet_from or at < quiet_until
