"""How often somebody new would be taken for one of the enrolled.

Telling new from returning visitors by face is off by default and asks for consent. Nothing here
sees or keeps a face: these are the sums that say whether it may be switched on at all. A stranger
is compared with all N enrolled people, so a false match rate that sounds small is not:

    P(false return) = 1 - (1 - FMR)^N

(open-set search; comparisons taken as independent). FMR 1e-5 with 10,000 enrolled: 9.5 %.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.special import betaincinv

CONFIDENCE: Final = 0.95


@dataclass(frozen=True, slots=True)
class ReturnThreshold:
    """Where to draw the line.

    Attributes:
        similarity: a match needs more than this.
        fmr: share of the impostor scores above it.
        fmr_most: upper end of its one-sided 95 % interval (Clopper and Pearson 1934).
        false_returns: expected share of new people taken for somebody enrolled, at `fmr`.
        false_returns_most: the same at `fmr_most`.
    """

    similarity: float
    fmr: float
    fmr_most: float
    false_returns: float
    false_returns_most: float


def false_return_rate(fmr: float, enrolled: int) -> float:
    """1 - (1 - FMR)^N.

    Args:
        fmr: false match rate of one comparison, 0..1.
        enrolled: N, at least 0.

    Raises:
        ValueError: a rate outside 0..1 or a negative number of people.
    """
    _check(fmr, enrolled)
    if fmr == 1:
        return float(enrolled > 0)
    return float(-np.expm1(enrolled * np.log1p(-fmr)))


def allowed_fmr(rate: float, enrolled: int) -> float:
    """The false match rate of one comparison at which `rate` of new people seem to return.

    Args:
        rate: wished false-return rate, 0..1.
        enrolled: N, at least 1.

    Raises:
        ValueError: a rate outside 0..1 or nobody enrolled.
    """
    _check(rate, enrolled)
    if enrolled == 0:
        raise ValueError("enrolled must be at least 1")
    return 1.0 if rate == 1 else float(-np.expm1(np.log1p(-rate) / enrolled))


def threshold_for(
    impostor_similarity: Sequence[float], rate: float, enrolled: int
) -> ReturnThreshold | None:
    """The lowest threshold that keeps false returns at `rate`, upper confidence limit included.

    Args:
        impostor_similarity: scores of pairs of different people; about 3 N / `rate` of them are
            needed, each pair of people once.
        rate: wished false-return rate, 0..1.
        enrolled: N, at least 1.

    Returns:
        None where the scores are too few to promise that: then it must stay off.

    Raises:
        ValueError: as `allowed_fmr`, or no scores, or one that is no number.
    """
    scores = np.sort(np.asarray(impostor_similarity, np.float64))[::-1]
    if not len(scores) or not np.isfinite(scores).all():
        raise ValueError("impostor_similarity must hold finite numbers")
    allowed = allowed_fmr(rate, enrolled)
    above = np.arange(len(scores))
    most = _upper(above, len(scores))
    # A match needs more than the threshold, so scores equal to it are not above.
    within = np.flatnonzero(most <= allowed)
    if not len(within):
        return None
    similarity = float(scores[within[-1]])
    matches = int(np.searchsorted(-scores, -similarity))
    fmr = matches / len(scores)
    fmr_most = float(_upper(np.array([matches]), len(scores))[0])
    return ReturnThreshold(
        similarity,
        fmr,
        fmr_most,
        false_return_rate(fmr, enrolled),
        false_return_rate(fmr_most, enrolled),
    )


def _upper(matches: "np.ndarray[tuple[int], np.dtype[np.int64]]", count: int) -> np.ndarray:
    return np.asarray(betaincinv(matches + 1, count - matches, CONFIDENCE))


def _check(rate: float, enrolled: int) -> None:
    if not 0 <= rate <= 1:
        raise ValueError("a rate must lie in 0..1")
    if enrolled < 0:
        raise ValueError("enrolled must not be negative")
