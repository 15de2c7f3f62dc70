"""Three public detectors that label what nobody labelled, joined into one.

person-detection-0200 (OpenVINO), YOLOX-nano and NanoDet-m, all Apache-2.0. What they draw is
kept as boxes in one npz a set, never as pictures.
"""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np

from edge_core.errors import ModelError
from edge_core.training.detector.fusion import fuse
from edge_core.training.detector.pictures import NO_BOXES, Picture
from edge_core.types import BoolArray, Detections, Float32Array, ImageArray
from edge_core.vision.boxes import clipped, iou
from edge_core.vision.letterbox import Letterbox
from edge_core.vision.nms import non_maximum_suppression

WEIGHTS: Final = (1.0, 0.9, 0.8)
"""Of YOLOX-nano, NanoDet-m and person-detection-0200."""
SURE: Final = 0.5
"""Fused score from which a box is taught as a person."""
POSSIBLE: Final = 0.2
"""Fused score from which a region is left out of teaching and judging."""
SAME_IOU: Final = 0.55
"""Overlap from which a label and a teacher's box are of one person."""
UNLABELLED_IOU: Final = 0.45
"""Overlap with every label below which a teacher's box is of somebody nobody labelled."""
TIGHTER: Final = 0.6
"""How far a label moves towards the teachers' box."""
_SCORE_LEAST: Final = 0.05
_SIZE_PX: Final = 416
_STRIDES_PX: Final = (8, 16, 32)
_QUARTER: Final = 0.6
_MEAN: Final = np.array([103.53, 116.28, 123.675], np.float32)
_SPREAD: Final = np.array([57.375, 57.12, 58.395], np.float32)


class YoloxNano:
    """YOLOX-nano at 416: letterbox, BGR 0..255."""

    def __init__(self, path: Path) -> None:
        self._run = _onnx(path)
        self._grid, self._stride = _grid(0.0)

    def detect(self, image: ImageArray) -> Detections:
        """People in uint8 (H, W, 3)."""
        letterbox, canvas = _letterboxed(image)
        raw = self._run(canvas)[0][0]
        centre = (raw[:, :2] + self._grid) * self._stride
        half = np.exp(raw[:, 2:4]) * self._stride / 2
        boxes = np.concatenate([centre - half, centre + half], axis=1)
        return _cleaned(letterbox.to_source(boxes), raw[:, 4] * raw[:, 5], image, 0.5)


class NanoDet:
    """NanoDet-m at 416: letterbox, normalised BGR, distances to the four sides as distributions."""

    def __init__(self, path: Path) -> None:
        self._run = _onnx(path)
        self._grid, self._stride = _grid(0.5)

    def detect(self, image: ImageArray) -> Detections:
        """People in uint8 (H, W, 3)."""
        letterbox, canvas = _letterboxed(image)
        normal = (canvas - _MEAN[:, None, None]) / _SPREAD[:, None, None]
        outputs = self._run(normal.astype(np.float32))
        score = np.concatenate([out[0, :, 0] for out in outputs[:3]])
        logits = np.concatenate([out[0] for out in outputs[3:]]).reshape(len(score), 4, 8)
        share = np.exp(logits - logits.max(axis=2, keepdims=True))
        side = (share @ np.arange(8, dtype=np.float32)) / share.sum(axis=2) * self._stride
        centre = self._grid * self._stride
        boxes = np.concatenate([centre - side[:, :2], centre + side[:, 2:]], axis=1)
        return _cleaned(letterbox.to_source(boxes.astype(np.float32)), score, image, 0.6)


