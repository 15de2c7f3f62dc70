"""A camera that is turned, covered, greasy or in the dark is noticed; people passing are not."""

import cv2
import numpy as np
import pytest

from edge_core.bench.view_condition import FAULTS
from edge_core.sensing.view import View
from edge_core.sensing.view_condition import LEARN, LOOK_NS, ViewCondition


def scene(seed=1):
    """A made-up room: boxes of all sizes with a texture on them."""
    rng = np.random.default_rng(seed)
    image = np.full((360, 640, 3), 110, np.uint8)
    for _ in range(60):
        x, y, w, h = rng.integers((0, 0, 20, 20), (600, 330, 160, 140))
        cv2.rectangle(image, (x, y), (x + w, y + h), rng.integers(20, 235, 3).tolist(), -1)
    return image


def pictures(count, rng, people=2):
    """The room with noise and somebody walking through it."""
    for _ in range(count):
        image = scene()
        for _ in range(people):
            x = int(rng.integers(0, 600))
            cv2.rectangle(image, (x, 120), (x + 60, 350), rng.integers(0, 255, 3).tolist(), -1)
        noise = rng.normal(0, 3, image.shape)
        yield np.clip(image + noise, 0, 255).astype(np.uint8)


def played(condition, images, from_s=0):
    view = condition.view
    for second, image in enumerate(images, from_s):
        view = condition.see(image, second * LOOK_NS)
    return view


@pytest.fixture
def known():
    """A condition that knows the room, and its source of chance."""
    condition, rng = ViewCondition(), np.random.default_rng(5)
    assert played(condition, pictures(LEARN + 20, rng)) is View.WELL
    return condition, rng


def test_people_and_lamps_are_no_fault(known):
    condition, rng = known
    brighter = (np.clip(it * 1.25, 0, 255).astype(np.uint8) for it in pictures(30, rng, people=5))
    assert played(condition, brighter, 100) is View.WELL


@pytest.mark.parametrize(("fault", "truth", "hurt"), FAULTS, ids=[it[0] for it in FAULTS])
def test_a_fault_is_noticed_by_its_name_and_taken_back_when_it_is_over(known, fault, truth, hurt):
    condition, rng = known
    assert played(condition, map(hurt, pictures(12, rng)), 100) is truth
    assert played(condition, pictures(13, rng), 200) is View.WELL


def test_what_lasts_for_a_moment_is_not_told(known):
    condition, rng = known
    dark = (np.zeros_like(it) for it in pictures(5, rng))
    assert played(condition, dark, 100) is View.WELL


def test_another_resolution_is_learnt_anew(known):
    condition, rng = known
    small = (cv2.resize(it, (320, 180)) for it in pictures(3, rng))
    assert played(condition, small, 100) is View.LEARNING
