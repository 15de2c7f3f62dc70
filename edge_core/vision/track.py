"""Following people from frame to frame of one camera.

Two-stage association as ByteTrack (Zhang et al. 2022): sure detections first, then weak ones for
tracks still without any. Ours: all limits are in seconds, because frames are skipped and gated;
a third stage for boxes that moved too far to overlap; ids are given out at confirmation, so that
a flicker never uses one up; tracks that walk out of the picture end early, so that whoever walks
in there next does not inherit their id.
"""

from dataclasses import dataclass

import numpy as np

from edge_core.types import BoolArray, Detections, Float32Array, Int64Array, Tracks
from edge_core.units import s_from_ns
from edge_core.vision.associate import best_pairs, overlap_worth
from edge_core.vision.boxes import area_px2, clipped, intersection_px2
from edge_core.vision.kalman import BoxFilter
from edge_core.vision.nms import non_maximum_suppression


@dataclass(frozen=True, slots=True)
class TrackerSettings:
    """Limits of the tracker; chosen in the middle of wide flat ranges, not at a peak.

    Attributes:
        start_score: detections from here may start a track.
        sure_score: detections from here are associated first.
        weak_score: detections below it are not looked at.
        sure_iou, weak_iou, far_iou: least overlap in the three stages.
        far_growth: share by which boxes grow on every side in the third stage.
        birth_iou: a detection that overlaps a better or an already taken one more than this
            starts no track.
        confirm_evidence: sum of its detections' scores that makes a tentative track a person:
            two or three sure detections, or more weak ones.
        tentative_s: a tentative track not seen for longer is dropped.
        coast_s: a track not seen for no longer is still put out, at its predicted place.
        lost_s: a confirmed track not seen for longer ends.
        exit_s: the same for one predicted to be mostly outside the picture.
        memory_s: time in which a lost track's speed falls to 1/e.
    """

    start_score: float = 0.45
    sure_score: float = 0.4
    weak_score: float = 0.2
    sure_iou: float = 0.25
    weak_iou: float = 0.45
    far_iou: float = 0.2
    far_growth: float = 0.5
    birth_iou: float = 0.4
    confirm_evidence: float = 1.5
    tentative_s: float = 0.2
    coast_s: float = 0.12
    lost_s: float = 3.0
    exit_s: float = 0.5
    memory_s: float = 3.0


@dataclass(slots=True)
class _Rows:
    """What is known of N tracks beside their boxes.

    Attributes:
        track_id: int64 (N,); 0 while tentative.
        evidence: float32 (N,), sum of the scores of all detections so far.
        seen_ns: int64 (N,), when last detected.
        score: float32 (N,), of the last detection.
    """

    track_id: Int64Array
    evidence: Float32Array
    seen_ns: Int64Array
    score: Float32Array

    @classmethod
    def born(cls, score: Float32Array, now_ns: int) -> "_Rows":
        count = len(score)
        return cls(
            np.zeros(count, np.int64),
            score.copy(),
            np.full(count, now_ns, np.int64),
            score.copy(),
        )

    def select(self, rows: Int64Array | BoolArray) -> "_Rows":
        return _Rows(
            self.track_id[rows],
            self.evidence[rows],
            self.seen_ns[rows],
            self.score[rows],
        )

    def joined(self, other: "_Rows") -> "_Rows":
        return _Rows(
            np.concatenate([self.track_id, other.track_id]),
            np.concatenate([self.evidence, other.evidence]),
            np.concatenate([self.seen_ns, other.seen_ns]),
            np.concatenate([self.score, other.score]),
        )


