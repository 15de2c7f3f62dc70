"""The action classifier's recipe: simulated shoppers at rails, from the detector's trunk.

Needs PyTorch: call `edge_core.training.require_extra` before importing this module.
"""

import copy
import json
import warnings
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
import torch

from edge_core.errors import ModelError
from edge_core.training.action.data import (
    ActionCrops,
    Span,
    real_crops,
    simulate_crops,
)
from edge_core.training.action.evaluate import TEST, action_model_of, judged, predicted
from edge_core.training.action.network import ActionNetwork, start_from_detector
from edge_core.training.action.scores import (
    FLOOR_ALONE,
    FLOOR_WITH_TAGS,
    operating_point,
)
from edge_core.training.action.trainer import ActionTrainer
from edge_core.training.body.scores import average_precision, fit_calibration
from edge_core.training.curve import draw_curve
from edge_core.training.detector.sets import Say, quiet
from edge_core.training.export import INPUT, quantise
from edge_core.training.loop import Plan, Row, Trainer
from edge_core.types import Float32Array
from edge_core.vision.action import HEIGHT_PX, WIDTH_PX
from edge_core.vision.models import find_model

BATCH: Final = 48
PASSES: Final = 9
STEPS_A_PASS: Final = 100
CHECKPOINT: Final = "checkpoint.pt"
DETECTOR: Final = "person-s"
OUTPUT: Final = "p"
TRAIN: Final = tuple(Span(1000 + n, 75.0, 1.0) for n in range(16))
CHOOSE: Final = (
    *(Span(1100 + n, 120.0, 1.0, own_cameras=True, detected=True) for n in range(4)),
    *(Span(1100 + n, 60.0, 1.0, detected=True) for n in range(4)),
)
"""Calibration and thresholds are chosen on these."""
CALIBRATION_CROPS: Final = 128
_OPSET: Final = 17
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
        passes: of a hundred steps each, 48 crops a step; 9 when None.
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
    torch.set_num_threads(threads)
    cv2.setNumThreads(threads)
    out.mkdir(parents=True, exist_ok=True)
    if plan is None:
        steps = (passes or PASSES) * STEPS_A_PASS
        plan = Plan(steps, STEPS_A_PASS, batch=BATCH, rate=1.5e-3, average=0.995, seed=seed)
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
    export_action(network, best)
    quantise(best, best_int8, calibration_inputs(crops["train"]))
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
        if not checkpoint.exists():
            raise ModelError(
                f"There is no checkpoint {checkpoint}.", "Run without --resume to start anew."
            )
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
        p = probabilities(trainer.averaged, self._crops)
        scores = {"AP": average_precision(p, self._crops.handling)}
        trainer.rows.append(Row(trainer.step, loss, scores))
        trainer.save(self._out / CHECKPOINT)
        steps = trainer.plan.steps_a_pass
        lines = {
            "AP": [(row.step / steps, row.scores["AP"]) for row in trainer.rows],
            "loss": [(row.step / steps, row.loss) for row in trainer.rows],
        }
        draw_curve(self._out / "curve.png", lines, f"average precision, seed {trainer.plan.seed}")


def probabilities(network: ActionNetwork, crops: ActionCrops) -> Float32Array:
    """What a network says of crops, float32 (N,)."""
    device = next(network.parameters()).device
    plain, parts = crops.plain(), []
    with torch.no_grad():
        for begin in range(0, len(crops), BATCH):
            some = torch.from_numpy(plain[begin : begin + BATCH].copy()).to(device)
            parts.append(network.eval()(some.permute(0, 3, 1, 2).float())[:, 0].cpu().numpy())
    return np.concatenate(parts)


def calibrate(network: ActionNetwork, crops: ActionCrops) -> None:
    """Set the network's scale and shift from crops at the shop's own share of handling."""
    network.scale.fill_(1)
    network.shift.zero_()
    scale, shift = fit_calibration(probabilities(network, crops), crops.handling)
    network.scale.fill_(scale)
    network.shift.fill_(shift)


def export_action(network: ActionNetwork, path: Path) -> None:
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


def calibration_inputs(crops: ActionCrops) -> list[Float32Array]:
    """Network inputs float32 (1, 3, 160, 96) that quantisation takes its ranges from."""
    some = crops.plain()[:: max(1, len(crops) // CALIBRATION_CROPS)]
    return [np.ascontiguousarray(one.transpose(2, 0, 1)[None], np.float32) for one in some]
