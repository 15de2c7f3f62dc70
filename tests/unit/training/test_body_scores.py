"""Figures of attribute probabilities, and their calibration."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from edge_core.training.body.scores import (
    average_precision,
    expected_calibration_error,
    fit_calibration,
    score_attribute,
)


def f32(*values):
    return np.array(values, np.float32)


def booleans(*values):
    return np.array(values, np.bool_)


def test_figures_of_a_small_set_by_hand():
    p, truth = f32(0.9, 0.8, 0.3, 0.2, 0.6), booleans(1, 1, 1, 0, 0)
    scores = score_attribute(p, truth, np.arange(5))
    assert scores.accuracy == pytest.approx(3 / 5)
    assert scores.mean_accuracy == pytest.approx((2 / 3 + 1 / 2) / 2)
    assert scores.f1 == pytest.approx(2 * 2 / (3 + 3))
    assert scores.average_precision == pytest.approx((1 + 1 + 3 / 4) / 3)
    assert scores.always == pytest.approx(3 / 5)
    assert scores.sure == pytest.approx(3 / 5)
    assert scores.sure_accuracy == 1
    assert scores.accuracy_interval[0] < 0.6 < scores.accuracy_interval[1]


def test_copies_of_one_scene_do_not_make_the_interval_narrower():
    rng = np.random.default_rng(0)
    p, truth = rng.random(30).astype(np.float32), rng.random(30) < 0.5
    one = score_attribute(p, truth, np.arange(30)).accuracy_interval
    copied = score_attribute(np.tile(p, 9), np.tile(truth, 9), np.tile(np.arange(30), 9))
    assert copied.accuracy_interval == pytest.approx(one)


def test_an_attribute_nobody_has_gives_no_mean_accuracy_and_no_precision():
    scores = score_attribute(f32(0.2, 0.9), booleans(0, 0), np.arange(2))
    assert scores.accuracy == 0.5
    assert np.isnan([scores.mean_accuracy, scores.average_precision]).all()


def test_an_empty_set_tells_nothing():
    assert np.isnan(score_attribute(f32(), booleans(), np.zeros(0, np.int64)).accuracy)


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=50))
def test_calibration_error_lies_between_nothing_and_one(rows):
    p, truth = f32(*(a for a, _ in rows)), booleans(*(b for _, b in rows))
    assert 0 <= expected_calibration_error(p, truth) <= 1 + 1e-6


def test_right_certainty_has_no_error_and_wrong_certainty_all():
    assert expected_calibration_error(f32(1, 0), booleans(1, 0)) == 0
    assert expected_calibration_error(f32(1, 0), booleans(0, 1)) == 1
    half = expected_calibration_error(np.full(10, 0.7, np.float32), np.arange(10) < 7)
    assert half == pytest.approx(0, abs=1e-6)


def test_ranking_all_true_ones_first_is_perfect():
    assert average_precision(f32(0.9, 0.1, 0.8), booleans(1, 0, 1)) == 1


def test_calibration_finds_the_scale_and_shift_that_spoilt_the_logits():
    rng = np.random.default_rng(0)
    logit = rng.normal(0, 2, 20_000)
    truth = rng.random(20_000) < 1 / (1 + np.exp(-logit))
    overconfident = 1 / (1 + np.exp(-(2 * logit + 1)))
    scale, shift = fit_calibration(overconfident.astype(np.float32), truth)
    assert scale == pytest.approx(0.5, abs=0.03)
    assert shift == pytest.approx(-0.5, abs=0.05)


def test_few_labels_move_little():
    scale, shift = fit_calibration(f32(0.6, 0.4), booleans(0, 1))
    assert 0.7 < scale < 1.1
    assert abs(shift) < 0.1
