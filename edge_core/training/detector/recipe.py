"""The person detectors' recipe: how long, how fast, from where; `sets` says from which pictures.

Needs PyTorch: call `edge_core.training.require_extra` before importing this module.
"""

import json
import statistics
from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
import torch

from edge_core.errors import ModelError
from edge_core.training.detector.batches import AugmentedBatches, Material
from edge_core.training.detector.distil import Arm, Teacher, objective_of
from edge_core.training.detector.judging import SIZE_PX, judged
from edge_core.training.detector.network import NETWORKS, PERSON_S, PersonDetector
from edge_core.training.detector.pictures import Picture
from edge_core.training.detector.sets import (
    Say,
    judging_sets,
    quiet,
    training_sources,
)
from edge_core.training.detector.widen import widen
from edge_core.training.export import export_onnx, quantise_detector
from edge_core.training.loop import (
    CHECKPOINT,
    Plan,
    Row,
    Trainer,
    begin_run,
    loss_line,
    record_pass,
)
from edge_core.training.warm_start import give_statistics, load_onnx_weights
from edge_core.types import Float32Array
from edge_core.vision.letterbox import Letterbox

PASSES: Final = 40
CALIBRATION_PICTURES: Final = 128
WORKERS: Final = 6
"""Processes that lay inputs out for a GPU; a CPU is busy enough."""
_STATISTICS_BATCHES: Final = 8


def train_detector(
    data: Path,
    out: Path,
    *,
    name: str = "person-s",
    plan: Plan | None = None,
    start: Path | None = None,
    resume: bool = False,
    passes: int | None = None,
    seed: int = 0,
    distil: Path | None = None,
    arm: Arm = Arm.UNCERTAIN,
    threads: int = 1,
    say: Say = quiet,
) -> dict[str, Any]:
    """Train a detector and write everything to `out`.

    `out` receives: checkpoint.pt (to resume from), curve.png, best.onnx and best-int8.onnx,
    scores.json, and labels/ with the teachers' boxes.

    Args:
        data: folder with `detection`, `video` and `teachers`.
        out: folder to write to; made if need be.
        name: one of `edge_core.training.detector.network.NETWORKS`.
        plan: length and rates; when None, `passes` and `seed` make it.
        start: FP32 ONNX file to start from, of the same network or of `person-s`, which is
            widened; None starts anew.
        resume: go on from `out`/checkpoint.pt, with the arguments of the run it is from.
        passes: over the labelled pictures; 40 when None.
        seed: of weights, draws and augmentation.
        distil: teacher of the same family, an ONNX file or a checkpoint; None learns from the
            labels alone.
        arm: how much of the teacher is listened to.
        threads: of PyTorch on the CPU.
        say: progress.

    Returns:
        Scores of best.onnx and best-int8.onnx by set, JSON values.

    Raises:
        ModelError: no network has the name, or a teacher, the checkpoint or the file to start
            from is missing or unfit.
        SourceError: pictures or videos are missing.
    """
    begin_run(out, threads)
    sets = judging_sets(data, out / "labels", say)
    sources = training_sources(data, out / "labels", say)
    if plan is None:
        plan = default_plan(len(sources["labelled"]), passes or PASSES, seed)
    teacher = Teacher.load(distil) if distil is not None and arm is not Arm.NONE else None
    trainer = make_trainer(name, Material.of(sources), plan, out, start, resume, teacher, arm)
    best, best_int8 = out / "best.onnx", out / "best-int8.onnx"
    trainer.run(Judge(out, best, sets), say("train"))
    quantise_detector(best, best_int8, calibration_inputs(_some(sources)))
    report = {
        path.stem: {key: asdict(score) for key, score in judged(path, sets).items()}
        for path in (best, best_int8)
    }
    (out / "scores.json").write_text(json.dumps(report, indent=1), encoding="utf-8")
    return report


