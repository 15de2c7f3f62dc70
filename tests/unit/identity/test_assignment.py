from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from edge_core.identity.assignment import best_matching, responsibilities

small = st.tuples(st.integers(1, 4), st.integers(1, 4)).flatmap(
    lambda shape: arrays(np.float64, shape, elements=st.floats(-6, 6))
)


def matchings(arrivals, departures):
    """Every way to match: the departure of each arrival, None for a newcomer."""
    choices = [*range(departures), *[None] * arrivals]
    return set(permutations(choices, arrivals))


def total(weight, chosen):
    return sum(weight[row, column] for row, column in enumerate(chosen) if column is not None)


@given(small)
def test_the_best_matching_is_the_best_of_all(weight):
    found = sum(weight[row, column] for row, column in best_matching(weight))
    best = max(total(weight, chosen) for chosen in matchings(*weight.shape))
    assert found == pytest.approx(best, abs=1e-9)


@given(small)
def test_a_matching_uses_everybody_once_and_nobody_against_the_odds(weight):
    pairs = best_matching(weight)
    assert len({row for row, _ in pairs}) == len({column for _, column in pairs}) == len(pairs)
    assert all(weight[row, column] > 0 for row, column in pairs)


@given(small)
def test_responsibilities_are_shares_by_arrival_and_by_departure(weight):
    likely = responsibilities(weight)
    assert (likely >= 0).all()
    assert (likely.sum(axis=0) <= 1 + 1e-6).all()
    assert (likely.sum(axis=1) <= 1 + 1e-6).all()


@given(arrays(np.float64, st.tuples(st.just(1), st.integers(1, 4)), elements=st.floats(-6, 6)))
def test_for_one_arrival_responsibilities_are_exact(weight):
    odds = np.exp(weight[0])
    assert responsibilities(weight)[0] == pytest.approx(odds / (1 + odds.sum()), abs=1e-6)


@given(arrays(np.float64, (2, 2), elements=st.floats(-3, 3)))
def test_where_two_compete_for_two_responsibilities_are_close_to_the_sum_over_matchings(weight):
    exact = np.zeros((2, 2))
    mass = 0.0
    for chosen in matchings(2, 2):
        share = np.exp(total(weight, chosen))
        mass += share
        for row, column in enumerate(chosen):
            if column is not None:
                exact[row, column] += share
    # The most there is .1620, where the weights are 2.23, 3; 3, 3.
    assert responsibilities(weight) == pytest.approx(exact / mass, abs=0.1621)


def test_impossible_pairs_and_empty_sides_match_nothing():
    weight = np.array([[-np.inf, 3.0]])
    assert best_matching(weight) == [(0, 1)]
    assert responsibilities(weight)[0, 0] == 0
    assert best_matching(np.zeros((0, 3))) == []
    assert responsibilities(np.zeros((2, 0))).shape == (2, 0)
