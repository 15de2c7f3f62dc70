"""Surfaces as clouds of points with normals: tubes with elliptic rings, and ellipsoids.

Points follow the R2 low-discrepancy sequence (Roberts 2018), so that they cover evenly.
Local axes of every body part: x to the person's right, y forward, z up; metres.
"""

from dataclasses import dataclass

import numpy as np

from edge_core.types import Float32Array, Float64Array

_R2 = (0.7548776662466927, 0.5698402909980532)


@dataclass
class Solid:
    """Points of one surface.

    Attributes:
        position_m: float32 (N, 3).
        normal: float32 (N, 3), unit, outward.
        along: float32 (N,), 0 at the tube's top end (or the ellipsoid's top) to 1 at its bottom.
        around: float32 (N,), angle in radians, 0 = right, pi / 2 = front.
        bgr: float32 (N, 3), 0..255, the surface's own colour.
    """

    position_m: Float32Array
    normal: Float32Array
    along: Float32Array
    around: Float32Array
    bgr: Float32Array

    def painted(self, bgr: Float32Array | tuple[int, int, int]) -> "Solid":
        """Set the colour, one for all or (N, 3)."""
        self.bgr[:] = bgr
        return self

    def shifted(self, x_m: float = 0, y_m: float = 0, z_m: float = 0) -> "Solid":
        """Move it."""
        self.position_m += np.array([x_m, y_m, z_m], np.float32)
        return self


def _sequence(count: int) -> tuple[Float64Array, Float64Array]:
    index = np.arange(1, count + 1)
    first, second = (np.asarray((0.5 + index * step) % 1, dtype=np.float64) for step in _R2)
    return first, second


def tube(
    points_per_m2: float,
    heights_m: list[float],
    half_widths_m: list[float],
    half_depths_m: list[float],
    *,
    forward_m: list[float] | None = None,
    squareness: float = 2.0,
) -> Solid:
    """A tube along z whose rings are superellipses.

    Args:
        points_per_m2: density.
        heights_m: z of the given rings, from the top end down.
        half_widths_m: half extent of each ring along x.
        half_depths_m: half extent of each ring along y.
        forward_m: y of each ring's centre.
        squareness: exponent of the superellipse, 2 = ellipse.
    """
    knots = np.linspace(0, 1, len(heights_m))
    length = abs(heights_m[0] - heights_m[-1]) + 2 * (half_depths_m[0] + half_depths_m[-1]) / 3
    girth = np.pi * (np.mean(half_widths_m) + np.mean(half_depths_m))
    along, turn = _sequence(max(12, int(points_per_m2 * length * girth)))
    around = _evenly_round(turn, np.mean(half_widths_m), np.mean(half_depths_m), squareness)
    z = np.interp(along, knots, heights_m)
    width, depth = (np.interp(along, knots, v) for v in (half_widths_m, half_depths_m))
    middle = np.interp(along, knots, forward_m) if forward_m else np.zeros_like(along)
    power = 2 / squareness
    cos = np.sign(np.cos(around)) * np.abs(np.cos(around)) ** power
    sin = np.sign(np.sin(around)) * np.abs(np.sin(around)) ** power
    position = np.stack([width * cos, depth * sin + middle, z], axis=1)
    taper = np.gradient((np.array(half_widths_m) + half_depths_m) / 2, knots)
    drop = np.gradient(np.array(heights_m), knots)
    slope = np.interp(along, knots, taper / np.minimum(drop, -1e-4))
    normal = np.stack(
        [np.cos(around) / np.maximum(width, 1e-3), np.sin(around) / np.maximum(depth, 1e-3), 0 * z],
        axis=1,
    )
    normal /= np.linalg.norm(normal, axis=1, keepdims=True)
    normal[:, 2] = -np.clip(slope, -2, 2)
    return _solid(position, normal, along, around)


def _evenly_round(
    turn: Float64Array, width_m: np.floating, depth_m: np.floating, squareness: float
) -> Float64Array:
    """Angles whose points lie evenly along the superellipse, for shares (N,) of its length."""
    angle = np.linspace(0, 2 * np.pi, 97)
    cos, sin = np.cos(angle), np.sin(angle)
    power = 2 / squareness
    x = width_m * np.sign(cos) * np.abs(cos) ** power
    y = depth_m * np.sign(sin) * np.abs(sin) ** power
    length = np.concatenate([[0], np.cumsum(np.hypot(np.diff(x), np.diff(y)))])
    return np.asarray(np.interp(turn, length / length[-1], angle))


def ellipsoid(points_per_m2: float, half_m: tuple[float, float, float]) -> Solid:
    """An ellipsoid about the origin with half axes along x, y, z."""
    a, b, c = half_m
    area = 4 * np.pi * (((a * b) ** 1.6 + (a * c) ** 1.6 + (b * c) ** 1.6) / 3) ** (1 / 1.6)
    along, turn = _sequence(max(12, int(points_per_m2 * area)))
    around, z = turn * 2 * np.pi, 1 - 2 * along
    ring = np.sqrt(np.maximum(1 - z * z, 0))
    unit = np.stack([ring * np.cos(around), ring * np.sin(around), z], axis=1)
    return _solid(unit * half_m, unit / half_m, along, around)


def _solid(
    position: Float64Array, normal: Float64Array, along: Float64Array, around: Float64Array
) -> Solid:
    normal = normal / np.linalg.norm(normal, axis=1, keepdims=True)
    return Solid(
        position.astype(np.float32),
        normal.astype(np.float32),
        along.astype(np.float32),
        around.astype(np.float32),
        np.zeros(position.shape, np.float32),
    )