def default_plan(labelled: int, passes: int, seed: int = 0) -> Plan:
    """Passes over so many labelled pictures, in larger batches where there is a GPU."""
    if not torch.cuda.is_available():
        a_pass = max(1, labelled // 16)
        return Plan(steps=passes * a_pass, steps_a_pass=a_pass, batch=16, seed=seed)
    a_pass = max(1, labelled // 64)
    # A GPU judges rarely: judging runs on the CPU, and would make it wait.
    often = max(1, passes // 10) * a_pass
    return Plan(steps=passes * a_pass, steps_a_pass=often, batch=64, average=0.998, seed=seed)


def make_trainer(
    name: str,
    material: Material,
    plan: Plan,
    out: Path,
    start: Path | None,
    resume: bool,
    teacher: Teacher | None,
    arm: Arm,
) -> Trainer:
    """A network, its inputs and its objective, ready to run; arguments as in `train_detector`.

    Raises:
        ModelError: see `train_detector`.
    """
    if name not in NETWORKS:
        raise ModelError(f"No network is named {name!r}.", f"Use one of: {', '.join(NETWORKS)}.")
    torch.manual_seed(plan.seed)
    network = PersonDetector(NETWORKS[name])
    checkpoint = out / CHECKPOINT
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    batches = AugmentedBatches(
        material,
        device,
        batch=plan.batch,
        sizes_px=plan.sizes_px,
        calm_from=(1 - plan.calm) * plan.steps,
        seed=plan.seed,
        workers=WORKERS if torch.cuda.is_available() else 0,
    )
    if start is not None and not resume:
        _begin(network, start, plan.seed)
        some = (batches.at(step).inputs for step in range(_STATISTICS_BATCHES))
        give_statistics(network.to(device), some)
    objective = teacher and objective_of(arm, network.spec, teacher.spec, teacher)
    trainer = Trainer(network, batches, plan, objective)
    if resume:
        trainer.resume(checkpoint)
    return trainer


def _begin(network: PersonDetector, start: Path, seed: int) -> None:
    """Take up the file's function: of the same network, or of the small one, widened."""
    small = PersonDetector(PERSON_S)
    try:
        load_onnx_weights(small, start)
    except ModelError:
        load_onnx_weights(network, start)
    else:
        widen(small, network, seed=seed)


class Judge:
    """After every pass: export the averaged weights, score them, keep the best, draw the curve."""

    def __init__(self, out: Path, best: Path, sets: dict[str, list[Picture]]) -> None:
        self._out, self._best, self._sets = out, best, sets

    def __call__(self, trainer: Trainer, loss: float) -> None:
        """See `Trainer.run`."""
        last = self._out / "last.onnx"
        export_onnx(trainer.averaged, last)
        scores = {key: score.ap50 for key, score in judged(last, self._sets).items()}
        before = max((worth(row.scores) for row in trainer.rows), default=0.0)
        if worth(scores) >= before:
            self._best.write_bytes(last.read_bytes())
        lines = {f"{key} AP50": partial(_score, key) for key in scores} | {"loss / 10": loss_line}
        record_pass(trainer, self._out, loss, scores, lines, "validation after each pass")


def _score(key: str, row: Row) -> float:
    return row.scores[key]


def worth(scores: dict[str, float]) -> float:
    """What passes are compared by: the mean AP50 on real pictures, as they are and from afar."""
    return statistics.mean((scores["in-domain"], scores["far"]))


def _some(sources: dict[str, list[Picture]]) -> list[Picture]:
    """Real training pictures for calibration, evenly from both sources."""
    real = (sources["labelled"], sources["video"])
    return [p for part in real for p in part[:: max(1, 2 * len(part) // CALIBRATION_PICTURES)]]


def calibration_inputs(pictures: Sequence[Picture], size_px: int = SIZE_PX) -> list[Float32Array]:
    """Network inputs float32 (1, 3, S, S) that quantisation takes its ranges from."""
    inputs = []
    for picture in pictures:
        size = (picture.bgr.shape[1], picture.bgr.shape[0])
        canvas = Letterbox.plan(size, size_px, square=True).apply(picture.bgr)
        inputs.append(cv2.dnn.blobFromImage(canvas, 1 / 255).astype(np.float32, copy=False))
    return inputs
