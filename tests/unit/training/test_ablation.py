import json

import numpy as np
import pytest

from edge_core.errors import ModelError
from edge_core.training.detector.pictures import NO_BOXES, Picture


@pytest.fixture
def ablation(torch):
    pytest.importorskip("onnx", reason="onnx is not installed (extra [train])")
    from edge_core.training.detector import ablation

    return ablation


def run_of(arm, seed, ap50, curve=((1, 0.1), (2, 0.2))):
    return {
        "arm": arm,
        "seed": seed,
        "curve": [{"passes": x, "ap50": y} for x, y in curve],
        "scores": {"in-domain": {"ap50": ap50, "ap": ap50 / 2}},
        "seconds": 1.0,
    }


def test_gains_are_paired_by_seed_and_told_against_the_gap(ablation):
    runs = [run_of("none", 0, 0.2), run_of("none", 1, 0.3)]
    runs += [run_of("uncertain", 0, 0.25), run_of("uncertain", 1, 0.37)]
    teacher = {"in-domain": {"ap50": 0.45, "ap": 0.2}}
    arm = ablation.summary(runs, teacher)["arms"]["uncertain"]
    assert arm["sets"]["in-domain"]["gain"]["each"] == pytest.approx([0.05, 0.07])
    assert arm["sets"]["in-domain"]["gap_closed"] == pytest.approx(0.06 / 0.2)
    assert arm["sets"]["in-domain"]["ap50"]["mean"] == pytest.approx(0.31)


def test_passes_lie_between_the_points_of_the_curve(ablation):
    from edge_core.training.detector.ablation_summary import passes_to

    run = run_of("none", 0, 0.4, curve=((1, 0.2), (2, 0.4)))
    passes = [passes_to(run, ap50) for ap50 in (0.3, 0.1)]
    assert passes == pytest.approx([1.5, 0.5])
    assert passes_to(run, 0.5) is None


def test_inputs_are_the_same_in_every_arm_and_each_comes_once_a_pass(ablation, torch):
    from edge_core.training.detector.pool import Pool, PoolBatches

    inputs = torch.arange(6, dtype=torch.uint8)[:, None, None, None].expand(6, 3, 8, 8)
    nobody = torch.zeros(6, 1, 4)
    raw = torch.arange(6.0)[:, None, None].expand(6, 3, 5)
    features = (torch.arange(6.0)[:, None, None, None].expand(6, 2, 1, 1),)
    pool = Pool(inputs, nobody, nobody, raw, features)
    plain, hinted = (PoolBatches(pool, 2, 7, features=wanted) for wanted in (False, True))
    for batches in (plain, hinted):
        seen = [float(x) * 255 for step in range(3) for x in batches(step).inputs[:, 0, 0, 0]]
        assert sorted(seen) == pytest.approx(range(6))
    for step in range(6):
        one, other = plain(step), hinted(step)
        assert torch.equal(one.inputs, other.inputs)
        assert torch.equal(other.lesson.raw[:, 0, 0], one.inputs[:, 0, 0, 0] * 255)
        assert torch.equal(other.lesson.features[0][:, 0, 0, 0], one.inputs[:, 0, 0, 0] * 255)
        assert not one.lesson.features


def test_an_ablation_is_written_taken_up_again_and_kept_to_its_budget(ablation, torch, tmp_path):
    from edge_core.training.detector.batches import Material
    from edge_core.training.detector.distil import Arm
    from edge_core.vision.models import find_model

    rng = np.random.default_rng(0)
    person = np.array([[20, 10, 60, 90]], np.float32)
    picture = Picture(rng.integers(0, 255, (96, 96, 3), dtype=np.uint8), person, NO_BOXES)
    asked = []

    def pictures():
        asked.append(True)
        return Material([picture], lambda _: 0)

    _, teacher = find_model("person-s", "detector")
    budget = ablation.Budget(steps=2, batch=2, pool=4, size_px=64, judged_px=64, judgings=1)
    call = {"arms": (Arm.NONE, Arm.HINTS), "seeds": (0,), "budget": budget}
    sets = {"in-domain": [picture]}
    first = ablation.compare(pictures, sets, tmp_path, teacher, **call)
    assert set(first["arms"]) == {"none", "uncertain-hints"}
    assert json.loads((tmp_path / "ablation.json").read_text("utf-8")) == first
    assert (tmp_path / "ablation.png").stat().st_size > 1000
    assert ablation.compare(pictures, sets, tmp_path, teacher, **call) == first
    assert len(asked) == 1
    call["budget"] = ablation.Budget(steps=3)
    with pytest.raises(ModelError, match="another budget"):
        ablation.compare(pictures, sets, tmp_path, teacher, **call)
