"""The recipe for age and gender: labels, and three large networks that learnt from them first.

Needs PyTorch: call `edge_core.training.require_extra` before importing this module.
"""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor

from edge_core.errors import ModelError
from edge_core.training.detector.sets import Say, quiet
from edge_core.training.export import export_crop_network, outside_trunk, quantise
from edge_core.training.face.data import HELD_OUT_EVERY, SIDE_PX, Faces, read_faces
from edge_core.training.face.network import (
    ELDER,
    MINOR_YEARS,
    FaceNetwork,
    Shipped,
    both_ways,
    mean_years,
)
from edge_core.training.face.trainer import (
    LABEL_SHARE,
    TEACHER_FROM_YEARS,
    FaceBatches,
    FaceObjective,
    Lesson,
    pixels,
)
from edge_core.training.loop import (
    CHECKPOINT,
    Plan,
    Trainer,
    begin_run,
    learner,
    record_pass,
)
from edge_core.training.warm_start import give_statistics, load_onnx_weights
from edge_core.types import BoolArray, Float32Array

BATCH: Final = 256
PASSES: Final = 600
ELDERS: Final = 3
ELDER_BATCH: Final = 256
ELDER_PASSES: Final = 250
OBJECTED_GENDER: Final = 0.9
"""From how far an elder's word lies off a gender label the label is not believed."""
OBJECTED_YEARS: Final = 25.0
OUTPUTS: Final = ("age_pfemale", "p_minor")
TEMPERATURES: Final = np.exp(np.linspace(np.log(0.2), np.log(4.0), 241))
_STATISTICS_BATCHES: Final = 8
_CALIBRATION_FACES: Final = 128
_YEARS_SHOWN: Final = 10.0


