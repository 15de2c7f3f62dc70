"""What a window says of a garment, against what its windows show while it hangs undisturbed.

Places differ: near people and metal a garment at rest shows more change than elsewhere, and how
often it is read depends on where it hangs. So motion, distance from the resting place and reads
are each taken against the garment's own level at rest, and what remains is weighed by a logistic
regression.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.special import logit

from edge_core.interaction.scores import WindowScores
from edge_core.interaction.state_model import STEP_S
from edge_core.types import BoolArray, Float32Array, Float64Array

_SURE: Final = 1e-4
_PULL: Final = 0.05
_FIRST: Final = (-4.0, -4.0, np.nan, 0.02)
"""Levels of a garment at rest until its own are known."""
_RANGE: Final = ((-9.0, -1.5), (-9.0, 2.0))
"""What levels of motion and of distance from the resting place may be."""
_LOW: Final = np.array([-3.0, -3.0, -1.0, -2.0])
_HIGH: Final = np.array([8.0, 14.0, 0.5, 10.0])
_WEIGHTS: Final = np.array([0.39, 0.83, -6.89, 1.06, -8.37])
"""Of the four numbers of `against_rest`, and a constant."""
_ALONE: Final = np.array([1.16, 0.92, -8.45, 0.0, -9.84])
"""Of garments without neighbours to compare with."""
_UNPLACED: Final = np.array([1.64, 0.0, 0.0, 0.0, -4.22])
"""Of garments that have no resting place yet."""
_STILL_THERE: Final = -4.0
_HANG_TOGETHER: Final = 3.0
"""Taken off every window: while somebody stands close by, windows err alike."""
_WEIGHTS_UNPLACED: Final = np.array([1.0, 0.0, -5.0, 0.6])
_CONSTANT_UNPLACED: Final = -3.5
"""Of garments that have no resting place yet."""


_PLACE_LIMIT: Final = 6.0
_HALF_WEIGHTS: Final = np.array([0.26, 0.32, -0.01, 0.61, 0.24, 0.8, 1.94, 0.82, 1.09, -3.44])
"""Of the numbers of `half_evidence`: a ridge logistic regression on some 100,000 half seconds at
seven readers of simulated trade (seeds 71 and 72, on which nothing is reported), as
`edge_core.bench.half_second_fit` does it."""
_HALF_SHARE: Final = 0.8
"""Neighbouring half seconds err alike while somebody stands close by."""
_HALF_MOST: Final = 4.0
_MOST_READS: Final = 6.0
_LITTLE: Final = 0.01
_CLEARLY: Final = 2.0
_OWN_PHASE: Final = (0.005, 0.3)
_STILL: Final = (0.8, 0.5)
_RATE_IN_HAND: Final = 0.3
_OFTEN_READS: Final = 5.0
_SILENT_READS: Final = 0.5
_SILENT_MOST: Final = 6.0


@dataclass(slots=True)
class RestLevels:
    """What a garment's windows show while it rests: running means.

    Attributes:
        moving: log odds of motion.
        elsewhere: log odds of not being at its resting place.
        log_rate: logarithm of its reads a second; NaN until known.
        phase: what half seconds show against the template, see `COLUMNS`.
    """

    moving: float = _FIRST[0]
    elsewhere: float = _FIRST[1]
    log_rate: float = _FIRST[2]
    phase: float = _FIRST[3]

    def learn(self, shown: Float64Array, off: Float32Array | None, rests: float) -> None:
        """Follow one look.

        Args:
            shown: float64 (3,), a row of `shown`.
            off: float32 (2, 7), a row of `WindowScores.off`.
            rests: chance that the garment rested, 0..1.
        """
        pull = _PULL * rests**4
        self.moving += pull * (float(shown[0]) - self.moving)
        if not np.isnan(shown[1]):
            self.elsewhere += pull * (float(shown[1]) - self.elsewhere)
        if np.isnan(self.log_rate):
            self.log_rate = float(shown[2])
        self.log_rate += pull * (float(shown[2]) - self.log_rate)
        if off is not None and not np.isnan(off[:, 1]).any():
            self.phase += pull * (float(off[:, 1].mean()) - self.phase)

    def row(self) -> tuple[float, float, float, float]:
        """As numbers, within what is plausible."""
        moving = float(np.clip(self.moving, *_RANGE[0]))
        return moving, float(np.clip(self.elsewhere, *_RANGE[1])), self.log_rate, self.phase


def shown(scores: WindowScores) -> Float64Array:
    """Log odds of motion and of distance from the resting place, log of reads a second.

    Returns:
        float64 (N, 3); the second is NaN where there is no resting place yet.
    """
    rate = scores.reads / (scores.t1_s - scores.t0_s)
    return np.stack(
        [log_odds(scores.p_moving), log_odds(scores.moved_from_rest), np.log(rate)], axis=1
    )


def against_rest(shown: Float64Array, levels: Float64Array, excess: Float64Array) -> Float64Array:
    """The four numbers that `handled` weighs, float64 (N, 4); NaN as in `shown`.

    Args:
        shown: float64 (N, 3), from `shown`.
        levels: float64 (N, 4), from `RestLevels.row`.
        excess: float64 (N,), above the rack neighbours, of `WindowScores`.
    """
    apart = shown - levels[:, :3]
    apart[:, 2] = np.nan_to_num(apart[:, 2])
    return np.clip(np.column_stack([apart, excess]), _LOW, _HIGH)


def is_sharp(off: Float32Array) -> BoolArray:
    """Of which garments half seconds tell, bool (N,), from `WindowScores.off`."""
    return np.asarray(off[:, :, 0].sum(axis=1) > 0)


def half_evidence(off: Float32Array, levels: Float64Array, apart: Float64Array) -> Float64Array:
    """What `half_seconds` weighs of each half second, float64 (N, 2, len(_HALF_WEIGHTS)).

    Args:
        off: float32 (N, 2, 7), see `COLUMNS`.
        levels: float64 (N, 4), from `RestLevels.row`.
        apart: float64 (N, 4), from `against_rest`, of the window they are the end of.
    """
    reads, phase, rssi, rack, rack_rssi, crowd, crowd_rssi = np.moveaxis(
        off.astype(np.float64), 2, 0
    )
    read, phase = reads > 0, np.log(np.nan_to_num(off[:, :, 1].astype(np.float64)) + _LITTLE)
    usual = np.exp(np.nan_to_num(levels[:, 2:3])) * STEP_S
    own = np.clip(levels[:, 3:4], *_OWN_PHASE)
    size = np.minimum(reads, _MOST_READS) / _MOST_READS
    turned = np.clip(phase - np.log(np.maximum(rack, own) + _LITTLE), -1.0, 3.5) * read
    above = np.clip(phase - np.log(crowd + _LITTLE), -2.0, 3.0) * read
    weaker = np.clip(np.nan_to_num(rack_rssi - rssi), -3.0, 6.0) * read
    change = np.minimum(np.abs(np.nan_to_num(rssi - rack_rssi)), 6.0)
    changed = np.clip(change - np.minimum(crowd_rssi, 4.0), -3.0, 5.0) * read
    fewer = np.clip((usual - reads) / np.sqrt(np.maximum(usual, 0.5)), -1.0, 2.0)
    # A window shows motion for seconds after it: only what is unlike its rest by itself counts.
    here = np.where(read, np.clip(turned / _CLEARLY, 0.0, 1.0), 1.0)
    moving = np.clip(apart[:, :1], -3.0, 6.0) * here
    alone = np.clip(apart[:, 3:], -2.0, 8.0) * here
    one = np.ones_like(turned)
    return np.stack(
        [turned, turned * size, above, above * size, changed, weaker, fewer, moving, alone, one],
        axis=2,
    )


def half_seconds(off: Float32Array, levels: Float64Array, apart: Float64Array) -> Float64Array:
    """Log-likelihood ratio of being handled against resting in each half second, float64 (N, 2)."""
    ratio = half_evidence(off, levels, apart) @ _HALF_WEIGHTS
    return np.asarray(np.clip(_HALF_SHARE * ratio, -_HALF_MOST, _HALF_MOST), np.float64)


def lying(moving: Float64Array, apart: Float64Array) -> Float64Array:
    """Log-likelihood ratio of lying still elsewhere against resting, float64 (N, 2) (ours).

    A half second there looks as unlike the resting place as one in a hand, but the window must
    have nothing in common with that place, and be still.

    Args:
        moving: float64 (N, 2), from `half_seconds`.
        apart: float64 (N, 4), from `against_rest`.
    """
    unlike = elsewhere(apart)[:, None]
    still = _STILL[0] - _STILL[1] * np.maximum(apart[:, :1], 0.0)
    return np.asarray(np.maximum(np.minimum(moving, unlike), unlike / 2) + still, np.float64)


def handled(apart: Float64Array) -> Float64Array:
    """Log-likelihood ratio of being handled against resting, float64 (N,).

    The weights are logistic regressions on windows of simulated trade
    (`edge_core.bench.association_fit`); a shop's own would replace them.
    """
    known = np.column_stack([np.nan_to_num(apart), np.ones(len(apart))])
    weights = np.where(apart[:, 3:] == 0, _ALONE, _WEIGHTS)
    weights = np.where(np.isnan(apart[:, 1:2]), _UNPLACED, weights)
    return np.asarray((known * weights).sum(axis=1) - _HANG_TOGETHER, np.float64)


def elsewhere(apart: Float64Array) -> Float64Array:
    """Log-likelihood ratio of lying still elsewhere against resting, float64 (N,).

    Its distance from the resting place tells alone: it is still, and how often it is read there
    is another matter than at its resting place. 0 where there is no resting place.
    """
    ratio = _WEIGHTS[1] * apart[:, 1] + _STILL_THERE
    ratio = np.clip(ratio, -_PLACE_LIMIT, _PLACE_LIMIT)
    return np.where(np.isnan(apart[:, 1]), 0.0, ratio)


def silent(levels: RestLevels, seconds: float) -> float:
    """Log-likelihood ratio of being handled against resting, of a garment that is not heard.

    Hands and bodies block reads (a real R420 reads a carried tag a third less): a Poisson count
    at a lower rate against one at its rate at rest. 0 where it is read too seldom to tell.

    Args:
        levels: the garment's.
        seconds: in which fewer reads came than make a window.
    """
    usual = 0.0 if np.isnan(levels.log_rate) else float(np.exp(levels.log_rate)) * seconds
    if usual < _OFTEN_READS:
        return 0.0
    ratio = _SILENT_READS * np.log(_RATE_IN_HAND) + (1 - _RATE_IN_HAND) * usual
    return float(min(ratio, _SILENT_MOST))


def log_odds(probability: np.ndarray) -> Float64Array:
    """Of probabilities of any shape, kept off certainty; NaN stays."""
    return np.asarray(logit(np.clip(probability.astype(np.float64), _SURE, 1 - _SURE)))
