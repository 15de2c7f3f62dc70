"""Person crops to learn re-identification from: named ones, and unnamed ones cut from pictures.

One identity in ten of the named training crops is held out, by its number, in both sources
alike: the validation folder is small and of one source only.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from edge_core.errors import SourceError
from edge_core.training.detector.pictures import Progress
from edge_core.training.detector.sets import Say
from edge_core.training.reid.teachers import CROP_HEIGHT_PX, CROP_WIDTH_PX
from edge_core.types import BoolArray, Float32Array, ImageArray, Int64Array
from edge_core.vision import load_detector
from edge_core.vision.crops import crop

HELD_OUT_EVERY: Final = 10
"""Identities whose number is a multiple of this are never trained on."""
CUHK01_FROM: Final = 10_000
"""Identities of CUHK01 are numbered from here; those below are of CUHK03."""
CROP_HEIGHT_LEAST_PX: Final = 64
CROP_SHAPE: Final = (CROP_HEIGHT_PX, CROP_WIDTH_PX, 3)
_WAIST: Final = (0.35, 0.65)
_CROP_PX: Final = (CROP_WIDTH_PX, CROP_HEIGHT_PX)
_SCORE_LEAST: Final = 0.5
_ASPECT: Final = (1.4, 4.5)
_PICTURES_AT_ONCE: Final = 8
_NAME: Final = re.compile(r"(\d+)_c(\d+)_\d+")


@dataclass(frozen=True, slots=True)
class Crops:
    """Person crops, struct of arrays.

    Attributes:
        bgr: uint8 (N, 256, 128, 3).
        identity: int64 (N,); -1 where nobody knows, below that tracks whom nobody named.
        camera: int64 (N,).
    """

    bgr: ImageArray
    identity: Int64Array
    camera: Int64Array

    def __len__(self) -> int:
        return len(self.identity)

    def only(self, mask: BoolArray) -> "Crops":
        """Those of a bool (N,) mask."""
        return Crops(self.bgr[mask], self.identity[mask], self.camera[mask])

    def held_out(self) -> BoolArray:
        """Bool (N,): crops of identities kept from training."""
        return np.asarray(self.identity % HELD_OUT_EVERY == 0)


def read_crops(folder: Path, progress: Progress | None = None) -> Crops:
    """Crops named `IDENTITY_cCAMERA_NUMBER.jpg`.

    Raises:
        SourceError: there are none, or one is misnamed or cannot be read.
    """
    paths = sorted(folder.glob("*.jpg"))
    if not paths:
        raise SourceError(f"There are no crops in {folder}.", "Give the folder that holds `reid`.")
    bgr = np.empty((len(paths), *CROP_SHAPE), np.uint8)
    who = np.empty((len(paths), 2), np.int64)
    for index, path in enumerate(paths):
        image, name = cv2.imread(str(path)), _NAME.fullmatch(path.stem)
        if image is None or name is None:
            raise SourceError(f"The crop {path} cannot be used.", "Copy the data anew.")
        bgr[index] = cv2.resize(image, _CROP_PX)
        who[index] = int(name[1]), int(name[2])
        if progress is not None:
            progress((index + 1) / len(paths))
    return Crops(bgr, who[:, 0], who[:, 1])


def judging_crops(data: Path) -> dict[str, Crops]:
    """Crops that training never sees: validation, and held-out identities by source.

    Args:
        data: folder with `reid`.

    Raises:
        SourceError: crops are missing.
    """
    train = read_crops(data / "reid" / "train")
    late = train.identity >= CUHK01_FROM
    return {
        "val": read_crops(data / "reid" / "val"),
        "held-out CUHK01": train.only(train.held_out() & late),
        "held-out CUHK03": train.only(train.held_out() & ~late),
    }


def unnamed_crops(data: Path, most: int, seed: int, say: Say) -> Crops:
    """People cut by the shipped detector from the detection pictures, which are open data.

    Args:
        data: folder with `detection`.
        most: at most so many crops, drawn evenly.
        seed: of the drawing.
        say: progress.

    Raises:
        SourceError: pictures are missing.
    """
    paths = sorted((data / "detection" / "train").glob("*.jpg"))
    if not paths:
        raise SourceError(f"There are no pictures in {data}.", "Give the folder with `detection`.")
    rng = np.random.default_rng(seed)
    # About one usable crop a picture: no need to search many more than asked for.
    paths = [paths[i] for i in sorted(rng.permutation(len(paths))[:most])]
    crops = cut_people(_read(paths), say("cut: pictures"))
    kept = sorted(rng.permutation(len(crops))[:most])
    bgr = np.array([crops[i] for i in kept], np.uint8)
    bgr = bgr.reshape(-1, *CROP_SHAPE)
    nobody = np.full(len(bgr), -1, np.int64)
    return Crops(bgr, nobody, nobody)


def _read(paths: Sequence[Path]) -> list[ImageArray]:
    images = [cv2.imread(str(path)) for path in paths]
    return [np.asarray(image, np.uint8) for image in images if image is not None]


def cut_people(images: Sequence[ImageArray], progress: Progress) -> list[ImageArray]:
    """Crops uint8 (256, 128, 3) of people who are seen surely, upright and large enough."""
    detector = load_detector("person-s", score=_SCORE_LEAST, provider="cpu")
    crops = []
    for start in range(0, len(images), _PICTURES_AT_ONCE):
        some = images[start : start + _PICTURES_AT_ONCE]
        for image, found in zip(some, detector.detect(some), strict=True):
            crops += [cut(image, box) for box in found.xyxy_px[usable(found.xyxy_px)]]
        progress((start + len(some)) / len(images))
    return crops


def cut(image: ImageArray, box_px: Float32Array) -> ImageArray:
    """The part of a picture inside a box (4,), as a crop uint8 (256, 128, 3)."""
    return np.asarray(cv2.resize(crop(image, box_px), _CROP_PX), np.uint8)


def usable(xyxy_px: Float32Array) -> BoolArray:
    """Bool (N,): boxes that may hold most of an upright person, at a size that tells something."""
    width, height = (xyxy_px[:, 2:] - xyxy_px[:, :2]).T
    aspect = height / np.maximum(width, 1e-6)
    upright = (aspect >= _ASPECT[0]) & (aspect <= _ASPECT[1])
    return np.asarray(upright & (height >= CROP_HEIGHT_LEAST_PX))


def composed(crops: Crops, count: int, rng: np.random.Generator) -> Crops:
    """People who do not exist: the upper part of one crop over the lower part of another (ours).

    What teachers say of people whom labels name is known by heart; of these it is not.

    Args:
        crops: at least one; both parts are taken from one camera.
        count: N.
        rng: all chance; the same draws for crops of any size.

    Returns:
        N crops of nobody, their `camera` kept.
    """
    upper = rng.integers(len(crops), size=count)
    lower, camera = upper.copy(), crops.camera[upper]
    for one in np.unique(camera):
        here = np.flatnonzero(camera == one)
        lower[here] = rng.choice(np.flatnonzero(crops.camera == one), len(here))
    waists = rng.uniform(*_WAIST, count)
    bgr = crops.bgr[upper]
    for index, (other, waist) in enumerate(zip(lower, waists, strict=True)):
        row = round(waist * bgr.shape[1])
        bgr[index, row:] = crops.bgr[other, row:]
    return Crops(bgr, np.full(count, -1, np.int64), camera)
