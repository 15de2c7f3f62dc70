import numpy as np
import pytest

from edge_core.analytics.funnel import rate, shrunk_rates


def test_a_rate_has_wilsons_interval():
    found = rate(8, 10)
    assert found.share == pytest.approx(0.8)
    assert (found.low, found.high) == (
        pytest.approx(0.4902, abs=1e-3),
        pytest.approx(0.9433, abs=1e-3),
    )


def test_a_part_seen_without_its_whole_has_no_interval():
    found = rate(5, 3)
    assert found.share > 1
    assert found.low is None
    assert rate(0, 0) is None


def test_two_of_three_is_not_told_as_two_thirds_beside_many_at_a_tenth():
    part = np.array([2, *np.full(50, 10)])
    whole = np.array([3, *np.full(50, 100)])
    small, large = shrunk_rates(part, whole)[:2]
    assert small.share < 0.15
    assert large.share == pytest.approx(0.1, abs=0.01)
    assert small.high - small.low > large.high - large.low


def test_products_that_truly_differ_keep_their_difference():
    rng = np.random.default_rng(6)
    truth = rng.beta(2, 6, 200)
    whole = rng.integers(20, 200, 200)
    part = rng.binomial(whole, truth)
    found = shrunk_rates(part, whole)
    error = np.array([it.share for it in found]) - truth
    raw = part / whole - truth
    assert (error**2).mean() < (raw**2).mean()
    covered = [it.low <= t <= it.high for it, t in zip(found, truth, strict=True)]
    assert np.mean(covered) >= 0.9


def test_nothing_tried_is_no_rate():
    assert shrunk_rates(np.array([0, 0]), np.array([0, 5]))[0] is None
