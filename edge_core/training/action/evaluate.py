"""Judging the action classifier: on new simulated shoppers, and for false alarms on real people."""

from pathlib import Path
from typing import Any, Final

import numpy as np

from edge_core.runtime.inference import InferenceSession
from edge_core.training.action.data import ActionCrops, Span, real_crops, simulate_crops
from edge_core.training.action.scores import score_action
from edge_core.training.detector.sets import Say, quiet
from edge_core.types import Float32Array, ImageArray
from edge_core.vision import load_action_classifier
from edge_core.vision.action import HEIGHT_PX, WIDTH_PX, ActionClassifier
from edge_core.vision.models import ModelSpec

TEST: Final = tuple(Span(1200 + n, 120.0, 0.5, own_cameras=True) for n in range(4))
"""What every figure is reported on; neither weights nor thresholds were chosen on it."""
THRESHOLDS: Final = (0.05, 0.1, 0.2)
_BATCH: Final = 32


def action_model_of(path: Path) -> ActionClassifier:
    """A model that runs an ONNX file that is in no manifest."""
    spec = ModelSpec(
        name="candidate",
        file=path.name,
        sha256="0" * 64,
        kind="action",
        input_name="x",
        input_size_px=(WIDTH_PX, HEIGHT_PX),
        input_layout="N,3,160,96 float32, BGR 0..255",
        output="p: N,1 float32",
        precision="fp32",
        provider="CPU",
        licence="Apache-2.0",
        data_licence="none: simulated",
        data_terms="any-use",
        card="action-s.md",
    )
    probe = {"x": np.zeros((1, 3, HEIGHT_PX, WIDTH_PX), np.float32)}
    return ActionClassifier(spec, InferenceSession(path, probe, provider="cpu"))


def predicted(model: ActionClassifier, bgr: ImageArray) -> Float32Array:
    """Probabilities float32 (N,) of many crops, a few at a time."""
    parts = [model.predict(list(bgr[i : i + _BATCH])) for i in range(0, len(bgr), _BATCH)]
    return np.concatenate([np.zeros(0, np.float32), *parts])


def evaluate_action(name: str, data: Path, *, say: Say = quiet) -> dict[str, Any]:
    """Judge a shipped model or an ONNX file.

    Args:
        name: as in the manifest, or the path of an ONNX file.
        data: folder with `video`.
        say: progress.

    Returns:
        JSON values: name; `simulated`, figures on shoppers of other seeds than training's, through
        the site's own cameras and the product's detector; `by_deed`, share of crops said to
        handle at each threshold, by what the hands did; `real`, the same share by video of people
        who handle nothing.

    Raises:
        ModelError, SourceError: the model or a video is missing.
    """
    shipped = not name.endswith(".onnx")
    model = load_action_classifier(name, provider="cpu") if shipped else action_model_of(Path(name))
    crops = simulate_crops(TEST, say("simulate"))
    return {"name": name, **judged(model, crops, real_crops(data / "video", say("real")))}


def judged(
    model: ActionClassifier, crops: ActionCrops, real: dict[str, ImageArray]
) -> dict[str, Any]:
    """The figures of `evaluate_action`."""
    thresholds = {str(value): value for value in THRESHOLDS}
    p = predicted(model, crops.plain())
    deeds = np.array(crops.deed)
    return {
        "simulated": score_action(p, crops.handling, crops.person, thresholds),
        "by_deed": {
            deed: _shares(p[deeds == deed], thresholds) for deed in sorted(set(crops.deed))
        },
        "real": {clip: _shares(predicted(model, bgr), thresholds) for clip, bgr in real.items()},
    }


def _shares(p: Float32Array, thresholds: dict[str, float]) -> dict[str, float]:
    said = {name: float((p >= value).mean()) for name, value in thresholds.items()}
    return {"crops": len(p), **said}
