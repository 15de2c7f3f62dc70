import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge_core.training.detector.layout import Hardness, kept_people, lay_out, mirrored, placed
from edge_core.training.detector.pictures import NO_BOXES, Picture


def marked_picture(box, size_px=(240, 160)):
    """A black picture with one white box where the label says."""
    bgr = np.zeros((size_px[1], size_px[0], 3), np.uint8)
    x1, y1, x2, y2 = box
    bgr[y1:y2, x1:x2] = 255
    return Picture(bgr, np.array([box], np.float32), NO_BOXES)


@given(seed=st.integers(0, 2**32 - 1), nine=st.sampled_from([0.0, 0.3, 1.0]))
@settings(max_examples=60, deadline=None)
def test_boxes_lie_inside_the_input_and_have_area(seed, nine):
    picture = marked_picture((100, 40, 140, 140))
    hardness = Hardness(nine=nine)
    made = lay_out([picture], lambda _: 0, 128, hardness, np.random.default_rng(seed))
    for boxes in (made.people, made.ignored):
        assert boxes.dtype == np.float32
        assert (boxes >= 0).all()
        assert (boxes <= 128).all()
        assert (boxes[:, 2:] > boxes[:, :2]).all()


def test_the_same_seed_lays_out_the_same():
    picture = marked_picture((100, 40, 140, 140))
    one, two = (
        lay_out([picture], lambda _: 0, 128, Hardness(), np.random.default_rng(7)) for _ in range(2)
    )
    assert (one.xywh_px == two.xywh_px).all()
    assert (one.people == two.people).all()


def test_a_mirrored_picture_takes_its_people_along():
    picture = marked_picture((0, 0, 24, 160))
    for seed in range(20):
        place = placed(picture, (240, 160), 1.0, (1.0, 1.0), 1.0, np.random.default_rng(seed))
        left = place.xywh_px[0] + (216 if place.mirrored else 0)
        assert place.people[0] == pytest.approx([left, 0, left + 24, 160], abs=1)


def test_mirroring_twice_changes_nothing():
    boxes = np.array([[3, 4, 10, 20]], np.float32)
    assert mirrored(mirrored(boxes, 50), 50) == pytest.approx(boxes)


def test_a_person_mostly_cut_away_is_ignored_not_taught():
    boxes = np.array([[-80, 0, 20, 100], [10, 10, 50, 90]], np.float32)
    people, rest = kept_people(boxes, (100, 100))
    assert people.tolist() == [[10, 10, 50, 90]]
    assert rest.tolist() == [[0, 0, 20, 100]]
