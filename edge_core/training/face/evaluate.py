"""Judging age and gender: the shipped network, files fresh from training, and the teacher alike."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np

from edge_core.errors import ModelError
from edge_core.runtime.inference import InferenceSession
from edge_core.training.detector.sets import Say, quiet
from edge_core.training.face.data import Faces, read_faces
from edge_core.training.face.scores import score_faces, share
from edge_core.types import ImageArray
from edge_core.vision import load_face_attributes
from edge_core.vision.face import MINOR_MOST, SURE_LEAST, FaceAttributeModel, FaceAttributes
from edge_core.vision.models import find_model

TEACHER: Final = "age-gender-recognition-retail-0013"
_TEACHER_FILE: Final = f"{TEACHER}-int8.xml"
_TEACHER_PX: Final = (62, 62)
_AT_ONCE: Final = 32
_TIMED: Final = 200

Predict = Callable[[Sequence[ImageArray]], FaceAttributes]


def model_of(path: Path) -> FaceAttributeModel:
    """A face network that runs an ONNX file that is in no manifest."""
    shipped, _ = find_model("face-s", "face-attributes")
    spec = shipped.model_copy(update={"name": path.stem, "file": path.name})
    width, height = spec.input_size_px
    probe = {spec.input_name: np.zeros((1, 3, height, width), np.float32)}
    return FaceAttributeModel(spec, InferenceSession(path, probe, provider="cpu"))


class RetailTeacher:
    """age-gender-recognition-retail-0013 (Apache-2.0), for comparison.

    It was made for 18 to 75 years and knows no children: whoever it judges younger than 18 counts
    as a minor.

    Args:
        folder: the folder `teachers` of the data.

    Raises:
        ModelError: it is missing, or OpenVINO is.
    """

    def __init__(self, folder: Path) -> None:
        path = folder / _TEACHER_FILE
        if not path.exists():
            raise ModelError(
                f"The teacher is missing: {path}.", "Give --data the folder that holds `teachers`."
            )
        self._probe = {"data": np.zeros((1, 3, *_TEACHER_PX), np.float32)}
        self._session = InferenceSession(path, self._probe, provider="openvino")

    def predict(self, chips: Sequence[ImageArray]) -> FaceAttributes:
        """As `FaceAttributeModel.predict`."""
        age, female = np.empty((2, len(chips)), np.float32)
        for index, chip in enumerate(chips):
            small = cv2.resize(chip, _TEACHER_PX, interpolation=cv2.INTER_AREA)
            blob = np.ascontiguousarray(small.transpose(2, 0, 1)[None], np.float32)
            outputs = self._session.run({"data": blob})
            genders, years = sorted((out.ravel() for out in outputs), key=len, reverse=True)
            female[index], age[index] = genders[0], years[0] * 100
        return FaceAttributes(age, female, (age < 18).astype(np.float32))


def evaluate_face(name: str, data: Path, *, say: Say = quiet) -> dict[str, Any]:
    """Judge age and gender on the validation faces, which chose nothing.

    Args:
        name: as in the manifest, the path of an ONNX file, or `TEACHER`.
        data: folder with `faces`, and `teachers` if one is judged.
        say: progress.

    Returns:
        JSON values: name, the thresholds behind `gender_usable`, ms_a_face (one thread, chips one
        by one, scaling included), `val` as `score_faces` gives it, and under `robustness` adults'
        figures by what was done to the chip.

    Raises:
        ModelError, SourceError: the model or the data is missing.
    """
    if name == TEACHER:
        predict: Predict = RetailTeacher(data / "teachers").predict
    elif name.endswith(".onnx"):
        predict = model_of(Path(name)).predict
    else:
        predict = load_face_attributes(name, provider="cpu").predict
    faces = read_faces(data / "faces" / "val", say("read faces"))
    tell = say("robustness")
    robustness = {}
    for index, (change, spoil) in enumerate(CHANGES.items()):
        robustness[change] = _of_adults(predict, faces, spoil)
        tell((index + 1) / len(CHANGES))
    return {
        "name": name,
        "minor_most": MINOR_MOST,
        "sure_least": SURE_LEAST,
        "ms_a_face": milliseconds(predict, faces.bgr[:_TIMED]),
        "val": score_faces(predicted(predict, faces.bgr), faces),
        "robustness": robustness,
    }


def predicted(predict: Predict, chips: Sequence[ImageArray] | ImageArray) -> FaceAttributes:
    """Estimates of many chips, a few at a time."""
    parts = [predict(list(chips[i : i + _AT_ONCE])) for i in range(0, len(chips), _AT_ONCE)]
    return FaceAttributes(
        np.concatenate([part.age_years for part in parts]),
        np.concatenate([part.p_female for part in parts]),
        np.concatenate([part.p_minor for part in parts]),
    )


def milliseconds(predict: Predict, chips: ImageArray) -> float:
    """Median time of one chip; the median because other programs may interrupt."""
    taken = []
    for chip in chips:
        begun = time.perf_counter()
        predict([chip])
        taken.append((time.perf_counter() - begun) * 1e3)
    return statistics.median(taken)


def blurred(chip: ImageArray) -> ImageArray:
    """Out of focus by a fiftieth of the side (standard deviation)."""
    return np.asarray(cv2.GaussianBlur(chip, (0, 0), chip.shape[0] / 50), np.uint8)


def from_afar(chip: ImageArray) -> ImageArray:
    """40 pixels high."""
    return np.asarray(cv2.resize(chip, (40, 40), interpolation=cv2.INTER_AREA), np.uint8)


def in_little_light(chip: ImageArray) -> ImageArray:
    """A third of the light."""
    return np.asarray(chip * 0.33, np.uint8)


def lower_third_covered(chip: ImageArray) -> ImageArray:
    """As by a mask or a scarf."""
    covered = chip.copy()
    covered[round(chip.shape[0] * 0.64) :] = 200
    return covered


CHANGES: Final[dict[str, Callable[[ImageArray], ImageArray]]] = {
    "none": lambda chip: chip,
    "blur": blurred,
    "40 px": from_afar,
    "low light": in_little_light,
    "lower third covered": lower_third_covered,
}


def _of_adults(
    predict: Predict, faces: Faces, spoil: Callable[[ImageArray], ImageArray]
) -> dict[str, Any]:
    adults = faces.only(faces.adults())
    found = predicted(predict, [spoil(chip) for chip in adults.bgr])
    right = (found.p_female >= 0.5) == (adults.female > 0.5)
    gender = share(np.asarray(right))
    years = share(np.abs(found.age_years - adults.age_years).astype(np.float64))
    return {
        "gender": asdict(gender) if gender else None,
        "years": asdict(years) if years else None,
        "coverage": float(found.gender_usable.mean()) if len(found) else 0.0,
    }