class Tracker:
    """Follows the people of one camera.

    Args:
        settings: its limits.
    """

    def __init__(self, settings: TrackerSettings | None = None) -> None:
        self.settings = settings or TrackerSettings()
        self._filter = BoxFilter.start(np.zeros((0, 4), np.float32))
        self._rows = _Rows.born(np.zeros(0, np.float32), 0)
        self._now_ns = 0
        self._size_px = (0, 0)
        self._next_id = 1

    def update(self, found: Detections, now_ns: int, size_px: tuple[int, int]) -> Tracks:
        """Take in one frame's detections.

        Args:
            found: the frame's detections, weak ones included.
            now_ns: when the frame was taken, monotonic; never earlier than the last one.
            size_px: width and height of the frame; a change rescales the tracks.

        Returns:
            The confirmed tracks in view.
        """
        self._move_to(now_ns, size_px)
        # After a gap, whoever stands where somebody stood must not inherit their id.
        vanished = self._drop(self._age_s() > self.settings.lost_s)
        found = _at_least(found, self.settings.weak_score)
        taken = self._associate(found)
        self._start_tracks(found, taken)
        self._confirm()
        return self._put_out(np.concatenate([vanished, self._end_tracks()]))

    def hold(self, now_ns: int, size_px: tuple[int, int]) -> Tracks:
        """Take in a frame without motion, in which nobody was looked for.

        People in view have stayed where they were; those lost to view grow older.
        """
        in_view = self._rows.seen_ns == self._now_ns
        self._filter.slow_down(np.ones(len(self._filter), np.bool_), 0.0)
        self._move_to(now_ns, size_px, still=True)
        self._rows.seen_ns[in_view] = now_ns
        return self._put_out(self._end_tracks())

    def known_px(self) -> Float32Array:
        """Where people were when they were seen last, float32 (N, 4), of those seen lately."""
        return self._filter.boxes_px()[self._age_s() <= self.settings.exit_s]

    def forget(self, track_id: int) -> None:
        """End a track; whoever it is of is followed again as somebody new."""
        self._drop(self._rows.track_id == track_id)

    def _move_to(self, now_ns: int, size_px: tuple[int, int], *, still: bool = False) -> None:
        if now_ns < self._now_ns:
            raise ValueError(f"time ran backwards: {now_ns} after {self._now_ns}")
        dt_s = s_from_ns(now_ns - self._now_ns)
        if size_px != self._size_px and len(self._filter):
            self._filter.rescale(size_px[0] / self._size_px[0], size_px[1] / self._size_px[1])
        if not still:
            lost = self._rows.seen_ns != self._now_ns
            self._filter.slow_down(lost, float(np.exp(-dt_s / self.settings.memory_s)))
            self._filter.predict(dt_s)
        self._now_ns, self._size_px = now_ns, size_px

    def _associate(self, found: Detections) -> BoolArray:
        """Pair tracks and detections stage by stage; returns which detections were taken."""
        limits = self.settings
        boxes = self._filter.boxes_px()
        free_tracks = np.ones(len(self._rows.track_id), np.bool_)
        free = np.ones(len(found), np.bool_)
        confirmed = self._rows.track_id > 0
        sure = found.score >= limits.sure_score
        recent = self._age_s() <= limits.coast_s + limits.exit_s
        everybody = np.ones(len(free_tracks), np.bool_)
        stages = (
            (confirmed, sure, limits.sure_iou, 0.0),
            (confirmed & recent, ~sure, limits.weak_iou, 0.0),
            (~confirmed, sure, limits.sure_iou, 0.0),
            (everybody, sure, limits.far_iou, limits.far_growth),
        )
        for tracks_allowed, allowed, iou_least, grown in stages:
            rows = np.flatnonzero(free_tracks & tracks_allowed)
            columns = np.flatnonzero(free & allowed)
            if not len(rows) or not len(columns):
                continue
            worth = overlap_worth(
                boxes[rows],
                found.xyxy_px[columns],
                found.score[columns],
                iou_least=iou_least,
                grown=grown,
            )
            at_row, at_column = best_pairs(worth)
            rows, columns = rows[at_row], columns[at_column]
            free_tracks[rows] = False
            free[columns] = False
            self._hit(rows, found.xyxy_px[columns], found.score[columns])
        return ~free

    def _hit(self, rows: Int64Array, xyxy_px: Float32Array, score: Float32Array) -> None:
        # A weak detection is placed less well, so it moves the track less.
        self._filter.update(rows, xyxy_px, 1.5 - score)
        self._rows.evidence[rows] += score
        self._rows.seen_ns[rows] = self._now_ns
        self._rows.score[rows] = score

    def _start_tracks(self, found: Detections, taken: BoolArray) -> None:
        """Begin tentative tracks where nobody is known yet."""
        limits = self.settings
        free = ~taken & (found.score >= limits.start_score)
        # Detections of known people come first and silence newcomers that double them.
        rank = np.where(taken, found.score + 1, np.where(free, found.score, np.float32(-1)))
        alone = np.zeros(len(found), np.bool_)
        alone[non_maximum_suppression(found.xyxy_px, rank, iou_limit=limits.birth_iou)] = True
        chosen = free & alone
        self._filter = self._filter.joined(BoxFilter.start(found.xyxy_px[chosen]))
        self._rows = self._rows.joined(_Rows.born(found.score[chosen], self._now_ns))

    def _confirm(self) -> None:
        ready = np.flatnonzero(
            (self._rows.track_id == 0) & (self._rows.evidence >= self.settings.confirm_evidence)
        )
        self._rows.track_id[ready] = np.arange(self._next_id, self._next_id + len(ready))
        self._next_id += len(ready)

    def _end_tracks(self) -> Int64Array:
        """Drop tracks not seen for too long; returns the ids among them."""
        limits = self.settings
        boxes = self._filter.boxes_px()
        inside = intersection_px2(boxes, self._frame_px())[:, 0]
        outside = inside < 0.5 * area_px2(boxes)
        age_s = self._age_s()
        patience_s = np.where(outside, limits.exit_s, limits.lost_s)
        patience_s = np.where(self._rows.track_id > 0, patience_s, limits.tentative_s)
        return self._drop(age_s > patience_s)

    def _put_out(self, ended: Int64Array) -> Tracks:
        boxes = clipped(self._filter.boxes_px(), self._size_px)
        shown = (self._rows.track_id > 0) & (self._age_s() <= self.settings.coast_s)
        shown &= (boxes[:, 2:] - boxes[:, :2] > 1).all(axis=1)
        return Tracks(self._rows.track_id[shown], boxes[shown], self._rows.score[shown], ended)

    def _drop(self, over: BoolArray) -> Int64Array:
        """Forget some tracks; returns the ids among them."""
        ended = self._rows.track_id[over & (self._rows.track_id > 0)]
        if over.any():
            self._filter = self._filter.select(~over)
            self._rows = self._rows.select(~over)
        return ended

    def _age_s(self) -> Float32Array:
        """Seconds since each track was last detected, float32 (N,)."""
        return ((self._now_ns - self._rows.seen_ns) / 1e9).astype(np.float32)

    def _frame_px(self) -> Float32Array:
        return np.array([[0, 0, *self._size_px]], np.float32)


def _at_least(found: Detections, score: float) -> Detections:
    chosen = found.score >= score
    return Detections(found.xyxy_px[chosen], found.score[chosen])
