"""The action classifier's network and steps, on crops of noise."""

import numpy as np
import pytest

torch = pytest.importorskip("torch")

from edge_core.training.action.data import (  # noqa: E402
    KEPT_HEIGHT_PX,
    KEPT_WIDTH_PX,
    ActionCrops,
)
from edge_core.training.action.evaluate import action_model_of, predicted  # noqa: E402
from edge_core.training.action.network import ActionNetwork  # noqa: E402
from edge_core.training.action.trainer import ActionTrainer  # noqa: E402
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
    return ActionCrops(bgr, handling, np.arange(count) // 2, np.zeros(count), deed)


def test_it_is_small_and_its_first_stages_stay_the_detectors():
    network = ActionNetwork().train()
    assert sum(p.numel() for p in network.parameters()) < 300_000
    assert not any(p.requires_grad for p in network.stem.parameters())
    assert not network.c3.training
    assert network.c4.training


def test_a_batch_holds_each_kind_and_a_step_learns(crops):
    torch.manual_seed(0)
    trainer = ActionTrainer(ActionNetwork(), crops, Plan(4, 4, batch=12, rate=1e-3))
    rows = trainer.draw(np.random.default_rng(1))
    assert 3 <= crops.handling[rows].sum() <= 5
    before = trainer.network.head.weight.detach().clone()
    trainer.run(lambda *_: None, lambda _: None)
    assert not torch.equal(before, trainer.network.head.weight)


def test_the_exported_file_says_what_the_network_says(crops, tmp_path):
    network = ActionNetwork().eval()
    export_crop_network(network, tmp_path / "action.onnx", (WIDTH_PX, HEIGHT_PX), ("p",))
    told = predicted(action_model_of(tmp_path / "action.onnx"), crops.plain())
    np.testing.assert_allclose(told, probabilities(network, crops.plain())[:, 0], atol=1e-4)
