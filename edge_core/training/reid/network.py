"""The re-identification network: a residual trunk, the whole body and three stripes of it.

Dense 3x3 convolutions: ones by channel train three times slower on a CPU and were no better. The
picture-wise normalisation at the start takes out the strength and the contrast of the light.
Stripes: Wang et al. 2018 (MGN), each branch linear in the means and maxima of a few bands of the
body (ours): where on the body a colour sits tells people apart. A batch-normalised neck each, the
triplet loss before it and everything else after it: Luo et al. 2019 ("Bag of tricks"), 3.6.
"""

from dataclasses import dataclass
from typing import Final

import torch
from torch import Tensor, nn
from torch.nn import functional

from edge_core.training.detector.network import ConvBlock
from edge_core.types import EMBEDDING_BLOCKS

WIDTH_PX: Final = 96
HEIGHT_PX: Final = 192
STRIPES: Final = EMBEDDING_BLOCKS - 1
BANDS: Final = 2 * STRIPES
_MEAN: Final = 110.0
_SPREAD: Final = 60.0


@dataclass(frozen=True, slots=True)
class ReidShape:
    """One member of the family.

    Attributes:
        trunk: channels at strides 2, 4, 8 and 16.
        depths: residual blocks at strides 4, 8 and 16.
        fused: channels of the map that joins strides 8 and 16.
        block: length of one embedding block.
    """

    trunk: tuple[int, int, int, int]
    depths: tuple[int, int, int]
    fused: int
    block: int


REID_S: Final = ReidShape((16, 32, 80, 192), (1, 2, 1), 160, 128)
"""What ships."""
TUTOR: Final = ReidShape((48, 96, 192, 416), (1, 3, 2), 288, 256)
"""Too slow for a shop; the small one learns from it."""


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


def _stage(inputs: int, outputs: int, stride: int, depth: int) -> nn.Sequential:
    """Residual blocks, the first of which may halve the map."""
    rest = (Residual(outputs, outputs, 1) for _ in range(depth - 1))
    return nn.Sequential(Residual(inputs, outputs, stride), *rest)


class ReidNetwork(nn.Module):
    """From person crops to embeddings.

    Input float (N, 3, H, W), BGR 0..255, H a multiple of 96 and W of 16; made for 192 x 96.
    Output float (N, 4 x block): unit blocks, the whole body and three stripes from the top.

    Args:
        shape: which member of the family.
    """

    def __init__(self, shape: ReidShape = REID_S) -> None:
        super().__init__()
        self.shape = shape
        c2, c4, c8, c16 = shape.trunk
        self.picture_norm = nn.GroupNorm(1, 3)
        self.stem = nn.Sequential(ConvBlock(3, c2, 3, 2), ConvBlock(c2, c4, 3, 2))
        self.stage4 = _stage(c4, c4, 1, shape.depths[0])
        self.stage8 = _stage(c4, c8, 2, shape.depths[1])
        self.stage16 = _stage(c8, c16, 2, shape.depths[2])
        self.pool = nn.AvgPool2d(2, 2)
        self.fuse = ConvBlock(c8 + c16, shape.fused, 1)
        seen = (2 * shape.fused, *[2 * 2 * shape.fused] * STRIPES)
        self.heads = nn.ModuleList(nn.Linear(width, shape.block, bias=False) for width in seen)
        self.necks = nn.ModuleList(nn.BatchNorm1d(shape.block) for _ in seen)
        for neck in self.necks:
            # Without a shift the classes lie around the origin, where the cosine is taken from.
            neck.bias.requires_grad_(False)

    def parts(self, x: Tensor) -> list[Tensor]:
        """What each branch sees: means and maxima, of the whole map or of a stripe's two bands.

        The whole body's branch does not mind a person who stands a little higher or lower.
        """
        c8 = self.stage8(self.stage4(self.stem(self.picture_norm((x - _MEAN) / _SPREAD))))
        fused = _banded(self.fuse(torch.cat([self.stage16(c8), self.pool(c8)], 1)))
        mean, most = fused.mean(3), fused.amax(3)
        bands = torch.cat([mean, most], 1)
        stripes = [bands[:, :, 2 * k : 2 * k + 2].flatten(1) for k in range(STRIPES)]
        return [torch.cat([mean.mean(2), most.amax(2)], 1), *stripes]

    def features(self, x: Tensor) -> list[Tensor]:
        """What each branch says before its neck: four of float (N, block)."""
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


class CosineClassifier(nn.Module):
    """Cosines to one direction a person.

    Args:
        length: of what is classified.
        identities: how many people.
    """

    def __init__(self, length: int, identities: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(identities, length) / length**0.5)

    def forward(self, x: Tensor) -> Tensor:
        """Float (N, length) to cosines (N, identities)."""
        return functional.normalize(x) @ functional.normalize(self.weight).T


class ReidLearner(nn.Module):
    """The network with what only training needs: classifiers and the ways to others' spaces.

    Args:
        identities: how many people are named; 0 without labels.
        teacher: length of the teachers' joint vector.
        shape: of the network.
        tutor: of a larger network of the family to learn from; None without.
    """

    def __init__(
        self,
        identities: int,
        teacher: int,
        shape: ReidShape = REID_S,
        tutor: ReidShape | None = None,
    ) -> None:
        super().__init__()
        self.network = ReidNetwork(shape)
        self.classifiers = nn.ModuleList(
            CosineClassifier(shape.block, identities)
            for _ in range(EMBEDDING_BLOCKS if identities else 0)
        )
        self.to_teacher = nn.Linear(EMBEDDING_BLOCKS * shape.block, teacher, bias=False)
        self.to_tutor = nn.ModuleList()
        if tutor is not None:
            self.to_tutor.extend(
                nn.Linear(shape.block, tutor.block, bias=False) for _ in range(EMBEDDING_BLOCKS)
            )

    def forward(self, x: Tensor) -> tuple[list[Tensor], list[Tensor]]:
        """Branches before and after their necks."""
        features = self.network.features(x)
        return features, self.network.through_necks(features)
