"""The body attributes' recipe: from a public teacher, from faces, and from some hand labels.

Needs PyTorch and OpenVINO: call `edge_core.training.require_extra` before importing this module.
"""

import json
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch

from edge_core.training.body.data import BodyCrops, read_body_crops
from edge_core.training.body.evaluate import body_model_of, judge_by_hand, predicted
from edge_core.training.body.network import BodyNetwork
from edge_core.training.body.scores import fit_calibration
from edge_core.training.body.teacher import HEIGHT_PX, WIDTH_PX, BodyTeacher
from edge_core.training.body.trainer import (
    BodyBatches,
    BodyLesson,
    BodyObjective,
    labels_of,
    make_lesson,
    read_labels,
    taught,
)
from edge_core.training.crop_classifier import (
    calibration_inputs,
    probabilities,
    start_from_detector,
)
from edge_core.training.detector.sets import Say, quiet
from edge_core.training.export import export_crop_network, quantise
from edge_core.training.loop import (
    CHECKPOINT,
    Plan,
    Trainer,
    begin_run,
    learner,
    record_pass,
)
from edge_core.vision.body import BODY_ATTRIBUTES
from edge_core.vision.models import find_model

BATCH: Final = 128
PASSES: Final = 60
STEPS_A_PASS: Final = 50
VIEWS: Final = 8
DETECTOR: Final = "person-s"
OUTPUT: Final = "p"
_STATISTICS_BATCHES: Final = 4


def train_body(
    data: Path,
    out: Path,
    *,
    plan: Plan | None = None,
    start: Path | None = None,
    resume: bool = False,
    passes: int | None = None,
    seed: int = 0,
    threads: int = 1,
    say: Say = quiet,
) -> dict[str, Any]:
    """Train the body attributes and write everything to `out`.

    `out` receives: checkpoint.pt (to resume from), curve.png, best.onnx and best-int8.onnx,
    scores.json; no crop.

    Args:
        data: folder with `detection`, `video` and `teachers`.
        out: folder to write to; made if need be.
        plan: length and rates; made from `passes` and `seed` when None.
        start: FP32 ONNX file of the detector whose trunk is started from; the shipped person-s
            when None.
        resume: go on from `out`/checkpoint.pt.
        passes: of fifty steps each, 128 crops a step; 60 when None.
        seed: of everything.
        threads: of PyTorch on the CPU.
        say: progress.

    Returns:
        Scores of best.onnx and best-int8.onnx by attribute, against the hand labels of the
        validation pictures, JSON values.

    Raises:
        ModelError: a teacher, the checkpoint or the detector is missing or unfit.
        SourceError: pictures or videos are missing.
    """
    begin_run(out, threads)
    if plan is None:
        steps = (passes or PASSES) * STEPS_A_PASS
        plan = Plan(steps, STEPS_A_PASS, batch=BATCH, rate=2e-3, average=0.998, seed=seed)
    crops = read_body_crops(data, say)
    told = labels_of(crops["train"], read_labels())
    teacher = BodyTeacher(data / "teachers")
    by_teacher = taught(crops["train"], teacher, VIEWS, plan.seed, say("teacher"))
    lesson = make_lesson(crops["train"], by_teacher, told)
    trainer = _trainer(lesson, plan, out / CHECKPOINT, start, resume)
    trainer.run(_Judge(out, crops["held-out"]), say("train"))
    return finish(trainer.averaged, out, crops)


def finish(network: BodyNetwork, out: Path, crops: dict[str, BodyCrops]) -> dict[str, Any]:
    """Calibrate, export, quantise and score; see `train_body`.

    Args:
        network: trained; its calibration is set.
        out: folder to write to.
        crops: from `read_body_crops`.
    """
    calibrate(network, crops["held-out"])
    best, best_int8 = out / "best.onnx", out / "best-int8.onnx"
    export_crop_network(network, best, (WIDTH_PX, HEIGHT_PX), (OUTPUT,))
    quantise(best, best_int8, calibration_inputs(crops["train"].plain()))
    report = {
        path.stem: judge_by_hand(predicted(body_model_of(path), crops["val"].plain()), crops["val"])
        for path in (best, best_int8)
    }
    (out / "scores.json").write_text(json.dumps(report, indent=1), encoding="utf-8")
    return report


def _trainer(
    lesson: BodyLesson, plan: Plan, checkpoint: Path, start: Path | None, resume: bool
) -> Trainer:
    torch.manual_seed(plan.seed)
    network = BodyNetwork()
    batches = BodyBatches(lesson, plan, learner())
    trainer = Trainer(network, batches, plan, BodyObjective())
    if resume:
        trainer.resume(checkpoint)
        return trainer
    path = start or find_model(DETECTOR, "detector")[1]
    start_from_detector(network, path, (batches(k).inputs for k in range(_STATISTICS_BATCHES)))
    trainer.averaged.load_state_dict(network.state_dict())
    return trainer


class _Judge:
    """After every pass: score the averaged weights on the held-out hand labels, draw the curve.

    No pass is chosen: held-out labels are too few, and the validation ones are for judging. The
    last averaged weights are kept.
    """

    def __init__(self, out: Path, held_out: BodyCrops) -> None:
        self._out, self._held_out = out, held_out

    def __call__(self, trainer: Trainer, loss: float) -> None:
        p = probabilities(trainer.averaged, self._held_out.plain())
        scores = judge_by_hand(p, self._held_out)
        accuracy = {name: scores[name]["accuracy"] for name in BODY_ATTRIBUTES}
        accuracy["mean"] = float(np.mean(list(accuracy.values())))
        lines = {
            "mean": lambda row: row.scores["mean"],
            "female": lambda row: row.scores["female"],
            "long_sleeves": lambda row: row.scores["long_sleeves"],
            "loss": lambda row: row.loss,
        }
        record_pass(trainer, self._out, loss, accuracy, lines, "held-out accuracy")


def calibrate(network: BodyNetwork, held_out: BodyCrops) -> None:
    """Set the network's scale and shift from the hand labels of held-out crops."""
    network.scale.fill_(1)
    network.shift.zero_()
    p = probabilities(network, held_out.plain())
    truth = labels_of(held_out, read_labels())
    for column in range(len(BODY_ATTRIBUTES)):
        known = np.isfinite(truth[:, column])
        scale, shift = fit_calibration(p[known, column], truth[known, column] >= 0.5)
        network.scale[column], network.shift[column] = scale, shift
