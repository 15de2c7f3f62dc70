"""The judges of suggestions judge rightly, and their worlds are what they say."""

from math import log2

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_core.bench.coupon_figures import _Run, run_coupons
from edge_core.bench.coupon_world import FIRST, CouponWorld
from edge_core.bench.ranking import list_diversity, mean_interval, ndcg, ratio_interval
from edge_core.bench.shoppers import DAYS, garment_visits, garments
from edge_core.bench.suggest import SEEDS, _Scores, judge_stores


def test_ndcg_is_as_defined():
    assert ndcg(["a", "b"], {"a", "b"}) == 1.0
    assert ndcg(["x", "a"], {"a"}) == pytest.approx(1 / log2(3))
    assert ndcg(["x"] * 10 + ["a"], {"a"}) == 0.0
    assert ndcg(["a"], set()) == 0.0


@given(st.permutations("abcdefgh"), st.sets(st.sampled_from("abcdefgh"), min_size=1))
def test_ndcg_never_leaves_its_bounds_and_the_ideal_order_is_best(ranked, relevant):
    ideal = sorted(ranked, key=lambda it: it not in relevant)
    assert 0 <= ndcg(ranked, relevant) <= ndcg(ideal, relevant) == pytest.approx(1.0)


def test_intervals_cover_what_they_should():
    rng = np.random.default_rng(5)
    covered = 0
    for seed in range(60):
        values = rng.exponential(size=200)
        found = mean_interval(values.tolist(), seed)
        covered += found.low <= 1.0 <= found.high
    assert covered >= 50
    ours = rng.uniform(1, 2, 400)
    ratio = ratio_interval((1.3 * ours).tolist(), ours.tolist())
    assert ratio.value == pytest.approx(1.3)
    assert ratio.low == pytest.approx(ratio.high)  # paired: what both share cancels


def test_a_list_of_the_same_has_no_difference_in_it():
    assert list_diversity(["a", "b", "c"], lambda *_: 1.0) == 0.0
    assert list_diversity(["a", "b", "c"], lambda *_: 0.25) == 0.75


def test_shoppers_handle_only_what_hangs_there_and_each_once():
    rng = np.random.default_rng(1)
    styles = garments(rng, 40)
    visits, came_in = garment_visits(rng, styles, 4)
    assert {it.day for it in visits} == set(range(DAYS))
    for visit in visits:
        assert len(set(visit.things)) == len(visit.things)
        assert all(came_in[thing] <= visit.day for thing in visit.things)


def test_uplift_is_the_difference_of_what_stores_earn_with_and_without():
    world = CouponWorld.drawn(3, count=4)
    rng = np.random.default_rng(1)
    for _ in range(100):
        guest = world.guest(rng, FIRST)
        for arm in ("", *(coupon.id for coupon in world.coupons)):
            difference = world.money(guest, arm) - world.money(guest, "")
            assert world.uplift(guest, arm) == pytest.approx(difference)


def test_a_run_holds_out_a_tenth_and_logs_what_off_policy_estimates_need():
    early, late = _Run(), _Run()
    run_coupons(4, early, late, days=5)
    assert early.held_out / early.decisions == pytest.approx(0.1, abs=0.04)
    assert late.decisions == 0
    assert len(early.reward) == len(early.propensity) == len(early.target) == early.decisions
    assert min(early.propensity) > 0


def test_stores_suggested_to_somebody_seen_beat_chance(monkeypatch):
    monkeypatch.setattr("edge_core.bench.suggest._MOST_TOLD", 20)
    monkeypatch.setattr("edge_core.bench.suggest._STORE_VISITS", 40)
    scores = _Scores()
    judge_stores(1, scores)
    assert 1 not in SEEDS
    assert np.mean(scores.ndcg["seen"]) > 1.5 * np.mean(scores.ndcg["random"])
