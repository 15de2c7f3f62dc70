"""How a calibrated camera sees the floor, and where it hangs by that."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from edge_core.types import Float64Array

USUAL_HEIGHT_M: Final = 3.0
"""Taken for a camera whose calibration does not tell how high it hangs."""
HEIGHTS_M: Final = (1.8, 8.0)


@dataclass(frozen=True, slots=True)
class FloorView:
    """How one camera sees the floor.

    Attributes:
        to_floor: float64 (3, 3), picture points (x, y, 1) to floor metres.
        picture_px: width and height of the picture.
        least_depth: third coordinate below which a point lies beyond the horizon.
        position_m: where it hangs on the plan; None = as the calibration tells.
    """

    to_floor: Float64Array
    picture_px: tuple[int, int]
    least_depth: float
    position_m: tuple[float, float] | None = None


def camera_place(view: FloorView) -> tuple[float, float, float]:
    """Where a camera hangs: x, y and height in metres.

    A homography of a plane tells focal length and pose of a camera with square pixels and its
    centre in the middle of the picture (Zhang 2000, section 2.3). Where the pairs are too coarse
    for that the usual height is taken, above `position_m` or the nearest floor it shows.
    """
    width, height = view.picture_px
    centre = np.array([[1, 0, width / 2], [0, 1, height / 2], [0, 0, 1]])
    to_picture = np.linalg.inv(centre) @ np.linalg.inv(view.to_floor)
    (a1, a2, _), (b1, b2, _), (c1, c2, _) = to_picture
    ratios = [-(a1 * a2 + b1 * b2), (a1**2 + b1**2) - (a2**2 + b2**2)]
    weights = [c1 * c2, c2**2 - c1**2]
    square = float(np.dot(ratios, weights) / max(np.dot(weights, weights), 1e-18))
    place = None
    if square > 0:
        focal = square**0.5
        axes = np.diag([1 / focal, 1 / focal, 1]) @ to_picture
        axes = axes / np.sqrt(np.linalg.norm(axes[:, 0]) * np.linalg.norm(axes[:, 1]))
        right, down = axes[:, 0], axes[:, 1]
        turn = np.column_stack([right, down, np.cross(right, down)])
        place = -np.linalg.inv(turn) @ axes[:, 2]
    told = place is not None and HEIGHTS_M[0] <= abs(place[2]) <= HEIGHTS_M[1]
    height_m = float(abs(place[2])) if told and place is not None else USUAL_HEIGHT_M
    if view.position_m is not None:
        return (*view.position_m, height_m)
    if told and place is not None:
        return float(place[0]), float(place[1]), height_m
    foot = view.to_floor @ (width / 2, height, 1)
    return float(foot[0] / foot[2]), float(foot[1] / foot[2]), height_m
