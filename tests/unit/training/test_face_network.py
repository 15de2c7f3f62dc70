"""The face network and its recipe. Needs PyTorch."""

import numpy as np
import pytest

from edge_core.errors import ModelError
from edge_core.training.face.data import Faces

pytest.importorskip("torch", reason="PyTorch is not installed (extra [train])")


@pytest.fixture
def faces():
    """Sixteen grown-ups and eight children, women bright and men dark."""
    rng = np.random.default_rng(0)
    female = np.tile([0.0, 1.0], 12).astype(np.float32)
    age = np.concatenate([rng.uniform(20, 70, 16), rng.uniform(1, 10, 8)]).astype(np.float32)
    noise = rng.integers(0, 90, (24, 96, 96, 3))
    bgr = (noise + 120 * female[:, None, None, None]).astype(np.uint8)
    return Faces(bgr, np.arange(24), age, female, np.zeros(24, np.int64))


@pytest.fixture
def lesson(faces):
    """Every face in a fold; the public teacher says one half of every grown-up."""
    from edge_core.training.face.trainer import Lesson

    asked = np.where(faces.age_years >= 16, 0.5, np.nan).astype(np.float32)
    return Lesson(faces, np.arange(24) % 3, np.ones(24, np.float32), asked)


def plan(steps):
    from edge_core.training.loop import Plan

    return Plan(steps=steps, steps_a_pass=2, batch=8, rate=3e-3)


def trainer_of(lesson, steps):
    import torch

    from edge_core.training.face.network import FaceNetwork
    from edge_core.training.face.trainer import FaceBatches, FaceObjective
    from edge_core.training.loop import Trainer

    torch.manual_seed(0)
    batches = FaceBatches(lesson, plan(steps), torch.device("cpu"))
    return Trainer(FaceNetwork(), batches, plan(steps), FaceObjective())


def test_the_network_stays_within_its_budget(torch):
    from edge_core.training.face.network import FaceNetwork

    assert sum(p.numel() for p in FaceNetwork().parameters()) <= 500_000


def test_an_age_distribution_has_its_age_as_mean_and_widens(torch):
    from edge_core.training.face.trainer import age_distribution

    told = age_distribution(torch.tensor([20.0, 60.0]))
    years = torch.arange(101.0)
    mean = told @ years
    spread = (told @ years.square() - mean.square()).sqrt()
    assert mean.tolist() == pytest.approx([20, 60], abs=0.1)
    assert spread[0] < spread[1]


def told(lesson):
    """Targets of all faces in their order, before any change."""
    import torch

    from edge_core.training.face.trainer import Targets, _targets

    return Targets(*_targets(lesson, torch.device("cpu")))


def test_a_childs_gender_counts_little_and_the_teacher_is_not_asked(torch, lesson):
    targets = told(lesson)
    assert targets.gender_counts[:16].min() == 1
    assert targets.gender_counts[16:].max() < 0.2
    assert targets.minor.tolist() == [0] * 16 + [1] * 8
    # Seven tenths of a label of .02 or .98, and three of the teacher's half.
    assert sorted({round(float(p), 3) for p in targets.p_female[:16]}) == [0.164, 0.836]
    assert sorted({round(float(p), 3) for p in targets.p_female[16:]}) == [0.02, 0.98]


def test_an_elder_tells_what_labels_leave_open(torch, lesson):
    from dataclasses import replace

    half = replace(lesson, label_share=np.full(24, 0.4, np.float32))
    sure = torch.full((24,), 20.0)
    ages = torch.full((24, 101), -20.0).index_fill(1, torch.tensor([50]), 20.0)
    whole = told(half).completed((ages, sure, -sure))
    assert whole.age.sum(1).numpy() == pytest.approx(np.ones(24), abs=1e-4)
    assert whole.age[:, 50].min() >= 0.6
    assert whole.minor.tolist() == pytest.approx([0] * 16 + [0.4] * 8, abs=1e-4)
    man, woman = whole.p_female[:2].tolist()
    assert man == pytest.approx(0.4 * 0.02 + 0.3 * 0.5 + 0.3)
    assert woman == pytest.approx(0.4 * 0.98 + 0.3 * 0.5 + 0.3)


