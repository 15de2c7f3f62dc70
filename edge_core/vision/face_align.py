"""Turning found faces upright for the attribute model, and how far each look can be trusted.

Chips live in memory for as long as one call needs them; nothing here writes one.
"""

from typing import Final

import cv2
import numpy as np
from numpy.typing import ArrayLike

from edge_core.types import Float32Array, Float64Array, ImageArray, checked
from edge_core.vision.face_detect import Faces

CHIP_PX: Final = 96
UPRIGHT: Final = np.array(
    [[28.4, 28.3], [65.6, 28.3], [47.0, 48.7], [30.9, 65.6], [63.1, 65.6]], np.float64
)
"""Where the landmarks lie in a 96x96 chip, float64 (5, 2): medians of 859 adult faces of the set
the attribute model was trained on, made symmetric. They vary there by 2 to 3 pixels."""
UPRIGHT.setflags(write=False)
SIDE_LEAST_PX: Final = 12.0
SIDE_GOOD_PX: Final = 40.0
YAW_GOOD_RAD: Final = np.radians(30.0)
YAW_MOST_RAD: Final = np.radians(65.0)
SHARPNESS_LEAST: Final = 0.01
SHARPNESS_GOOD: Final = 0.05
CONTRAST_LEAST: Final = 5.0
CONTRAST_GOOD: Final = 18.0
NOSE_REACH: Final = 0.42
"""How far the nose's tip stands before the plane of eyes and mouth, as a share of the distance
from eyes to mouth: about 26 of 62 mm on adults' heads."""
_CLEARNESS_PX: Final = 48
_GREY_VARIANCE_LEAST: Final = 25.0


def similarity(landmarks_px: Float32Array, size_px: int = CHIP_PX) -> Float64Array:
    """The turn, scale and shift that brings landmarks nearest to their upright places.

    Least squares in closed form (Umeyama 1991, in two dimensions, without mirroring).

    Args:
        landmarks_px: float32 (5, 2), in pixels of a picture.
        size_px: side of the chip.

    Returns:
        float64 (2, 3), from the picture's pixels to the chip's.
    """
    target = UPRIGHT * (size_px / CHIP_PX)
    source = landmarks_px.astype(np.float64)
    a, b = source - source.mean(axis=0), target - target.mean(axis=0)
    spread = max(float((a * a).sum()), 1e-9)
    along = float((a * b).sum()) / spread
    across = float((a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]).sum()) / spread
    linear = np.array([[along, -across], [across, along]])
    shift = target.mean(axis=0) - linear @ source.mean(axis=0)
    return np.concatenate([linear, shift[:, None]], axis=1)


def aligned(image: ImageArray, faces: Faces, size_px: int = CHIP_PX) -> list[ImageArray]:
    """Upright chips of faces, as `FaceAttributeModel.predict` takes them.

    Args:
        image: BGR uint8 (H, W, 3), the picture the faces were found in.
        faces: N of them.
        size_px: side of the chips.

    Returns:
        N pictures uint8 (size_px, size_px, 3). What lies outside the picture repeats its edge.
    """
    checked(image, "image", (None, None, 3), np.uint8)
    return [_chip(image, points, size_px) for points in faces.landmarks_px]


