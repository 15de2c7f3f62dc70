"""Public re-identification networks whose sense of likeness is taught on.

person-reidentification-retail-0248 and -0287 (Apache-2.0), OSNet x0.25 (MIT, but trained on
research-only pictures, so weights for any use are made without it). What they say of a crop is
kept in memory only.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from edge_core.errors import ModelError
from edge_core.runtime.inference import InferenceSession
from edge_core.training.detector.pictures import Progress
from edge_core.types import Float32Array, ImageArray

OPEN_TEACHERS: Final = (
    "person-reidentification-retail-0248.onnx",
    "person-reidentification-retail-0287.onnx",
)
ALL_TEACHERS: Final = (*OPEN_TEACHERS, "osnet_x0_25_msmt17.onnx")
CROP_WIDTH_PX: Final = 128
CROP_HEIGHT_PX: Final = 256
_IMAGENET_MEAN: Final = np.array([0.485, 0.456, 0.406], np.float32)
_IMAGENET_SPREAD: Final = np.array([0.229, 0.224, 0.225], np.float32)


def teacher_embeddings(
    folder: Path, names: tuple[str, ...], crops: ImageArray, progress: Progress
) -> Float32Array:
    """What the teachers together say of each crop.

    Each teacher's rows are centred on their mean before they are scaled to unit length (ours):
    otherwise what all crops share would drown what tells them apart. The cosine of two joint rows
    is then the mean of the teachers' cosines.

    Args:
        folder: the folder `teachers` of the data.
        names: file names of the teachers.
        crops: uint8 (N, 256, 128, 3), BGR.
        progress: told the share done, 0..1.

    Returns:
        float32 (N, T), rows of unit length.

    Raises:
        ModelError: a teacher is missing.
    """
    missing = [name for name in names if not (folder / name).exists()]
    if missing:
        raise ModelError(
            f"Teachers are missing from {folder}: {', '.join(missing)}.",
            "Give --data the folder that holds `teachers`.",
        )
    parts = []
    for index, name in enumerate(names):
        embed = _teacher(folder / name)
        rows = []
        for number, crop in enumerate(crops):
            rows.append(embed(crop))
            progress((index + (number + 1) / len(crops)) / len(names))
        parts.append(_centred_unit(np.stack(rows)))
    return np.asarray(np.concatenate(parts, axis=1) / np.sqrt(len(parts)), np.float32)


def _centred_unit(rows: Float32Array) -> Float32Array:
    rows = rows - rows.mean(axis=0)
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9))


def _teacher(path: Path) -> Callable[[ImageArray], Float32Array]:
    osnet = path.name.startswith("osnet")
    name = "images" if osnet else "inputs:0"
    prepare = _rgb_normalised if osnet else _bgr
    blank = np.zeros((CROP_HEIGHT_PX, CROP_WIDTH_PX, 3), np.uint8)
    session = InferenceSession(path, {name: prepare(blank)}, provider="cpu")
    return lambda crop: session.run({name: prepare(crop)})[0].ravel()


def _bgr(crop: ImageArray) -> Float32Array:
    return crop[None].astype(np.float32)


def _rgb_normalised(crop: ImageArray) -> Float32Array:
    rgb = cv2.cvtColor(crop, cv2.COLOR_BGR2RGB).astype(np.float32) / 255
    normal = (rgb - _IMAGENET_MEAN) / _IMAGENET_SPREAD
    return np.ascontiguousarray(normal.transpose(2, 0, 1)[None], np.float32)
