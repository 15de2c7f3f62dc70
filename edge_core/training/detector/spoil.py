"""What lamps and bad cameras do to pictures, on whole batches and any device.

Inputs are float32 (N, 3, H, W), BGR 0..255, H and W multiples of 16. Chance comes from a generator
on the CPU, so that the same seed changes the same pictures alike on every device; only the noise
itself is drawn where the pictures lie.
"""

import math
from typing import Final

import torch
from torch import Generator, Tensor
from torch.nn import functional

GREY_SHARE: Final = 0.05
_LUMA: Final = torch.tensor([0.114, 0.587, 0.299])
_TO_YIQ: Final = torch.tensor(
    [[0.114, 0.587, 0.299], [-0.321, -0.274, 0.596], [0.311, -0.523, 0.211]]
)
"""From BGR; FCC's matrix, turned."""
_BLOCK: Final = 8
_LUMA_STEPS: Final = torch.tensor(
    [
        [16, 11, 10, 16, 24, 40, 51, 61], [12, 12, 14, 19, 26, 58, 60, 55],
        [14, 13, 16, 24, 40, 57, 69, 56], [14, 17, 22, 29, 51, 87, 80, 62],
        [18, 22, 37, 56, 68, 109, 103, 77], [24, 35, 55, 64, 81, 104, 113, 92],
        [49, 64, 78, 87, 103, 121, 120, 101], [72, 92, 95, 98, 112, 100, 103, 99],
    ],
    dtype=torch.float32,
)  # fmt: skip
"""ITU-T T.81, table K.1."""
_CHROMA_STEPS: Final = torch.full((8, 8), 99.0)
_CHROMA_STEPS[:4, :4] = torch.tensor(
    [[17, 18, 24, 47], [18, 21, 26, 66], [24, 26, 56, 99], [47, 66, 99, 99]], dtype=torch.float32
)
"""ITU-T T.81, table K.2."""


def colour_changed(x: Tensor, generator: Generator) -> Tensor:
    """Hue, saturation and brightness changed a little; one picture in twenty made grey."""
    count = len(x)
    hue = _uniform(count, -0.095, 0.095, generator)
    saturation = _uniform(count, 0.4, 1.6, generator)
    saturation[torch.rand(count, generator=generator) < GREY_SHARE] = 0
    value = _uniform(count, 0.6, 1.4, generator)
    turn = torch.eye(3).repeat(count, 1, 1)
    turn[:, 1, 1], turn[:, 1, 2] = hue.cos(), -hue.sin()
    turn[:, 2, 1], turn[:, 2, 2] = hue.sin(), hue.cos()
    turned = torch.linalg.inv(_TO_YIQ) @ turn @ _TO_YIQ
    grey = _LUMA.expand(3, 3)
    less = saturation[:, None, None] * torch.eye(3) + (1 - saturation[:, None, None]) * grey
    matrix = (value[:, None, None] * (less @ turned)).to(x.device)
    return torch.einsum("nij,njhw->nihw", matrix, x).clamp(0, 255)


def spoilt(x: Tensor, share: float, generator: Generator) -> Tensor:
    """A share of the pictures with one or two defects, in the order a camera makes them."""
    count = len(x)
    first, second = (torch.randint(len(_DEFECTS), (count,), generator=generator) for _ in "12")
    bad = torch.rand(count, generator=generator) < share
    x = x.clone()
    for number, defect in enumerate(_DEFECTS):
        # Where both draws agree there is one defect, so that some have one and some have two.
        rows = ((first == number) | (second == number)).logical_and(bad).nonzero().squeeze(1)
        if len(rows):
            there = rows.to(x.device)
            x[there] = defect(x[there], generator).clamp(0, 255)
    return x


def darkened(x: Tensor, generator: Generator) -> Tensor:
    """Little light: a steep tone curve and sensor noise."""
    count = len(x)
    power = _column(_uniform(count, 1.1, 1.8, generator), x)
    gain = _column(_uniform(count, 0.5, 0.95, generator), x)
    noise = _column(_uniform(count, 2, 9, generator), x)
    dark = 255 * gain * (x / 255) ** power
    seed = int(torch.randint(2**31, (1,), generator=generator))
    there = Generator(x.device).manual_seed(seed)
    shape = (count, 1, *x.shape[2:])
    return dark + noise * torch.randn(shape, generator=there, device=x.device)


