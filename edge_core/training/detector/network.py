"""The person detector's network: Tiny-DarkNet trunk, spatial pyramid pooling, feature pyramid.

Trunk: Redmon's Tiny DarkNet bottlenecks (1x1 squeeze, 3x3 expand) with the stem's pools replaced
by strided convolutions and leaky units by ReLU, which quantises better. Pyramid pooling: He et
al. 2014 in the form of YOLOv3-SPP. Feature pyramid: Lin et al. 2017, with a narrow head at
stride 8, where most of the arithmetic would lie. Bottom-up path (`pan`): Liu et al. 2018.
"""

from dataclasses import dataclass
from typing import Final

import torch
from torch import Tensor, nn

STRIDES_PX: Final = (8, 16, 32)
CHANNELS: Final = 5
"""Of each output map: dx, dy, log w, log h, logit."""
_PRIOR_LOGIT: Final = -4.6
"""A cell finds a person once in a hundred times; starting there keeps the first steps calm
(Lin et al. 2017, "Focal loss", section 3.3)."""


@dataclass(frozen=True, slots=True)
class NetworkSpec:
    """One member of the family.

    Attributes:
        name: as in the manifest.
        width: channels of the trunk and pyramid against the reference's.
        fine: channels of the head at stride 8.
        pan: adds the bottom-up path.
    """

    name: str
    width: float
    fine: int
    pan: bool = False

    def channels(self, reference: int) -> int:
        """Channels where the reference has so many: scaled, rounded up to whole eights."""
        return -int(-reference * self.width // 8) * 8


PERSON_S: Final = NetworkSpec("person-s", width=0.4375, fine=32)
PERSON_M: Final = NetworkSpec("person-m", width=1.0, fine=64, pan=True)
PERSON_M_FPN: Final = NetworkSpec("person-m-fpn", width=1.0, fine=64)
NETWORKS: Final = {spec.name: spec for spec in (PERSON_S, PERSON_M, PERSON_M_FPN)}


class ConvBlock(nn.Module):
    """Convolution without bias, batch normalisation, ReLU."""

    def __init__(self, inputs: int, outputs: int, kernel: int, stride: int = 1) -> None:
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False)
        self.norm = nn.BatchNorm2d(outputs)

    def forward(self, x: Tensor) -> Tensor:
        """Float (N, inputs, H, W) to (N, outputs, H / stride, W / stride)."""
        return torch.relu(self.norm(self.conv(x)))


def bottlenecks(inputs: int, squeeze: int, expand: int) -> nn.Sequential:
    """Twice squeeze by 1x1 and expand by 3x3."""
    return nn.Sequential(
        ConvBlock(inputs, squeeze, 1),
        ConvBlock(squeeze, expand, 3),
        ConvBlock(expand, squeeze, 1),
        ConvBlock(squeeze, expand, 3),
    )


class PyramidPooling(nn.Module):
    """Maxima over windows of 5, 9 and 13 cells beside the cell itself."""

    def __init__(self, inputs: int, width: int) -> None:
        super().__init__()
        self.squeeze = ConvBlock(inputs, width, 1)
        # A maximum of maxima over 5 cells is one over 9, and again over 13, and costs less.
        self.pool = nn.MaxPool2d(5, 1, 2)
        self.merge = ConvBlock(4 * width, width, 1)

    def forward(self, x: Tensor) -> Tensor:
        """Float (N, inputs, h, w) to (N, width, h, w)."""
        x = self.squeeze(x)
        over5 = self.pool(x)
        over9 = self.pool(over5)
        return self.merge(torch.cat([x, over5, over9, self.pool(over9)], 1))


class PersonDetector(nn.Module):
    """From a picture to three maps of boxes and scores.

    Input float (N, 3, H, W), BGR divided by 255, letterboxed with 114; H and W multiples of 32.
    Output p3, p4, p5, float (N, 5, H/s, W/s) at strides 8, 16, 32; `edge_core.vision.decode` says
    what the channels mean. Layers are defined in the order they run: `warm_start` relies on it.
    """

    def __init__(self, spec: NetworkSpec) -> None:
        super().__init__()
        c, fine = spec.channels, spec.fine
        neck = c(128)
        self.spec = spec
        self.stem = nn.Sequential(
            ConvBlock(3, c(16), 3, 2),
            ConvBlock(c(16), c(32), 3, 2),
            bottlenecks(c(32), c(16), c(128)),
        )
        self.c3 = bottlenecks(c(128), c(32), c(256))
        self.c4 = bottlenecks(c(256), c(64), c(512))
        self.c5 = bottlenecks(c(512), c(128), c(512))
        self.pool = nn.MaxPool2d(2, 2)
        self.up = nn.Upsample(scale_factor=2, mode="nearest")
        self.spp = PyramidPooling(c(512), c(256))
        self.lateral5 = ConvBlock(c(256), neck, 1)
        self.lateral4 = ConvBlock(c(512), neck, 1)
        self.merge4 = ConvBlock(2 * neck, neck, 3)
        self.narrow4 = ConvBlock(neck, fine, 1)
        self.narrow3 = ConvBlock(c(256), fine, 1)
        self.merge3 = ConvBlock(2 * fine, fine, 3)
        self.head3 = nn.Sequential(ConvBlock(fine, fine, 3), nn.Conv2d(fine, CHANNELS, 1))
        if spec.pan:
            self.down3 = ConvBlock(fine, neck, 3, 2)
            self.join4 = ConvBlock(2 * neck, neck, 3)
        self.head4 = nn.Sequential(ConvBlock(neck, 2 * neck, 3), nn.Conv2d(2 * neck, CHANNELS, 1))
        if spec.pan:
            self.down4 = ConvBlock(neck, neck, 3, 2)
        self.smooth5 = ConvBlock(2 * neck if spec.pan else neck, neck, 3)
        self.head5 = nn.Sequential(ConvBlock(neck, 2 * neck, 3), nn.Conv2d(2 * neck, CHANNELS, 1))
        self._start()

    def _start(self) -> None:
        for head in (self.head3, self.head4, self.head5):
            nn.init.normal_(head[-1].weight, std=0.01)
            nn.init.zeros_(head[-1].bias)
            # A box of e^1.2 = 3.3 cells is what each level is for.
            head[-1].bias.data[2:4] = 1.2
            head[-1].bias.data[4] = _PRIOR_LOGIT

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """See the class."""
        return self.maps(*self.features(x))

    def features(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """C3, C4, C5 of the trunk, float (N, channels, H/s, W/s) at strides 8, 16, 32."""
        c3 = self.c3(self.pool(self.stem(x)))
        c4 = self.c4(self.pool(c3))
        return c3, c4, self.c5(self.pool(c4))

    def maps(self, c3: Tensor, c4: Tensor, c5: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """The outputs from the trunk's features."""
        c5 = self.lateral5(self.spp(c5))
        n4 = self.merge4(torch.cat([self.up(c5), self.lateral4(c4)], 1))
        n3 = self.merge3(torch.cat([self.up(self.narrow4(n4)), self.narrow3(c3)], 1))
        p3 = self.head3(n3)
        if self.spec.pan:
            n4 = self.join4(torch.cat([self.down3(n3), n4], 1))
        p4 = self.head4(n4)
        n5 = self.smooth5(torch.cat([self.down4(n4), c5], 1) if self.spec.pan else c5)
        return p3, p4, self.head5(n5)


def parameters(network: nn.Module) -> int:
    """How many numbers the network learns, its normalisations counted as they are folded."""
    return sum(p.numel() for p in network.parameters())
