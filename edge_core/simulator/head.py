"""Heads: face, hair in several styles, caps and scarves."""

import numpy as np

from edge_core.simulator.looks import Bgr, Look, darker
from edge_core.simulator.solids import Solid, ellipsoid, tube
from edge_core.types import BoolArray, Float32Array

_UP = 0.078
"""Centre of the skull above the neck joint, share of body height."""


def head_parts(look: Look, density: float, rng: np.random.Generator) -> list[Solid]:
    """Everything above the neck, in the axes of the head bone (origin at the neck joint)."""
    scale = look.height_m if look.height_m > 1.55 else look.height_m * 0.6 + 0.62
    parts = [_skull(look, density * 1.6, scale, rng), *_hair_volume(look, density, scale)]
    return [part.shifted(z_m=_UP * look.height_m - 0.004) for part in parts]


def _skull(look: Look, density: float, scale: float, rng: np.random.Generator) -> Solid:
    half = (0.044 * scale, 0.056 * scale, 0.070 * scale)
    skull = ellipsoid(density, half)
    x, y, z = (skull.position_m[:, i] / half[i] for i in range(3))
    jaw = np.where(z < 0, 1 + 0.22 * z, 1.0)
    skull.position_m[:, 0] *= jaw
    skull.position_m[:, 1] *= np.where(z < 0, 1 + 0.12 * z, 1.0)
    nose = np.exp(-((x / 0.16) ** 2) - ((z + 0.12) / 0.2) ** 2) * (y > 0.5)
    skull.position_m[:, 1] += 0.012 * scale * nose
    skull.painted(look.skin)
    front = y > 0.45
    for eye in (-0.36, 0.36):
        near = (np.abs(x - eye) < 0.17) & (np.abs(z - 0.05) < 0.07) & front
        skull.bgr[near] = (38, 34, 34)
        brow = (np.abs(x - eye) < 0.24) & (np.abs(z - 0.22) < 0.05) & front
        skull.bgr[brow] = 0.5 * np.array(look.hair) + 0.5 * 0.6 * np.array(look.skin)
        skull.bgr[(np.abs(x - eye) < 0.26) & (np.abs(z + 0.0) < 0.16) & front] *= 0.92
    lips = (np.abs(x) < 0.3) & (np.abs(z + 0.46) < 0.06) & front
    skull.bgr[lips] = np.array(look.skin) * (0.72, 0.66, 0.86)
    if look.feminine < 0.35 and look.texture_seed % 5 == 0:
        beard = (z < -0.3) & (y > 0.1) & ~lips
        skull.bgr[beard] = 0.35 * np.array(look.skin) + 0.65 * np.array(look.hair)
    ears = (np.abs(x) > 0.86) & (np.abs(z) < 0.3) & (np.abs(y) < 0.3)
    skull.position_m[ears, 0] *= 1.07
    covered = _hair_mask(look, x, y, z)
    skull.bgr[covered] = np.array(_hair_colour(look)) * rng.uniform(
        0.72, 1.2, (int(covered.sum()), 1)
    )
    skull.position_m[covered] *= 1.075 if look.hair_style != "bald" else 1.0
    return skull


def _hair_colour(look: Look) -> Bgr:
    return look.bag_colour if look.hair_style in ("cap", "scarf") else look.hair


def _hair_mask(look: Look, x: Float32Array, y: Float32Array, z: Float32Array) -> BoolArray:
    """Which points of the unit skull are covered by hair or cloth."""
    if look.hair_style == "bald":
        return np.zeros(len(z), bool)
    if look.hair_style == "scarf":
        return np.asarray((y < 0.42) | (z > 0.5) | (z < -0.82))
    hairline = 0.48 if look.hair_style != "cap" else 0.38
    crown = z > hairline + 0.2 * (x * x)
    back = (y < 0.08) & (z > -0.42)
    if look.hair_style in ("long", "bob"):
        back |= (y < 0.3) & (z > -0.75)
    if look.hair_style == "short":
        back &= ~((np.abs(x) > 0.8) & (z < 0.1) & (y > -0.25))
    return np.asarray(crown | back)


def _hair_volume(look: Look, density: float, scale: float) -> list[Solid]:
    colour = _hair_colour(look)
    dark = darker(colour, 0.8)
    if look.hair_style in ("long", "scarf"):
        fall = tube(
            density, [0.02 * scale, -0.03 * scale, -0.11 * scale, -0.15 * scale],
            [0.05 * scale, 0.056 * scale, 0.058 * scale, 0.02 * scale],
            [0.03 * scale, 0.034 * scale, 0.026 * scale, 0.01 * scale],
        ).painted(dark if look.hair_style == "long" else colour)  # fmt: skip
        return [fall.shifted(y_m=-0.03 * scale)]
    if look.hair_style == "bob":
        bob = tube(
            density, [0.03 * scale, -0.02 * scale, -0.065 * scale, -0.07 * scale],
            [0.052 * scale, 0.06 * scale, 0.058 * scale, 0.03 * scale],
            [0.04 * scale, 0.045 * scale, 0.04 * scale, 0.02 * scale],
        ).painted(dark)  # fmt: skip
        return [bob.shifted(y_m=-0.02 * scale)]
    if look.hair_style == "bun":
        knot = ellipsoid(density, (0.026 * scale, 0.024 * scale, 0.024 * scale)).painted(dark)
        return [knot.shifted(y_m=-0.058 * scale, z_m=0.042 * scale)]
    if look.hair_style == "cap":
        brim = ellipsoid(density, (0.038 * scale, 0.04 * scale, 0.006 * scale)).painted(dark)
        return [brim.shifted(y_m=0.066 * scale, z_m=0.03 * scale)]
    return []
