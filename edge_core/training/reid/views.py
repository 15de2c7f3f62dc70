"""Views of person crops for training, made in batches on whatever device trains.

Everything another camera may do to a person: a box a little off, lamps of another colour, little
light, blur, distance, somebody or something in front. One pass of array operations over the whole
batch, none of which waits for the device.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import torch
from torch import Tensor
from torch.nn import functional

from edge_core.vision.letterbox import PAD

_SCALE: Final = (0.88, 1.15)
_STRETCH: Final = 0.08
_SHIFT: Final = 0.06
_LEAN: Final = 0.05
_COARSE: Final = (2, 3, 4)
_BLURS: Final = (3, 5)
_GAMMA: Final = 0.3
_CONTRAST: Final = 0.25
_SATURATION: Final = 0.3
_TINT: Final = 0.2
_DARK: Final = (0.15, 0.5)
_NOISE: Final = 8.0
_ERASED_AREA: Final = (0.02, 0.25)
_ERASED_ASPECT: Final = (0.5, 3.3)
_LOWER_HIDDEN: Final = (0.2, 0.45)
_GREY_WEIGHTS: Final = (0.114, 0.587, 0.299)


@dataclass(frozen=True, slots=True)
class ViewHardness:
    """How often crops are changed, as shares of all.

    Attributes:
        erased: a random rectangle covered (Zhong et al. 2020).
        hidden: the lower part covered.
        tinted: under lamps of another colour.
        coarse: shown as if the person were 48 to 96 px high.
        blurred: out of focus or in motion.
        dark: in little light.
        noisy: with a sensor's noise; always where dark.
        reach: how far place, size and colours change, against their usual ranges.
    """

    erased: float = 0.4
    hidden: float = 0.08
    tinted: float = 0.4
    coarse: float = 0.12
    blurred: float = 0.1
    dark: float = 0.08
    noisy: float = 0.1
    reach: float = 1.0


HARD: Final = ViewHardness()
CALM: Final = ViewHardness(0.3, 0.04, 0.3, 0.08, 0.05, 0.04, 0.05, reach=0.65)
"""For the end of a run, when crops should look nearly as cameras make them."""


def chance(seed: int, step: int, device: torch.device) -> torch.Generator:
    """A generator for one step: a run taken up again sees the views it would have seen."""
    return torch.Generator(device).manual_seed(seed * 1_000_003 + step)


def views(
    crops: Tensor,
    size_px: tuple[int, int],
    generator: torch.Generator,
    hardness: ViewHardness = HARD,
) -> Tensor:
    """One view of each crop, float32 (N, 3, h, w), BGR 0..255.

    Args:
        crops: uint8 (N, 3, H, W), BGR.
        size_px: width and height of the result, multiples of 12.
        generator: all chance, of the device of `crops`.
        hardness: how much is changed.
    """
    dice = _Dice(len(crops), generator)
    seen = _placed(crops.float(), size_px, hardness.reach, dice)
    seen = _degraded(seen, hardness, dice)
    seen = _lit(seen, hardness, dice).clamp(0, 255)
    return _covered(seen, hardness, dice).contiguous(memory_format=torch.channels_last)


class _Dice:
    """Draws shaped to go with a batch (N, C, H, W)."""

    def __init__(self, count: int, generator: torch.Generator) -> None:
        self._count, self._generator = count, generator

    def uniform(self, low: float, high: float, channels: int = 1) -> Tensor:
        """Float (N, channels, 1, 1)."""
        shape = (self._count, channels, 1, 1)
        drawn = torch.rand(shape, generator=self._generator, device=self._generator.device)
        return low + (high - low) * drawn

    def even_in_log(self, low: float, high: float) -> Tensor:
        """Float (N, 1, 1, 1), factors."""
        return torch.exp(self.uniform(math.log(low), math.log(high)))

    def true(self, share: float) -> Tensor:
        """Bool (N, 1, 1, 1)."""
        return self.uniform(0, 1) < share

    def normal_like(self, x: Tensor) -> Tensor:
        """Float of the shape of `x`."""
        return torch.randn(x.shape, generator=self._generator, device=x.device)

    def shuffled(self) -> Tensor:
        """Int64 (N,), a permutation."""
        return torch.randperm(self._count, generator=self._generator, device=self._generator.device)


def _placed(crops: Tensor, size_px: tuple[int, int], reach: float, dice: _Dice) -> Tensor:
    """Mirrored, moved, scaled, leaned; grey where the crop ends."""
    width, height = size_px
    if crops.shape[2] >= 2 * height:
        crops = functional.avg_pool2d(crops, 2)
    zoom = dice.even_in_log(*_SCALE) ** reach
    stretch = 1 + reach * dice.uniform(-_STRETCH, _STRETCH)
    side = 1 - 2 * dice.true(0.5).float()
    theta = torch.zeros(len(crops), 2, 3, device=crops.device)
    theta[:, 0, 0] = (side / (zoom * stretch)).flatten()
    theta[:, 1, 1] = (stretch / zoom).flatten()
    theta[:, 0, 1] = reach * dice.uniform(-_LEAN, _LEAN).flatten() * height / width
    theta[:, :, 2] = reach * dice.uniform(-2 * _SHIFT, 2 * _SHIFT, 2).flatten(1)
    grid = functional.affine_grid(theta, [len(crops), 3, height, width], align_corners=False)
    return functional.grid_sample(crops - PAD, grid, align_corners=False) + PAD


def _degraded(seen: Tensor, hardness: ViewHardness, dice: _Dice) -> Tensor:
    """Some of each batch coarse, some blurred; as many in every batch, so nobody need count."""
    order, start = dice.shuffled(), 0
    ways: list[tuple[Callable[[Tensor, int], Tensor], int, float]] = [
        *((_coarse, factor, hardness.coarse / len(_COARSE)) for factor in _COARSE),
        *((_soft, kernel, hardness.blurred / len(_BLURS)) for kernel in _BLURS),
    ]
    for change, strength, share in ways:
        stop = start + round(share * len(seen))
        rows = order[start:stop]
        seen = seen.index_copy(0, rows, change(seen[rows], strength))
        start = stop
    return seen


def _coarse(seen: Tensor, factor: int) -> Tensor:
    """As few pixels as if seen from afar."""
    if not len(seen):
        return seen
    small = functional.avg_pool2d(seen, factor)
    return functional.interpolate(small, seen.shape[2:], mode="bilinear")


def _soft(seen: Tensor, kernel: int) -> Tensor:
    """Two boxes after each other make a tent, near enough to a lens."""
    for _ in range(2 if len(seen) else 0):
        seen = functional.avg_pool2d(seen, kernel, 1, kernel // 2, count_include_pad=False)
    return seen


def _lit(seen: Tensor, hardness: ViewHardness, dice: _Dice) -> Tensor:
    """Gamma, contrast, saturation, colour of the lamps, little light, noise."""
    reach = hardness.reach
    gamma = torch.exp(reach * dice.uniform(-_GAMMA, _GAMMA))
    seen = 255 * (seen.clamp(1, 255) / 255) ** gamma
    weights = torch.tensor(_GREY_WEIGHTS, device=seen.device).view(1, 3, 1, 1)
    grey = (seen * weights).sum(1, keepdim=True)
    seen = grey + (seen - grey) * (1 + reach * dice.uniform(-_SATURATION, _SATURATION))
    mean = grey.mean((2, 3), keepdim=True)
    seen = mean + (seen - mean) * (1 + reach * dice.uniform(-_CONTRAST, _CONTRAST))
    tint = torch.where(dice.true(hardness.tinted), reach * dice.uniform(-_TINT, _TINT, 3), 0.0)
    dark = dice.true(hardness.dark)
    light = torch.where(dark, dice.uniform(*_DARK), 1.0)
    noise = torch.where(dark | dice.true(hardness.noisy), dice.uniform(0, _NOISE), 0.0)
    return seen * (1 + tint) * light + noise * dice.normal_like(seen[:, :1])


def _covered(seen: Tensor, hardness: ViewHardness, dice: _Dice) -> Tensor:
    """A rectangle or the lower part hidden, by one colour or by somebody else."""
    height, width = seen.shape[2:]
    rows = torch.arange(height, device=seen.device).view(1, 1, height, 1)
    columns = torch.arange(width, device=seen.device).view(1, 1, 1, width)
    area = dice.uniform(*_ERASED_AREA) * height * width
    aspect = dice.even_in_log(*_ERASED_ASPECT)
    high, wide = (area * aspect).sqrt(), (area / aspect).sqrt().clamp(max=width)
    top = dice.uniform(0, 1) * (height - high)
    left = dice.uniform(0, 1) * (width - wide)
    inside = (rows >= top) & (rows < top + high) & (columns >= left) & (columns < left + wide)
    hidden = inside & dice.true(hardness.erased)
    floor = height * (1 - dice.uniform(*_LOWER_HIDDEN))
    hidden |= (rows >= floor) & dice.true(hardness.hidden)
    colour = torch.where(dice.true(0.5), dice.uniform(0, 255, 3), float(PAD))
    cover = torch.where(dice.true(0.4), seen[dice.shuffled()], colour)
    return torch.where(hidden, cover, seen)
