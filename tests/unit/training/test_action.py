import numpy as np
import pytest

from edge_core.simulator import load_scene
from edge_core.simulator.pose import JOINTS
from edge_core.training.action.data import SHOP, Span, hung_anew, simulate_crops
from edge_core.training.action.scores import at_prevalence, operating_point, wilson_lower


def test_the_threshold_is_the_lowest_whose_precision_is_sure():
    rng = np.random.default_rng(0)
    truth = rng.random(4000) < 0.2
    p = np.clip(rng.normal(np.where(truth, 0.65, 0.35), 0.15), 0, 1).astype(np.float32)
    strict, easy = (operating_point(p, truth, floor) for floor in (0.8, 0.5))
    assert strict.threshold > easy.threshold
    assert strict.recall < easy.recall
    for point, floor in ((strict, 0.8), (easy, 0.5)):
        said = p >= point.threshold
        hits = np.array([(said & truth).sum()], float)
        assert wilson_lower(hits, np.array([said.sum()], float))[0] >= floor
        assert point.precision == pytest.approx(truth[said].mean())


def test_where_no_threshold_is_sure_there_is_none():
    truth = np.arange(20) % 2 == 0
    assert operating_point(np.full(20, 0.5, np.float32), truth, 0.9) is None


def test_rare_actions_make_false_alarms_weigh_more():
    assert at_prevalence(0.9, 0.02, 0.05) == pytest.approx(0.70, abs=0.01)
    assert at_prevalence(0.9, 0.02, 0.004) == pytest.approx(0.15, abs=0.01)


def test_only_hands_at_goods_are_handling():
    crops = simulate_crops([Span(3, 12.0, 2.0)], lambda _: None)
    assert len(crops) == len(crops.deed) == len(crops.person) > 0
    assert crops.handling.tolist() == [deed in ("reach", "look") for deed in crops.deed]
    assert crops.plain().shape[1:] == (160, 96, 3)
    assert crops.joints.shape == (len(crops), 9, 2)
    head, hip = crops.joints[:, JOINTS.index("head")], crops.joints[:, JOINTS.index("hip_l")]
    assert (head[:, 1] < hip[:, 1]).mean() > 0.9
    assert ((head > 0) & (head < 1)).all(axis=1).mean() > 0.7  # Some pictures cut heads off.


def test_cameras_hung_anew_stay_inside_and_look_at_rails():
    scene = hung_anew(load_scene(SHOP), np.random.default_rng(1))
    for pose in scene.config.cameras:
        x, y, z = pose.position_m
        assert 0.3 <= x <= 17.7
        assert 0.3 <= y <= 11.9
        assert 2.2 < z < 3.3
