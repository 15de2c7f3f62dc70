"""A shopper's body and clothes as one coloured point cloud, bone by bone."""

from dataclasses import dataclass
from math import ceil

import numpy as np

from edge_core.simulator import pose
from edge_core.simulator.garments import fold, on_hanger, top_colours, trouser_colours
from edge_core.simulator.head import head_parts
from edge_core.simulator.looks import Look, darker
from edge_core.simulator.solids import Solid, ellipsoid, tube
from edge_core.types import Float32Array


@dataclass(frozen=True)
class Body:
    """Points of a whole body, grouped by bone.

    Attributes:
        position_m: float32 (N, 3) in the axes of each point's bone.
        normal: float32 (N, 3), unit, same axes.
        bgr: float32 (N, 3), surface colour 0..255.
        spans: start and end of each bone's points, in the order of `pose.BONES`.
        parts: start and end of each surface's points.
        height_m: body height.
    """

    position_m: Float32Array
    normal: Float32Array
    bgr: Float32Array
    spans: tuple[tuple[int, int], ...]
    parts: tuple[tuple[int, int], ...]
    height_m: float

    def __len__(self) -> int:
        return len(self.position_m)

    def thinned(self, share: float) -> "Body":
        """The same body with that share of its points, still evenly spread."""
        kept = [np.arange(start, start + ceil(share * (end - start))) for start, end in self.parts]
        index = np.concatenate(kept)
        bounds = np.searchsorted(index, np.array(self.spans))
        ends = np.cumsum([len(part) for part in kept])
        return Body(
            self.position_m[index],
            self.normal[index],
            self.bgr[index],
            tuple((int(start), int(end)) for start, end in bounds),
            tuple((int(end) - len(part), int(end)) for part, end in zip(kept, ends, strict=True)),
            self.height_m,
        )


def build_body(look: Look, points_per_m2: float, garment: int | None = None) -> Body:
    """Dress a body.

    Args:
        look: what to draw.
        points_per_m2: density of the cloud; about 1.9 m2 of surface a person.
        garment: number of a garment in hand, which tells its colour and cut; None with none.
    """
    rng = np.random.default_rng(look.texture_seed)
    parts: dict[str, list[Solid]] = {bone: [] for bone in pose.BONES}
    parts["torso"] += _torso(look, points_per_m2, rng)
    parts["hem"] += _hem(look, points_per_m2, rng)
    parts["head"] += head_parts(look, points_per_m2, rng)
    for side, sign in (("r", 1), ("l", -1)):
        _arm(parts, side, look, points_per_m2, rng)
        _leg(parts, side, sign, look, points_per_m2, rng)
    _bag(parts, look, points_per_m2)
    if garment is not None:
        parts["held"].append(on_hanger(garment, points_per_m2))
    ordered = [solid for bone in pose.BONES for solid in parts[bone]]
    counts = [sum(len(solid.along) for solid in parts[bone]) for bone in pose.BONES]
    return Body(
        np.concatenate([solid.position_m for solid in ordered]),
        np.concatenate([solid.normal for solid in ordered]),
        np.concatenate([solid.bgr for solid in ordered]),
        _spans_of(counts),
        _spans_of([len(solid.along) for solid in ordered]),
        look.height_m,
    )


def _spans_of(counts: list[int]) -> tuple[tuple[int, int], ...]:
    """Start and end of consecutive runs."""
    ends = [sum(counts[: index + 1]) for index in range(len(counts))]
    return tuple((end - count, end) for count, end in zip(counts, ends, strict=True))


_TORSO_UP = (0.302, 0.289, 0.272, 0.24, 0.20, 0.15, 0.10, 0.05, 0.0, -0.045, -0.062)
_WIDTH_M = (0.034, 0.056, 0.088, 0.098, 0.097, 0.092, 0.087, 0.089, 0.094, 0.08, 0.04)
_WIDTH_F = (0.030, 0.050, 0.078, 0.087, 0.086, 0.079, 0.073, 0.087, 0.100, 0.088, 0.045)
_DEPTH_M = (0.034, 0.042, 0.052, 0.066, 0.072, 0.068, 0.064, 0.065, 0.068, 0.06, 0.04)
_DEPTH_F = (0.030, 0.038, 0.046, 0.060, 0.076, 0.062, 0.055, 0.062, 0.072, 0.064, 0.04)


