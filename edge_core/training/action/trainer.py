"""The action classifier's training steps; the loop around them is shared."""

from typing import Final

import numpy as np
import torch
from torch import Tensor, nn

from edge_core.training.action.augment import hardened
from edge_core.training.action.data import ActionCrops
from edge_core.training.action.network import ActionNetwork
from edge_core.training.detector.batches import Batch
from edge_core.training.loop import Plan, Trainer
from edge_core.types import Float64Array, Int64Array

POSITIVE_SHARE: Final = 0.4
"""Of a batch; calibration puts the shop's own share back."""
HARD_SHARE: Final = 0.35
HARD: Final = ("pay", "phone", "cross", "hair", "hold")
"""What looks most like handling and is not."""
SMOOTHED: Final = 0.03
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
        hard = np.isin(np.array(crops.deed), HARD) & ~crops.handling
        self._kinds = [
            np.flatnonzero(crops.handling),
            np.flatnonzero(hard),
            np.flatnonzero(~crops.handling & ~hard),
        ]
        self._chances = [_even(crops.person[rows]) for rows in self._kinds]
        self._bgr = torch.from_numpy(crops.bgr).to(self.device)
        self._truth = torch.from_numpy(crops.handling.astype(np.float32)).to(self.device)

    def _one_step(self) -> float:
        # A generator a step: a run taken up again sees the crops it would have seen.
        inputs, truth = self.batch(np.random.default_rng((self.plan.seed, self.step)))
        for group in self._optimiser.param_groups:
            group["lr"] = self.rate()
        with torch.autocast(self.device.type, torch.bfloat16):
            logits = self.network.logits(inputs)
        loss = loss_of(logits[:, 0].float(), truth)
        self._optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(self.network.parameters(), _GRADIENT_NORM)
        self._optimiser.step()
        self._follow()
        return float(loss.detach())

    def batch(self, rng: np.random.Generator) -> tuple[Tensor, Tensor]:
        """Inputs float (N, 3, 160, 96) and labels float (N,), 0 or 1."""
        chosen = torch.from_numpy(self.draw(rng)).to(self.device)
        chance = torch.Generator(self.device)
        chance.manual_seed(int(rng.integers(1 << 31)))
        inputs = hardened(self._bgr[chosen], chance)
        return inputs.contiguous(memory_format=torch.channels_last), self._truth[chosen]

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


def loss_of(logits: Tensor, truth: Tensor) -> Tensor:
    """Mean cross entropy of float (N,) logits; labels are taught a little less than certain.

    A focal loss was tried: it dwelt on people seen from behind, who show nothing, and was worse.
    """
    taught = truth * (1 - 2 * SMOOTHED) + SMOOTHED
    return nn.functional.binary_cross_entropy_with_logits(logits, taught)


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
