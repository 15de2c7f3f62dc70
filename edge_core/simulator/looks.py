"""What a shopper looks like: build, clothes, hair, bags; drawn from broad, independent ranges."""

import colorsys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeVar

import numpy as np

Bgr = tuple[int, int, int]
Pattern = Literal["plain", "stripes", "checks", "print", "block", "melange"]
HairStyle = Literal["short", "long", "bob", "bun", "bald", "cap", "scarf"]
Bag = Literal["none", "backpack", "tote", "shoulder", "shopping"]
Choice = TypeVar("Choice")

_PATTERNS: Mapping[Pattern, float] = {
    "plain": 0.42, "melange": 0.16, "stripes": 0.12, "checks": 0.1, "print": 0.12, "block": 0.08,
}  # fmt: skip
_HAIR_STYLES_F: Mapping[HairStyle, float] = {
    "long": 0.42, "bob": 0.2, "bun": 0.13, "short": 0.13, "scarf": 0.08, "cap": 0.04,
}  # fmt: skip
_HAIR_STYLES_M: Mapping[HairStyle, float] = {"short": 0.77, "bald": 0.1, "cap": 0.09, "long": 0.04}
_BAGS: Mapping[Bag, float] = {
    "none": 0.4, "backpack": 0.16, "tote": 0.12, "shoulder": 0.2, "shopping": 0.12,
}  # fmt: skip

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
        girth: width of the body against the average, about 0.85 to 1.35.
        feminine: 0..1, shifts shoulder, waist and hip widths.
        skin: skin colour.
        hair: hair colour.
        hair_style: how the hair is worn, or what covers it.
        top: first colour of the upper garment.
        second: its other colour, where it has one.
        pattern: of the upper garment.
        sleeve: how far the sleeves reach, 1 = to the wrist.
        open_front: worn open over `second`.
        bottom: colour of trousers or skirt.
        jeans: trousers of faded blue instead.
        leg: how far the trousers reach, 1 = to the shoe.
        hem: how far coat, skirt or shirt falls below the hip joint, share of height; 0 = tucked in.
        flare: widening of that hem.
        skirt: a skirt or dress instead of trousers.
        shoes: colour of the shoes.
        sole: colour of their soles.
        bag: what is carried.
        bag_colour: its colour; of caps and scarves too.
        texture_seed: places folds, grain and stubble.
    """

    height_m: float
    girth: float
    feminine: float
    skin: Bgr
    hair: Bgr
    hair_style: HairStyle
    top: Bgr
    second: Bgr
    pattern: Pattern
    sleeve: float
    open_front: bool
    bottom: Bgr
    jeans: bool
    leg: float
    hem: float
    flare: float
    skirt: bool
    shoes: Bgr
    sole: Bgr
    bag: Bag
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
    girth = rng.normal(0.98, 0.06) if child else np.clip(rng.gamma(18, 1 / 17), 0.84, 1.35)
    skirt = bool(rng.random() < 0.22 * feminine)
    coat = bool(rng.random() < 0.25) and not skirt
    top, bottom = cloth(rng), cloth(rng, dull=True)
    dress = skirt and rng.random() < 0.5
    return Look(
        height_m=float(np.clip(height, 1.12, 2.0)),
        girth=float(girth),
        feminine=feminine * (0.4 if child else 1.0),
        skin=_bgr(_vary(rng, _SKINS[rng.integers(len(_SKINS))], 6)),
        hair=_bgr(_vary(rng, _HAIRS[rng.choice(len(_HAIRS), p=_HAIR_WEIGHTS)], 8)),
        hair_style=_pick(rng, _HAIR_STYLES_F if feminine > 0.5 else _HAIR_STYLES_M),
        top=top,
        second=cloth(rng),
        pattern=_pick(rng, _PATTERNS),
        sleeve=1.0 if coat else _pick(rng, {0.3: 0.32, 0.6: 0.1, 1.0: 0.58}),
        open_front=bool(rng.random() < (0.5 if coat else 0.16)),
        bottom=top if dress else bottom,
        jeans=bool(rng.random() < 0.4) and not skirt,
        leg=_pick(rng, {0.42: 0.1, 0.9: 0.12, 1.0: 0.78}),
        hem=_hem(rng, skirt=skirt, coat=coat),
        flare=float(rng.uniform(0.15, 0.5)) if skirt else 0.08,
        skirt=skirt,
        shoes=cloth(rng, dull=True),
        sole=(225, 228, 230) if rng.random() < 0.45 else (40, 40, 44),
        bag=_pick(rng, _BAGS),
        bag_colour=cloth(rng),
        texture_seed=int(rng.integers(1 << 30)),
    )


def _hem(rng: np.random.Generator, *, skirt: bool, coat: bool) -> float:
    if skirt:
        return float(rng.uniform(0.25, 0.5))
    if coat:
        return float(rng.uniform(0.15, 0.42))
    return _pick(rng, {0.0: 0.34, 0.06: 0.33, 0.1: 0.33})


def _pick(rng: np.random.Generator, shares: Mapping[Choice, float]) -> Choice:
    """One of the keys, as often as its share of the sum says."""
    keys, weights = list(shares), np.array(list(shares.values()))
    return keys[int(rng.choice(len(keys), p=weights / weights.sum()))]


def darker(colour: Bgr, gain: float) -> Bgr:
    """The same colour with less light."""
    blue, green, red = colour
    return int(blue * gain), int(green * gain), int(red * gain)


def cloth(rng: np.random.Generator, *, dull: bool = False) -> Bgr:
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
