import numpy as np
import pytest

from edge_core.analytics.unique import AuditRates, unique_visitors


def test_without_an_audit_only_the_uncorrected_number_is_told():
    found = unique_visitors(391, None)
    assert (found.clusters, found.estimate, found.low, found.high) == (391, None, None, None)


def test_the_correction_is_exact_where_the_rates_are():
    """1,000 people, 30 without a cluster of their own, 97 clusters too many."""
    found = unique_visitors(1067, AuditRates(97, 1067, 30, 1000))
    assert found.estimate == pytest.approx(1000)
    assert found.low is not None
    assert found.high is not None
    assert found.low < 1000 < found.high


def test_the_interval_holds_the_truth_as_often_as_it_says():
    rng, covered, days = np.random.default_rng(5), 0, 400
    for day in range(days):
        people, f, m = 2000, rng.uniform(0.02, 0.2), rng.uniform(0.0, 0.08)
        own = rng.binomial(people, 1 - m)
        clusters = int(own + rng.negative_binomial(own, 1 - f))
        persons = 250
        owners = int(rng.binomial(persons, 1 - m))
        duplicates = int(rng.negative_binomial(owners, 1 - f))
        rates = AuditRates(duplicates, owners + duplicates, persons - owners, persons)
        found = unique_visitors(clusters, rates, seed=day)
        assert found.low is not None
        assert found.high is not None
        covered += found.low <= people <= found.high
    assert 0.92 <= covered / days <= 0.985


@pytest.mark.parametrize("counts", [(3, 3, 0, 5), (0, 3, 5, 5), (-1, 3, 0, 5), (0, 0, 0, 5)])
def test_rates_that_leave_nobody_are_refused(counts):
    with pytest.raises(ValueError, match="rates"):
        AuditRates(*counts)