def test_of_faces_with_a_doubtful_label_the_elder_is_asked_that_never_saw_it(torch, faces, lesson):
    from dataclasses import replace

    from edge_core.training.face.trainer import FaceBatches
    from edge_core.training.views import Changes

    # Each fold's faces in a grey of their own, so that a batch tells where it is from.
    grey = np.broadcast_to((60 * (np.arange(24) % 3 + 1))[:, None, None, None], faces.bgr.shape)
    painted = replace(lesson, faces=replace(faces, bgr=grey.astype(np.uint8)))
    painted = replace(painted, label_share=np.zeros(24, np.float32))
    plain = Changes(spoil=0, tint=0, erase=0)
    batches = FaceBatches(painted, plan(99), torch.device("cpu"), elders=3, changes=plain)
    means = {k: [] for k in range(3)}
    for step in range(12):
        batch = batches(step)
        means[batch.elder].append(float(batch.inputs.mean()))
    assert max(means[0]) < min(means[2]), "brightness changes by two fifths, less than threefold"


def test_labels_are_not_believed_against_an_elder_that_never_saw_the_face(torch, lesson):
    from edge_core.training.face.network import AGES
    from edge_core.training.face.recipe import ELDERS, doubted

    class Certain(torch.nn.Module):
        """Says woman of everybody, at whatever age the face is of."""

        def __init__(self):
            super().__init__()
            self.nothing = torch.nn.Parameter(torch.zeros(1))

        def forward(self, x):
            ages = torch.zeros(len(x), AGES)
            ages[:, 30] = 20
            return ages, torch.full((len(x),), 9.0), torch.zeros(len(x))

    share = doubted(lesson, [Certain()] * ELDERS).label_share
    years, female = lesson.faces.age_years, lesson.faces.female
    near = np.abs(years - 30) <= 20
    assert (share[near & (female > 0.5)] > 0).all()
    assert (share[(years >= 18) & (female < 0.5)] == 0).all()
    assert (share[years > 60] == 0).all()


def test_a_few_steps_lower_the_loss(torch, lesson):
    losses = []
    trainer = trainer_of(lesson, 12)
    trainer.run(lambda _, loss: losses.append(loss), lambda _: None)
    assert np.mean(losses[-2:]) < np.mean(losses[:2])


def test_the_small_network_learns_from_elders(torch, lesson):
    from edge_core.training.face.network import FaceNetwork, FaceSpec
    from edge_core.training.face.trainer import FaceBatches, FaceObjective
    from edge_core.training.loop import Trainer

    torch.manual_seed(0)
    spec = FaceSpec(8, (8, 16, 16), 1, 16)
    elders = [FaceNetwork(spec).eval() for _ in range(3)]
    network, losses = FaceNetwork(), []
    batches = FaceBatches(lesson, plan(12), torch.device("cpu"), elders=3)
    trainer = Trainer(network, batches, plan(12), FaceObjective(elders, network.width))
    before = [p.clone() for p in elders[0].parameters()]
    trainer.run(lambda _, loss: losses.append(loss), lambda _: None)
    assert np.mean(losses[-2:]) < np.mean(losses[:2])
    pairs = zip(before, elders[0].parameters(), strict=True)
    assert all(torch.equal(old, new) for old, new in pairs), "elders learn no more"


def test_a_run_taken_up_again_has_the_weights_it_stopped_with(torch, lesson, tmp_path):
    from edge_core.training.face.network import FaceNetwork
    from edge_core.training.face.recipe import load_face

    whole = trainer_of(lesson, 2)
    whole.run(lambda trainer, _: trainer.save(tmp_path / "half.pt"), lambda _: None)
    again = trainer_of(lesson, 2)
    again.resume(tmp_path / "half.pt")
    started = FaceNetwork()
    load_face(started, tmp_path / "half.pt")
    assert again.step == 2
    for theirs, ours in ((whole.network, again.network), (whole.averaged, started)):
        values = zip(theirs.state_dict().values(), ours.state_dict().values(), strict=True)
        assert all(torch.equal(one, other) for one, other in values)


