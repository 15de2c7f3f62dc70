"""Person crops to learn body attributes from: CC BY pictures and videos only.

The labelled boxes, and what the shipped detector finds beside them. Pictures come in runs of
near-copies (turned, darkened) and of frames of one scene, so the unit that is held out, and drawn
for intervals, is a run of pictures, never a crop. Two videos, the entry and the store aisle, are
left out whole: there whole tracks are judged.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from edge_core.training.body.faces import FaceGender
from edge_core.training.body.teacher import HEIGHT_PX, WIDTH_PX
from edge_core.training.detector.pictures import (
    NO_BOXES,
    Picture,
    Progress,
    read_folder,
    read_frames,
)
from edge_core.training.detector.sets import Clip, Say
from edge_core.training.reid.data import usable
from edge_core.types import BoolArray, Float32Array, Float64Array, ImageArray, Int64Array
from edge_core.vision import load_detector
from edge_core.vision.boxes import iou
from edge_core.vision.detect import Detector

MARGIN: Final = 0.1
"""Of the box's size, kept on every side for shifts and scales."""
KEPT_WIDTH_PX: Final = round(WIDTH_PX * (1 + 2 * MARGIN))
KEPT_HEIGHT_PX: Final = round(HEIGHT_PX * (1 + 2 * MARGIN))
HELD_OUT_BLOCK: Final = 50
HELD_OUT_EVERY: Final = 10
GUARD: Final = 6
"""Training keeps so many pictures away from those that are judged on."""
TRAINING_CLIPS: Final = (
    Clip("intel_preview_face-demographics-walking.gif", 1),
    Clip("intel_preview_people-detection.gif", 1),
    Clip("intel_preview_person-bicycle-car-detection.gif", 1),
)
_CLIPS_FROM: Final = 1_000_000
_SCORE_LEAST: Final = 0.5
_SAME_BOX_IOU: Final = 0.5
_SAME_SCENE: Final = 0.7
_RUN: Final = 8
_THUMBNAIL_PX: Final = 16


@dataclass(frozen=True, slots=True)
class BodyCrops:
    """Person crops with a margin, struct of arrays.

    Attributes:
        bgr: uint8 (N, 192, 96, 3); the box is the middle 160x80.
        picture: int64 (N,), number of the picture.
        box: int64 (N,), place of the labelled box in the picture; -1 for a detector's box.
        run: int64 (N,), crops of one run of near-copies and one scene share it.
        face_female: float32 (N,), what the face tells, 0 or 1; NaN where it tells nothing.
    """

    bgr: ImageArray
    picture: Int64Array
    box: Int64Array
    run: Int64Array
    face_female: Float32Array

    def __len__(self) -> int:
        return len(self.picture)

    def only(self, mask: BoolArray) -> "BodyCrops":
        """Those of a bool (N,) mask."""
        return BodyCrops(
            self.bgr[mask],
            self.picture[mask],
            self.box[mask],
            self.run[mask],
            self.face_female[mask],
        )

    def plain(self) -> ImageArray:
        """The boxes without margin, uint8 (N, 160, 80, 3)."""
        top, left = (KEPT_HEIGHT_PX - HEIGHT_PX) // 2, (KEPT_WIDTH_PX - WIDTH_PX) // 2
        return self.bgr[:, top : top + HEIGHT_PX, left : left + WIDTH_PX]


def read_body_crops(data: Path, say: Say) -> dict[str, BodyCrops]:
    """Crops by use: `train`, `held-out` (blocks of the training pictures) and `val`.

    Args:
        data: folder with `detection`, `video` and `teachers`.
        say: progress.

    Raises:
        SourceError: pictures or videos are missing.
        ModelError: a teacher is missing.
    """
    faces = FaceGender(data / "teachers")
    train, val = (_numbered(data / "detection" / part, say) for part in ("train", "val"))
    block = train.number // HELD_OUT_BLOCK % HELD_OUT_EVERY == 0
    used = ~block & ~beside(train, train.only(block)) & ~beside(train, val)
    sets = {"train": train.only(used), "held-out": train.only(block), "val": val}
    crops = {
        name: _cut(some.pictures, some.number, runs(some), faces, say(f"cut: {name}"))
        for name, some in sets.items()
    }
    crops["train"] = _joined([crops["train"], *_of_clips(data / "video", faces, say)])
    return crops


@dataclass(frozen=True, slots=True)
class Numbered:
    """Pictures and their numbers.

    Attributes:
        pictures: N of them.
        number: int64 (N,), rising.
        thumbnail: float64 (N, 256), 16x16 grey levels, centred, rows of unit length.
    """

    pictures: Sequence[Picture]
    number: Int64Array
    thumbnail: Float64Array

    def only(self, mask: BoolArray) -> "Numbered":
        """Those of a bool (N,) mask."""
        some = [self.pictures[i] for i in np.flatnonzero(mask).tolist()]
        return Numbered(some, self.number[mask], self.thumbnail[mask])


def _numbered(folder: Path, say: Say) -> Numbered:
    pictures = read_folder(folder, say(f"read: {folder.name}"))
    number = np.array([int(path.stem) for path in sorted(folder.glob("*.jpg"))], np.int64)
    return Numbered(pictures, number, thumbnails([picture.bgr for picture in pictures]))


