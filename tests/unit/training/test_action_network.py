"""The action classifier's network and steps, on crops of noise."""

import cv2
import numpy as np
import pytest

from edge_core.simulator.pose import JOINTS

torch = pytest.importorskip("torch")

from edge_core.training.action.data import (  # noqa: E402
    KEPT_HEIGHT_PX,
    KEPT_WIDTH_PX,
    ActionCrops,
)
from edge_core.training.action.evaluate import action_model_of, predicted  # noqa: E402
from edge_core.training.action.network import ActionNetwork  # noqa: E402
from edge_core.training.action.trainer import (  # noqa: E402
    ActionTrainer,
    joints_loss,
    varied,
)
from edge_core.training.crop_classifier import probabilities  # noqa: E402
from edge_core.training.export import export_crop_network  # noqa: E402
from edge_core.training.loop import Plan  # noqa: E402
from edge_core.vision.action import HEIGHT_PX, WIDTH_PX  # noqa: E402


@pytest.fixture(scope="module")
def crops():
    rng = np.random.default_rng(0)
    count = 24
    handling = np.arange(count) % 3 == 0
    bgr = rng.integers(0, 255, (count, KEPT_HEIGHT_PX, KEPT_WIDTH_PX, 3), dtype=np.uint8)
    deed = tuple("reach" if one else "pay" if n % 2 else "walk" for n, one in enumerate(handling))
    at_rail, joints = np.arange(count) % 2 == 0, rng.uniform(0.2, 0.8, (count, 9, 2))
    person = np.arange(count) // 2
    return ActionCrops(
        bgr, handling, person, np.zeros(count), deed, at_rail, joints.astype(np.float32)
    )


def test_it_is_small():
    assert sum(p.numel() for p in ActionNetwork().parameters()) < 400_000


def test_a_batch_holds_each_kind_and_a_step_learns(crops):
    torch.manual_seed(0)
    trainer = ActionTrainer(ActionNetwork(), crops, Plan(4, 4, batch=12, rate=1e-3))
    rows = trainer.draw(np.random.default_rng(1))
    assert 4 <= crops.handling[rows].sum() <= 6
    before = trainer.network.head.weight.detach().clone()
    trainer.run(lambda *_: None, lambda _: None)
    assert not torch.equal(before, trainer.network.head.weight)


def test_joints_go_where_the_picture_goes():
    """Light is drawn at a joint; however a crop is shifted and turned, the joint stays there."""
    crop = np.full((KEPT_HEIGHT_PX, KEPT_WIDTH_PX, 3), 20, np.uint8)
    joints = np.full((9, 2), 0.5, np.float32)
    left_hand, right_hand = JOINTS.index("hand_l"), JOINTS.index("hand_r")
    joints[left_hand] = (0.4, 0.45)
    x, y = joints[left_hand] * (KEPT_WIDTH_PX, KEPT_HEIGHT_PX)
    cv2.circle(crop, (round(x), round(y)), 5, (255, 255, 255), -1)
    sides = set()
    for seed in range(12):
        shown, places = varied(crop, joints, np.random.default_rng(seed))
        bright = np.argwhere(shown.sum(2) > 0.6 * int(shown.sum(2).max()))
        middle = bright.mean(axis=0)[::-1] / (WIDTH_PX, HEIGHT_PX)
        errors = np.abs(places[[left_hand, right_hand]] - middle).max(axis=1)
        sides.add(int(errors.argmin()))
        if len(bright) < 400:  # Else a rectangle of light covers some of it.
            assert errors.min() < 0.04
    assert sides == {0, 1}  # Mirrored, a left hand is a right one.


def test_joints_are_taught_only_where_the_crop_shows_them():
    network = ActionNetwork()
    at = torch.tensor([[[0.5, 0.5]] * 9])
    sharp = -1000 * (network.grid - 0.5).square().sum(1).expand(1, 9, -1)
    flat = torch.zeros(1, 9, len(network.grid))
    assert joints_loss(sharp, at, network.grid) < joints_loss(flat, at, network.grid)
    assert joints_loss(flat, at + 1, network.grid) == 0


def test_the_exported_file_says_what_the_network_says(crops, tmp_path):
    network = ActionNetwork().eval()
    export_crop_network(network, tmp_path / "action.onnx", (WIDTH_PX, HEIGHT_PX), ("p",))
    told = predicted(action_model_of(tmp_path / "action.onnx"), crops.plain())
    np.testing.assert_allclose(told, probabilities(network, crops.plain())[:, 0], atol=1e-4)
