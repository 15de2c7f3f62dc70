"""What distillation is worth: the same student, pictures, steps and seeds, another loss an arm.

Short runs from random weights on inputs made once. A figure here says which loss teaches more in
so many steps; it does not say how good a fully trained student becomes.
"""

import json
import math
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import cv2
import torch

from edge_core.errors import ModelError
from edge_core.training.curve import draw_curve
from edge_core.training.detector.ablation_summary import summary
from edge_core.training.detector.batches import Material
from edge_core.training.detector.distil import Arm, Teacher, objective_of
from edge_core.training.detector.evaluate import IOU_STEPS, average_precision
from edge_core.training.detector.judging import detector_of
from edge_core.training.detector.layout import Hardness
from edge_core.training.detector.network import NETWORKS, NetworkSpec, PersonDetector
from edge_core.training.detector.pictures import Picture
from edge_core.training.detector.pool import Pool, PoolBatches, make_pool
from edge_core.training.detector.sets import (
    Say,
    judging_sets,
    quiet,
    training_sources,
)
from edge_core.training.export import export_onnx
from edge_core.training.loop import Plan, Trainer
from edge_core.types import Detections

HEADLINE: Final = "in-domain"
"""The set that curves, passes and the share of the gap are told for."""
HARDNESS: Final = Hardness(nine=0.15, scale=(0.7, 2.2), far_scale=(0.4, 1.1), spoil=0.3)
"""Larger scales than usual: small inputs then show people as large as at the judging size."""


@dataclass(frozen=True, slots=True)
class Budget:
    """What every run is given.

    Attributes:
        steps: batches of a run.
        batch: inputs a step.
        pool: inputs made once for all runs.
        size_px: side of the inputs.
        judged_px: long side when judged.
        judgings: points of the curve, the end included.
        student: name of the network.
    """

    steps: int = 1500
    batch: int = 32
    pool: int = 8192
    size_px: int = 224
    judged_px: int = 320
    judgings: int = 5
    student: str = "person-s"

    @property
    def passes(self) -> float:
        """How often a run sees each input of the pool."""
        return self.steps * self.batch / self.pool


def ablate(
    data: Path,
    out: Path,
    teacher: Path,
    *,
    arms: Sequence[Arm] = tuple(Arm),
    seeds: Sequence[int] = (0, 1, 2),
    budget: Budget | None = None,
    labels: Path | None = None,
    sets: Mapping[str, list[Picture]] | None = None,
    threads: int = 1,
    say: Say = quiet,
) -> dict[str, Any]:
    """Train a student per arm and seed on the project's data; see `compare`.

    Args:
        data: folder with `detection`, `video` and `teachers`.
        out: folder to write to; made if need be.
        teacher: ONNX file or checkpoint of a larger detector of the family.
        arms: which; `Arm.NONE` is what the others are compared with.
        seeds: of the weights and of the order of the inputs; each is used in every arm.
        budget: of every run.
        labels: folder with the boxes of the labelling detectors; `out`/labels when None.
        sets: what is judged on, `HEADLINE` among them; `judging_sets` when None.
        threads: of PyTorch on the CPU.
        say: progress.

    Returns:
        What ablation.json holds: `budget`, `passes` of a run, and `summary`.

    Raises:
        ModelError: the teacher is missing, or `out` holds runs of another budget.
        SourceError: pictures or videos are missing.
    """
    labels = labels or out / "labels"
    return compare(
        lambda: Material.of(training_sources(data, labels, say), HARDNESS),
        sets or judging_sets(data, labels, say),
        out,
        teacher,
        arms=arms,
        seeds=seeds,
        budget=budget or Budget(),
        threads=threads,
        say=say,
    )