def _torso(look: Look, density: float, rng: np.random.Generator) -> list[Solid]:
    h, f = look.height_m, look.feminine
    cloth = 0.012 if look.sleeve == 1.0 and look.hem > 0.1 else 0.005
    widths = [
        ((1 - f) * m + f * w) * h * look.girth + cloth
        for m, w in zip(_WIDTH_M, _WIDTH_F, strict=True)
    ]
    belly = [
        1 + max(0, look.girth - 1) * b for b in (0, 0, 0, 0.2, 0.4, 0.9, 1.2, 1.0, 0.5, 0.2, 0)
    ]
    depths = [
        ((1 - f) * m + f * w) * h * look.girth * b + cloth
        for m, w, b in zip(_DEPTH_M, _DEPTH_F, belly, strict=True)
    ]
    heights = [up * h for up in _TORSO_UP]
    forward = [h * y for y in (0.0, 0.0, 0.0, 0.004, 0.008, 0.008, 0.006, 0.004, 0.0, 0.0, 0.0)]
    body = tube(density, heights, widths, depths, forward_m=forward, squareness=2.5)
    waist = -look.hem if look.hem > 0 else 0.035
    cloth_end = max(waist, -0.07) * h
    is_top = body.position_m[:, 2] > cloth_end
    body.bgr[:] = np.where(
        is_top[:, None], top_colours(look, body, rng), trouser_colours(look, body, rng)
    )
    collar = body.position_m[:, 2] > 0.294 * h
    body.bgr[collar] = look.skin
    fold(body, rng, 0.11)
    neck = tube(density, [0.335 * h, 0.285 * h], [0.03 * h] * 2, [0.032 * h] * 2).painted(
        darker(look.skin, 0.88)
    )
    return [body, neck]


def _hem(look: Look, density: float, rng: np.random.Generator) -> list[Solid]:
    """Skirt, dress, coat or shirt tail below the hips."""
    if look.hem <= 0.05:
        return []
    h, f = look.height_m, look.feminine
    width = ((1 - f) * 0.098 + f * 0.104) * h * look.girth + 0.016
    depth = ((1 - f) * 0.068 + f * 0.072) * h * look.girth + 0.016
    length = look.hem * 0.9
    wide = 1 + look.flare * length / 0.3
    drops = np.linspace(0.04, -length, 5) * h
    grow = np.linspace(0.96, wide, 5)
    tail = tube(
        density,
        list(drops),
        list(width * grow),
        list(depth * (1 + (grow - 1) * 1.3)),
        squareness=2.2,
    )
    skirt_colour = trouser_colours(look, tail, rng) if look.skirt else top_colours(look, tail, rng)
    tail.bgr[:] = skirt_colour
    fold(tail, rng, 0.2, upright=True)
    return [tail]


def _arm(
    parts: dict[str, list[Solid]], side: str, look: Look, density: float, rng: np.random.Generator
) -> None:
    h, g = look.height_m, 0.6 + 0.4 * look.girth
    slim = 1 - 0.14 * look.feminine
    cloth = 0.006 + (0.008 if look.hem > 0.12 and not look.skirt else 0)
    upper_r = [h * r * g * slim + cloth for r in (0.012, 0.026, 0.030, 0.027, 0.023, 0.012)]
    length = pose.UPPER_ARM * h
    heights = [0.016 * h, 0.004 * h, -0.2 * length, -0.6 * length, -length, -length - 0.02 * h]
    upper = tube(density, heights, upper_r, upper_r)
    sleeve = top_colours(look, upper, rng, limb=True)
    bare = upper.along > max(0.35, look.sleeve * 1.6) if look.sleeve < 0.7 else upper.along > 2
    upper.bgr[:] = np.where(bare[:, None], look.skin, sleeve)
    fold(upper, rng, 0.12)
    lower_r = [
        h * r * g * slim + cloth * (look.sleeve == 1.0) for r in (0.012, 0.024, 0.023, 0.018, 0.015)
    ]
    length = pose.FOREARM * h
    fore = tube(
        density, [0.022 * h, 0, -0.4 * length, -length, -length - 0.006 * h], lower_r, lower_r
    )
    fore.bgr[:] = (
        top_colours(look, fore, rng, limb=True) if look.sleeve == 1.0 else np.array(look.skin)
    )
    fold(fore, rng, 0.12 if look.sleeve == 1.0 else 0.03)
    hand = ellipsoid(density * 1.3, (0.013 * h, 0.021 * h, 0.046 * h)).painted(look.skin)
    parts[f"arm_{side}"].append(upper)
    parts[f"forearm_{side}"] += [fore, hand.shifted(z_m=-length - 0.035 * h)]


