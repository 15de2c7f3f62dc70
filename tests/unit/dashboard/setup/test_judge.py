import numpy as np
import pytest

from edge_core.config import PointPair
from edge_core.dashboard.language import Say
from edge_core.dashboard.setup.judge import judge

PICTURE_PX = (640, 360)
SAY = Say("en")
TO_FLOOR = np.array([[0.012, 0.004, 1.0], [0.0, 0.03, 2.0], [0.0, 0.0022, 1.0]])


def pair(x, y, off_m=(0.0, 0.0)):
    w = TO_FLOOR @ [x, y, 1.0]
    m = w[:2] / w[2] + off_m
    return PointPair(px=(x, y), m=(float(m[0]), float(m[1])))


SPOTS = [(40, 40), (600, 60), (320, 180), (60, 330), (610, 340), (200, 120), (450, 260), (300, 330)]


def test_too_few_pairs_ask_for_more():
    judged = judge([pair(*spot) for spot in SPOTS[:2]], PICTURE_PX, SAY)
    assert judged.grade == "none"
    assert judged.to_floor is None
    assert judged.advice[0].startswith("2 more")


def test_four_pairs_fit_perfectly_and_prove_nothing():
    off = [pair(*spot, off_m=(0.3 * n, 0.0)) for n, spot in enumerate(SPOTS[:4])]
    judged = judge([off[0], off[1], off[3], pair(*SPOTS[4])], PICTURE_PX, SAY)
    assert judged.grade == "unproven"
    assert judged.typical_cm is None
    assert max(judged.error_cm) < 1
    assert "prove nothing" in judged.advice[0]


def test_right_pairs_are_good_and_leave_nothing_to_say():
    judged = judge([pair(*spot) for spot in SPOTS], PICTURE_PX, SAY)
    assert judged.grade == "good"
    assert judged.typical_cm < 0.1
    assert judged.advice == ()


def test_a_pair_clicked_wrong_is_named():
    pairs = [pair(*spot) for spot in SPOTS]
    pairs[5] = pair(*SPOTS[5], off_m=(0.8, 0.0))
    judged = judge(pairs, PICTURE_PX, SAY)
    assert judged.grade in ("fair", "bad")
    assert judged.error_cm.index(max(judged.error_cm)) == 5
    assert judged.advice[0].startswith("Pair 6 misses by 80 cm")


def test_pairs_that_all_miss_are_bad_though_each_fits_its_own_fit_better():
    rng = np.random.default_rng(4)
    pairs = [pair(*spot, off_m=rng.normal(0, 0.3, 2)) for spot in SPOTS]
    judged = judge(pairs, PICTURE_PX, SAY)
    assert judged.grade == "bad"
    assert judged.typical_cm > np.median(judged.error_cm)
    assert judged.advice


def test_points_close_together_are_told_to_spread():
    pairs = [pair(300 + x / 12, 150 + y / 12) for x, y in SPOTS]
    assert "close together" in judge(pairs, PICTURE_PX, SAY).advice[-1]


@pytest.mark.parametrize("wrong", ["line", "mirrored"])
def test_pairs_of_no_floor_are_refused_with_a_reason(wrong):
    pairs = [pair(*spot) for spot in SPOTS]
    if wrong == "line":
        pairs = [pair(50 * n, 30 * n) for n in range(1, 8)]
    else:
        pairs = [PointPair(px=it.px, m=(-it.m[0], it.m[1])) for it in pairs]
    judged = judge(pairs, PICTURE_PX, SAY)
    assert judged.grade == "none"
    assert "no flat floor" in judged.advice[0]


def test_advice_comes_in_chinese_too():
    assert "还需" in judge([], PICTURE_PX, Say("zh")).advice[0]
