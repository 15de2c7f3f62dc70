"""The recipe for age and gender: labels, and a public network's word on grown faces' gender.

Needs PyTorch: call `edge_core.training.require_extra` before importing this module.
"""

import copy
import json
import warnings
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor

from edge_core.errors import ModelError
from edge_core.training.curve import draw_curve
from edge_core.training.detector.sets import Say, quiet
from edge_core.training.export import INPUT
from edge_core.training.face.data import SIDE_PX, Faces, read_faces
from edge_core.training.face.network import MINOR_YEARS, FaceNetwork, Shipped, mean_years
from edge_core.training.face.trainer import FaceTrainer, Lesson, pixels
from edge_core.training.loop import Plan, Row, Trainer
from edge_core.training.warm_start import give_statistics, load_onnx_weights
from edge_core.types import BoolArray, Float32Array

BATCH: Final = 128
PASSES: Final = 40
CHECKPOINT: Final = "checkpoint.pt"
OUTPUTS: Final = ("age_pfemale", "p_minor")
TEMPERATURES: Final = np.exp(np.linspace(np.log(0.2), np.log(4.0), 241))
_STATISTICS_BATCHES: Final = 8
_OPSET: Final = 17
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

    `out` receives: checkpoint.pt (to resume from), curve.png, best.onnx and scores.json; no face.

    Args:
        data: folder with `faces` and `teachers`.
        out: folder to write to; made if need be.
        plan: length and rates, in place of `passes` and `seed`; `default_plan` when None.
        start: what to start from, a shipped ONNX file or a checkpoint of an earlier run; random
            weights when None.
        resume: go on from `out`/checkpoint.pt, with the arguments of the run it is from.
        passes: over the faces; 40 when None.
        seed: of everything.
        threads: of PyTorch on the CPU.
        say: progress.

    Returns:
        The best pass's step and temperatures, and figures as `score_faces` gives them for the
        held-out faces, which chose them, and for the validation faces, which chose nothing.

    Raises:
        ModelError: the teacher, the checkpoint or the file to start from is missing or unfit.
        SourceError: faces are missing.
    """
    from edge_core.training.face.evaluate import model_of, predicted
    from edge_core.training.face.scores import score_faces

    torch.set_num_threads(threads)
    cv2.setNumThreads(threads)
    out.mkdir(parents=True, exist_ok=True)
    lesson, apart = read_lesson(data, say)
    plan = plan or default_plan(lesson, passes or PASSES, seed)
    trainer = _trainer(lesson, plan, out / CHECKPOINT, start, resume)
    judge = _Judge(out, apart)
    trainer.run(judge, say("train"))
    model = model_of(judge.best)
    told = json.loads((out / "best.json").read_text(encoding="utf-8"))
    val = read_faces(data / "faces" / "val")
    report = told | {
        key: score_faces(predicted(model.predict, faces.bgr), faces)
        for key, faces in (("held-out", apart), ("val", val))
    }
    (out / "scores.json").write_text(json.dumps(report, indent=1), encoding="utf-8")
    return report


def read_lesson(data: Path, say: Say) -> tuple[Lesson, Faces]:
    """Faces to learn from with the teacher's word, and the ones held out.

    Args:
        data: folder with `faces` and `teachers`.
        say: progress.

    Raises:
        SourceError: faces are missing.
        ModelError: the teacher is missing.
    """
    from edge_core.training.face.evaluate import RetailTeacher, predicted

    teacher = RetailTeacher(data / "teachers")
    every = read_faces(data / "faces" / "train", say("read faces"))
    faces, apart = every.only(~every.held_out()), every.only(every.held_out())
    return Lesson(faces, predicted(teacher.predict, faces.bgr).p_female), apart


def default_plan(lesson: Lesson, passes: int = PASSES, seed: int = 0) -> Plan:
    """So many passes over the faces."""
    a_pass = max(1, len(lesson.faces) // BATCH)
    return Plan(
        steps=passes * a_pass,
        steps_a_pass=a_pass,
        batch=BATCH,
        rate=1e-3,
        decay=0.02,
        average=0.995,
        calm=0.15,
        seed=seed,
    )


def _trainer(
    lesson: Lesson, plan: Plan, checkpoint: Path, start: Path | None, resume: bool
) -> FaceTrainer:
    torch.manual_seed(plan.seed)
    network = FaceNetwork()
    if start is not None and not resume:
        load_face(network, start)
    trainer = FaceTrainer(network, lesson, plan)
    if resume:
        if not checkpoint.exists():
            raise ModelError(
                f"There is no checkpoint {checkpoint}.", "Run without --resume to start anew."
            )
        trainer.resume(checkpoint)
    elif start is not None and start.suffix == ".onnx":
        settle(trainer, network)
    return trainer


def load_face(network: FaceNetwork, path: Path) -> None:
    """Start from a shipped ONNX file, or from the averaged weights of a checkpoint.

    Heads are read in the order of the file. What an older file's heads do not have (maxima, the
    head for minors) begins without a say.

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
        for head in heads:
            head.weight.zero_()
            head.bias.zero_()
        for head, (weight, bias) in zip(heads, saved, strict=False):
            rows = torch.from_numpy(stored[weight])
            head.weight[:, : rows.shape[1]] = rows
            head.bias.copy_(torch.from_numpy(stored[bias]))