class PersonDetection0200:
    """OpenVINO's person-detection-0200: stretched to 256x256, suppression inside."""

    def __init__(self, path: Path) -> None:
        import openvino

        core = openvino.Core()
        # bfloat16, the default where there is hardware for it, moves boxes.
        settings = {"INFERENCE_PRECISION_HINT": "f32", "INFERENCE_NUM_THREADS": 1}
        self._model = core.compile_model(core.read_model(path), "CPU", settings)

    def detect(self, image: ImageArray) -> Detections:
        """People in uint8 (H, W, 3)."""
        stretched = cv2.resize(image, (256, 256), interpolation=cv2.INTER_AREA)
        blob = np.ascontiguousarray(stretched.transpose(2, 0, 1)[None], np.float32)
        rows = self._model(blob)[0].reshape(-1, 7)
        side = np.array([image.shape[1], image.shape[0]] * 2, np.float32)
        return _cleaned(rows[:, 3:7] * side, rows[:, 2], image, 0.6)


class Ensemble:
    """The three together.

    Args:
        folder: the folder `teachers` of the data.

    Raises:
        ModelError: a teacher is missing.
    """

    def __init__(self, folder: Path) -> None:
        paths = [
            folder / name
            for name in (
                "yolox_nano_416x416.onnx", "nanodet_m_416.onnx", "person-detection-0200.xml"
            )
        ]  # fmt: skip
        missing = ", ".join(path.name for path in paths if not path.exists())
        if missing:
            raise ModelError(
                f"Teachers are missing from {folder}: {missing}.",
                "Give --data the folder that holds `teachers`.",
            )
        self._teachers: tuple[Any, ...] = (
            YoloxNano(paths[0]), NanoDet(paths[1]), PersonDetection0200(paths[2])
        )  # fmt: skip

    def detect(self, images: Sequence[ImageArray]) -> list[Detections]:
        """People in each picture, as `edge_core.vision.Detector.detect`."""
        return [self._whole(image) for image in images]

    def detect_far(self, images: Sequence[ImageArray]) -> list[Detections]:
        """The same for far views: the whole picture and four overlapping quarters of it."""
        return [self._with_quarters(image) for image in images]

    def _whole(self, image: ImageArray) -> Detections:
        return fuse([teacher.detect(image) for teacher in self._teachers], WEIGHTS)

    def _with_quarters(self, image: ImageArray) -> Detections:
        height, width = image.shape[:2]
        high, wide = round(height * _QUARTER), round(width * _QUARTER)
        boxes, scores = [], []
        whole = self._whole(image)
        for top in (0, height - high):
            for left in (0, width - wide):
                part = self._whole(
                    np.ascontiguousarray(image[top : top + high, left : left + wide])
                )
                whole_bodies = _not_cut(part.xyxy_px, (left, top), (wide, high), (width, height))
                offset = np.array([left, top, left, top], np.float32)
                boxes.append(part.xyxy_px[whole_bodies] + offset)
                scores.append(part.score[whole_bodies])
        xyxy = np.concatenate([whole.xyxy_px, *boxes])
        score = np.concatenate([whole.score, *scores])
        kept = non_maximum_suppression(xyxy, score, iou_limit=0.5)
        return Detections(xyxy[kept], score[kept])


def _not_cut(
    boxes: Float32Array, at: tuple[int, int], size: tuple[int, int], picture: tuple[int, int]
) -> BoolArray:
    """Bool (N,): boxes of a part that do not end where the part was cut out of the picture."""
    low = boxes[:, :2] > np.where(np.array(at) > 0, 3, -1)
    ends = np.array(at) + size < np.array(picture)
    high = boxes[:, 2:] < np.where(ends, np.array(size) - 3, np.array(size) + 1)
    return np.asarray((low & high).all(axis=1))


def taught(image: ImageArray, found: Detections) -> Picture:
    """A picture nobody labelled, with the sure boxes as people and the possible ones ignored."""
    sure = found.score >= SURE
    possible = (found.score >= POSSIBLE) & ~sure
    return Picture(image, found.xyxy_px[sure], found.xyxy_px[possible])