def compare(
    material: Callable[[], Material],
    sets: Mapping[str, list[Picture]],
    out: Path,
    teacher: Path,
    *,
    arms: Sequence[Arm],
    seeds: Sequence[int],
    budget: Budget,
    threads: int = 1,
    say: Say = quiet,
) -> dict[str, Any]:
    """Train a student per arm and seed; write ablation.json and ablation.png to `out`.

    Runs that are finished are kept in `out`/runs and not done again; the teacher is copied to
    `out` at first and taken from there afterwards, so that it stays the same. Arguments are those
    of `ablate`, but for `material`, which is called only when a run is missing.
    """
    torch.set_num_threads(threads)
    cv2.setNumThreads(threads)
    (out / "runs").mkdir(parents=True, exist_ok=True)
    _same_budget(out / "budget.json", budget)
    kept = out / "teacher.onnx"
    if not kept.exists():
        export_onnx(Teacher.load(teacher).network, kept)
    missing = [(arm, seed) for seed in seeds for arm in arms if not _file(out, arm, seed).exists()]
    if missing:
        guide = Teacher.load(kept)
        hints = any(arm is Arm.HINTS for arm, _ in missing)
        # The pictures are let go of once the pool is made: they need more memory than it.
        pool = make_pool(
            material(),
            guide,
            budget.pool,
            budget.size_px,
            features=hints,
            device=torch.device("cuda" if torch.cuda.is_available() else "cpu"),
            progress=say("pool"),
        )
        for arm, seed in missing:
            run = _run(arm, seed, pool, guide.spec, budget, sets, out, say)
            _file(out, arm, seed).write_text(json.dumps(run, indent=1), encoding="utf-8")
    runs = [json.loads(_file(out, arm, seed).read_text("utf-8")) for seed in seeds for arm in arms]
    found = {
        "budget": asdict(budget),
        "passes": budget.passes,
        **summary(runs, _scores(kept, sets, budget.judged_px)),
    }
    (out / "ablation.json").write_text(json.dumps(found, indent=1), encoding="utf-8")
    _draw(out / "ablation.png", runs, budget)
    return found


def _file(out: Path, arm: Arm, seed: int) -> Path:
    return out / "runs" / f"{arm}-{seed}.json"


def _same_budget(path: Path, budget: Budget) -> None:
    if path.exists() and json.loads(path.read_text("utf-8")) != asdict(budget):
        raise ModelError(
            f"{path.parent} holds runs of another budget, which cannot be compared.",
            "Give another folder, or the same budget.",
        )
    path.write_text(json.dumps(asdict(budget), indent=1), encoding="utf-8")


def _run(
    arm: Arm,
    seed: int,
    pool: Pool,
    teacher: NetworkSpec,
    budget: Budget,
    sets: Mapping[str, list[Picture]],
    out: Path,
    say: Say,
) -> dict[str, Any]:
    """Train and judge one student; JSON values."""
    torch.manual_seed(seed)
    spec = NETWORKS[budget.student]
    # The student first: its weights are then the same in every arm.
    network = PersonDetector(spec)
    objective = objective_of(arm, spec, teacher)
    plan = Plan(
        steps=budget.steps,
        steps_a_pass=math.ceil(budget.steps / budget.judgings),
        batch=budget.batch,
        seed=seed,
    )
    batches = PoolBatches(pool, budget.batch, seed, features=arm is Arm.HINTS)
    student, points = out / "runs" / f"{arm}-{seed}.onnx", []
    headline = sets[HEADLINE]

    def passed(trainer: Trainer, loss: float) -> None:
        export_onnx(trainer.averaged, student)
        at = trainer.step * budget.batch / budget.pool
        found = _found(student, headline, budget.judged_px)
        points.append({"passes": at, "loss": loss, "ap50": average_precision(found, headline)})

    start = time.monotonic()
    Trainer(network, batches, plan, objective).run(passed, say(f"{arm}, seed {seed}"))
    return {
        "arm": str(arm),
        "seed": seed,
        "curve": points,
        "scores": _scores(student, sets, budget.judged_px),
        "seconds": round(time.monotonic() - start, 1),
    }


def _scores(
    path: Path, sets: Mapping[str, list[Picture]], size_px: int
) -> dict[str, dict[str, float]]:
    scores = {}
    for name, pictures in sets.items():
        found = _found(path, pictures, size_px)
        each = [average_precision(found, pictures, least) for least in IOU_STEPS]
        scores[name] = {"ap50": each[0], "ap": statistics.mean(each)}
    return scores


def _found(path: Path, pictures: Sequence[Picture], size_px: int) -> list[Detections]:
    detect = detector_of(path, size_px).detect
    return [one for picture in pictures for one in detect([picture.bgr])]


def _draw(path: Path, runs: Sequence[Mapping[str, Any]], budget: Budget) -> None:
    """Mean AP50 of every arm over the passes."""
    lines: dict[str, list[tuple[float, float]]] = {}
    for arm in dict.fromkeys(run["arm"] for run in runs):
        curves = [run["curve"] for run in runs if run["arm"] == arm]
        lines[arm] = [
            (points[0]["passes"], statistics.mean(point["ap50"] for point in points))
            for points in zip(*curves, strict=True)
        ]
    top = max(value for points in lines.values() for _, value in points)
    draw_curve(
        path,
        lines,
        f"{budget.student}: AP50 {HEADLINE}, mean of the seeds, {budget.steps} steps",
        most=max(0.1, math.ceil(top * 10) / 10),
        below="passes over the pool of inputs",
    )
