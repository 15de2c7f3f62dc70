"""The face network: a small residual trunk of whole 3x3 convolutions, and three heads.

Trunk: He et al. 2016, with the strided shortcuts averaged before they are projected (He et al.
2019, "Bag of tricks", ResNet-D). Age is told as a distribution over whole years and estimated by
its mean: Rothe et al. 2015 (DEX), Gao et al. 2017 (DLDL).
"""

from typing import Final

import torch
from torch import Tensor, nn

from edge_core.training.detector.network import ConvBlock

AGES: Final = 101
"""Bins of the age distribution: 0 to 100 years."""
MINOR_YEARS: Final = 18
MEAN: Final = 115.0
SPREAD: Final = 65.0
FEATURES: Final = 192
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


class FaceNetwork(nn.Module):
    """From aligned faces to ages and genders.

    Input float (N, 3, 96, 96), (BGR - 115) / 65. Output logits: float (N, 101) of whole years,
    float (N,) of female and float (N,) of being under 18.
    """

    def __init__(self) -> None:
        super().__init__()
        self.trunk = nn.Sequential(
            ConvBlock(3, 16, 3, 2),
            ConvBlock(16, 32, 3, 2),
            Residual(32, 32),
            Residual(32, 48),
            Residual(48, 96),
            ConvBlock(96, FEATURES, 1),
        )
        self.drop = nn.Dropout(_DROPPED)
        self.age = nn.Linear(2 * FEATURES, AGES)
        self.female = nn.Linear(2 * FEATURES, 1)
        self.minor = nn.Linear(2 * FEATURES, 1)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """See the class."""
        maps = self.trunk(x)
        pooled = self.drop(torch.cat([maps.mean((2, 3)), maps.amax((2, 3))], 1))
        return self.age(pooled), self.female(pooled).squeeze(1), self.minor(pooled).squeeze(1)


def mean_years(logits: Tensor) -> Tensor:
    """Age in years, float (N,): the mean of the distribution."""
    years = torch.arange(AGES, device=logits.device, dtype=torch.float32)
    return logits.float().softmax(1) @ years


class Shipped(nn.Module):
    """What is exported: the learnt network with probabilities that were calibrated.

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
        age, female, minor = self.network(x)
        p_female = torch.sigmoid(female / self.gender_temperature)
        rows = torch.stack([mean_years(age / self.age_temperature), p_female], 1)
        return rows, torch.sigmoid(minor / self.minor_temperature)
