"""The re-identification network, its losses and its recipe. Needs PyTorch."""

import numpy as np
import pytest

from edge_core.errors import ModelError

pytest.importorskip("torch", reason="PyTorch is not installed (extra [train])")


@pytest.fixture
def lesson():
    """Six people in colours of their own, seen by two cameras, eight strangers, two tracks."""
    from edge_core.training.reid.data import Crops
    from edge_core.training.reid.trainer import Lesson

    rng = np.random.default_rng(0)
    people = np.repeat([3, 5, 7, 8, 11, 12], 4)
    identity = np.concatenate([people, np.full(8, -1), [-2, -2, -3, -3]])
    camera = np.concatenate([np.tile([1, 1, 2, 2], 6), np.full(8, -1), [0, 1, 0, 1]])
    colours = rng.integers(0, 256, (13, 2, 3))
    bgr = np.empty((36, 256, 128, 3), np.uint8)
    for index, who in enumerate(identity):
        top, bottom = colours[who] if who >= 0 else rng.integers(0, 256, (2, 3))
        bgr[index, :128], bgr[index, 128:] = top, bottom
    teacher = rng.normal(size=(36, 16)).astype(np.float32)
    teacher /= np.linalg.norm(teacher, axis=1, keepdims=True)
    moments = ((np.array([32, 33]), np.array([34, 35])),)
    return Lesson(Crops(bgr, identity, camera), teacher, named=24, moments=moments)


@pytest.fixture
def network(torch):
    """An untrained network."""
    from edge_core.training.reid.network import ReidNetwork

    torch.manual_seed(0)
    return ReidNetwork()


def session(path):
    from edge_core.runtime.inference import InferenceSession

    return InferenceSession(path, {"x": np.zeros((1, 3, 192, 96), np.float32)}, provider="cpu")


def test_the_network_stays_within_its_budget_and_gives_unit_blocks(torch):
    from edge_core.training.detector.network import parameters
    from edge_core.training.reid.network import ReidNetwork

    network = ReidNetwork().eval()
    assert parameters(network) <= 1_200_000
    with torch.no_grad():
        rows = network(torch.rand(2, 3, 192, 96) * 255)
    assert rows.reshape(2, 4, 128).norm(dim=2).numpy() == pytest.approx(1, abs=1e-5)


def test_half_the_size_serves_too(torch, network):
    with torch.no_grad():
        assert network.eval()(torch.rand(2, 3, 96, 48) * 255).shape == (2, 512)


def test_dimmer_light_changes_nothing(torch, network):
    x = torch.rand(2, 3, 192, 96) * 200 + 20
    with torch.no_grad():
        bright, dim = (network.eval()(110 + k * (x - 110)) for k in (1.0, 0.4))
    assert (bright - dim).abs().max() < 1e-2


def test_a_stripe_does_not_see_the_others(torch, network):
    """Feet far below do not reach the head's block, but for the light of the whole picture."""
    x = torch.rand(1, 3, 192, 96) * 255
    changed = x.clone()
    changed[:, :, 160:] = x[:, :, 160:].flip(2, 3)
    with torch.no_grad():
        one, other = (network.eval()(t).reshape(4, 128) for t in (x, changed))
    same = torch.nn.functional.cosine_similarity(one, other)
    assert same[1] > 0.99999
    assert same[3] < 0.9999


def test_an_exported_network_says_the_same_for_any_batch(torch, network, tmp_path):
    from edge_core.training.export import export_crop_network

    export_crop_network(network, tmp_path / "e.onnx", (96, 192), ("e",))
    x = np.random.default_rng(0).uniform(0, 255, (5, 3, 192, 96)).astype(np.float32)
    with torch.no_grad():
        rows = network.eval()(torch.from_numpy(x)).numpy()
    assert np.abs(rows - session(tmp_path / "e.onnx").run({"x": x})[0]).max() < 1e-4


