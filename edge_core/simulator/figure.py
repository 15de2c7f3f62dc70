"""Drawing one person by splatting the body's points, nearest last."""

from dataclasses import dataclass

import cv2
import numpy as np

from edge_core.simulator.body import Body
from edge_core.simulator.gestures import Hands
from edge_core.simulator.pose import BONES, posture, unit_frames
from edge_core.types import Float32Array, Float64Array, ImageArray


@dataclass(frozen=True)
class Sprite:
    """A drawn person.

    Attributes:
        bgra: uint8 (H, W, 4), colours already multiplied by the coverage in the fourth channel.
        foot_px: pixel (x, y) of the body's axis at the floor.
        head_px: pixel of the body's axis at full height.
        hull_px: float64 (K, 2), convex hull of the pixels that are more than half covered.
        area_px: number of those pixels.
    """

    bgra: ImageArray
    foot_px: tuple[float, float]
    head_px: tuple[float, float]
    hull_px: Float64Array
    area_px: int


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
    body: Body,
    activity: str,
    phase: float,
    stride: float,
    view: View,
    height_px: int,
    block: int = 2,
    hands: Hands | None = None,
) -> Sprite:
    """Draw a body in perspective.

    Args:
        body: its points.
        activity: what the body does, as `pose.posture` takes it.
        phase: place in the stride, 0..1.
        stride: how far the limbs swing.
        view: where the viewer stands.
        height_px: how tall the body stands in the picture, about.
        block: side of the square painted for each point, pixels; a thin cloud needs larger ones.
        hands: a gesture; `body` carries the garment in hand, if any.
    """
    axes = _view_axes(view)
    hips = posture(activity, phase, stride).hip
    local, normal = _posed(body, unit_frames(activity, phase, stride, hands), hips, axes)
    depth = view.distance_m + local[:, 2]
    facing = local[:, 0] * normal[:, 0] + local[:, 1] * normal[:, 1] + depth * normal[:, 2]
    seen = np.flatnonzero(facing < 0)
    local, normal, depth = local.take(seen, axis=0), normal.take(seen, axis=0), depth.take(seen)
    scale = height_px / body.height_m * view.distance_m
    zoom = scale / np.maximum(depth, 0.3)
    x, y = local[:, 0] * zoom, local[:, 1] * zoom
    border = 3.0
    left, top = float(x.min()) - border, float(y.min()) - border
    size = (int(x.max() + border - left) + 2, int(y.max() + border - top) + 2)
    bgr = body.bgr.take(seen, axis=0)
    colour = _shaded(bgr, normal, local[:, 1] / body.height_m, axes)
    bgra = _splat(x - left, y - top, depth, colour, size, block)
    middle = np.array([0, 0, body.height_m / 2])
    ends = np.array([-middle, middle]) @ axes.T
    ends_px = ends[:, :2] * (scale / (view.distance_m + ends[:, 2]))[:, None]
    foot, head = ((float(px[0]) - left, float(px[1]) - top) for px in ends_px)
    return Sprite(bgra, foot, head, *_extent(bgra))


def _posed(
    body: Body,
    frames: tuple[Float32Array, Float32Array],
    hips: tuple[float, float],
    axes: Float32Array,
) -> tuple[Float32Array, Float32Array]:
    """Points relative to the body's centre and normals in the viewer's axes, float32 (N, 3)."""
    origins, turns = frames
    middle = np.array([0, 0, 0.5], np.float32)
    offsets = body.height_m * (origins - middle) @ axes.T
    turned = np.swapaxes(axes @ turns, 1, 2)
    position, normal = np.empty_like(body.position_m), np.empty_like(body.normal)
    for bone, (start, end) in enumerate(body.spans):
        if start == end:
            continue
        points = body.position_m[start:end]
        if BONES[bone] == "hem":
            points = _swung_hem(points, hips, body)
        np.matmul(points, turned[bone], out=position[start:end])
        position[start:end] += offsets[bone]
        np.matmul(body.normal[start:end], turned[bone], out=normal[start:end])
    return position, normal


