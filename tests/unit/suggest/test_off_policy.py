"""Estimates of a policy against a world whose truth is known."""

import numpy as np
import pytest

from edge_core.suggest.off_policy import LoggedDecisions, doubly_robust, ips, snips

ARMS = 4
WORTH = np.array([[0.1, 0.3, 0.2, 0.0], [0.6, 0.1, 0.2, 0.4]])
"""Chance of a reward of 1, by context and arm."""
LOGGING = np.array([[0.55, 0.15, 0.15, 0.15], [0.1, 0.1, 0.7, 0.1]])
TARGET = np.array([[0.1, 0.7, 0.1, 0.1], [0.85, 0.05, 0.05, 0.05]])
TRUTH = float((0.5 * WORTH * TARGET).sum())


def _world(seed, count=2000):
    rng = np.random.default_rng(seed)
    context = rng.integers(0, 2, count)
    drawn = rng.random((count, 1))
    arm = (drawn > LOGGING.cumsum(axis=1)[context]).sum(axis=1)
    reward = (rng.random(count) < WORTH[context, arm]).astype(float)
    log = LoggedDecisions(reward, LOGGING[context, arm], TARGET[context, arm])
    return log, context, arm


def _dr(log, context, arm, model):
    return doubly_robust(log, model[context, arm], (TARGET * model).sum(axis=1)[context])


def test_estimates_are_unbiased_and_their_intervals_cover_the_truth():
    values = {"ips": [], "snips": [], "dr": []}
    covered = dict.fromkeys(values, 0)
    biased_model = np.full((2, ARMS), 0.5)
    for seed in range(120):
        log, context, arm = _world(seed)
        told = {"ips": ips(log), "snips": snips(log), "dr": _dr(log, context, arm, biased_model)}
        for name, estimate in told.items():
            values[name].append(estimate.value)
            covered[name] += estimate.low <= TRUTH <= estimate.high
    for name, found in values.items():
        error_of_mean = np.std(found, ddof=1) / np.sqrt(len(found))
        assert abs(np.mean(found) - TRUTH) < 3 * error_of_mean, name
        assert covered[name] >= 0.88 * 120, name


def test_a_good_model_makes_dr_narrower_and_wrong_propensities_are_mended_by_it():
    log, context, arm = _world(1)
    good = _dr(log, context, arm, WORTH)
    assert good.high - good.low < ips(log).high - ips(log).low
    wrong = LoggedDecisions(log.reward, np.full(len(log.reward), 0.25), log.target)
    mended = _dr(wrong, context, arm, WORTH)
    assert mended.low <= TRUTH <= mended.high
    assert not ips(wrong).low <= TRUTH <= ips(wrong).high


def test_the_same_policy_is_worth_what_was_seen():
    log, _, _ = _world(2)
    same = LoggedDecisions(log.reward, log.propensity, log.propensity)
    assert ips(same).value == pytest.approx(log.reward.mean())
    assert snips(same).value == pytest.approx(log.reward.mean())
    assert ips(same).effective_n == pytest.approx(len(log.reward))


def test_a_cap_narrows_biases_downwards_and_is_told():
    log, _, _ = _world(3)
    whole, capped = ips(log), ips(log, cap=2.0)
    assert capped.value < whole.value
    assert capped.capped > 0 == whole.capped
    assert capped.effective_n > whole.effective_n


def test_what_was_never_done_cannot_be_judged():
    log, _, _ = _world(4)
    nothing = LoggedDecisions(log.reward, log.propensity, np.zeros(len(log.reward)))
    with pytest.raises(ValueError, match="log more exploration"):
        snips(nothing)
    with pytest.raises(ValueError, match="propensities"):
        LoggedDecisions(log.reward, np.zeros(len(log.reward)), log.target)
