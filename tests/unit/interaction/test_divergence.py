import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_core.interaction.divergence import RestDivergence, js_divergence, normal_bins


def distributions(bins):
    return st.lists(st.floats(0, 1), min_size=bins, max_size=bins).filter(lambda p: sum(p) > 0.01)


@given(distributions(8), distributions(8))
def test_divergence_is_symmetric_between_0_and_1_bit(p, q):
    p, q = np.array(p) / sum(p), np.array(q) / sum(q)
    value = float(js_divergence(p, q))
    assert -1e-9 <= value <= 1 + 1e-9
    assert value == pytest.approx(float(js_divergence(q, p)))
    assert float(js_divergence(p, p)) == pytest.approx(0, abs=1e-12)


def test_disjoint_samples_differ_by_one_bit():
    assert float(js_divergence(np.array([1.0, 0.0]), np.array([0.0, 1.0]))) == pytest.approx(1)


def test_mean_under_the_null_matches_simulation_and_the_known_figure():
    """16 even bins and 14 reads each: 0.45 bits although nothing changed."""
    rest = RestDivergence(np.full(16, 1 / 16))
    rng = np.random.default_rng(0)
    samples = rng.multinomial(14, np.full(16, 1 / 16), size=(4000, 2)) / 14
    simulated = js_divergence(samples[:, 0], samples[:, 1]).mean()
    assert rest.mean(14, 14) == pytest.approx(simulated, abs=0.005)
    assert rest.mean(14, 14) == pytest.approx(0.45, abs=0.01)


@pytest.mark.parametrize("sizes", [(4, 4), (6, 20), (32, 32)])
def test_a_tag_at_rest_stands_at_zero_at_every_read_rate(sizes):
    shares = normal_bins(1.8, 1.0, 32)
    rest = RestDivergence(shares)
    rng = np.random.default_rng(1)
    first = rng.multinomial(sizes[0], shares, size=3000)
    second = rng.multinomial(sizes[1], shares, size=3000)
    raw, above = rest.excess(first, second)
    assert abs(above.mean()) < 0.01
    assert raw.mean() > 0.03


def test_an_empty_sample_tells_nothing():
    rest = RestDivergence(np.full(4, 0.25))
    raw, above = rest.excess(np.array([[0, 0, 0, 0], [1, 2, 0, 0]]), np.array([[3, 0, 0, 0]] * 2))
    assert np.isnan(raw[0])
    assert np.isnan(above[0])
    assert np.isfinite(above[1])


def test_more_reads_than_windows_ever_hold_are_refused():
    with pytest.raises(ValueError, match=r"reads, not 65 and 3"):
        RestDivergence(np.full(4, 0.25)).mean(65, 3)


def test_normal_bins_sum_to_one():
    assert normal_bins(1.8, 1.0, 32).sum() == pytest.approx(1)
