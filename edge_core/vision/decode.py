"""From the detector's three output maps to boxes."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from edge_core.types import Float32Array

STRIDES_PX: Final = (8, 16, 32)
_LOG_SIZE_RANGE: Final = (-4.0, 5.0)


def decode(maps: Sequence[Float32Array], score: float) -> tuple[Float32Array, Float32Array]:
    """Boxes of all cells whose score reaches a threshold.

    A cell at column i, row j of the map with stride s has its centre at ((i+.5)s, (j+.5)s). Its
    five channels are `dx, dy, log w, log h, logit`: the box centre is the cell centre plus
    (dx, dy)s, its size exp(log w, log h)s, its score the logistic function of the logit (ours).

    Args:
        maps: one float32 (5, h, w) per stride 8, 16, 32.
        score: threshold, in 0..1 without the ends.

    Returns:
        xyxy_px float32 (N, 4) in pixels of the network's input, and score float32 (N,); no order.
    """
    least_logit = float(np.log(score / (1 - score)))
    boxes, scores = [], []
    for stride_px, cells in zip(STRIDES_PX, maps, strict=True):
        row, column = np.nonzero(cells[4] >= least_logit)
        dx, dy, log_w, log_h, logit = cells[:, row, column]
        centre = np.stack([column + 0.5 + dx, row + 0.5 + dy], axis=1)
        half = np.exp(np.clip(np.stack([log_w, log_h], axis=1), *_LOG_SIZE_RANGE)) / 2
        boxes.append(np.concatenate([centre - half, centre + half], axis=1) * stride_px)
        scores.append(1 / (1 + np.exp(-logit)))
    return (
        np.concatenate(boxes).astype(np.float32, copy=False),
        np.concatenate(scores).astype(np.float32, copy=False),
    )
