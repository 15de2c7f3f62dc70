"""The re-identification network: a residual trunk, the whole body and three stripes of it.

Stripes: Wang et al. 2018 (MGN). A batch-normalised neck each, the triplet loss before it and
everything else after it: Luo et al. 2019 ("Bag of tricks"), section 3.6. Dense 3x3 convolutions:
depthwise ones train three times slower on a CPU and were no better.
"""

from itertools import pairwise
from pathlib import Path
from typing import Final

import onnx
import torch
from onnx import numpy_helper
from torch import Tensor, nn
from torch.nn import functional

from edge_core.errors import ModelError
from edge_core.training.network import ConvBlock
from edge_core.training.warm_start import load_onnx_weights

WIDTH_PX: Final = 96
HEIGHT_PX: Final = 192
BLOCK: Final = 256
STRIPES: Final = 3
BLOCKS: Final = 1 + STRIPES
_TRUNK: Final = (16, 32, 64, 128)
_FUSED: Final = _TRUNK[2] + _TRUNK[3]
_STRIPE: Final = 128
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

    Input float (N, 3, H, W), BGR 0..255, H and W multiples of 16. Output float (N, 1024): four
    unit blocks, the whole body and three stripes from the top. Layers are defined in the order
    they run: `warm_start` relies on it.
    """

    def __init__(self) -> None:
        super().__init__()
        c2, c4, c8, c16 = _TRUNK
        self.stem = nn.Sequential(ConvBlock(3, c2, 3, 2), ConvBlock(c2, c4, 3, 2))
        self.stage4 = Residual(c4, c4, 1)
        self.stage8 = Residual(c4, c8, 2)
        self.stage16 = Residual(c8, c16, 2)
        self.pool = nn.AvgPool2d(2, 2)
        self.fuse = ConvBlock(_FUSED, _FUSED, 1)
        self.narrow = ConvBlock(_FUSED, _STRIPE, 1)
        inputs = (_FUSED, *[_STRIPE] * STRIPES)
        self.heads = nn.ModuleList(nn.Linear(width, BLOCK, bias=False) for width in inputs)
        self.necks = nn.ModuleList(nn.BatchNorm1d(BLOCK) for _ in range(BLOCKS))
        for neck in self.necks:
            # Without a shift the classes lie around the origin, where the cosine is taken from.
            neck.bias.requires_grad_(False)

    def features(self, x: Tensor) -> list[Tensor]:
        """What each branch says before its neck: four of float (N, 256)."""
        c8 = self.stage8(self.stage4(self.stem((x - _MEAN) / _SPREAD)))
        fused = self.fuse(torch.cat([self.stage16(c8), self.pool(c8)], 1))
        narrow = self.narrow(fused)
        high = narrow.shape[2]
        cuts = [high * index // STRIPES for index in range(STRIPES + 1)]
        stripes = [narrow[:, :, a:b] for a, b in pairwise(cuts)]
        pooled = [part.mean((2, 3)) + part.amax((2, 3)) for part in (fused, *stripes)]
        return [head(part) for head, part in zip(self.heads, pooled, strict=True)]

    def through_necks(self, features: list[Tensor]) -> list[Tensor]:
        """The branches after their necks."""
        return [neck(part) for neck, part in zip(self.necks, features, strict=True)]

    def forward(self, x: Tensor) -> Tensor:
        """See the class."""
        return joined(self.through_necks(self.features(x)))


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


def load_reid_weights(network: ReidNetwork, path: Path) -> None:
    """Copy an exported network of this shape, necks included; the function becomes the file's.

    Raises:
        ModelError: the file holds another network.
    """
    load_onnx_weights(network, path)
    graph = onnx.load(path).graph
    stored = {
        item.name: torch.from_numpy(numpy_helper.to_array(item).copy())
        for item in graph.initializer
    }
    # Equal tensors are stored once; the other names point to it.
    for node in graph.node:
        if node.op_type == "Identity" and node.input[0] in stored:
            stored[node.output[0]] = stored[node.input[0]]
    heads = [stored[n.input[1]] for n in graph.node if n.op_type == "MatMul"]
    necks = [
        [stored[name] for name in n.input[1:]]
        for n in graph.node
        if n.op_type == "BatchNormalization"
    ]
    if len(heads) != BLOCKS or len(necks) != BLOCKS:
        raise ModelError(
            f"{path.name} holds another network than the one to be trained.",
            "Start from an FP32 file of the same model, or train from scratch.",
        )
    with torch.no_grad():
        for head, weight in zip(network.heads, heads, strict=True):
            head.weight.copy_(weight.T)
        for neck, (weight, bias, mean, variance) in zip(network.necks, necks, strict=True):
            neck.weight.copy_(weight)
            neck.bias.copy_(bias)
            neck.running_mean.copy_(mean)
            neck.running_var.copy_(variance)
