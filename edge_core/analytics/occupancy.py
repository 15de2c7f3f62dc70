"""How many people are inside: crossings that are corrected by what the cameras see (ours).

Counting in minus out drifts: every missed crossing stays for the rest of the day. Cameras inside
see only some of the people, but that share hardly drifts. A Bayes filter over a grid joins them.

State: x people inside, and c, the share of them the cameras see at a moment. Once a minute:

1. Predict. With i counted in and o counted out, x moves by i - o plus the counter's errors. Each
   counted crossing hides or invents one with a small rate e, independently and in both
   directions, so that the errors' sum is the difference of two Poisson variables of mean
   e (i + o) / 2 each: a Skellam distribution of variance e (i + o). Where the doors were not
   watched for a share u of the minute, as many crossings as usual may have happened: u times the
   usual traffic is added to that variance. What would lead below zero stays at zero (reflection),
   for nobody leaves an empty room. c drifts a little to its neighbours on the grid.
2. Correct. Of x people v are seen. People stand together and stay, so v is broader than a binomial
   one: beta-binomial with mean c x and concentration k (a beta prior on the share seen, integrated
   out). Fewer than v cannot be inside: what the crossings gave to x < v is given to x = v, for
   those came in unnoticed. A small share of the weight stays with the prediction in case some of
   v are no people. People seen a minute later are mostly the same
   ones, so the logarithm of the likelihood is used with a weight below one.
3. At closing time, after some grace, an empty view means an empty site: x = 0. Over days the sum
   of all crossings in should equal the sum out; their ratio, with what is known at first counting
   as so many crossings at ratio one, is applied to the outs of the next day.

Ends of the interval are quantiles of x. Before c is known at all its prior is flat over the grid,
and v serves as a lower bound; in the morning crossings teach c, later c holds the crossings.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from scipy.special import betaln, gammaln, ive

from edge_core.types import Float64Array

SHARES: Final = np.geomspace(0.03, 0.98, 18)
"""Grid of c."""
ERROR_RATE: Final = 0.06
"""e: errors a counted crossing."""
CONCENTRATION: Final = 25.0
"""k: the share seen varies with a standard deviation of about sqrt(c (1 - c) / 25)."""
WEIGHT: Final = 0.25
"""Of the logarithm of one minute's likelihood."""
OUTLIER: Final = 0.02
DRIFT: Final = 0.002
"""Of the weight on c that moves to either neighbour in a minute."""
RATIO_CROSSINGS: Final = 2000.0
"""What ratio one at the doors counts before anything was seen, in crossings each way."""
FORGET: Final = 0.9
"""Of older days' crossings, kept at each closing for the ratio."""
INTERVAL: Final = (0.05, 0.95)
_ROOM: Final = 1.3
_SMALLEST: Final = 64
_USUAL_MIN: Final = 60.0
_WATCHED: Final = 0.5
"""What is seen of less of a minute says nothing about the usual traffic."""


@dataclass(frozen=True, slots=True)
class Occupancy:
    """An estimate.

    Attributes:
        inside: most plausible number of people, the mean.
        low, high: ends of the 90 % interval.
        share_seen: c, the mean.
    """

    inside: float
    low: int
    high: int
    share_seen: float


