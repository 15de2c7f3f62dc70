import numpy as np
import pytest

from edge_core.interaction.item_evidence import RestLevels, against_rest, handled, silent

REST = np.array([-6.0, -5.0, np.log(4.0)])


def levels_after(windows, shown=REST):
    levels = RestLevels()
    for _ in range(windows):
        levels.learn(np.array(shown), None, 1.0)
    return levels


def ratio(levels, shown, excess):
    apart = against_rest(np.array([shown]), np.array([levels.row()]), np.array([excess]))
    return float(handled(apart)[0])


def test_a_garment_is_judged_against_its_own_rest():
    """What is quiet by a busy aisle would be motion in a corner."""
    aisle = levels_after(400, (-2.5, -1.0, np.log(4.0)))
    corner = levels_after(400)
    shown = np.array([-2.0, 0.0, np.log(4.0)])
    assert ratio(corner, shown, 3.0) > ratio(aisle, shown, 3.0) + 3


def test_motion_distance_and_lost_reads_all_speak_for_a_hand():
    levels = levels_after(400)
    rest = ratio(levels, REST, 0.1)
    for changed in ((1.0, -5, np.log(4)), (-6, 6.0, np.log(4)), (-6, -5, np.log(2.4))):
        assert ratio(levels, np.array(changed), 0.1) > rest
    assert rest < -5
    assert ratio(levels, np.array([1.5, 8.0, np.log(2.6)]), 6.0) > 5


def test_levels_follow_only_what_rests():
    levels = levels_after(400)
    for _ in range(50):
        levels.learn(np.array([3.0, 8.0, np.log(2.0)]), None, 0.1)
    assert levels.row()[:3] == pytest.approx(tuple(REST), abs=0.1)


def test_silence_tells_of_a_garment_that_is_read_often_and_nothing_of_others():
    assert silent(RestLevels(log_rate=float(np.log(4.0))), 2.0) > 2
    assert silent(RestLevels(log_rate=float(np.log(0.5))), 2.0) == 0
    assert silent(RestLevels(), 2.0) == 0
