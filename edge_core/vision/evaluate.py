"""How good tracks are: CLEAR-MOT and IDF1.

CLEAR-MOT: Bernardin and Stiefelhagen 2008. Per frame, matches of the frame before are kept while
they overlap enough and the rest are matched for the most overlap, as the MOTChallenge tools
do. IDF1: Ristani et al. 2016, section 3; one assignment of whole truth
trajectories to whole tracks that leaves the fewest boxes unexplained.
"""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from edge_core.types import Float64Array, Int64Array
from edge_core.vision.boxes import iou
from edge_core.vision.mot import MotRows


@dataclass(frozen=True, slots=True)
class MotScores:
    """Sums over one video.

    Attributes:
        truth_boxes, truth_ids: size of the truth.
        track_boxes, track_ids: boxes and distinct ids put out.
        false_negatives, false_positives: boxes missed, boxes of nobody.
        switches: times a person's id changed.
        fragments: times a person's track was interrupted and taken up again.
        mostly_tracked: people matched in at least 80 % of their frames.
        id_true_positives: boxes explained by the best assignment of ids.
    """

    truth_boxes: int
    truth_ids: int
    track_boxes: int
    track_ids: int
    false_negatives: int
    false_positives: int
    switches: int
    fragments: int
    mostly_tracked: int
    id_true_positives: int

    @property
    def mota(self) -> float:
        """1 - (misses + false positives + switches) / truth boxes."""
        errors = self.false_negatives + self.false_positives + self.switches
        return 1 - errors / max(1, self.truth_boxes)

    @property
    def idf1(self) -> float:
        """Harmonic mean of identity precision and recall."""
        return 2 * self.id_true_positives / max(1, self.truth_boxes + self.track_boxes)


def evaluate(truth: MotRows, tracks: MotRows, *, iou_least: float = 0.5) -> MotScores:
    """Compare tracks with the truth.

    Args:
        truth: true boxes; those of score 0 are left out.
        tracks: boxes put out.
        iou_least: overlap from which a box counts as found.
    """
    frames = np.union1d(truth.frame, tracks.frame)
    truth_ids, tracks_ids = np.unique(truth.track_id), np.unique(tracks.track_id)
    together = np.zeros((len(truth_ids), len(tracks_ids)))
    history = _History(len(truth_ids))
    for frame in frames:
        in_truth = np.flatnonzero((truth.frame == frame) & (truth.score > 0))
        in_tracks = np.flatnonzero(tracks.frame == frame)
        person = np.searchsorted(truth_ids, truth.track_id[in_truth])
        track = np.searchsorted(tracks_ids, tracks.track_id[in_tracks])
        overlap = iou(truth.xyxy_px[in_truth], tracks.xyxy_px[in_tracks]).astype(np.float64)
        rows, columns = np.nonzero(overlap >= iou_least)
        np.add.at(together, (person[rows], track[columns]), 1)
        history.add(person, track, overlap, iou_least)
    truth_sizes = np.bincount(
        np.searchsorted(truth_ids, truth.track_id[truth.score > 0]), minlength=len(truth_ids)
    )
    return MotScores(
        truth_boxes=int(truth_sizes.sum()),
        truth_ids=int(np.count_nonzero(truth_sizes)),
        track_boxes=len(tracks),
        track_ids=len(tracks_ids),
        false_negatives=int(truth_sizes.sum()) - history.matches,
        false_positives=len(tracks) - history.matches,
        switches=history.switches,
        fragments=history.fragments,
        mostly_tracked=int(np.sum(history.found >= 0.8 * np.maximum(1, truth_sizes))),
        id_true_positives=_best_identity_overlap(together),
    )


def _best_identity_overlap(together: Float64Array) -> int:
    """Most boxes that one-to-one naming of people by tracks can explain.

    Maximising shared boxes is the same as minimising IDFN + IDFP, because their sum is the number
    of all boxes less twice the shared ones.
    """
    rows, columns = linear_sum_assignment(together, maximize=True)
    return int(together[rows, columns].sum())


class _History:
    """CLEAR-MOT's memory from frame to frame."""

    def __init__(self, people: int) -> None:
        self.matches = self.switches = self.fragments = 0
        self.found = np.zeros(people, np.int64)
        self._last_track = np.full(people, -1, np.int64)
        self._matched_now = np.full(people, -1, np.int64)
        self._seen_before = np.zeros(people, np.bool_)

    def add(
        self, person: Int64Array, track: Int64Array, overlap: Float64Array, iou_least: float
    ) -> None:
        """Match one frame's boxes and count."""
        kept = self._matched_now[person][:, None] == track
        worth = np.where(overlap >= iou_least, overlap + 1000 * kept, 0)
        rows, columns = linear_sum_assignment(worth, maximize=True)
        real = worth[rows, columns] > 0
        rows, columns = rows[real], columns[real]
        who, matched = person[rows], track[columns]
        last = self._last_track[who]
        self.matches += len(who)
        self.switches += int(np.sum((last >= 0) & (last != matched)))
        self.fragments += int(np.sum(self._seen_before[who] & (self._matched_now[who] < 0)))
        self.found[who] += 1
        self._seen_before[who] = True
        self._last_track[who] = matched
        self._matched_now[:] = -1
        self._matched_now[who] = matched
