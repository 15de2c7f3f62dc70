"""The action classifier's training steps; the loop around them is shared."""

from typing import Final

import cv2
import numpy as np
import torch
from torch import Tensor, nn

from edge_core.training.action.data import KEPT_HEIGHT_PX, KEPT_WIDTH_PX, ActionCrops
from edge_core.training.action.network import ActionNetwork
from edge_core.training.detector.batches import Batch
from edge_core.training.loop import Plan, Trainer
from edge_core.training.precision import short_floats
from edge_core.training.reid.augment import CropHardness, varied
from edge_core.types import Float64Array, ImageArray, Int64Array
from edge_core.vision.action import HEIGHT_PX, WIDTH_PX

POSITIVE_SHARE: Final = 0.35
"""Of a batch; calibration puts the shop's own share back."""
HARD_SHARE: Final = 0.35
HARD: Final = ("pay", "phone", "cross", "hair", "hold")
"""What looks most like handling and is not."""
SMOOTHED: Final = 0.03
FOCUS: Final = 1.5
"""Exponent of the focal loss (Lin et al. 2017)."""
_SIZES: Final = (0.9, 1.12)
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
        self._hardness = CropHardness(erased=0.15, tinted=0.4, coarse=0.3, spoilt=0.3)
        hard = np.isin(np.array(crops.deed), HARD) & ~crops.handling
        self._kinds = [
            np.flatnonzero(crops.handling),
            np.flatnonzero(hard),
            np.flatnonzero(~crops.handling & ~hard),
        ]
        self._chances = [_even(crops.person[rows]) for rows in self._kinds]

    def _one_step(self) -> Tensor:
        # A generator a step: a run taken up again sees the crops it would have seen.
        rng = np.random.default_rng((self.plan.seed, self.step))
        inputs, truth = self.batch(rng)
        for group in self._optimiser.param_groups:
            group["lr"] = self.rate()
        with short_floats(self.device):
            logits = self.network.logits(inputs)
        loss = focal_loss(logits[:, 0].float(), truth)
        self._optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(self.network.parameters(), _GRADIENT_NORM)
        self._optimiser.step()
        self._follow()
        return loss.detach()

    def batch(self, rng: np.random.Generator) -> tuple[Tensor, Tensor]:
        """Inputs float (N, 3, 160, 96) and labels float (N,), 0 or 1."""
        chosen = self.draw(rng)
        size = (WIDTH_PX, HEIGHT_PX)
        made = np.stack(
            [varied(shifted(self._crops.bgr[i], rng), size, self._hardness, rng) for i in chosen]
        )
        # (N, H, W, 3) seen as (N, 3, H, W) already lies as channels_last wants it.
        inputs = torch.from_numpy(made).to(self.device).permute(0, 3, 1, 2).float()
        truth = torch.from_numpy(self._crops.handling[chosen].astype(np.float32))
        return inputs, truth.to(self.device)

    def draw(self, rng: np.random.Generator) -> Int64Array:
        """Rows of the crops, int64 (batch,)."""
        count = self.plan.batch
        positive = round(POSITIVE_SHARE * count)
        hard = round(HARD_SHARE * (count - positive)) if len(self._kinds[1]) else 0
        sizes = (positive, hard, count - positive - hard)
        parts = [
            rows[rng.choice(len(rows), size, p=chance)]
            for rows, chance, size in zip(self._kinds, self._chances, sizes, strict=True)
            if size
        ]
        return rng.permutation(np.concatenate(parts))


def focal_loss(logits: Tensor, truth: Tensor) -> Tensor:
    """Mean focal loss of float (N,) logits; labels are taught a little less than certain."""
    taught = truth * (1 - 2 * SMOOTHED) + SMOOTHED
    plain = nn.functional.binary_cross_entropy_with_logits(logits, taught, reduction="none")
    wrong = torch.abs(truth - torch.sigmoid(logits)).detach()
    return (plain * wrong**FOCUS).sum() / (wrong**FOCUS).sum().clamp_min(1e-6)


def shifted(crop: ImageArray, rng: np.random.Generator) -> ImageArray:
    """A view as from another detection: uint8 (185, 111, 3) to (160, 96, 3)."""
    wide, high = rng.uniform(*_SIZES, 2) * (WIDTH_PX, HEIGHT_PX)
    left = rng.uniform(0, KEPT_WIDTH_PX - wide)
    top = rng.uniform(0, KEPT_HEIGHT_PX - high)
    cut = crop[round(top) : round(top + high), round(left) : round(left + wide)]
    return np.asarray(cv2.resize(cut, (WIDTH_PX, HEIGHT_PX)), np.uint8)


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
