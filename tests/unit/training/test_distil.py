import pytest

SIDE_PX = 64
CELLS = 8 * 8 + 4 * 4 + 2 * 2


@pytest.fixture
def losses(torch):
    from edge_core.training.detector import distil_losses

    return distil_losses


@pytest.fixture
def distil(torch):
    from edge_core.training.detector import distil

    return distil


@pytest.fixture
def cells(torch):
    from edge_core.training.detector.assign import Cells

    return Cells.of(SIDE_PX, SIDE_PX, torch.device("cpu"))


def test_agreement_costs_nothing_and_distance_costs_more(losses, torch):
    teacher = torch.tensor([-6.0, 0.5, 3.0])
    costs = [losses.soft_divergence(teacher + shift, teacher) for shift in (0.0, 1.0, 3.0)]
    assert costs[0].abs().max() < 1e-6
    assert (costs[1] > 0).all()
    assert (costs[2] > costs[1]).all()


def test_the_gradient_of_soft_targets_keeps_its_size_at_any_temperature(losses, torch, monkeypatch):
    teacher = torch.tensor([0.3, -0.2])
    sizes = []
    for temperature in (2.0, 8.0, 64.0):
        monkeypatch.setattr(losses, "TEMPERATURE", temperature)
        student = torch.tensor([-0.4, 0.1], requires_grad=True)
        losses.soft_divergence(student, teacher).sum().backward()
        sizes.append(student.grad.tolist())
    # For small logits sigma(z / T) is 1/2 + z / 4T, so T^2 d/dz is (student - teacher) / 4.
    for size in sizes:
        assert size == pytest.approx([-0.7 / 4, 0.3 / 4], rel=0.03)


def test_the_teacher_counts_fully_until_the_last_tenth_then_fades(losses):
    assert [losses.annealed(share) for share in (0, 0.5, 0.9)] == pytest.approx([1, 1, 1])
    assert losses.annealed(0.95) == pytest.approx(0.5)
    assert losses.annealed(1.0) == 0


def test_only_the_strongest_of_neighbouring_predictions_is_a_target(losses, torch):
    logit = torch.full((1, CELLS), -8.0)
    logit[0, 8 * 2 + 3], logit[0, 8 * 2 + 4], logit[0, 8 * 6 + 6] = 2.0, 1.0, -2.5
    kept = losses.strongest(logit, SIDE_PX, SIDE_PX)[0]
    assert kept[8 * 2 + 3]
    assert kept[8 * 6 + 6]
    assert not kept[8 * 2 + 4]
    # Where nobody is seen nothing is suppressed; other maps know nothing of this one.
    assert kept[0]
    assert kept[64:].all()


def test_cells_worth_asking_about_and_about_as_many_easy_ones_are_chosen(losses, torch):
    teacher, student = torch.full((1, CELLS), -8.0), torch.full((1, CELLS), -8.0)
    teacher[0, 5] = 0.0  # unsure
    teacher[0, 9], student[0, 9] = 7.0, 7.0  # sure, and agreed with
    student[0, 20] = 3.0  # disagrees
    teacher[0, 30] = 0.0  # unsure, but not allowed
    allowed = torch.ones(1, CELLS, dtype=torch.bool)
    allowed[0, 30] = False
    weight = losses.uncertain(student, teacher, allowed, torch.Generator().manual_seed(0))[0]
    assert weight[5] == pytest.approx(1.25)
    assert weight[20] > 0.25
    assert weight[9] == weight[30] == 0
    easy = [
        int((losses.uncertain(student, teacher, allowed, chance)[0] > 0).sum()) - 2
        for chance in map(torch.Generator().manual_seed, range(200))
    ]
    assert sum(easy) / len(easy) == pytest.approx(2, abs=0.4)


def test_a_student_better_than_the_bound_is_left_alone(losses, torch):
    person = torch.tensor([[10.0, 10.0, 30.0, 50.0]])
    teacher = torch.tensor([[[10.0, 10.0, 30.0, 40.0]]]).expand(1, 2, 4)  # overlap 0.75
    student = torch.tensor([[[10.0, 10.0, 30.0, 49.0], [10.0, 10.0, 30.0, 40.4]]])
    assert losses.unbeaten(student, teacher, person[None]).tolist() == [[False, True]]
    nobody = torch.zeros(1, 1, 4)
    assert losses.unbeaten(student, teacher, nobody).all()


