"""The body attributes' network: the person detector's trunk, read row by row.

The detector has seen all its training people, so its trunk, up to stride 16, is a better start
than none. Rows matter: a hat is above, trousers are below. Columns do not: people are mirrored as
often as not. So the last map is pooled over its width only, by mean and by maximum.
"""

from typing import Final

import torch
from torch import Tensor, nn

from edge_core.training.body.teacher import HEIGHT_PX
from edge_core.training.crop_classifier import TRUNK
from edge_core.training.detector.network import PERSON_S, ConvBlock, PersonDetector
from edge_core.vision.body import BODY_ATTRIBUTES

_READ: Final = 64
_STRIDE_PX: Final = 16
_DROPOUT: Final = 0.2
_INPUT_RANGE: Final = 255.0


class BodyNetwork(nn.Module):
    """From person crops to attribute logits.

    Input float (N, 3, 160, 80), BGR 0..255. Output of `logits` float (N, 8), columns as
    `BODY_ATTRIBUTES`; of a call, calibrated probabilities. `scale` and `shift` (8,) are the
    calibration, p = sigmoid(scale logit + shift): 1 and 0 until they are fitted.
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
        self.dropout = nn.Dropout(_DROPOUT)
        rows = HEIGHT_PX // _STRIDE_PX
        self.head = nn.Linear(_READ * rows, len(BODY_ATTRIBUTES))
        self.register_buffer("scale", torch.ones(len(BODY_ATTRIBUTES)))
        self.register_buffer("shift", torch.zeros(len(BODY_ATTRIBUTES)))

    def logits(self, x: Tensor) -> Tensor:
        """Before calibration, float (N, 8)."""
        c3 = self.c3(self.halve(self.stem(x / _INPUT_RANGE)))
        c4 = self.c4(self.halve(c3))
        read = self.read(torch.cat([c4, self.pool(c3)], 1))
        rows = read.mean(3) + read.amax(3)
        return self.head(self.dropout(rows.flatten(1)))

    def forward(self, x: Tensor) -> Tensor:
        """See the class."""
        return torch.sigmoid(self.logits(x) * self.scale + self.shift)
