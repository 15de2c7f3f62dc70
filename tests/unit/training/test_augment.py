import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge_core.training.detector.augment import (
    Hardness,
    blurred,
    coarsened,
    colour_changed,
    compressed,
    darkened,
    flattened,
    kept_people,
    make_input,
    mirrored,
    placed,
)  # fmt: skip
from edge_core.training.detector.pictures import NO_BOXES, Picture


def marked_picture(box, size_px=(240, 160)):
    """A black picture with one white box where the label says."""
    bgr = np.zeros((size_px[1], size_px[0], 3), np.uint8)
    x1, y1, x2, y2 = box
    bgr[y1:y2, x1:x2] = 255
    return Picture(bgr, np.array([box], np.float32), NO_BOXES)


def white_box(bgr):
    """Bounding box of the white pixels."""
    rows, columns = np.nonzero((bgr > 180).all(axis=2))
    return np.array([columns.min(), rows.min(), columns.max() + 1, rows.max() + 1])


@given(
    seed=st.integers(0, 2**32 - 1),
    x=st.integers(0, 150), y=st.integers(0, 60),
    width=st.integers(40, 90), height=st.integers(60, 100),
)  # fmt: skip
@settings(max_examples=80, deadline=None)
def test_boxes_stay_on_what_they_were_drawn_around(seed, x, y, width, height):
    picture = marked_picture((x, y, x + width, y + height))
    rng = np.random.default_rng(seed)
    made = placed(picture, (192, 192), 1.0, (0.5, 1.5), Hardness(), rng)
    for box in made.xyxy_px:
        assert np.abs(box - white_box(made.bgr)).max() <= 2
    if not len(made.xyxy_px) and not len(made.ignored_px):
        assert not (made.bgr > 180).all(axis=2).any()


@given(seed=st.integers(0, 2**32 - 1))
@settings(max_examples=40, deadline=None)
def test_an_input_has_the_size_asked_for_and_its_boxes_lie_inside(seed):
    picture = marked_picture((100, 40, 140, 140))
    made = make_input(lambda _: picture, 128, Hardness(nine=0.3), np.random.default_rng(seed))
    assert made.bgr.shape == (128, 128, 3)
    assert made.bgr.dtype == np.uint8
    for boxes in (made.xyxy_px, made.ignored_px):
        assert boxes.dtype == np.float32
        assert (boxes >= 0).all()
        assert (boxes <= 128).all()
        assert (boxes[:, 2:] > boxes[:, :2]).all()


def test_the_same_seed_makes_the_same_input():
    picture = marked_picture((100, 40, 140, 140))
    one, two = (
        make_input(lambda _: picture, 128, Hardness(), np.random.default_rng(7)) for _ in range(2)
    )
    assert (one.bgr == two.bgr).all()
    assert (one.xyxy_px == two.xyxy_px).all()


def test_mirroring_twice_changes_nothing():
    boxes = np.array([[3, 4, 10, 20]], np.float32)
    assert mirrored(mirrored(boxes, 50), 50) == pytest.approx(boxes)


def test_a_person_mostly_cut_away_is_ignored_not_taught():
    boxes = np.array([[-80, 0, 20, 100], [10, 10, 50, 90]], np.float32)
    people, rest = kept_people(boxes, (100, 100))
    assert people.tolist() == [[10, 10, 50, 90]]
    assert rest.tolist() == [[0, 0, 20, 100]]


@pytest.mark.parametrize(
    "change", [blurred, coarsened, compressed, darkened, flattened, colour_changed]
)
def test_bad_cameras_change_pixels_not_sizes(change):
    image = np.random.default_rng(0).integers(0, 255, (64, 96, 3), dtype=np.uint8)
    out = change(image, np.random.default_rng(1))
    assert out.shape == image.shape
    assert out.dtype == np.uint8
    assert (out != image).any()
