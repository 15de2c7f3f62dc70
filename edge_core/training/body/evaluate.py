"""Judging body attributes: against what a person saw, and against the teacher."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np

from edge_core.runtime.inference import InferenceSession
from edge_core.training import require_extra
from edge_core.training.body.data import BodyCrops, read_body_crops
from edge_core.training.body.scores import score_attribute
from edge_core.training.body.teacher import HEIGHT_PX, WIDTH_PX, BodyTeacher
from edge_core.training.body.trainer import labels_of, read_labels
from edge_core.training.detector.sets import Say, quiet
from edge_core.training.reid.data import Crops, judging_crops
from edge_core.types import Float32Array, ImageArray, Int64Array
from edge_core.vision import load_body_attributes
from edge_core.vision.body import BODY_ATTRIBUTES, BodyAttributeModel
from edge_core.vision.models import ModelSpec

TEACHER: Final = "teacher"
_BATCH: Final = 32


def body_model_of(path: Path) -> BodyAttributeModel:
    """A model that runs an ONNX file that is in no manifest."""
    spec = ModelSpec(
        name="candidate",
        file=path.name,
        sha256="0" * 64,
        kind="body-attributes",
        input_name="x",
        input_size_px=(WIDTH_PX, HEIGHT_PX),
        input_layout="N,3,160,80 float32, BGR 0..255",
        output="p: N,8 float32",
        precision="fp32",
        provider="CPU",
        licence="Apache-2.0",
        data_licence="CC-BY-4.0",
        data_terms="any-use",
        card="body-s.md",
    )
    probe = {"x": np.zeros((1, 3, HEIGHT_PX, WIDTH_PX), np.float32)}
    return BodyAttributeModel(spec, InferenceSession(path, probe, provider="cpu"))


def predicted(model: BodyAttributeModel, bgr: ImageArray) -> Float32Array:
    """Probabilities float32 (N, 8) of many crops, a few at a time."""
    parts = [
        model.predict(list(bgr[i : i + _BATCH])).probability for i in range(0, len(bgr), _BATCH)
    ]
    return np.concatenate(parts)


def score_attributes(
    p: Float32Array, truth: Float32Array, run: Int64Array
) -> dict[str, dict[str, Any]]:
    """Figures by attribute, JSON values.

    Args:
        p: float32 (N, 8), probabilities.
        truth: float32 (N, 8), 1, 0, or NaN where nobody knows.
        run: int64 (N,), crops that hang together share it.
    """
    scores = {}
    for column, name in enumerate(BODY_ATTRIBUTES):
        known = np.isfinite(truth[:, column])
        scores[name] = asdict(
            score_attribute(p[known, column], truth[known, column] >= 0.5, run[known])
        )
    return scores


def judge_by_hand(p: Float32Array, crops: BodyCrops) -> dict[str, dict[str, Any]]:
    """Against the hand labels among the crops."""
    return score_attributes(p, labels_of(crops, read_labels()), crops.run)


def evaluate_body(name: str, data: Path, *, say: Say = quiet) -> dict[str, Any]:
    """Judge a shipped model, an ONNX file, or the `teacher`.

    Args:
        name: as in the manifest, the path of an ONNX file, or `teacher`.
        data: folder with `detection`, `video`, `teachers` and `reid`.
        say: progress.

    Returns:
        JSON values: name; under `by_hand` figures against the hand labels of the validation
        pictures; under `by_teacher`, by set, against the teacher's answers, and its mean absolute
        difference in probability under `distance`. The crops of `reid` are another domain.

    Raises:
        ModelError, SourceError: the model or the data is missing.
    """
    require_extra("openvino")
    teacher = BodyTeacher(data / "teachers")
    model = None
    if name.endswith(".onnx"):
        model = body_model_of(Path(name))
    elif name != TEACHER:
        model = load_body_attributes(name, provider="cpu")
    crops = read_body_crops(data, say)
    return {"name": name, **judged(model, teacher, crops, judging_crops(data), say)}


def judged(
    model: BodyAttributeModel | None,
    teacher: BodyTeacher,
    crops: Mapping[str, BodyCrops],
    strangers: Mapping[str, Crops],
    say: Say = quiet,
) -> dict[str, Any]:
    """The figures of `evaluate_body`.

    Args:
        model: to judge; None judges the teacher itself.
        teacher: to compare with.
        crops: `val` and `held-out` of `read_body_crops`.
        strangers: crops of another domain, by set.
        say: progress.
    """
    pictures = {key: (crops[key].plain(), crops[key].run) for key in ("val", "held-out")}
    for key, some in strangers.items():
        small = np.stack([cv2.resize(one, (WIDTH_PX, HEIGHT_PX)) for one in some.bgr])
        pictures[f"reid {key}"] = (np.asarray(small, np.uint8), some.identity)
    asked = {key: teacher(bgr, say(f"teacher: {key}")) for key, (bgr, _) in pictures.items()}
    answers = asked
    if model is not None:
        answers = {key: predicted(model, bgr) for key, (bgr, _) in pictures.items()}
    by_teacher = {}
    for key, p in answers.items():
        scores = score_attributes(p, np.round(asked[key]), pictures[key][1])
        for column, attribute in enumerate(BODY_ATTRIBUTES):
            distance = abs(p[:, column] - asked[key][:, column]).mean()
            scores[attribute]["distance"] = float(distance)
        by_teacher[key] = scores
    return {"by_hand": judge_by_hand(answers["val"], crops["val"]), "by_teacher": by_teacher}
