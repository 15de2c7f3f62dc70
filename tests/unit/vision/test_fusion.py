"""Many looks at one person: what is told, and when nothing is."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from edge_core.vision.fusion import (
    AGES_KEPT,
    RHO,
    AgeFusion,
    AttributeFusion,
    Coverage,
    FusedAttributes,
    TrackFusion,
    weighted_median,
)

share = st.floats(0.02, 0.98)
weight = st.floats(0.01, 1)
looks = st.lists(st.tuples(share, weight), min_size=1, max_size=20)


def fused(some, prior=0.5):
    fusion = AttributeFusion(np.array([prior], np.float32))
    for p, w in some:
        fusion.add(np.array([p], np.float32), w)
    return fusion.result()


def logit(p):
    return np.log(p / (1 - p))


@given(st.lists(share, min_size=1, max_size=30), share)
def test_looks_of_full_weight_follow_the_formula(ps, prior):
    n = len(ps)
    prior = float(np.float32(prior))
    expected = logit(prior) + sum(logit(p) - logit(prior) for p in ps) / (1 + (n - 1) * RHO)
    result = fused([(p, 1.0) for p in ps], prior)
    assert logit(float(result.probability[0])) == pytest.approx(expected, abs=1e-3)
    assert result.n_eff[0] == pytest.approx(n)


@given(looks, st.randoms(use_true_random=False))
def test_the_order_of_looks_does_not_matter(some, random):
    other = list(some)
    random.shuffle(other)
    assert fused(other).probability == pytest.approx(fused(some).probability, abs=1e-5)


@given(looks, st.lists(share, max_size=10))
def test_worthless_looks_change_nothing(some, worthless):
    more = fused([*some, *((p, 0.0) for p in worthless)])
    assert more.probability == pytest.approx(fused(some).probability, abs=1e-6)
    assert more.n_eff == pytest.approx(fused(some).n_eff, rel=1e-5)


@given(looks)
def test_who_has_and_who_has_not_are_treated_alike(some):
    mirrored = fused([(1 - p, w) for p, w in some])
    assert mirrored.probability == pytest.approx(1 - fused(some).probability, abs=1e-4)


@given(looks)
def test_effective_looks_lie_between_one_and_their_number(some):
    n_eff = float(fused(some).n_eff[0])
    assert 1 - 1e-5 <= n_eff <= len(some) + 1e-4


@given(share, st.integers(1, 200))
def test_many_equal_looks_never_make_certain(p, n):
    """However long somebody stands there, the logit grows by less than half."""
    one, many = (logit(float(fused([(p, 1.0)] * k).probability[0])) for k in (1, n))
    assert abs(many) <= abs(one) / RHO + 1e-3
    assert abs(many) >= abs(one) - 1e-3


@given(looks, st.integers(0, 19), st.floats(0, 0.5))
def test_a_likelier_look_never_makes_the_whole_less_likely(some, index, more):
    assume(index < len(some))
    p, w = some[index]
    raised = [*some[:index], (min(p + more, 0.98), w), *some[index + 1 :]]
    assert fused(raised).probability[0] >= fused(some).probability[0] - 1e-6


def test_two_looks_are_too_few_and_three_are_enough():
    sure = [(0.97, 1.0)]
    assert not fused(sure * 2).told[0]
    assert fused(sure * 3).told[0]


def test_a_good_look_among_bad_ones_counts_as_one():
    some = [(0.97, 1.0), *[(0.97, 0.02)] * 5]
    assert fused(some).n_eff[0] < 1.3
    assert not fused(some).told[0]


def test_unsure_people_abstain_however_often_they_are_seen():
    assert not fused([(0.7, 1.0)] * 50).told[0]
    assert fused([(0.2, 1.0)] * 50).told[0]


def test_nobody_looked_at_is_the_prior_and_abstains():
    result = AttributeFusion(np.array([0.9, 0.5], np.float32)).result()
    assert result.probability == pytest.approx([0.9, 0.5])
    assert not result.told.any()


def test_a_look_may_show_one_attribute_and_not_another():
    fusion = AttributeFusion(np.full(2, 0.5, np.float32))
    for _ in range(4):
        fusion.add(np.array([0.95, 0.95], np.float32), np.array([1.0, 0.0], np.float32))
    assert fusion.result().told.tolist() == [True, False]
    assert fusion.result().probability[1] == pytest.approx(0.5)


@pytest.mark.parametrize("bad", [(1.2, 1.0), (np.nan, 1.0), (0.5, -0.1), (0.5, np.nan)])
def test_what_is_no_probability_or_weight_is_refused(bad):
    with pytest.raises(ValueError, match=r"must lie in 0\.\.1"):
        fused([bad])


def test_a_certain_prior_is_refused():
    with pytest.raises(ValueError, match="prior"):
        AttributeFusion(np.array([1.0], np.float32))


@given(st.lists(st.tuples(st.floats(0, 100), weight), min_size=1, max_size=30))
def test_at_most_half_of_the_weight_lies_on_either_side_of_the_median(some):
    values, weights = (np.array(side) for side in zip(*some, strict=True))
    median = weighted_median(values.tolist(), weights.tolist())
    assert weights[values < median - 1e-9].sum() <= weights.sum() / 2 + 1e-6
    assert weights[values > median + 1e-9].sum() <= weights.sum() / 2 + 1e-6


def test_equal_weights_give_the_plain_median():
    assert weighted_median([30, 10, 20], [1, 1, 1]) == 20
    assert weighted_median([30, 10, 20, 40], [1, 1, 1, 1]) == 25
    with pytest.raises(ValueError, match="no weight"):
        weighted_median([30], [0])


def test_an_age_is_told_from_three_looks_on_and_one_blurred_face_does_not_move_it():
    fusion = AgeFusion()
    for _ in range(2):
        fusion.add(34, 1.0)
    assert fusion.result() is None
    fusion.add(36, 1.0)
    fusion.add(80, 0.1)
    assert fusion.result() == pytest.approx(34, abs=2)
    with pytest.raises(ValueError, match="weight"):
        fusion.add(34, 1.5)


def test_only_the_best_looks_at_a_face_are_kept():
    fusion = AgeFusion()
    for _ in range(AGES_KEPT):
        fusion.add(30, 0.9)
    for _ in range(3 * AGES_KEPT):
        fusion.add(70, 0.1)
    assert fusion.n_eff == pytest.approx(AGES_KEPT)
    assert fusion.result() == 30


def test_tracks_are_kept_apart_and_forgotten_at_their_end():
    tracks = TrackFusion(np.full(1, 0.5, np.float32))
    for _ in range(4):
        tracks.add(np.array([7, 9]), np.array([[0.95], [0.05]], np.float32), np.ones(2, np.float32))
    assert len(tracks) == 2
    assert tracks.read(7).probability[0] > 0.9
    assert tracks.end(7).told[0]
    assert tracks.end(9).probability[0] < 0.1
    assert len(tracks) == 0
    assert tracks.end(7).probability[0] == 0.5


def test_coverage_counts_those_who_abstained_too():
    coverage = Coverage(2)
    assert np.isnan(coverage.share).all()
    for p, n in ((0.9, 4), (0.1, 4), (0.6, 4), (0.9, 1)):
        coverage.count(FusedAttributes(np.array([p, 0.5], np.float32), np.full(2, n, np.float32)))
    assert coverage.share.tolist() == [0.5, 0]
    assert coverage.positive.tolist() == [1, 0]
