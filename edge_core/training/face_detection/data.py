"""Pictures the face detector learns from and is judged on; all CC BY, labelled by the teacher.

Training: the labelled folder's training part and frames of sample videos. Judging: the folder's
validation part, and the whole of one video no frame of which is trained on. Neither the footage
of unstated origin nor the non-commercial faces are taught, so that the weights are any-use.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from edge_core.training.detector.pictures import read_folder, read_frames
from edge_core.training.detector.sets import Clip, Say, quiet
from edge_core.training.face_detection.teacher import POSSIBLE, SURE, ManyViews, YuNet, labels
from edge_core.types import Float32Array, ImageArray
from edge_core.vision.face_detect import Faces

TRAINING_CLIPS: Final = (
    Clip("intel_one-by-one-person-detection.mp4", 6),
    Clip("intel_preview_store-aisle-detection.gif", 2),
    Clip("intel_preview_people-detection.gif", 2),
    Clip("intel_preview_person-bicycle-car-detection.gif", 4),
)
JUDGING_CLIP: Final = Clip("intel_preview_face-demographics-walking.gif", 1)
"""The one with most faces, all walking towards the camera."""


@dataclass(frozen=True, slots=True)
class FacePicture:
    """A picture and the faces in it.

    Attributes:
        bgr: uint8 (H, W, 3).
        faces: true faces, in pixels of the picture.
        ignored_px: float32 (K, 4), where there may be faces: neither right nor wrong.
    """

    bgr: ImageArray
    faces: Faces
    ignored_px: Float32Array


def taught(image: ImageArray, found: Faces) -> FacePicture:
    """A picture with the teacher's sure faces as true and its possible ones ignored."""
    sure = found.score >= SURE
    possible = (found.score >= POSSIBLE) & ~sure
    return FacePicture(image, found.only(sure), found.xyxy_px[possible])


def training_pictures(data: Path, kept: Path | None, say: Say = quiet) -> list[FacePicture]:
    """All training pictures; a third of them show no face.

    Args:
        data: folder with `detection`, `video` and `teachers`.
        kept: folder the teacher's boxes and points are kept in; None keeps nothing.
        say: progress.

    Raises:
        SourceError: pictures or videos are missing.
        ModelError: the teacher is missing.
    """
    plain = read_folder(data / "detection" / "train", say("read pictures"))
    pictures = _labelled("train", [p.bgr for p in plain], data, kept, say)
    for clip in TRAINING_CLIPS:
        path = data / "video" / clip.file
        pictures += _labelled(path.stem, read_frames(path, clip.every), data, kept, say)
    return pictures


def judging_pictures(
    data: Path, kept: Path | None, say: Say = quiet
) -> dict[str, list[FacePicture]]:
    """The two sets the detector is judged on; see the module, and arguments above."""
    plain = read_folder(data / "detection" / "val")
    path = data / "video" / JUDGING_CLIP.file
    frames = read_frames(path, JUDGING_CLIP.every)
    return {
        "pictures": _labelled("val", [p.bgr for p in plain], data, kept, say),
        "walking": _labelled(path.stem, frames, data, kept, say),
    }


def _labelled(
    name: str, images: Sequence[ImageArray], data: Path, kept: Path | None, say: Say
) -> list[FacePicture]:
    teacher = ManyViews(YuNet(data / "teachers"))
    found = labels(kept and kept / f"faces-{name}.npz", teacher, images, say(f"teacher: {name}"))
    return [taught(image, one) for image, one in zip(images, found, strict=True)]
