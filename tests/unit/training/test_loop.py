import numpy as np
import pytest

from edge_core.training.detector.pictures import NO_BOXES, Picture


@pytest.fixture
def trainer(torch):
    from edge_core.training.detector.batches import AugmentedBatches, Material
    from edge_core.training.detector.network import PERSON_S, PersonDetector
    from edge_core.training.loop import Plan, Trainer

    bgr = np.random.default_rng(0).integers(0, 255, (60, 80, 3), dtype=np.uint8)
    picture = Picture(bgr, np.array([[20, 10, 40, 50]], np.float32), NO_BOXES)

    def make(steps=4, workers=0):
        torch.manual_seed(0)
        plan = Plan(steps=steps, steps_a_pass=2)
        batches = AugmentedBatches(
            Material([picture], lambda _: 0),
            torch.device("cpu"),
            batch=2,
            sizes_px=(64,),
            calm_from=1,
            seed=0,
            workers=workers,
        )
        return Trainer(PersonDetector(PERSON_S), batches, plan)

    return make


def test_workers_lay_out_the_same_inputs(trainer, torch):
    ahead, plain = (trainer(workers=workers)._batches for workers in (2, 0))
    for step in range(3):
        one, other = ahead(step), plain(step)
        assert torch.equal(one.inputs, other.inputs)
        assert torch.equal(one.people, other.people)
    ahead.close()


def test_a_resumed_run_ends_where_an_unbroken_one_does(trainer, torch, tmp_path):
    whole = trainer()
    whole.run(lambda *_: None, lambda _: None)

    class InterruptedRunError(Exception):
        pass

    def stop(half, _):
        half.save(tmp_path / "checkpoint.pt")
        raise InterruptedRunError

    with pytest.raises(InterruptedRunError):
        trainer().run(stop, lambda _: None)
    resumed = trainer()
    resumed.resume(tmp_path / "checkpoint.pt")
    assert resumed.step == 2
    resumed.run(lambda *_: None, lambda _: None)
    ends = resumed.averaged.state_dict()
    for name, value in whole.averaged.state_dict().items():
        assert torch.allclose(value.float(), ends[name].float(), atol=1e-5), name


def test_the_rate_rises_then_falls_to_a_hundredth(trainer):
    one = trainer(steps=1000)
    rates = []
    for one.step in range(1000):
        rates.append(one.rate())
    top = int(np.argmax(rates))
    assert 20 <= top <= 40
    assert rates[top] == pytest.approx(one.plan.rate, rel=0.05)
    assert rates[-1] == pytest.approx(one.plan.rate / 100, rel=0.05)


def test_passes_are_told_with_their_mean_loss(trainer):
    passes, shares = [], []
    trainer().run(lambda one, loss: passes.append((one.step, loss)), shares.append)
    assert [step for step, _ in passes] == [2, 4]
    assert all(loss > 0 for _, loss in passes)
    assert shares[-1] == 1


def test_the_curve_is_a_picture(tmp_path):
    import cv2

    from edge_core.training.curve import draw_curve

    draw_curve(tmp_path / "curve.png", {"AP50": [(1, 0.2), (2, 0.5)]}, "seed 0")
    drawn = cv2.imread(str(tmp_path / "curve.png"))
    assert drawn.shape == (420, 900, 3)
    assert len(np.unique(drawn.reshape(-1, 3), axis=0)) > 3
