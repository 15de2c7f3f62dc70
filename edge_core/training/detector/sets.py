"""Which pictures the person detectors learn from, and which they are judged on.

Training: the labelled folder, frames of sample videos that three teachers label, and frames of
the simulated mall, from its cameras and from many more at its goods. Judging, on sets that share
no video, picture or simulated site with them: the labelled folder's validation part; the same
pictures shrunk, tiled by nine and spoilt, for people seen from afar; the simulated shop, by its
truth, likewise from its cameras and at its goods; and any videos given besides, by the teachers'
boxes.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from edge_core.training.detector.layout import Draw, Hardness
from edge_core.training.detector.pictures import (
    Picture,
    Progress,
    read_folder,
    read_frames,
    simulate,
    simulate_at_goods,
)
from edge_core.training.detector.teachers import Ensemble, cached, completed, taught
from edge_core.vision.models import MODELS_FOLDER

MALLS_FOLDER: Final = MODELS_FOLDER.parent / "malls"
SHARES: Final = {"labelled": 0.62, "video": 0.20, "simulated": 0.18}
"""How often a training picture is drawn from each source."""
_SIMULATED_LEARNT: Final = 30
_AT_GOODS_SEEDS: Final = (11, 12, 13, 14)
_AT_GOODS_VIEWS: Final = 40
_AT_GOODS_INSTANTS: Final = 12
"""Of each seed so many cameras, for so many moments."""
_AT_GOODS_JUDGED: Final = {"views": 16, "instants": 8, "seed": 99}
_SIMULATED_JUDGED: Final = 12
"""Moments; each gives a picture of every camera."""
FAR_VIEWS: Final = 100
FAR_SIZE_PX: Final = 416
EXTRA_EVERY: Final = 20
"""Of a video given for judging, one frame in so many is labelled and judged on."""


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
    Clip("concourse.mp4", 3, far=True),
    Clip("intel_one-by-one-person-detection.mp4", 10),
    Clip("intel_preview_store-aisle-detection.gif", 2),
    Clip("intel_preview_face-demographics-walking.gif", 3),
    # Hardly a person in these two, but a car, bicycles and bare rooms, which are nobody.
    Clip("intel_preview_people-detection.gif", 2, far=True),
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
        "simulated": _simulated(say("film the simulated mall")),
    }


def _simulated(progress: Progress) -> list[Picture]:
    """The mall by its own cameras, and by many more hung where its goods are."""
    mall = MALLS_FOLDER / "mall"
    pictures = simulate(mall, _SIMULATED_LEARNT, seed=1)
    for done, seed in enumerate(_AT_GOODS_SEEDS, 1):
        pictures += simulate_at_goods(mall, _AT_GOODS_VIEWS, _AT_GOODS_INSTANTS, seed=seed)
        progress(done / len(_AT_GOODS_SEEDS))
    return pictures


def judging_sets(
    data: Path, labels: Path | None, say: Say = quiet, videos: Sequence[Path] = ()
) -> dict[str, list[Picture]]:
    """The sets a detector is judged on; see the module.

    Args:
        data: as of `training_sources`; `teachers` are needed only for videos.
        labels: likewise.
        say: progress.
        videos: more videos to judge on, each a set by its file's name, by the teachers' boxes.
    """
    plain = read_folder(data / "detection" / "val")
    sets = {
        "in-domain": plain,
        "far": seen_from_afar(plain),
        "simulated": simulate(MALLS_FOLDER / "shop", _SIMULATED_JUDGED, seed=2),
        "at goods": simulate_at_goods(MALLS_FOLDER / "shop", **_AT_GOODS_JUDGED),
    }
    for video in videos:
        clip = Clip(str(video.resolve()), EXTRA_EVERY, far=True)
        ensemble = Ensemble(data / "teachers")
        sets[video.name] = _labelled_frames(data, [clip], ensemble, labels, say)
    return sets


def seen_from_afar(pictures: Sequence[Picture]) -> list[Picture]:
    """Labelled pictures made into views with small people: the same ones whenever asked.

    Nine to a view, as training makes them, each between a quarter and six tenths of its size
    against filling the view; half of the views spoilt.
    """
    # PyTorch draws them; only training and judging need it.
    import torch

    from edge_core.training.detector.batches import Material
    from edge_core.training.detector.shelf import Shelf

    def draw(rng: np.random.Generator) -> int:
        return int(rng.integers(len(pictures)))

    hardness = Hardness(nine=1, mosaic=0, far_scale=(0.25, 0.6), spoil=0.5)
    material = Material(list(pictures), draw, hardness)
    plan = material.plan(FAR_VIEWS, FAR_SIZE_PX, np.random.default_rng(0))
    shelf = Shelf(pictures, torch.device("cpu"))
    inputs = (material.inputs(shelf, plan, (0,)) * 255).round().byte().permute(0, 2, 3, 1).numpy()
    return [
        Picture(np.ascontiguousarray(view), *(boxes[boxes[:, 2] > 0] for boxes in both))
        for view, *both in zip(inputs, plan.people.numpy(), plan.ignored.numpy(), strict=True)
    ]


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


def drawing_from(sources: Mapping[str, list[Picture]]) -> Draw:
    """Picks a source by its share, then one of its pictures evenly.

    Gives places in the list of all sources' pictures, one source after the other.
    """
    names = list(sources)
    share = np.array([SHARES[name] for name in names])
    share /= share.sum()
    starts = np.cumsum([0, *(len(sources[name]) for name in names)])

    def draw(rng: np.random.Generator) -> int:
        chosen = int(rng.choice(len(names), p=share))
        return int(rng.integers(starts[chosen], starts[chosen + 1]))

    return draw
