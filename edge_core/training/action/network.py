"""The action classifier's network: the person detector's trunk, then where the arms go.

The trunk has seen all the detector's real people, which keeps a network taught on drawn ones near
real pictures; its first two stages learn no more. Narrow dense convolutions take the place of
MobileNet's depthwise ones: on CPUs with byte arithmetic they are faster at the same accuracy. A
hand at a rail lies beside the body, so one more 3x3 layer looks across the map before its width is
pooled away by mean and by maximum.
"""

from typing import Final

import torch
from torch import Tensor, nn

from edge_core.training.crop_classifier import TRUNK
from edge_core.training.detector.network import PERSON_S, ConvBlock, PersonDetector
from edge_core.vision.action import HEIGHT_PX

_READ: Final = 64
_STRIDE_PX: Final = 16
_DROPOUT: Final = 0.3
_INPUT_RANGE: Final = 255.0
_KEPT: Final = ("stem", "c3")
"""Stages that stay as the detector's."""


class ActionNetwork(nn.Module):
    """From person crops with their surroundings to the logit of handling goods.

    Input float (N, 3, 160, 96), BGR 0..255. Output of `logits` float (N, 1); of a call,
    probabilities. `scale` and `shift` (1,) are the calibration, p = sigmoid(scale logit + shift):
    1 and 0 until they are fitted.
    """

    scale: Tensor
    shift: Tensor

    def __init__(self) -> None:
        super().__init__()
        detector = PersonDetector(PERSON_S)
        self.stem, self.c3, self.c4 = (getattr(detector, name) for name in TRUNK)
        self.halve = nn.MaxPool2d(2, 2)
        self.pool = nn.AvgPool2d(2, 2)
        self.read = ConvBlock(PERSON_S.channels(256) + PERSON_S.channels(512), _READ, 1)
        self.arms = ConvBlock(_READ, _READ, 3)
        self.dropout = nn.Dropout(_DROPOUT)
        self.head = nn.Linear(_READ * (HEIGHT_PX // _STRIDE_PX), 1)
        self.register_buffer("scale", torch.ones(1))
        self.register_buffer("shift", torch.zeros(1))

    def train(self, mode: bool = True) -> "ActionNetwork":
        """As `nn.Module.train`; the kept stages neither learn nor follow the batches."""
        super().train(mode)
        for name in _KEPT:
            getattr(self, name).eval().requires_grad_(False)
        return self

    def logits(self, x: Tensor) -> Tensor:
        """Before calibration, float (N, 1)."""
        with torch.no_grad():
            c3 = self.c3(self.halve(self.stem(x / _INPUT_RANGE)))
        c4 = self.c4(self.halve(c3))
        seen = self.arms(self.read(torch.cat([c4, self.pool(c3)], 1)))
        rows = seen.mean(3) + seen.amax(3)
        return self.head(self.dropout(rows.flatten(1)))

    def forward(self, x: Tensor) -> Tensor:
        """See the class."""
        return torch.sigmoid(self.logits(x) * self.scale + self.shift)
