"""Faces to learn age and gender from, and the share of them that chooses instead of teaching.

One training face in ten, by its number, is held out: it picks the pass that ships, the
temperature and the thresholds, so that the validation folder measures and nothing else.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from edge_core.errors import SourceError
from edge_core.training.detector.pictures import Progress
from edge_core.types import BoolArray, Float32Array, ImageArray, Int64Array

SIDE_PX: Final = 96
HELD_OUT_EVERY: Final = 10
"""Faces whose number is a multiple of this are never trained on."""
ADULT_YEARS: Final = (18, 75)
"""Ages, both included, that targets and figures of adults are for."""
_NAME: Final = re.compile(r"(\d+)_a(\d+)_g([01])_r(\d)")


@dataclass(frozen=True, slots=True)
class Faces:
    """Aligned faces, struct of arrays.

    Attributes:
        bgr: uint8 (N, 96, 96, 3).
        number: int64 (N,), of the file.
        age_years: float32 (N,), as labelled.
        female: float32 (N,), 1 or 0, as labelled.
        group: int64 (N,), the data set's own group code: for telling errors apart, never learnt.
    """

    bgr: ImageArray
    number: Int64Array
    age_years: Float32Array
    female: Float32Array
    group: Int64Array

    def __len__(self) -> int:
        return len(self.number)

    def only(self, mask: BoolArray | Int64Array) -> "Faces":
        """Those of a bool (N,) mask or at places."""
        return Faces(
            self.bgr[mask],
            self.number[mask],
            self.age_years[mask],
            self.female[mask],
            self.group[mask],
        )

    def joined(self, others: "Faces") -> "Faces":
        """These and then others."""
        return Faces(
            np.concatenate([self.bgr, others.bgr]),
            np.concatenate([self.number, others.number]),
            np.concatenate([self.age_years, others.age_years]),
            np.concatenate([self.female, others.female]),
            np.concatenate([self.group, others.group]),
        )

    def held_out(self) -> BoolArray:
        """Bool (N,): faces kept from training."""
        return np.asarray(self.number % HELD_OUT_EVERY == 0)

    def adults(self) -> BoolArray:
        """Bool (N,): labelled 18 to 75."""
        return np.asarray((self.age_years >= ADULT_YEARS[0]) & (self.age_years <= ADULT_YEARS[1]))


def read_faces(folder: Path, progress: Progress | None = None) -> Faces:
    """Faces named `NUMBER_aAGE_gGENDER_rGROUP.jpg`; gender 0 male, 1 female.

    Raises:
        SourceError: there are none, or one is misnamed or cannot be read.
    """
    paths = sorted(folder.glob("*.jpg"))
    if not paths:
        raise SourceError(f"There are no faces in {folder}.", "Give the folder that holds `faces`.")
    bgr = np.empty((len(paths), SIDE_PX, SIDE_PX, 3), np.uint8)
    told = np.empty((len(paths), 4), np.int64)
    for index, path in enumerate(paths):
        image, name = cv2.imread(str(path)), _NAME.fullmatch(path.stem)
        if image is None or name is None:
            raise SourceError(f"The face {path} cannot be used.", "Copy the data anew.")
        bgr[index] = cv2.resize(image, (SIDE_PX, SIDE_PX))
        told[index] = [int(part) for part in name.groups()]
        if progress is not None:
            progress((index + 1) / len(paths))
    number, age, female, group = told.T
    return Faces(bgr, number, age.astype(np.float32), female.astype(np.float32), group)
