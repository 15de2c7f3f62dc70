"""Faces at every size, place and tilt a camera may show them: a warped picture, or a mosaic.

A face is picked, the size it shall have is drawn, and the picture is warped so that it has it:
sizes come out even over octaves however the pictures' faces are spread (ours). Light and
compression are the person detector's.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Final

import cv2
import numpy as np

from edge_core.training.detector.augment import colour_changed, spoilt
from edge_core.training.face_detection.data import FacePicture
from edge_core.training.face_detection.teacher import mirrored_faces
from edge_core.types import Float32Array, Float64Array, ImageArray
from edge_core.vision.boxes import area_px2, clipped
from edge_core.vision.face_detect import Faces
from edge_core.vision.letterbox import PAD

SIDE_LEAST_PX: Final = 7.0
"""Smaller faces are neither taught nor counted as background."""
VISIBLE_LEAST: Final = 0.6
_BLIND_SCALE: Final = (0.5, 2.0)
_COVERED: Final = 0.8

DrawFace = Callable[[np.random.Generator], FacePicture]


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
    spoil: float = 0.3

    def without_mosaics(self) -> "FaceHardness":
        """For the end of a run, when pictures should look as cameras make them."""
        return replace(self, mosaic=0.0)


def make_face_input(
    draw: DrawFace, size_px: int, hardness: FaceHardness, rng: np.random.Generator
) -> FacePicture:
    """One training input, size_px x size_px.

    Args:
        draw: gives a picture from the training set.
        size_px: side of the input.
        hardness: how much is changed.
        rng: all chance.
    """
    if rng.random() < hardness.mosaic:
        made = _tiled(draw, int(rng.integers(2, 4)), size_px, hardness, rng)
    else:
        made = warped(draw(rng), (size_px, size_px), hardness, rng)
    image = colour_changed(made.bgr, rng)
    if rng.random() < hardness.spoil:
        image = spoilt(image, rng)
    return FacePicture(image, made.faces, made.ignored_px)


def _tiled(
    draw: DrawFace, tiles: int, size_px: int, hardness: FaceHardness, rng: np.random.Generator
) -> FacePicture:
    """Tiles x tiles pictures side by side, the lines between them shifted at random."""
    inner = np.arange(1, tiles) / tiles + rng.uniform(-0.25, 0.25, (2, tiles - 1)) / tiles
    cuts = np.concatenate([np.zeros((2, 1)), inner, np.ones((2, 1))], axis=1)
    x_px, y_px = (cuts * size_px).round().astype(int).tolist()
    canvas = np.full((size_px, size_px, 3), PAD, np.uint8)
    faces, ignored = [], []
    for left, right in pairwise(x_px):
        for top, bottom in pairwise(y_px):
            tile = warped(draw(rng), (right - left, bottom - top), hardness, rng)
            canvas[top:bottom, left:right] = tile.bgr
            faces.append(tile.faces.moved(1.0, left, top))
            ignored.append(tile.ignored_px + np.array([left, top, left, top], np.float32))
    return FacePicture(canvas, Faces.joined(faces), np.concatenate(ignored))


def warped(
    picture: FacePicture,
    canvas_px: tuple[int, int],
    hardness: FaceHardness,
    rng: np.random.Generator,
) -> FacePicture:
    """A picture scaled, tilted, perhaps mirrored, and laid on a canvas (width, height)."""
    source = picture.bgr
    size = np.array([source.shape[1], source.shape[0]], np.float64)
    if len(picture.faces):
        box = picture.faces.xyxy_px[int(rng.integers(len(picture.faces)))]
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
    image = _warp(source, matrix, canvas_px, scale)
    faces = _warped_faces(picture.faces, matrix, scale)
    ignored = _warped_boxes(picture.ignored_px, matrix, scale)
    if rng.random() < 0.5:
        image = np.ascontiguousarray(image[:, ::-1])
        faces = mirrored_faces(faces, canvas_px[0])
        ignored = ignored[:, [2, 1, 0, 3]] * np.array([-1, 1, -1, 1], np.float32)
        ignored += np.array([canvas_px[0], 0, canvas_px[0], 0], np.float32)
    return _kept(image, faces, ignored)


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
    turn = np.array([[np.cos(tilt), -np.sin(tilt)], [np.sin(tilt), np.cos(tilt)]])
    linear = turn @ np.diag([stretch, 1 / stretch]) * scale
    return np.concatenate([linear, (place - linear @ focus)[:, None]], axis=1)


def _warp(
    image: ImageArray, matrix: Float64Array, canvas_px: tuple[int, int], scale: float
) -> ImageArray:
    # The linear filter reads four pixels however many it skips: halve first.
    halved = matrix.copy()
    while scale <= 0.5 and min(image.shape[:2]) >= 4:
        before = (image.shape[1], image.shape[0])
        size = (before[0] // 2, before[1] // 2)
        image = np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)
        halved[:, :2] *= np.array(before) / size
        scale *= 2
    return np.asarray(
        cv2.warpAffine(image, halved, canvas_px, flags=cv2.INTER_LINEAR, borderValue=(PAD,) * 3),
        np.uint8,
    )


def _warped_faces(faces: Faces, matrix: Float64Array, scale: float) -> Faces:
    boxes = _warped_boxes(faces.xyxy_px, matrix, scale)
    points = faces.landmarks_px @ matrix[:, :2].T + matrix[:, 2]
    return Faces(boxes, faces.score, points.astype(np.float32))


def _warped_boxes(xyxy_px: Float32Array, matrix: Float64Array, scale: float) -> Float32Array:
    """Boxes whose centres move with the picture; tilt does not widen them, as heads are round."""
    centre = (xyxy_px[:, :2] + xyxy_px[:, 2:]) / 2 @ matrix[:, :2].T + matrix[:, 2]
    half = (xyxy_px[:, 2:] - xyxy_px[:, :2]) / 2 * scale
    return np.concatenate([centre - half, centre + half], axis=1).astype(np.float32)


def _kept(image: ImageArray, faces: Faces, ignored: Float32Array) -> FacePicture:
    """Faces still to be found; those cut or too small are ignored."""
    size_px = (image.shape[1], image.shape[0])
    area = area_px2(faces.xyxy_px)
    seen = area_px2(clipped(faces.xyxy_px, size_px)) / np.maximum(area, 1e-6)
    plain = (seen >= VISIBLE_LEAST) & (area >= SIDE_LEAST_PX**2)
    aside = clipped(np.concatenate([ignored, faces.xyxy_px[~plain]]), size_px)
    return FacePicture(image, faces.only(plain), aside[area_px2(aside) > 0])
