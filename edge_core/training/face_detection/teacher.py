"""The face detector's teacher: YuNet, looked through at several scales and mirrored.

YuNet (Wu, Peng and Yu 2023; OpenCV's `FaceDetectorYN`, MIT). Run by ONNX Runtime, which takes a
quarter of OpenCV's time for it. What it sees is kept as boxes and points, never as pictures.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np

from edge_core.errors import ModelError
from edge_core.training.detector.pictures import Progress
from edge_core.types import BoolArray, Float32Array, ImageArray
from edge_core.vision.boxes import area_px2, intersection_px2, iou
from edge_core.vision.decode import STRIDES_PX
from edge_core.vision.face_detect import Faces
from edge_core.vision.nms import non_maximum_suppression

FILE: Final = "face_detection_yunet_2026may.onnx"
SURE: Final = 0.6
"""Score from which a face is taught and judged by."""
POSSIBLE: Final = 0.3
"""Score from which a region is left out of teaching and judging."""
SCALES: Final = (1.0, 2.0)
_NMS_IOU: Final = 0.3
_SAME_IOU: Final = 0.4
_NESTED_SHARE: Final = 0.7
_MIRRORED: Final = (1, 0, 2, 4, 3)
"""Which landmark each becomes in a mirrored picture."""


class YuNet:
    """The teacher on one picture as it is; boxes and scores equal `cv2.FaceDetectorYN`'s.

    Args:
        folder: the folder `teachers` of the data.
        score: faces below it are dropped.

    Raises:
        ModelError: the file is missing.
    """

    def __init__(self, folder: Path, score: float = POSSIBLE) -> None:
        import onnxruntime as ort

        path = folder / FILE
        if not path.exists():
            raise ModelError(
                f"The teacher {FILE} is missing from {folder}.",
                "Give --data the folder that holds `teachers`.",
            )
        options = ort.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        self._session = ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        self._score = score

    def detect(self, images: Sequence[ImageArray]) -> list[Faces]:
        """Faces in each uint8 (H, W, 3) picture."""
        return [self._one(image) for image in images]

    def _one(self, image: ImageArray) -> Faces:
        high, wide = (-image.shape[axis] % 32 for axis in (0, 1))
        # Black below and right, as OpenCV fills up to whole cells.
        canvas = np.pad(image, ((0, high), (0, wide), (0, 0)))
        maps = self._run(canvas)
        parts = []
        for index, stride in enumerate(STRIDES_PX):
            sure, present, sides, points = (maps[index + 3 * kind][0] for kind in range(4))
            score = np.sqrt(np.clip(sure[:, 0], 0, 1) * np.clip(present[:, 0], 0, 1))
            chosen = np.flatnonzero(score >= self._score)
            across = canvas.shape[1] // stride
            cell = np.stack([chosen % across, chosen // across], axis=1).astype(np.float32)
            centre, half = cell + sides[chosen, :2], np.exp(sides[chosen, 2:]) / 2
            boxes = np.concatenate([centre - half, centre + half], axis=1)
            marks = cell[:, None] + points[chosen].reshape(-1, 5, 2)
            parts.append(Faces(boxes, score[chosen], marks).moved(stride, 0, 0))
        faces = Faces.joined(parts)
        kept = non_maximum_suppression(faces.xyxy_px, faces.score, iou_limit=_NMS_IOU, at_most=5000)
        return faces.only(kept)

    def _run(self, canvas: ImageArray) -> list[Any]:
        blob = np.ascontiguousarray(canvas.transpose(2, 0, 1)[None], np.float32)
        return list(self._session.run(None, {"input": blob}))


class ManyViews:
    """The teacher on a picture as it is, mirrored, and enlarged, the findings joined.

    Args:
        teacher: looks at each view.
        scales: of the views beside the mirrored one; larger ones show it smaller faces.
    """

    def __init__(self, teacher: YuNet, scales: Sequence[float] = SCALES) -> None:
        self._teacher = teacher
        self._scales = tuple(scales)

    def detect(self, images: Sequence[ImageArray]) -> list[Faces]:
        """Faces in each uint8 (H, W, 3) picture; the score is the best view's."""
        return [self._one(image) for image in images]

    def _one(self, image: ImageArray) -> Faces:
        flipped = np.ascontiguousarray(image[:, ::-1])
        views = [mirrored_faces(self._teacher.detect([flipped])[0], image.shape[1])]
        for scale in self._scales:
            larger = image if scale == 1 else _resized(image, scale)
            views.append(self._teacher.detect([larger])[0].moved(1 / scale, 0, 0))
        return merged(Faces.joined(views))


