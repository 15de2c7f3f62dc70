from itertools import permutations
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_core.identity.handover import SOON_NS, WINDOW_NS, Handover
from edge_core.identity.likelihood import AppearanceLikelihood
from edge_core.identity.site_model import SiteModel
from edge_core.units import ns_from_s

HORIZON_S = 600.0


def handover_of(graph, alike):
    """`alike` tells the similarity of two by their numbers."""

    def likeness(some, others):
        return np.array([[alike(one, other) for other in others] for one in some], np.float64)

    return Handover(SiteModel(graph, HORIZON_S), AppearanceLikelihood.uncalibrated(), likeness)


def same_tens(one, other):
    """11 and 12 are one person, 21 another."""
    return 0.9 if one // 10 == other // 10 else 0.2


def play(handover, people, until_s=200):
    """People as (number, camera, start, end); returns the origin of everybody decided about."""
    decided = {}
    for second in range(until_s):
        for who, camera, start_s, end_s in people:
            if start_s == second:
                handover.arrive(who, camera, ns_from_s(start_s))
            if end_s == second:
                handover.leave(who, camera, ns_from_s(start_s), ns_from_s(end_s))
        for decision in handover.advance(ns_from_s(second)):
            decided[decision.who] = (decision.origin, second)
    return decided


def test_somebody_seen_by_the_next_camera_is_who_left_the_one_before(graph):
    decided = play(handover_of(graph, same_tens), [(11, 0, 5, 15), (12, 1, 40, 50)])
    assert decided[11][0] is None
    assert decided[12][0] == 11


def test_nobody_who_is_still_in_sight_is_taken_for_somebody_elsewhere(graph):
    decided = play(handover_of(graph, same_tens), [(11, 0, 5, 60), (12, 1, 40, 50)])
    assert decided[12][0] is None


def test_a_decision_waits_for_whoever_fits_better(graph):
    """Two come out of one corridor; the second looks more like the one who went in."""

    def alike(one, other):
        return {(12, 11): 0.66, (13, 11): 0.8}.get((int(one), int(other)), 0.2)

    people = [(11, 0, 5, 15), (12, 1, 38, 41), (13, 1, 50, 53)]
    decided = play(handover_of(graph, alike), people)
    assert (decided[12][0], decided[13][0]) == (None, 11)


def test_what_is_beyond_doubt_is_decided_soon_and_all_else_within_the_window(graph):
    decided = play(handover_of(graph, same_tens), [(11, 0, 5, 15), (12, 1, 40, 50)])
    for who, start_s in ((11, 5), (12, 40)):
        waited = ns_from_s(decided[who][1] - start_s)
        assert SOON_NS <= waited <= WINDOW_NS + ns_from_s(4)


def test_nobody_waits_after_the_end(graph):
    handover = handover_of(graph, same_tens)
    handover.arrive(11, 0, ns_from_s(5))
    assert [decision.who for decision in handover.finish(ns_from_s(6))] == [11]
    assert handover.finish(ns_from_s(7)) == []


def test_somebody_away_beyond_the_horizon_has_left(graph):
    handover = handover_of(graph, same_tens)
    handover.leave(11, 0, 0, ns_from_s(5))
    handover.advance(ns_from_s(HORIZON_S + 10))
    handover.arrive(12, 1, ns_from_s(HORIZON_S + 10))
    (decision,) = handover.finish(ns_from_s(HORIZON_S + 20))
    assert decision.origin is None
    assert handover.model.learnt().moves[0, -1] > 0.5, "and that is learnt"


def test_a_merge_made_elsewhere_is_no_arrival_any_more(graph):
    handover = handover_of(graph, same_tens)
    handover.arrive(11, 0, 0)
    handover.arrive(12, 1, ns_from_s(1))
    handover.join(11, 12)
    assert [decision.who for decision in handover.finish(ns_from_s(60))] == [11]


def test_the_same_people_again_teach_the_same_and_what_was_learnt_before_teaches_nothing(graph):
    people = [(11, 0, 5, 15), (12, 1, 40, 50), (21, 0, 30, 41), (22, 2, 90, 99)]
    first, second = handover_of(graph, same_tens), handover_of(graph, same_tens)
    decided = play(first, people)
    assert play(second, people) == decided
    assert second.model.rows() == pytest.approx(first.model.rows(), abs=0)
    third = handover_of(graph, same_tens)
    third.model.restore(first.model.learnt())
    third.teach_after(first.learnt_until_ns)
    play(third, people)
    assert third.model.learnt().moves[:, :3] == pytest.approx(first.model.learnt().moves[:, :3])
    assert third.model.learnt().transits == pytest.approx(first.model.learnt().transits)


@given(seed=st.integers(0, 300))
def test_the_decisions_are_the_likeliest_of_all_ways_to_match(graph, seed):
    rng = Random(seed)
    likeness = {(a, d): rng.uniform(0.2, 0.9) for a in range(4, 7) for d in range(1, 4)}
    handover = handover_of(graph, lambda one, other: likeness.get((int(one), int(other)), 0.2))
    for who in range(1, 4):
        handover.leave(who, rng.randrange(3), 0, ns_from_s(rng.randrange(1, 20)))
    for who in range(4, 7):
        handover.arrive(who, rng.randrange(3), ns_from_s(rng.randrange(25, 60)))
    now_ns = ns_from_s(70)
    arrivals, departures, weight, _ = handover.log_weights(now_ns)
    found = {decision.who: decision.origin for decision in handover.finish(now_ns)}
    value = sum(
        weight[arrivals.index(who), departures.index(origin)]
        for who, origin in found.items()
        if origin is not None
    )
    choices = [*range(3), None, None, None]
    best = max(
        sum(weight[row, column] for row, column in enumerate(chosen) if column is not None)
        for chosen in permutations(choices, 3)
    )
    assert value == pytest.approx(best, abs=1e-9)


def test_what_similarities_mean_is_learnt_as_soon_as_there_are_pairs_enough(graph):
    """Here everybody is less alike themselves than the cautious start expects of strangers."""
    count, rng = 260, np.random.default_rng(6)
    likeness = {}

    def alike(one, other):
        mean = 0.4 if one // 10 == other // 10 else 0.1
        return likeness.setdefault((int(one), int(other)), float(rng.normal(mean, 0.05)))

    handover = handover_of(graph, alike)
    before = handover.looks(np.array([0.4]))[0]
    people = [(10 * n + 1, 0, 30 * n + 5, 30 * n + 15) for n in range(1, count)]
    people += [(10 * n + 2, 1, 30 * n + 40, 30 * n + 50) for n in range(1, count)]
    play(handover, people, 30 * count + 100)
    assert before < 0 < handover.looks(np.array([0.4]))[0]
    assert handover.looks(np.array([0.1]))[0] < -2
