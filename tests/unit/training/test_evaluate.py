import numpy as np
import pytest

from edge_core.training.detector.evaluate import (
    gain_interval,
    match,
    score_detections,
    score_detector,
)
from edge_core.training.detector.pictures import Picture
from edge_core.types import Detections

PERSON, OTHER, NOBODY = (10, 10, 30, 60), (100, 10, 120, 60), (60, 10, 80, 60)


def found(*rows):
    boxes = np.array([row[:4] for row in rows], np.float32).reshape(-1, 4)
    return Detections(boxes, np.array([row[4] for row in rows], np.float32))


def picture(*people, ignored=()):
    boxes = [np.array(some, np.float32).reshape(-1, 4) for some in (people, ignored)]
    return Picture(np.zeros((120, 200, 3), np.uint8), *boxes)


def test_average_precision_is_the_area_worked_out_by_hand():
    # In falling score: right, wrong, right. Precision 1, 1/2, 2/3 at recall 1/2, 1/2, 1.
    detections = found((*PERSON, 0.9), (*NOBODY, 0.8), (*OTHER, 0.7))
    scores = score_detections([detections], [picture(PERSON, OTHER)])
    assert scores.ap50 == pytest.approx(0.5 * 1 + 0.5 * 2 / 3)
    assert scores.ap == pytest.approx(scores.ap50)
    assert scores.recall_at_precision == pytest.approx(0.5)
    assert (scores.pictures, scores.people) == (1, 2)


def test_a_loose_box_counts_at_half_overlap_only():
    # Ten of 50 rows missing: IoU 0.8, so right at 0.50 to 0.80 and wrong at 0.85 to 0.95.
    scores = score_detections([found((10, 10, 30, 50, 0.9))], [picture(PERSON)])
    assert (scores.ap50, scores.ap75) == (1, 1)
    assert scores.ap == pytest.approx(0.7)


def test_a_second_box_on_the_same_person_is_wrong():
    hit, counts = match(
        found((*PERSON, 0.6), (*PERSON, 0.9)), np.array([PERSON], np.float32),
        np.zeros((0, 4), np.float32), 0.5,
    )  # fmt: skip
    assert hit.tolist() == [False, True]
    assert counts.all()


def test_what_lies_in_an_ignored_region_is_neither_right_nor_wrong():
    marked = picture(PERSON, ignored=[NOBODY])
    with_and_without = [
        score_detections([found((*PERSON, 0.5), *extra)], [marked])
        for extra in ([(*NOBODY, 0.9)], [])
    ]
    assert with_and_without[0] == with_and_without[1]


def test_height_classes_leave_people_of_other_heights_out():
    # 120 and 50 of 200 pixels: shares .60 and .25. The tall one is missed.
    tall = (140, 0, 190, 119)
    scores = score_detections([found((*PERSON, 0.9))], [picture(PERSON, tall)])
    classes = {low: (people, ap) for low, _, people, ap in scores.by_height}
    assert classes[0.16] == (1, 1.0)
    assert classes[0.32] == (1, 0.0)
    assert classes[0.0] == (0, None)


def test_intervals_hold_the_value_and_a_better_detector_gains():
    rng = np.random.default_rng(0)
    pictures = [picture(PERSON, OTHER) for _ in range(30)]
    good = [found((*PERSON, 0.9), (*OTHER, 0.8)) for _ in pictures]
    poor = [found((*(PERSON if rng.random() < 0.5 else NOBODY), 0.9)) for _ in pictures]
    scores = score_detections(poor, pictures)
    low, high = scores.ap50_interval
    assert low < scores.ap50 < high
    assert gain_interval(poor, good, pictures)[0] > 0.3
    assert gain_interval(poor, poor, pictures) == (0, 0)


def test_a_detector_is_run_over_every_picture():
    shares = []
    scores = score_detector(
        lambda images: [found((*PERSON, 0.9)) for _ in images], [picture(PERSON)] * 3, shares.append
    )
    assert scores.ap50 == 1
    assert shares == pytest.approx([1 / 3, 2 / 3, 1])