class OccupancyFilter:
    """Follows the number of people inside, minute by minute; starts with nobody inside."""

    def __init__(self) -> None:
        self._p = self._fresh(np.full(len(SHARES), 1 / len(SHARES)))
        self._usual = 0.0
        self._sums = (0.0, 0.0)
        self._today = (0, 0)

    def advance(self, entered: int, left: int, seen: int | None, *, watched: float = 1.0) -> None:
        """One minute has passed.

        Args:
            entered: counted in.
            left: counted out.
            seen: different people seen inside during the minute; None where no camera looks.
            watched: share (0..1) of the minute in which the entrances were watched.
        """
        self._today = (self._today[0] + entered, self._today[1] + left)
        unknown = (1 - watched) * self._usual
        if watched >= _WATCHED:
            rate = (entered + left) / watched
            self._usual += (rate - self._usual) * watched / _USUAL_MIN
        self._predict(entered - left * self.ratio, ERROR_RATE * (entered + left) + unknown)
        if seen is not None:
            self._correct(seen)

    def close(self) -> None:
        """The site is empty for certain: what was counted today teaches the ratio."""
        self._sums = (
            FORGET * self._sums[0] + self._today[0],
            FORGET * self._sums[1] + self._today[1],
        )
        self._today = (0, 0)
        self._p = self._fresh(self._p.sum(axis=1))

    @property
    def ratio(self) -> float:
        """People who left for each counted out."""
        return (self._sums[0] + RATIO_CROSSINGS) / (self._sums[1] + RATIO_CROSSINGS)

    def estimate(self, entered: int = 0, left: int = 0) -> Occupancy:
        """Now; crossings of the minute that runs may be told."""
        p = self._p.sum(axis=0)
        inside = float(p @ np.arange(len(p)))
        low, high = np.searchsorted(np.cumsum(p), INTERVAL).tolist()
        net = entered - left
        return Occupancy(
            max(0.0, inside + net),
            max(0, low + net),
            max(0, min(high, len(p) - 1) + net),
            float(self._p.sum(axis=1) @ SHARES),
        )

    def state(self) -> dict[str, Any]:
        """What `restored` goes on from; JSON values. By share seen: its weight, and x's moments."""
        share = self._p.sum(axis=1)
        given = self._p / np.maximum(share, 1e-300)[:, None]
        places = np.arange(given.shape[1])
        mean = given @ places
        variance = np.maximum(0.0, given @ places**2 - mean**2)
        return {
            "share": [round(value, 5) for value in share.tolist()],
            "mean": [round(value, 2) for value in mean.tolist()],
            "sd": [round(value, 2) for value in np.sqrt(variance).tolist()],
            "usual": round(self._usual, 4),
            "sums": [round(value, 1) for value in self._sums],
            "today": list(self._today),
        }

    @classmethod
    def restored(cls, state: dict[str, Any]) -> "OccupancyFilter":
        """Go on from what `state` told; x is taken as normal where the share seen is given.

        Raises:
            ValueError, KeyError, TypeError: it is no such state.
        """
        new = cls()
        share, mean, sd = (np.array(state[name], np.float64) for name in ("share", "mean", "sd"))
        if not share.shape == mean.shape == sd.shape == SHARES.shape or not share.sum() > 0:
            raise ValueError("a state holds a weight and moments for every share of the grid")
        sd = np.maximum(0.3, sd)
        places = np.arange(_size(float((mean + 4 * sd).max())))
        p = np.exp(-0.5 * ((places - mean[:, None]) / sd[:, None]) ** 2)
        new._p = (share / share.sum())[:, None] * p / p.sum(axis=1, keepdims=True)
        new._usual = float(state["usual"])
        new._sums = (float(state["sums"][0]), float(state["sums"][1]))
        new._today = (int(state["today"][0]), int(state["today"][1]))
        return new

    def _fresh(self, share: Float64Array) -> Float64Array:
        p = np.zeros((len(SHARES), _SMALLEST))
        p[:, 0] = share
        return p

    def _predict(self, shift: float, variance: float) -> None:
        whole = int(np.floor(shift))
        kernel = _errors(variance)
        # Rounded to both neighbours, so that nothing is lost in the mean.
        kernel = np.convolve(kernel, [1 - (shift - whole), shift - whole])
        first = whole - (len(kernel) - 2) // 2
        places = self._p.shape[1]
        moved = np.zeros((len(SHARES), places + len(kernel) - 1))
        for offset, weight in enumerate(kernel.tolist()):
            moved[:, offset : offset + places] += weight * self._p
        if first < 0:
            below = min(-first, moved.shape[1] - 1)
            moved[:, below] += moved[:, :below].sum(axis=1)
            moved = moved[:, below:]
        else:
            moved = np.pad(moved, ((0, 0), (first, 0)))
        between = DRIFT * np.diff(moved, axis=0)
        moved[:-1] += between
        moved[1:] -= between
        p = moved.sum(axis=0)
        last = int(np.searchsorted(np.cumsum(p), p.sum() * (1 - 1e-9))) + 1
        size = _size(last)
        kept = np.zeros((len(SHARES), size))
        width = min(size, moved.shape[1])
        kept[:, :width] = moved[:, :width]
        self._p = kept / kept.sum()

    def _correct(self, seen: int) -> None:
        if self._p.shape[1] <= _size(seen):
            self._p = np.pad(self._p, ((0, 0), (0, _size(seen) - self._p.shape[1] + 1)))
        # Whom the crossings rule out came in unnoticed.
        lifted = self._p.copy()
        lifted[:, seen] += lifted[:, :seen].sum(axis=1)
        lifted[:, :seen] = 0
        x = np.maximum(np.arange(self._p.shape[1], dtype=np.float64), seen)
        a = (SHARES * CONCENTRATION)[:, None]
        b = ((1 - SHARES) * CONCENTRATION)[:, None]
        ways = gammaln(x + 1) - gammaln(seen + 1) - gammaln(x - seen + 1)
        told = ways + betaln(a + seen, b + x - seen) - betaln(a, b)
        posterior = lifted * np.exp(WEIGHT * told)
        total = posterior.sum()
        mixed = (1 - OUTLIER) * posterior / total + OUTLIER * self._p
        self._p = mixed / mixed.sum()


def _errors(variance: float) -> Float64Array:
    """Weights of the counter's errors, from -n to n.

    The difference of two Poisson counts of half the variance each (Skellam 1946): exp(-v) I_|k|(v).
    """
    if variance <= 0:
        return np.ones(1)
    reach = int(np.ceil(6 * variance**0.5)) + 2
    weights = np.asarray(ive(np.abs(np.arange(-reach, reach + 1)), variance))
    return np.asarray(weights / weights.sum(), np.float64)


def _size(people: float) -> int:
    """Length of a grid that holds so many with room to spare."""
    return max(_SMALLEST, int(np.ceil(_ROOM * (people + 1))))
