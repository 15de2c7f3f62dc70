"""TFusion's way of joining looks and times, beside the product's: for the comparison only.

Lv, Chen, Li and Yang, CVPR 2018 (arXiv 1803.07293). S says that looks alone would take two tracks
for one person, Y that they are; Ep = P(Y=0 | S=1), En = P(Y=1 | S=0), D = (cameras, time):

    score = (P(S=1 | look) + En / (1 - Ep - En)) ((1 - En) P(D | S=1) - Ep P(D | S=0)) / P(D)

S=1 is the most alike of all earlier tracks, S=0 those beyond the tenth. The paper tries error rates
on a grid; here they are estimated without labels, as the mean of what the product's uncalibrated
likelihood says of the pairs of either kind. Times lie in the same bins as the product's.
"""

from typing import Final

import numpy as np

from edge_core.bench.linking import HORIZON_S, Truth
from edge_core.bench.tracklet_mall import Track
from edge_core.identity.likelihood import AppearanceLikelihood
from edge_core.types import Float64Array, Int64Array

BINS: Final = 60
BEYOND: Final = 10
_SMOOTH_BINS: Final = 1.5
_LOOK_BINS: Final = 40
_LEAST: Final = 1e-12


class TFusion:
    """Learns from tracks without labels, and scores pairs.

    Args:
        cameras: how many there are.
    """

    def __init__(self, cameras: int) -> None:
        self._alike = np.zeros((cameras, cameras, BINS))
        self._unlike = np.zeros((cameras, cameras, BINS))
        self._looks = np.ones((2, _LOOK_BINS)) * ((0.1,), (1.0,))
        self._wrong = self._missed = 0.0
        self._likelihood = AppearanceLikelihood.uncalibrated()

    def learn(
        self, here: Int64Array, there: int, seconds: Float64Array, similarity: Float64Array
    ) -> None:
        """Take in one track and all earlier ones (N,): their cameras, times and similarities."""
        if len(here) <= BEYOND:
            return
        order = np.argsort(-similarity)
        odds = np.exp(self._likelihood(similarity)) / len(here)
        same = odds / (1 + odds)
        place = _place(seconds)
        first, rest = order[0], order[BEYOND:]
        self._alike[here[first], there, place[first]] += 1
        np.add.at(self._unlike, (here[rest], there, place[rest]), 1)
        self._wrong += 1 - float(same[first])
        self._missed += float(same[rest].sum())
        look = _look(similarity)
        self._looks[0, look[first]] += 1
        np.add.at(self._looks[1], look, 1)

    def error_rates(self) -> tuple[float, float]:
        """Ep and En, never so large that their sum reaches one."""
        wrong = self._wrong / max(float(self._alike.sum()), 1)
        missed = self._missed / max(float(self._unlike.sum()), 1)
        scale = min(1.0, 0.95 / max(wrong + missed, _LEAST))
        return wrong * scale, missed * scale

    def score(
        self, here: Int64Array, there: Int64Array, seconds: Float64Array, similarity: Float64Array
    ) -> Float64Array:
        """The score of pairs (N,)."""
        wrong, missed = self.error_rates()
        alike, unlike = _density(self._alike), _density(self._unlike)
        where = (here, there, _place(seconds))
        look = _look(similarity)
        said = self._looks[0, look] / self._looks[1, look]
        rest = 1 - wrong - missed
        corrected = ((1 - missed) * alike[where] - wrong * unlike[where]) / rest
        return np.asarray((said + missed / rest) * np.maximum(corrected, _LEAST) / unlike[where])


def tfusion_right(cameras: int, tracks: list[Track], *, judged_from_s: float) -> Float64Array:
    """Whether TFusion's first answer is right, by query of the judged time, float64 (Q,)."""
    fusion, truth = TFusion(cameras), Truth()
    camera = np.array([track.camera for track in tracks], np.int64)
    end_s = np.array([track.end_s for track in tracks])
    looks = np.stack([track.look for track in tracks])
    right = []
    for number, track in enumerate(tracks):
        earlier = np.arange(number)
        age_s = track.start_s - end_s[:number]
        earlier = earlier[(age_s > -1.0) & (age_s <= HORIZON_S)]
        similarity = (looks[earlier] @ track.look).astype(np.float64)
        if track.start_s >= judged_from_s:
            query = truth.ask(track, fusion.score)
            if query is not None:
                right.append(float(query.right))
        fusion.learn(camera[earlier], track.camera, age_s[earlier], similarity)
        truth.add(track)
    return np.array(right)


def _place(seconds: Float64Array) -> Int64Array:
    lagged = np.log(np.maximum(seconds + 1.5, 0.5) / 0.5)
    return np.minimum(lagged / np.log((HORIZON_S + 1.5) / 0.5) * BINS, BINS - 1).astype(np.int64)


def _look(similarity: Float64Array) -> Int64Array:
    known = np.nan_to_num(similarity)
    return np.clip((known + 0.2) / 1.2 * _LOOK_BINS, 0, _LOOK_BINS - 1).astype(np.int64)


def _density(counts: Float64Array) -> Float64Array:
    """Shares of all cameras and times together, smoothed over time."""
    apart = np.subtract.outer(np.arange(BINS), np.arange(BINS)) / _SMOOTH_BINS
    kernel = np.exp(-0.5 * apart**2)
    smooth = (counts + 0.01) @ (kernel / kernel.sum(axis=1, keepdims=True)).T
    return np.asarray(smooth / smooth.sum())
