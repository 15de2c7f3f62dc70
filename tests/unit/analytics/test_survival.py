import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_core.analytics.survival import survival
from edge_core.ledger import DWELL_EDGES_S

EDGES = np.array(DWELL_EDGES_S)


def binned(seconds: np.ndarray) -> np.ndarray:
    place = np.searchsorted(EDGES, seconds, side="right") - 1
    return np.bincount(np.maximum(place, 0), minlength=len(EDGES)).astype(np.int64)


def test_without_cut_stays_the_median_is_the_median():
    stays = np.random.default_rng(1).lognormal(3.5, 0.8, 4000) + 1
    curve = survival(binned(stays), binned(np.zeros(0)), EDGES)
    assert curve.quantile(0.5).seconds == pytest.approx(np.median(stays), rel=0.05)
    assert curve.quantile(0.1).seconds == pytest.approx(np.percentile(stays, 90), rel=0.06)


def test_stays_cut_by_the_view_do_not_shorten_the_median():
    """Half of the people are lost at random; leaving that out would halve the stays."""
    rng = np.random.default_rng(2)
    true_s = rng.exponential(60, 8000) + 1
    lost_s = rng.exponential(60, 8000) + 1
    cut = lost_s < true_s
    seen = np.minimum(true_s, lost_s)
    curve = survival(binned(seen[~cut]), binned(seen[cut]), EDGES)
    naive = np.median(seen)
    assert naive < 0.6 * np.median(true_s)
    assert curve.quantile(0.5).seconds == pytest.approx(np.median(true_s), rel=0.08)


def test_the_interval_covers_the_true_median_about_as_often_as_it_says():
    rng = np.random.default_rng(3)
    hits = 0
    for _ in range(300):
        true_s, lost_s = rng.exponential(40, (2, 80)) + 1
        cut = lost_s < true_s
        seen = np.minimum(true_s, lost_s)
        found = survival(binned(seen[~cut]), binned(seen[cut]), EDGES).quantile(0.5)
        truth = 40 * np.log(2) + 1
        hits += (found.low or 0) <= truth <= (found.high or np.inf)
    assert hits / 300 >= 0.91


def test_where_all_are_cut_no_median_is_told():
    curve = survival(binned(np.zeros(0)), binned(np.full(50, 30.0)), EDGES)
    assert curve.quantile(0.5).seconds is None


@given(
    st.lists(st.integers(0, 20), min_size=len(EDGES), max_size=len(EDGES)),
    st.lists(st.integers(0, 20), min_size=len(EDGES), max_size=len(EDGES)),
)
def test_curves_never_rise_and_lie_within_their_band(ended, cut):
    curve = survival(np.array(ended), np.array(cut), EDGES)
    share = curve.share[np.isfinite(curve.share)]
    assert share[0] == 1
    assert (np.diff(share) <= 1e-12).all()
    known = np.isfinite(curve.share)
    assert (curve.low[known] <= curve.share[known] + 1e-9).all()
    assert (curve.high[known] >= curve.share[known] - 1e-9).all()
