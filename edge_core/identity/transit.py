"""How long people take from one camera to the next, learnt pair by pair and forgotten slowly.

For a pair of cameras the time t from leaving one to being seen by the other has the density

    p(t) = (1 - u) f(t + LAG) + u / T      with u = 0.05, T the horizon,

where f is log-normal; its mean and spread start at what the plan says and move with what is seen.
Once more than 50 transits are known f is for nine tenths a kernel estimate in log time (Silverman,
Density Estimation, 1986, section 3.4.2), so a passage with two ways, or with a café on it, gets
two humps. What is known of a pair is one histogram over log time, multiplied by 0.995 at every
further transit: numbers about the site and about nobody in it. The form, u, the 50 and the 0.995
are ours.
"""

from math import log
from typing import Final

import numpy as np
from scipy.special import ndtr

from edge_core.types import Float64Array, Int64Array

BINS: Final = 128
SHORTEST_S: Final = 0.5
LAG_S: Final = 1.5
"""A camera may lose somebody only after the next has found them; added to every time."""
UNIFORM: Final = 0.05
FORGETTING: Final = 0.995
KERNEL_FROM: Final = 50.0
KERNEL_SHARE: Final = 0.9
PRIOR_WEIGHT: Final = 4.0
"""How many transits the plan's word is worth."""
ENOUGH: Final = 0.02
"""Tables are made anew once a pair has learnt this share of what it knows."""
_LEAST_SD: Final = 0.08


