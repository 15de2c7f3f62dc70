"""A larger detector that begins where a smaller one of the family ended.

Chen et al. 2016 ("Net2Net"), section 3.2: every channel the larger network has more is a copy of
one of the smaller; what reads the copies shares the weight out between them, so that the function
stays the same. The shares are uneven (ours), or copies would learn alike for ever. A bottom-up
path that the smaller network has not begins by passing its input on.
"""

from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from edge_core.training.detector.network import ConvBlock, PersonDetector
from edge_core.types import Int64Array

_UNEVEN = (0.5, 1.5)


def widen(small: PersonDetector, large: PersonDetector, *, seed: int = 0) -> None:
    """Set `large`, at least as wide everywhere, to the function of `small`.

    `small` must hold plain statistics (as `load_onnx_weights` leaves them); `large` wants
    `give_statistics` afterwards.
    """
    grow = _Growth(np.random.default_rng(seed))
    with torch.no_grad():
        trunk = grow.row(small.stem, large.stem, np.arange(3))
        c3 = grow.row(small.c3, large.c3, trunk)
        c4 = grow.row(small.c4, large.c4, c3)
        c5 = grow.row(small.c5, large.c5, c4)
        pooled = _stacked(*[grow.one(small.spp.squeeze, large.spp.squeeze, c5)] * 4)
        merged = grow.one(small.spp.merge, large.spp.merge, pooled)
        n5 = grow.one(small.lateral5, large.lateral5, merged)
        n4 = grow.one(small.lateral4, large.lateral4, c4)
        n4 = grow.one(small.merge4, large.merge4, _stacked(n5, n4))
        narrow4 = grow.one(small.narrow4, large.narrow4, n4)
        narrow3 = grow.one(small.narrow3, large.narrow3, c3)
        n3 = grow.one(small.merge3, large.merge3, _stacked(narrow4, narrow3))
        grow.row(small.head3, large.head3, n3)
        grow.row(small.head4, large.head4, n4)
        if large.spec.pan:
            _pass_on(large.join4)
            skipped = large.smooth5.conv.in_channels // 2
            large.smooth5.conv.weight[:, :skipped].zero_()
            smooth = grow.one(small.smooth5, large.smooth5, n5, skipped)
        else:
            smooth = grow.one(small.smooth5, large.smooth5, n5)
        grow.row(small.head5, large.head5, smooth)


def _stacked(*parts: Int64Array) -> Int64Array:
    """Which small channel each large one copies, after a concatenation of maps."""
    starts = np.cumsum([0, *(int(part.max()) + 1 for part in parts[:-1])])
    return np.concatenate([part + start for part, start in zip(parts, starts, strict=True)])


def _pass_on(join: ConvBlock) -> None:
    """Let a joining block hand on the second of its two inputs, which is never negative."""
    width = join.conv.out_channels
    join.conv.weight.zero_()
    join.conv.weight[range(width), range(width, 2 * width), 1, 1] = 1
    _plain(join.norm)


def _plain(norm: nn.BatchNorm2d) -> None:
    for value, to in ((norm.weight, 1.0), (norm.bias, 0.0)):
        value.fill_(to)
    _statistics(norm)[0].zero_()
    _statistics(norm)[1].fill_(1 - norm.eps)


def _statistics(norm: nn.BatchNorm2d) -> tuple[Tensor, Tensor]:
    mean, variance = norm.running_mean, norm.running_var
    assert mean is not None
    assert variance is not None
    return mean, variance


class _Growth:
    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng

    def row(self, small: Any, large: Any, copied: Int64Array) -> Int64Array:
        """Layer after layer; returns which small channel each channel of the last copies."""
        for one, other in zip(small, large, strict=True):
            copied = self.one(one, other, copied)
        return copied

    def one(self, small: Any, large: Any, copied: Int64Array, skipped: int = 0) -> Int64Array:
        """A layer whose inputs, after the first `skipped`, copy the small one's so."""
        if not isinstance(small, ConvBlock) and not isinstance(small, nn.Conv2d):
            return self.row(small, large, copied)
        kernel, wide = (x.conv if isinstance(x, ConvBlock) else x for x in (small, large))
        more = wide.out_channels - kernel.out_channels
        extra = self._rng.choice(kernel.out_channels, more, replace=more > kernel.out_channels)
        out = np.concatenate([np.arange(kernel.out_channels), extra]).astype(np.int64)
        share = torch.from_numpy(self._shares(copied)).float()[None, :, None, None]
        wide.weight[:, skipped:] = kernel.weight[out][:, copied] * share
        if isinstance(small, ConvBlock):
            for name in ("weight", "bias", "running_mean", "running_var"):
                getattr(large.norm, name).copy_(getattr(small.norm, name)[out])
        else:
            wide.bias.copy_(kernel.bias[out])
        return out

    def _shares(self, copied: Int64Array) -> np.ndarray[Any, np.dtype[np.float64]]:
        """How much of the small channel's weight each copy takes; copies' shares sum to 1."""
        drawn = self._rng.uniform(*_UNEVEN, len(copied))
        return np.asarray(drawn / np.bincount(copied, drawn)[copied])
