"""Taking up training where a shipped ONNX file left off.

The file's convolutions hold folded batch normalisations. They are read in graph order into the
network's layers, and the normalisations are set so that the function stays the same; a second
step gives them the statistics of real pictures, again without changing the function, so that
training goes on as if it had never stopped.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import onnx
import torch
from onnx import numpy_helper
from torch import Tensor, nn

from edge_core.errors import ModelError
from edge_core.training.detector.network import ConvBlock


def load_onnx_weights(network: nn.Module, path: Path) -> None:
    """Copy the convolutions of an exported network of the same shape.

    Args:
        network: its convolutions must be defined in the order they run.
        path: an FP32 ONNX file whose normalisations are folded.

    Raises:
        ModelError: the file's convolutions are not those of the network.
    """
    graph = onnx.load(path).graph
    stored = {item.name: item for item in graph.initializer}
    saved = [
        [torch.from_numpy(numpy_helper.to_array(stored[name]).copy()) for name in node.input[1:]]
        for node in graph.node
        if node.op_type == "Conv"
    ]
    layers = [m for m in network.modules() if isinstance(m, ConvBlock | nn.Conv2d)]
    inner = {id(m.conv) for m in layers if isinstance(m, ConvBlock)}
    layers = [m for m in layers if id(m) not in inner]
    shapes = [tuple((m.conv if isinstance(m, ConvBlock) else m).weight.shape) for m in layers]
    if shapes != [tuple(weight.shape) for weight, _ in saved]:
        raise ModelError(
            f"{path.name} holds another network than the one to be trained.",
            "Start from a model of the same name, or train from scratch.",
        )
    with torch.no_grad():
        for layer, (weight, bias) in zip(layers, saved, strict=True):
            _set(layer, weight, bias)


def _set(layer: Any, weight: Tensor, bias: Tensor) -> None:
    if not isinstance(layer, ConvBlock):
        layer.weight.copy_(weight)
        layer.bias.copy_(bias)
        return
    layer.conv.weight.copy_(weight)
    layer.norm.running_mean.zero_()
    layer.norm.running_var.fill_(1 - layer.norm.eps)
    layer.norm.weight.fill_(1)
    layer.norm.bias.copy_(bias)


def give_statistics(network: nn.Module, batches: Iterable[Tensor]) -> None:
    """Set every normalisation's mean and variance from pictures; the function stays the same.

    With scale a and shift c of the folded form, the new weight is a sqrt(v + eps) and the new
    bias c + a m (ours; the inverse of folding).

    Args:
        network: in evaluation mode afterwards.
        batches: float (N, 3, H, W) pictures as in training.
    """
    sums: dict[Any, list[Tensor]] = {}

    def gather(norm: Any, inputs: tuple[Tensor]) -> None:
        x = inputs[0].float()
        moments = torch.stack([x.mean((0, 2, 3)), x.square().mean((0, 2, 3))])
        sums.setdefault(norm, []).append(moments)

    norms = [module for module in network.modules() if isinstance(module, nn.BatchNorm2d)]
    hooks = [norm.register_forward_pre_hook(gather) for norm in norms]
    network.eval()
    with torch.no_grad():
        for batch in batches:
            network(batch)
        for hook in hooks:
            hook.remove()
        for norm, moments in sums.items():
            mean, square = torch.stack(moments).mean(0)
            scale = norm.weight / torch.sqrt(norm.running_var + norm.eps)
            shift = norm.bias - norm.running_mean * scale
            variance = (square - mean.square()).clamp_min(1e-6)
            norm.weight.copy_(scale * torch.sqrt(variance + norm.eps))
            norm.bias.copy_(shift + scale * mean)
            norm.running_mean.copy_(mean)
            norm.running_var.copy_(variance)
