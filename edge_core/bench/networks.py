"""The networks `promenade bench vision` times: shipped ones, teachers, YOLOv3 and YOLOv3-tiny."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from edge_core.runtime.inference import InferenceSession, Provider
from edge_core.types import ImageArray
from edge_core.vision.models import MODELS_FOLDER, ModelSpec, verify_model

Call = Callable[[], object]
Note = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Teacher:
    """A public network that ours are distilled from and compared with.

    Attributes:
        file: in the folder `teachers`; an IR runs in OpenVINO.
        kind: of our models that do the same.
        input_name: its one input.
        shape: of that input, float32.
    """

    file: str
    kind: str
    input_name: str
    shape: tuple[int, ...]

    @property
    def label(self) -> str:
        """Its name, and what runs it where that is not ONNX Runtime."""
        name, _, form = self.file.rpartition(".")
        return f"{name}, OpenVINO" if form == "xml" else name

    @property
    def provider(self) -> Provider:
        """What runs it."""
        return "openvino" if self.file.endswith(".xml") else "cpu"


TEACHERS: Final = (
    Teacher("yolox_nano_416x416.onnx", "detector", "images", (1, 3, 416, 416)),
    Teacher("person-detection-0200.xml", "detector", "image", (1, 3, 256, 256)),
    Teacher("person-reidentification-retail-0248.onnx", "embedder", "inputs:0", (1, 256, 128, 3)),
    Teacher("person-reidentification-retail-0287.onnx", "embedder", "inputs:0", (1, 256, 128, 3)),
    Teacher("osnet_x0_25_msmt17.onnx", "embedder", "images", (1, 3, 256, 128)),
    Teacher(
        "age-gender-recognition-retail-0013-int8.xml", "face-attributes", "data", (1, 3, 62, 62)
    ),
    Teacher(
        "person-attributes-recognition-crossroad-0230.xml", "body-attributes", "0", (1, 3, 160, 80)
    ),
)


def teachers(folder: Path, kind: str, note: Note, *, openvino: bool) -> dict[str, Call]:
    """One inference of each teacher of a kind, by label.

    Args:
        folder: where their files lie.
        kind: as in the manifest.
        note: told what is left out, and why.
        openvino: whether it is installed.

    Raises:
        ModelError: a file is no model.
    """
    calls: dict[str, Call] = {}
    for teacher in (one for one in TEACHERS if one.kind == kind):
        path = folder / teacher.file
        if not path.exists():
            note(f"left out: {teacher.label}; there is no {path}")
        elif teacher.provider == "openvino" and not openvino:
            note(f"left out: {teacher.label}; needs `pip install promenade[openvino]`")
        else:
            noise = _noise(teacher.shape).astype(np.float32) / np.float32(255)
            calls[teacher.label] = _inference(path, teacher.input_name, noise, teacher.provider)
    return calls


def shipped(spec: ModelSpec, size_px: tuple[int, int], provider: Provider) -> Call:
    """One inference of a shipped network.

    Args:
        spec: its manifest entry.
        size_px: width and height of the picture.
        provider: what runs it.

    Raises:
        ModelError: its file is missing or altered, or nothing runs it.
    """
    verify_model(spec)
    width, height = size_px
    noise = _noise((1, height, width, 3))
    picture = (
        noise
        if spec.input_dtype == "uint8"
        else np.ascontiguousarray(noise.transpose(0, 3, 1, 2), np.float32) / np.float32(255)
    )
    return _inference(MODELS_FOLDER / spec.file, spec.input_name, picture, provider)


def baselines(size_px: int, folder: Path) -> Iterator[tuple[str, Call]]:
    """Name and one inference of YOLOv3 and of YOLOv3-tiny; needs `onnx`.

    Args:
        size_px: side of the input.
        folder: for their files, a quarter of a gigabyte.
    """
    import onnx

    from edge_core.bench.baselines import BASELINES, INPUT, Graph

    picture = _noise((1, 3, size_px, size_px)).astype(np.float32) / np.float32(255)
    for name, build in BASELINES.items():
        path, graph = folder / f"{name}.onnx", Graph(size_px)
        onnx.save(graph.model(build(graph)), path)
        yield name, _inference(path, INPUT, picture, "cpu")
        path.unlink()


def _noise(shape: tuple[int, ...]) -> ImageArray:
    """Noise for a picture: what it shows does not change what it costs."""
    return np.random.default_rng(7).integers(0, 256, shape, dtype=np.uint8)


def _inference(path: Path, name: str, picture: NDArray[Any], provider: Provider) -> Call:
    inputs = {name: picture}
    session = InferenceSession(path, inputs, provider=provider, threads=1)
    return lambda: session.run(inputs)
