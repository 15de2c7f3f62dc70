"""Whether two colours go together, from hue, chroma and lightness in CIELAB."""

from functools import lru_cache
from math import atan2, cos, degrees, exp, hypot, radians
from typing import Final

_NEUTRAL_CHROMA: Final = 16.0
_NO_COLOUR: Final = 0.6
"""Harmony with a garment whose colour nobody told."""
_HARMONIES: Final = ((0.0, 25.0, 0.95), (180.0, 30.0, 0.8), (120.0, 18.0, 0.6))
"""Angle between hues, its spread (degrees), and how well it looks: tone in tone, opposite, triad
(after the templates of Cohen-Or et al. 2006, "Color Harmonization"; the worths are ours)."""
_CLASH: Final = 0.25


@lru_cache(maxsize=1024)
def lch(tint: str) -> tuple[float, float, float]:
    """Lightness (0..100), chroma and hue (degrees) of a colour like `#3a5a7c`, by D65 CIELAB."""
    linear = [_linear(int(tint[at : at + 2], 16) / 255) for at in (1, 3, 5)]
    red, green, blue = linear
    x = _cube_root((0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.95047)
    y = _cube_root(0.2126 * red + 0.7152 * green + 0.0722 * blue)
    z = _cube_root((0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.08883)
    a, b = 500 * (x - y), 200 * (y - z)
    return 116 * y - 16, hypot(a, b), degrees(atan2(b, a)) % 360


def harmony(one: str, other: str) -> float:
    """How well two colours go together, 0..1; "" is an unknown colour."""
    if not one or not other:
        return _NO_COLOUR
    (light, chroma, hue), (other_light, other_chroma, other_hue) = lch(one), lch(other)
    contrast = min(1.0, abs(light - other_light) / 40.0)
    if min(chroma, other_chroma) < _NEUTRAL_CHROMA:
        return 0.75 + 0.15 * contrast
    apart = abs((hue - other_hue + 180) % 360 - 180)
    found = max(worth * exp(-(((apart - at) / spread) ** 2)) for at, spread, worth in _HARMONIES)
    muted = exp(-max(0.0, min(chroma, other_chroma) - 30) / 60)
    return _CLASH * muted + (1 - _CLASH * muted) * found * (0.85 + 0.15 * contrast)


def colour_likeness(one: str, other: str) -> float:
    """How alike two colours are, 1 for the same, falling with their distance in CIELAB."""
    if not one or not other:
        return float(one == other)
    (light, chroma, hue), (other_light, other_chroma, other_hue) = lch(one), lch(other)
    apart = radians(hue - other_hue)
    squares = chroma**2 + other_chroma**2 - 2 * chroma * other_chroma * cos(apart)
    return exp(-hypot(light - other_light, max(0.0, squares) ** 0.5) / 40)


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)


def _cube_root(value: float) -> float:
    return float(value ** (1 / 3)) if value > 0.008856 else 7.787 * value + 16 / 116
