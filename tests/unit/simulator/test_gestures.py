import numpy as np
import pytest

from edge_core.simulator.body import build_body
from edge_core.simulator.gestures import Hands
from edge_core.simulator.looks import random_look
from edge_core.simulator.pose import BONES, unit_frames

HELD = BONES.index("held")


def hand(hands):
    """Where the leading hand is, body one metre tall: right, ahead, up."""
    return unit_frames("stand", 0.0, 0.0, hands)[0][HELD]


def test_reaching_takes_the_hand_farther_out_than_any_other_gesture():
    ahead = {deed: hand(Hands(deed))[1] for deed in ("reach", "look", "hold", "cross", "hair")}
    assert max(ahead, key=ahead.get) == "reach"
    assert ahead["reach"] > hand(None)[1] + 0.15


def test_a_high_reach_is_higher_and_a_reach_aside_goes_to_its_side():
    low, high = (hand(Hands("reach", level=level))[2] for level in (0, 2))
    assert high > low + 0.08
    left, right = (hand(Hands("reach", aside=aside))[0] for aside in (-1, 1))
    assert left < right


@pytest.mark.parametrize("side", [1, -1])
def test_the_leading_hand_holds(side):
    assert np.sign(hand(Hands("hold", side))[0]) == side


def test_a_garment_in_hand_is_part_of_the_body():
    look = random_look(np.random.default_rng(0))
    bare, holding = build_body(look, 2000), build_body(look, 2000, garment=5)
    start, end = holding.spans[HELD]
    assert end > start
    assert len(bare) == len(holding) - (end - start)


def test_only_reaching_and_looking_are_handling():
    assert [Hands(deed).handling for deed in ("reach", "look", "hold", "cross", "hair")] == [
        True, True, False, False, False
    ]  # fmt: skip
