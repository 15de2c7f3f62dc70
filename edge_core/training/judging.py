"""Judging detectors: shipped ones, files fresh from training, and the teachers, all alike."""

from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import numpy as np

from edge_core.runtime.inference import InferenceSession
from edge_core.training import require_extra
from edge_core.training.evaluate import Scores, score_detector
from edge_core.training.pictures import Picture
from edge_core.training.sets import Say, judging_sets, quiet
from edge_core.training.teachers import Ensemble
from edge_core.vision import load_detector
from edge_core.vision.detect import Detector
from edge_core.vision.models import find_model

SIZE_PX: Final = 352
SCORE_LEAST: Final = 0.01


def detector_of(path: Path, size_px: int = SIZE_PX) -> Detector:
    """A detector that runs an ONNX file that is in no manifest."""
    shipped, _ = find_model("person-s", "detector")
    spec = shipped.model_copy(update={"name": path.stem, "file": path.name})
    probe = np.zeros((1, 3, size_px, size_px), np.float32)
    session = InferenceSession(path, {spec.input_name: probe}, provider="cpu")
    return Detector(spec, session, size_px=size_px, score=SCORE_LEAST)


def evaluate_detector(
    name: str,
    data: Path,
    *,
    labels: Path | None = None,
    size_px: int | None = None,
    say: Say = quiet,
) -> dict[str, Any]:
    """Judge a shipped detector, an ONNX file, or `teachers`.

    Args:
        name: as in the manifest, the path of an ONNX file, or `teachers`.
        data: folder with `detection`, `video` and `teachers`.
        labels: folder the teachers' boxes are kept in; None keeps nothing.
        size_px: long side of the input; the manifest's when None.
        say: progress.

    Returns:
        JSON values: name, size_px, and under `sets` the `Scores` of each set.

    Raises:
        ModelError, SourceError: the model or the data is missing.
    """
    require_extra("openvino")
    sets = judging_sets(data, labels, say)
    if name == "teachers":
        size, detect = 0, Ensemble(data / "teachers").detect
    elif name.endswith(".onnx"):
        detector = detector_of(Path(name), size_px or SIZE_PX)
        size, detect = detector.size_px, detector.detect
    else:
        detector = load_detector(name, size_px=size_px, score=SCORE_LEAST, provider="cpu")
        size, detect = detector.size_px, detector.detect
    return {
        "name": name,
        "size_px": size,
        "sets": {
            key: asdict(score_detector(detect, pictures, say(key)))
            for key, pictures in sets.items()
        },
    }


def judged(path: Path, sets: dict[str, list[Picture]]) -> dict[str, Scores]:
    """An ONNX file's scores on every set."""
    detector = detector_of(path)
    return {key: score_detector(detector.detect, pictures) for key, pictures in sets.items()}
