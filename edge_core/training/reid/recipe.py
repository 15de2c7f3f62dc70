"""The re-identification recipe: from named crops, and from teachers on crops nobody named.

Where names are learnt from and a GPU does the work, a network of the same family nine times the
size learns first, and is one more teacher to the small one.

Needs PyTorch: call `edge_core.training.require_extra` before importing this module.
"""

import json
import statistics
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
import torch

from edge_core.errors import ModelError
from edge_core.training.detector.pictures import Progress
from edge_core.training.detector.sets import Say, quiet
from edge_core.training.export import export_crop_network, outside_trunk, quantise
from edge_core.training.loop import (
    CHECKPOINT,
    Plan,
    Row,
    Trainer,
    begin_run,
    loss_line,
    record_pass,
)
from edge_core.training.reid.data import Crops, judging_crops
from edge_core.training.reid.evaluate import judge_embedder
from edge_core.training.reid.network import (
    HEIGHT_PX,
    REID_S,
    TUTOR,
    WIDTH_PX,
    ReidLearner,
    ReidNetwork,
    ReidShape,
)
from edge_core.training.reid.tracklets import CROPS_A_TRACK, TRACKS_AT_ONCE
from edge_core.training.reid.trainer import (
    CROPS_EACH,
    PEOPLE,
    Lesson,
    ReidTrainer,
    read_lesson,
)
from edge_core.types import Float32Array

UNNAMED: Final = 56
"""Crops nobody named, in a batch beside the named ones."""
UNNAMED_MOST: Final = 6000
PASSES: Final = 210
TUTOR_SHARE: Final = 1 / 3
"""Of the passes, that the tutor learns for: it needs fewer than the one that learns from it."""
RATE: Final = 2.5e-3
AVERAGE: Final = 0.998
TUTOR_CHECKPOINT: Final = "tutor.pt"
OUTPUT: Final = "e"
CALIBRATION_CROPS: Final = 128


def train_reid(
    data: Path,
    out: Path,
    *,
    plan: Plan | None = None,
    resume: bool = False,
    open_data: bool = False,
    tutor: bool | None = None,
    unnamed_most: int = UNNAMED_MOST,
    passes: int | None = None,
    seed: int = 0,
    threads: int = 1,
    say: Say = quiet,
) -> dict[str, Any]:
    """Train the embedder and write everything to `out`.

    `out` receives: checkpoint.pt and tutor.pt (to resume from), curve.png, best.onnx and
    best-int8.onnx, scores.json; no crop and no embedding.

    Args:
        data: folder with `reid`, `detection`, `video` and `teachers`.
        out: folder to write to; made if need be.
        plan: length and rates; when None, `passes` and `seed` make it.
        resume: go on from `out`/checkpoint.pt, with the arguments of the run it is from.
        open_data: learn from no research-only picture: teachers alone, on the unnamed crops. The
            passes are still judged, and the best one chosen, on the held-out people of `reid`.
        tutor: whether a larger network learns first and helps to teach; when None, where there is
            a GPU. Never without names: it could know no more than the teachers.
        unnamed_most: at most so many unnamed crops.
        passes: over the named crops, or over the unnamed ones where none are named; 210 when None,
            which want a GPU.
        seed: of weights, draws and augmentation.
        threads: of PyTorch on the CPU.
        say: progress.

    Returns:
        `ReidScores` of best.onnx and best-int8.onnx by set, JSON values.

    Raises:
        ModelError: a teacher or the checkpoint is missing.
        SourceError: pictures or videos are missing.
    """
    begin_run(out, threads)
    seed = plan.seed if plan else seed
    lesson = read_lesson(data, unnamed_most, seed, say, open_data=open_data)
    sets = judging_crops(data)
    plan = plan or default_plan(lesson, passes or PASSES, seed)
    if resume and not any((out / name).exists() for name in (CHECKPOINT, TUTOR_CHECKPOINT)):
        raise ModelError(
            f"There is no checkpoint {out / CHECKPOINT}.", "Run without --resume to start anew."
        )
    large = None
    if lesson.named and (torch.cuda.is_available() if tutor is None else tutor):
        brief = replace(plan, steps=max(1, round(TUTOR_SHARE * plan.steps)))
        large = trained_tutor(lesson, brief, out / TUTOR_CHECKPOINT, resume, say("train: tutor"))
    trainer = new_trainer(lesson, plan, REID_S, large)
    if resume and (out / CHECKPOINT).exists():
        trainer.resume(out / CHECKPOINT)
    best, best_int8 = out / "best.onnx", out / "best-int8.onnx"
    trainer.run(_Judge(out, best, sets), say("train"))
    inputs = calibration_inputs(lesson.crops)
    quantise(best, best_int8, inputs, keep=outside_trunk(best), averaged=True)
    report = {
        path.stem: {key: asdict(score) for key, score in judge_embedder(path, sets).items()}
        for path in (best, best_int8)
    }
    (out / "scores.json").write_text(json.dumps(report, indent=1), encoding="utf-8")
    return report


