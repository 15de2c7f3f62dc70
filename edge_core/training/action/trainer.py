"""The action classifier's training steps; the loop around them is shared."""

from typing import Final

import cv2
import numpy as np
import torch
from torch import Tensor, nn

from edge_core.simulator.pose import JOINTS
from edge_core.training.action.data import KEPT_HEIGHT_PX, KEPT_WIDTH_PX, ActionCrops
from edge_core.training.action.network import COLUMNS, ROWS, ActionNetwork
from edge_core.training.detector.batches import Batch
from edge_core.training.loop import Plan, Trainer
from edge_core.training.precision import short_floats
from edge_core.training.reid.augment import CropHardness, marred
from edge_core.types import Float32Array, Float64Array, ImageArray, Int64Array
from edge_core.vision.action import HEIGHT_PX, WIDTH_PX
from edge_core.vision.letterbox import PAD

SHARES: Final = (0.4, 0.4, 0.2)
"""Of a batch: handling; what looks most like it and is not, people at rails or whose hands do
something else; the rest. Calibration puts the shop's own share back."""
HARD: Final = ("phone", "cross", "hair", "hold")
SMOOTHED: Final = 0.03
JOINTS_WEIGHT: Final = 0.5
JOINT_SPREAD: Final = 0.8
"""Of what a joint's map is taught, cells along each axis."""
HARDNESS: Final = CropHardness(erased=0.2, tinted=0.4, coarse=0.25, spoilt=0.25)
_ZOOM: Final = (0.9, 1.12)
_ZOOM_SD: Final = (0.08, 0.05)
"""Of the logarithm of a zoom of both axes alike, and of each apart."""
_TURN_SD_RAD: Final = float(np.radians(5))
_SHIFT: Final = (0.07, 0.06)
_OTHER_SIDE: Final = {"_r": "_l", "_l": "_r"}
_MIRRORED: Final = [JOINTS.index(n[:-2] + _OTHER_SIDE.get(n[-2:], n[-2:])) for n in JOINTS]
_GRADIENT_NORM: Final = 10.0


class ActionTrainer(Trainer):
    """The shared loop with batches of crops.

    Args:
        network: to train, in place.
        crops: to learn from.
        plan: length and rates.
    """

    def __init__(self, network: ActionNetwork, crops: ActionCrops, plan: Plan) -> None:
        super().__init__(network, _no_batch, plan)
        self._crops = crops
        deeds = np.array(crops.deed)
        alike = ~crops.handling & ((crops.at_rail & (deeds != "walk")) | np.isin(deeds, HARD))
        self._kinds = [
            np.flatnonzero(kind) for kind in (crops.handling, alike, ~crops.handling & ~alike)
        ]
        self._chances = [_even(crops.person[rows]) for rows in self._kinds]

    def _one_step(self) -> Tensor:
        # A generator a step: a run taken up again sees the crops it would have seen.
        rng = np.random.default_rng((self.plan.seed, self.step))
        inputs, truth, joints = self.batch(rng)
        for group in self._optimiser.param_groups:
            group["lr"] = self.rate()
        network = self.network
        assert isinstance(network, ActionNetwork)
        with short_floats(self.device):
            logits, maps = network.both(inputs)
        taught = truth * (1 - 2 * SMOOTHED) + SMOOTHED
        loss = nn.functional.binary_cross_entropy_with_logits(logits[:, 0].float(), taught)
        loss = loss + JOINTS_WEIGHT * joints_loss(maps.float(), joints, network.grid)
        self._optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(network.parameters(), _GRADIENT_NORM)
        self._optimiser.step()
        self._follow()
        return loss.detach()

    def batch(self, rng: np.random.Generator) -> tuple[Tensor, Tensor, Tensor]:
        """Inputs float (N, 3, 160, 96), labels float (N,), 0 or 1, and joints float (N, 9, 2)."""
        chosen = self.draw(rng)
        made = [varied(self._crops.bgr[i], self._crops.joints[i], rng) for i in chosen]
        # (N, H, W, 3) seen as (N, 3, H, W) already lies as channels_last wants it.
        inputs = torch.from_numpy(np.stack([image for image, _ in made])).to(self.device)
        joints = torch.from_numpy(np.stack([places for _, places in made])).to(self.device)
        truth = torch.from_numpy(self._crops.handling[chosen].astype(np.float32))
        return inputs.permute(0, 3, 1, 2).float(), truth.to(self.device), joints

    def draw(self, rng: np.random.Generator) -> Int64Array:
        """Rows of the crops, int64 (batch,)."""
        parts = [
            rows[rng.choice(len(rows), round(share * self.plan.batch), p=chance)]
            for rows, chance, share in zip(self._kinds, self._chances, SHARES, strict=True)
            if len(rows)
        ]
        return rng.permutation(np.concatenate(parts))


