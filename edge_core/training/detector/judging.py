"""Judging detectors: shipped ones, files fresh from training, and the teachers, all alike."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import numpy as np

from edge_core.runtime.inference import InferenceSession, input_dtype
from edge_core.training import require_extra
from edge_core.training.detector.evaluate import Scores, score_detector
from edge_core.training.detector.pictures import Picture
from edge_core.training.detector.sets import Say, judging_sets, quiet
from edge_core.training.detector.teachers import Ensemble
from edge_core.vision import load_detector
from edge_core.vision.detect import Detector, network_input
from edge_core.vision.models import find_model

SIZE_PX: Final = 352
SCORE_LEAST: Final = 0.01


def detector_of(path: Path, size_px: int = SIZE_PX) -> Detector:
    """A detector that runs an ONNX file that is in no manifest.

    Raises:
        ModelError: the file is no usable model.
    """
    shipped, _ = find_model("person-s", "detector")
    dtype = input_dtype(path, shipped.input_name)
    spec = shipped.model_copy(
        update={"name": path.stem, "file": path.name, "input_dtype": dtype.name}
    )
    probe = {spec.input_name: network_input(spec, np.zeros((size_px, size_px, 3), np.uint8))}
    session = InferenceSession(path, probe, provider="cpu")
    return Detector(spec, session, size_px=size_px, score=SCORE_LEAST)


def evaluate_detector(
    name: str,
    data: Path,
    *,
    labels: Path | None = None,
    size_px: int | None = None,
    videos: Sequence[Path] = (),
    say: Say = quiet,
) -> dict[str, Any]:
    """Judge a shipped detector, an ONNX file, or `teachers`.

    Args:
        name: as in the manifest, the path of an ONNX file, or `teachers`.
        data: folder with `detection`, and with `teachers` where those are judged or asked.
        labels: folder the teachers' boxes are kept in; None keeps nothing.
        size_px: long side of the input; the manifest's when None.
        videos: to judge on besides, by the teachers' boxes.
        say: progress.

    Returns:
        JSON values: name, size_px, and under `sets` the `Scores` of each set.

    Raises:
        ModelError, SourceError: the model or the data is missing.
    """
    require_extra("torch", *(("openvino",) if videos or name == "teachers" else ()))
    sets = judging_sets(data, labels, say, videos)
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
