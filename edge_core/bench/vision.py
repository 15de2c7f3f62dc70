"""What the shipped networks cost on one thread, against YOLOv3, YOLOv3-tiny and the teachers.

All run in one process, in turns, each on one thread; milliseconds are of processor time, so that
other work beside makes no difference but in the caches. Detectors are given square pictures of the
same side, teachers the one size they take. ONNX Runtime runs every network but those whose line
says OpenVINO. `network` is inference alone; `frame to boxes` is all that a frame costs: letterbox,
network, decoding, suppression. It is compared with YOLOv3's network alone, which favours YOLOv3.
A ratio tells how many times faster.
"""

import statistics
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import cv2

from edge_core.bench import Figure
from edge_core.bench.networks import Call, Note, baselines, shipped, teachers
from edge_core.bench.turns import PROCESSOR_CLOCK, in_turns
from edge_core.service.demo import MALLS_FOLDER
from edge_core.simulator import Cameras, World, load_scene
from edge_core.types import ImageArray
from edge_core.vision.detect import Detector
from edge_core.vision.models import ModelSpec, list_models

SIZES_PX: Final = (320, 416)
ROUNDS: Final = 20
PER_CROP: Final = ("embedder", "face-attributes", "body-attributes")
_LARGE: Final = "YOLOv3"
_INT8: Final = "-int8"
_CAMERA: Final = "plaza"
_CROWDED_AT_S: Final = 2.0


def measure(
    data: Path | None = None,
    note: Note = lambda _: None,
    *,
    sizes_px: Sequence[int] = SIZES_PX,
    rounds: int = ROUNDS,
    frame: ImageArray | None = None,
) -> list[Figure]:
    """All figures of this group; about two minutes.

    Args:
        data: folder with `teachers`; None compares without them.
        note: told what is left out, and why.
        sizes_px: sides of the detectors' input; the teachers run beside the last.
        rounds: turns of each network.
        frame: BGR uint8 (H, W, 3) for `frame to boxes`; a 720p frame of the simulated mall with
            people in it when None.

    Raises:
        ModelError: a model file is missing or altered, or nothing runs it.
    """
    specs, openvino, onnx = list_models(), _has("openvino"), _has("onnx")
    if data is None:
        note("left out: the teachers; give --data the folder that holds `teachers`")
    if not openvino:
        note("left out: what OpenVINO gains; needs `pip install promenade[openvino]`")
    if not onnx:
        note("left out: YOLOv3 and YOLOv3-tiny; needs `pip install promenade[bench]`")

    def rivals(kind: str) -> dict[str, Call]:
        return teachers(data / "teachers", kind, note, openvino=openvino) if data else {}

    threads = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        figures: list[Figure] = []
        detectors = [spec for spec in specs if spec.kind == "detector"]
        seen = crowded_frame() if frame is None else frame
        for size_px in sizes_px:
            beside = rivals("detector") if size_px == sizes_px[-1] else {}
            figures += _detectors(
                detectors, size_px, seen, beside, rounds, openvino=openvino, yolo=onnx
            )
        for kind in PER_CROP:
            ours = [spec for spec in specs if spec.kind == kind]
            figures += _per_crop(ours, rivals(kind) if ours else {}, rounds, openvino=openvino)
        return figures
    finally:
        cv2.setNumThreads(threads)


def _has(package: str) -> bool:
    return find_spec(package) is not None


def _detectors(
    specs: Sequence[ModelSpec],
    size_px: int,
    frame: ImageArray,
    rivals: Mapping[str, Call],
    rounds: int,
    *,
    openvino: bool,
    yolo: bool,
) -> list[Figure]:
    calls, baseline_of = {}, {}
    if yolo:
        with tempfile.TemporaryDirectory() as folder:
            calls = {f"{name} {size_px}": call for name, call in baselines(size_px, Path(folder))}
        baseline_of = dict.fromkeys(list(calls)[1:], f"{_LARGE} {size_px}")
    for spec in specs:
        name = f"{spec.name} {size_px}"
        network, whole = f"{name}, network", f"{name}, frame to boxes"
        calls[network] = shipped(spec, (size_px, size_px), "cpu")
        detector = Detector.load(spec.name, size_px=size_px, provider="cpu", square=True)
        calls[whole] = partial(detector.detect, [frame])
        if yolo:
            baseline_of |= dict.fromkeys((network, whole), f"{_LARGE} {size_px}")
        if openvino:
            calls[f"{network}, OpenVINO"] = shipped(spec, (size_px, size_px), "openvino")
            baseline_of[f"{network}, OpenVINO"] = network
    against = [(f"{spec.name} {size_px}, network", rival) for spec in specs for rival in rivals]
    return _figures({**calls, **rivals}, [*baseline_of.items(), *against], rounds)


def _per_crop(
    specs: Sequence[ModelSpec], rivals: Mapping[str, Call], rounds: int, *, openvino: bool
) -> list[Figure]:
    calls: dict[str, Call] = {}
    pairs: list[tuple[str, str]] = []
    names = {spec.name for spec in specs}
    for spec in specs:
        label = f"{spec.name} per crop"
        calls[label] = shipped(spec, spec.input_size_px, "cpu")
        exact = spec.name.removesuffix(_INT8)
        if exact != spec.name and exact in names:
            pairs.append((label, f"{exact} per crop"))
        if openvino:
            calls[f"{label}, OpenVINO"] = shipped(spec, spec.input_size_px, "openvino")
            pairs.append((f"{label}, OpenVINO", label))
    pairs += [(f"{spec.name} per crop", rival) for spec in specs for rival in rivals]
    return _figures({**calls, **rivals}, pairs, rounds)


def _figures(
    calls: Mapping[str, Call], pairs: Sequence[tuple[str, str]], rounds: int
) -> list[Figure]:
    """Time the calls; a line for each comparison of two, and for each that is in none."""
    spent_ms = in_turns(calls, rounds, clock=PROCESSOR_CLOCK)
    median = {name: statistics.median(times) for name, times in spent_ms.items()}
    figures = []
    for name, times in spent_ms.items():
        value, n = median[name], len(times)
        compared = [two for one, two in pairs if one == name]
        figures += [Figure(name, value, "ms", two, median[two] / value, n) for two in compared]
        if not compared:
            figures.append(Figure(name, value, "ms", None, None, n))
    return figures


def crowded_frame() -> ImageArray:
    """A 720p frame of the simulated mall with people in it, uint8 (720, 1280, 3)."""
    scene = load_scene(MALLS_FOLDER / "mall")
    world = World(scene, 1)
    poses = tuple(pose for pose in scene.config.cameras if pose.id == _CAMERA)
    config = scene.config.model_copy(update={"cameras": poses})
    cameras = Cameras(replace(scene, config=config), 1)
    return cameras.render(_CAMERA, world.advance_to(_CROWDED_AT_S)).bgr
