"""YOLOv3 and YOLOv3-tiny for one class, built layer by layer to measure what they cost.

Redmon and Farhadi 2018, "YOLOv3: An Incremental Improvement"; layers as in darknet's `yolov3.cfg`
and `yolov3-tiny.cfg` with one class instead of eighty. Weights are random: what a convolution
multiplies does not change how long it takes. Batch normalisations are nodes of their own, as
published; a runtime folds them into the convolutions when it loads the file.

Needs `onnx` (extra `[bench]`).
"""

from collections.abc import Callable
from typing import Any, Final

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from edge_core.types import Float32Array

INPUT: Final = "x"
HEAD_CHANNELS: Final = 3 * (4 + 1 + 1)
"""Three anchors, each with a box, an objectness and one class."""
_OPSET: Final = 17
_SLOPE: Final = 0.1
_NOISE: Final = 1_000_003
"""A prime, so that no two channels are alike."""
_DARKNET53: Final = ((64, 1), (128, 2), (256, 8), (512, 8), (1024, 4))
"""Channels and residual units of each stage; a stage halves the map first."""


class Graph:
    """An ONNX graph in the making. Tensors go by name; channels are remembered.

    Attributes:
        parameters: numbers in darknet's weight file so far: kernels, biases, and four numbers a
            channel for each batch normalisation.
        multiplications: of all convolutions so far, for the input the graph was begun with.
    """

    def __init__(self, size_px: int) -> None:
        self.parameters = 0
        self.multiplications = 0
        self._size_px = size_px
        # The same numbers over and over: sixty million different ones take seconds to draw.
        self._noise = np.random.default_rng(0).standard_normal(_NOISE, np.float32)
        self._nodes: list[Any] = []
        self._stored: list[Any] = []
        self._channels = {INPUT: 3}
        self._stride = {INPUT: 1}

    def convolution(
        self, x: str, channels: int, kernel: int, stride: int = 1, *, plain: bool = False
    ) -> str:
        """Convolution, batch normalisation and leaky unit; `plain` has a bias instead of both."""
        inputs = self._channels[x]
        # He et al. 2015: values neither vanish nor overflow, as either would change the speed.
        spread = (2 / (inputs * kernel * kernel)) ** 0.5
        weight = np.resize(self._noise * np.float32(spread), (channels, inputs, kernel, kernel))
        names = [x, self._store(weight)]
        if plain:
            names.append(self._store(np.zeros(channels, np.float32)))
        y = self._add(
            "Conv",
            names,
            channels,
            self._stride[x] * stride,
            kernel_shape=[kernel, kernel],
            strides=[stride, stride],
            pads=[kernel // 2] * 4,
        )
        cells = (self._size_px // self._stride[y]) ** 2
        self.multiplications += weight.size * cells
        if plain:
            return y
        one, zero = np.ones(channels, np.float32), np.zeros(channels, np.float32)
        normalised = [y, *(self._store(values) for values in (one, zero, zero, one))]
        y = self._add("BatchNormalization", normalised, channels, self._stride[y])
        return self._add("LeakyRelu", [y], channels, self._stride[y], alpha=_SLOPE)

    def add(self, x: str, y: str) -> str:
        """The sum of two maps."""
        return self._add("Add", [x, y], self._channels[x], self._stride[x])

    def join(self, x: str, y: str) -> str:
        """Channels of two maps side by side."""
        channels = self._channels[x] + self._channels[y]
        return self._add("Concat", [x, y], channels, self._stride[x], axis=1)

    def pool(self, x: str, stride: int = 2) -> str:
        """Maximum over 2x2; with stride 1 the map keeps its size, padded at the end."""
        pads = [0, 0, 1, 1] if stride == 1 else [0, 0, 0, 0]
        return self._add(
            "MaxPool",
            [x],
            self._channels[x],
            self._stride[x] * stride,
            kernel_shape=[2, 2],
            strides=[stride, stride],
            pads=pads,
        )

    def doubled(self, x: str) -> str:
        """Each cell four times."""
        scales = numpy_helper.from_array(np.array([1, 1, 2, 2], np.float32), f"s{len(self._nodes)}")
        self._stored.append(scales)
        names = [x, "", scales.name]
        return self._add("Resize", names, self._channels[x], self._stride[x] // 2, mode="nearest")

    def model(self, outputs: list[str]) -> onnx.ModelProto:
        """The finished model; input float32 (N, 3, H, W), H and W free."""
        kind, names = TensorProto.FLOAT, ["n", "c", "h", "w"]
        graph = helper.make_graph(
            self._nodes,
            "baseline",
            [helper.make_tensor_value_info(INPUT, kind, ["n", 3, "h", "w"])],
            [
                helper.make_tensor_value_info(name, kind, [f"{axis}_{name}" for axis in names])
                for name in outputs
            ],
            self._stored,
        )
        return helper.make_model(
            graph, opset_imports=[helper.make_opsetid("", _OPSET)], ir_version=8
        )

    def _store(self, values: Float32Array) -> str:
        name = f"w{len(self._stored)}"
        self._stored.append(numpy_helper.from_array(values, name))
        self.parameters += values.size
        return name

    def _add(
        self, kind: str, inputs: list[str], channels: int, stride: int, **settings: Any
    ) -> str:
        y = f"y{len(self._nodes)}"
        self._nodes.append(helper.make_node(kind, inputs, [y], **settings))
        self._channels[y], self._stride[y] = channels, stride
        return y


def yolov3(graph: Graph) -> list[str]:
    """Darknet-53 and three heads; names of the outputs at strides 32, 16 and 8."""
    x = graph.convolution(INPUT, 32, 3)
    stages = []
    for channels, units in _DARKNET53:
        x = graph.convolution(x, channels, 3, 2)
        for _ in range(units):
            squeezed = graph.convolution(x, channels // 2, 1)
            x = graph.add(x, graph.convolution(squeezed, channels, 3))
        stages.append(x)
    outputs = []
    for width, beside in ((512, stages[3]), (256, stages[2]), (128, None)):
        for channels, kernel in ((width, 1), (2 * width, 3)) * 2:
            x = graph.convolution(x, channels, kernel)
        x = graph.convolution(x, width, 1)
        seen = graph.convolution(x, 2 * width, 3)
        outputs.append(graph.convolution(seen, HEAD_CHANNELS, 1, plain=True))
        if beside is not None:
            x = graph.join(graph.doubled(graph.convolution(x, width // 2, 1)), beside)
    return outputs


def yolov3_tiny(graph: Graph) -> list[str]:
    """Seven convolutions with pools between, and two heads, at strides 32 and 16."""
    x = INPUT
    for channels in (16, 32, 64, 128):
        x = graph.pool(graph.convolution(x, channels, 3))
    beside = graph.convolution(x, 256, 3)
    x = graph.pool(graph.convolution(graph.pool(beside), 512, 3), 1)
    x = graph.convolution(graph.convolution(x, 1024, 3), 256, 1)
    coarse = graph.convolution(graph.convolution(x, 512, 3), HEAD_CHANNELS, 1, plain=True)
    x = graph.join(graph.doubled(graph.convolution(x, 128, 1)), beside)
    fine = graph.convolution(graph.convolution(x, 256, 3), HEAD_CHANNELS, 1, plain=True)
    return [coarse, fine]


BASELINES: Final[dict[str, Callable[[Graph], list[str]]]] = {
    "YOLOv3": yolov3,
    "YOLOv3-tiny": yolov3_tiny,
}
