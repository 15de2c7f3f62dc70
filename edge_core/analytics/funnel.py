"""The way from passing by to buying, step by step, with what each step means."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
from scipy.special import betaincinv

from edge_core.types import Float64Array, Int64Array

CONFIDENCE: Final = 0.95


class Step(StrEnum):
    """The steps of a funnel.

    People and garments are different things, so each step names what it counts, and rates are told
    only against a step that its own is a part of.
    """

    PASS = "pass"
    """Stays of a second or longer in the place. For the whole site: in its corridors, or its
    windows where it has none. A person who comes by twice passes twice."""
    STOP = "stop"
    """Of those, stays in which somebody stood (slower than 0.3 m/s) for longer than 5 s."""
    TOUCH = "touch"
    """Garments of the place handled in any way: touched, looked at, picked up; by anybody, known
    or "someone". Each time counts."""
    VISIT = "visit"
    """For the whole site: people who came in by an entrance line. For a zone: stays of 30 s or
    longer."""
    PICK = "pick"
    """Garments of the place taken in hand. Of those touched."""
    TRY = "try"
    """Garments of the place taken to a fitting room. Of those picked."""
    BUY = "buy"
    """Garments of the place sold, by the till, less what was taken back."""


UNIT: Final = {
    Step.PASS: "stays",
    Step.STOP: "stays",
    Step.TOUCH: "garments",
    Step.VISIT: "people",
    Step.PICK: "garments",
    Step.TRY: "garments",
    Step.BUY: "garments",
}
OF: Final = {
    Step.STOP: Step.PASS,
    Step.VISIT: Step.PASS,
    Step.PICK: Step.TOUCH,
    Step.TRY: Step.PICK,
    Step.BUY: Step.PICK,
}
"""What each rate is of. Buying is of picking: garments are bought without being tried on."""
VISIT_LEAST_S: Final = 30.0


@dataclass(frozen=True, slots=True)
class Rate:
    """A share with its 95 % interval.

    Attributes:
        share: part / whole; may exceed 1 where the part was seen and its whole was not.
        low, high: Wilson's interval (1927) where the part is at most the whole, else None.
    """

    share: float
    low: float | None
    high: float | None


def rate(part: int, whole: int) -> Rate | None:
    """A rate; None where there is nothing it could be of."""
    if whole <= 0:
        return None
    if not 0 <= part <= whole:
        return Rate(part / whole, None, None)
    z = 1.959964
    middle = (part + z * z / 2) / (whole + z * z)
    width = z / (whole + z * z) * (part * (whole - part) / whole + z * z / 4) ** 0.5
    return Rate(part / whole, max(0.0, middle - width), min(1.0, middle + width))


@dataclass(frozen=True, slots=True)
class Shrunk:
    """A small group's share, drawn towards that of all groups.

    Attributes:
        share: posterior mean.
        low, high: of the 95 % credible interval.
    """

    share: float
    low: float
    high: float


def shrunk_rates(part: Int64Array, whole: Int64Array) -> list[Shrunk | None]:
    """Beta-binomial shares with a prior fitted to all groups (empirical Bayes).

    The prior's mean is the pooled share, half a case added on either side. Its weight, in cases,
    follows from how much more the groups differ than chance alone would make them (method of
    moments, Kleinman 1973), held to 1..1000. Two of three tried on and bought is not told as 67 %.

    Args:
        part: int64 (N,), cases.
        whole: int64 (N,), of how many; parts beyond it count as all of it.

    Returns:
        One a group; None where `whole` is 0.
    """
    cases = np.asarray(np.minimum(part, whole), np.float64)
    of = np.asarray(whole, np.float64)
    if not of.sum():
        return [None] * len(whole)
    mean = float((cases.sum() + 0.5) / (of.sum() + 1))
    weight = _prior_weight(cases[of > 0], of[of > 0], mean)
    a, b = mean * weight + cases, (1 - mean) * weight + of - cases
    tail = (1 - CONFIDENCE) / 2
    low, high = (np.asarray(betaincinv(a, b, at), np.float64) for at in (tail, 1 - tail))
    return [
        Shrunk(float(a[i] / (a[i] + b[i])), float(low[i]), float(high[i])) if whole[i] else None
        for i in range(len(whole))
    ]


def _prior_weight(part: Float64Array, whole: Float64Array, mean: float) -> float:
    """A + b of the prior."""
    groups = len(whole)
    if groups < 2:
        return 1.0
    spread = float((whole * (part / whole - mean) ** 2).sum())
    total = float(whole.sum())
    chance = mean * (1 - mean)
    excess = spread - chance * (groups - 1)
    unequal = total - float((whole**2).sum()) / total - (groups - 1)
    if excess <= 0 or unequal <= 0:
        return 1000.0
    correlation = min(0.999, excess / (chance * unequal))
    return float(np.clip(1 / correlation - 1, 1.0, 1000.0))