def joints_loss(maps: Tensor, joints: Tensor, grid: Tensor) -> Tensor:
    """Cross-entropy of each joint's map against a Gaussian about its place, their mean.

    Args:
        maps: float (N, J, K), logits.
        joints: float (N, J, 2), x and y, 0..1; those outside count nothing.
        grid: float (K, 2), the map's places.
    """
    cells = torch.tensor([COLUMNS, ROWS], device=maps.device)
    off = ((grid[None, None] - joints[:, :, None]) * cells).square().sum(3)
    taught = torch.softmax(-off / (2 * JOINT_SPREAD**2), 2)
    loss = -(taught * torch.log_softmax(maps, 2)).sum(2)
    inside = ((joints > 0) & (joints < 1)).all(2)
    return (loss * inside).sum() / inside.sum().clamp_min(1)


def varied(
    crop: ImageArray, joints: Float32Array, rng: np.random.Generator
) -> tuple[ImageArray, Float32Array]:
    """A view as from another detection, perhaps mirrored, and marred.

    Args:
        crop: uint8 (185, 111, 3).
        joints: float32 (9, 2), shares of it.
        rng: all chance.

    Returns:
        uint8 (160, 96, 3), and the joints as shares of that.
    """
    alike, apart = _ZOOM_SD
    zoom = rng.uniform(*_ZOOM) * np.exp(rng.normal(0, alike) + rng.normal(0, apart, 2))
    turn, mirrored = rng.normal(0, _TURN_SD_RAD), rng.random() < 0.5
    cos, sin = np.cos(turn), np.sin(turn)
    matrix = zoom[:, None] * np.array([[cos, -sin], [sin, cos]])
    size = np.array([WIDTH_PX, HEIGHT_PX])
    kept = np.array([KEPT_WIDTH_PX, KEPT_HEIGHT_PX])
    if mirrored:
        matrix[0] *= -1
    middle = kept / 2 + rng.uniform(-1, 1, 2) * _SHIFT * size
    shift = size / 2 - matrix @ middle
    image = cv2.warpAffine(
        crop, np.column_stack([matrix, shift]), (WIDTH_PX, HEIGHT_PX), borderValue=(PAD, PAD, PAD)
    )
    places = ((joints * kept) @ matrix.T + shift) / size
    if mirrored:
        places = places[_MIRRORED]
    return marred(np.asarray(image, np.uint8), HARDNESS, rng), places.astype(np.float32)


def _even(person: Int64Array) -> Float64Array:
    """Chances of rows: crops of one shopper together count as the square root of their number."""
    if not len(person):
        return np.zeros(0)
    _, place, size = np.unique(person, return_inverse=True, return_counts=True)
    chance = 1 / np.sqrt(size[place])
    return np.asarray(chance / chance.sum(), np.float64)


def _no_batch(_: int) -> Batch:
    """The shared loop draws detection pictures; this recipe draws crops instead."""
    return Batch(torch.zeros(0), [], [])
