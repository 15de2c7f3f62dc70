"""From where a box stands in the picture to where the person stands on the floor."""

from collections import deque
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from edge_core.config import CameraConfig
from edge_core.errors import ConfigError, Problem
from edge_core.types import BoolArray, Float32Array, Float64Array

INLIER_M: Final = 0.3
HORIZON_SHARE: Final = 0.02
LINE_SHARE: Final = 0.01
EDGE_PX: Final = 3
HEIGHT_TO_WIDTH: Final = 2.6
WHOLE_KEPT: Final = 500
WHOLE_NEEDED: Final = 20


@dataclass(frozen=True, slots=True)
class Calibration:
    """A camera's view of the floor.

    Attributes:
        picture_px: width and height of the picture the points were read in.
        to_floor: float64 (3, 3), takes picture points (x, y, 1) to floor metres; scaled so that
            the third coordinate is positive on the camera's side of the horizon.
        error_cm: float64 (N,), how far each point pair misses, in its order.
        least_depth: third coordinate below which a point is taken to lie beyond the horizon.
    """

    picture_px: tuple[int, int]
    to_floor: Float64Array
    error_cm: Float64Array
    least_depth: float


def calibrate(camera: CameraConfig) -> Calibration | None:
    """Fit the homography of a camera's point pairs; None when it has none.

    Direct linear transform with RANSAC (Hartley and Zisserman 2004, sections 4.1 and 4.7).

    Raises:
        ConfigError: the points do not span a plane, e.g. they lie on one line, or show it as a
            mirror would, which would turn every counting line round.
    """
    if not camera.calibration or camera.calibration_px is None:
        return None
    picture = np.array([pair.px for pair in camera.calibration], np.float64)
    floor = np.array([pair.m for pair in camera.calibration], np.float64)
    if _nearly_on_one_line(picture):
        raise _unusable(camera)
    fitted, _ = cv2.findHomography(picture, floor, cv2.RANSAC, INLIER_M)
    if fitted is None or abs(np.linalg.det(fitted)) < 1e-12:
        raise _unusable(camera)
    matrix = np.asarray(fitted, np.float64)
    # A homography has no sign of its own; the calibrated points fix which side is the floor.
    matrix = matrix * np.sign(np.median(_apply(matrix, picture)[:, 2]))
    mapped = _apply(matrix, picture)
    depth = mapped[:, 2]
    # Seen from above, what turns clockwise on the plan turns clockwise in the picture.
    if depth.min() <= 0 or np.linalg.det(matrix) <= 0:
        raise _unusable(camera)
    miss_m = np.linalg.norm(mapped[:, :2] / mapped[:, 2:] - floor, axis=1)
    least = HORIZON_SHARE * float(np.median(depth))
    return Calibration(camera.calibration_px, matrix, miss_m * 100, least)


def _nearly_on_one_line(points: Float64Array) -> bool:
    """Whether all points but one lie on one line, so that they fit many homographies."""
    spreads = (np.delete(points, index, axis=0) for index in range(len(points)))
    widths = [np.linalg.svd(rest - rest.mean(axis=0), compute_uv=False) for rest in spreads]
    return any(width[1] <= LINE_SHARE * width[0] for width in widths)


def _unusable(camera: CameraConfig) -> ConfigError:
    problem = Problem(
        None,
        f"cameras[{camera.id}].calibration",
        "",
        "the point pairs do not describe one flat floor seen from above",
        "Spread them over the floor, not along a line, and check each pair: x runs to the right"
        " and y down, in the picture and on the plan.",
    )
    return ConfigError("site.toml", [problem])


def _apply(matrix: Float64Array, points: Float64Array) -> Float64Array:
    """Homogeneous images (N, 3) of points (N, 2)."""
    return np.asarray(np.column_stack([points, np.ones(len(points))]) @ matrix.T)


class FloorMapper:
    """Places the boxes of one camera on the floor.

    A box that ends at the picture's lower edge hides the feet. There the foot is guessed from the
    head: for people standing on a plane, box height grows linearly with the foot's distance
    below the horizon, and the factor is learnt from whole people seen before (ours).

    Args:
        camera: its configuration; without calibration every place is unknown.
    """

    def __init__(self, camera: CameraConfig) -> None:
        self.calibration = calibrate(camera)
        self._whole: deque[tuple[float, float]] = deque(maxlen=WHOLE_KEPT)

    def place(self, xyxy_px: Float32Array, size_px: tuple[int, int]) -> Float32Array:
        """Floor points of boxes.

        Args:
            xyxy_px: float32 (N, 4).
            size_px: width and height of the frame the boxes are of.

        Returns:
            float32 (N, 2) in metres; NaN where unknown or beyond the horizon.
        """
        floor_m = np.full((len(xyxy_px), 2), np.nan, np.float32)
        calibration = self.calibration
        if calibration is None or not len(xyxy_px):
            return floor_m
        width, height = calibration.picture_px
        scale = np.array([width / size_px[0], height / size_px[1]] * 2)
        feet_hidden = np.asarray(xyxy_px[:, 3] >= size_px[1] - EDGE_PX)
        feet = self._feet(xyxy_px * scale, feet_hidden, calibration)
        mapped = _apply(calibration.to_floor, feet)
        known = mapped[:, 2] > calibration.least_depth
        floor_m[known] = mapped[known, :2] / mapped[known, 2:]
        return floor_m

    def _feet(
        self, boxes: Float64Array, hidden: BoolArray, calibration: Calibration
    ) -> Float64Array:
        """Foot points (N, 2) in the calibration picture; learns from whole people."""
        x, head, foot = (boxes[:, 0] + boxes[:, 2]) / 2, boxes[:, 1], boxes[:, 3]
        a, b, c = calibration.to_floor[2]
        guess = head + HEIGHT_TO_WIDTH * (boxes[:, 2] - boxes[:, 0])
        if abs(b) > 1e-12:
            horizon = -(a * x + c) / b
            factor = (foot - head) / np.maximum(foot - horizon, 1)
            usable = ~hidden & (head > EDGE_PX) & (factor > 0) & (factor < 0.95)
            self._whole.extend(zip(head[usable], factor[usable], strict=True))
            if hidden.any() and len(self._whole) >= WHOLE_NEEDED:
                learnt = np.clip(self._expected_factor(head, calibration.picture_px[1]), 0, 0.95)
                guess = (head - learnt * horizon) / (1 - learnt)
        return np.column_stack([x, np.where(hidden, np.maximum(guess, foot), foot)])

    def _expected_factor(self, head: Float64Array, height_px: int) -> Float64Array:
        """Factor for heads in given rows, fitted to the whole people seen.

        Under a tilted camera the factor drifts down the picture, nearly along a line. The
        slope is held back when all heads were in about the same row.
        """
        seen_head, seen_factor = np.array(self._whole).T
        spread = seen_head - seen_head.mean()
        held_back = len(spread) * (0.02 * height_px) ** 2
        slope = (spread @ (seen_factor - seen_factor.mean())) / (spread @ spread + held_back)
        return np.asarray(seen_factor.mean() + slope * (head - seen_head.mean()))