def test_the_triplet_loss_falls_when_people_part(torch):
    from edge_core.training.reid.losses import soft_triplet

    who = torch.tensor([0, 0, 1, 1])
    apart = torch.tensor([[0.0, 0], [0, 0.1], [9, 0], [9, 0.1]])
    mixed = torch.tensor([[0.0, 0], [9, 0.1], [9, 0], [0, 0.1]])
    assert soft_triplet(apart, who) < 0.01 < 5 < soft_triplet(mixed, who)


def test_the_triplet_loss_has_a_slope_even_for_equal_crops(torch):
    from edge_core.training.reid.losses import soft_triplet

    features = torch.ones(4, 8, requires_grad=True)
    soft_triplet(features, torch.tensor([0, 0, 1, 1])).backward()
    assert torch.isfinite(features.grad).all()


def test_who_agrees_with_the_teachers_on_every_pair_has_nothing_to_learn(torch):
    from edge_core.training.reid.losses import pairwise_distillation

    rows = torch.nn.functional.normalize(torch.randn(6, 8))
    turned = rows @ torch.linalg.qr(torch.randn(8, 8))[0]
    nobody = torch.full((6,), -1)
    assert pairwise_distillation(turned, rows, nobody) == pytest.approx(0, abs=1e-10)
    assert pairwise_distillation(rows.roll(1, 0), rows, nobody) > 1e-3


def test_the_teachers_have_no_say_on_two_crops_of_one_person(torch):
    from edge_core.training.reid.losses import pairwise_distillation

    rows = torch.eye(4)
    doubting = rows.clone()
    doubting[1] = rows[0]
    doubting[3] = rows[2]
    known = torch.tensor([7, 7, -2, -2])
    assert pairwise_distillation(rows, doubting, known) == 0
    assert pairwise_distillation(rows, doubting, torch.tensor([7, 8, -2, -3])) > 0.1


def test_people_in_view_together_are_driven_apart_without_a_name(torch):
    from edge_core.training.reid.losses import Known, reid_loss
    from edge_core.training.reid.network import ReidLearner

    torch.manual_seed(0)
    learner = ReidLearner(0, 16)
    teacher = torch.nn.functional.normalize(torch.randn(4, 16))
    necks = [torch.randn(4, 128) for _ in range(4)]
    mixed = [torch.tensor([[9.0], [0], [9], [0]]).expand(4, 128) for _ in range(4)]
    followed = Known(torch.tensor([-2, -2, -3, -3]), teacher, named=0, followed=4)
    nobody = Known(torch.full((4,), -1), teacher, named=0, followed=0)
    with torch.no_grad():
        known, unknown = (reid_loss(learner, mixed, necks, some) for some in (followed, nobody))
    assert known > unknown + 1


def test_the_right_person_must_lead_by_a_margin(torch):
    from edge_core.training.reid.losses import MARGIN, margin_loss

    who = torch.tensor([0, 1])
    even = torch.tensor([[MARGIN, 0.0], [0.0, MARGIN]])
    assert margin_loss(even, who) == pytest.approx(np.log(2), abs=1e-5)
    assert margin_loss(even + torch.eye(2) * 0.4, who) < 0.7 * np.log(2)


def test_a_tutor_is_one_more_voice_on_the_same_crops(torch):
    from edge_core.training.reid.losses import Known, reid_loss
    from edge_core.training.reid.network import REID_S, ReidLearner

    torch.manual_seed(0)
    learner = ReidLearner(0, 16, REID_S, REID_S)
    for way in learner.to_tutor:
        torch.nn.init.eye_(way.weight)
    teacher = torch.nn.functional.normalize(torch.randn(6, 16))
    necks = [torch.randn(6, 128) for _ in range(4)]
    whole = torch.cat([torch.nn.functional.normalize(neck) for neck in necks], 1)
    nobody = torch.full((6,), -1)
    with torch.no_grad():
        agreed, disagreed = (
            reid_loss(learner, necks, necks, Known(nobody, teacher, 0, 0, tutor=tutor))
            for tutor in (whole, whole.roll(1, 0))
        )
    assert agreed < disagreed - 2


