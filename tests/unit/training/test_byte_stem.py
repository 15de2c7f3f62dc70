"""The detector's first layers laid out anew say what they said."""

import numpy as np
import pytest

from edge_core.runtime.inference import InferenceSession, input_dtype
from edge_core.vision.models import find_model

onnx = pytest.importorskip("onnx", reason="onnx is not installed (extra [train])")


def run(path, x):
    return InferenceSession(path, {"x": x}, provider="cpu").run({"x": x})


@pytest.mark.parametrize("size", [(64, 64), (96, 160), (32, 416)])
def test_the_folded_network_says_what_the_network_says(tmp_path, size):
    from edge_core.training.detector.byte_stem import fold_stem

    _, path = find_model("person-s", "detector")
    fold_stem(path, tmp_path / "folded.onnx")
    picture = np.random.default_rng(1).random((1, *size, 3), np.float32)
    folded = run(tmp_path / "folded.onnx", picture)
    plain = run(path, np.ascontiguousarray(picture.transpose(0, 3, 1, 2)))
    for ours, theirs in zip(folded, plain, strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-4)


def test_a_person_at_the_edge_of_the_picture_is_seen_alike(tmp_path):
    """Rows and columns outside the picture count as black in both."""
    from edge_core.training.detector.byte_stem import block_weight, folded_weight

    rng = np.random.default_rng(2)
    weight, after = (rng.standard_normal((2, c, 3, 3)).astype(np.float32) for c in (3, 2))
    picture = rng.random((3, 8, 8), np.float32)
    first = _convolved(picture, weight, (2, 2), (1, 1))
    second = _convolved(first, after, (2, 2), (1, 1))
    columns = picture.transpose(1, 2, 0).reshape(8, 2, 12).transpose(2, 0, 1)
    blocks = _convolved(columns, folded_weight(weight), (4, 1), (0, 0))
    cells = blocks.reshape(2, 2, 2, 2, 2).transpose(2, 3, 0, 4, 1).reshape(2, 4, 4)
    np.testing.assert_allclose(cells, first, atol=1e-5)
    folded = _convolved(blocks, block_weight(after), (1, 1), (0, 0))
    np.testing.assert_allclose(folded, second, atol=1e-5)


def _convolved(x, weight, strides, pads):
    """Plain convolution of (C, H, W), a row and a column of zeros before, some more after."""
    _, _, high, wide = weight.shape
    padded = np.pad(x, ((0, 0), (1, pads[0]), (1, pads[1])))
    rows = range(0, padded.shape[1] - high + 1, strides[0])
    columns = range(0, padded.shape[2] - wide + 1, strides[1])
    return np.array(
        [
            [[(padded[:, i : i + high, j : j + wide] * one).sum() for j in columns] for i in rows]
            for one in weight
        ]
    )


def test_a_quantised_detector_takes_the_picture_as_it_is(torch, tmp_path):
    from edge_core.training.detector.judging import detector_of
    from edge_core.training.export import quantise, quantise_detector

    _, path = find_model("person-s", "detector")
    rng = np.random.default_rng(3)
    pictures = rng.integers(0, 256, (3, 96, 128, 3), dtype=np.uint8)
    inputs = [np.float32(p.transpose(2, 0, 1)[None]) / 255 for p in pictures]
    plain, ours = tmp_path / "plain.onnx", tmp_path / "bytes.onnx"
    quantise(path, plain, inputs)
    quantise_detector(path, ours, inputs)
    assert input_dtype(ours, "x") == np.uint8
    for a, b in zip(run(ours, pictures[:1]), run(plain, inputs[0]), strict=True):
        assert np.corrcoef(a.ravel(), b.ravel())[0, 1] > 0.99
    two = [
        detector_of(file, size_px=128).detect([np.ascontiguousarray(pictures[0])])[0]
        for file in (plain, ours)
    ]
    assert len(two[0].score) == pytest.approx(len(two[1].score), abs=5)
    assert run(ours, pictures)[0].shape[0] == 3, "the batch stays free"


def test_an_untrained_network_whose_layers_share_their_biases_is_quantised_too(torch, tmp_path):
    from edge_core.training.detector.network import PERSON_S, PersonDetector
    from edge_core.training.export import export_onnx, quantise_detector

    network = PersonDetector(PERSON_S)
    export_onnx(network, tmp_path / "net.onnx")
    inputs = [np.random.default_rng(4).random((1, 3, 64, 64), np.float32)]
    quantise_detector(tmp_path / "net.onnx", tmp_path / "int8.onnx", inputs)
    picture = np.uint8(inputs[0].transpose(0, 2, 3, 1) * 255)
    plain = run(tmp_path / "net.onnx", np.float32(picture.transpose(0, 3, 1, 2)) / 255)
    for a, b in zip(run(tmp_path / "int8.onnx", picture), plain, strict=True):
        np.testing.assert_allclose(a, b, atol=0.05)


def test_a_file_that_is_no_model_is_refused(tmp_path):
    from edge_core.errors import ModelError

    (tmp_path / "broken.onnx").write_bytes(b"not a model")
    with pytest.raises(ModelError, match="training wrote"):
        input_dtype(tmp_path / "broken.onnx", "x")
    with pytest.raises(ModelError, match="no input 'images'"):
        input_dtype(find_model("person-s", "detector")[1], "images")
