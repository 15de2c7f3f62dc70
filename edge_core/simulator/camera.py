"""Pinhole cameras hung in the scene, and how their pictures lie on the floor.

World frame: x right and y down the plan in metres, z up from the floor. Yaw 0 looks up the plan
and grows clockwise as seen on it, as `facing_deg` of the screens does; pitch is the tilt below
the horizon. Pixel (0, 0) is the top-left corner of the top-left pixel.
"""

from dataclasses import dataclass, field

import numpy as np
import shapely

from edge_core.config import PointPair
from edge_core.types import BoolArray, Float64Array

NEAR_M = 0.1


@dataclass(frozen=True)
class PinholeCamera:
    """A camera without lens distortion.

    Attributes:
        camera_id: its id in site.toml.
        position_m: x, y, z in metres.
        yaw_deg: heading on the plan, 0 = up the plan, clockwise.
        pitch_deg: tilt below the horizon.
        hfov_deg: horizontal field of view.
        size_px: picture width and height.
    """

    camera_id: str
    position_m: tuple[float, float, float]
    yaw_deg: float
    pitch_deg: float
    hfov_deg: float
    size_px: tuple[int, int]
    axes: Float64Array = field(init=False, repr=False, compare=False)
    """float64 (3, 3): unit right, down and forward of the camera as rows, in world axes."""

    def __post_init__(self) -> None:
        yaw, pitch = np.radians(self.yaw_deg), np.radians(self.pitch_deg)
        ahead = np.array([np.sin(yaw), -np.cos(yaw), 0.0])
        right = np.array([np.cos(yaw), np.sin(yaw), 0.0])
        zenith = np.array([0.0, 0.0, 1.0])
        forward = np.cos(pitch) * ahead - np.sin(pitch) * zenith
        down = -(np.sin(pitch) * ahead + np.cos(pitch) * zenith)
        object.__setattr__(self, "axes", np.stack([right, down, forward]))

    @property
    def focal_px(self) -> float:
        """Focal length in pixels."""
        return float(self.size_px[0] / 2 / np.tan(np.radians(self.hfov_deg) / 2))

    def to_camera(self, points_m: Float64Array) -> Float64Array:
        """World points (N, 3) in the camera's axes: right, down, forward, in metres."""
        return np.asarray((points_m - np.array(self.position_m)) @ self.axes.T)

    def project(self, points_m: Float64Array) -> tuple[Float64Array, Float64Array]:
        """Where world points appear.

        Args:
            points_m: float64 (N, 3).

        Returns:
            float64 (N, 2) pixels and float64 (N,) depth along the optical axis in metres;
            pixels of points behind the camera (depth <= 0.1 m) are NaN.
        """
        local = self.to_camera(points_m)
        depth = local[:, 2]
        safe = np.where(depth > NEAR_M, depth, np.nan)
        centre = np.array(self.size_px) / 2
        return local[:, :2] * (self.focal_px / safe)[:, None] + centre, depth

    def rays(self, width_px: int, height_px: int) -> Float64Array:
        """Ray per pixel centre of a picture of the given size covering the same view.

        Returns:
            float64 (height, width, 3), world directions scaled so that one unit along the ray
            is one metre of depth along the optical axis.
        """
        scale = self.size_px[0] / width_px
        x = ((np.arange(width_px) + 0.5) * scale - self.size_px[0] / 2) / self.focal_px
        y = ((np.arange(height_px) + 0.5) * scale - self.size_px[1] / 2) / self.focal_px
        right, down, forward = self.axes
        return np.asarray(
            forward + x[None, :, None] * right + y[:, None, None] * down, dtype=np.float64
        )

    def floor_homography(self) -> Float64Array:
        """float64 (3, 3) that takes floor metres (x, y, 1) to homogeneous pixels."""
        width, height = self.size_px
        intrinsic = np.array(
            [[self.focal_px, 0, width / 2], [0, self.focal_px, height / 2], [0, 0, 1]]
        )
        offset = -self.axes @ np.array(self.position_m)
        return np.asarray(intrinsic @ np.column_stack([self.axes[:, 0], self.axes[:, 1], offset]))

    def floor_points(self, pixels: Float64Array) -> Float64Array:
        """Floor metres (N, 2) under pixels (N, 2); NaN at and above the horizon."""
        ones = np.column_stack([pixels, np.ones(len(pixels))])
        mapped = ones @ np.linalg.inv(self.floor_homography()).T
        # A floor point in front of the camera has positive homogeneous weight.
        weight = np.where(mapped[:, 2] > 1e-9, mapped[:, 2], np.nan)
        return np.asarray(mapped[:, :2] / weight[:, None])


def in_picture(camera: PinholeCamera, pixels: Float64Array, margin_px: float = 0) -> BoolArray:
    """Which pixels (N, 2) lie inside the picture, at least the margin from its edge; bool (N,)."""
    size = np.array(camera.size_px)
    inside = (pixels >= margin_px) & (pixels <= size - margin_px)
    return np.asarray(inside.all(axis=1))


def calibration_pairs(
    camera: PinholeCamera,
    outline_m: tuple[tuple[float, float], ...],
    *,
    columns: int = 4,
    rows: int = 3,
    reach_m: float = 18.0,
) -> tuple[PointPair, ...]:
    """Point pairs an installer would measure: a grid of picture points that show near floor.

    Pixels are rounded to a tenth and metres to a millimetre, finer than a tape measure.

    Args:
        camera: the true pose.
        outline_m: the floor's outline; points outside it are left out.
        columns: grid points across the picture.
        rows: grid points down the picture.
        reach_m: points farther than this from the camera are left out.

    Raises:
        ValueError: fewer than four points of the grid show the floor.
    """
    width, height = camera.size_px
    x, y = np.meshgrid(np.linspace(0.08, 0.92, columns), np.linspace(0.98, 0.3, 2 * rows + 1))
    pixels = np.column_stack([x.ravel() * width, y.ravel() * height]).astype(np.float64).round(1)
    floor = camera.floor_points(pixels)
    known = np.isfinite(floor).all(axis=1)
    near = np.hypot(*(floor - np.array(camera.position_m[:2])).T) <= reach_m
    inside = shapely.contains_xy(shapely.Polygon(outline_m), *np.nan_to_num(floor, nan=-1e6).T)
    keep = np.flatnonzero(known & near & inside)
    if len(keep) < 4:
        raise ValueError(f"camera {camera.camera_id} sees too little of the floor to calibrate")
    spread = keep[np.unique(np.linspace(0, len(keep) - 1, columns * rows).round().astype(int))]
    return tuple(
        PointPair(
            px=(float(pixels[i, 0]), float(pixels[i, 1])),
            m=(round(float(floor[i, 0]), 3), round(float(floor[i, 1]), 3)),
        )
        for i in spread
    )
