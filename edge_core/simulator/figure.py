"""Drawing one person by splatting the body's points, nearest last."""

from dataclasses import dataclass

import cv2
import numpy as np

from edge_core.simulator.body import Body
from edge_core.simulator.pose import bone_frames, posture
from edge_core.types import Float32Array, ImageArray

MARGIN = 0.14
"""Blank border of a sprite, as a share of its person's drawn height."""


@dataclass(frozen=True)
class Sprite:
    """A drawn person.

    Attributes:
        bgra: uint8 (H, W, 4), colours already multiplied by the coverage in the fourth channel.
        foot_px: pixel (x, y) of the body's axis at the floor.
        head_px: pixel of the body's axis at full height.
    """

    bgra: ImageArray
    foot_px: tuple[float, float]
    head_px: tuple[float, float]


@dataclass(frozen=True)
class View:
    """From where a person is seen, in the person's own axes.

    Attributes:
        azimuth: radians; 0 = from the front, pi / 2 = from the person's right.
        elevation: radians above the horizontal, at the body's centre.
        distance_m: from the body's centre.
    """

    azimuth: float
    elevation: float
    distance_m: float


def draw_figure(
    body: Body, activity: str, phase: float, stride: float, view: View, height_px: int
) -> Sprite:
    """Draw a body in perspective.

    Args:
        body: its points.
        activity, phase, stride: the posture, as `pose.posture` takes them.
        view: where the viewer stands.
        height_px: about how tall a standing adult of this height is drawn.
    """
    position, normal = _posed(body, activity, phase, stride)
    centre = np.array([0, 0, body.height_m / 2], np.float32)
    axes = _view_axes(view)
    scale = height_px / body.height_m
    local = (position - centre) @ axes.T
    depth = view.distance_m + local[:, 2]
    zoom = scale * view.distance_m / np.maximum(depth, 0.3)
    ends = (np.array([[0, 0, 0], [0, 0, body.height_m]], np.float32) - centre) @ axes.T
    ends_px = ends[:, :2] * (scale * view.distance_m / (view.distance_m + ends[:, 2]))[:, None]
    seen = np.einsum("ij,ij->i", normal, _toward(position, centre, axes, view)) > 0
    x, y = (local[seen, axis] * zoom[seen] for axis in (0, 1))
    border = MARGIN * height_px * 0.3 + 3
    left, top = float(x.min() - border), float(y.min() - border)
    size = (int(x.max() + border - left) + 2, int(y.max() + border - top) + 2)
    colour = _shaded(body.bgr[seen], normal[seen], position[seen, 2] / body.height_m, axes)
    bgra = _splat(x - left, y - top, depth[seen], colour, size)
    foot, head = ((float(px[0] - left), float(px[1] - top)) for px in ends_px)
    return Sprite(bgra, foot, head)


def _posed(
    body: Body, activity: str, phase: float, stride: float
) -> tuple[Float32Array, Float32Array]:
    """Points and normals in body axes, float32 (N, 3) each."""
    pose = posture(activity, phase, stride)
    origins, turns = bone_frames(pose, body.height_m)
    position, normal = np.empty_like(body.position_m), np.empty_like(body.normal)
    for bone, (start, end) in enumerate(body.spans):
        if start < end:
            turn = turns[bone].T
            np.matmul(body.position_m[start:end], turn, out=position[start:end])
            position[start:end] += origins[bone]
            np.matmul(body.normal[start:end], turn, out=normal[start:end])
    start, end = body.spans[1]
    if start < end:
        _swing_hem(position[start:end], origins, pose.hip, body)
    return position, normal


def _swing_hem(
    points: Float32Array, origins: Float32Array, hips: tuple[float, float], body: Body
) -> None:
    """Let a skirt or coat follow the thighs below it; `points` (M, 3) change in place."""
    drop = np.clip((origins[1][2] - points[:, 2]) / (0.3 * body.height_m), 0, 1.3)
    side = np.clip(points[:, 0] / (0.09 * body.height_m) * 0.5 + 0.5, 0, 1)
    angle = side * hips[0] + (1 - side) * hips[1]
    front = points[:, 1] > 0
    reach = np.where(front, max(*hips, 0.0), min(*hips, 0.0)) * 0.6 + 0.4 * angle
    points[:, 1] += (drop * np.sin(reach) * 0.28 * body.height_m).astype(np.float32)


def _view_axes(view: View) -> Float32Array:
    """Rows: the viewer's right, down and forward in the person's axes."""
    ca, sa = np.cos(view.azimuth), np.sin(view.azimuth)
    ce, se = np.cos(view.elevation), np.sin(view.elevation)
    toward_viewer = np.array([ce * sa, ce * ca, se])
    right = np.array([-ca, sa, 0.0])
    down = -np.array([-se * sa, -se * ca, ce])
    return np.array([right, down, -toward_viewer], np.float32)


def _toward(
    position: Float32Array, centre: Float32Array, axes: Float32Array, view: View
) -> Float32Array:
    viewer = centre - axes[2] * view.distance_m
    return np.asarray(viewer - position, dtype=np.float32)


def _shaded(
    bgr: Float32Array, normal: Float32Array, up: Float32Array, axes: Float32Array
) -> ImageArray:
    """Light from the ceiling, a softer one over the viewer's left shoulder; uint8 (N, 3)."""
    key = -0.45 * axes[0] - 0.75 * axes[1] - 0.5 * axes[2]
    key = key / np.linalg.norm(key)
    sky = 0.5 + 0.5 * normal[:, 2]
    light = 0.4 + 0.34 * sky + 0.42 * np.clip(normal @ key, 0, 1)
    light *= 0.84 + 0.2 * np.clip(up, 0, 1)
    rim = np.clip(-(normal @ axes[2]), 0, 1)
    light *= 0.72 + 0.28 * np.sqrt(rim)
    return np.asarray(np.clip(bgr * light[:, None] + 5, 0, 255), dtype=np.uint8)


def _splat(
    x: Float32Array, y: Float32Array, depth: Float32Array, bgr: ImageArray, size: tuple[int, int]
) -> ImageArray:
    """Paint 2x2 blocks from far to near, then soften; uint8 (H, W, 4), premultiplied."""
    width, height = size
    span = float(np.ptp(depth)) or 1.0
    rank = ((depth.max() - depth) * (65535 / span)).astype(np.uint16)
    order = np.argsort(rank, kind="stable")
    pixel = np.empty((len(x), 4), np.uint8)
    pixel[:, :3] = bgr
    pixel[:, 3] = 255
    packed = pixel.view(np.uint32)[order, 0]
    corner = (y[order] - 0.5).astype(np.int32) * width + (x[order] - 0.5).astype(np.int32)
    canvas = np.zeros(width * height, np.uint32)
    blocks = corner[:, None] + np.array([0, 1, width, width + 1], np.int32)
    canvas[blocks.ravel()] = np.repeat(packed, 4)
    image = canvas.view(np.uint8).reshape(height, width, 4)
    return np.asarray(cv2.GaussianBlur(image, (3, 3), 0.7))
