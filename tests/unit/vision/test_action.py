"""Handling goods, from person crops."""

import numpy as np
import pytest

from edge_core.vision import load_action_classifier
from edge_core.vision.action import CONTEXT, surroundings
from edge_core.vision.letterbox import PAD


@pytest.fixture(scope="module")
def model():
    return load_action_classifier(provider="cpu")


def crops(*sizes):
    random = np.random.default_rng(3)
    return [random.integers(0, 255, (*size, 3), dtype=np.uint8) for size in sizes]


def test_every_crop_gets_a_probability(model):
    p = model.predict(crops((90, 40), (256, 128), (30, 30)))
    assert p.shape == (3,)
    assert p.dtype == np.float32
    assert ((p > 0) & (p < 1)).all()


def test_no_crops_give_no_rows(model):
    assert len(model.predict([])) == 0


def test_grey_pictures_are_refused(model):
    with pytest.raises(ValueError, match="crop"):
        model.predict([np.zeros((90, 40), np.uint8)])


def test_surroundings_reach_beyond_the_box_on_every_side():
    frame = crops((100, 100))[0]
    part = surroundings(frame, np.array([40, 30, 60, 70], np.float32))
    margin_x, margin_y = round(20 * CONTEXT), round(40 * CONTEXT)
    expected = frame[30 - margin_y : 70 + margin_y, 40 - margin_x : 60 + margin_x]
    np.testing.assert_array_equal(part, expected)


def test_beyond_the_edge_it_is_grey():
    frame = np.zeros((50, 50, 3), np.uint8)
    part = surroundings(frame, np.array([0, 0, 20, 50], np.float32))
    assert part.shape[0] > 50
    assert (part[0] == PAD).all()
    assert (part[:, 0] == PAD).all()
