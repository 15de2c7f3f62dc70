"""The re-identification network: a residual trunk, the whole body and three stripes of it.

Dense 3x3 convolutions: ones by channel train three times slower on a CPU and were no better. The
picture-wise normalisation at the start takes out the strength and the contrast of the light.
Stripes: Wang et al. 2018 (MGN), each branch linear in the means and maxima of a few bands of the
body (ours): where on the body a colour sits tells people apart. A batch-normalised neck each, the
triplet loss before it and everything else after it: Luo et al. 2019 ("Bag of tricks"), 3.6.
"""

from typing import Final

import torch
from torch import Tensor, nn
from torch.nn import functional

from edge_core.training.detector.network import ConvBlock

WIDTH_PX: Final = 96
HEIGHT_PX: Final = 192
BLOCK: Final = 256
STRIPES: Final = 3
BLOCKS: Final = 1 + STRIPES
BANDS: Final = 2 * STRIPES
_TRUNK: Final = (16, 32, 96, 160)
_FUSED: Final = 128
PART_WIDTHS: Final = (2 * _FUSED * STRIPES, *[2 * _FUSED * 2] * STRIPES)
"""Length of what the whole body's and each stripe's branch sees."""
_MEAN: Final = 110.0
_SPREAD: Final = 60.0


class LinearBlock(ConvBlock):
    """Convolution and batch normalisation without the ReLU."""

    def forward(self, x: Tensor) -> Tensor:
        """As `ConvBlock`."""
        return self.norm(self.conv(x))


class Residual(nn.Module):
    """Two 3x3 convolutions beside a shortcut, which halves the map where the block does."""

    def __init__(self, inputs: int, outputs: int, stride: int) -> None:
        super().__init__()
        self.halve = nn.AvgPool2d(2, 2) if stride == 2 else nn.Identity()
        self.shortcut = LinearBlock(inputs, outputs, 1) if stride == 2 else nn.Identity()
        self.first = ConvBlock(inputs, outputs, 3, stride)
        self.second = LinearBlock(outputs, outputs, 3)

    def forward(self, x: Tensor) -> Tensor:
        """Float (N, inputs, H, W) to (N, outputs, H / stride, W / stride)."""
        return torch.relu(self.second(self.first(x)) + self.shortcut(self.halve(x)))


class ReidNetwork(nn.Module):
    """From person crops to embeddings.

    Input float (N, 3, H, W), BGR 0..255, H a multiple of 96 and W of 16; made for 192 x 96.
    Output float (N, 1024): four unit blocks, the whole body and three stripes from the top.
    """

    def __init__(self) -> None:
        super().__init__()
        c2, c4, c8, c16 = _TRUNK
        self.picture_norm = nn.GroupNorm(1, 3)
        self.stem = nn.Sequential(ConvBlock(3, c2, 3, 2), ConvBlock(c2, c4, 3, 2))
        self.stage4 = Residual(c4, c4, 1)
        self.stage8 = Residual(c4, c8, 2)
        self.stage16 = Residual(c8, c16, 2)
        self.pool = nn.AvgPool2d(2, 2)
        self.fuse = ConvBlock(c8 + c16, _FUSED, 1)
        self.heads = nn.ModuleList(nn.Linear(width, BLOCK, bias=False) for width in PART_WIDTHS)
        self.necks = nn.ModuleList(nn.BatchNorm1d(BLOCK) for _ in range(BLOCKS))
        for neck in self.necks:
            # Without a shift the classes lie around the origin, where the cosine is taken from.
            neck.bias.requires_grad_(False)

    def parts(self, x: Tensor) -> list[Tensor]:
        """What each branch sees, float (N, `PART_WIDTHS`): means and maxima over six bands.

        Each stripe has two bands to itself; for the whole body a stripe's two become one.
        """
        c8 = self.stage8(self.stage4(self.stem(self.picture_norm((x - _MEAN) / _SPREAD))))
        fused = _banded(self.fuse(torch.cat([self.stage16(c8), self.pool(c8)], 1)))
        mean, most = fused.mean(3), fused.amax(3)
        bands = torch.cat([mean, most], 1)
        stripes = [bands[:, :, 2 * k : 2 * k + 2].flatten(1) for k in range(STRIPES)]
        pairs = (mean.unflatten(2, (STRIPES, 2)).mean(3), most.unflatten(2, (STRIPES, 2)).amax(3))
        whole = torch.cat(pairs, 1)
        return [whole.flatten(1), *stripes]

    def features(self, x: Tensor) -> list[Tensor]:
        """What each branch says before its neck: four of float (N, 256)."""
        return [head(part) for head, part in zip(self.heads, self.parts(x), strict=True)]

    def through_necks(self, features: list[Tensor]) -> list[Tensor]:
        """The branches after their necks."""
        return [neck(part) for neck, part in zip(self.necks, features, strict=True)]

    def forward(self, x: Tensor) -> Tensor:
        """See the class."""
        return joined(self.through_necks(self.features(x)))


def _banded(part: Tensor) -> Tensor:
    """A map (N, C, H, W) cut into bands from the top, (N, C, 6, places of a band)."""
    return part.reshape(*part.shape[:2], BANDS, -1)


def joined(blocks: list[Tensor]) -> Tensor:
    """Each block scaled to unit length, side by side."""
    return torch.cat([functional.normalize(block) for block in blocks], 1)


class ReidLearner(nn.Module):
    """The network with what only training needs: classifiers and the way to the teachers' space.

    Args:
        identities: how many people are named; 0 without labels.
        teacher: length of the teachers' joint vector.
    """

    def __init__(self, identities: int, teacher: int) -> None:
        super().__init__()
        self.network = ReidNetwork()
        self.classifiers = nn.ModuleList(
            nn.Linear(BLOCK, identities, bias=False) for _ in range(BLOCKS if identities else 0)
        )
        for classifier in self.classifiers:
            nn.init.normal_(classifier.weight, std=0.01)
        self.to_teacher = nn.Linear(BLOCKS * BLOCK, teacher, bias=False)

    def forward(self, x: Tensor) -> tuple[list[Tensor], list[Tensor]]:
        """Branches before and after their necks."""
        features = self.network.features(x)
        return features, self.network.through_necks(features)
