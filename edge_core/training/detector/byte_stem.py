"""The detector's first two layers, laid out anew so that a CPU runs them fastest in eight bits.

A convolution of three channels is the worst case of ONNX Runtime's integer kernels, which take
channels by fours and give them by sixteens: it cost a quarter of the whole network. Four pixels
of a row side by side are twelve channels, and in memory they already lie so. On them one
convolution computes a block of two by two cells of the first layer at once, with zeros where a
cell sees nothing of a neighbour; the second layer, which halves that map, then reads whole blocks
(space to depth). Only zeros are added: the function stays the same (ours).
"""

from pathlib import Path
from typing import Any, Final

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from edge_core.types import Float32Array

FOLDED: Final = "x_folded"
"""What the first convolution reads: (N, 12, H, W/4)."""
LAYOUT_NODES: Final = ("fold_columns", "channels_first")
"""Nodes that only say how memory is read; not to be quantised."""
_SHAPE: Final = "fold_shape"
_PIXELS: Final = 4
_CHANNELS: Final = 3


def fold_stem(fp32: Path, folded: Path) -> None:
    """Write the same network for pictures as they lie in memory.

    Args:
        fp32: a detector whose first two layers are convolutions of 3x3, stride 2; input float32
            (N, 3, H, W).
        folded: the file to write; input float32 (N, H, W, 3).
    """
    model = onnx.load(fp32)
    graph = model.graph
    first, second = [node for node in graph.node if node.op_type == "Conv"][:2]
    picture = first.input[0]
    weight, bias, next_weight = (
        _stored(graph, name) for name in (*first.input[1:], second.input[1])
    )
    # Under new names: what is equal is stored once, and other layers may use it.
    first.input[:] = [
        FOLDED,
        _store(graph, "folded_weight", folded_weight(weight)),
        _store(graph, "folded_bias", np.tile(bias, 4)),
    ]
    second.input[1] = _store(graph, "block_weight", block_weight(next_weight))
    _lay(first, (5, 2), (4, 1))
    _lay(second, (2, 2), (1, 1))
    _store(graph, _SHAPE, np.array([0, 0, -1, _PIXELS * _CHANNELS], np.int64))
    columns, channels = LAYOUT_NODES
    layout = [
        helper.make_node("Reshape", [picture, _SHAPE], [columns], name=columns),
        helper.make_node("Transpose", [columns], [FOLDED], name=channels, perm=[0, 3, 1, 2]),
    ]
    _replace(graph, [*layout, *graph.node], picture, TensorProto.FLOAT)
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, folded)


def take_bytes(quantised: Path, int8: Path) -> None:
    """Write a quantised, folded network without its first step, the rounding of pixels to bytes.

    Args:
        quantised: from `fold_stem` and quantisation with pixels of 0..1 as bytes of 0..255.
        int8: the file to write; input uint8 (N, H, W, 3).
    """
    model = onnx.load(quantised)
    graph = model.graph
    rounding = next(n for n in graph.node if n.input[0] == FOLDED)
    for node in graph.node:
        node.input[:] = [FOLDED if name == rounding.output[0] else name for name in node.input]
    rest = [node for node in graph.node if node.name != rounding.name]
    _replace(graph, rest, graph.input[0].name, TensorProto.UINT8)
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, int8)


def folded_weight(weight: Float32Array) -> Float32Array:
    """The first layer's kernels for rows of four pixels a cell.

    Output channel (sy, sx, c) is channel c of the cell at row 2i + sy, column 2j + sx; input
    channel (p, b) is colour b of pixel 4j + p. Rows begin one above the block, columns one block
    to the left.

    Args:
        weight: float32 (C, 3, 3, 3).

    Returns:
        float32 (4C, 12, 5, 2), for stride (4, 1) and one row and one column of padding before.
    """
    outputs = len(weight)
    new = np.zeros((2, 2, outputs, _PIXELS, _CHANNELS, 5, 2), np.float32)
    for sy, sx, row, column in np.ndindex(2, 2, 3, 3):
        block, pixel = divmod(_PIXELS + 2 * sx + column - 1, _PIXELS)
        new[sy, sx, :, pixel, :, 2 * sy + row, block] = weight[:, :, row, column]
    return new.reshape(4 * outputs, _PIXELS * _CHANNELS, 5, 2)


def block_weight(weight: Float32Array) -> Float32Array:
    """The second layer's kernels for blocks of two by two cells, channels (sy, sx, c).

    Args:
        weight: float32 (D, C, 3, 3), of stride 2.

    Returns:
        float32 (D, 4C, 2, 2), for stride 1 and one row and one column of padding before.
    """
    outputs, inputs = weight.shape[:2]
    new = np.zeros((outputs, 2, 2, inputs, 2, 2), np.float32)
    for row, column in np.ndindex(3, 3):
        (y, sy), (x, sx) = divmod(row + 1, 2), divmod(column + 1, 2)
        new[:, sy, sx, :, y, x] = weight[:, :, row, column]
    return new.reshape(outputs, 4 * inputs, 2, 2)


def _stored(graph: Any, name: str) -> Float32Array:
    """A constant of the graph, which may go by several names."""
    alias = {node.output[0]: node.input[0] for node in graph.node if node.op_type == "Identity"}
    while name in alias:
        name = alias[name]
    return np.asarray(
        numpy_helper.to_array(next(item for item in graph.initializer if item.name == name))
    )


def _store(graph: Any, name: str, values: NDArray[Any]) -> str:
    graph.initializer.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
    return name


def _lay(node: Any, kernel: tuple[int, int], strides: tuple[int, int]) -> None:
    del node.attribute[:]
    for key, setting in (("kernel_shape", kernel), ("strides", strides), ("pads", (1, 1, 0, 0))):
        node.attribute.append(helper.make_attribute(key, setting))


def _replace(graph: Any, nodes: list[Any], picture: str, kind: int) -> None:
    """Give the graph other nodes and a picture as it lies in memory."""
    nodes = list(nodes)
    used = {name for node in nodes for name in node.input}
    kept = [item for item in graph.initializer if item.name in used]
    del graph.node[:], graph.input[:], graph.value_info[:], graph.initializer[:]
    graph.node.extend(nodes)
    graph.initializer.extend(kept)
    graph.input.append(helper.make_tensor_value_info(picture, kind, ["n", "h", "w", _CHANNELS]))
