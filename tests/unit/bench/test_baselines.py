"""The networks ours are compared with are the published ones."""

import numpy as np
import pytest

from edge_core.bench.networks import baselines

pytest.importorskip("onnx", reason="needs the extra `bench`")


@pytest.mark.parametrize(
    ("name", "millions", "billions", "strides"),
    [("YOLOv3", 61.58, 65.29, (32, 16, 8)), ("YOLOv3-tiny", 8.68, 5.44, (32, 16))],
)
def test_parameters_and_operations_are_those_of_darknet(name, millions, billions, strides):
    import onnx

    from edge_core.bench.baselines import BASELINES, HEAD_CHANNELS, Graph

    graph = Graph(416)
    model = graph.model(BASELINES[name](graph))
    assert graph.parameters / 1e6 == pytest.approx(millions, abs=0.005)
    assert 2 * graph.multiplications / 1e9 == pytest.approx(billions, abs=0.005)
    # Without its weights the model is small enough to infer shapes of.
    for stored in model.graph.initializer:
        if stored.name.startswith("w"):
            stored.ClearField("raw_data")
    shapes = onnx.shape_inference.infer_shapes(_at(model, 416)).graph.output
    sides = [416 // stride for stride in strides]
    assert [[d.dim_value for d in one.type.tensor_type.shape.dim] for one in shapes] == [
        [1, HEAD_CHANNELS, side, side] for side in sides
    ]


def _at(model, size_px):
    """The model with its input's size told and its outputs' sizes forgotten."""
    for axis, value in zip(
        model.graph.input[0].type.tensor_type.shape.dim, (1, 3, size_px, size_px), strict=True
    ):
        axis.dim_value = value
    for output in model.graph.output:
        output.type.tensor_type.ClearField("shape")
    return model


def test_values_neither_vanish_nor_overflow(tmp_path):
    calls = dict(baselines(64, tmp_path))
    assert list(calls) == ["YOLOv3", "YOLOv3-tiny"]
    for call in calls.values():
        for output in call():
            assert np.isfinite(output).all()
            assert 1e-6 < np.abs(output).mean() < 1e6
    assert not list(tmp_path.iterdir()), "a quarter of a gigabyte was left behind"
