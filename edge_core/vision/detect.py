"""The person detector: letterbox, network, decode, suppression."""

from collections.abc import Sequence
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from edge_core.runtime.inference import InferenceSession, Provider
from edge_core.types import Detections, ImageArray, checked
from edge_core.vision.boxes import clipped
from edge_core.vision.decode import decode
from edge_core.vision.letterbox import Letterbox
from edge_core.vision.models import ModelSpec, find_model
from edge_core.vision.nms import non_maximum_suppression, vote

NMS_IOU: Final = 0.5
VOTE_IOU: Final = 0.6


class Detector:
    """Finds people in pictures.

    Args:
        spec: the model's manifest entry.
        session: its loaded network.
        size_px: long side of the network's input, a multiple of 32.
        score: detections below it are dropped.
        square: pad the input to a square (for comparison; slower and no better).
    """

    def __init__(
        self,
        spec: ModelSpec,
        session: InferenceSession,
        *,
        size_px: int,
        score: float,
        square: bool = False,
    ) -> None:
        if not 0 < score < 1:
            raise ValueError(f"score must lie between 0 and 1, got {score}")
        self.spec = spec
        self.size_px = size_px
        self.score = score
        self._session = session
        self._square = square

    @classmethod
    def load(
        cls,
        name: str,
        *,
        size_px: int | None = None,
        score: float = 0.01,
        provider: Provider = "auto",
        threads: int = 1,
        square: bool = False,
    ) -> "Detector":
        """See `edge_core.vision.load_detector`, and the class for `square`."""
        spec, path = find_model(name, "detector")
        size = size_px if size_px is not None else spec.input_size_px[0]
        probe = {spec.input_name: network_input(spec, np.zeros((size, size, 3), np.uint8))}
        session = InferenceSession(path, probe, provider=provider, threads=threads)
        return cls(spec, session, size_px=size, score=score, square=square)

    @property
    def provider(self) -> str:
        """What runs the network."""
        return self._session.provider

    def detect(self, images: Sequence[ImageArray]) -> list[Detections]:
        """People in each picture.

        Args:
            images: BGR pictures, uint8 (H, W, 3), each of any size.

        Returns:
            One `Detections` per picture, boxes in that picture's pixels.
        """
        # One by one: on CPUs batching gains nothing, and pictures may differ in shape.
        return [self._detect_one(image) for image in images]

    def _detect_one(self, image: ImageArray) -> Detections:
        checked(image, "image", (None, None, 3), np.uint8)
        size_px = (image.shape[1], image.shape[0])
        letterbox = Letterbox.plan(size_px, self.size_px, square=self._square)
        canvas = letterbox.apply(image)
        maps = self._session.run({self.spec.input_name: network_input(self.spec, canvas)})
        boxes, score = decode([cells[0] for cells in maps], self.score)
        kept = non_maximum_suppression(boxes, score, iou_limit=NMS_IOU)
        boxes = letterbox.to_source(vote(kept, boxes, score, iou_least=VOTE_IOU))
        return Detections(clipped(boxes, size_px), score[kept])


def network_input(spec: ModelSpec, canvas: ImageArray) -> NDArray[Any]:
    """What a detector's network takes.

    Args:
        spec: its manifest entry.
        canvas: the letterboxed picture, BGR uint8 (H, W, 3).

    Returns:
        uint8 (1, H, W, 3), or float32 (1, 3, H, W) divided by 255.
    """
    if spec.input_dtype == "uint8":
        return canvas[None]
    return np.asarray(cv2.dnn.blobFromImage(canvas, 1 / 255))
