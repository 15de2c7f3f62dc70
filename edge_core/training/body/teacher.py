"""What person-attributes-recognition-crossroad-0230 (Apache-2.0) says of person crops."""

from pathlib import Path
from typing import Final

import numpy as np

from edge_core.errors import ModelError
from edge_core.training.detector.pictures import Progress
from edge_core.types import Float32Array, ImageArray

BODY_TEACHER: Final = "person-attributes-recognition-crossroad-0230.xml"
WIDTH_PX: Final = 80
HEIGHT_PX: Final = 160
_BATCH: Final = 16


class BodyTeacher:
    """The teacher, in float32 on one thread.

    Args:
        folder: the folder `teachers` of the data.

    Raises:
        ModelError: the teacher is missing.
    """

    def __init__(self, folder: Path) -> None:
        path = folder / BODY_TEACHER
        if not path.exists():
            raise ModelError(
                f"The teacher is missing: {path}.", "Give --data the folder that holds `teachers`."
            )
        import openvino

        core = openvino.Core()
        model = core.read_model(path)
        model.reshape([_BATCH, 3, HEIGHT_PX, WIDTH_PX])
        # bfloat16, the default where there is hardware for it, moves the probabilities.
        settings = {"INFERENCE_PRECISION_HINT": "f32", "INFERENCE_NUM_THREADS": 1}
        self._model = core.compile_model(model, "CPU", settings)

    def __call__(self, bgr: ImageArray, progress: Progress | None = None) -> Float32Array:
        """Probabilities of many crops.

        Args:
            bgr: uint8 (N, 160, 80, 3).
            progress: told the share done, 0..1.

        Returns:
            float32 (N, 8), columns as `edge_core.vision.body.BODY_ATTRIBUTES`: the teacher's
            first output, male, is turned round.
        """
        rows = np.empty((len(bgr), 8), np.float32)
        inputs = np.zeros((_BATCH, 3, HEIGHT_PX, WIDTH_PX), np.float32)
        for start in range(0, len(bgr), _BATCH):
            some = bgr[start : start + _BATCH]
            inputs[: len(some)] = some.transpose(0, 3, 1, 2)
            rows[start : start + len(some)] = self._model(inputs)[0].reshape(_BATCH, 8)[: len(some)]
            if progress is not None:
                progress((start + len(some)) / len(bgr))
        rows[:, 0] = 1 - rows[:, 0]
        return rows