def test_training_goes_on_from_what_the_shipped_file_says(torch):
    from edge_core.training.face.network import FaceNetwork, both_ways
    from edge_core.training.face.recipe import load_face
    from edge_core.training.face.trainer import pixels
    from edge_core.vision import load_face_attributes
    from edge_core.vision.models import find_model

    network = FaceNetwork()
    load_face(network, find_model("face-s", "face-attributes")[1])
    chips = np.random.default_rng(0).integers(0, 256, (3, 96, 96, 3)).astype(np.uint8)
    with torch.no_grad():
        _, female, minor = both_ways(network.eval(), pixels(chips))
    shipped = load_face_attributes("face-s", provider="cpu").predict(list(chips))
    # The file holds probabilities of logits divided by temperatures, one for all faces.
    for logit, p in ((female, shipped.p_female), (minor, shipped.p_minor)):
        ratio = logit.numpy() / np.log(p / (1 - p))
        assert ratio == pytest.approx(np.full(3, ratio[0]), rel=0.02)


def test_a_temperature_calms_one_who_is_too_sure(torch):
    from edge_core.training.face.recipe import best_temperature, cross_entropy

    rng = np.random.default_rng(0)
    logit = rng.normal(0, 2, 4000).astype(np.float32)
    female = rng.random(4000) < 1 / (1 + np.exp(-logit))
    assert best_temperature(logit, female) == pytest.approx(1, abs=0.15)
    assert best_temperature(3 * logit, female) == pytest.approx(3, abs=0.4)
    assert cross_entropy(3 * logit, female, 3.0) < cross_entropy(3 * logit, female)


def test_a_temperature_frees_ages_from_a_pull_to_the_middle(torch):
    from edge_core.training.face.recipe import best_age_temperature, years_wrong
    from edge_core.training.face.trainer import age_distribution

    truth = np.linspace(20, 70, 51, dtype=np.float32)
    everyone = age_distribution(torch.from_numpy(truth)).mean(0)
    pulled = (0.8 * age_distribution(torch.from_numpy(truth)) + 0.2 * everyone).log()
    best = best_age_temperature(pulled, truth)
    assert best < 1
    assert years_wrong(pulled, truth, best) < years_wrong(pulled, truth)


def test_an_exported_network_says_the_same_for_any_batch(torch, tmp_path):
    from edge_core.runtime.inference import InferenceSession
    from edge_core.training.export import export_crop_network
    from edge_core.training.face.data import SIDE_PX
    from edge_core.training.face.network import FaceNetwork, Shipped
    from edge_core.training.face.recipe import OUTPUTS

    torch.manual_seed(0)
    shipped = Shipped(FaceNetwork(), 1.7, 0.6, 0.9).eval()
    export_crop_network(shipped, tmp_path / "f.onnx", (SIDE_PX, SIDE_PX), OUTPUTS)
    x = np.random.default_rng(0).normal(size=(5, 3, 96, 96)).astype(np.float32)
    session = InferenceSession(tmp_path / "f.onnx", {"x": x[:1]}, provider="cpu")
    with torch.no_grad():
        rows, minor = (part.numpy() for part in shipped(torch.from_numpy(x)))
    told = session.run({"x": x})
    assert np.abs(rows - told[0]).max() < 1e-2
    assert np.abs(minor - told[1]).max() < 1e-4
    assert rows.shape == (5, 2)
    assert minor.shape == (5,)


def test_starting_needs_a_face_network(torch, tmp_path):
    from edge_core.training.face.network import FaceNetwork
    from edge_core.training.face.recipe import load_face

    with pytest.raises(ModelError, match="no face network to start from"):
        load_face(FaceNetwork(), tmp_path / "none.pt")