def completed(picture: Picture, found: Detections) -> Picture:
    """A labelled picture whose labels may be loose, and may miss people.

    A label moves towards the teachers' box of the same person, which holds the body tighter; whom
    only the teachers see is taught when they are sure, and ignored when it is possible.
    """
    labels = picture.xyxy_px
    likely = Detections(*(part[found.score >= POSSIBLE] for part in (found.xyxy_px, found.score)))
    if not len(labels) or not len(likely.score):
        overlap = np.zeros((len(labels), len(likely.score)), np.float32)
    else:
        overlap = iou(labels, likely.xyxy_px)
    refined = labels.copy()
    for label in np.flatnonzero(overlap.max(axis=1, initial=0.0) >= SAME_IOU):
        best = int(np.argmax(overlap[label]))
        # Nobody else's box: the teacher's must overlap this label most, too.
        if int(np.argmax(overlap[:, best])) == label:
            refined[label] += TIGHTER * (likely.xyxy_px[best] - labels[label])
    unlabelled = overlap.max(axis=0, initial=0.0) < UNLABELLED_IOU
    sure = unlabelled & (likely.score >= SURE)
    possible = unlabelled & ~sure
    return Picture(
        picture.bgr,
        np.concatenate([refined, likely.xyxy_px[sure]]),
        np.concatenate([picture.ignored_px, likely.xyxy_px[possible]]),
    )


def cached(
    path: Path | None,
    detect: Callable[[Sequence[ImageArray]], list[Detections]],
    images: Sequence[ImageArray],
    progress: Callable[[float], None] | None = None,
) -> list[Detections]:
    """Boxes from an earlier run, or drawn now and kept.

    Args:
        path: npz file of this set, made from the same pictures; None keeps nothing.
        detect: the teachers.
        images: the pictures.
        progress: told the share done, 0..1.
    """
    if path is not None and path.exists():
        with np.load(path) as stored:
            ends, boxes, score = stored["ends"], stored["xyxy_px"], stored["score"]
        if len(ends) == len(images):
            starts = [0, *ends[:-1]]
            return [Detections(boxes[a:b], score[a:b]) for a, b in zip(starts, ends, strict=True)]
    found = []
    for index, image in enumerate(images):
        found += detect([image])
        if progress is not None:
            progress((index + 1) / len(images))
    if path is None:
        return found
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(
        path,
        ends=np.cumsum([len(one.score) for one in found]),
        xyxy_px=np.concatenate([NO_BOXES, *(one.xyxy_px for one in found)]),
        score=np.concatenate([np.zeros(0, np.float32), *(one.score for one in found)]),
    )
    return found


def _onnx(path: Path) -> Callable[[Float32Array], list[Float32Array]]:
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    session = ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name
    return lambda x: list(session.run(None, {name: x[None]}))


def _letterboxed(image: ImageArray) -> tuple[Letterbox, Float32Array]:
    letterbox = Letterbox.plan((image.shape[1], image.shape[0]), _SIZE_PX, square=True)
    return letterbox, letterbox.apply(image).transpose(2, 0, 1).astype(np.float32)


def _grid(offset: float) -> tuple[Float32Array, Float32Array]:
    """Cells (A, 2) as x, y in strides, and strides (A, 1) in pixels, of a 416x416 input."""
    cells, strides = [], []
    for stride in _STRIDES_PX:
        side = np.arange(_SIZE_PX // stride, dtype=np.float32) + np.float32(offset)
        x, y = np.meshgrid(side, side)
        cells.append(np.stack([x.ravel(), y.ravel()], axis=1))
        strides.append(np.full((x.size, 1), stride, np.float32))
    return np.concatenate(cells), np.concatenate(strides)


def _cleaned(
    boxes: Float32Array, score: Float32Array, image: ImageArray, iou_limit: float
) -> Detections:
    likely = score >= _SCORE_LEAST
    boxes, score = boxes[likely], score[likely]
    kept = non_maximum_suppression(boxes, score, iou_limit=iou_limit)
    inside = clipped(boxes[kept], (image.shape[1], image.shape[0]))
    return Detections(inside.astype(np.float32), score[kept].astype(np.float32))
