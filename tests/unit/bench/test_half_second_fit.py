"""The recipe of the half seconds' weights."""

import numpy as np
import pytest

from edge_core.bench.half_second_fit import Halves, fit, report


def drawn(seed, weights, count=4000):
    """Half seconds whose odds of being handled are those of these weights."""
    rng = np.random.default_rng(seed)
    evidence = np.column_stack([rng.normal(size=(count, len(weights) - 1)), np.ones(count)])
    odds = evidence @ weights
    return Halves(evidence, rng.random(count) < 1 / (1 + np.exp(-odds)))


def test_the_fit_finds_the_weights_behind_the_labels():
    weights = np.array([0.8, 0.0, -0.5, 1.2, -2.0])
    assert fit(drawn(1, weights)) == pytest.approx(weights, abs=0.2)


def test_how_well_it_tells_is_judged_on_readers_left_out():
    """Readers that contradict one another tell nothing about a third one."""
    weights = np.array([2.0, 0.0, -1.0])
    agree = report([drawn(seed, weights) for seed in range(3)])
    contradict = report([drawn(0, weights), drawn(1, -weights)])
    name = "area under the curve, readers left out"
    assert agree[name] > 0.85
    assert contradict[name] < 0.5
    assert agree["handled"] < agree["half seconds"] == 12_000