def flattened(x: Tensor, generator: Generator) -> Tensor:
    """Low contrast around a random grey, as through haze or a dirty dome."""
    share = _column(_uniform(len(x), 0.45, 0.8, generator), x)
    grey = _column(_uniform(len(x), 70, 190, generator), x)
    return x * share + grey * (1 - share)


def blurred(x: Tensor, generator: Generator) -> Tensor:
    """Out of focus, or moved along or across the picture."""
    reach = 4
    at = torch.arange(-reach, reach + 1, dtype=torch.float32)
    kernels = []
    for _ in range(len(x)):
        kind, amount = torch.rand(2, generator=generator).tolist()
        round_ = torch.exp(-((at / (0.5 + 1.1 * amount)) ** 2) / 2)
        line = ((at >= 0) & (at < 2 + int(4 * amount))).float()
        still = (at == 0).float()
        pair = (round_, round_) if kind < 0.5 else (still, line) if kind < 0.85 else (line, still)
        kernels.append(torch.outer(*pair) / (pair[0].sum() * pair[1].sum()))
    weight = torch.stack(kernels).repeat_interleave(3, 0)[:, None].to(x.device)
    wide = functional.pad(x, (reach,) * 4, mode="replicate").flatten(0, 1)[None]
    return functional.conv2d(wide, weight, groups=len(weight))[0].unflatten(0, (len(x), 3))


def coarsened(x: Tensor, generator: Generator) -> Tensor:
    """Scaled down and up again, as cheap recorders do; all alike."""
    height, width = x.shape[2:]
    share = float(_uniform(1, 0.45, 0.9, generator))
    size = (round(height * share), round(width * share))
    small = functional.interpolate(x, size, mode="bilinear", antialias=share < 0.7)
    return functional.interpolate(small, (height, width), mode="bilinear")


def compressed(x: Tensor, generator: Generator) -> Tensor:
    """JPEG of quality 25 to 70 with halved colour: the loss without the file (ITU-T T.81)."""
    quality = _uniform(len(x), 25, 70, generator)
    scale = torch.where(quality < 50, 50 / quality, 2 - quality / 50)
    blue, green, red = x.unbind(1)
    luma = 0.114 * blue + 0.587 * green + 0.299 * red
    chroma = torch.stack([(blue - luma) * 0.564, (red - luma) * 0.713], 1)
    luma = _quantised(luma[:, None] - 128, _LUMA_STEPS, scale)[:, 0] + 128
    coarse = _quantised(functional.avg_pool2d(chroma, 2), _CHROMA_STEPS, scale)
    to_blue, to_red = functional.interpolate(coarse, scale_factor=2.0, mode="nearest").unbind(1)
    blue, red = luma + to_blue / 0.564, luma + to_red / 0.713
    green = (luma - 0.114 * blue - 0.299 * red) / 0.587
    return torch.stack([blue, green, red], 1)


def _quantised(x: Tensor, steps: Tensor, scale: Tensor) -> Tensor:
    """Blocks of (N, C, H, W) as their rounded cosine coefficients say."""
    at = torch.arange(_BLOCK, dtype=torch.float32)
    cosine = torch.cos((2 * at + 1) * at[:, None] * math.pi / (2 * _BLOCK)) / 2
    cosine[0] /= math.sqrt(2)
    cosine = cosine.to(x.device)
    step = (steps * scale[:, None, None]).round().clamp(1, 255).to(x.device)[:, None, None, None]
    high, wide = (side // _BLOCK for side in x.shape[2:])
    blocks = x.unflatten(3, (wide, _BLOCK)).unflatten(2, (high, _BLOCK)).transpose(3, 4)
    told = ((cosine @ blocks @ cosine.T) / step).round() * step
    return (cosine.T @ told @ cosine).transpose(3, 4).flatten(4, 5).flatten(2, 3)


def _uniform(count: int, low: float, high: float, generator: Generator) -> Tensor:
    return low + (high - low) * torch.rand(count, generator=generator)


def _column(values: Tensor, x: Tensor) -> Tensor:
    return values.to(x.device)[:, None, None, None]


_DEFECTS: Final = (darkened, flattened, blurred, coarsened, compressed)
