"""The body attributes' recipe: from a public teacher, from faces, and from some hand labels.

Needs PyTorch and OpenVINO: call `edge_core.training.require_extra` before importing this module.
"""

import copy
import json
import warnings
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
import torch

from edge_core.errors import ModelError
from edge_core.training.body.data import BodyCrops, read_body_crops
from edge_core.training.body.evaluate import body_model_of, judge_by_hand, predicted
from edge_core.training.body.network import BodyNetwork, start_from_detector
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
from edge_core.training.curve import draw_curve
from edge_core.training.detector.sets import Say, quiet
from edge_core.training.export import INPUT, quantise
from edge_core.training.loop import Plan, Row, Trainer, learner
from edge_core.types import Float32Array
from edge_core.vision.body import BODY_ATTRIBUTES
from edge_core.vision.models import find_model

BATCH: Final = 128
PASSES: Final = 60
STEPS_A_PASS: Final = 50
VIEWS: Final = 8
CHECKPOINT: Final = "checkpoint.pt"
DETECTOR: Final = "person-s"
OUTPUT: Final = "p"
CALIBRATION_CROPS: Final = 128
_OPSET: Final = 17
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
    torch.set_num_threads(threads)
    cv2.setNumThreads(threads)
    out.mkdir(parents=True, exist_ok=True)
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
    export_body(network, best)
    quantise(best, best_int8, calibration_inputs(crops["train"]))
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
        if not checkpoint.exists():
            raise ModelError(
                f"There is no checkpoint {checkpoint}.", "Run without --resume to start anew."
            )
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
        p = probabilities(trainer.averaged, self._held_out)
        scores = judge_by_hand(p, self._held_out)
        accuracy = {name: scores[name]["accuracy"] for name in BODY_ATTRIBUTES}
        accuracy["mean"] = float(np.mean(list(accuracy.values())))
        trainer.rows.append(Row(trainer.step, loss, accuracy))
        trainer.save(self._out / CHECKPOINT)
        steps = trainer.plan.steps_a_pass
        lines = {
            name: [(row.step / steps, row.scores[name]) for row in trainer.rows]
            for name in ("mean", "female", "long_sleeves")
        }
        lines["loss"] = [(row.step / steps, row.loss) for row in trainer.rows]
        draw_curve(self._out / "curve.png", lines, f"held-out accuracy, seed {trainer.plan.seed}")


def probabilities(network: BodyNetwork, crops: BodyCrops) -> Float32Array:
    """What a network says of crops, float32 (N, 8)."""
    device = next(network.parameters()).device
    parts = []
    with torch.no_grad():
        for begin in range(0, len(crops), BATCH):
            some = torch.from_numpy(crops.plain()[begin : begin + BATCH].copy()).to(device)
            parts.append(network.eval()(some.permute(0, 3, 1, 2).float()).cpu().numpy())
    return np.concatenate(parts)


def calibrate(network: BodyNetwork, held_out: BodyCrops) -> None:
    """Set the network's scale and shift from the hand labels of held-out crops."""
    network.scale.fill_(1)
    network.shift.zero_()
    p = probabilities(network, held_out)
    truth = labels_of(held_out, read_labels())
    for column in range(len(BODY_ATTRIBUTES)):
        known = np.isfinite(truth[:, column])
        scale, shift = fit_calibration(p[known, column], truth[known, column] >= 0.5)
        network.scale[column], network.shift[column] = scale, shift


def export_body(network: BodyNetwork, path: Path) -> None:
    """Write the network with its normalisations folded; only the batch stays free."""
    still = copy.deepcopy(network).cpu().float().eval().to(memory_format=torch.contiguous_format)
    with warnings.catch_warnings():
        # The newer exporter needs onnxscript and writes the same graph for this network.
        warnings.simplefilter("ignore", DeprecationWarning)
        torch.onnx.export(
            still,
            (torch.zeros(2, 3, HEIGHT_PX, WIDTH_PX),),
            str(path),
            dynamo=False,
            input_names=[INPUT],
            output_names=[OUTPUT],
            dynamic_axes={INPUT: {0: "n"}, OUTPUT: {0: "n"}},
            opset_version=_OPSET,
        )


def calibration_inputs(crops: BodyCrops) -> list[Float32Array]:
    """Network inputs float32 (1, 3, 160, 80) that quantisation takes its ranges from."""
    some = crops.plain()[:: max(1, len(crops) // CALIBRATION_CROPS)]
    return [np.ascontiguousarray(one.transpose(2, 0, 1)[None], np.float32) for one in some]