def test_hints_count_fully_around_people_little_elsewhere_and_not_where_ignored(
    losses, cells, torch
):
    people = torch.tensor([[[20.0, 20.0, 40.0, 40.0]]])
    allowed = losses.not_ignored(cells, torch.tensor([[[0.0, 0.0, 8.0, 8.0]]]))
    mask = losses.hint_mask(cells, people, allowed)[0]
    fine = mask[:64].reshape(8, 8)
    # Widened by a fifth the box spans 18 to 42: the centres at 20, 28 and 36.
    assert (fine[2:5, 2:5] == 1).all()
    assert fine[0, 0] == 0
    assert fine[0, 1] == pytest.approx(0.1)
    assert int((fine == 1).sum()) == 9


def test_hints_pull_hard_on_people_and_gently_on_the_background(losses, cells, torch):
    sides = (8, 4, 2)
    hints = tuple(torch.ones(1, 3, side, side) for side in sides)
    ours = tuple(torch.zeros(1, 3, side, side, requires_grad=True) for side in sides)
    mask = losses.hint_mask(
        cells, torch.tensor([[[20.0, 20.0, 40.0, 40.0]]]), torch.ones(1, CELLS, dtype=torch.bool)
    )
    losses.hint_loss(ours, hints, mask).backward()
    pull = ours[0].grad[0, 0]
    assert pull[3, 3] == pytest.approx(10 * float(pull[0, 0]), rel=1e-4)


@pytest.fixture
def lesson(torch, distil):
    """Two inputs and what a teacher with random weights says of them."""
    from edge_core.training.detector.batches import Batch
    from edge_core.training.detector.network import PERSON_S, PersonDetector

    torch.manual_seed(5)
    teacher = distil.Teacher(PersonDetector(PERSON_S))
    inputs = torch.rand(2, 3, SIDE_PX, SIDE_PX)
    people = torch.tensor([[[10.0, 8.0, 34.0, 60.0]], [[0.0, 0.0, 0.0, 0.0]]])
    ignored = torch.tensor([[[0.0, 0.0, 0.0, 0.0]], [[-1.0, -1.0, 65.0, 65.0]]])
    return Batch(inputs, people, ignored, teacher(inputs, features=True))


def grad_of(torch, distil, arm, batch, said):
    """Gradients (N, A, 5) of the teacher's part on the student's raw outputs, and its chances."""
    from edge_core.training.detector.assign import Cells
    from edge_core.training.detector.distil_losses import not_ignored
    from edge_core.training.detector.network import PERSON_S

    cells = Cells.of(SIDE_PX, SIDE_PX, torch.device("cpu"))
    raw = torch.zeros(2, CELLS, 5)
    raw[..., 2:4], raw[..., 4] = 1.0, -4.0
    raw.requires_grad_()
    objective = distil.Distilled(arm, PERSON_S, PERSON_S)
    allowed = not_ignored(cells, batch.ignored)
    chance = torch.Generator().manual_seed(0)
    objective._taught(raw, said, cells, allowed, batch, chance).backward()
    return raw.grad


def teachers_answer(torch):
    said = torch.zeros(2, CELLS, 5)
    said[..., 2:4], said[..., 4] = 1.5, -9.0
    said[:, 27, 4] = 1.0
    said[:, 36, 4] = -1.0
    return said


@pytest.mark.parametrize("arm", ["all", "objectness", "uncertain", "uncertain-hints"])
def test_ignored_regions_learn_nothing_from_the_teacher(torch, distil, lesson, arm):
    grad = grad_of(torch, distil, distil.Arm(arm), lesson, teachers_answer(torch))
    assert grad[0].any()
    assert not grad[1].any()


def test_the_selective_arm_moves_chosen_cells_only(torch, distil, lesson):
    grad = grad_of(torch, distil, distil.Arm.UNCERTAIN, lesson, teachers_answer(torch))[0, :, 4]
    everywhere = grad_of(torch, distil, distil.Arm.ALL, lesson, teachers_answer(torch))[0, :, 4]
    # The peak is asked about; its weaker neighbour is suppressed; few easy cells join.
    assert grad[27] < 0
    assert grad[36] == 0
    assert int((grad != 0).sum()) < 0.2 * CELLS
    assert int((everywhere != 0).sum()) == CELLS


def test_boxes_are_taken_over_as_far_as_the_teacher_trusts_them(torch, distil, lesson):
    said = teachers_answer(torch)
    said[:, 0, 4] = -1.0
    grad = grad_of(torch, distil, distil.Arm.OBJECTNESS, lesson, said)[0, :, 2:4].abs().sum(1)
    trust = said[0, [27, 0], 4].sigmoid()
    assert float(grad[27] / grad[0]) == pytest.approx(float(trust[0] / trust[1]), rel=1e-3)
    assert grad[40] < 1e-2 * grad[27]


