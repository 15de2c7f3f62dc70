"""Looks at people's hands: whose turn it is, and what leaves the vision process."""

import numpy as np
import pytest

from edge_core.types import Tracks
from edge_core.units import ns_from_s
from edge_core.vision import load_action_classifier
from edge_core.vision.hands import LOOK_NS, PER_FRAME, HandsReader

NOBODY = np.zeros(0, np.int64)


@pytest.fixture(scope="module")
def model():
    return load_action_classifier(provider="cpu")


def people(count):
    left = 30.0 * np.arange(count, dtype=np.float32)
    boxes = np.stack([left, left * 0 + 20, left + 24, left * 0 + 90], axis=1)
    return Tracks(np.arange(count) + 1, boxes, np.ones(count, np.float32), NOBODY)


def frame():
    return np.random.default_rng(4).integers(0, 255, (120, 320, 3), dtype=np.uint8)


def test_everybody_in_view_is_looked_at_in_turn(model):
    reader, seen = HandsReader(model), []
    for step in range(3):
        looks = reader.look(frame(), people(9), np.ones(9, np.float32), step * ns_from_s(0.1))
        assert len(looks.track_id) <= PER_FRAME
        assert ((looks.handling > 0) & (looks.handling < 1)).all()
        seen += looks.track_id.tolist()
    assert sorted(seen) == list(range(1, 10))


def test_the_same_hands_are_looked_at_again_after_a_while(model):
    reader, one = HandsReader(model), np.ones(1, np.float32)
    assert len(reader.look(frame(), people(1), one, 0).track_id) == 1
    assert len(reader.look(frame(), people(1), one, LOOK_NS // 2).track_id) == 0
    assert len(reader.look(frame(), people(1), one, LOOK_NS).track_id) == 1


def test_nothing_is_said_of_somebody_hardly_seen(model):
    looks = HandsReader(model).look(frame(), people(1), np.array([0.2], np.float32), 0)
    assert len(looks.track_id) == 0
