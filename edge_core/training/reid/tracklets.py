"""People followed through the sample videos, whom nobody named.

Crops of one track show one person, tracks seen in one frame different ones: that much is known
without a name (ours; the idea is Li et al. 2018's "tracklet association"). Crops live in memory
only.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from edge_core.errors import SourceError
from edge_core.training.detector.pictures import Progress
from edge_core.training.detector.sets import TRAINING_CLIPS, Say
from edge_core.training.reid.data import CROP_SHAPE, Crops, cut, usable
from edge_core.types import ImageArray, Int64Array
from edge_core.units import NS_PER_S
from edge_core.vision import load_detector
from edge_core.vision.crops import visible_share
from edge_core.vision.track import Tracker

UNSTATED_ORIGIN: Final = ("concourse.mp4",)
FIRST_TRACK: Final = -2
"""Tracks are numbered downwards from here, so that they are never taken for people's names."""
APART_S: Final = 0.4
"""Crops of one track are taken so far apart: neighbouring frames teach nothing."""
CLEARLY_SEEN: Final = 0.8
TRACKS_AT_ONCE: Final = 4
CROPS_A_TRACK: Final = 2
_FRAMES_A_SECOND: Final = 25.0


def moments(crops: Crops) -> list[list[Int64Array]]:
    """Frames with at least two tracks of at least two crops each.

    Args:
        crops: from `follow_people`.

    Returns:
        For each such frame, each of its tracks' places in `crops`, int64 (K,).
    """
    tracks = {
        int(track): np.flatnonzero(crops.identity == track) for track in np.unique(crops.identity)
    }
    long = {track: rows for track, rows in tracks.items() if len(rows) >= CROPS_A_TRACK}
    found = []
    for frame in np.unique(crops.camera):
        there = np.unique(crops.identity[crops.camera == frame]).tolist()
        known = [long[track] for track in there if track in long]
        if len(known) > 1:
            found.append(known)
    return found


def drawn_moment(known: Sequence[Sequence[Int64Array]], rng: np.random.Generator) -> Int64Array:
    """Places int64 (K,), K at most 8, of a few people in view together, each at two times.

    Args:
        known: as from `moments`, at least one.
        rng: all chance.
    """
    tracks = known[int(rng.integers(len(known)))]
    some = rng.permutation(len(tracks))[:TRACKS_AT_ONCE]
    picked = [rng.choice(tracks[i], CROPS_A_TRACK, replace=False) for i in some]
    return np.concatenate(picked)


def follow_people(data: Path, say: Say, *, open_data: bool = False) -> Crops:
    """Detect and track people in the sample videos, with the shipped detector.

    Args:
        data: folder with `video`.
        say: progress.
        open_data: leave out what has no stated licence.

    Returns:
        Crops whose `identity` is the track, at most `FIRST_TRACK`, and whose `camera` is the
        frame; tracks and frames of different videos have different numbers.

    Raises:
        SourceError: a video is missing.
    """
    parts: list[Crops] = []
    next_track, next_frame = FIRST_TRACK, 0
    for clip in TRAINING_CLIPS:
        if open_data and clip.file in UNSTATED_ORIGIN:
            continue
        found = followed(data / "video" / clip.file, say(f"follow: {clip.file}"))
        parts.append(Crops(found.bgr, next_track - found.identity, found.camera + next_frame))
        next_track -= int(found.identity.max(initial=-1)) + 1
        next_frame += int(found.camera.max(initial=-1)) + 1
    return Crops(
        np.concatenate([part.bgr for part in parts]),
        np.concatenate([part.identity for part in parts]),
        np.concatenate([part.camera for part in parts]),
    )


def followed(path: Path, progress: Progress) -> Crops:
    """One video's people; `identity` counts its tracks from 0, `camera` its frames."""
    detector = load_detector("person-s", provider="cpu")
    tracker = Tracker()
    taken_at: dict[int, float] = {}
    bgr: list[ImageArray] = []
    who: list[tuple[int, int]] = []
    for number, (frame, share) in enumerate(_frames(path)):
        now_s = number / _FRAMES_A_SECOND
        size_px = (frame.shape[1], frame.shape[0])
        tracks = tracker.update(detector.detect([frame])[0], round(now_s * NS_PER_S), size_px)
        clear = visible_share(tracks.xyxy_px, size_px) >= CLEARLY_SEEN
        for row in np.flatnonzero(clear & usable(tracks.xyxy_px)):
            track = int(tracks.track_id[row])
            if now_s - taken_at.get(track, -APART_S) >= APART_S:
                taken_at[track] = now_s
                bgr.append(cut(frame, tracks.xyxy_px[row]))
                who.append((track, number))
        progress(share)
    table = np.array(who, np.int64).reshape(-1, 2)
    _, identity = np.unique(table[:, 0], return_inverse=True)
    crops = np.array(bgr, np.uint8).reshape(-1, *CROP_SHAPE)
    return Crops(crops, identity.astype(np.int64), table[:, 1])


def _frames(path: Path) -> Iterator[tuple[ImageArray, float]]:
    """A video's frames, each with the share of the video done."""
    capture = cv2.VideoCapture(str(path))
    try:
        if not capture.isOpened():
            raise SourceError(f"The video {path} cannot be read.", "Copy the data anew.")
        count = max(1.0, capture.get(cv2.CAP_PROP_FRAME_COUNT))
        number = 0
        while True:
            read, frame = capture.read()
            if not read:
                return
            number += 1
            yield np.asarray(frame, np.uint8), min(1.0, number / count)
    finally:
        capture.release()
