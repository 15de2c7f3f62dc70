"""What a shopper looks like: build, clothes, hair, bags; drawn from broad, independent ranges."""

import colorsys
from dataclasses import dataclass
from typing import Literal

import numpy as np

Bgr = tuple[int, int, int]
Pattern = Literal["plain", "stripes", "checks", "print", "block", "melange"]

_SKINS = (
    (0xF1, 0xCF, 0xBA), (0xE4, 0xB9, 0x9A), (0xD3, 0xA0, 0x7C), (0xB9, 0x82, 0x5E),
    (0x96, 0x62, 0x43), (0x74, 0x4A, 0x33), (0x55, 0x36, 0x28),
)  # fmt: skip
_HAIRS = (
    (0x1C, 0x18, 0x17), (0x2B, 0x20, 0x1A), (0x4A, 0x33, 0x24), (0x6E, 0x4C, 0x30),
    (0xA6, 0x7C, 0x48), (0xC9, 0xA4, 0x6C), (0x8C, 0x45, 0x26), (0x9A, 0x98, 0x96),
    (0xC8, 0xC6, 0xC4),
)  # fmt: skip
_HAIR_WEIGHTS = (0.26, 0.18, 0.16, 0.12, 0.07, 0.06, 0.04, 0.07, 0.04)
_BASICS = (
    (0x1E, 0x1F, 0x24), (0x2C, 0x33, 0x45), (0x55, 0x58, 0x5C), (0x8D, 0x8F, 0x90),
    (0xE4, 0xE2, 0xDC), (0x6E, 0x5B, 0x48), (0xB9, 0xA3, 0x82), (0x3E, 0x46, 0x3A),
)  # fmt: skip


@dataclass(frozen=True)
class Look:
    """One shopper's appearance; colours are blue, green, red.

    Attributes:
        height_m: body height with shoes.
        girth: width of the body against the average, about 0.85 to 1.3.
        feminine: 0..1, shifts shoulder, waist and hip widths.
        top, bottom: what is worn; `sleeve` and `leg` are how far the cloth reaches (0..1).
        hem_m: how far a coat, dress or shirt falls below the hip joint; 0 = tucked in.
        flare: widening of that hem.
        pattern: of the top.
    """

    height_m: float
    girth: float
    feminine: float
    skin: Bgr
    hair: Bgr
    hair_style: Literal["short", "long", "bob", "bun", "bald", "cap", "scarf"]
    top: Bgr
    second: Bgr
    pattern: Pattern
    sleeve: float
    open_front: bool
    bottom: Bgr
    jeans: bool
    leg: float
    hem_m: float
    flare: float
    skirt: bool
    shoes: Bgr
    sole: Bgr
    bag: Literal["none", "backpack", "tote", "shoulder", "shopping"]
    bag_colour: Bgr
    texture_seed: int


def random_look(rng: np.random.Generator, *, child: bool = False) -> Look:
    """Draw one appearance.

    Args:
        rng: the only source of chance.
        child: a child of six to thirteen instead of an adult.
    """
    feminine = float(np.clip(rng.choice([0.15, 0.85]) + rng.normal(0, 0.12), 0, 1))
    height = rng.uniform(1.15, 1.52) if child else rng.normal(1.775 - 0.125 * feminine, 0.07)
    girth = rng.normal(0.98, 0.06) if child else float(np.clip(rng.gamma(18, 1 / 17), 0.84, 1.35))
    skirt = bool(rng.random() < 0.22 * feminine)
    coat = bool(rng.random() < 0.25) and not skirt
    top, bottom = _cloth(rng), _cloth(rng, dull=True)
    dress = skirt and rng.random() < 0.5
    hem = (
        rng.uniform(0.25, 0.5)
        if skirt
        else rng.uniform(0.15, 0.42)
        if coat
        else rng.choice([0.0, 0.06, 0.1])
    )
    style = (
        rng.choice(
            ["long", "bob", "bun", "short", "scarf", "cap"], p=[0.42, 0.2, 0.13, 0.13, 0.08, 0.04]
        )
        if feminine > 0.5
        else rng.choice(["short", "bald", "cap", "long"], p=[0.77, 0.1, 0.09, 0.04])
    )
    return Look(
        height_m=float(np.clip(height, 1.12, 2.0)),
        girth=float(girth),
        feminine=feminine * (0.4 if child else 1.0),
        skin=_bgr(_vary(rng, _SKINS[rng.integers(len(_SKINS))], 6)),
        hair=_bgr(_vary(rng, _HAIRS[rng.choice(len(_HAIRS), p=_HAIR_WEIGHTS)], 8)),
        hair_style=str(style),  # type: ignore[arg-type]
        top=top,
        second=_cloth(rng),
        pattern=str(rng.choice(["plain", "melange", "stripes", "checks", "print", "block"], p=[0.42, 0.16, 0.12, 0.1, 0.12, 0.08])),  # type: ignore[arg-type]
        sleeve=1.0 if coat else float(rng.choice([0.3, 0.6, 1.0], p=[0.32, 0.1, 0.58])),
        open_front=bool(rng.random() < (0.5 if coat else 0.16)),
        bottom=top if dress else bottom,
        jeans=bool(rng.random() < 0.4) and not skirt,
        leg=float(rng.choice([0.42, 0.9, 1.0], p=[0.1, 0.12, 0.78])),
        hem_m=float(hem),
        flare=float(rng.uniform(0.15, 0.5)) if skirt else 0.08,
        skirt=skirt,
        shoes=_cloth(rng, dull=True),
        sole=(225, 228, 230) if rng.random() < 0.45 else (40, 40, 44),
        bag=str(rng.choice(["none", "backpack", "tote", "shoulder", "shopping"], p=[0.4, 0.16, 0.12, 0.2, 0.12])),  # type: ignore[arg-type]
        bag_colour=_cloth(rng),
        texture_seed=int(rng.integers(1 << 30)),
    )  # fmt: skip


def _cloth(rng: np.random.Generator, *, dull: bool = False) -> Bgr:
    """A cloth colour: mostly black, navy, grey, white, beige; sometimes a saturated one."""
    if rng.random() < (0.88 if dull else 0.6):
        index = rng.choice(len(_BASICS), p=[0.22, 0.2, 0.13, 0.1, 0.13, 0.08, 0.07, 0.07])
        return _bgr(_vary(rng, _BASICS[index], 10))
    hue, saturation, value = rng.random(), rng.uniform(0.2, 0.7), rng.uniform(0.3, 0.85)
    red, green, blue = colorsys.hsv_to_rgb(hue, saturation, value)
    return _bgr((red * 255, green * 255, blue * 255))


def _vary(
    rng: np.random.Generator, rgb: tuple[float, float, float], sd: float
) -> tuple[float, float, float]:
    lightness = rng.normal(0, sd)
    red, green, blue = (channel + lightness + rng.normal(0, sd / 3) for channel in rgb)
    return red, green, blue


def _bgr(rgb: tuple[float, float, float]) -> Bgr:
    red, green, blue = (int(np.clip(channel, 4, 250)) for channel in rgb)
    return blue, green, red
