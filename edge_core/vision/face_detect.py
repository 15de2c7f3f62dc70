"""The face detector: boxes and five landmarks, so that a face can be turned upright and judged.

Faces live in memory for as long as one call needs them. Nothing here writes, sends or keeps one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from edge_core.runtime.inference import InferenceSession, Provider
from edge_core.types import BoolArray, Float32Array, ImageArray, Int64Array, checked
from edge_core.vision.boxes import clipped, iou
from edge_core.vision.decode import STRIDES_PX
from edge_core.vision.letterbox import Letterbox
from edge_core.vision.models import find_model
from edge_core.vision.nms import non_maximum_suppression

LANDMARKS: Final = ("right_eye", "left_eye", "nose_tip", "right_mouth", "left_mouth")
"""Order of the landmarks, named from the person's side: the right eye is left in the picture."""
NMS_IOU: Final = 0.4
VOTE_IOU: Final = 0.6
HEAD_SHARE: Final = 0.42
"""Share of a person's height, from the top of the box, that surely holds the face."""
HEAD_MARGIN: Final = 0.15
_LOG_SIZE_RANGE: Final = (-4.0, 5.0)
_INPUT: Final = "x"
_HEAD_LEAST_PX: Final = 32
_STRIDE_PX: Final = 32


@dataclass(frozen=True, slots=True)
class Faces:
    """Faces found in one picture.

    Attributes:
        xyxy_px: float32 (N, 4), boxes in the given picture's pixels, forehead to chin.
        score: float32 (N,), confidence in 0..1, in falling order where a detector made them.
        landmarks_px: float32 (N, 5, 2), x and y, in the order of `LANDMARKS`; of a face in profile
            the hidden ones are guesses.
    """

    xyxy_px: Float32Array
    score: Float32Array
    landmarks_px: Float32Array

    def __post_init__(self) -> None:
        checked(self.xyxy_px, "xyxy_px", (None, 4), np.float32)
        checked(self.score, "score", (len(self.xyxy_px),), np.float32)
        checked(self.landmarks_px, "landmarks_px", (len(self.xyxy_px), 5, 2), np.float32)

    def __len__(self) -> int:
        return len(self.score)

    @classmethod
    def empty(cls) -> "Faces":
        """No faces."""
        return cls(
            np.zeros((0, 4), np.float32), np.zeros(0, np.float32), np.zeros((0, 5, 2), np.float32)
        )

    @classmethod
    def joined(cls, parts: Sequence["Faces"]) -> "Faces":
        """The faces of several, in the order given."""
        whole = [cls.empty(), *parts]
        return cls(
            np.concatenate([part.xyxy_px for part in whole]),
            np.concatenate([part.score for part in whole]),
            np.concatenate([part.landmarks_px for part in whole]),
        )

    def only(self, which: Int64Array | BoolArray | slice) -> "Faces":
        """Those that indices or a mask over the faces pick."""
        return Faces(self.xyxy_px[which], self.score[which], self.landmarks_px[which])

    def moved(self, scale: float, x_px: float, y_px: float) -> "Faces":
        """The same faces after scaling the picture and moving its origin."""
        shift = np.array([x_px, y_px], np.float32)
        factor = np.float32(scale)
        return Faces(
            self.xyxy_px * factor + np.tile(shift, 2),
            self.score,
            self.landmarks_px * factor + shift,
        )