def train_face(
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
    """Train age and gender and write everything to `out`.

    First three large networks, the elders, learn from the labels and a public teacher, each from
    two thirds of the faces. A label that the elder which never saw the face is sure to be wrong is
    believed no more. Then the small network learns from labels and elders.

    `out` receives: elder-0.pt to elder-2.pt, checkpoint.pt (to resume from), curve.png, best.onnx,
    best-int8.onnx and scores.json; no face.

    Args:
        data: folder with `faces` and `teachers`.
        out: folder to write to; made if need be.
        plan: the small network's length and rates, in place of `passes` and `seed`.
        start: what the small network starts from, a shipped ONNX file or a checkpoint of an
            earlier run; random weights when None.
        resume: go on from `out`, with the arguments of the run it is from.
        passes: over the faces; 600 when None, which want a GPU.
        seed: of everything.
        threads: of PyTorch on the CPU.
        say: progress.

    Returns:
        The last pass's step and temperatures, and figures as `score_faces` gives them for the
        held-out faces, which set the temperatures, and for the validation faces, which chose
        nothing.

    Raises:
        ModelError: the teacher, the checkpoint or the file to start from is missing or unfit.
        SourceError: faces are missing.
    """
    begin_run(out, threads)
    every = read_faces(data / "faces" / "train", say("read faces"))
    apart = every.only(every.held_out())
    lesson = read_lesson(every.only(~every.held_out()), data)
    elders = [raised(lesson, k, seed, out, resume, say) for k in range(ELDERS)]
    lesson = doubted(lesson, elders)
    plan = plan or default_plan(lesson, passes or PASSES, seed)
    trainer = student(lesson, elders, plan, out / CHECKPOINT, start, resume)
    trainer.run(Judge(out, apart), say("train"))
    return finish(trainer.averaged, trainer.step, out, apart, data)


def read_lesson(faces: Faces, data: Path) -> Lesson:
    """Labels and the public teacher's word, the faces dealt to the elders that shall not see them.

    Args:
        faces: with labels; the held-out ones left out.
        data: folder with `teachers`.

    Raises:
        ModelError: the teacher is missing.
    """
    from edge_core.training.face.evaluate import RetailTeacher, predicted

    told = predicted(RetailTeacher(data / "teachers").predict, faces.bgr).p_female
    asked = faces.age_years >= TEACHER_FROM_YEARS
    fold = faces.number // HELD_OUT_EVERY % ELDERS
    share = np.ones(len(faces), np.float32)
    return Lesson(faces, fold, share, np.where(asked, told, np.nan).astype(np.float32))


def elder_plan(lesson: Lesson, passes: int = ELDER_PASSES, seed: int = 0) -> Plan:
    """So many passes over two thirds of the faces."""
    a_pass = max(1, len(lesson.faces) * (ELDERS - 1) // ELDERS // ELDER_BATCH)
    return Plan(
        steps=passes * a_pass,
        steps_a_pass=a_pass,
        batch=ELDER_BATCH,
        rate=2e-3,
        warm_up=0.05,
        decay=0.05,
        average=0.995,
        calm=0.15,
        seed=seed,
    )


def raised(
    lesson: Lesson,
    index: int,
    seed: int,
    out: Path,
    resume: bool,
    say: Say = quiet,
) -> FaceNetwork:
    """One elder, taught by the labels of all faces but its fold; its weights are kept in `out`."""
    path = out / f"elder-{index}.pt"
    plan = elder_plan(lesson, seed=seed + index)
    torch.manual_seed(plan.seed)
    elder = FaceNetwork(ELDER)
    seen = lesson.only((lesson.fold != index) & (lesson.fold >= 0))
    trainer = elder_trainer(elder, seen, plan)
    if resume and path.exists():
        trainer.resume(path)
    trainer.run(lambda one, _: one.save(path), say(f"elder {index + 1} of {ELDERS}"))
    grown: FaceNetwork = trainer.averaged
    return grown


def elder_trainer(elder: FaceNetwork, seen: Lesson, plan: Plan) -> Trainer:
    """The shared loop for an elder and the faces it may see."""
    return Trainer(elder, FaceBatches(seen, plan, learner()), plan, FaceObjective())


def doubted(lesson: Lesson, elders: Sequence[FaceNetwork]) -> Lesson:
    """The lesson with each label's part: none where an elder that never saw the face objects.

    Args:
        lesson: from `first_lesson`.
        elders: one a fold.
    """
    share = np.where(lesson.fold >= 0, LABEL_SHARE, 0).astype(np.float32)
    for index, elder in enumerate(elders):
        mine = np.flatnonzero(lesson.fold == index)
        faces = lesson.faces.only(mine)
        age, female, _ = judged(elder, faces)
        p = 1 / (1 + np.exp(-female))
        grown = faces.age_years >= MINOR_YEARS
        objects = grown & (np.abs(p - faces.female) > OBJECTED_GENDER)
        objects |= np.abs(mean_years(age).numpy() - faces.age_years) > OBJECTED_YEARS
        share[mine[objects]] = 0
    return replace(lesson, label_share=share)


def default_plan(lesson: Lesson, passes: int = PASSES, seed: int = 0) -> Plan:
    """So many passes over the faces."""
    a_pass = max(1, len(lesson.faces) // BATCH)
    return Plan(
        steps=passes * a_pass,
        steps_a_pass=a_pass,
        batch=BATCH,
        rate=2e-3,
        decay=0.02,
        average=0.998,
        calm=0.1,
        seed=seed,
    )


def student(
    lesson: Lesson,
    elders: Sequence[FaceNetwork],
    plan: Plan,
    checkpoint: Path,
    start: Path | None = None,
    resume: bool = False,
) -> Trainer:
    """The shared loop for the small network, taught by labels and elders."""
    torch.manual_seed(plan.seed)
    network = FaceNetwork()
    batches = FaceBatches(lesson, plan, learner(), elders=len(elders))
    if start is not None and not resume:
        load_face(network, start)
        if start.suffix == ".onnx":
            settled = (batches(step).inputs.cpu() for step in range(_STATISTICS_BATCHES))
            give_statistics(network, settled)
    trainer = Trainer(network, batches, plan, FaceObjective(elders, network.width))
    if resume:
        trainer.resume(checkpoint)
    return trainer


def load_face(network: FaceNetwork, path: Path) -> None:
    """Start from a shipped ONNX file, or from the averaged weights of a checkpoint.

    Raises:
        ModelError: it is no face network of this shape.
    """
    try:
        if path.suffix == ".onnx":
            load_onnx_weights(network, path)
            _load_heads(network, path)
        else:
            state = torch.load(path, map_location="cpu", weights_only=True)
            network.load_state_dict(state["averaged"])
    except (OSError, RuntimeError, KeyError) as error:
        raise ModelError(
            f"{path} is no face network to start from: {error}",
            "Give a face-s.onnx or the checkpoint.pt of an earlier run, or start from nothing.",
        ) from error


def _load_heads(network: FaceNetwork, path: Path) -> None:
    graph = onnx.load(path).graph
    stored = {item.name: numpy_helper.to_array(item).copy() for item in graph.initializer}
    saved = [node.input[1:] for node in graph.node if node.op_type == "Gemm"]
    heads = (network.age, network.female, network.minor)
    with torch.no_grad():
        for head, (weight, bias) in zip(heads, saved, strict=True):
            head.weight.copy_(torch.from_numpy(stored[weight]))
            head.bias.copy_(torch.from_numpy(stored[bias]))


class Judge:
    """After every pass: judge the averaged weights on held-out faces, draw the curve.

    The last weights ship: a schedule that ends at rest needs no choice among its passes.

    Args:
        out: folder to write to.
        apart: the held-out faces.
    """

    def __init__(self, out: Path, apart: Faces) -> None:
        self._out, self._apart = out, apart

    def __call__(self, trainer: Trainer, loss: float) -> None:
        """Judge the trainer as it is."""
        every_age, every_logit, _ = judged(trainer.averaged, self._apart)
        adults = self._apart.adults()
        age, logit = every_age[torch.from_numpy(adults)], every_logit[adults]
        female, years = self._apart.female[adults] > 0.5, self._apart.age_years[adults]
        scores = {
            "gender": float(((logit > 0) == female).mean()),
            "years": years_wrong(age, years),
            "doubt": cross_entropy(logit, female),
        }
        lines = {
            "gender right": lambda row: row.scores["gender"],
            f"years wrong / {_YEARS_SHOWN:.0f}": lambda row: row.scores["years"] / _YEARS_SHOWN,
        }
        record_pass(trainer, self._out, loss, scores, lines, "held-out adults after each pass")


def finish(network: FaceNetwork, step: int, out: Path, apart: Faces, data: Path) -> dict[str, Any]:
    """Calibrate on held-out faces, export, quantise and score; see `train_face`."""
    from edge_core.training.face.evaluate import model_of, predicted
    from edge_core.training.face.scores import score_faces

    temperatures = calibrated(network, apart)
    best, best_int8 = out / "best.onnx", out / "best-int8.onnx"
    export_crop_network(Shipped(network, **temperatures), best, (SIDE_PX, SIDE_PX), OUTPUTS)
    quantise_face(best, best_int8, apart)
    size = sum(p.numel() for p in network.parameters())
    report: dict[str, Any] = {"step": step, "parameters": size, **temperatures}
    val = read_faces(data / "faces" / "val")
    for path in (best, best_int8):
        predict = model_of(path).predict
        for key, faces in (("held-out", apart), ("val", val)):
            report[f"{path.stem} {key}"] = score_faces(predicted(predict, faces.bgr), faces)
    (out / "scores.json").write_text(json.dumps(report, indent=1), encoding="utf-8")
    return report


def calibrated(network: FaceNetwork, apart: Faces) -> dict[str, float]:
    """The temperatures of `Shipped`, from held-out faces: adults', but for minority."""
    age, logit, minor = judged(network, apart)
    adults = apart.adults()
    return {
        "gender_temperature": best_temperature(logit[adults], apart.female[adults] > 0.5),
        "age_temperature": best_age_temperature(
            age[torch.from_numpy(adults)], apart.age_years[adults]
        ),
        "minor_temperature": best_temperature(minor, apart.age_years < MINOR_YEARS),
    }


def quantise_face(fp32: Path, int8: Path, faces: Faces) -> None:
    """The trunk in integers; the first layer, the pooling and the heads stay FP32.

    Integers would slow the first layer down, which has three channels only.

    Args:
        fp32: file written by `export_crop_network`.
        int8: the file to write.
        faces: that the ranges are taken from.
    """
    nodes = onnx.load(fp32).graph.node
    stem = next(node.name for node in nodes if node.op_type == "Conv")
    keep = [stem, *outside_trunk(fp32)]
    some = faces.bgr[:: max(1, len(faces) // _CALIBRATION_FACES)]
    quantise(fp32, int8, (pixels(chip[None]).numpy() for chip in some), keep=keep)


def judged(network: FaceNetwork, faces: Faces) -> tuple[Tensor, Float32Array, Float32Array]:
    """Mean logits of faces and their mirror images, before any temperature.

    Returns:
        Of ages float (N, 101), of female and of minority float32 (N,).
    """
    device = next(network.parameters()).device
    parts = []
    with torch.no_grad():
        for start in range(0, len(faces), BATCH):
            some = pixels(faces.bgr[start : start + BATCH]).to(device)
            parts.append(both_ways(network.eval(), some))
    age, female, minor = (torch.cat(side).float().cpu() for side in zip(*parts, strict=True))
    return age, female.numpy(), minor.numpy()


def years_wrong(age: Tensor, truth: Float32Array, temperature: float = 1.0) -> float:
    """Mean absolute age error of logits (N, 101) against years (N,)."""
    return float(np.abs(mean_years(age / temperature).numpy() - truth).mean())


def cross_entropy(logit: Float32Array, truth: BoolArray, temperature: float = 1.0) -> float:
    """Mean negative log-likelihood of the labels (N,)."""
    toward = np.where(truth, logit, -logit).astype(np.float64) / temperature
    return float(np.logaddexp(0, -toward).mean())


def best_temperature(logit: Float32Array, truth: BoolArray) -> float:
    """The temperature that makes held-out labels likeliest (Guo et al. 2017, section 4.2)."""
    return float(min(TEMPERATURES, key=lambda t: cross_entropy(logit, truth, float(t))))


def best_age_temperature(age: Tensor, truth: Float32Array) -> float:
    """The temperature at which held-out ages are least wrong."""
    return float(min(TEMPERATURES, key=lambda t: years_wrong(age, truth, float(t))))