def settle(trainer: FaceTrainer, network: FaceNetwork) -> None:
    """Give the normalisations the statistics of changed faces; what they say stays the same."""
    rng = np.random.default_rng(trainer.plan.seed)
    batches = [trainer.inputs(trainer.draw(rng), rng) for _ in range(_STATISTICS_BATCHES)]
    give_statistics(network, batches)
    trainer.averaged.load_state_dict(network.state_dict())


class _Judge:
    """After every pass: judge the averaged weights, keep and export the best, draw the curve."""

    def __init__(self, out: Path, apart: Faces) -> None:
        self._out, self._apart = out, apart
        self.best = out / "best.onnx"

    def __call__(self, trainer: Trainer, loss: float) -> None:
        network: FaceNetwork = trainer.averaged
        every_age, every_logit, minor = judged(network, self._apart)
        adults = self._apart.adults()
        age, logit = every_age[torch.from_numpy(adults)], every_logit[adults]
        female, years = self._apart.female[adults] > 0.5, self._apart.age_years[adults]
        scores = {
            "gender": float(((logit > 0) == female).mean()),
            "years": years_wrong(age, years),
            "doubt": cross_entropy(logit, female),
        }
        before = min((cost(row.scores) for row in trainer.rows), default=np.inf)
        trainer.rows.append(Row(trainer.step, loss, scores))
        if cost(scores) <= before:
            temperatures = {
                "gender_temperature": best_temperature(logit, female),
                "age_temperature": best_age_temperature(age, years),
                "minor_temperature": best_temperature(minor, self._apart.age_years < MINOR_YEARS),
            }
            size = sum(p.numel() for p in network.parameters())
            told = {"step": trainer.step, "parameters": size, **temperatures}
            (self._out / "best.json").write_text(json.dumps(told), encoding="utf-8")
            export_face(Shipped(network, **temperatures), self.best)
        trainer.save(self._out / CHECKPOINT)
        steps = trainer.plan.steps_a_pass
        lines = {
            "gender right": [(row.step / steps, row.scores["gender"]) for row in trainer.rows],
            f"years wrong / {_YEARS_SHOWN:.0f}": [
                (row.step / steps, row.scores["years"] / _YEARS_SHOWN) for row in trainer.rows
            ],
        }
        title = f"held-out adults after each pass, seed {trainer.plan.seed}"
        draw_curve(self._out / "curve.png", lines, title)


def cost(scores: dict[str, float]) -> float:
    """What passes are compared by: doubt about gender (cross-entropy), and age.

    A year of age error counts as much as 0.03 nats (ours: about what the two vary by together).
    """
    return scores["doubt"] + 0.03 * scores["years"]


def judged(network: FaceNetwork, faces: Faces) -> tuple[Tensor, Float32Array, Float32Array]:
    """Logits before any temperature: of ages float (N, 101), of female and of minority (N,)."""
    device = next(network.parameters()).device
    parts = []
    with torch.no_grad():
        for start in range(0, len(faces), BATCH):
            parts.append(network.eval()(pixels(faces.bgr[start : start + BATCH]).to(device)))
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


def export_face(shipped: Shipped, path: Path) -> None:
    """Write the network with its normalisations folded; only the batch stays free."""
    still = copy.deepcopy(shipped).cpu().float().eval().to(memory_format=torch.contiguous_format)
    free = {name: {0: "n"} for name in (INPUT, *OUTPUTS)}
    with warnings.catch_warnings():
        # The newer exporter needs onnxscript and writes the same graph for this network; the older
        # one warns that it leaves the sizes of the paddings to be folded by the runtime.
        warnings.simplefilter("ignore", DeprecationWarning)
        warnings.simplefilter("ignore", UserWarning)
        torch.onnx.export(
            still,
            (torch.zeros(2, 3, SIDE_PX, SIDE_PX),),
            str(path),
            dynamo=False,
            input_names=[INPUT],
            output_names=list(OUTPUTS),
            dynamic_axes=free,
            opset_version=_OPSET,
        )
