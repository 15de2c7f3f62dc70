"""From a trained network to the files that ship: ONNX in FP32, and quantised to INT8."""

import copy
import tempfile
import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

import onnx
import torch
from torch import nn

from edge_core.types import Float32Array

INPUT: Final = "x"
OUTPUTS: Final = ("p3", "p4", "p5")
_OPSET: Final = 17


def export_onnx(network: nn.Module, path: Path) -> None:
    """Write the network with its normalisations folded; batch, height and width stay free.

    Args:
        network: a `PersonDetector`; left as it is.
        path: the ONNX file.
    """
    still = copy.deepcopy(network).cpu().float().eval().to(memory_format=torch.contiguous_format)
    sample = torch.zeros(1, 3, 64, 96)
    axes = {INPUT: {0: "n", 2: "h", 3: "w"}}
    axes |= {
        name: {0: "n", 2: f"h{s}", 3: f"w{s}"} for name, s in zip(OUTPUTS, (8, 16, 32), strict=True)
    }
    with warnings.catch_warnings():
        # The newer exporter needs onnxscript and writes the same graph for this network.
        warnings.simplefilter("ignore", DeprecationWarning)
        torch.onnx.export(
            still,
            (sample,),
            str(path),
            dynamo=False,
            input_names=[INPUT],
            output_names=list(OUTPUTS),
            dynamic_axes=axes,
            opset_version=_OPSET,
        )


def quantise(fp32: Path, int8: Path, inputs: Iterable[Float32Array]) -> None:
    """Quantise statically: weights per channel, activations as unsigned bytes.

    The output convolutions stay FP32: their five channels differ in range by an order of
    magnitude, and one scale for all would cost box precision.

    Args:
        fp32: file written by `export_onnx`.
        int8: the file to write.
        inputs: float32 (N, 3, H, W) network inputs the ranges are taken from, all of one size.
    """
    from onnxruntime.quantization import CalibrationMethod, QuantFormat, QuantType, quantize_static
    from onnxruntime.quantization.shape_inference import quant_pre_process

    with tempfile.TemporaryDirectory() as folder:
        ready = Path(folder) / "ready.onnx"
        quant_pre_process(str(fp32), str(ready), skip_symbolic_shape=True)
        graph = onnx.load(ready).graph
        ends = [node.name for node in graph.node if set(node.output) & set(OUTPUTS)]
        quantize_static(
            str(ready),
            str(int8),
            _Inputs(inputs),
            quant_format=QuantFormat.QDQ,
            per_channel=True,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            calibrate_method=CalibrationMethod.MinMax,
            nodes_to_exclude=ends,
        )


class _Inputs:
    """Hands calibration inputs over one by one, as ONNX Runtime asks for them."""

    def __init__(self, inputs: Iterable[Float32Array]) -> None:
        self._left: Iterator[Float32Array] = iter(inputs)

    def get_next(self) -> dict[str, Any] | None:
        """The next input, or None at the end."""
        batch = next(self._left, None)
        return None if batch is None else {INPUT: batch}
