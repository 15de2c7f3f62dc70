"""The training loop: AdamW on a cosine, averaged weights, checkpoints one can go on from."""

import copy
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import cv2
import torch
from torch import Tensor, nn

from edge_core.errors import ModelError
from edge_core.training.curve import draw_curve
from edge_core.training.detector.batches import Batches
from edge_core.training.detector.objective import Labels

CHECKPOINT: Final = "checkpoint.pt"
_GRADIENT_NORM: Final = 10.0


@dataclass(frozen=True, slots=True)
class Plan:
    """How long and how fast; counted in steps, so that any machine trains the same.

    Attributes:
        steps: batches in all.
        steps_a_pass: batches after which a checkpoint is written.
        batch: inputs a step.
        rate: highest learning rate.
        warm_up: share of the steps the rate rises in.
        decay: weight decay of AdamW.
        average: decay a step of the averaged weights, which are what ships.
        sizes_px: input sides, one drawn a step.
        calm: share of the steps, at the end, without mosaics.
        seed: of everything.
    """

    steps: int
    steps_a_pass: int
    batch: int = 16
    rate: float = 2e-3
    warm_up: float = 0.03
    decay: float = 0.05
    average: float = 0.9985
    sizes_px: tuple[int, ...] = (288, 320, 352, 384)
    calm: float = 0.1
    seed: int = 0


@dataclass(slots=True)
class Row:
    """One pass of the learning curve.

    Attributes:
        step: steps done.
        loss: mean over the pass.
        scores: of the averaged weights, by name of the set.
    """

    step: int
    loss: float
    scores: dict[str, float]


class Trainer:
    """A network in training.

    Args:
        network: to train, in place.
        batches: inputs step by step.
        plan: length and rates.
        objective: what is made small, `Labels` or a module called alike; its own layers learn
            beside the network. The labels alone when None.
    """

    def __init__(
        self, network: nn.Module, batches: Batches, plan: Plan, objective: nn.Module | None = None
    ) -> None:
        self.device = learner()
        self.network = network.to(self.device, memory_format=torch.channels_last)
        self.averaged = copy.deepcopy(self.network).eval().requires_grad_(False)
        self.plan = plan
        self.step = 0
        self.rows: list[Row] = []
        self._batches = batches
        self._objective = (Labels() if objective is None else objective).to(self.device)
        learning = nn.ModuleList([self.network, self._objective])
        # Inputs keep their size, so the fastest kernels are worth finding; a CPU has no choice.
        fused = torch.backends.cudnn.benchmark = self.device.type == "cuda"
        groups = _groups(learning, plan.decay)
        self._optimiser = torch.optim.AdamW(groups, lr=plan.rate, fused=fused)
        self._followed = _averageable(self.averaged), _averageable(self.network)

    def run(
        self, passed: Callable[["Trainer", float], None], progress: Callable[[float], None]
    ) -> None:
        """Train to the plan's end.

        Args:
            passed: called after every pass with the trainer and the pass's mean loss.
            progress: told the share done, 0..1.
        """
        losses: list[Tensor] = []
        self.network.train()
        while self.step < self.plan.steps:
            losses.append(self._one_step())
            self.step += 1
            progress(self.step / self.plan.steps)
            if self.step % self.plan.steps_a_pass == 0 or self.step == self.plan.steps:
                passed(self, float(torch.stack(losses).mean()))
                losses.clear()
                self.network.train()

    def _one_step(self) -> Tensor:
        """The step's loss, left on the device: reading it would make every step wait."""
        batch = self._batches(self.step).to(self.device)
        for group in self._optimiser.param_groups:
            group["lr"] = self.rate()
        loss = self._objective(self.network, batch, self.step, self.plan.steps)
        self._optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(self.network.parameters(), _GRADIENT_NORM)
        self._optimiser.step()
        self._follow()
        return loss.detach()

    def rate(self) -> float:
        """The learning rate of the coming step: linear rise, then half a cosine to a hundredth."""
        rise = max(1.0, self.plan.warm_up * self.plan.steps)
        if self.step < rise:
            return self.plan.rate * (self.step + 1) / (rise + 1)
        share = (self.step - rise) / max(1.0, self.plan.steps - rise)
        return self.plan.rate * (0.01 + 0.99 * (1 + math.cos(math.pi * share)) / 2)

    def _follow(self) -> None:
        """Move the averaged weights; faster at first, when the old ones are worth little."""
        keep = min(self.plan.average, (1 + self.step) / (10 + self.step))
        with torch.no_grad():
            torch._foreach_lerp_(*self._followed, 1 - keep)

    def save(self, path: Path) -> None:
        """Write a checkpoint; a crash while writing leaves the one before."""
        state = {
            "step": self.step,
            "network": self.network.state_dict(),
            "averaged": self.averaged.state_dict(),
            "optimiser": self._optimiser.state_dict(),
            "objective": self._objective.state_dict(),
            "rows": [(row.step, row.loss, row.scores) for row in self.rows],
        }
        half = path.with_suffix(".part")
        torch.save(state, half)
        half.replace(path)

    def resume(self, path: Path) -> None:
        """Go on from a checkpoint of the same plan.

        Raises:
            ModelError: there is none.
        """
        if not path.exists():
            raise ModelError(
                f"There is no checkpoint {path}.", "Run without --resume to start anew."
            )
        state: dict[str, Any] = torch.load(path, map_location=self.device, weights_only=True)
        self.network.load_state_dict(state["network"])
        self.averaged.load_state_dict(state["averaged"])
        self._optimiser.load_state_dict(state["optimiser"])
        # Checkpoints from before there were objectives with layers of their own have none.
        self._objective.load_state_dict(state.get("objective", {}))
        self.step = state["step"]
        self.rows = [Row(*row) for row in state["rows"]]