def default_plan(lesson: Lesson, passes: int = PASSES, seed: int = 0) -> Plan:
    """Passes over the named crops, or over the unnamed ones where none are named."""
    batch = PEOPLE * CROPS_EACH + UNNAMED + TRACKS_AT_ONCE * CROPS_A_TRACK
    a_pass = max(1, (lesson.named or len(lesson.crops)) // (PEOPLE * CROPS_EACH))
    return Plan(
        steps=passes * a_pass,
        steps_a_pass=a_pass,
        batch=batch,
        rate=RATE,
        average=AVERAGE,
        seed=seed,
    )


def new_trainer(
    lesson: Lesson, plan: Plan, shape: ReidShape, tutor: ReidNetwork | None = None
) -> ReidTrainer:
    """A trainer at its first step.

    Args:
        lesson: what is learnt from.
        plan: length, rates and the seed of the weights.
        shape: of the network.
        tutor: a trained larger network that helps to teach; None without.
    """
    torch.manual_seed(plan.seed)
    people = len(lesson.people) if lesson.named else 0
    learner = ReidLearner(people, lesson.teacher.shape[1], shape, tutor and tutor.shape)
    return ReidTrainer(learner, lesson, plan, tutor)


def trained_tutor(
    lesson: Lesson, plan: Plan, checkpoint: Path, resume: bool, progress: Progress
) -> ReidNetwork:
    """The large network's averaged weights after the whole plan.

    Args:
        lesson: what it learns from, the small one's lesson.
        plan: length and rates.
        checkpoint: file kept after every pass.
        resume: go on from that file where there is one; a finished tutor is taken as it is.
        progress: told the share done, 0..1.
    """
    trainer = new_trainer(lesson, plan, TUTOR)
    if resume and checkpoint.exists():
        trainer.resume(checkpoint)
    trainer.run(lambda trainer, _: trainer.save(checkpoint), progress)
    network = trainer.averaged.network
    assert isinstance(network, ReidNetwork)
    return network


class _Judge:
    """After every pass: export the averaged weights, score them, keep the best, draw the curve.

    Passes are compared by the mean mAP on held-out people of both sources; the validation
    crops choose nothing.
    """

    def __init__(self, out: Path, best: Path, sets: Mapping[str, Crops]) -> None:
        self._out, self._best, self._sets = out, best, sets

    def __call__(self, trainer: Trainer, loss: float) -> None:
        last = self._out / "last.onnx"
        export_crop_network(trainer.averaged.network, last, (WIDTH_PX, HEIGHT_PX), (OUTPUT,))
        scores: dict[str, float] = {}
        for key, score in judge_embedder(last, self._sets).items():
            scores |= {f"{key} R1": score.rank1, f"{key} mAP": score.mean_ap}
        before = max((worth(row.scores) for row in trainer.rows), default=0.0)
        if worth(scores) >= before:
            self._best.write_bytes(last.read_bytes())
        lines: dict[str, Callable[[Row], float]] = {"loss / 10": loss_line}
        lines |= {f"{key} mAP": partial(_mean_ap, key) for key in self._sets}
        record_pass(trainer, self._out, loss, scores, lines, "after each pass")


def _mean_ap(key: str, row: Row) -> float:
    return row.scores[f"{key} mAP"]


def worth(scores: Mapping[str, float]) -> float:
    """What passes are compared by: the mean mAP on held-out people of both sources."""
    return statistics.mean(scores[f"held-out {source} mAP"] for source in ("CUHK01", "CUHK03"))


def calibration_inputs(crops: Crops) -> list[Float32Array]:
    """Network inputs float32 (1, 3, 192, 96) that quantisation takes its ranges from."""
    some = crops.bgr[:: max(1, len(crops) // CALIBRATION_CROPS)]
    return [
        cv2.dnn.blobFromImage(cv2.resize(crop, (WIDTH_PX, HEIGHT_PX))).astype(
            np.float32, copy=False
        )
        for crop in some
    ]