def _chip(image: ImageArray, landmarks_px: Float32Array, size_px: int) -> ImageArray:
    matrix = similarity(landmarks_px, size_px)
    scale = float(np.hypot(matrix[0, 0], matrix[1, 0]))
    if scale < 0.5:
        # The linear filter reads two pixels of a row however many it skips: average first.
        image, landmarks_px = _shrunk(image, landmarks_px, 2 * scale)
        matrix = similarity(landmarks_px, size_px)
    chip = cv2.warpAffine(
        image, matrix, (size_px, size_px), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(chip, np.uint8)


def _shrunk(
    image: ImageArray, landmarks_px: Float32Array, scale: float
) -> tuple[ImageArray, Float32Array]:
    """The surroundings of a face, shrunk, and its landmarks in there."""
    reach = 2 * float(np.ptp(landmarks_px, axis=0).max())
    middle = landmarks_px.mean(axis=0)
    height, width = image.shape[:2]
    x1, x2 = (int(np.clip(middle[0] + side, 0, width)) for side in (-reach, reach))
    y1, y2 = (int(np.clip(middle[1] + side, 0, height)) for side in (-reach, reach))
    if x2 - x1 < 2 or y2 - y1 < 2:
        return image, landmarks_px
    part = image[y1:y2, x1:x2]
    size = (max(1, round((x2 - x1) * scale)), max(1, round((y2 - y1) * scale)))
    small = np.asarray(cv2.resize(part, size, interpolation=cv2.INTER_AREA), np.uint8)
    factor = np.array([size[0] / (x2 - x1), size[1] / (y2 - y1)], np.float32)
    return small, (landmarks_px - np.array([x1, y1], np.float32)) * factor


def yaw_rad(landmarks_px: Float32Array) -> Float32Array:
    """How far each face is turned sideways, float32 (N,), 0 to pi/2, whatever its tilt (ours).

    The nose's tip leaves the line from the eyes' middle to the mouth's by its reach times the
    sine of the yaw, while that line keeps its length. The reach is an average adult's.

    Args:
        landmarks_px: float32 (N, 5, 2).
    """
    eyes, nose = landmarks_px[:, :2].mean(axis=1), landmarks_px[:, 2]
    line = landmarks_px[:, 3:].mean(axis=1) - eyes
    length = np.maximum(np.linalg.norm(line, axis=1), 1e-6)
    aside = line[:, 0] * (nose - eyes)[:, 1] - line[:, 1] * (nose - eyes)[:, 0]
    sine = np.abs(aside) / length**2 / NOSE_REACH
    return np.asarray(np.arcsin(np.clip(sine, 0, 1)), np.float32)


def face_quality(image: ImageArray, faces: Faces) -> Float32Array:
    """How much each look is worth when looks at one person are joined: float32 (N,), 0..1 (ours).

    The product of four shares: size (nothing below 12 pixels, all from 40), clearness, pose (all
    up to 30 degrees of yaw, nothing beyond 65) and how many landmarks lie in the picture. The
    limits of size and clearness are where the attribute model's errors on 383 adult faces,
    shrunk, blurred and darkened, begin to rise and where they are twice what they were.

    Args:
        image: BGR uint8 (H, W, 3), the picture the faces were found in.
        faces: N of them.
    """
    if not len(faces):
        return np.zeros(0, np.float32)
    boxes, points = faces.xyxy_px, faces.landmarks_px
    side = np.sqrt(np.maximum(boxes[:, 2:] - boxes[:, :2], 0).prod(axis=1))
    clear = np.array([clearness(chip) for chip in aligned(image, faces, _CLEARNESS_PX)])
    pose = _ramp(-yaw_rad(points), -YAW_MOST_RAD, -YAW_GOOD_RAD)
    size_px = np.array([image.shape[1], image.shape[0]])
    inside = ((points >= 0) & (points < size_px)).all(axis=2).mean(axis=1)
    return np.asarray(_ramp(side, SIDE_LEAST_PX, SIDE_GOOD_PX) * clear * pose * inside, np.float32)


def clearness(chip: ImageArray) -> float:
    """0..1: sharp enough and light enough, from an upright chip (ours).

    Sharpness is the variance of second differences against the variance of the grey values, the
    lesser of both directions, so that a smear sideways counts like a blur all round. Sensor noise
    looks sharp; it comes with little light, which the second share, contrast, tells.

    Args:
        chip: BGR uint8, square, of 48 pixels: near and far faces must compare.
    """
    edge = chip.shape[0] // 8
    inner = np.ascontiguousarray(chip[edge:-edge, edge:-edge])
    grey = cv2.cvtColor(inner, cv2.COLOR_BGR2GRAY).astype(np.float32)
    variance = float(grey.var())
    bends = min(float(np.diff(grey, 2, axis=axis).var()) for axis in (0, 1))
    sharpness = np.log(max(bends, 1e-6) / max(variance, _GREY_VARIANCE_LEAST))
    sharp = _ramp(sharpness, np.log(SHARPNESS_LEAST), np.log(SHARPNESS_GOOD))
    return float(sharp * _ramp(np.sqrt(variance), CONTRAST_LEAST, CONTRAST_GOOD))


def _ramp(value: ArrayLike, low: float, high: float) -> Float64Array:
    """0 up to `low`, 1 from `high`, straight between."""
    return np.clip((np.asarray(value, np.float64) - low) / (high - low), 0.0, 1.0)
