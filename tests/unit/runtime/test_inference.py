"""Which runtime runs a model, and that they agree."""

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import get_args

import numpy as np
import pytest

from edge_core.config.models import ModelsConfig
from edge_core.errors import ModelError
from edge_core.runtime.inference import InferenceSession, Provider
from edge_core.runtime.openvino_network import OpenVinoNetwork
from edge_core.vision.models import MODELS_FOLDER, list_models

needs_openvino = pytest.mark.skipif(
    find_spec("openvino") is None, reason="needs the extra `openvino`"
)


def picture(spec):
    width, height = spec.input_size_px
    noise = np.random.default_rng(3)
    if spec.input_dtype == "uint8":
        return noise.integers(0, 256, (1, height, width, 3), dtype=np.uint8)
    high = 1.0 if spec.kind == "detector" else 255.0
    return (noise.random((1, 3, height, width)) * high).astype(np.float32)


TINY = 1e-9
"""Probabilities so small are nought to either."""


@needs_openvino
@pytest.mark.parametrize("spec", list_models(), ids=lambda spec: spec.name)
def test_openvino_says_what_onnx_runtime_says(spec):
    inputs = {spec.input_name: picture(spec)}
    one, other = (
        InferenceSession(MODELS_FOLDER / spec.file, inputs, provider=provider).run(inputs)
        for provider in ("cpu", "openvino")
    )
    # Rounding to eight bits goes either way at the edge, and that spreads from layer to layer.
    tolerance = {"fp32": 1e-3, "int8": 0.05}[spec.precision]
    for ours, theirs in zip(one, other, strict=True):
        assert ours.shape == theirs.shape
        spread = float(np.abs(ours).max())
        assert float(np.abs(ours - theirs).mean()) <= tolerance * spread + TINY


@needs_openvino
def test_openvino_computes_in_float32_on_one_thread_unless_asked_otherwise():
    spec = next(spec for spec in list_models() if spec.precision == "fp32")
    network = OpenVinoNetwork(MODELS_FOLDER / spec.file, threads=1, precision="f32")
    assert network.provider == "OpenVINO CPU f32"
    assert network.threads == 1


@needs_openvino
def test_outputs_of_openvino_stay_as_they_are_when_it_runs_again():
    spec = next(spec for spec in list_models() if spec.kind == "embedder")
    inputs = {spec.input_name: picture(spec)}
    session = InferenceSession(MODELS_FOLDER / spec.file, inputs, provider="openvino")
    first = session.run(inputs)[0]
    kept = first.copy()
    session.run({spec.input_name: inputs[spec.input_name] / 2})
    assert np.array_equal(first, kept)


@needs_openvino
def test_a_file_that_openvino_cannot_read_is_refused_with_a_remedy(tmp_path):
    (tmp_path / "broken.onnx").write_bytes(b"not a model")
    with pytest.raises(ModelError, match='provider = "cpu"'):
        InferenceSession(tmp_path / "broken.onnx", {}, provider="openvino")


def test_without_openvino_the_remedy_is_its_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "openvino", None)
    spec = list_models()[0]
    with pytest.raises(ModelError, match=r"promenade\[openvino\]"):
        InferenceSession(MODELS_FOLDER / spec.file, {}, provider="openvino")


def test_an_unknown_provider_is_refused_with_the_known_ones():
    spec = list_models()[0]
    with pytest.raises(ModelError, match="auto, cpu, cuda, openvino"):
        InferenceSession(MODELS_FOLDER / spec.file, {}, provider="tpu")


def test_a_site_may_choose_every_provider_there_is():
    for provider in get_args(Provider):
        assert ModelsConfig(provider=provider).provider == provider


_RUN_ONE = """
import numpy as np
from edge_core.vision import load_detector

load_detector("person-s").detect([np.zeros((64, 64, 3), np.uint8)])
"""


@pytest.mark.skipif(sys.platform != "linux", reason="where it keeps the number differs")
def test_the_runtime_gives_the_machine_no_number_to_report_its_use_by(tmp_path):
    # It is silent under tests, so it runs with nothing of their environment.
    told = {"HOME": str(tmp_path), "PATH": os.environ["PATH"]}
    told["PYTHONPATH"] = str(Path(__file__).parents[3])
    subprocess.run([sys.executable, "-c", _RUN_ONE], env=told, cwd=tmp_path, check=True)
    assert not list(tmp_path.rglob("*"))
