"""What a similarity says: ln p(s | same person) / p(s | different people), calibrated as it goes.

Through the day similarities are counted, each in a histogram of what it stands for: two looks at
one track are one person; two people side by side in one camera are two; a pair of tracks of two
cameras is one person as far as its responsibility goes and two for the rest, which makes of every
calibration a step of the EM algorithm. Histograms are all that is kept. As soon as 200 pairs are
known, with every hundred more and at night they become smooth densities, and their log ratio is
made to rise by isotonic regression (Zadrozny and Elkan, KDD 2002). What was counted before weighs
a little less each time, for it was judged by a poorer likelihood. Until the first calibration a
cautious pair of normal distributions stands in.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.optimize import isotonic_regression

from edge_core.types import Float64Array

LOW: Final = -0.2
HIGH: Final = 1.0
BINS: Final = 60
SAME: Final = (0.68, 0.13)
DIFFERENT: Final = (0.44, 0.15)
"""Mean and deviation before the first calibration: high, as between strangers in one camera's
light, and wider than any measured, so they claim little."""
LARGEST: Final = 6.0
"""No look alone says more than this, in nats."""
FEWEST: Final = 200.0
"""With fewer pairs of either kind nothing is calibrated."""
PAIRS_MORE: Final = 100.0
"""Pairs of tracks of one person between two calibrations by day."""
KEPT: Final = 0.8
"""What older counts weigh after each of those."""
TRACKS_WEIGH: Final = 50.0
"""Looks of one track come from one side and one light; together they weigh no more than so many
pairs across cameras, once there are such."""
YESTERDAY: Final = 0.5
"""The same after a night."""
_SMOOTH: Final = 0.03
_FLOOR: Final = 1e-3


def _centres() -> Float64Array:
    return LOW + (np.arange(BINS) + 0.5) * (HIGH - LOW) / BINS


@dataclass(frozen=True, slots=True)
class AppearanceLikelihood:
    """Log likelihood ratio by similarity.

    Attributes:
        log_ratio: float64 (BINS,), at the middles of equal bins between LOW and HIGH; never falls.
    """

    log_ratio: Float64Array

    def __post_init__(self) -> None:
        if self.log_ratio.shape != (BINS,) or not np.isfinite(self.log_ratio).all():
            raise ValueError(f"log_ratio must be {BINS} finite numbers")
        if (np.diff(self.log_ratio) < -1e-9).any():
            raise ValueError("log_ratio must never fall")

    @classmethod
    def uncalibrated(cls) -> "AppearanceLikelihood":
        """What is taken before the first night."""
        s = _centres()
        same, different = ((s - mean) / sd for mean, sd in (SAME, DIFFERENT))
        ratio = (different**2 - same**2) / 2 + np.log(DIFFERENT[1] / SAME[1])
        return cls(np.maximum.accumulate(np.clip(ratio, -LARGEST, LARGEST)))

    def __call__(self, similarity: Float64Array) -> Float64Array:
        """Log likelihood ratios of similarities of any shape; 0 where one is NaN (no look)."""
        ratio = np.interp(similarity, _centres(), self.log_ratio)
        return np.where(np.isnan(similarity), 0.0, ratio)


class ScoreTally:
    """A day's similarities, as counts.

    Attributes:
        tracks: float64 (BINS,), two looks at one track.
        same, different: float64 (BINS,), pairs of tracks.
    """

    def __init__(self) -> None:
        self.tracks = np.zeros(BINS)
        self.same = np.zeros(BINS)
        self.different = np.zeros(BINS)

    def add_track(self, similarity: float) -> None:
        """Two looks at one track."""
        self.tracks[_bin(np.array([similarity]))] += 1

    def add_beside(self, similarity: float) -> None:
        """Two people in one picture."""
        self.different[_bin(np.array([similarity]))] += 1

    def add_pairs(self, similarity: Float64Array, responsibility: Float64Array) -> None:
        """Pairs of tracks (N,), each one person as likely as `responsibility` (N,) says."""
        known = ~np.isnan(similarity)
        bins = _bin(similarity[known])
        np.add.at(self.same, bins, responsibility[known])
        np.add.at(self.different, bins, 1 - responsibility[known])

    def calibrated(self) -> AppearanceLikelihood | None:
        """The likelihoods these counts make, or None when they are too few."""
        across = float(self.same.sum()) >= FEWEST
        share = TRACKS_WEIGH / max(float(self.tracks.sum()), TRACKS_WEIGH) if across else 1.0
        same = self.same + share * self.tracks
        if same.sum() < FEWEST or self.different.sum() < FEWEST:
            return None
        ratio = np.log(_density(same) / _density(self.different))
        weight = same / same.sum() + self.different / self.different.sum() + 1e-4
        rising = isotonic_regression(ratio, weights=weight).x
        return AppearanceLikelihood(np.clip(rising, -LARGEST, LARGEST))

    @property
    def pairs(self) -> float:
        """Pairs of tracks of one person, as far as is believed."""
        return float(self.same.sum())

    def fade(self, kept: float) -> None:
        """Older counts weigh less from now on."""
        for counts in (self.tracks, self.same, self.different):
            counts *= kept


def _bin(similarity: Float64Array) -> np.ndarray:
    place = (similarity - LOW) / (HIGH - LOW) * BINS
    return np.clip(place, 0, BINS - 1).astype(np.int64)


def _density(counts: Float64Array) -> Float64Array:
    """Smooth shares of the bins, nowhere quite nought."""
    apart = (_centres()[:, None] - _centres()[None]) / _SMOOTH
    kernel = np.exp(-0.5 * apart**2)
    smooth = (kernel / kernel.sum(axis=0)) @ counts
    shares = smooth / smooth.sum()
    return np.asarray((shares + _FLOOR / BINS) / (1 + _FLOOR))
