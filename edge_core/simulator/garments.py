"""Cloth on the body and in the hand: colours, patterns and the shading of folds."""

import numpy as np

from edge_core.simulator.looks import Look, cloth
from edge_core.simulator.solids import Solid, tube
from edge_core.types import Float32Array


def top_colours(
    look: Look, solid: Solid, rng: np.random.Generator, *, limb: bool = False
) -> Float32Array:
    """Colour of the upper garment at each point, float32 (N, 3).

    Args:
        look: whose.
        solid: the surface; on the torso prints, open fronts and blocks are placed by angle.
        rng: for the weave.
        limb: a sleeve, which carries stripes and checks but no print or opening.
    """
    first = np.array(look.top, np.float32)
    second = np.array(look.second, np.float32)
    z = solid.position_m[:, 2] / look.height_m
    mix = np.zeros(len(z), np.float32)
    if look.pattern == "stripes":
        mix = ((z * 34) % 1 < 0.42).astype(np.float32)
    elif look.pattern == "checks":
        across = (solid.around * 14 / (2 * np.pi)) % 1 < 0.45
        mix = 0.5 * ((z * 26) % 1 < 0.45) + 0.5 * across
    elif look.pattern == "block" and not limb:
        mix = (z > 0.17).astype(np.float32)
    elif look.pattern == "print" and not limb:
        ahead = np.abs(solid.around - np.pi / 2)
        mix = ((ahead < 0.5) & (z > 0.14) & (z < 0.22)).astype(np.float32)
        mix *= np.sin(solid.around * 17) * np.sin(z * 240) > -0.3
    elif look.pattern == "melange":
        mix = (rng.random(len(z)) * 0.35).astype(np.float32)
    if look.open_front and not limb:
        ahead = np.abs(solid.around - np.pi / 2)
        mix = np.where(ahead < 0.34, 1.0, 0.0).astype(np.float32)
    colours = first + mix[:, None] * (second - first)
    return np.asarray(colours * rng.normal(1, 0.03, (len(z), 1)), dtype=np.float32)


def trouser_colours(look: Look, solid: Solid, rng: np.random.Generator) -> Float32Array:
    """Colour of trousers or skirt at each point, float32 (N, 3); jeans fade down the front."""
    if look.jeans:
        wash = 0.75 + 0.5 * (look.texture_seed % 7) / 7
        colours = np.array((110, 82, 58), np.float32) * wash
        front = np.clip(np.cos(solid.around - np.pi / 2), 0, 1) * np.sin(np.pi * solid.along)
        shade = 1 + 0.28 * front[:, None]
    else:
        colours = np.array(look.bottom, np.float32)
        shade = np.ones((len(solid.along), 1), np.float32)
    return np.asarray(
        colours * shade * rng.normal(1, 0.03, (len(solid.along), 1)), dtype=np.float32
    )


def fold(solid: Solid, rng: np.random.Generator, depth: float, *, upright: bool = False) -> None:
    """Tilt normals and darken creases as folds of cloth would.

    Args:
        solid: changed in place.
        rng: places the folds.
        depth: 0 = smooth, 0.2 = deep.
        upright: folds fall from the top, as in a skirt.
    """
    wave = np.zeros(len(solid.along), np.float32)
    for _ in range(4):
        down, round_ = (rng.uniform(0.2, 1.2), rng.integers(4, 9)) if upright else (
            rng.uniform(1.5, 6), rng.integers(1, 4)
        )  # fmt: skip
        wave += np.sin(
            2 * np.pi * down * solid.along + round_ * solid.around + rng.uniform(0, 6.3)
        ).astype(np.float32)
    wave *= depth / 2
    solid.normal[:, 2] += wave
    solid.normal /= np.linalg.norm(solid.normal, axis=1, keepdims=True)
    solid.bgr *= (1 - np.clip(-wave, 0, 1) * 0.6)[:, None]


def on_hanger(garment: int, points_per_m2: float) -> Solid:
    """A garment hanging from the origin, as wide as shoulders, flat.

    Args:
        garment: its number, which tells colour and cut.
        points_per_m2: density of the cloud.
    """
    rng = np.random.default_rng(garment)
    long_m, wide_m = rng.uniform(0.5, 1.05), rng.uniform(0.17, 0.24)
    piece = tube(
        points_per_m2,
        [0.0, -0.02, -0.1, -0.6 * long_m, -long_m, -long_m - 0.01],
        [0.02, 0.7 * wide_m, wide_m, 0.9 * wide_m, rng.uniform(0.8, 1.3) * wide_m, 0.1],
        [0.015, 0.03, 0.045, 0.05, 0.06, 0.02],
        squareness=3.0,
    ).painted(cloth(rng))
    if rng.random() < 0.3:
        piece.bgr[(piece.along * rng.uniform(6, 14)) % 1 < 0.4] = cloth(rng)
    fold(piece, rng, 0.15, upright=True)
    return piece
