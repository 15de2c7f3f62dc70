"""Many looks at one person become one answer, or none.

Looks of one track resemble each other, so they must not be counted as independent evidence. With
looks t of weight w_t in 0..1 (how good the crop or the face is) and prior logit l0,

    l = l0 + sum_t w_t (logit p_t - l0) / (1 + (n - 1) rho),    rho = .7,

where n = (sum w)^2 / sum w^2 is Kish's effective number of looks: worthless looks then change
nothing. The damping is that of the mean of equally correlated variables; its use on logits and
both limits below are ours. An attribute is told from three effective looks on and when one of its
two values has probability .8; else the person abstains from the statistics, and `Coverage` says
for how many that was so. (The number of looks after damping, n / (1 + (n - 1) rho), cannot pass
1 / rho = 1.43, so the limit of three is on n itself.)
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from edge_core.types import BoolArray, Float32Array, Float64Array, Int64Array, checked

RHO: Final = 0.7
"""Correlation between looks of one track."""
LOOKS_LEAST: Final = 3.0
SURE: Final = 0.8
P_LEAST: Final = 0.01
"""One look never says more than 99 to 1."""
AGES_KEPT: Final = 64
"""Of the best looks; an age is their weighted median, so more would change nothing."""


@dataclass(frozen=True, slots=True)
class FusedAttributes:
    """What is known of one person's A attributes.

    Attributes:
        probability: float32 (A,), 0..1.
        n_eff: float32 (A,), effective number of looks.
    """

    probability: Float32Array
    n_eff: Float32Array

    def __post_init__(self) -> None:
        checked(self.probability, "probability", (None,), np.float32)
        checked(self.n_eff, "n_eff", (len(self.probability),), np.float32)

    @property
    def told(self) -> BoolArray:
        """Bool (A,): which attributes may be counted; of the others nothing may be."""
        sure = np.maximum(self.probability, 1 - self.probability) >= SURE
        return np.asarray(sure & (self.n_eff >= LOOKS_LEAST))


class AttributeFusion:
    """Fuses the looks at one person, in constant memory.

    Args:
        prior: float (A,), the share of people with each attribute, 0..1 exclusive; .5 when
            nothing is known, which the shipped models' calibration assumes.

    Raises:
        ValueError: a prior is 0, 1 or beyond.
    """

    def __init__(self, prior: Float32Array) -> None:
        if not np.all((prior > 0) & (prior < 1)):
            raise ValueError("a prior must lie between 0 and 1")
        self._prior = _logit(np.asarray(prior, np.float64))
        self._weight = np.zeros(len(prior))
        self._square = np.zeros(len(prior))
        self._evidence = np.zeros(len(prior))

    def add(self, probability: Float32Array, weight: Float32Array | float) -> None:
        """Take in one look.

        Args:
            probability: float32 (A,), 0..1.
            weight: 0..1, of the look, or float (A,) where it shows some attributes better, such
                as 0 for trousers below the picture's edge.

        Raises:
            ValueError: a probability or weight lies outside 0..1, NaN included.
        """
        weights = np.broadcast_to(np.asarray(weight, np.float64), self._weight.shape)
        for name, values in (("probability", probability), ("weight", weights)):
            if not np.all((values >= 0) & (values <= 1)):
                raise ValueError(f"{name} must lie in 0..1")
        likely = np.clip(np.asarray(probability, np.float64), P_LEAST, 1 - P_LEAST)
        self._weight += weights
        self._square += weights**2
        self._evidence += weights * (_logit(likely) - self._prior)

    def result(self) -> FusedAttributes:
        """What the looks so far say together; the prior before the first."""
        looks = self._weight**2 / np.maximum(self._square, 1e-12)
        damping = 1 + np.maximum(looks - 1, 0) * RHO
        logit = self._prior + self._evidence / damping
        return FusedAttributes(
            (1 / (1 + np.exp(-logit))).astype(np.float32), looks.astype(np.float32)
        )


def _logit(p: Float64Array) -> Float64Array:
    return np.asarray(np.log(p) - np.log1p(-p))


class AgeFusion:
    """The age of one person: weighted median of the best looks."""

    def __init__(self) -> None:
        self._looks: list[tuple[float, float]] = []

    def add(self, age_years: float, weight: float) -> None:
        """Take in one look of weight 0..1.

        Raises:
            ValueError: the weight lies outside 0..1 or the age is no number.
        """
        if not (0 <= weight <= 1 and np.isfinite(age_years)):
            raise ValueError("weight must lie in 0..1 and age_years be finite")
        self._looks.append((weight, age_years))
        if len(self._looks) > AGES_KEPT:
            self._looks.remove(min(self._looks))

    @property
    def n_eff(self) -> float:
        """Effective number of looks."""
        weights = np.array([weight for weight, _ in self._looks])
        square = float((weights**2).sum())
        return float(weights.sum()) ** 2 / square if square else 0.0

    def result(self) -> float | None:
        """Years, or None while there are too few looks."""
        if self.n_eff < LOOKS_LEAST:
            return None
        return weighted_median([age for _, age in self._looks], [w for w, _ in self._looks])


def weighted_median(values: Sequence[float], weights: Sequence[float]) -> float:
    """The value with half of the weight on either side; between two such, their middle.

    Raises:
        ValueError: there is no weight at all.
    """
    order = np.argsort(values)
    sorted_values = np.asarray(values, np.float64)[order]
    reached = np.cumsum(np.asarray(weights, np.float64)[order])
    if not len(reached) or not reached[-1] > 0:
        raise ValueError("there is no weight")
    half = reached[-1] / 2
    low = int(np.searchsorted(reached, half))
    high = int(np.searchsorted(reached, half, side="right"))
    return float(sorted_values[low] + sorted_values[min(high, len(reached) - 1)]) / 2


class TrackFusion:
    """One `AttributeFusion` a track, kept until the track ends.

    Args:
        prior: as in `AttributeFusion`.
    """

    def __init__(self, prior: Float32Array) -> None:
        self._prior = prior
        self._tracks: dict[int, AttributeFusion] = {}

    def __len__(self) -> int:
        return len(self._tracks)

    def add(self, track_id: Int64Array, probability: Float32Array, weight: Float32Array) -> None:
        """Take in one look at each of N tracks.

        Args:
            track_id: int64 (N,).
            probability: float32 (N, A), 0..1.
            weight: float32 (N,) or (N, A), 0..1.
        """
        checked(track_id, "track_id", (len(probability),), np.int64)
        for row, key in enumerate(track_id.tolist()):
            fusion = self._tracks.setdefault(key, AttributeFusion(self._prior))
            fusion.add(probability[row], weight[row])

    def read(self, track_id: int) -> FusedAttributes:
        """What is known of a track now; the prior of one never looked at."""
        return self._tracks.get(track_id, AttributeFusion(self._prior)).result()

    def end(self, track_id: int) -> FusedAttributes:
        """The last word on a track that ended; it is forgotten."""
        last = self.read(track_id)
        self._tracks.pop(track_id, None)
        return last


class Coverage:
    """For how many people each attribute was told; a share without it hides the abstentions.

    Args:
        attributes: how many, A.
    """

    def __init__(self, attributes: int) -> None:
        self.people = 0
        self.told: Int64Array = np.zeros(attributes, np.int64)
        self.positive: Int64Array = np.zeros(attributes, np.int64)

    def count(self, fused: FusedAttributes) -> None:
        """Add one person at the end of the track."""
        self.people += 1
        self.told += fused.told
        self.positive += fused.told & (fused.probability >= 0.5)

    @property
    def share(self) -> Float64Array:
        """Float64 (A,): told of all people, 0..1; NaN before the first person."""
        if not self.people:
            return np.full(len(self.told), np.nan)
        return np.asarray(self.told / self.people, np.float64)
