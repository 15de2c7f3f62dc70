"""What the classifiers of person crops share: running them, calibration, the start of a run."""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

import numpy as np
import torch
from torch import Tensor, nn

from edge_core.training.detector.network import PERSON_S, PersonDetector
from edge_core.training.warm_start import give_statistics, load_onnx_weights
from edge_core.types import Float32Array, ImageArray

TRUNK: Final = ("stem", "c3", "c4")
"""The detector's stages up to stride 16, which have seen all its people."""
CALIBRATION_CROPS: Final = 128
_AT_ONCE: Final = 64


def start_from_detector(network: nn.Module, path: Path, batches: Iterable[Tensor]) -> None:
    """Copy a detector's trunk, and give the network the statistics of crops.

    Args:
        network: has the stages of `TRUNK`; started in place.
        path: FP32 ONNX file of the detector person-s.
        batches: inputs as in training, float (N, 3, H, W).

    Raises:
        ModelError: the file holds another network.
    """
    detector = PersonDetector(PERSON_S)
    load_onnx_weights(detector, path)
    for name in TRUNK:
        getattr(network, name).load_state_dict(getattr(detector, name).state_dict())
    give_statistics(network, batches)


def probabilities(network: nn.Module, bgr: ImageArray) -> Float32Array:
    """What a network says of crops, a few at a time.

    Args:
        network: from float (N, 3, H, W), BGR 0..255, to (N, A).
        bgr: uint8 (N, H, W, 3).

    Returns:
        float32 (N, A).
    """
    device = next(network.parameters()).device
    parts = []
    with torch.no_grad():
        for begin in range(0, len(bgr), _AT_ONCE):
            some = torch.from_numpy(bgr[begin : begin + _AT_ONCE].copy()).to(device)
            parts.append(network.eval()(some.permute(0, 3, 1, 2).float()).cpu().numpy())
    return np.concatenate(parts)


def calibration_inputs(bgr: ImageArray) -> list[Float32Array]:
    """Some crops as network inputs float32 (1, 3, H, W), for quantisation to take its ranges from.

    Args:
        bgr: uint8 (N, H, W, 3), of the network's size.
    """
    some = bgr[:: max(1, len(bgr) // CALIBRATION_CROPS)]
    return [np.ascontiguousarray(one.transpose(2, 0, 1)[None], np.float32) for one in some]