def _swung_hem(points: Float32Array, hips: tuple[float, float], body: Body) -> Float32Array:
    """A skirt or coat (M, 3) that follows the thighs beneath it."""
    drop = np.clip(-points[:, 2] / (0.3 * body.height_m), 0, 1.3)
    side = np.clip(points[:, 0] / (0.09 * body.height_m) * 0.5 + 0.5, 0, 1)
    angle = side * hips[0] + (1 - side) * hips[1]
    furthest = np.where(points[:, 1] > 0, max(*hips, 0.0), min(*hips, 0.0))
    swung = points.copy()
    swung[:, 1] += drop * np.sin(0.6 * furthest + 0.4 * angle) * 0.28 * body.height_m
    return swung


def _view_axes(view: View) -> Float32Array:
    """Rows: the viewer's right, down and forward in the person's axes."""
    ca, sa = np.cos(view.azimuth), np.sin(view.azimuth)
    ce, se = np.cos(view.elevation), np.sin(view.elevation)
    toward_viewer = np.array([ce * sa, ce * ca, se])
    right = np.array([-ca, sa, 0.0])
    down = -np.array([-se * sa, -se * ca, ce])
    return np.array([right, down, -toward_viewer], np.float32)


def _shaded(
    bgr: Float32Array, normal: Float32Array, down: Float32Array, axes: Float32Array
) -> ImageArray:
    """Light from the ceiling and a softer one over the viewer's left shoulder.

    Args:
        bgr: float32 (N, 3), surface colours.
        normal: float32 (N, 3) in the viewer's axes.
        down: float32 (N,), place down the body, -0.5 at the top to 0.5 at the floor.
        axes: the viewer's axes in the person's.

    Returns:
        uint8 (N, 3).
    """
    key = np.array([-0.45, -0.75, -0.5], np.float32) / np.float32(1.008)
    lit = normal @ np.stack([axes[:, 2], key, np.array([0, 0, -1], np.float32)], axis=1)
    light = 0.57 + 0.17 * lit[:, 0] + 0.42 * np.maximum(lit[:, 1], 0)
    light *= 0.94 - 0.2 * np.clip(down, -0.5, 0.5)
    light *= 0.72 + 0.28 * np.sqrt(np.maximum(lit[:, 2], 0))
    lit_bgr = bgr * (1.25 * light[:, None]) - 16
    return np.asarray(np.clip(lit_bgr, 4, 255), dtype=np.uint8)


def _splat(
    x: Float32Array,
    y: Float32Array,
    depth: Float32Array,
    bgr: ImageArray,
    size: tuple[int, int],
    block: int,
) -> ImageArray:
    """Paint square blocks from far to near, then soften; uint8 (H, W, 4), premultiplied."""
    width, height = size
    farthest = float(depth.max())
    steps = 65535 / max(farthest - float(depth.min()), 1e-3)
    order = np.argsort(((farthest - depth) * steps).astype(np.uint16), kind="stable")
    pixel = np.full((len(x), 4), 255, np.uint8)
    pixel[:, :3] = bgr
    packed = pixel.view(np.uint32)[order, 0]
    shift = (block - 1) / 2
    corner = ((y - shift).astype(np.int32) * width + (x - shift).astype(np.int32))[order]
    canvas = np.zeros(width * height, np.uint32)
    side = np.arange(block, dtype=np.int32)
    blocks = corner[:, None] + (side[:, None] * width + side).ravel()
    canvas[blocks.ravel()] = np.repeat(packed, block * block)
    return _closed(canvas.view(np.uint8).reshape(height, width, 4))


def _closed(image: ImageArray) -> ImageArray:
    """Smooth the blocks and close pinholes, keeping the outline where it is."""
    soft = cv2.GaussianBlur(image, (3, 3), 0.8).astype(np.float32)
    gain = np.minimum(1.7, 255 / np.maximum(soft[..., 3:], 1))
    return np.asarray(soft * gain + 0.5, dtype=np.uint8)


def _extent(bgra: ImageArray) -> tuple[Float64Array, int]:
    """Convex hull (K, 2) and number of the pixels that are more than half covered."""
    solid = bgra[..., 3] > 127
    rows = np.flatnonzero(solid.any(axis=1))
    part = solid[rows]
    first = part.argmax(axis=1)
    last = part.shape[1] - part[:, ::-1].argmax(axis=1)
    sides = [np.column_stack([x, y]) for x in (first, last) for y in (rows, rows + 1)]
    hull = cv2.convexHull(np.concatenate(sides).astype(np.int32))
    return hull[:, 0].astype(np.float64), int(solid.sum())
