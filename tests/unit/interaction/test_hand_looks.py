"""Looks at hands during an action against the same person's other looks."""

import numpy as np
import pytest

from edge_core.interaction.hand_looks import RISE, hands_ratio
from edge_core.interaction.paths import Path
from edge_core.units import ns_from_s

TOUCH = (ns_from_s(20.0), ns_from_s(23.0))


def seen(log_odds, every_s=0.5):
    """Somebody whose hands are looked at for 40 s."""
    time_s = np.arange(0.0, 40.0, every_s)
    time_ns = np.array([ns_from_s(float(at_s)) for at_s in time_s], np.int64)
    odds = np.exp([log_odds(at_s) for at_s in time_s])
    return Path(1, time_ns, np.zeros((len(time_s), 2)), 0.2, time_ns, odds / (1 + odds))


def touching(at_s):
    return 20.0 <= at_s <= 23.0


def test_looks_that_rise_during_a_touch_speak_for_it_and_a_fall_against_it():
    rises = hands_ratio(seen(lambda at_s: 2 * RISE * touching(at_s)), [TOUCH])
    falls = hands_ratio(seen(lambda at_s: -2 * RISE * touching(at_s)), [TOUCH])
    assert rises > 0 > falls


@pytest.mark.parametrize("level", [-1.5, 1.5])
def test_how_somebody_looks_all_along_hardly_matters_only_whether_that_rises(level):
    usual = hands_ratio(seen(lambda _: 0.0), [TOUCH])
    always = hands_ratio(seen(lambda _: level), [TOUCH])
    rises = hands_ratio(seen(lambda at_s: level + 1.5 * touching(at_s)), [TOUCH])
    assert abs(always - usual) < (rises - always) / 10
    assert rises > 0 > always


def test_nobody_looked_during_the_touch():
    path = seen(lambda _: 1.0)
    away = ~((path.look_ns >= TOUCH[0]) & (path.look_ns <= TOUCH[1]))
    kept = Path(1, path.time_ns, path.floor_m, 0.2, path.look_ns[away], path.handling[away])
    assert hands_ratio(kept, [TOUCH]) == 0.0


def test_looks_at_times_that_may_be_either_count_for_neither():
    after = (TOUCH[1], ns_from_s(30.0))
    low = hands_ratio(seen(lambda at_s: 1.0 * touching(at_s)), [TOUCH], [after])
    high = hands_ratio(seen(lambda at_s: 1.0 * (20 <= at_s < 30)), [TOUCH], [after])
    assert low == pytest.approx(high)
