"""The action classifier's network: the person detector's trunk, where the joints are, what is seen.

The trunk starts as the detector's. From its maps at strides of 8 and 16 pixels the network tells
where head, shoulders, elbows, hands and hips are, taught beside the question itself: a network that
only learns the answer remembers the people it was taught. Then two parts speak: where the joints
lie to one another, which carries over to anybody, and what is seen around them. Narrow dense
convolutions take the place of MobileNet's depthwise ones: on CPUs with byte arithmetic they are
faster at the same accuracy.
"""

from typing import Final

import torch
from torch import Tensor, nn

from edge_core.simulator.pose import JOINTS
from edge_core.training.crop_classifier import TRUNK
from edge_core.training.detector.network import PERSON_S, ConvBlock, PersonDetector
from edge_core.vision.action import HEIGHT_PX, WIDTH_PX

STRIDE_PX: Final = 8
ROWS, COLUMNS = HEIGHT_PX // STRIDE_PX, WIDTH_PX // STRIDE_PX
_SEEN: Final = 64
_AROUND: Final = 48
_POSE: Final = (48, 24)
_DROPOUT: Final = (0.4, 0.1)
_INPUT_RANGE: Final = 255.0
_SHOULDERS: Final = slice(1, 3)
"""Of `JOINTS`: places are told from between them."""
_SPREAD: Final = 4.0
_SHARES: Final = 20.0
"""Factors that bring places and shares of the map to the size of the rest."""


class ActionNetwork(nn.Module):
    """From person crops with their surroundings to the logit of handling goods.

    Input float (N, 3, 160, 96), BGR 0..255. Output of `logits` float (N, 1); of a call,
    probabilities. `scale` and `shift` (1,) are the calibration, p = sigmoid(scale logit + shift):
    1 and 0 until they are fitted. `grid` (240, 2) holds the map's places, x and y, 0..1.
    """

    scale: Tensor
    shift: Tensor
    grid: Tensor

    def __init__(self) -> None:
        super().__init__()
        detector = PersonDetector(PERSON_S)
        self.stem, self.c3, self.c4 = (getattr(detector, name) for name in TRUNK)
        self.halve = nn.MaxPool2d(2, 2)
        self.widen = nn.Upsample(scale_factor=2, mode="nearest")
        self.read = ConvBlock(PERSON_S.channels(256) + PERSON_S.channels(512), _SEEN, 1)
        self.arms = nn.Sequential(ConvBlock(_SEEN, _SEEN, 3), ConvBlock(_SEEN, _SEEN, 3))
        self.joints = nn.Conv2d(_SEEN, len(JOINTS), 1)
        self.around = ConvBlock(_SEEN + len(JOINTS), _AROUND, 3, 2)
        self.dropout = nn.Dropout(_DROPOUT[0])
        self.head = nn.Linear(_AROUND * ROWS // 2, 1)
        first, second = _POSE
        self.pose = nn.Sequential(
            nn.Linear(3 * len(JOINTS), first), nn.ReLU(), nn.Dropout(_DROPOUT[1]),
            nn.Linear(first, second), nn.ReLU(), nn.Linear(second, 1),
        )  # fmt: skip
        y, x = torch.meshgrid(
            (torch.arange(ROWS) + 0.5) / ROWS, (torch.arange(COLUMNS) + 0.5) / COLUMNS,
            indexing="ij",
        )  # fmt: skip
        self.register_buffer("grid", torch.stack([x.flatten(), y.flatten()], 1))
        self.register_buffer("scale", torch.ones(1))
        self.register_buffer("shift", torch.zeros(1))

    def both(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Logits before calibration, float (N, 1), and of each joint over the map (N, 9, 240)."""
        c3 = self.c3(self.halve(self.stem(x / _INPUT_RANGE)))
        c4 = self.c4(self.halve(c3))
        seen = self.arms(self.read(torch.cat([self.widen(c4), c3], 1)))
        joints = self.joints(seen)
        share = torch.softmax(joints.flatten(2), 2)
        place = share @ self.grid
        apart = place - place[:, _SHOULDERS].mean(1, keepdim=True)
        posed = torch.cat([apart, share.amax(2, keepdim=True)], 2).flatten(1)
        around = self.around(torch.cat([seen, _SHARES * share.view_as(joints)], 1))
        rows = (around.mean(3) + around.amax(3)).flatten(1)
        return self.head(self.dropout(rows)) + self.pose(_SPREAD * posed), joints.flatten(2)

    def logits(self, x: Tensor) -> Tensor:
        """Before calibration, float (N, 1)."""
        return self.both(x)[0]

    def forward(self, x: Tensor) -> Tensor:
        """See the class."""
        return torch.sigmoid(self.logits(x) * self.scale + self.shift)
