"""How often a stranger would be taken for somebody enrolled."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_core.analytics.returning import allowed_fmr, false_return_rate, threshold_for


def test_a_small_false_match_rate_is_not_small_against_ten_thousand():
    assert false_return_rate(1e-5, 10_000) == pytest.approx(0.095, abs=0.0005)
    assert false_return_rate(1e-6, 10_000) == pytest.approx(0.010, abs=0.0001)
    assert false_return_rate(0.5, 0) == 0
    assert false_return_rate(1, 3) == 1


@given(st.floats(1e-9, 0.999), st.integers(1, 10**7))
def test_the_allowed_rate_of_one_comparison_gives_the_wished_rate_of_all(rate, enrolled):
    assert false_return_rate(allowed_fmr(rate, enrolled), enrolled) == pytest.approx(rate)


@given(st.floats(0, 1), st.integers(0, 10**6))
def test_more_people_never_make_mistakes_rarer(fmr, enrolled):
    assert false_return_rate(fmr, enrolled + 1) >= false_return_rate(fmr, enrolled)


@given(
    st.lists(st.floats(-1, 1), min_size=1, max_size=400),
    st.sampled_from([0.01, 0.1, 0.5, 0.9]),
    st.integers(1, 50),
)
def test_a_threshold_keeps_its_promise_with_confidence_or_is_not_given(scores, rate, enrolled):
    found = threshold_for(scores, rate, enrolled)
    if found is None:
        return
    assert found.false_returns <= found.false_returns_most <= rate + 1e-9
    assert found.fmr == np.mean(np.array(scores) > found.similarity)
    assert found.fmr < found.fmr_most


def test_too_few_pairs_promise_nothing():
    scores = np.random.default_rng(0).normal(0, 0.1, 1000)
    assert threshold_for(scores, rate=0.01, enrolled=1000) is None
    # Three over the allowed rate: 3 x 10 / 0.1 = 300 pairs, all below the line.
    assert threshold_for(scores[:250], rate=0.1, enrolled=10) is None
    found = threshold_for(scores[:310], rate=0.1, enrolled=10)
    assert found is not None
    assert found.similarity == scores[:310].max()


def test_the_line_is_no_higher_than_needed():
    scores = np.arange(10_000) / 10_000
    found = threshold_for(scores, rate=0.1, enrolled=10)
    assert found is not None
    assert 0.98 < found.similarity < 0.995
    assert found.fmr_most == pytest.approx(allowed_fmr(0.1, 10), rel=0.02)


def test_nonsense_is_refused():
    with pytest.raises(ValueError, match="rate"):
        false_return_rate(1.1, 5)
    with pytest.raises(ValueError, match="negative"):
        false_return_rate(0.1, -1)
    with pytest.raises(ValueError, match="at least 1"):
        threshold_for([0.1], 0.1, 0)
    with pytest.raises(ValueError, match="finite"):
        threshold_for([], 0.1, 5)
