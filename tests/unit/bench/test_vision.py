"""`promenade bench vision` compares what it says it compares."""

from importlib.util import find_spec

import numpy as np
import pytest

from edge_core.bench import BENCHMARKS, vision
from edge_core.bench.networks import TEACHERS, teachers
from edge_core.vision.models import list_models


def test_every_shipped_network_is_compared_in_one_run():
    pytest.importorskip("onnx", reason="needs the extra `bench`")
    left_out = []
    frame = np.random.default_rng(0).integers(0, 256, (90, 160, 3), dtype=np.uint8)
    figures = vision.measure(None, left_out.append, sizes_px=(64,), rounds=1, frame=frame)
    by_name = {figure.name: figure for figure in figures}
    yolo = by_name["YOLOv3 64"]
    for spec in (spec for spec in list_models() if spec.kind == "detector"):
        for what in ("network", "frame to boxes"):
            figure = by_name[f"{spec.name} 64, {what}"]
            assert figure.baseline == "YOLOv3 64"
            assert figure.ratio == pytest.approx(yolo.value / figure.value)
            assert figure.ratio > 1
        if find_spec("openvino"):
            name = f"{spec.name} 64, network"
            assert by_name[f"{name}, OpenVINO"].baseline == name
    crops = [spec.name for spec in list_models() if spec.kind in vision.PER_CROP]
    for name in crops:
        exact = name.removesuffix("-int8")
        compared = name != exact and exact in crops
        assert by_name[f"{name} per crop"].baseline == (f"{exact} per crop" if compared else None)
    assert any("--data" in line for line in left_out)


def test_what_is_missing_is_told_not_fatal(tmp_path):
    left_out = []
    assert teachers(tmp_path, "detector", left_out.append, openvino=True) == {}
    assert len(left_out) == 2
    assert all(line.startswith("left out: ") for line in left_out)


def test_without_openvino_an_ir_is_left_out_and_the_rest_runs(data_folder):
    left_out = []
    calls = teachers(data_folder / "teachers", "detector", left_out.append, openvino=False)
    assert list(calls) == ["yolox_nano_416x416"]
    assert "promenade[openvino]" in left_out[0]


def test_every_teacher_runs(data_folder):
    pytest.importorskip("openvino", reason="needs the extra `openvino`")
    for kind in {teacher.kind for teacher in TEACHERS}:
        for call in teachers(data_folder / "teachers", kind, print, openvino=True).values():
            assert all(output.size for output in call())


def test_the_benchmark_is_listed():
    assert BENCHMARKS["vision"].compares
