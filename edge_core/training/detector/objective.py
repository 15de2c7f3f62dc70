"""What a detector is trained for; `distil` has another one that listens to a teacher too."""

from torch import Tensor, nn

from edge_core.training.detector.batches import Batch
from edge_core.training.detector.losses import detection_loss
from edge_core.training.precision import short_floats


class Labels(nn.Module):
    """The labels alone.

    Objectives are modules because some have layers of their own, which learn beside the network,
    are kept in its checkpoints and never ship.
    """

    def forward(self, network: nn.Module, batch: Batch, step: int, steps: int) -> Tensor:
        """The scalar to make small.

        Args:
            network: a `PersonDetector`.
            batch: inputs of one step.
            step: of the run, from 0.
            steps: of the run in all.
        """
        with short_floats(batch.inputs.device):
            maps = network(batch.inputs)
        score_loss, box_loss = detection_loss(maps, batch.people, batch.ignored)
        return score_loss + box_loss
