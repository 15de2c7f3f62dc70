"""The action classifier's recipe: simulated shoppers at rails, from the detector's trunk.

Needs PyTorch: call `edge_core.training.require_extra` before importing this module.
"""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch

from edge_core.training.action.data import (
    ActionCrops,
    Span,
    real_crops,
    simulate_crops,
)
from edge_core.training.action.evaluate import TEST, action_model_of, judged, predicted
from edge_core.training.action.network import ActionNetwork
from edge_core.training.action.scores import (
    FLOOR_ALONE,
    FLOOR_WITH_TAGS,
    operating_point,
)
from edge_core.training.action.trainer import ActionTrainer
from edge_core.training.body.scores import average_precision, fit_calibration
from edge_core.training.crop_classifier import (
    calibration_inputs,
    probabilities,
    start_from_detector,
)
from edge_core.training.detector.sets import Say, quiet
from edge_core.training.export import export_crop_network, quantise
from edge_core.training.loop import CHECKPOINT, Plan, Trainer, begin_run, record_pass
from edge_core.vision.action import HEIGHT_PX, WIDTH_PX
from edge_core.vision.models import find_model

BATCH: Final = 64
PASSES: Final = 35
STEPS_A_PASS: Final = 100
DETECTOR: Final = "person-s"
OUTPUT: Final = "p"
TRAIN: Final = tuple(Span(3000 + n, 75.0, 2.5) for n in range(160))
CHOOSE: Final = (
    *(Span(1100 + n, 120.0, 1.0, own_cameras=True) for n in range(4)),
    *(Span(1100 + n, 60.0, 1.0) for n in range(4)),
)
"""Calibration and thresholds are chosen on these."""
_STATISTICS_BATCHES: Final = 4


def train_action(
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
    """Train the action classifier and write everything to `out`.

    `out` receives: checkpoint.pt (to resume from), curve.png, best.onnx and best-int8.onnx,
    scores.json; no crop.

    Args:
        data: folder with `video`, for false alarms on real people; nothing is learnt from it.
        out: folder to write to; made if need be.
        plan: length and rates; made from `passes` and `seed` when None.
        start: FP32 ONNX file of the detector whose trunk is started from; the shipped person-s
            when None.
        resume: go on from `out`/checkpoint.pt.
        passes: of a hundred steps each, 64 crops a step; 35 when None.
        seed: of everything but the simulated shoppers, who are always the same.
        threads: of PyTorch on the CPU.
        say: progress.

    Returns:
        Scores of best.onnx and best-int8.onnx, JSON values; see `evaluate_action`. Under `chosen`
        the thresholds of highest recall above the floors of precision; None where there is none.

    Raises:
        ModelError: the checkpoint or the detector is missing or unfit.
        SourceError: a video is missing.
    """
    begin_run(out, threads)
    if plan is None:
        steps = (passes or PASSES) * STEPS_A_PASS
        plan = Plan(steps, STEPS_A_PASS, batch=BATCH, rate=1.5e-3, average=0.997, seed=seed)
    crops = {
        "train": simulate_crops(TRAIN, say("simulate: train")),
        "choose": simulate_crops(CHOOSE, say("simulate: choose")),
        "test": simulate_crops(TEST, say("simulate: test")),
    }
    trainer = _trainer(crops["train"], plan, out / CHECKPOINT, start, resume)
    trainer.run(_Judge(out, crops["choose"]), say("train"))
    return finish(trainer.averaged, out, crops, data / "video", say)


def finish(
    network: ActionNetwork, out: Path, crops: dict[str, ActionCrops], videos: Path, say: Say = quiet
) -> dict[str, Any]:
    """Calibrate, export, quantise, choose thresholds and score; see `train_action`.

    Args:
        network: trained; its calibration is set.
        out: folder to write to.
        crops: `train`, `choose` and `test`.
        videos: folder of the real clips.
        say: progress.
    """
    calibrate(network, crops["choose"])
    best, best_int8 = out / "best.onnx", out / "best-int8.onnx"
    export_crop_network(network, best, (WIDTH_PX, HEIGHT_PX), (OUTPUT,))
    quantise(best, best_int8, calibration_inputs(crops["train"].plain()))
    real, report = real_crops(videos, say("real")), {}
    for path in (best, best_int8):
        model = action_model_of(path)
        p, truth = predicted(model, crops["choose"].plain()), crops["choose"].handling
        points = {
            "alone": operating_point(p, truth, FLOOR_ALONE),
            "with tags": operating_point(p, truth, FLOOR_WITH_TAGS),
        }
        chosen = {name: point and asdict(point) for name, point in points.items()}
        report[path.stem] = {"chosen": chosen, **judged(model, crops["test"], real)}
    (out / "scores.json").write_text(json.dumps(report, indent=1), encoding="utf-8")
    return report


def _trainer(
    crops: ActionCrops, plan: Plan, checkpoint: Path, start: Path | None, resume: bool
) -> ActionTrainer:
    torch.manual_seed(plan.seed)
    network = ActionNetwork()
    trainer = ActionTrainer(network, crops, plan)
    if resume:
        trainer.resume(checkpoint)
        return trainer
    path = start or find_model(DETECTOR, "detector")[1]
    rng = np.random.default_rng(plan.seed)
    batches = [trainer.batch(rng)[0] for _ in range(_STATISTICS_BATCHES)]
    start_from_detector(network, path, batches)
    trainer.averaged.load_state_dict(network.state_dict())
    return trainer


class _Judge:
    """After every pass: score the averaged weights and draw the curve; the last ones are kept."""

    def __init__(self, out: Path, crops: ActionCrops) -> None:
        self._out, self._crops = out, crops

    def __call__(self, trainer: Trainer, loss: float) -> None:
        p = probabilities(trainer.averaged, self._crops.plain())[:, 0]
        scores = {"AP": average_precision(p, self._crops.handling)}
        lines = {"AP": lambda row: row.scores["AP"], "loss": lambda row: row.loss}
        record_pass(trainer, self._out, loss, scores, lines, "average precision")


def calibrate(network: ActionNetwork, crops: ActionCrops) -> None:
    """Set the network's scale and shift from crops at the shop's own share of handling."""
    network.scale.fill_(1)
    network.shift.zero_()
    scale, shift = fit_calibration(probabilities(network, crops.plain())[:, 0], crops.handling)
    network.scale.fill_(scale)
    network.shift.fill_(shift)