def _resized(image: ImageArray, scale: float) -> ImageArray:
    how = cv2.INTER_CUBIC if scale > 1 else cv2.INTER_AREA
    return np.asarray(cv2.resize(image, None, fx=scale, fy=scale, interpolation=how), np.uint8)


def mirrored_faces(faces: Faces, width_px: int) -> Faces:
    """Faces of a picture mirrored left to right: each person's sides change names too."""
    boxes = faces.xyxy_px
    turned = np.stack(
        [width_px - boxes[:, 2], boxes[:, 1], width_px - boxes[:, 0], boxes[:, 3]], axis=1
    )
    points = faces.landmarks_px[:, list(_MIRRORED)].copy()
    points[..., 0] = width_px - points[..., 0]
    return Faces(turned, faces.score, points)


def merged(faces: Faces) -> Faces:
    """One face where several views saw it: boxes and points averaged by score (ours).

    A face inside a larger and surer one is a teacher's slip (an eye or a mouth of a face shown
    too large), since heads do not nest: it goes.
    """
    kept = non_maximum_suppression(faces.xyxy_px, faces.score, iou_limit=_SAME_IOU, at_most=5000)
    same = iou(faces.xyxy_px[kept], faces.xyxy_px) >= _SAME_IOU
    weight = np.where(same, faces.score, np.float32(0)) ** 2
    weight /= np.maximum(weight.sum(axis=1, keepdims=True), 1e-9)
    boxes = (weight @ faces.xyxy_px).astype(np.float32)
    points = (weight @ faces.landmarks_px.reshape(-1, 10)).astype(np.float32)
    whole = Faces(boxes, faces.score[kept], points.reshape(-1, 5, 2))
    return whole.only(~_nested(whole))


def _nested(faces: Faces) -> BoolArray:
    """Bool (N,): which lie within a larger and surer face."""
    area = area_px2(faces.xyxy_px)
    share = intersection_px2(faces.xyxy_px, faces.xyxy_px) / np.maximum(area, 1e-9)[:, None]
    beaten = (share >= _NESTED_SHARE) & (area[None, :] > area[:, None])
    return np.asarray((beaten & (faces.score[None, :] > faces.score[:, None])).any(axis=1))


def labels(
    path: Path | None,
    teacher: ManyViews,
    images: Sequence[ImageArray],
    progress: Progress | None = None,
) -> list[Faces]:
    """The teacher's findings from an earlier run, or found now and kept.

    Args:
        path: npz file of this set, made from the same pictures; None keeps nothing.
        teacher: asked where nothing is kept.
        images: the pictures.
        progress: told the share done, 0..1.
    """
    if path is not None and path.exists():
        with np.load(path) as stored:
            ends = stored["ends"]
            every = Faces(stored["xyxy_px"], stored["score"], stored["landmarks_px"])
        if len(ends) == len(images):
            starts = [0, *ends[:-1]]
            return [every.only(slice(a, b)) for a, b in zip(starts, ends, strict=True)]
    found = []
    for index, image in enumerate(images):
        found += teacher.detect([image])
        if progress is not None:
            progress((index + 1) / len(images))
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        every = Faces.joined(found)
        np.savez_compressed(
            path,
            ends=np.cumsum([len(one) for one in found]),
            xyxy_px=every.xyxy_px,
            score=every.score,
            landmarks_px=every.landmarks_px,
        )
    return found


def landmark_error(found: Float32Array, true: Float32Array) -> Float32Array:
    """Mean distance (N,) of landmarks (N, 5, 2) from the true ones, as a share of the face.

    Of the distance between the true eyes; where a face is turned and the eyes fall together, of
    half the distance between the eyes' middle and the mouth's, which hardly shrinks with yaw.
    """
    eyes, mouth = true[:, :2].mean(1), true[:, 3:].mean(1)
    across = np.linalg.norm(true[:, 0] - true[:, 1], axis=1)
    down = np.linalg.norm(eyes - mouth, axis=1)
    scale = np.maximum(np.maximum(across, down / 2), 1e-6)
    return np.asarray(np.linalg.norm(found - true, axis=2).mean(1) / scale, np.float32)