class FaceDetector:
    """Finds faces in pictures.

    Args:
        session: the loaded network, its input named `x`.
        size_px: long side of the network's input, a multiple of 32.
        score: faces below it are dropped.
    """

    def __init__(self, session: InferenceSession, *, size_px: int, score: float) -> None:
        if not 0 < score < 1:
            raise ValueError(f"score must lie between 0 and 1, got {score}")
        self.size_px = size_px
        self.score = score
        self._session = session

    @classmethod
    def load(
        cls,
        name: str,
        *,
        size_px: int | None = None,
        score: float = 0.4,
        provider: Provider = "auto",
        threads: int = 1,
    ) -> "FaceDetector":
        """See `edge_core.vision.load_face_detector`."""
        spec, path = find_model(name, "face-detector")
        size = size_px if size_px is not None else spec.input_size_px[0]
        return cls.of_file(path, size_px=size, score=score, provider=provider, threads=threads)

    @classmethod
    def of_file(
        cls,
        path: Path,
        *,
        size_px: int,
        score: float,
        provider: Provider = "auto",
        threads: int = 1,
    ) -> "FaceDetector":
        """The same from an ONNX file that is in no manifest."""
        probe = {_INPUT: np.zeros((1, 3, size_px, size_px), np.float32)}
        session = InferenceSession(path, probe, provider=provider, threads=threads)
        return cls(session, size_px=size_px, score=score)

    @property
    def provider(self) -> str:
        """What runs the network."""
        return self._session.provider

    def detect(self, images: Sequence[ImageArray]) -> list[Faces]:
        """Faces in each picture.

        Args:
            images: BGR pictures, uint8 (H, W, 3), each of any size. Faces lower than about
                10 pixels once the long side is `size_px` are not found.
        """
        return [self._detect_one(image, self.size_px) for image in images]

    def detect_on_people(self, frame: ImageArray, people_px: Float32Array) -> list[Faces]:
        """The faces of people whose boxes are known: looks only where heads are.

        Finds far smaller faces than `detect` on the whole frame, which it would shrink: each head
        is looked at in the frame's own resolution, or shrunk to `size_px`.

        Args:
            frame: BGR uint8 (H, W, 3).
            people_px: float32 (P, 4), person boxes in the frame.

        Returns:
            P `Faces` in the frame's pixels, each with at most one face: the surest one whose
            centre lies in the person's box.
        """
        checked(frame, "frame", (None, None, 3), np.uint8)
        checked(people_px, "people_px", (None, 4), np.float32)
        return [self._face_of(frame, box) for box in people_px]

    def _face_of(self, frame: ImageArray, person_px: Float32Array) -> Faces:
        x1, y1, x2, y2 = head_region(person_px, (frame.shape[1], frame.shape[0]))
        if min(x2 - x1, y2 - y1) < 2:
            return Faces.empty()
        # No larger than the head is: enlarging adds cost and no detail.
        long_px = max(x2 - x1, y2 - y1, _HEAD_LEAST_PX)
        size = min(self.size_px, -(-long_px // _STRIDE_PX) * _STRIDE_PX)
        faces = self._detect_one(frame[y1:y2, x1:x2], size).moved(1.0, x1, y1)
        middle = (faces.xyxy_px[:, :2] + faces.xyxy_px[:, 2:]) / 2
        mine = ((middle >= person_px[:2]) & (middle <= person_px[2:])).all(axis=1)
        return faces.only(np.flatnonzero(mine)[:1])

    def _detect_one(self, image: ImageArray, size_px: int) -> Faces:
        checked(image, "image", (None, None, 3), np.uint8)
        source_px = (image.shape[1], image.shape[0])
        letterbox = Letterbox.plan(source_px, size_px)
        network_input = cv2.dnn.blobFromImage(letterbox.apply(image), 1 / 255)
        maps = self._session.run({_INPUT: network_input})
        found = suppressed(decode_faces([cells[0] for cells in maps], self.score))
        # Points are moved as boxes without extent, so that one scaling serves both.
        points = found.landmarks_px.reshape(-1, 2)
        points = letterbox.to_source(np.concatenate([points, points], axis=1))[:, :2]
        boxes = clipped(letterbox.to_source(found.xyxy_px), source_px)
        return Faces(boxes, found.score, points.reshape(-1, 5, 2))


def head_region(person_px: Float32Array, size_px: tuple[int, int]) -> tuple[int, int, int, int]:
    """Where to look for a person's face: x1, y1, x2, y2 in whole pixels, inside the frame (ours).

    The upper part of the box and a margin around it; of a box that is wider than a standing
    person's (seated, or cut off below) correspondingly more.

    Args:
        person_px: float32 (4,).
        size_px: width and height of the frame.
    """
    x1, y1, x2, y2 = (float(side) for side in person_px)
    width, height = x2 - x1, y2 - y1
    part = min(height, max(HEAD_SHARE * height, width))
    margin = HEAD_MARGIN * max(width, part)
    left, top = max(0, round(x1 - margin)), max(0, round(y1 - margin))
    right = min(size_px[0], round(x2 + margin))
    bottom = min(size_px[1], round(y1 + part + margin))
    return left, top, max(left, right), max(top, bottom)


def decode_faces(maps: Sequence[Float32Array], score: float) -> Faces:
    """Faces of all cells whose score reaches a threshold; no order, nothing suppressed.

    The first five channels are the person detector's (`edge_core.vision.decode`); ten more give
    the landmarks' x and y as offsets from the cell's centre in strides (ours).

    Args:
        maps: one float32 (15, h, w) per stride 8, 16, 32.
        score: threshold, in 0..1 without the ends.

    Returns:
        Faces in pixels of the network's input.
    """
    least_logit = float(np.log(score / (1 - score)))
    parts = []
    for stride_px, cells in zip(STRIDES_PX, maps, strict=True):
        row, column = np.nonzero(cells[4] >= least_logit)
        chosen = cells[:, row, column].T
        cell = np.stack([column + 0.5, row + 0.5], axis=1).astype(np.float32)
        centre = cell + chosen[:, :2]
        half = np.exp(np.clip(chosen[:, 2:4], *_LOG_SIZE_RANGE)) / 2
        boxes = np.concatenate([centre - half, centre + half], axis=1)
        points = cell[:, None] + chosen[:, 5:].reshape(-1, 5, 2)
        sure = np.asarray(1 / (1 + np.exp(-chosen[:, 4])), np.float32)
        parts.append(Faces(boxes, sure, points).moved(stride_px, 0, 0))
    return Faces.joined(parts)


def suppressed(faces: Faces) -> Faces:
    """One face each: the surest stays, its box and landmarks averaged with those that agree.

    As `edge_core.vision.nms.vote`, for the landmarks too.
    """
    kept = non_maximum_suppression(faces.xyxy_px, faces.score, iou_limit=NMS_IOU)
    alike = iou(faces.xyxy_px[kept], faces.xyxy_px) >= VOTE_IOU
    weight = np.where(alike, faces.score, np.float32(0))
    weight /= np.maximum(weight.sum(axis=1, keepdims=True), 1e-9)
    boxes = (weight @ faces.xyxy_px).astype(np.float32)
    points = (weight @ faces.landmarks_px.reshape(-1, 10)).astype(np.float32)
    return Faces(boxes, faces.score[kept], points.reshape(-1, 5, 2))
