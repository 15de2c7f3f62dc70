"""The face detector's network: the person detector's ideas at a sixth of its smallest size.

One 5x5 convolution takes the picture to a quarter of its side at once, where half of a small
network's time would otherwise go; narrow dense 3x3 convolutions follow, in channels by sixteens,
as CPUs compute them; a feature pyramid (Lin et al. 2017) and one head a stride, the finest one
narrow, because most cells are its.
"""

from dataclasses import dataclass
from typing import Final

import torch
from torch import Tensor, nn

from edge_core.training.detector.network import ConvBlock

CHANNELS: Final = 15
"""Of each output map: dx, dy, log w, log h, logit, and x, y of five landmarks."""
_STEM_KERNEL: Final = 5
_STEM_STRIDE: Final = 4
_PRIOR_LOGIT: Final = -5.0
_LOG_SIZE: Final = 1.2
_UPRIGHT: Final = (-0.7, -0.5, 0.7, -0.5, 0.0, 0.2, -0.55, 0.9, 0.55, 0.9)
"""Where the landmarks of an upright face of that size lie, in strides from its centre."""


@dataclass(frozen=True, slots=True)
class FaceNetworkSpec:
    """Channels of the stem, of strides 8, 16 and 32, and of the heads at 8 and above."""

    stem: int = 16
    c3: int = 32
    c4: int = 48
    c5: int = 64
    fine: int = 16
    head: int = 32


class Squeezed(nn.Module):
    """Squeeze by 1x1, expand by 3x3, added to what came in (Redmon and Farhadi 2018, figure 1)."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.squeeze = ConvBlock(width, width // 2, 1)
        self.expand = ConvBlock(width // 2, width, 3)

    def forward(self, x: Tensor) -> Tensor:
        """Float (N, width, h, w) to the same."""
        return x + self.expand(self.squeeze(x))


class FaceFinder(nn.Module):
    """From a picture to three maps of faces.

    Input float (N, 3, H, W), BGR divided by 255, letterboxed with 114; H and W multiples of 32.
    Output p3, p4, p5, float (N, 15, H/s, W/s) at strides 8, 16, 32;
    `edge_core.vision.face_detect.decode_faces` says what the channels mean. Layers are defined in
    the order they run: `warm_start` relies on it.
    """

    def __init__(self, spec: FaceNetworkSpec | None = None) -> None:
        super().__init__()
        spec = spec or FaceNetworkSpec()
        c3, c4, c5, fine, head = spec.c3, spec.c4, spec.c5, spec.fine, spec.head
        self.stem = ConvBlock(3, spec.stem, _STEM_KERNEL, _STEM_STRIDE)
        self.c3 = nn.Sequential(ConvBlock(spec.stem, c3, 3, 2), Squeezed(c3), Squeezed(c3))
        self.c4 = nn.Sequential(ConvBlock(c3, c4, 3, 2), Squeezed(c4), Squeezed(c4))
        self.c5 = nn.Sequential(ConvBlock(c4, c5, 3, 2), Squeezed(c5))
        self.up = nn.Upsample(scale_factor=2, mode="nearest")
        self.lateral5 = ConvBlock(c5, head, 1)
        self.lateral4 = ConvBlock(c4, head, 1)
        self.lateral3 = ConvBlock(c3, fine, 1)
        self.narrow4 = ConvBlock(head, fine, 1)
        self.head3, self.head4, self.head5 = (_head(width) for width in (fine, head, head))

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """See the class."""
        c3 = self.c3(self.stem(x))
        c4 = self.c4(c3)
        n5 = self.lateral5(self.c5(c4))
        n4 = self.lateral4(c4) + self.up(n5)
        n3 = self.lateral3(c3) + self.up(self.narrow4(n4))
        return self.head3(n3), self.head4(n4), self.head5(n5)


def _head(width: int) -> nn.Sequential:
    last = nn.Conv2d(width, CHANNELS, 1)
    nn.init.normal_(last.weight, std=0.01)
    with torch.no_grad():
        last.bias.copy_(torch.tensor((0.0, 0.0, _LOG_SIZE, _LOG_SIZE, _PRIOR_LOGIT, *_UPRIGHT)))
    return nn.Sequential(ConvBlock(width, width, 3), last)
