import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_core.identity.likelihood import LARGEST, YESTERDAY, AppearanceLikelihood, ScoreTally

scores = st.lists(st.floats(-1, 1), min_size=1, max_size=60)


def test_before_the_first_night_looks_claim_little_and_the_right_way():
    ratio = AppearanceLikelihood.uncalibrated()(np.array([0.3, 0.45, 0.56, 0.67, 0.8]))
    assert (np.diff(ratio) > 0).all()
    assert abs(ratio[2]) < 0.1
    assert np.abs(ratio).max() <= LARGEST


def test_an_unknown_look_says_nothing():
    assert AppearanceLikelihood.uncalibrated()(np.array([np.nan]))[0] == 0


@given(scores, scores)
def test_more_alike_never_says_less(same, different):
    tally = ScoreTally()
    for score in same * 200:
        tally.add_track(score)
    for score in different * 200:
        tally.add_beside(score)
    likelihood = tally.calibrated()
    assert likelihood is not None
    assert (np.diff(likelihood(np.linspace(-1, 1, 50))) >= -1e-9).all()


def test_a_night_with_few_pairs_changes_nothing():
    tally = ScoreTally()
    for _ in range(100):
        tally.add_track(0.9)
        tally.add_beside(0.3)
    assert tally.calibrated() is None


def test_a_night_finds_the_true_ratio_of_two_kinds_of_pairs():
    rng = np.random.default_rng(3)
    tally = ScoreTally()
    for score in rng.normal(0.6, 0.1, 3000):
        tally.add_track(score)
    for score in rng.normal(0.3, 0.1, 3000):
        tally.add_beside(score)
    likelihood = tally.calibrated()
    assert likelihood is not None
    asked = np.array([0.35, 0.45, 0.55])
    assert likelihood(asked) == pytest.approx((asked - 0.45) * 0.3 / 0.1**2, abs=0.5)


def test_pairs_across_cameras_outweigh_looks_from_one_side():
    """One camera sees somebody twice from the same side, far more alike than two cameras do."""
    rng = np.random.default_rng(4)
    tally = ScoreTally()
    for score in rng.normal(0.9, 0.03, 5000):
        tally.add_track(score)
    tally.add_pairs(rng.normal(0.55, 0.08, 2000), np.full(2000, 0.9))
    tally.add_pairs(rng.normal(0.25, 0.08, 9000), np.full(9000, 0.01))
    likelihood = tally.calibrated()
    assert likelihood is not None
    assert likelihood(np.array([0.55]))[0] > 2


def test_yesterday_weighs_half():
    tally = ScoreTally()
    tally.add_pairs(np.full(4, 0.5), np.full(4, 0.25))
    tally.fade(YESTERDAY)
    assert (tally.same.sum(), tally.different.sum()) == (0.5, 1.5)
