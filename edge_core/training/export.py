"""From a trained network to the files that ship: ONNX in FP32, and quantised to INT8."""

import copy
import tempfile
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import onnx
import torch
from google.protobuf.message import DecodeError
from onnx import numpy_helper
from onnxruntime.quantization import CalibrationMethod, QuantFormat, QuantType, quantize_static
from onnxruntime.quantization.shape_inference import quant_pre_process
from torch import Tensor, nn

from edge_core.errors import ModelError
from edge_core.training.detector.byte_stem import FOLDED, LAYOUT_NODES, fold_stem, take_bytes
from edge_core.types import Float32Array

INPUT: Final = "x"
OUTPUTS: Final = ("p3", "p4", "p5")
_IN_TRUNK: Final = ("Conv", "Relu", "Add", "AveragePool")
_OPSET: Final = 17
_SHARES_OFF: Final = 1e-6


def export_onnx(network: nn.Module, path: Path) -> None:
    """Write the network with its normalisations folded; batch, height and width stay free.

    Args:
        network: a `PersonDetector`; left as it is.
        path: the ONNX file.
    """
    axes = {INPUT: {0: "n", 2: "h", 3: "w"}}
    axes |= {
        name: {0: "n", 2: f"h{s}", 3: f"w{s}"} for name, s in zip(OUTPUTS, (8, 16, 32), strict=True)
    }
    _write(network, path, torch.zeros(1, 3, 64, 96), axes)


def blend_onnx(parts: Mapping[Path, float], path: Path) -> None:
    """Write the weighted mean of networks that began as one: what each learnt is mostly kept.

    Of weights tuned from the same start the mean is as good on the old data as the start and
    nearly as good on the new as the tuned ones (Wortsman et al. 2022, "Robust fine-tuning of
    zero-shot models").

    Args:
        parts: FP32 ONNX files of the same network, and their shares, which sum to 1.
        path: the ONNX file to write.

    Raises:
        ModelError: the shares do not sum to 1, a file is no ONNX, or the networks differ.
    """
    if not parts or abs(sum(parts.values()) - 1) > _SHARES_OFF:
        raise ModelError(
            f"The shares {', '.join(map(str, parts.values()))} do not sum to 1.",
            "Give each file its share, e.g. a.onnx=0.5 b.onnx=0.5.",
        )
    models = [_loaded(part) for part in parts]
    tensors = [{it.name: numpy_helper.to_array(it) for it in m.graph.initializer} for m in models]
    shapes = [{name: array.shape for name, array in part.items()} for part in tensors]
    if any(other != shapes[0] for other in shapes):
        raise ModelError(
            "The files are of different networks.", "Blend weights that began as the same file."
        )
    for tensor in models[0].graph.initializer:
        if tensor.data_type == onnx.TensorProto.FLOAT:
            mean = sum(
                share * part[tensor.name]
                for share, part in zip(parts.values(), tensors, strict=True)
            )
            tensor.CopyFrom(numpy_helper.from_array(np.asarray(mean, np.float32), tensor.name))
    onnx.save(models[0], path)


def _loaded(path: Path) -> onnx.ModelProto:
    try:
        return onnx.load(path)
    except (OSError, DecodeError) as error:
        raise ModelError(f"{path} cannot be read as ONNX.", "Check its path.") from error


def export_crop_network(
    network: nn.Module, path: Path, size_px: tuple[int, int], outputs: Sequence[str]
) -> None:
    """Write a network that looks at crops of one size; only the batch stays free.

    Args:
        network: takes float (N, 3, H, W); left as it is.
        path: the ONNX file.
        size_px: width and height of the crops.
        outputs: names of what it returns, in order.
    """
    width, height = size_px
    axes = {name: {0: "n"} for name in (INPUT, *outputs)}
    _write(network, path, torch.zeros(2, 3, height, width), axes)


