"""The body attributes' network and its training steps. Needs PyTorch."""

import numpy as np
import pytest

from edge_core.errors import ModelError
from edge_core.vision.body import BODY_ATTRIBUTES

pytest.importorskip("torch", reason="PyTorch is not installed (extra [train])")


@pytest.fixture
def lesson():
    """Crops whose upper half tells `hat` and whose lower half tells `long_trousers`."""
    from edge_core.training.body.trainer import BodyLesson

    rng = np.random.default_rng(0)
    target = np.full((64, 8), 0.5, np.float32)
    views = rng.integers(100, 156, (64, 192, 96, 3)).astype(np.uint8)
    for index in range(64):
        hat, trousers = index & 1, index >> 1 & 1
        target[index, 3], target[index, 5] = 0.05 + 0.9 * hat, 0.05 + 0.9 * trousers
        views[index, :96] = 230 if hat else 20
        views[index, 96:] = 230 if trousers else 20
    return BodyLesson(views, target, np.full(64, 1 / 64), np.arange(5))


def plan(steps):
    from edge_core.training.loop import Plan

    return Plan(steps=steps, steps_a_pass=2, batch=16, rate=2e-3)


def test_the_network_stays_within_its_budget(torch):
    from edge_core.training.body.network import BodyNetwork
    from edge_core.training.detector.network import parameters

    network = BodyNetwork().eval()
    assert parameters(network) <= 500_000
    with torch.no_grad():
        p = network(torch.rand(3, 3, 160, 80) * 255)
    assert p.shape == (3, len(BODY_ATTRIBUTES))
    assert ((p > 0) & (p < 1)).all()


def test_an_exported_network_says_the_same_for_any_batch_calibration_included(torch, tmp_path):
    from edge_core.training.body.evaluate import body_model_of
    from edge_core.training.body.network import BodyNetwork
    from edge_core.training.export import export_crop_network

    torch.manual_seed(0)
    network = BodyNetwork().eval()
    network.scale.fill_(1.7)
    network.shift.copy_(torch.linspace(-1, 1, 8))
    export_crop_network(network, tmp_path / "body.onnx", (80, 160), ("p",))
    crops = np.random.default_rng(0).integers(0, 256, (5, 160, 80, 3)).astype(np.uint8)
    with torch.no_grad():
        p = network(torch.from_numpy(crops).permute(0, 3, 1, 2).float()).numpy()
    found = body_model_of(tmp_path / "body.onnx").predict(list(crops)).probability
    np.testing.assert_allclose(found, p, atol=1e-4)


def test_a_start_from_the_shipped_detector_keeps_what_its_trunk_says(torch):
    from edge_core.training.body.network import BodyNetwork
    from edge_core.training.crop_classifier import start_from_detector
    from edge_core.training.detector.network import PERSON_S, PersonDetector
    from edge_core.training.warm_start import load_onnx_weights
    from edge_core.vision.models import find_model

    path = find_model("person-s", "detector")[1]
    torch.manual_seed(0)
    x = torch.rand(4, 3, 160, 80) * 255
    network, detector = BodyNetwork(), PersonDetector(PERSON_S).eval()
    start_from_detector(network, path, [x])
    load_onnx_weights(detector, path)
    with torch.no_grad():
        expected = detector.c3(detector.pool(detector.stem(x / 255)))
        found = network.c3(network.halve(network.stem(x / 255)))
    assert (found - expected).abs().max() < 1e-3 * expected.abs().max()


def test_another_networks_file_is_refused(torch):
    from edge_core.training.body.network import BodyNetwork
    from edge_core.training.crop_classifier import start_from_detector
    from edge_core.vision.models import find_model

    with pytest.raises(ModelError, match="another network"):
        start_from_detector(BodyNetwork(), find_model("face-s", "face-attributes")[1], [])


def test_a_few_steps_lower_the_loss(torch, lesson):
    from edge_core.training.body.network import BodyNetwork
    from edge_core.training.body.trainer import BodyBatches, BodyObjective
    from edge_core.training.loop import Trainer

    losses = []
    torch.manual_seed(0)
    batches = BodyBatches(lesson, plan(16), torch.device("cpu"))
    trainer = Trainer(BodyNetwork(), batches, plan(16), BodyObjective())
    trainer.run(lambda _, x: losses.append(x), lambda _: None)
    assert losses[-1] < 0.9 * losses[0]


def test_a_run_taken_up_again_ends_where_an_unbroken_one_does(torch, lesson, tmp_path):
    from edge_core.training.body.recipe import _trainer

    def run(trainer):
        def save(trainer, _):
            if trainer.step == 2:
                trainer.save(tmp_path / "half.pt")

        torch.manual_seed(7)
        trainer.run(save, lambda _: None)
        return trainer.averaged.state_dict().values()

    def deterministic(trainer):
        # Dropout draws from the global generator, which no checkpoint holds.
        trainer.network.dropout.p = 0.0
        return trainer

    whole = run(deterministic(_trainer(lesson, plan(4), tmp_path / "none.pt", None, False)))
    again = deterministic(_trainer(lesson, plan(4), tmp_path / "half.pt", None, True))
    for ours, theirs in zip(whole, run(again), strict=True):
        assert torch.equal(ours, theirs)


def test_resuming_needs_a_checkpoint(torch, lesson, tmp_path):
    from edge_core.training.body.recipe import _trainer

    with pytest.raises(ModelError, match="no checkpoint"):
        _trainer(lesson, plan(2), tmp_path / "none.pt", None, True)


def test_labels_take_the_teachers_place(torch):
    from edge_core.training.body.data import BodyCrops
    from edge_core.training.body.trainer import make_lesson

    crops = BodyCrops(
        np.full((3, 192, 96, 3), 90, np.uint8),
        np.arange(3),
        np.zeros(3, np.int64),
        np.array([0, 0, 2]),
        np.array([1, 1, np.nan], np.float32),
    )
    told = np.full((3, 8), np.nan, np.float32)
    told[0, 0], told[0, 3] = 0, 1

    by_teacher = np.full((3, 8), 0.3, np.float32)
    lesson = make_lesson(crops, by_teacher, told)
    assert lesson.target[:, 0].tolist() == pytest.approx([0.05, 0.95, 0.3])
    assert lesson.target[0, 3] == pytest.approx(0.95)
    assert lesson.labelled.tolist() == [0]
    # Two near-copies together weigh the square root of two against a single crop.
    assert lesson.chance[:2].sum() / lesson.chance[2:].sum() == pytest.approx(2**0.5)


def test_the_teacher_is_asked_about_several_views_and_its_answers_are_averaged(torch):
    from edge_core.training.body.data import BodyCrops
    from edge_core.training.body.trainer import taught

    bgr = np.zeros((2, 192, 96, 3), np.uint8)
    bgr[0, :, :48], bgr[1, :, 48:] = 255, 255
    crops = BodyCrops(bgr, *(np.zeros(2, np.int64),) * 3, np.full(2, np.nan, np.float32))

    def lit(views, _):
        assert views.shape == (8, 160, 80, 3)
        left = views[:, :, :40].mean((1, 2, 3)) / 255
        return np.repeat(left[:, None], 8, axis=1).astype(np.float32)

    # Half of the views are mirrored: a side is no attribute.
    assert taught(crops, lit, 4, 0, lambda _: None) == pytest.approx(np.full((2, 8), 0.5), abs=0.1)
