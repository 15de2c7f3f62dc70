import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_core.analytics.demographics import (
    AGE,
    GENDER,
    DemographicsMeter,
    corrected_shares,
    shares,
)
from edge_core.types import Traits
from edge_core.units import NS_PER_S

HOUR_NS = 3600 * NS_PER_S


@given(st.floats(0, 1), st.floats(0.6, 0.99), st.floats(0.6, 0.99))
def test_correcting_undoes_a_known_confusion(women, right_w, right_m):
    confusion = np.array([[right_w, 1 - right_w], [1 - right_m, right_m]])
    truth = np.array([women, 1 - women])
    found = corrected_shares(confusion.T @ truth, confusion)
    assert found == pytest.approx(truth, abs=1e-4)


@given(st.lists(st.floats(0, 1), min_size=4, max_size=4).filter(lambda it: sum(it) > 0.1))
def test_shares_lie_on_the_simplex_whatever_was_measured(measured):
    told = np.array(measured) / sum(measured)
    rng = np.random.default_rng(0)
    confusion = rng.dirichlet(np.ones(4) * 2, 4) * 0.3 + 0.7 * np.eye(4)
    found = corrected_shares(told, confusion)
    assert (found >= 0).all()
    assert found.sum() == pytest.approx(1)


def test_the_interval_covers_the_truth_and_the_uncorrected_share_does_not():
    """60 % women; men are taken for women one time in five."""
    rng = np.random.default_rng(4)
    confusion = np.array([[0.95, 0.05], [0.2, 0.8]])
    hits, naive_hits = 0, 0
    for _ in range(120):
        truth = rng.multinomial(600, [0.6, 0.4])
        told = sum(rng.multinomial(n, row) for n, row in zip(truth, confusion, strict=True))
        audit = np.array([rng.multinomial(200, row) for row in confusion])
        found = shares(np.array(told), 50, audit, rng, bootstraps=200)
        naive = shares(np.array(told), 50, None, rng, bootstraps=200)
        hits += found.low[0] <= 0.6 <= found.high[0]
        naive_hits += naive.low[0] <= 0.6 <= naive.high[0]
    assert hits / 120 >= 0.9
    assert naive_hits / 120 <= 0.5


def test_abstentions_lower_the_coverage_and_nothing_else():
    rng = np.random.default_rng(0)
    found = shares(np.array([30, 10]), 40, None, rng)
    assert found.share.tolist() == [0.75, 0.25]
    assert (found.coverage, found.people) == (0.5, 80)


@pytest.fixture
def meter() -> DemographicsMeter:
    return DemographicsMeter((GENDER, AGE))


def test_counts_leave_only_when_their_hour_is_over(meter):
    for visitor in range(7):
        meter.see(visitor, ("coats",), 0)
        meter.learn(visitor, Traits(visitor, {"female": 0.9 if visitor < 4 else 0.1}, 30.0))
    assert meter.take(0, 60 * NS_PER_S, 5) == []
    told = meter.take(60, HOUR_NS, HOUR_NS)
    assert {(it.place_id, it.attribute, it.label): it.people for it in told} == {
        (place, attribute, label): people
        for place in ("", "coats")
        for attribute, label, people in (
            (GENDER, "female", 4),
            (GENDER, "male", 3),
            (AGE, "18-34", 7),
        )
    }
    assert all(it.utc_ns == 5 for it in told)


def test_two_tracks_of_one_visitor_count_once_and_the_unknown_as_untold(meter):
    meter.see(1, (), 0)
    meter.see(2, (), 0)
    meter.learn(2, Traits(9, {"female": 0.95}, None))
    meter.join(1, 2)
    meter.see(3, (), 0)
    meter.take(0, 0, 0)
    told = meter.take(60, HOUR_NS, HOUR_NS)
    assert {(it.attribute, it.label): it.people for it in told} == {
        (GENDER, "female"): 1,
        (GENDER, ""): 1,
        (AGE, ""): 2,
    }
