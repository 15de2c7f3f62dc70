"""Where a face is large enough, it tells a crop's gender presentation better than the body teacher.

YuNet (MIT) finds the face, age-gender-recognition-retail-0013 (Apache-2.0) reads it. Neither face
nor anything of it but this one number is kept.
"""

from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np

from edge_core.errors import ModelError
from edge_core.types import Float32Array, ImageArray

_DETECTOR: Final = "face_detection_yunet_2026may.onnx"
_READER: Final = "age-gender-recognition-retail-0013-int8.xml"
_SCORE_LEAST: Final = 0.7
_SIDE_LEAST_PX: Final = 24
_CHIP: Final = 1.2
_CHIP_PX: Final = 62
_HEAD_SHARE: Final = 0.4
SURELY_MALE: Final = 0.9
SURELY_FEMALE: Final = 0.4
"""The reader leans towards male: what it calls .4 to .9 male on these pictures were as often
women as men."""


class FaceGender:
    """Reads the faces of the people of a picture.

    Args:
        folder: the folder `teachers` of the data.

    Raises:
        ModelError: a teacher is missing.
    """

    def __init__(self, folder: Path) -> None:
        missing = ", ".join(n for n in (_DETECTOR, _READER) if not (folder / n).exists())
        if missing:
            raise ModelError(
                f"Teachers are missing from {folder}: {missing}.",
                "Give --data the folder that holds `teachers`.",
            )
        import openvino

        self._detector = cv2.FaceDetectorYN.create(
            str(folder / _DETECTOR), "", (320, 320), _SCORE_LEAST
        )
        core = openvino.Core()
        settings = {"INFERENCE_PRECISION_HINT": "f32", "INFERENCE_NUM_THREADS": 1}
        self._reader: Any = core.compile_model(core.read_model(folder / _READER), "CPU", settings)

    def __call__(self, image: ImageArray, xyxy_px: Float32Array) -> Float32Array:
        """Float32 (N,): 1 female, 0 male, NaN where no face tells.

        Args:
            image: uint8 (H, W, 3), BGR.
            xyxy_px: float32 (N, 4), people.
        """
        told = np.full(len(xyxy_px), np.nan, np.float32)
        if not len(xyxy_px):
            return told
        self._detector.setInputSize((image.shape[1], image.shape[0]))
        found = self._detector.detect(image)[1]
        faces = np.zeros((0, 4), np.float32)
        if found is not None:
            faces = np.asarray(found[:, :4], np.float32)
        for index, box in enumerate(xyxy_px):
            face = face_of(box, faces)
            if face is not None:
                male = self._male(image, face)
                told[index] = 0 if male >= SURELY_MALE else 1 if male <= SURELY_FEMALE else np.nan
        return told

    def _male(self, image: ImageArray, face: Float32Array) -> float:
        left, top, wide, high = (float(v) for v in face)
        half = max(wide, high) * _CHIP / 2
        x, y = left + wide / 2, top + high / 2
        chip = image[max(0, int(y - half)) : int(y + half), max(0, int(x - half)) : int(x + half)]
        blob = cv2.resize(chip, (_CHIP_PX, _CHIP_PX)).transpose(2, 0, 1)[None]
        return float(self._reader(blob.astype(np.float32))["prob"].ravel()[1])


def face_of(xyxy_px: Float32Array, faces_xywh_px: Float32Array) -> Float32Array | None:
    """The face that belongs to a person: in the box's upper part, nearest to its middle.

    Args:
        xyxy_px: the person, (4,).
        faces_xywh_px: float (N, 4), left, top, width, height.
    """
    x1, y1, x2, y2 = xyxy_px
    middle = faces_xywh_px[:, :2] + faces_xywh_px[:, 2:] / 2
    inside = (middle[:, 0] > x1) & (middle[:, 0] < x2) & (middle[:, 1] > y1)
    inside &= middle[:, 1] < y1 + _HEAD_SHARE * (y2 - y1)
    inside &= faces_xywh_px[:, 3] >= _SIDE_LEAST_PX
    if not inside.any():
        return None
    aside = np.where(inside, abs(middle[:, 0] - (x1 + x2) / 2), np.inf)
    return np.asarray(faces_xywh_px[int(aside.argmin())])
