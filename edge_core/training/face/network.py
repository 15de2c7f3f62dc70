"""The face network: a small residual trunk of whole 3x3 convolutions, and three heads.

Trunk: He et al. 2016, with the strided shortcuts averaged before they are projected (He et al.
2019, "Bag of tricks", ResNet-D). Age is told as a distribution over whole years and estimated by
its mean: Rothe et al. 2015 (DEX), Gao et al. 2017 (DLDL).
"""

from dataclasses import dataclass
from typing import Final

import torch
from torch import Tensor, nn

from edge_core.training.detector.network import ConvBlock

AGES: Final = 101
"""Bins of the age distribution: 0 to 100 years."""
MINOR_YEARS: Final = 18
MEAN: Final = 115.0
SPREAD: Final = 65.0
_DROPPED: Final = 0.2


class Linear(ConvBlock):
    """Convolution and batch normalisation, with nothing after them."""

    def forward(self, x: Tensor) -> Tensor:
        """Float (N, inputs, H, W) to (N, outputs, H / stride, W / stride)."""
        normed: Tensor = self.norm(self.conv(x))
        return normed


class Residual(nn.Module):
    """Two 3x3 convolutions beside a shortcut.

    Args:
        inputs: channels.
        outputs: channels; where they are more than `inputs`, the map is halved.
    """

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        halved = outputs != inputs
        # The order is that of the exported graph, which weights are read back by.
        self.shortcut = (
            nn.Sequential(nn.AvgPool2d(2), Linear(inputs, outputs, 1)) if halved else nn.Identity()
        )
        self.first = ConvBlock(inputs, outputs, 3, 2 if halved else 1)
        self.second = Linear(outputs, outputs, 3)

    def forward(self, x: Tensor) -> Tensor:
        """Float (N, inputs, H, W) to (N, outputs, H / 2, W / 2), or H and W as they are."""
        beside = self.shortcut(x)
        return torch.relu(self.second(self.first(x)) + beside)


@dataclass(frozen=True, slots=True)
class FaceSpec:
    """One member of the family.

    Attributes:
        stem: channels at half the side.
        widths: channels at a quarter, an eighth and a sixteenth of the side.
        blocks: residual blocks at each.
        read: channels that are pooled.
    """

    stem: int
    widths: tuple[int, int, int]
    blocks: int
    read: int


FACE_S: Final = FaceSpec(stem=16, widths=(32, 64, 128), blocks=1, read=192)
ELDER: Final = FaceSpec(stem=48, widths=(96, 192, 384), blocks=2, read=384)
"""Six million parameters: it teaches, and is too slow to ship."""


class FaceNetwork(nn.Module):
    """From aligned faces to ages and genders.

    Input float (N, 3, 96, 96), (BGR - 115) / 65. Output logits: float (N, 101) of whole years,
    float (N,) of female and float (N,) of being under 18.
    """

    def __init__(self, spec: FaceSpec = FACE_S) -> None:
        super().__init__()
        layers: list[nn.Module] = [ConvBlock(3, spec.stem, 3, 2)]
        layers.append(ConvBlock(spec.stem, spec.widths[0], 3, 2))
        before = spec.widths[0]
        for width in spec.widths:
            layers += [Residual(before if k == 0 else width, width) for k in range(spec.blocks)]
            before = width
        layers.append(ConvBlock(before, spec.read, 1))
        self.trunk = nn.Sequential(*layers)
        self.drop = nn.Dropout(_DROPPED)
        self.width = 2 * spec.read
        self.age = nn.Linear(self.width, AGES)
        self.female = nn.Linear(self.width, 1)
        self.minor = nn.Linear(self.width, 1)

    def features(self, x: Tensor) -> Tensor:
        """What the heads read, float (N, `width`): means and maxima over the map."""
        maps = self.trunk(x)
        return self.drop(torch.cat([maps.mean((2, 3)), maps.amax((2, 3))], 1))

    def heads(self, features: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """The outputs from `features`."""
        return self.age(features), self.female(features).squeeze(1), self.minor(features).squeeze(1)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """See the class."""
        return self.heads(self.features(x))


def mean_years(logits: Tensor) -> Tensor:
    """Age in years, float (N,): the mean of the distribution."""
    years = torch.arange(AGES, device=logits.device, dtype=torch.float32)
    return logits.float().softmax(1) @ years


def both_ways(network: FaceNetwork, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Mean outputs for faces and their mirror images, in one pass."""
    age, female, minor = (
        torch.stack(side.chunk(2)).mean(0) for side in network(torch.cat([x, x.flip(3)]))
    )
    return age, female, minor


class Shipped(nn.Module):
    """What is exported: the learnt network with probabilities that were calibrated.

    It looks at each face and its mirror image: the mean of both is right more often than either.

    Output float (N, 2), age in years and probability of female; and float (N,), probability of
    being under 18.

    Args:
        network: as learnt.
        gender_temperature: the gender logit is divided by it (Guo et al. 2017, section 4.2).
        age_temperature: the age logits are: a distribution that learnt from blurred ages is
            wider than its own doubt, which draws its mean towards the middle of all ages.
        minor_temperature: the logit of being under 18 is.
    """

    def __init__(
        self,
        network: FaceNetwork,
        gender_temperature: float,
        age_temperature: float,
        minor_temperature: float,
    ) -> None:
        super().__init__()
        self.network = network
        self.gender_temperature, self.age_temperature = gender_temperature, age_temperature
        self.minor_temperature = minor_temperature

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """See the class."""
        age, female, minor = both_ways(self.network, x)
        p_female = torch.sigmoid(female / self.gender_temperature)
        rows = torch.stack([mean_years(age / self.age_temperature), p_female], 1)
        return rows, torch.sigmoid(minor / self.minor_temperature)
