"""The still picture of one camera with its depth, drawn once: a z-buffer of textured surfaces."""

from dataclasses import dataclass

import cv2
import numpy as np

from edge_core.simulator.camera import NEAR_M, PinholeCamera
from edge_core.simulator.scene import CameraPose, Lighting, Scene
from edge_core.simulator.surfaces import Surface
from edge_core.simulator.walkways import Walkways
from edge_core.types import BoolArray, Float32Array, Float64Array, ImageArray

_FAR_M = 200.0


@dataclass(frozen=True)
class Background:
    """What a camera sees without people.

    Attributes:
        bgr: uint8 (H, W, 3).
        depth_m: float32 (H, W), along the optical axis; 200 where nothing is.
    """

    bgr: ImageArray
    depth_m: Float32Array


def draw_background(
    scene: Scene, pose: CameraPose, surfaces: list[Surface], walkways: Walkways
) -> Background:
    """Draw the still scene at twice (large pictures: 1.5 times) the size and shrink it."""
    camera = pose.camera()
    width, height = pose.size_px
    factor = 2.0 if width <= 800 else 1.5
    canvas = _Canvas(camera, round(width * factor), round(height * factor))
    for surface in surfaces:
        canvas.draw(surface, scene.config.lighting, walkways)
    picture = cv2.resize(canvas.colour, (width, height), interpolation=cv2.INTER_AREA)
    picture = picture * _vignette(width, height, pose.vignette)[..., None]
    picture *= np.array([1 - pose.warmth, 1.0, 1 + pose.warmth], np.float32) * pose.exposure
    depth = cv2.resize(canvas.depth, (width, height), interpolation=cv2.INTER_NEAREST)
    soft = cv2.GaussianBlur(picture, (0, 0), 0.55)
    return Background(np.clip(soft, 0, 255).astype(np.uint8), np.asarray(depth, dtype=np.float32))


def _vignette(width: int, height: int, strength: float) -> Float32Array:
    x, y = np.meshgrid(np.linspace(-1, 1, width), np.linspace(-1, 1, height))
    return np.asarray(1 - strength * (x * x + y * y) / 2, dtype=np.float32)


def vignette_at(share_x: float, share_y: float, strength: float) -> float:
    """Brightness left at a place given as shares (0..1) of the picture's width and height."""
    x, y = 2 * share_x - 1, 2 * share_y - 1
    return 1 - strength * min(x * x + y * y, 2.0) / 2


class _Canvas:
    """Colour and depth of one camera at drawing size."""

    def __init__(self, camera: PinholeCamera, width: int, height: int) -> None:
        self._camera = camera
        self._scale = width / camera.size_px[0]
        self._rays = camera.rays(width, height).astype(np.float32)
        self.colour = np.full((height, width, 3), 60, np.float32)
        self.depth = np.full((height, width), _FAR_M, np.float32)

    def draw(self, surface: Surface, lighting: Lighting, walkways: Walkways) -> None:
        """Paint a surface where it is nearer than what is there."""
        outline = self._outline(surface)
        if outline is None:
            return
        height, width = self.depth.shape
        left, top = np.maximum(np.floor(outline.min(axis=0)).astype(int) - 1, 0)
        right, bottom = np.minimum(np.ceil(outline.max(axis=0)).astype(int) + 1, [width, height])
        if right <= left or bottom <= top:
            return
        inside = np.zeros((bottom - top, right - left), np.uint8)
        corner = np.array([left, top])
        cv2.fillPoly(inside, [np.round((outline - corner) * 16).astype(np.int32)], 1, shift=4)
        rays = self._rays[top:bottom, left:right]
        position = np.array(self._camera.position_m)
        normal = surface.normal
        approach = rays @ normal.astype(np.float32)
        reach = float(normal @ (surface.origin_m - position))
        with np.errstate(divide="ignore", invalid="ignore"):
            depth = np.where(np.abs(approach) > 1e-7, reach / approach, _FAR_M).astype(np.float32)
        nearer = (inside > 0) & (depth > NEAR_M) & (depth < self.depth[top:bottom, left:right])
        if not nearer.any():
            return
        rows, columns = np.nonzero(nearer)
        ray, t = rays[rows, columns], depth[rows, columns]
        point = position.astype(np.float32) + ray * t[:, None]
        if surface.lit in ("upright", "top"):
            # Filling a polygon takes in the pixels on its border; those beyond it would fray.
            on = _within(surface, point)
            rows, columns, ray, t, point = rows[on], columns[on], ray[on], t[on], point[on]
        colour, solid = _textured(surface, point, t / (self._camera.focal_px * self._scale))
        colour = colour * _light(surface, point, ray, lighting, walkways)[:, None]
        colour += _mirrored_lamps(surface, point, ray, lighting)[:, None]
        rows, columns = rows[solid] + top, columns[solid] + left
        self.colour[rows, columns] = colour[solid]
        self.depth[rows, columns] = t[solid]

    def _outline(self, surface: Surface) -> Float64Array | None:
        """The polygon's picture (K, 2) after cutting off what lies behind the camera."""
        local = self._camera.to_camera(surface.corners_m)
        kept = []
        for a, b in zip(local, np.roll(local, -1, axis=0), strict=True):
            if a[2] > NEAR_M:
                kept.append(a)
            if (a[2] > NEAR_M) != (b[2] > NEAR_M):
                kept.append(a + (b - a) * (NEAR_M - a[2]) / (b[2] - a[2]))
        if len(kept) < 3:
            return None
        points = np.array(kept)
        focal = self._camera.focal_px * self._scale
        height, width = self.depth.shape
        pixels = points[:, :2] * (focal / points[:, 2])[:, None] + [width / 2, height / 2]
        return np.clip(pixels, -30000, 30000)


