"""How good a detector is: average precision, also by height, and recall at a precision.

Detections are matched greedily in falling order of score, each to the free true box it overlaps
most (PASCAL VOC; Everingham et al. 2010). Average precision is the area under the precision made
monotone, at every recall. A detection on a region marked to be ignored counts neither way.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from edge_core.training.detector.pictures import Picture
from edge_core.types import (
    BoolArray,
    Detections,
    Float32Array,
    Float64Array,
    ImageArray,
    Int64Array,
)
from edge_core.vision.boxes import area_px2, intersection_px2, iou

IOU_STEPS: Final = tuple(np.arange(50, 100, 5) / 100)
HEIGHTS: Final = (0.0, 0.08, 0.16, 0.32, 10.0)
"""Edges of the height classes, as shares of the picture's long side."""
PRECISION: Final = 0.9
BOOTSTRAP_ROUNDS: Final = 400

Detect = Callable[[Sequence[ImageArray]], list[Detections]]


@dataclass(frozen=True, slots=True)
class Scores:
    """A detector on one set of pictures.

    Attributes:
        pictures, people: size of the set.
        ap50, ap75: average precision at IoU 0.5 and 0.75.
        ap50_interval: 95 % of AP50 over pictures drawn anew (bootstrap). Frames of one video
            are alike, so for them it is too narrow.
        ap: mean over IoU 0.50 to 0.95 by 0.05.
        recall_at_precision: highest recall at precision 0.9 or more, IoU 0.5.
        by_height: (least, most height as share of the long side, people, AP50) per class; None
            where nobody is of that height.
    """

    pictures: int
    people: int
    ap50: float
    ap50_interval: tuple[float, float]
    ap75: float
    ap: float
    recall_at_precision: float
    by_height: tuple[tuple[float, float, int, float | None], ...]


@dataclass(frozen=True, slots=True)
class _Ranked:
    """The detections of a set in falling order of score, and its people.

    Attributes:
        hit: bool (N,), which found somebody.
        picture: int64 (N,), the picture each is from.
        people: int64 (P,), true boxes of each picture.
    """

    hit: BoolArray
    picture: Int64Array
    people: Int64Array

    def curve(self, times: Int64Array | None = None) -> tuple[Float64Array, Float64Array]:
        """Precision, made monotone, and recall after each detection.

        Args:
            times: int64 (P,), how often each picture counts; once when None.
        """
        often = np.ones_like(self.people) if times is None else times
        weight = often[self.picture]
        hits = np.cumsum(weight * self.hit)
        precision = hits / np.maximum(1, np.cumsum(weight))
        precision = np.maximum.accumulate(precision[::-1])[::-1]
        return precision, hits / max(1, int(often @ self.people))

    def average_precision(self, times: Int64Array | None = None) -> float:
        """Area under the curve; 0 without people."""
        precision, recall = self.curve(times)
        return float(np.sum(np.diff(recall, prepend=0.0) * precision))

    def recall_at(self, precision: float) -> float:
        """Highest recall whose precision is at least this."""
        reached, recall = self.curve()
        return float(recall[reached >= precision].max(initial=0.0))


def score_detector(
    detect: Detect, pictures: Sequence[Picture], progress: Callable[[float], None] | None = None
) -> Scores:
    """Run a detector over a set of labelled pictures.

    Args:
        detect: as `edge_core.vision.Detector.detect`, with a low score threshold.
        pictures: the set.
        progress: told the share done, 0..1.
    """
    found = []
    for index, picture in enumerate(pictures):
        found += detect([picture.bgr])
        if progress is not None:
            progress((index + 1) / len(pictures))
    return score_detections(found, pictures)


def score_detections(found: Sequence[Detections], pictures: Sequence[Picture]) -> Scores:
    """The same from detections, one per picture."""
    ranked = [_rank(found, pictures, least) for least in IOU_STEPS]
    each = [one.average_precision() for one in ranked]
    by_height: list[tuple[float, float, int, float | None]] = []
    for low, high in pairwise(HEIGHTS):
        some = _rank(found, pictures, IOU_STEPS[0], (low, high))
        count = int(some.people.sum())
        by_height.append((low, high, count, some.average_precision() if count else None))
    return Scores(
        pictures=len(pictures),
        people=int(ranked[0].people.sum()),
        ap50=each[0],
        ap50_interval=_interval(
            [ranked[0].average_precision(times) for times in _resampled(len(pictures))]
        ),
        ap75=each[5],
        ap=float(np.mean(each)),
        recall_at_precision=ranked[0].recall_at(PRECISION),
        by_height=tuple(by_height),
    )