class TransitTimes:
    """Transit times between C cameras.

    Args:
        mean_log: float64 (C, C), prior mean of ln(t + LAG), t in seconds.
        sd_log: float64 (C, C), its prior standard deviation.
        horizon_s: longer times are no transit.

    Attributes:
        histogram: float64 (C, C, BINS), transits seen by log time, with forgetting.
    """

    def __init__(self, mean_log: Float64Array, sd_log: Float64Array, horizon_s: float) -> None:
        self.horizon_s = horizon_s
        self._prior_mean, self._prior_sd = mean_log, sd_log
        low, high = np.log(SHORTEST_S), np.log(horizon_s + LAG_S)
        self._step = (high - low) / (BINS - 1)
        self._grid = low + self._step * np.arange(BINS)
        self._seconds = np.exp(self._grid)
        count = len(mean_log)
        self.histogram = np.zeros((count, count, BINS))
        self._density = np.zeros((count, count, BINS))
        self._survival = np.zeros((count, count, BINS))
        self._untold = np.full((count, count), np.inf)

    def learn(self, here: int, there: int, transit_s: float, weight: float) -> None:
        """Take in one transit, seconds, that is believed with `weight` (0..1)."""
        if not -LAG_S < transit_s <= self.horizon_s or weight <= 0:
            return
        lagged = max(transit_s + LAG_S, SHORTEST_S)
        place = min((log(lagged) - float(self._grid[0])) / self._step, BINS - 1.001)
        left = int(place)
        row = self.histogram[here, there]
        row *= FORGETTING**weight
        row[left] += weight * (left + 1 - place)
        row[left + 1] += weight * (place - left)
        self._untold[here, there] += weight

    def restore(self, histogram: Float64Array) -> None:
        """Go on from a saved histogram (C, C, BINS)."""
        self.histogram = histogram.astype(np.float64)
        self._untold[:] = np.inf

    def log_density(
        self, here: Int64Array, there: Int64Array, transit_s: Float64Array
    ) -> Float64Array:
        """Log of p(t) in 1/s, elementwise over (N,); -inf where t is impossible."""
        self._refresh(here, there)
        place = self._place(transit_s)
        left = np.minimum(place.astype(np.int64), BINS - 2)
        share = np.clip(place - left, 0, 1)
        table = self._density
        shaped = (1 - share) * table[here, there, left] + share * table[here, there, left + 1]
        density = (1 - UNIFORM) * shaped + UNIFORM / self.horizon_s
        possible = (transit_s > -LAG_S) & (transit_s <= self.horizon_s)
        return np.asarray(np.where(possible, np.log(density), -np.inf))

    def survival(self, here: Int64Array, age_s: Float64Array) -> Float64Array:
        """Share of transits that take longer than a time, float64 (N, C) to every camera."""
        everywhere = np.arange(len(self.histogram))
        self._refresh(np.repeat(here, len(everywhere)), np.tile(everywhere, len(here)))
        place = np.clip(np.rint(self._place(age_s)).astype(np.int64), 0, BINS - 1)
        shaped = self._survival[here[:, None], everywhere[None], place[:, None]]
        uniform = np.clip(1 - age_s / self.horizon_s, 0, 1)[:, None]
        return np.asarray((1 - UNIFORM) * shaped + UNIFORM * uniform)

    def _place(self, transit_s: Float64Array) -> Float64Array:
        """Fractional bin of each time."""
        lagged = np.maximum(transit_s + LAG_S, SHORTEST_S)
        place = (np.log(lagged) - self._grid[0]) / self._step
        return np.asarray(np.clip(place, 0, BINS - 1))

    def _refresh(self, here: Int64Array, there: Int64Array) -> None:
        """Make tables of these pairs anew where they have learnt enough to matter."""
        pairs = np.unique(here * len(self.histogram) + there)
        for pair in pairs.tolist():
            one, other = divmod(pair, len(self.histogram))
            untold = self._untold[one, other]
            if untold and untold > ENOUGH * float(self.histogram[one, other].sum()):
                self._tabulate(one, other)
                self._untold[one, other] = 0.0

    def _tabulate(self, here: int, there: int) -> None:
        """Density over seconds and survival on the grid."""
        row = self.histogram[here, there]
        mean, sd = self._moments(row, here, there)
        per_log = np.exp(-0.5 * ((self._grid - mean) / sd) ** 2) / (sd * np.sqrt(2 * np.pi))
        upto = ndtr((self._grid - mean) / sd)
        if row.sum() > KERNEL_FROM:
            width = _bandwidth(row, self._grid)
            apart = (self._grid[:, None] - self._grid[None]) / width
            shares = row / row.sum()
            kernel = np.exp(-0.5 * apart**2) @ shares / (width * np.sqrt(2 * np.pi))
            per_log = (1 - KERNEL_SHARE) * per_log + KERNEL_SHARE * kernel
            upto = (1 - KERNEL_SHARE) * upto + KERNEL_SHARE * (ndtr(apart) @ shares)
        density = per_log / self._seconds
        # What the kernels put below the shortest time or beyond the horizon is shared out.
        total = float(np.trapezoid(density, self._seconds)) + density[0] * SHORTEST_S
        self._density[here, there] = density / total
        self._survival[here, there] = 1 - upto

    def _moments(self, row: Float64Array, here: int, there: int) -> tuple[float, float]:
        """Mean and deviation of log time: the plan's and the transits seen together."""
        mean0, sd0 = float(self._prior_mean[here, there]), float(self._prior_sd[here, there])
        total = PRIOR_WEIGHT + float(row.sum())
        mean = (PRIOR_WEIGHT * mean0 + float(row @ self._grid)) / total
        spread = PRIOR_WEIGHT * (sd0**2 + (mean0 - mean) ** 2)
        spread += float(row @ (self._grid - mean) ** 2)
        return mean, max(_LEAST_SD, float(np.sqrt(spread / total)))


def _bandwidth(row: Float64Array, grid: Float64Array) -> float:
    """Silverman's rule over a weighted histogram, never finer than a bin."""
    total = float(row.sum())
    mean = float(row @ grid) / total
    sd = float(np.sqrt(row @ (grid - mean) ** 2 / total))
    quartiles = np.interp((0.25, 0.75), np.cumsum(row) / total, grid)
    spread = min(sd, float(np.diff(quartiles)[0]) / 1.34) or sd
    step = float(grid[1] - grid[0])
    return float(max(step, 0.9 * spread * total**-0.2))
