"""The person detector: letterbox, network, decode, suppression."""

from collections.abc import Sequence
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from edge_core.runtime.inference import InferenceSession, Provider
from edge_core.types import BoxPx, Detections, ImageArray, checked
from edge_core.vision.boxes import clipped
from edge_core.vision.decode import decode
from edge_core.vision.letterbox import STRIDE_PX, Letterbox
from edge_core.vision.models import ModelSpec, find_model
from edge_core.vision.nms import non_maximum_suppression, vote
from edge_core.vision.region import cut_off

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

    def detect_within(self, image: ImageArray, part: BoxPx) -> Detections:
        """People in a part of a picture, looked at in the scale of the whole.

        Args:
            image: the whole, BGR uint8 (H, W, 3).
            part: see `part_to_look_at`.

        Returns:
            Boxes in the whole picture's pixels; nobody who is cut off by the part's edge.
        """
        size_px = (image.shape[1], image.shape[0])
        x1, y1, x2, y2 = part
        scaled = max(x2 - x1, y2 - y1) * self.size_px / max(size_px)
        long_px = STRIDE_PX * max(1, round(scaled / STRIDE_PX))
        found = self._detect_one(image[y1:y2, x1:x2], long_px)
        xyxy_px = found.xyxy_px + np.array([x1, y1, x1, y1], np.float32)
        whole = ~cut_off(xyxy_px, part, size_px)
        return Detections(xyxy_px[whole], found.score[whole])

    def _detect_one(self, image: ImageArray, long_px: int | None = None) -> Detections:
        checked(image, "image", (None, None, 3), np.uint8)
        size_px = (image.shape[1], image.shape[0])
        letterbox = Letterbox.plan(size_px, long_px or self.size_px, square=self._square)
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
