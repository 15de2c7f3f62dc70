import numpy as np
import pytest

from edge_core.errors import SourceError
from edge_core.interaction.motion_features import FEATURES
from edge_core.training.tags.logistic import (
    area_under_curve,
    balanced_accuracy,
    balanced_weights,
    calibration_error,
    fit_logistic,
)
from edge_core.training.tags.motion_data import load_recordings
from edge_core.training.tags.motion_evaluate import Trial


def features(values):
    table = np.full((len(values), len(FEATURES)), np.nan)
    table[:, FEATURES.index("rssi_sd")] = values
    return table


def test_logistic_regression_finds_the_true_odds():
    rng = np.random.default_rng(0)
    value = rng.normal(2.0, 1.5, 20_000)
    label = rng.random(20_000) < 1 / (1 + np.exp(-(1.4 * value - 3.0)))
    model = fit_logistic(("rssi_sd",), features(value), label, np.ones(20_000), ridge=1e-3)
    odds = model.log_odds(features(np.array([1.0, 3.0])))
    assert odds == pytest.approx([-1.6, 1.2], abs=0.15)
    assert calibration_error(label, model.probability(features(value))) < 0.02


def test_balanced_weights_give_both_labels_the_same_say():
    label = np.array([True] * 10 + [False] * 90)
    weight = balanced_weights(label, 500.0)
    assert weight[label].sum() == pytest.approx(250)
    assert weight[~label].sum() == pytest.approx(250)


def test_scores_of_known_rankings():
    label = np.array([False, False, True, True])
    assert area_under_curve(label, np.array([0.1, 0.2, 0.3, 0.4])) == 1.0
    assert area_under_curve(label, np.array([0.5, 0.5, 0.5, 0.5])) == 0.5
    assert balanced_accuracy(label, np.array([0.1, 0.6, 0.7, 0.9])) == 0.75


def test_intervals_hold_the_figure_and_draw_whole_recordings():
    rng = np.random.default_rng(1)
    name = np.repeat([f"r{number}" for number in range(20)], 10)
    label = np.repeat(np.arange(20) % 2 == 0, 10)
    score = np.clip(rng.normal(0.35 + 0.3 * label, 0.2), 0, 1)
    found = Trial(label, score, name).figures()
    low, high = found["balanced_accuracy_95"]
    assert low < found["balanced_accuracy"] < high
    assert found["recordings"] == 20


def test_a_folder_without_recordings_is_refused(tmp_path):
    with pytest.raises(SourceError, match="static"):
        load_recordings(tmp_path)
