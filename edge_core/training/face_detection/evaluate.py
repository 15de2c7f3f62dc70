"""How good a face detector is, against what the teacher sees in many views of the same pictures."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np

from edge_core.training.detector.evaluate import match, score_detections
from edge_core.training.detector.pictures import Picture
from edge_core.training.detector.sets import Say, quiet
from edge_core.training.face_detection.data import FacePicture, judging_pictures, taught
from edge_core.training.face_detection.teacher import YuNet, landmark_error
from edge_core.types import Detections, ImageArray
from edge_core.vision.boxes import clipped, iou
from edge_core.vision.face_detect import FaceDetector, Faces
from edge_core.vision.models import find_model

SIZE_PX: Final = 320
SCORE_LEAST: Final = 0.02
OPERATING_SCORE: Final = 0.4
HEIGHTS_PX: Final = (0, 16, 24, 32, 48, 96, 10_000)
_IOU: Final = 0.5

DetectFaces = Callable[[Sequence[ImageArray]], list[Faces]]


@dataclass(frozen=True, slots=True)
class FaceScores:
    """A face detector on one set of pictures.

    Attributes:
        pictures, faces: size of the set.
        ap50: average precision at IoU 0.5.
        ap50_interval: 95 % of it over pictures drawn anew; of one video's frames too narrow.
        recall, precision: at the product's own threshold, score 0.4.
        landmark_error: mean distance of the found faces' landmarks as a share of the distance
            between the eyes (see `landmark_error`); median over faces; None where none is found.
        false_per_100: faces found, at score 0.4, in a hundred pictures that show none; None where
            every picture shows one.
        by_height: (least, most height in pixels of the picture, faces, recall) per class; None
            where no face is of that height.
    """

    pictures: int
    faces: int
    ap50: float
    ap50_interval: tuple[float, float]
    recall: float
    precision: float
    landmark_error: float | None
    false_per_100: float | None
    by_height: tuple[tuple[int, int, int, float | None], ...]


def score_faces(found: Sequence[Faces], pictures: Sequence[FacePicture]) -> FaceScores:
    """Judge findings with a low score threshold, one `Faces` a picture."""
    whole = score_detections(
        [Detections(one.xyxy_px, one.score) for one in found],
        [Picture(one.bgr, _inside(one), one.ignored_px) for one in pictures],
    )
    hits, rights, wrongs, heights, errors, alarms = [], 0, 0, [], [], []
    for faces, picture in zip(found, pictures, strict=True):
        sure = faces.only(faces.score >= OPERATING_SCORE)
        true = _inside(picture)
        right, counts = match(Detections(sure.xyxy_px, sure.score), true, picture.ignored_px, _IOU)
        rights, wrongs = rights + int(right.sum()), wrongs + int((counts & ~right).sum())
        if not len(true):
            alarms.append(int(counts.sum()))
            continue
        overlap = iou(true, sure.only(right).xyxy_px)
        nearest = overlap.argmax(axis=1) if overlap.shape[1] else np.zeros(len(true), int)
        hit = overlap.max(axis=1, initial=0.0) >= _IOU
        hits.append(hit)
        heights.append(picture.faces.xyxy_px[:, 3] - picture.faces.xyxy_px[:, 1])
        points = sure.only(right).landmarks_px[nearest[hit]]
        errors.append(landmark_error(points, picture.faces.landmarks_px[hit]))
    hit, height, error = (
        np.concatenate([np.zeros(0), *parts]) for parts in (hits, heights, errors)
    )
    return FaceScores(
        pictures=len(pictures),
        faces=len(hit),
        ap50=whole.ap50,
        ap50_interval=whole.ap50_interval,
        recall=float(hit.mean()) if len(hit) else 0.0,
        precision=rights / max(1, rights + wrongs),
        landmark_error=float(np.median(error)) if len(error) else None,
        false_per_100=100 * float(np.mean(alarms)) if alarms else None,
        by_height=tuple(_of_height(hit, height, low, high) for low, high in pairwise(HEIGHTS_PX)),
    )


def _inside(picture: FacePicture) -> Any:
    return clipped(picture.faces.xyxy_px, (picture.bgr.shape[1], picture.bgr.shape[0]))


def _of_height(hit: Any, height_px: Any, low: int, high: int) -> tuple[int, int, int, float | None]:
    mine = hit[(height_px >= low) & (height_px < high)]
    return low, high, len(mine), float(mine.mean()) if len(mine) else None


def judged_faces(detect: DetectFaces, sets: dict[str, list[FacePicture]]) -> dict[str, FaceScores]:
    """Scores of a detector on every set."""
    return {
        key: score_faces(detect([one.bgr for one in pictures]), pictures)
        for key, pictures in sets.items()
    }


def evaluate_face_detector(
    name: str,
    data: Path,
    *,
    labels: Path | None = None,
    size_px: int = SIZE_PX,
    say: Say = quiet,
) -> dict[str, Any]:
    """Judge a shipped face detector, an ONNX file, or `teacher`, seen once and unscaled.

    Args:
        name: as in the manifest, the path of an ONNX file, or `teacher`.
        data: folder with `detection`, `video` and `teachers`.
        labels: folder the teacher's boxes and points are kept in; None keeps nothing.
        size_px: long side of the input.
        say: progress.

    Returns:
        JSON values: name, size_px (0 for the teacher), and under `sets` the `FaceScores` of
        `pictures` and `walking`, and of `one view`: the same pictures by what the teacher sees in
        them unscaled.

    Raises:
        ModelError, SourceError: the model or the data is missing.
    """
    sets = judging_pictures(data, labels, say)
    teacher = YuNet(data / "teachers")
    seen = teacher.detect([one.bgr for one in sets["pictures"]])
    sets["one view"] = [
        taught(one.bgr, faces) for one, faces in zip(sets["pictures"], seen, strict=True)
    ]
    if name == "teacher":
        size, detect = 0, YuNet(data / "teachers", SCORE_LEAST).detect
    else:
        path = Path(name) if name.endswith(".onnx") else find_model(name, "face-detector")[1]
        size, detect = size_px, face_detector_of(path, size_px).detect
    scores = judged_faces(detect, sets)
    return {"name": name, "size_px": size, "sets": {k: asdict(v) for k, v in scores.items()}}


def face_detector_of(path: Path, size_px: int = SIZE_PX) -> FaceDetector:
    """A detector for judging that runs an ONNX file on the CPU."""
    return FaceDetector.of_file(path, size_px=size_px, score=SCORE_LEAST, provider="cpu")