def _write(
    network: nn.Module, path: Path, sample: Tensor, axes: Mapping[str, Mapping[int, str]]
) -> None:
    """Fold the normalisations and write; `axes` names the input, then the outputs."""
    still = copy.deepcopy(network).cpu().float().eval().to(memory_format=torch.contiguous_format)
    with warnings.catch_warnings():
        # The newer exporter needs onnxscript and writes the same graphs for these networks. This
        # one also says that paddings are folded by the runtime, and that a normalisation over the
        # picture looks at its input's size, which it does only to refuse none.
        warnings.simplefilter("ignore", DeprecationWarning)
        warnings.simplefilter("ignore", UserWarning)
        warnings.simplefilter("ignore", torch.jit.TracerWarning)
        torch.onnx.export(
            still,
            (sample,),
            str(path),
            dynamo=False,
            input_names=[INPUT],
            output_names=[name for name in axes if name != INPUT],
            dynamic_axes={name: dict(free) for name, free in axes.items()},
            opset_version=_OPSET,
        )


def quantise_detector(fp32: Path, int8: Path, inputs: Iterable[Float32Array]) -> None:
    """Quantise a detector; the file takes bytes, the letterboxed picture as it is.

    The network before its output convolutions runs in integers from the first pixel on; see
    `byte_stem` for its first two layers. Costs a fifth less than `quantise` alone, and the caller
    need not turn the picture into floats.

    Args:
        fp32: file written by `export_onnx`.
        int8: the file to write; input uint8 (N, H, W, 3), BGR; outputs as before.
        inputs: as of `quantise`.
    """
    with tempfile.TemporaryDirectory() as folder:
        folded, quantised = Path(folder) / "folded.onnx", Path(folder) / "quantised.onnx"
        fold_stem(fp32, folded)
        pictures = (np.ascontiguousarray(x.transpose(0, 2, 3, 1)) for x in inputs)
        whole_range = {"rmin": np.float32(0), "rmax": np.float32(1)}
        quantise(folded, quantised, pictures, keep=LAYOUT_NODES, ranges={FOLDED: [whole_range]})
        take_bytes(quantised, int8)


def quantise(
    fp32: Path,
    int8: Path,
    inputs: Iterable[Float32Array],
    *,
    keep: Sequence[str] = (),
    ranges: Mapping[str, Any] | None = None,
    averaged: bool = False,
) -> None:
    """Quantise statically: weights per channel, activations as unsigned bytes.

    The output convolutions stay FP32: their five channels differ in range by an order of
    magnitude, and one scale for all would cost box precision.

    Args:
        fp32: file written by `export_onnx`.
        int8: the file to write.
        inputs: float32 (N, 3, H, W) network inputs the ranges are taken from, all of one size.
        keep: names of more nodes to leave as they are.
        ranges: of some tensors, told instead of measured; ONNX Runtime's tensor overrides.
        averaged: take the moving average of the inputs' ranges rather than the widest, so that one
            odd input does not make the steps coarse for all.
    """
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
            nodes_to_exclude=[*ends, *keep],
            extra_options={
                "TensorQuantOverrides": dict(ranges or {}),
                "CalibMovingAverage": averaged,
            },
        )


def outside_trunk(fp32: Path) -> list[str]:
    """Names of the nodes that pool, read and normalise, for `quantise` to keep in FP32.

    They cost next to nothing, and means and maxima side by side would share one scale.

    Args:
        fp32: file of a network that sees crops.
    """
    return [node.name for node in onnx.load(fp32).graph.node if node.op_type not in _IN_TRUNK]


class _Inputs:
    """Hands calibration inputs over one by one, as ONNX Runtime asks for them."""

    def __init__(self, inputs: Iterable[Float32Array]) -> None:
        self._left: Iterator[Float32Array] = iter(inputs)

    def get_next(self) -> dict[str, Any] | None:
        """The next input, or None at the end."""
        batch = next(self._left, None)
        return None if batch is None else {INPUT: batch}