def _within(surface: Surface, point: Float32Array) -> BoolArray:
    """Which points (N,) lie on the picture's first repeat, a millimetre of slack granted."""
    offset = point - surface.origin_m.astype(np.float32)
    inside = np.ones(len(point), bool)
    for axis, extent in zip((surface.across, surface.down), surface.extent_m, strict=True):
        along = offset @ axis.astype(np.float32)
        inside &= (along > -0.001) & (along < extent + 0.001)
    return inside


def _textured(
    surface: Surface, point: Float32Array, footprint_m: Float32Array
) -> tuple[Float32Array, BoolArray]:
    """Picture colour (N, 3) at world points and where the picture is solid (N,)."""
    offset = point - surface.origin_m.astype(np.float32)
    height, width = surface.image.shape[:2]
    x = (offset @ surface.across.astype(np.float32)) / surface.extent_m[0] % 1 * width - 0.5
    y = (offset @ surface.down.astype(np.float32)) / surface.extent_m[1] % 1 * height - 0.5
    levels = [surface.image]
    while min(levels[-1].shape[:2]) > 8 and len(levels) < 6:
        levels.append(np.asarray(cv2.pyrDown(levels[-1]), dtype=np.uint8))
    texel_m = surface.extent_m[0] / width
    level = np.clip(np.log2(np.maximum(footprint_m / texel_m, 1e-6)).round(), 0, len(levels) - 1)
    result = np.zeros((len(point), surface.image.shape[2]), np.float32)
    for index, image in enumerate(levels):
        chosen = np.flatnonzero(level == index)
        if len(chosen):
            shrink = image.shape[1] / width, image.shape[0] / height
            # remap takes maps of at most 32767 rows, so the points are laid out in a block.
            side = int(np.ceil(np.sqrt(len(chosen))))
            maps = [np.zeros(side * side, np.float32) for _ in range(2)]
            maps[0][: len(chosen)] = x[chosen] * shrink[0]
            maps[1][: len(chosen)] = y[chosen] * shrink[1]
            block = cv2.remap(
                image, maps[0].reshape(side, side), maps[1].reshape(side, side),
                cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP,
            )  # fmt: skip
            result[chosen] = block.reshape(side * side, -1)[: len(chosen)]
    solid = result[:, 3] > 110 if result.shape[1] == 4 else np.ones(len(point), bool)
    return result[:, :3], solid


def _light(
    surface: Surface,
    point: Float32Array,
    ray: Float32Array,
    lighting: Lighting,
    walkways: Walkways,
) -> Float32Array:
    """Brightness (N,) of the surface's own colour."""
    turn = 2 * np.pi / lighting.lamp_spacing_m
    pool = np.cos(turn * point[:, 0]) + np.cos(turn * point[:, 1])
    lamps, ambient = lighting.lamp_strength, lighting.ambient
    if surface.lit == "lamp":
        gap = _lamp_gap(point[:, :2], lighting)
        return np.asarray(np.where((gap < 0.32).all(axis=1), 1.6, 0.78), dtype=np.float32)
    if surface.lit == "floor":
        clearance = walkways.clearance_m(point[:, :2].astype(np.float64))
        shade = 1 - 0.38 * np.exp(-clearance / 0.22)
        return np.asarray((ambient + lamps * (0.86 + 0.07 * pool)) * shade, dtype=np.float32)
    height = np.clip(point[:, 2] / lighting.ceiling_m, 0, 1)
    if surface.lit == "top":
        return np.asarray(ambient + lamps * (0.9 + 0.06 * pool), dtype=np.float32)
    turned = 0.06 * abs(float(surface.normal[0]))
    scallop = 0.1 * pool * height**2
    return np.asarray(
        ambient * (0.82 + 0.18 * height) + lamps * (0.55 + 0.3 * height + scallop) - turned,
        dtype=np.float32,
    )


def _lamp_gap(point: Float32Array, lighting: Lighting) -> Float32Array:
    """Distance along x and y (N, 2) to the nearest lamp of the grid."""
    spacing = np.float32(lighting.lamp_spacing_m)
    return np.asarray(np.abs((point + spacing / 2) % spacing - spacing / 2), dtype=np.float32)


def _mirrored_lamps(
    surface: Surface, point: Float32Array, ray: Float32Array, lighting: Lighting
) -> Float32Array:
    """Grey levels (N,) added where a glossy floor mirrors the ceiling's lamps."""
    if surface.gloss == 0:
        return np.zeros(len(point), np.float32)
    steep = np.maximum(-ray[:, 2:], 1e-3)
    above = point[:, :2] + ray[:, :2] / steep * np.float32(lighting.ceiling_m)
    gap = np.hypot(*_lamp_gap(above.astype(np.float32), lighting).T)
    slant = 1 - np.clip(steep[:, 0] / np.linalg.norm(ray, axis=1), 0, 1)
    return np.asarray(
        surface.gloss * 150 * (0.25 + 0.75 * slant**2) * np.exp(-((gap / 0.75) ** 2)),
        dtype=np.float32,
    )