def thumbnails(images: Sequence[ImageArray]) -> Float64Array:
    """Float64 (N, 256): 16x16 grey levels, centred, rows of unit length."""
    size, how = (_THUMBNAIL_PX, _THUMBNAIL_PX), cv2.INTER_AREA
    grey = [cv2.cvtColor(image, cv2.COLOR_BGR2GRAY) for image in images]
    rows = np.array([cv2.resize(one, size, interpolation=how).ravel() for one in grey], np.float64)
    rows -= rows.mean(axis=1, keepdims=True)
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9))


def beside(pictures: Numbered, judged: Numbered) -> BoolArray:
    """Bool (N,): pictures that may show a scene, or a person, of those that are judged on.

    Their numbers are near, or their thumbnails correlate: the labelled folders hold grey, turned
    and darkened copies of each other's pictures and frames of one scene.
    """
    near = abs(pictures.number[:, None] - judged.number[None]).min(axis=1) <= GUARD
    alike = (pictures.thumbnail @ judged.thumbnail.T).max(axis=1) >= _SAME_SCENE
    return np.asarray(near | alike)


def _of_clips(folder: Path, faces: FaceGender, say: Say) -> Iterator[BodyCrops]:
    for index, clip in enumerate(TRAINING_CLIPS):
        number = _CLIPS_FROM * (index + 1)
        frames = read_frames(folder / clip.file, clip.every)
        pictures = [Picture(frame, NO_BOXES, NO_BOXES) for frame in frames]
        numbers = number + np.arange(len(frames))
        run = np.full(len(frames), number)
        yield _cut(pictures, numbers, run, faces, say(f"cut: {clip.file}"))


def _cut(
    pictures: Sequence[Picture],
    numbers: Int64Array,
    run: Int64Array,
    faces: FaceGender,
    progress: Progress,
) -> BodyCrops:
    detector = load_detector("person-s", score=_SCORE_LEAST, provider="cpu")
    crops, rows, female = [], [], [np.zeros(0, np.float32)]
    for index, picture in enumerate(pictures):
        boxes, places = _people(picture, detector)
        crops += [with_margin(picture.bgr, box) for box in boxes]
        rows += [(int(numbers[index]), int(place), int(run[index])) for place in places]
        female.append(faces(picture.bgr, boxes))
        progress((index + 1) / len(pictures))
    bgr = np.array(crops, np.uint8).reshape(-1, KEPT_HEIGHT_PX, KEPT_WIDTH_PX, 3)
    number, place, first = np.array(rows, np.int64).reshape(-1, 3).T.copy()
    return BodyCrops(bgr, number, place, first, np.concatenate(female))


def _people(picture: Picture, detector: Detector) -> tuple[Float32Array, Int64Array]:
    """Usable boxes (N, 4) and their places among the labelled ones, -1 for found ones."""
    labelled = np.flatnonzero(usable(picture.xyxy_px))
    found = detector.detect([picture.bgr])[0].xyxy_px
    found = found[usable(found)]
    if len(found) and len(picture.xyxy_px):
        found = found[iou(found, picture.xyxy_px).max(axis=1) < _SAME_BOX_IOU]
    places = np.concatenate([labelled, np.full(len(found), -1)])
    return np.concatenate([picture.xyxy_px[labelled], found]), places


def with_margin(image: ImageArray, xyxy_px: Float32Array) -> ImageArray:
    """A box (4,) and its surroundings, uint8 (192, 96, 3); beyond the edge its last pixels."""
    x1, y1, x2, y2 = (float(side) for side in xyxy_px)
    wide, high = (x2 - x1) * MARGIN, (y2 - y1) * MARGIN
    left, top = int(np.floor(x1 - wide)), int(np.floor(y1 - high))
    right, bottom = int(np.ceil(x2 + wide)), int(np.ceil(y2 + high))
    height, width = image.shape[:2]
    inside = image[max(0, top) : min(height, bottom), max(0, left) : min(width, right)]
    whole = cv2.copyMakeBorder(
        inside,
        max(0, -top),
        max(0, bottom - height),
        max(0, -left),
        max(0, right - width),
        cv2.BORDER_REPLICATE,
    )
    size = (KEPT_WIDTH_PX, KEPT_HEIGHT_PX)
    shrinking = whole.shape[0] > KEPT_HEIGHT_PX
    how = cv2.INTER_AREA if shrinking else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(whole, size, interpolation=how), np.uint8)


def runs(pictures: Numbered) -> Int64Array:
    """For each picture the number of the first one of its run, int64 (N,) (ours).

    Pictures whose numbers differ by at most eight and whose thumbnails correlate by .7 hang
    together, and so does everything between them.
    """
    first = pictures.number.copy()
    for index, number in enumerate(pictures.number):
        for before in range(max(0, index - _RUN), index):
            close = number - pictures.number[before] <= _RUN
            if close and pictures.thumbnail[index] @ pictures.thumbnail[before] >= _SAME_SCENE:
                first[before + 1 : index + 1] = first[before]
                break
    return first


def _joined(parts: Sequence[BodyCrops]) -> BodyCrops:
    return BodyCrops(
        np.concatenate([part.bgr for part in parts]),
        np.concatenate([part.picture for part in parts]),
        np.concatenate([part.box for part in parts]),
        np.concatenate([part.run for part in parts]),
        np.concatenate([part.face_female for part in parts]),
    )
