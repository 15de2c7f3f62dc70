"""What reminders change: buyers among the reminded against the held-out, with an interval."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Final

_Z: Final = 1.959964
LEAST: Final = 30
"""People in each arm before anything is said: fewer say nothing either way."""


@dataclass(frozen=True, slots=True)
class Arms:
    """Two arms drawn with one probability.

    Attributes:
        reminded, held: people.
        reminded_bought, held_bought: of them, who bought within the window.
    """

    reminded: int
    reminded_bought: int
    held: int
    held_bought: int


@dataclass(frozen=True, slots=True)
class Lift:
    """Difference of two shares.

    Attributes:
        difference: share of the reminded who bought, less that of the held-out.
        low, high: 95 % interval.
        purchases: buyers beyond what would have been without reminders, and its interval.
        reminded, held: people compared.
    """

    difference: float
    low: float
    high: float
    purchases: float
    purchases_low: float
    purchases_high: float
    reminded: int
    held: int

    @property
    def is_told_apart(self) -> bool:
        """Whether the interval leaves out 0; else there is no lift to speak of."""
        return self.low > 0 or self.high < 0


def wilson(successes: int, of: int, z: float = _Z) -> tuple[float, float]:
    """Score interval of a share (Wilson, 1927); (0, 1) of nobody."""
    if of == 0:
        return 0.0, 1.0
    share = successes / of
    middle = (share + z * z / (2 * of)) / (1 + z * z / of)
    half = z * sqrt(share * (1 - share) / of + z * z / (4 * of * of)) / (1 + z * z / of)
    return max(0.0, middle - half), min(1.0, middle + half)


def newcombe(arms: Arms, z: float = _Z) -> tuple[float, float, float]:
    """Difference of two shares with its hybrid score interval (Newcombe, 1998, method 10)."""
    one, other = arms.reminded_bought / arms.reminded, arms.held_bought / arms.held
    low, high = wilson(arms.reminded_bought, arms.reminded, z)
    low_held, high_held = wilson(arms.held_bought, arms.held, z)
    difference = one - other
    return (
        difference,
        difference - sqrt((one - low) ** 2 + (high_held - other) ** 2),
        difference + sqrt((high - one) ** 2 + (other - low_held) ** 2),
    )


def lift(strata: Iterable[Arms]) -> Lift | None:
    """The difference over strata of people who were held out with the same probability.

    Each stratum is compared within itself and counts by its people; its interval is added by the
    method of variance estimates recovery (Zou and Donner, 2008). So a holdout that was changed on
    the way does not mix two kinds of weeks.

    Returns:
        None while either arm has fewer than `LEAST` people.
    """
    usable = [it for it in strata if it.reminded and it.held]
    people = sum(it.reminded + it.held for it in usable)
    reminded, held = sum(it.reminded for it in usable), sum(it.held for it in usable)
    if min(reminded, held) < LEAST:
        return None
    difference, below, above = _weighed(usable, people)
    low, high = difference - below, difference + above
    return Lift(
        difference, low, high,
        difference * reminded, low * reminded, high * reminded,
        reminded, held,
    )  # fmt: skip


def _weighed(strata: Sequence[Arms], people: int) -> tuple[float, float, float]:
    difference = below = above = 0.0
    for arms in strata:
        weight = (arms.reminded + arms.held) / people
        one, low, high = newcombe(arms)
        difference += weight * one
        below += (weight * (one - low)) ** 2
        above += (weight * (high - one)) ** 2
    return difference, sqrt(below), sqrt(above)
