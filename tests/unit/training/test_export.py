"""The files that ship say what the trained network says."""

import numpy as np
import pytest

from edge_core.errors import ModelError
from edge_core.runtime.inference import InferenceSession
from edge_core.vision.models import find_model

pytest.importorskip("onnx", reason="onnx is not installed (extra [train])")


@pytest.fixture
def network(torch):
    from edge_core.training.detector.network import PERSON_S, PersonDetector

    torch.manual_seed(0)
    return PersonDetector(PERSON_S)


def outputs(torch, network, x):
    with torch.no_grad():
        return [one.numpy() for one in network.eval()(torch.from_numpy(x))]


def run(path, x):
    return InferenceSession(path, {"x": x}, provider="cpu").run({"x": x})


def test_sizes_are_within_what_was_promised(torch):
    from edge_core.training.detector.network import NETWORKS, PersonDetector, parameters

    millions = {name: parameters(PersonDetector(spec)) / 1e6 for name, spec in NETWORKS.items()}
    assert millions["person-s"] <= 1.2
    assert millions["person-m"] <= 6.2
    assert millions["person-m-fpn"] <= 6.2


@pytest.mark.parametrize("name", ["person-s", "person-m", "person-m-fpn"])
def test_outputs_are_what_the_detector_decodes(torch, name):
    from edge_core.training.detector.network import NETWORKS, PersonDetector

    maps = outputs(torch, PersonDetector(NETWORKS[name]), np.zeros((2, 3, 64, 96), np.float32))
    assert [one.shape for one in maps] == [(2, 5, 8, 12), (2, 5, 4, 6), (2, 5, 2, 3)]


def test_a_warm_start_equals_the_shipped_network_and_statistics_keep_it(torch, network):
    from edge_core.training.warm_start import give_statistics, load_onnx_weights

    _, path = find_model("person-s", "detector")
    x = np.random.default_rng(0).random((1, 3, 96, 128), np.float32)
    shipped = run(path, x)
    load_onnx_weights(network, path)
    for ours, theirs in zip(outputs(torch, network, x), shipped, strict=True):
        assert ours == pytest.approx(theirs, abs=1e-4)
    give_statistics(network, [torch.rand(2, 3, 96, 96) for _ in range(2)])
    for ours, theirs in zip(outputs(torch, network, x), shipped, strict=True):
        assert ours == pytest.approx(theirs, abs=1e-3)


def test_another_networks_file_is_refused(torch):
    from edge_core.errors import ModelError
    from edge_core.training.detector.network import PERSON_M, PersonDetector
    from edge_core.training.warm_start import load_onnx_weights

    with pytest.raises(ModelError, match="another network"):
        load_onnx_weights(PersonDetector(PERSON_M), find_model("person-s", "detector")[1])


def test_the_exported_file_equals_the_network_at_any_size(torch, network, tmp_path):
    from edge_core.training.export import export_onnx

    export_onnx(network, tmp_path / "net.onnx")
    for shape in ((1, 3, 64, 64), (2, 3, 96, 160)):
        x = np.random.default_rng(1).random(shape, np.float32)
        for ours, theirs in zip(
            outputs(torch, network, x), run(tmp_path / "net.onnx", x), strict=True
        ):
            assert ours == pytest.approx(theirs, abs=1e-4)


def test_the_quantised_file_is_smaller_and_nearly_says_the_same(torch, network, tmp_path):
    from edge_core.training.export import export_onnx, quantise
    from edge_core.training.warm_start import load_onnx_weights

    load_onnx_weights(network, find_model("person-s", "detector")[1])
    fp32, int8 = tmp_path / "net.onnx", tmp_path / "net-int8.onnx"
    export_onnx(network, fp32)
    inputs = [np.random.default_rng(i).random((1, 3, 64, 64), np.float32) for i in range(4)]
    quantise(fp32, int8, inputs)
    assert int8.stat().st_size < 0.5 * fp32.stat().st_size
    for ours, theirs in zip(run(fp32, inputs[0]), run(int8, inputs[0]), strict=True):
        assert np.corrcoef(ours.ravel(), theirs.ravel())[0, 1] > 0.98


def test_a_blend_is_the_mean_of_weights_of_one_network(torch, network, tmp_path):
    from edge_core.training.export import blend_onnx, export_onnx

    export_onnx(network, tmp_path / "a.onnx")
    with torch.no_grad():
        for weight in network.parameters():
            weight.mul_(3)
    export_onnx(network, tmp_path / "b.onnx")
    blend_onnx({tmp_path / "a.onnx": 0.25, tmp_path / "b.onnx": 0.75}, tmp_path / "c.onnx")
    first, second, mean = (weights(tmp_path / f"{name}.onnx") for name in "abc")
    assert mean.keys() == first.keys()
    for name, tensor in mean.items():
        if tensor.dtype == np.float32:
            assert tensor == pytest.approx(0.25 * first[name] + 0.75 * second[name], abs=1e-5)
    x = np.random.default_rng(0).random((1, 3, 64, 64), np.float32)
    assert run(tmp_path / "c.onnx", x)[0].shape == (1, 5, 8, 8)


def test_what_cannot_be_blended_is_refused(torch, network, tmp_path):
    from edge_core.training.detector.network import NETWORKS, PersonDetector
    from edge_core.training.export import blend_onnx, export_onnx

    small, large, torn = (tmp_path / f"{name}.onnx" for name in ("small", "large", "torn"))
    export_onnx(network, small)
    export_onnx(PersonDetector(NETWORKS["person-m"]), large)
    torn.write_bytes(b"no network")
    for parts, said in (
        ({small: 0.5}, "sum to 1"),
        ({small: 0.5, large: 0.5}, "different networks"),
        ({small: 0.5, torn: 0.5}, "cannot be read"),
        ({small: 0.5, tmp_path / "none.onnx": 0.5}, "cannot be read"),
    ):
        with pytest.raises(ModelError, match=said):
            blend_onnx(parts, tmp_path / "out.onnx")
    assert not (tmp_path / "out.onnx").exists()


def weights(path):
    import onnx
    from onnx import numpy_helper

    return {it.name: numpy_helper.to_array(it) for it in onnx.load(path).graph.initializer}
