"""From where a box stands in the picture to where the person stands on the floor."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from edge_core.config import CameraConfig
from edge_core.errors import ConfigError, Problem
from edge_core.floor_view import FloorView, camera_place
from edge_core.types import Float32Array, Float64Array, Int64Array

INLIER_M: Final = 0.3
HORIZON_SHARE: Final = 0.02
LINE_SHARE: Final = 0.01
EDGE_PX: Final = 3
SLENDER: Final = 2.2
"""Boxes so many times as long as wide hold a whole standing person."""
USUAL_STATURE_M: Final = 1.7
USUAL_LOOKS: Final = 5
"""As if so many people of this height had been seen already."""
STATURES_M: Final = (1.0, 2.1)
KNOWN_LOOKS: Final = 3
"""After so many looks at the whole person a height counts,"""
OWN_SHARE: Final = 0.75
"""and so much of how it differs from the usual one."""
FOLLOWED_LOOKS: Final = 20
FAR_OFF_M: Final = 0.1
HIDDEN_M: Final = 0.3
"""Whoever seems shorter than they are by this does not show the feet."""
ODD_M: Final = 0.15
"""What a box may be too short or too long by, in height, before its lower edge is in doubt."""


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


@dataclass(slots=True)
class _Known:
    """What is known of somebody.

    Attributes:
        mean_m: of the heights that looks at the whole body tell.
        looks: how many there were.
        place_m: float64 (2,), where they stood last.
    """

    mean_m: float
    looks: int = 0
    place_m: Float64Array | None = None

    def learn(self, told_m: float) -> None:
        """One more look; one that is far off pulls no harder than one a little off."""
        self.looks += 1
        pull = float(np.clip(told_m - self.mean_m, -FAR_OFF_M, FAR_OFF_M))
        self.mean_m += pull / min(self.looks, FOLLOWED_LOOKS)

    def nearer(self, place_m: Float64Array, other_m: Float64Array) -> bool:
        """Whether a place is nearer to the last one than another is."""
        last_m = other_m if self.place_m is None else self.place_m
        return bool(np.hypot(*(place_m - last_m)) < np.hypot(*(other_m - last_m)))


class FloorMapper:
    """Places the boxes of one camera on the floor.

    Where the feet are seen, the middle of the box's lower edge is the place. Behind a rail, a
    counter, somebody nearer or the picture's edge they are not, and what ends the box lies far
    behind the person. Then the head tells (ours): the ray through it passes the person's height
    at one place only, as the calibration says how high the camera hangs. Feet count as hidden
    where a box is too wide for its length and far too short for the person's height. Where it is
    a little too short, or too long because it takes in what hangs before the legs, whichever place
    is nearer to the last one holds. A height is learnt from the looks at the whole person; of a
    newcomer the usual one at this camera is taken. So somebody who sits or stoops low is placed
    too near.

    Args:
        camera: its configuration; without calibration every place is unknown.
    """

    def __init__(self, camera: CameraConfig) -> None:
        self.calibration = calibrate(camera)
        self._people: dict[int, _Known] = {}
        self._usual = _Known(USUAL_STATURE_M, USUAL_LOOKS)
        if self.calibration is not None:
            fitted = self.calibration
            view = FloorView(
                fitted.to_floor, fitted.picture_px, fitted.least_depth, camera.position_m
            )
            *below_m, self._height_m = camera_place(view)
            self._below_m = np.array(below_m)

    def place(
        self, xyxy_px: Float32Array, size_px: tuple[int, int], track_id: Int64Array
    ) -> Float32Array:
        """Floor points of boxes.

        Args:
            xyxy_px: float32 (N, 4).
            size_px: width and height of the frame the boxes are of.
            track_id: int64 (N,), whose they are.

        Returns:
            float32 (N, 2) in metres; NaN where unknown or beyond the horizon.
        """
        if self.calibration is None or not len(xyxy_px):
            return np.full((len(xyxy_px), 2), np.nan, np.float32)
        width, height = self.calibration.picture_px
        boxes = xyxy_px * np.array([width / size_px[0], height / size_px[1]] * 2)
        middle = (boxes[:, 0] + boxes[:, 2]) / 2
        places_m = self._on_floor(np.column_stack([middle, boxes[:, 3]]))
        heads_m = self._on_floor(np.column_stack([middle, boxes[:, 1]]))
        away_m = np.hypot(*(places_m - self._below_m).T)
        told_m = self._height_m * (1 - away_m / np.hypot(*(heads_m - self._below_m).T))
        slender = boxes[:, 3] - boxes[:, 1] > SLENDER * (boxes[:, 2] - boxes[:, 0])
        inside = (xyxy_px[:, 0] > EDGE_PX) & (xyxy_px[:, 2] < size_px[0] - EDGE_PX)
        headless = xyxy_px[:, 1] <= EDGE_PX
        cut = xyxy_px[:, 3] >= size_px[1] - EDGE_PX
        for row in np.flatnonzero(~headless & ~np.isnan(told_m)):
            person = self._people.setdefault(int(track_id[row]), _Known(self._usual.mean_m))
            told, tall_m = float(told_m[row]), self._stature_m(person)
            share = 1 - (max(tall_m, told) if cut[row] else tall_m) / self._height_m
            by_head_m = self._below_m + share * (heads_m[row] - self._below_m)
            short_m = 0.0 if slender[row] else tall_m - told
            odd = short_m > ODD_M or (told - tall_m > ODD_M and inside[row])
            if cut[row] or short_m > HIDDEN_M or (odd and person.nearer(by_head_m, places_m[row])):
                places_m[row] = by_head_m
            elif slender[row] and STATURES_M[0] < told < STATURES_M[1]:
                person.learn(told)
            person.place_m = places_m[row].copy()
        return places_m.astype(np.float32)

    def forget(self, track_ids: Iterable[int]) -> None:
        """Tracks that ended; the heights of many make this camera's usual one."""
        for track_id in track_ids:
            person = self._people.pop(track_id, None)
            if person is not None and person.looks >= KNOWN_LOOKS:
                self._usual.learn(person.mean_m)

    def _stature_m(self, person: _Known) -> float:
        usual_m = self._usual.mean_m
        return usual_m + OWN_SHARE * (person.mean_m - usual_m) * (person.looks >= KNOWN_LOOKS)

    def _on_floor(self, points_px: Float64Array) -> Float64Array:
        """Floor metres (N, 2) of picture points (N, 2); NaN beyond the horizon."""
        assert self.calibration is not None
        mapped = _apply(self.calibration.to_floor, points_px)
        known = mapped[:, 2:] > self.calibration.least_depth
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.where(known, mapped[:, :2] / mapped[:, 2:], np.nan)
