"""Figures of age and gender on cases one can count by hand."""

import numpy as np
import pytest

from edge_core.training.face.data import Faces
from edge_core.training.face.evaluate import CHANGES
from edge_core.training.face.scores import calibration_error, score_faces, share
from edge_core.vision.face import FaceAttributes


def faces_of(age, female, group=None):
    n = len(age)
    return Faces(
        np.zeros((n, 96, 96, 3), np.uint8),
        np.arange(n),
        np.array(age, np.float32),
        np.array(female, np.float32),
        np.zeros(n, np.int64) if group is None else np.array(group),
    )


def found(age, p_female, p_minor):
    return FaceAttributes(*(np.array(part, np.float32) for part in (age, p_female, p_minor)))


def test_who_is_right_seven_times_in_ten_and_says_so_is_calibrated():
    p = np.full(1000, 0.7)
    female = np.arange(1000) % 10 < 7
    assert calibration_error(p, female) == pytest.approx(0)
    assert calibration_error(p, ~female) == pytest.approx(0.4)


def test_calibration_error_is_the_same_for_both_genders():
    rng = np.random.default_rng(0)
    p, female = rng.random(500), rng.random(500) < 0.5
    assert calibration_error(p, female) == pytest.approx(calibration_error(1 - p, ~female))


def test_adults_are_judged_apart_from_children():
    scores = score_faces(
        found([30, 40, 5, 6], [0.9, 0.1, 0.9, 0.9], [0, 0, 1, 1]),
        faces_of([33, 41, 5, 5], [1, 0, 0, 0]),
    )
    assert scores["adults"]["gender"]["value"] == 1
    assert scores["adults"]["years"]["value"] == pytest.approx(2)
    assert scores["all_ages"]["gender"]["value"] == 0.5
    assert scores["minors_gender_told"] == {"value": 0, "low": 0, "high": 0, "n": 2}


def test_the_unsure_are_left_out_and_the_share_left_is_told():
    scores = score_faces(
        found([30] * 4, [0.99, 0.01, 0.55, 0.45], [0] * 4), faces_of([30] * 4, [1, 0, 0, 1])
    )
    assert scores["adults"]["gender"]["value"] == 0.5
    assert scores["adults"]["coverage"]["value"] == 0.5
    assert scores["adults"]["gender_where_told"]["value"] == 1


def test_a_large_difference_between_groups_keeps_the_feature_off():
    n = 40
    group = np.repeat([0, 1], n)
    right = np.where(group == 0, 0.9, 0.1)
    scores = score_faces(
        found([30] * 2 * n, right, [0] * 2 * n), faces_of([30] * 2 * n, [1] * 2 * n, group)
    )
    assert scores["gaps"]["group"] == 1
    assert scores["gaps"]["off_by_default"]


def test_a_group_of_a_few_gives_no_gap():
    group = [0] * 40 + [1] * 3
    p = [0.9] * 40 + [0.1] * 3
    scores = score_faces(found([30] * 43, p, [0] * 43), faces_of([30] * 43, [1] * 43, group))
    assert not scores["gaps"]["off_by_default"]


def test_the_interval_holds_the_mean_and_nothing_gives_nothing():
    values = np.random.default_rng(3).random(400)
    told = share(values)
    assert told is not None
    assert told.low < told.value < told.high
    assert share(np.zeros(0)) is None


@pytest.mark.parametrize("change", CHANGES)
def test_every_change_gives_a_chip_and_leaves_its_source_alone(change):
    chip = np.random.default_rng(0).integers(0, 256, (96, 96, 3)).astype(np.uint8)
    before = chip.copy()
    changed = CHANGES[change](chip)
    assert changed.dtype == np.uint8
    assert changed.shape[2] == 3
    assert np.array_equal(chip, before)
