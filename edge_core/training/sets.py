"""Which pictures the person detectors learn from, and which they are judged on.

Training: the labelled folder, frames of sample videos that three teachers label, and frames of
the simulated mall. Judging, on three sets that share no frame and no simulated site with them:
the labelled folder's validation part; frames seen from above (the last part of one video, after
a gap, and the whole of another), by the teachers' boxes; and the simulated shop, by its truth.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from edge_core.training.augment import Draw
from edge_core.training.pictures import Picture, Progress, read_folder, read_frames, simulate
from edge_core.training.teachers import Ensemble, cached, completed, taught
from edge_core.vision.models import MODELS_FOLDER

MALLS_FOLDER: Final = MODELS_FOLDER.parent / "malls"
SHARES: Final = {"labelled": 0.70, "video": 0.24, "simulated": 0.06}
"""How often a training picture is drawn from each source."""
_SIMULATED_INSTANTS: Final = 12


@dataclass(frozen=True, slots=True)
class Clip:
    """A part of a video: every n-th frame between two shares of its length.

    `far` tells the teachers to look at quarters of the frame too.
    """

    file: str
    every: int
    start: float = 0.0
    stop: float = 1.0
    far: bool = False


TRAINING_CLIPS: Final = (
    Clip("concourse.mp4", 4, stop=0.6, far=True),
    Clip("intel_one-by-one-person-detection.mp4", 20),
    Clip("intel_preview_store-aisle-detection.gif", 3),
    Clip("intel_preview_people-detection.gif", 2),
    Clip("intel_preview_face-demographics-walking.gif", 3),
)
JUDGING_CLIPS: Final = (
    Clip("concourse.mp4", 4, start=0.7, far=True),
    Clip("intel_preview_person-bicycle-car-detection.gif", 2, far=True),
)

Say = Callable[[str], Progress]
"""Opens a line of progress with this name; what it returns is told the share done."""


def quiet(_: str) -> Progress:
    """Says nothing."""
    return lambda _: None


def training_sources(data: Path, labels: Path | None, say: Say = quiet) -> dict[str, list[Picture]]:
    """All training pictures by source.

    Args:
        data: folder with `detection`, `video` and `teachers`.
        labels: folder the teachers' boxes are kept in, made if need be; None keeps nothing.
        say: progress.

    Raises:
        SourceError: pictures or videos are missing.
        ModelError: teachers are missing.
    """
    ensemble = Ensemble(data / "teachers")
    plain = read_folder(data / "detection" / "train", say("read pictures"))
    found = cached(
        labels and labels / "detection.npz",
        ensemble.detect,
        [p.bgr for p in plain],
        say("teachers: pictures"),
    )
    return {
        "labelled": [completed(p, f) for p, f in zip(plain, found, strict=True)],
        "video": _labelled_frames(data, TRAINING_CLIPS, ensemble, labels, say),
        "simulated": simulate(MALLS_FOLDER / "mall", _SIMULATED_INSTANTS, seed=1),
    }


def judging_sets(data: Path, labels: Path | None, say: Say = quiet) -> dict[str, list[Picture]]:
    """The three sets a detector is judged on; see the module."""
    ensemble = Ensemble(data / "teachers")
    return {
        "in-domain": read_folder(data / "detection" / "val"),
        "surveillance": _labelled_frames(data, JUDGING_CLIPS, ensemble, labels, say),
        "simulated": simulate(MALLS_FOLDER / "shop", _SIMULATED_INSTANTS, seed=2),
    }


def _labelled_frames(
    data: Path, clips: Iterable[Clip], ensemble: Ensemble, labels: Path | None, say: Say
) -> list[Picture]:
    pictures = []
    for clip in clips:
        path = data / "video" / clip.file
        frames = read_frames(path, clip.every, clip.start, clip.stop)
        detect = ensemble.detect_far if clip.far else ensemble.detect
        kept = labels and labels / f"{path.stem}-{clip.start:.2f}-{clip.stop:.2f}-{clip.every}.npz"
        found = cached(kept, detect, frames, say(f"teachers: {path.stem}"))
        pictures += [taught(frame, one) for frame, one in zip(frames, found, strict=True)]
    return pictures


def drawing_from(sources: dict[str, list[Picture]]) -> Draw:
    """Picks a source by its share, then one of its pictures evenly."""
    names = list(sources)
    share = np.array([SHARES[name] for name in names])
    share /= share.sum()

    def draw(rng: np.random.Generator) -> Picture:
        pictures = sources[names[int(rng.choice(len(names), p=share))]]
        return pictures[int(rng.integers(len(pictures)))]

    return draw
