import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_core.simulator.body import build_body
from edge_core.simulator.figure import View, draw_figure
from edge_core.simulator.looks import random_look
from edge_core.simulator.pose import BONES, bone_frames, posture

activities = st.sampled_from(["walk", "stand", "browse", "phone", "pay"])


@given(activities, st.floats(0, 1), st.floats(0.4, 1.3))
def test_one_foot_always_rests_on_the_floor(activity, phase, stride):
    origins, turns = bone_frames(posture(activity, phase, stride), 1.75)
    ends = []
    for foot in ("foot_r", "foot_l"):
        index = BONES.index(foot)
        for along in (0.105, -0.045):
            ends.append((origins[index] + turns[index] @ [0, along * 1.75, -0.045 * 1.75])[2])
    assert min(ends) == pytest.approx(0.0, abs=1e-5)


@given(activities, st.floats(0, 1))
def test_bones_are_turned_not_stretched(activity, phase):
    _, turns = bone_frames(posture(activity, phase, 1.0), 1.7)
    np.testing.assert_allclose(
        turns @ np.swapaxes(turns, 1, 2), np.tile(np.eye(3), (len(BONES), 1, 1)), atol=1e-5
    )


@pytest.mark.parametrize("azimuth", [0.0, 1.5, 3.1])
def test_a_drawn_figure_stands_between_its_ends(azimuth):
    look = random_look(np.random.default_rng(4))
    sprite = draw_figure(build_body(look, 4000), "stand", 0.1, 0, View(azimuth, 0.3, 6.0), 150)
    top, bottom = sprite.hull_px[:, 1].min(), sprite.hull_px[:, 1].max()
    tall = sprite.foot_px[1] - sprite.head_px[1]
    assert bottom == pytest.approx(sprite.foot_px[1], abs=0.08 * tall)
    assert top == pytest.approx(sprite.head_px[1], abs=0.08 * tall)
    assert sprite.area_px > 0.1 * tall * tall