def plan(steps):
    from edge_core.training.loop import Plan

    return Plan(steps=steps, steps_a_pass=2, batch=40, rate=1e-3)


def test_a_run_taken_up_again_ends_where_an_unbroken_one_does(torch, lesson, tmp_path):
    from edge_core.training.reid.network import ReidLearner
    from edge_core.training.reid.trainer import ReidTrainer

    def trainer():
        torch.manual_seed(0)
        return ReidTrainer(ReidLearner(6, 16), lesson, plan(4))

    def save_at_two(trainer, _):
        if trainer.step == 2:
            trainer.save(tmp_path / "half.pt")

    whole = trainer()
    whole.run(save_at_two, lambda _: None)
    again = trainer()
    again.resume(tmp_path / "half.pt")
    again.run(lambda *_: None, lambda _: None)
    for ours, theirs in zip(
        whole.averaged.state_dict().values(), again.averaged.state_dict().values(), strict=True
    ):
        assert torch.equal(ours, theirs)


def test_a_few_steps_lower_the_loss(torch, lesson):
    from edge_core.training.reid.network import ReidLearner
    from edge_core.training.reid.trainer import ReidTrainer

    losses = []
    torch.manual_seed(0)
    trainer = ReidTrainer(ReidLearner(6, 16), lesson, plan(16))
    trainer.run(lambda _, loss: losses.append(loss), lambda _: None)
    assert losses[-1] < 0.9 * losses[0]


def test_a_small_network_learns_beside_a_large_one(torch, lesson):
    from edge_core.training.reid.network import REID_S, ReidNetwork, ReidShape
    from edge_core.training.reid.recipe import new_trainer

    large = ReidNetwork(ReidShape((8, 16, 24, 32), (1, 1, 1), 24, 16))
    before = [value.clone() for value in large.state_dict().values()]
    losses = []
    trainer = new_trainer(lesson, plan(8), REID_S, large)
    trainer.run(lambda _, loss: losses.append(loss), lambda _: None)
    assert losses[-1] < losses[0]
    after = large.state_dict().values()
    assert all(torch.equal(a, b) for a, b in zip(before, after, strict=True))


def test_without_names_only_the_teachers_are_followed(torch, lesson):
    from edge_core.training.reid.network import ReidLearner
    from edge_core.training.reid.trainer import Lesson, ReidTrainer

    unnamed = lesson.crops.identity < 0
    moments = tuple(tuple(rows - 24 for rows in moment) for moment in lesson.moments)
    only = Lesson(lesson.crops.only(unnamed), lesson.teacher[unnamed], 0, moments)
    trainer = ReidTrainer(ReidLearner(0, 16), only, plan(2))
    trainer.run(lambda *_: None, lambda _: None)
    assert trainer.step == 2


def test_a_finished_tutor_is_taken_as_it_is(torch, lesson, tmp_path, monkeypatch):
    from edge_core.training.reid import recipe
    from edge_core.training.reid.network import ReidShape

    monkeypatch.setattr(recipe, "TUTOR", ReidShape((8, 16, 24, 32), (1, 1, 1), 24, 16))
    first = recipe.trained_tutor(lesson, plan(2), tmp_path / "t.pt", False, lambda _: None)
    again = recipe.trained_tutor(lesson, plan(2), tmp_path / "t.pt", True, lambda _: None)
    for one, other in zip(first.parameters(), again.parameters(), strict=True):
        assert torch.equal(one, other)


def test_resuming_needs_a_checkpoint(torch, lesson, tmp_path, monkeypatch):
    from edge_core.training.reid import recipe

    monkeypatch.setattr(recipe, "read_lesson", lambda *_, **__: lesson)
    monkeypatch.setattr(recipe, "judging_crops", lambda _: {})
    with pytest.raises(ModelError, match="no checkpoint"):
        recipe.train_reid(tmp_path, tmp_path / "out", plan=plan(2), resume=True)
