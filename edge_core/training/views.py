"""Crops made harder, a whole batch at once, on the device that learns from them.

What lamps and cameras do is `detector.spoil`; here crops are turned, shifted, scaled, tinted,
covered and mixed. Chance is drawn on the CPU, so that a step can be made again and none waits for
the device.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from edge_core.training.detector.spoil import colour_changed, spoilt
from edge_core.types import Float64Array, ImageArray


@dataclass(frozen=True, slots=True)
class Changes:
    """How far and how often crops are changed; shares are of all crops.

    Attributes:
        turn_rad: largest rotation.
        shift: largest shift, as a share of each side.
        scale: range of the scale.
        stretch: largest change of proportions, as a factor.
        spoil: share blurred, darkened, hazed, downscaled or compressed.
        tint: share under lamps of another colour.
        erase: share with a rectangle covered (Zhong et al. 2020).
    """

    turn_rad: float = 0.0
    shift: float = 0.0
    scale: tuple[float, float] = (1.0, 1.0)
    stretch: float = 1.0
    spoil: float = 0.4
    tint: float = 0.2
    erase: float = 0.25


def varied(
    bgr: Tensor, size_px: tuple[int, int], changes: Changes, rng: np.random.Generator
) -> Tensor:
    """Changed views of crops, half of them mirrored, float (N, 3, height, width), 0..255.

    Args:
        bgr: uint8 or float (N, 3, H, W), shown whole where nothing is turned, shifted or scaled.
        size_px: width and height of the views, multiples of 16.
        changes: how much is changed.
        rng: all chance.
    """
    count = len(bgr)
    low, high = np.log(changes.scale)
    scale = np.exp(rng.uniform(low, high, count))
    stretch = np.exp(rng.uniform(-0.5, 0.5, count) * np.log(changes.stretch))
    turn = rng.uniform(-changes.turn_rad, changes.turn_rad, count)
    source, side = np.array([bgr.shape[3], bgr.shape[2]]), np.array(size_px)
    zoom = np.stack([stretch, 1 / stretch], 1) / scale[:, None] * source / side
    zoom[:, 0] *= rng.choice((-1, 1), count)
    linear = rotations(turn) * zoom[:, None]
    middle = source / 2 + rng.uniform(-1, 1, (count, 2)) * changes.shift * source
    offset = middle - linear @ (side / 2)
    matrix = np.concatenate([linear, offset[..., None]], axis=2)
    x = placed(bgr, matrix, size_px, "reflection")
    chance = torch.Generator().manual_seed(int(rng.integers(2**31)))
    x = spoilt(tinted(colour_changed(x, chance), changes.tint, rng), changes.spoil, chance)
    return erased(x, changes.erase, rng)


def rotations(turn_rad: Float64Array) -> Float64Array:
    """Rotation matrices (N, 2, 2) of angles (N,)."""
    cosine, sine = np.cos(turn_rad), np.sin(turn_rad)
    return np.stack([cosine, -sine, sine, cosine], 1).reshape(-1, 2, 2)


def placed(
    bgr: Tensor, matrix: Float64Array, size_px: tuple[int, int], beyond: str = "border"
) -> Tensor:
    """Warp pictures: float (N, 3, height, width).

    Args:
        bgr: (N, 3, H, W).
        matrix: float (N, 2, 3), from pixels of the result to pixels of the source; pixel edges
            are whole numbers, so that the middle of the first pixel is at .5.
        size_px: width and height of the result.
        beyond: what lies outside the source: `border`, `reflection` or `zeros`.
    """
    source, side = np.array([bgr.shape[3], bgr.shape[2]]), np.array(size_px)
    # `grid_sample` counts both pictures from -1 to 1, edge to edge.
    theta = matrix.copy()
    theta[:, :, 2] += matrix[:, :, :2] @ (side / 2) - source / 2
    theta[:, :, :2] *= side / 2
    theta /= (source / 2)[:, None]
    where = _tensor(theta, bgr.device)
    grid = functional.affine_grid(where, [len(bgr), 3, size_px[1], size_px[0]], align_corners=False)
    return functional.grid_sample(bgr.float(), grid, padding_mode=beyond, align_corners=False)


def tinted(x: Tensor, share: float, rng: np.random.Generator) -> Tensor:
    """Each channel stronger or weaker by up to a fifth, as white balance differs by camera."""
    count = len(x)
    gain = 1 + rng.uniform(-0.2, 0.2, (count, 3, 1, 1)) * (rng.random((count, 1, 1, 1)) < share)
    return (x * _tensor(gain, x.device)).clamp(0, 255)


def erased(x: Tensor, share: float, rng: np.random.Generator) -> Tensor:
    """Rectangles of 2 to 30 % of the area filled with one random colour each."""
    count, (high, wide) = len(x), x.shape[2:]
    area, aspect = rng.uniform(0.02, 0.3, count), np.exp(rng.uniform(-1.2, 1.2, count))
    size = np.sqrt(np.stack([area * aspect, area / aspect], 1)).clip(0, 1)
    start = rng.uniform(0, 1, (count, 2)) * (1 - size)
    size[rng.random(count) >= share] = 0
    spans = _tensor(np.stack([start, start + size], 1), x.device)
    colour = _tensor(rng.uniform(0, 255, (count, 3, 1, 1)), x.device)
    rows, columns = (_within(spans[:, :, axis], side) for axis, side in ((0, high), (1, wide)))
    return torch.where((rows[:, :, None] & columns[:, None])[:, None], colour, x)


def _tensor(values: Float64Array, device: torch.device) -> Tensor:
    return torch.from_numpy(np.asarray(values, np.float32)).to(device, non_blocking=True)


def _within(spans: Tensor, side: int) -> Tensor:
    """Bool (N, side): which pixels lie in spans (N, 2) of shares of the side."""
    at = (torch.arange(side, device=spans.device) + 0.5) / side
    return (at >= spans[:, :1]) & (at < spans[:, 1:])


def mixed(values: Tensor, share: float) -> Tensor:
    """Each row mixed with another of the batch (Zhang et al. 2018, "mixup")."""
    return share * values + (1 - share) * values.flip(0)


def stacked(pictures: Sequence[ImageArray] | ImageArray) -> Tensor:
    """Uint8 (N, 3, H, W), lying as channels_last wants it, from N pictures (H, W, 3)."""
    return torch.from_numpy(np.ascontiguousarray(pictures)).permute(0, 3, 1, 2)
