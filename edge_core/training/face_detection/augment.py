"""Faces at every size, place and tilt a camera may show them: warped pictures, and mosaics.

A face is picked, the size it shall have is drawn, and the picture is warped so that it has it:
sizes come out even over octaves however the pictures' faces are spread (ours). Where things go is
reckoned here; the pixels are moved on the device (`edge_core.training.views`).
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from edge_core.training.face_detection.teacher import mirrored_faces
from edge_core.training.views import rotations
from edge_core.types import Float32Array, Float64Array
from edge_core.vision.boxes import area_px2, clipped
from edge_core.vision.face_detect import Faces

SIDE_LEAST_PX: Final = 7.0
"""Smaller faces are neither taught nor counted as background."""
VISIBLE_LEAST: Final = 0.6
_BLIND_SCALE: Final = (0.5, 2.0)
_COVERED: Final = 0.8


@dataclass(frozen=True, slots=True)
class FaceHardness:
    """How often and how far pictures are changed.

    Attributes:
        mosaic: share of inputs that are two by two or three by three tiles.
        side_px: least side of the picked face, square root of its area.
        side_share: most, as a share of the canvas's side.
        fill: least share of the canvas's side that a picture's long side takes.
        enlarge: most a picture is enlarged by; more shows only blur.
        tilt_rad: largest tilt.
        aspect: largest change of proportions, as a factor.
        spoil: share of inputs blurred, downscaled, compressed or darkened.
    """

    mosaic: float = 0.4
    side_px: float = 8.0
    side_share: float = 0.7
    fill: float = 0.5
    enlarge: float = 2.5
    tilt_rad: float = 0.35
    aspect: float = 1.1
    spoil: float = 0.35

    def without_mosaics(self) -> "FaceHardness":
        """For the end of a run, when pictures should look as cameras make them."""
        return replace(self, mosaic=0.0)


@dataclass(frozen=True, slots=True)
class Placing:
    """Where a picture goes on a canvas, and its faces with it.

    Attributes:
        matrix: float64 (2, 3), from pixels of the canvas to pixels of the picture.
        scale: of the picture on the canvas.
        faces: still to be found, in pixels of the canvas.
        ignored_px: float32 (K, 4), where there may be others: cut ones, too small ones.
    """

    matrix: Float64Array
    scale: float
    faces: Faces
    ignored_px: Float32Array


def placing(
    size_px: tuple[int, int],
    faces: Faces,
    ignored_px: Float32Array,
    canvas_px: tuple[int, int],
    hardness: FaceHardness,
    rng: np.random.Generator,
) -> Placing:
    """A picture scaled, tilted, perhaps mirrored, and laid on a canvas.

    Args:
        size_px: width and height of the picture.
        faces: in it.
        ignored_px: float32 (K, 4), in it.
        canvas_px: width and height of the canvas.
        hardness: how much is changed.
        rng: all chance.
    """
    size = np.array(size_px, np.float64)
    if len(faces):
        box = faces.xyxy_px[int(rng.integers(len(faces)))]
        most = max(2 * hardness.side_px, hardness.side_share * min(canvas_px))
        wanted = np.exp(rng.uniform(np.log(hardness.side_px), np.log(most)))
        scale = float(wanted / max(1.0, np.sqrt(area_px2(box))))
        focus = (box[:2] + box[2:]).astype(np.float64) / 2
    else:
        scale = float(np.exp(rng.uniform(*np.log(_BLIND_SCALE))) * max(canvas_px) / max(size))
        focus = rng.uniform(0, 1, 2) * size
    # A picture lost in grey teaches little; small faces come in mosaics.
    least = hardness.fill * max(canvas_px) / max(size)
    scale = min(max(scale, least), hardness.enlarge)
    # The picked face may come to lie anywhere, cut by the edge now and then.
    place = rng.uniform(0.05, 0.95, 2) * canvas_px
    if rng.random() < _COVERED:
        place = _covering(place, focus * scale, size * scale, np.array(canvas_px))
    matrix = _matrix(scale, focus, place, hardness, rng)
    moved = _warped_faces(faces, matrix, scale)
    ignored = _warped_boxes(ignored_px, matrix, scale)
    if rng.random() < 0.5:
        moved = mirrored_faces(moved, canvas_px[0])
        ignored = ignored[:, [2, 1, 0, 3]] * np.array([-1, 1, -1, 1], np.float32)
        ignored += np.array([canvas_px[0], 0, canvas_px[0], 0], np.float32)
        matrix[0] *= -1
        matrix[0, 2] += canvas_px[0]
    moved, ignored = _kept(moved, ignored, canvas_px)
    return Placing(_inverse(matrix), scale, moved, ignored)


def _covering(
    place: Float64Array, focus: Float64Array, size: Float64Array, canvas: Float64Array
) -> Float64Array:
    """Where the focus must lie for the scaled picture to leave as little grey as it can."""
    low, high = np.minimum(0, canvas - size), np.maximum(0, canvas - size)
    return np.asarray(np.clip(place - focus, low, high) + focus)


def _matrix(
    scale: float,
    focus: Float64Array,
    place: Float64Array,
    hardness: FaceHardness,
    rng: np.random.Generator,
) -> Float64Array:
    """Affine (2, 3) that scales, stretches and tilts about `focus` and moves it to `place`."""
    tilt = rng.uniform(-1, 1) * hardness.tilt_rad * (rng.random() < 0.5)
    stretch = np.exp(rng.uniform(-1, 1) * np.log(hardness.aspect) / 2)
    linear = rotations(np.array([tilt]))[0] @ np.diag([stretch, 1 / stretch]) * scale
    return np.concatenate([linear, (place - linear @ focus)[:, None]], axis=1)


def _inverse(matrix: Float64Array) -> Float64Array:
    """Of an affine map (2, 3)."""
    back = np.linalg.inv(matrix[:, :2])
    return np.concatenate([back, -back @ matrix[:, 2:]], axis=1)


def _warped_faces(faces: Faces, matrix: Float64Array, scale: float) -> Faces:
    boxes = _warped_boxes(faces.xyxy_px, matrix, scale)
    points = faces.landmarks_px @ matrix[:, :2].T + matrix[:, 2]
    return Faces(boxes, faces.score, points.astype(np.float32))


def _warped_boxes(xyxy_px: Float32Array, matrix: Float64Array, scale: float) -> Float32Array:
    """Boxes whose centres move with the picture; tilt does not widen them, as heads are round."""
    centre = (xyxy_px[:, :2] + xyxy_px[:, 2:]) / 2 @ matrix[:, :2].T + matrix[:, 2]
    half = (xyxy_px[:, 2:] - xyxy_px[:, :2]) / 2 * scale
    return np.concatenate([centre - half, centre + half], axis=1).astype(np.float32)


def _kept(
    faces: Faces, ignored_px: Float32Array, size_px: tuple[int, int]
) -> tuple[Faces, Float32Array]:
    """Faces still to be found; those cut or too small are ignored."""
    area = area_px2(faces.xyxy_px)
    seen = area_px2(clipped(faces.xyxy_px, size_px)) / np.maximum(area, 1e-6)
    plain = (seen >= VISIBLE_LEAST) & (area >= SIDE_LEAST_PX**2)
    aside = clipped(np.concatenate([ignored_px, faces.xyxy_px[~plain]]), size_px)
    return faces.only(plain), aside[area_px2(aside) > 0]