def begin_run(out: Path, threads: int) -> None:
    """Make the folder a run writes to, and keep PyTorch and OpenCV to so many CPU threads."""
    torch.set_num_threads(threads)
    cv2.setNumThreads(threads)
    out.mkdir(parents=True, exist_ok=True)


def record_pass(
    trainer: Trainer,
    out: Path,
    loss: float,
    scores: dict[str, float],
    lines: Mapping[str, Callable[[Row], float]],
    title: str,
) -> None:
    """Keep a pass: its row, the checkpoint and the learning curve.

    Args:
        trainer: at the pass's end.
        out: folder to write to.
        loss: mean over the pass.
        scores: of the averaged weights.
        lines: what the curve shows, name -> value of a row, all on one axis from 0 to 1.
        title: above the curve.
    """
    trainer.rows.append(Row(trainer.step, loss, scores))
    trainer.save(out / CHECKPOINT)
    steps = trainer.plan.steps_a_pass
    drawn = {
        name: [(row.step / steps, value(row)) for row in trainer.rows]
        for name, value in lines.items()
    }
    draw_curve(out / "curve.png", drawn, f"{title}, seed {trainer.plan.seed}")


def loss_line(row: Row) -> float:
    """A pass's loss at a tenth, so that it fits the axis of the scores."""
    return row.loss / 10


def learner() -> torch.device:
    """What learns here: a GPU where there is one."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def _groups(network: nn.Module, decay: float) -> list[dict[str, Any]]:
    """Kernels decay, biases and normalisations do not."""
    some = [p for p in network.parameters() if p.ndim > 1]
    rest = [p for p in network.parameters() if p.ndim <= 1]
    return [{"params": some, "weight_decay": decay}, {"params": rest, "weight_decay": 0.0}]


def _averageable(network: nn.Module) -> list[Tensor]:
    """All weights and statistics, not the counters; the network's own memory, not copies."""
    return [value for value in network.state_dict().values() if value.is_floating_point()]