def _leg(
    parts: dict[str, list[Solid]],
    side: str,
    sign: int,
    look: Look,
    density: float,
    rng: np.random.Generator,
) -> None:
    h, g = look.height_m, 0.55 + 0.45 * look.girth
    bare_legs = look.skirt
    loose = 0.002 if bare_legs else 0.01
    length = pose.THIGH * h
    thigh_r = [h * r * g + loose for r in (0.035, 0.055, 0.054, 0.045, 0.038, 0.02)]
    heights = [0.045 * h, 0.01 * h, -0.3 * length, -0.7 * length, -length, -length - 0.025 * h]
    thigh = tube(density, heights, [r * 0.92 for r in thigh_r], thigh_r)
    cloth = trouser_colours(look, thigh, rng)
    skin = np.array(look.skin, np.float32)
    thigh.bgr[:] = skin if bare_legs else cloth
    fold(thigh, rng, 0.09)
    length = pose.SHIN * h
    shin_r = [h * r * g + loose * 1.2 for r in (0.02, 0.036, 0.036, 0.029, 0.022, 0.02)]
    heights = [0.025 * h, 0.0, -0.28 * length, -0.62 * length, -length, -length - 0.012 * h]
    shin = tube(density, heights, shin_r, shin_r)
    covered = look.leg >= 0.6 and not bare_legs
    reach = 1.1 if look.leg >= 0.95 else 0.72
    cloth = trouser_colours(look, shin, rng)
    shin.bgr[:] = np.where(((shin.along < reach) & covered)[:, None], cloth, skin)
    fold(shin, rng, 0.1 if covered else 0.03)
    parts[f"thigh_{side}"].append(thigh)
    parts[f"shin_{side}"].append(shin)
    parts[f"foot_{side}"].append(_shoe(look, density, sign))


def _shoe(look: Look, density: float, sign: int) -> Solid:
    h = look.height_m
    shoe = ellipsoid(density * 1.4, (0.029 * h, 0.077 * h, 0.034 * h))
    flat = np.maximum(shoe.position_m[:, 2], -0.016 * h)
    high = np.where(shoe.position_m[:, 1] > 0.02 * h, np.minimum(flat, 0.012 * h), flat)
    shoe.position_m[:, 2] = high
    shoe.painted(look.shoes)
    shoe.bgr[high < -0.008 * h] = look.sole
    return shoe.shifted(x_m=sign * 0.004 * h, y_m=0.03 * h, z_m=-0.028 * h)


def _bag(parts: dict[str, list[Solid]], look: Look, density: float) -> None:
    h, colour = look.height_m, look.bag_colour
    dark = darker(colour, 0.7)
    if look.bag == "backpack":
        pack = tube(
            density, [0.27 * h, 0.255 * h, 0.16 * h, 0.07 * h, 0.055 * h],
            [0.03 * h, 0.075 * h, 0.085 * h, 0.08 * h, 0.03 * h],
            [0.015 * h, 0.035 * h, 0.045 * h, 0.048 * h, 0.02 * h], squareness=3.5,
        ).painted(colour)  # fmt: skip
        pack.bgr[(pack.along > 0.55) & (pack.along < 0.6)] = dark
        parts["torso"].append(pack.shifted(y_m=-0.105 * h * look.girth))
    elif look.bag == "shoulder":
        bag = ellipsoid(density * 1.2, (0.03 * h, 0.085 * h, 0.06 * h)).painted(colour)
        bag.bgr[bag.position_m[:, 2] > 0.02 * h] = dark
        parts["torso"].append(bag.shifted(x_m=0.125 * h * look.girth, z_m=0.0))
        strap = tube(density * 1.5, [0.28 * h, 0.04 * h], [0.01 * h] * 2, [0.012 * h] * 2)
        strap.position_m[:, 0] += np.interp(strap.along, [0, 1], [0.07 * h, 0.125 * h])
        strap.position_m[:, 1] += 0.062 * h * look.girth
        parts["torso"].append(strap.painted(dark))
    elif look.bag in ("tote", "shopping"):
        wide, tall = (0.1, 0.11) if look.bag == "tote" else (0.09, 0.125)
        bag = tube(
            density, [0, -0.005 * h, -tall * h, -(tall + 0.004) * h],
            [0.02 * h, 0.03 * h, 0.034 * h, 0.0], [wide * 0.8 * h, wide * 0.9 * h, wide * h, 0.0],
            squareness=4.0,
        ).painted(colour)  # fmt: skip
        bag.bgr[(bag.along > 0.35) & (bag.along < 0.6)] = (
            (232, 234, 236) if look.bag == "shopping" else dark
        )
        handle = tube(density, [0.02 * h, -0.05 * h], [0.004 * h] * 2, [0.045 * h] * 2).painted(
            dark
        )
        parts["carried"] += [handle, bag.shifted(z_m=-0.05 * h)]