def test_at_the_very_end_the_labels_are_alone(torch, distil, lesson):
    from edge_core.training.detector.network import PERSON_S, PersonDetector
    from edge_core.training.detector.objective import Labels

    torch.manual_seed(0)
    network = PersonDetector(PERSON_S).eval()
    objective = distil.Distilled(distil.Arm.HINTS, PERSON_S, PERSON_S)
    labels = Labels()(network, lesson, 100, 100).detach()
    assert objective(network, lesson, 100, 100).detach() == pytest.approx(float(labels), rel=1e-4)
    assert objective(network, lesson, 50, 100).detach() > labels


def exported(network, path):
    import onnx

    from edge_core.training.export import export_onnx

    export_onnx(network, path)
    graph = onnx.load(path).graph
    nodes = [(node.op_type, list(node.input), list(node.output)) for node in graph.node]
    return nodes, {item.name: tuple(item.dims) for item in graph.initializer}


def test_every_arm_exports_the_same_graph(torch, distil, lesson, tmp_path):
    from edge_core.training.detector.network import PERSON_S, PersonDetector
    from edge_core.training.loop import Plan, Trainer

    graphs = []
    for arm in distil.Arm:
        torch.manual_seed(0)
        network = PersonDetector(PERSON_S)
        objective = distil.objective_of(arm, PERSON_S, PERSON_S)
        trainer = Trainer(network, lambda _: lesson, Plan(steps=2, steps_a_pass=2), objective)
        trainer.run(lambda *_: None, lambda _: None)
        graphs.append(exported(trainer.averaged, tmp_path / f"{arm}.onnx"))
    assert all(graph == graphs[0] for graph in graphs[1:])


def test_hint_layers_learn_are_kept_in_checkpoints_and_never_ship(torch, distil, lesson, tmp_path):
    from edge_core.training.detector.network import PERSON_S, PersonDetector
    from edge_core.training.loop import Plan, Trainer

    def make():
        torch.manual_seed(0)
        objective = distil.Distilled(distil.Arm.HINTS, PERSON_S, PERSON_S)
        network = PersonDetector(PERSON_S)
        return objective, Trainer(
            network, lambda _: lesson, Plan(steps=2, steps_a_pass=2), objective
        )

    objective, trainer = make()
    before = [value.clone() for value in objective.parameters()]
    trainer.run(lambda *_: None, lambda _: None)
    assert all(not torch.equal(a, b) for a, b in zip(before, objective.parameters(), strict=True))
    trainer.save(tmp_path / "checkpoint.pt")
    other, resumed = make()
    resumed.resume(tmp_path / "checkpoint.pt")
    for name, value in objective.state_dict().items():
        assert torch.equal(value, other.state_dict()[name])
    assert not any("regressors" in name for name in trainer.averaged.state_dict())


def test_a_teacher_read_from_a_file_says_what_the_file_says(torch, distil):
    import numpy as np

    from edge_core.runtime.inference import InferenceSession
    from edge_core.vision.models import find_model

    pytest.importorskip("onnx", reason="onnx is not installed (extra [train])")
    _, path = find_model("person-s", "detector")
    x = np.random.default_rng(0).random((1, 3, SIDE_PX, SIDE_PX), np.float32)
    maps = InferenceSession(path, {"x": x}, provider="cpu").run({"x": x})
    file = np.concatenate([one.reshape(1, 5, -1) for one in maps], axis=2).transpose(0, 2, 1)
    lesson = distil.Teacher.load(path)(torch.from_numpy(x), features=True)
    assert [one.shape[2] for one in lesson.features] == [8, 4, 2]
    # The teacher runs in bfloat16, which keeps eight bits.
    assert np.corrcoef(lesson.raw.numpy().ravel(), file.ravel())[0, 1] > 0.999


def test_what_is_no_detector_of_the_family_is_refused(distil):
    from edge_core.errors import ModelError
    from edge_core.vision.models import MODELS_FOLDER

    pytest.importorskip("onnx", reason="onnx is not installed (extra [train])")
    with pytest.raises(ModelError, match="no detector of this family"):
        distil.Teacher.load(MODELS_FOLDER / "face-s.onnx")
    with pytest.raises(ModelError, match="There is no teacher"):
        distil.Teacher.load(MODELS_FOLDER / "nobody.onnx")