def average_precision(
    found: Sequence[Detections], pictures: Sequence[Picture], iou_least: float = IOU_STEPS[0]
) -> float:
    """Average precision at one overlap and nothing else: quick, for points of a curve."""
    return _rank(found, pictures, iou_least).average_precision()


def gain_interval(
    before: Sequence[Detections], after: Sequence[Detections], pictures: Sequence[Picture]
) -> tuple[float, float]:
    """95 % of the gain in AP50 from one detector to another over pictures drawn anew."""
    one, two = (_rank(found, pictures, IOU_STEPS[0]) for found in (before, after))
    return _interval(
        [
            two.average_precision(times) - one.average_precision(times)
            for times in _resampled(len(pictures))
        ]
    )


def _resampled(pictures: int) -> Iterator[Int64Array]:
    """How often each picture is drawn, int64 (P,), per round of the bootstrap."""
    rng = np.random.default_rng(0)
    for _ in range(BOOTSTRAP_ROUNDS):
        yield np.bincount(rng.integers(pictures, size=pictures), minlength=pictures)


def _interval(values: Sequence[float]) -> tuple[float, float]:
    low, high = np.percentile(values, (2.5, 97.5))
    return float(low), float(high)


def _rank(
    found: Sequence[Detections],
    pictures: Sequence[Picture],
    iou_least: float,
    heights: tuple[float, float] | None = None,
) -> _Ranked:
    scores, hits, people = [], [], []
    for detections, picture in zip(found, pictures, strict=True):
        wanted, beside = picture.xyxy_px, picture.ignored_px
        long_px = max(picture.bgr.shape[:2])
        if heights is not None:
            mine = _of_height(wanted, heights, long_px)
            beside = np.concatenate([beside, wanted[~mine]])
            wanted = wanted[mine]
        hit, counts = match(detections, wanted, beside, iou_least)
        if heights is not None:
            counts &= hit | _of_height(detections.xyxy_px, heights, long_px)
        people.append(len(wanted))
        scores.append(detections.score[counts])
        hits.append(hit[counts])
    order = np.argsort(-np.concatenate(scores), kind="stable")
    source = np.repeat(np.arange(len(hits)), [len(one) for one in hits])
    return _Ranked(np.concatenate(hits)[order], source[order], np.array(people, np.int64))


def _of_height(xyxy_px: Float32Array, heights: tuple[float, float], long_px: int) -> BoolArray:
    share = (xyxy_px[:, 3] - xyxy_px[:, 1]) / long_px
    return np.asarray((share >= heights[0]) & (share < heights[1]))


def match(
    detections: Detections, people: Float32Array, ignored: Float32Array, iou_least: float
) -> tuple[BoolArray, BoolArray]:
    """Match one picture's detections.

    Args:
        detections: N boxes, any order.
        people: float32 (M, 4), true boxes.
        ignored: float32 (K, 4), regions that may or may not hold people.
        iou_least: overlap from which a true box is found.

    Returns:
        bool (N,) twice: which detections found somebody, and which count at all. One that found
        nobody does not count when it matches an ignored box or lies half in it.
    """
    overlap = iou(detections.xyxy_px, people)
    hit = np.zeros(len(detections.score), np.bool_)
    free = np.ones(len(people), np.bool_)
    for index in np.argsort(-detections.score, kind="stable"):
        if not free.any():
            break
        best = int(np.argmax(np.where(free, overlap[index], -1)))
        if overlap[index, best] >= iou_least:
            hit[index], free[best] = True, False
    if not len(ignored):
        return hit, np.ones_like(hit)
    within = intersection_px2(detections.xyxy_px, ignored)
    share = within / np.maximum(area_px2(detections.xyxy_px), 1e-9)[:, None]
    return hit, hit | ~(share >= 0.5).any(axis=1)
