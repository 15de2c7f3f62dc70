"""Crops made harder, a batch at once on the device that trains."""

from typing import Final

import torch
from torch import Tensor
from torch.nn import functional

from edge_core.training.action.data import KEPT_HEIGHT_PX, KEPT_WIDTH_PX
from edge_core.vision.action import HEIGHT_PX, WIDTH_PX

_SIZES: Final = (0.88, 1.14)
_LEAN: Final = 0.06
_COARSE_SHARE: Final = 0.35
_ERASED_SHARE: Final = 0.25
_NOISE_SHARE: Final = 0.5
_GREY_SHARE: Final = 0.1


def hardened(crops: Tensor, chance: torch.Generator) -> Tensor:
    """Views as from other detections, cameras and lamps.

    Args:
        crops: uint8 (N, 185, 111, 3), BGR, with a margin all round.
        chance: on the same device.

    Returns:
        float (N, 3, 160, 96), BGR 0..255.
    """
    x = crops.permute(0, 3, 1, 2).float()
    x = functional.grid_sample(
        x, _grid(len(x), x.device, chance), mode="bilinear", padding_mode="border",
        align_corners=False,
    )  # fmt: skip
    x = _lit(_coarse(x, chance), chance)
    return _erased(x, chance).clamp(0, 255)


def _uniform(count: int, low: float, high: float, x: Tensor, chance: torch.Generator) -> Tensor:
    drawn = torch.rand((count, 1, 1, 1), generator=chance, device=x.device)
    return low + (high - low) * drawn


def _grid(count: int, device: torch.device, chance: torch.Generator) -> Tensor:
    """Where each pixel of the views comes from: shifted, scaled, leaned, half of them mirrored."""
    draw = torch.rand((count, 6), generator=chance, device=device)
    wide = WIDTH_PX / KEPT_WIDTH_PX * (_SIZES[0] + (_SIZES[1] - _SIZES[0]) * draw[:, 0])
    high = HEIGHT_PX / KEPT_HEIGHT_PX * (_SIZES[0] + (_SIZES[1] - _SIZES[0]) * draw[:, 1])
    matrix = torch.zeros((count, 2, 3), device=device)
    matrix[:, 0, 0] = wide * torch.where(draw[:, 2] < 0.5, 1.0, -1.0)
    matrix[:, 0, 1] = _LEAN * (2 * draw[:, 3] - 1)
    matrix[:, 1, 1] = high
    matrix[:, 0, 2] = (1 - wide).clamp_min(0) * (2 * draw[:, 4] - 1)
    matrix[:, 1, 2] = (1 - high).clamp_min(0) * (2 * draw[:, 5] - 1)
    return functional.affine_grid(matrix, [count, 3, HEIGHT_PX, WIDTH_PX], align_corners=False)


def _coarse(x: Tensor, chance: torch.Generator) -> Tensor:
    """Some as if the person were far away."""
    share = float(torch.rand((), generator=chance, device=x.device)) * 0.45 + 0.25
    size = (round(HEIGHT_PX * share), round(WIDTH_PX * share))
    small = functional.interpolate(x, size, mode="area")
    far = functional.interpolate(small, (HEIGHT_PX, WIDTH_PX), mode="bilinear")
    return torch.where(_uniform(len(x), 0, 1, x, chance) < _COARSE_SHARE, far, x)


def _lit(x: Tensor, chance: torch.Generator) -> Tensor:
    """Brightness, contrast, white balance, colour and sensor noise."""
    count = len(x)
    mean = x.mean((1, 2, 3), keepdim=True)
    x = (x - mean) * _uniform(count, 0.6, 1.35, x, chance) + mean
    x = x * _uniform(count, 0.65, 1.35, x, chance)
    tint = torch.rand((count, 3, 1, 1), generator=chance, device=x.device) * 0.3 + 0.85
    x = x * tint
    grey = x.mean(1, keepdim=True).expand_as(x)
    x = torch.where(_uniform(count, 0, 1, x, chance) < _GREY_SHARE, grey, x)
    noise = torch.randn(x.shape, generator=chance, device=x.device)
    noise = noise * _uniform(count, 0, 12, x, chance)
    return x + noise * (_uniform(count, 0, 1, x, chance) < _NOISE_SHARE)


def _erased(x: Tensor, chance: torch.Generator) -> Tensor:
    """A rectangle of some covered with one colour, as by somebody or something in front."""
    count, device = len(x), x.device
    draw = torch.rand((count, 4), generator=chance, device=device)
    rows = torch.arange(HEIGHT_PX, device=device)[None] / HEIGHT_PX
    columns = torch.arange(WIDTH_PX, device=device)[None] / WIDTH_PX
    high, wide = 0.1 + 0.3 * draw[:, :1], 0.15 + 0.4 * draw[:, 1:2]
    inside_rows = (rows - draw[:, 2:3]).abs() < high / 2
    inside_columns = (columns - draw[:, 3:4]).abs() < wide / 2
    inside = inside_rows[:, None, :, None] & inside_columns[:, None, None, :]
    colour = torch.rand((count, 3, 1, 1), generator=chance, device=device) * 255
    chosen = _uniform(count, 0, 1, x, chance) < _ERASED_SHARE
    return torch.where(inside & chosen, colour, x)
