"""The face detector's recipe: how long, how fast; `face_detector_data` says from which pictures.

Needs PyTorch: call `edge_core.training.require_extra` before importing this module.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any, Final

import torch

from edge_core.training.detector.sets import Say, quiet
from edge_core.training.export import export_onnx
from edge_core.training.face_detection.augment import FaceHardness
from edge_core.training.face_detection.data import (
    FacePicture,
    judging_pictures,
    training_pictures,
)
from edge_core.training.face_detection.evaluate import face_detector_of, judged_faces
from edge_core.training.face_detection.network import FaceFinder
from edge_core.training.face_detection.trainer import FaceBatches, FaceObjective
from edge_core.training.loop import (
    CHECKPOINT,
    Plan,
    Row,
    Trainer,
    begin_run,
    learner,
    loss_line,
    record_pass,
)
from edge_core.training.warm_start import give_statistics, load_onnx_weights

BATCH: Final = 64
PASSES: Final = 100
SIZES_PX: Final = (160, 192, 224, 288, 320)
"""A face fills up to seven tenths of an input: the largest show faces as large as they come."""
RATE: Final = 4e-3
_STATISTICS_BATCHES: Final = 8


def train_face_detector(
    data: Path,
    out: Path,
    *,
    plan: Plan | None = None,
    start: Path | None = None,
    resume: bool = False,
    threads: int = 1,
    say: Say = quiet,
) -> dict[str, Any]:
    """Train the face detector and write everything to `out`.

    `out` receives: checkpoint.pt (to resume from), curve.png, best.onnx, scores.json, and labels/
    with the teacher's boxes and points; no picture.

    Args:
        data: folder with `detection`, `video` and `teachers`.
        out: folder to write to; made if need be.
        plan: length and rates; 100 passes over the training pictures when None.
        start: ONNX file of the same network to start from; None starts anew.
        resume: go on from `out`/checkpoint.pt.
        threads: of PyTorch on the CPU.
        say: progress.

    Returns:
        `FaceScores` of best.onnx by set, JSON values.

    Raises:
        ModelError: the teacher, the checkpoint or the file to start from is missing or unfit.
        SourceError: pictures or videos are missing.
    """
    begin_run(out, threads)
    sets = judging_pictures(data, out / "labels", say)
    pictures = training_pictures(data, out / "labels", say)
    if plan is None:
        plan = default_plan(len(pictures))
    trainer = _trainer(pictures, plan, out, start, resume)
    best = out / "best.onnx"
    trainer.run(_Judge(out, best, sets), say("train"))
    scores = judged_faces(face_detector_of(best).detect, sets)
    report = {key: asdict(score) for key, score in scores.items()}
    (out / "scores.json").write_text(json.dumps(report, indent=1), encoding="utf-8")
    return report


def default_plan(pictures: int, passes: int = PASSES) -> Plan:
    """So many passes over the training pictures."""
    a_pass = max(1, pictures // BATCH)
    return Plan(
        steps=passes * a_pass, steps_a_pass=a_pass, batch=BATCH, rate=RATE, sizes_px=SIZES_PX
    )


def _trainer(
    pictures: Sequence[FacePicture], plan: Plan, out: Path, start: Path | None, resume: bool
) -> Trainer:
    torch.manual_seed(plan.seed)
    network = FaceFinder()
    batches = FaceBatches(pictures, plan, FaceHardness(), learner())
    if start is not None and not resume:
        load_onnx_weights(network, start)
        give_statistics(
            network, (batches(step).inputs.cpu() for step in range(_STATISTICS_BATCHES))
        )
    trainer = Trainer(network, batches, plan, FaceObjective())
    if resume:
        trainer.resume(out / CHECKPOINT)
    return trainer


class _Judge:
    """After every pass: export the averaged weights, score them, draw the curve.

    The last weights ship: what is judged on chooses nothing.
    """

    def __init__(self, out: Path, best: Path, sets: dict[str, list[FacePicture]]) -> None:
        self._out, self._best, self._sets = out, best, sets

    def __call__(self, trainer: Trainer, loss: float) -> None:
        export_onnx(trainer.averaged, self._best)
        judged = judged_faces(face_detector_of(self._best).detect, self._sets)
        scores = {key: score.ap50 for key, score in judged.items()}
        lines = {f"{key} AP50": partial(_score, key) for key in scores} | {"loss / 10": loss_line}
        record_pass(trainer, self._out, loss, scores, lines, "validation after each pass")


def _score(key: str, row: Row) -> float:
    return row.scores[key]
