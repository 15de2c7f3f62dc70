"""Intervals over people: what one person did hangs together."""

import numpy as np
import pytest

from edge_core.bench.intervals import difference_with_interval, with_interval


def _people(rng: np.random.Generator, mean: float, count: int = 150) -> tuple:
    """Ten values a person, alike within a person."""
    person = np.repeat(np.arange(count), 10)
    return person, np.repeat(rng.normal(mean, 1, count), 10) + rng.normal(0, 0.1, 10 * count)


def test_ten_values_of_one_person_weigh_little_more_than_one():
    person, value = _people(np.random.default_rng(1), 0.0)
    mean, low, high = (figure.value for figure in with_interval("it", person, value))
    assert low < mean < high
    assert high - low == pytest.approx(2 * 1.96 / np.sqrt(150), rel=0.25)


def test_a_difference_is_as_uncertain_as_both_together():
    rng = np.random.default_rng(2)
    some, others = _people(rng, 1.0), _people(rng, 0.0)
    mean, low, high = (it.value for it in difference_with_interval("it", some, others))
    assert low < 1.0 < high
    assert mean == pytest.approx(some[1].mean() - others[1].mean())
    assert high - low == pytest.approx(2 * 1.96 * np.sqrt(2 / 150), rel=0.25)
