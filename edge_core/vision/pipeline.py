"""What happens to one frame of one camera, from top to bottom. No pixel leaves this file."""

from dataclasses import replace

import numpy as np

from edge_core.config import CameraConfig
from edge_core.types import (
    EVERYWHERE_PX,
    BoxPx,
    Float32Array,
    HandLooks,
    ImageArray,
    Int64Array,
    Observation,
    Tracks,
    Traits,
    checked,
)
from edge_core.units import ns_from_s
from edge_core.vision.action import ActionClassifier
from edge_core.vision.appearance import AppearanceSchedule
from edge_core.vision.crops import (
    body_crop,
    crop,
    crop_quality,
    part_visibility,
    visible_share,
    whole_body,
)
from edge_core.vision.detect import Detector
from edge_core.vision.embed import Embedder
from edge_core.vision.floor import FloorMapper
from edge_core.vision.hands import HandsReader
from edge_core.vision.region import part_to_look_at
from edge_core.vision.track import Tracker, TrackerSettings
from edge_core.vision.traits import TraitModels, TraitReader

LOOK_ANYWAY_NS = ns_from_s(1.0)
"""Somebody who moves too little for the motion gate is still looked for this often, everywhere."""


class CameraPipeline:
    """Turns frames of one camera into observations: gate, detect, track, embed, place.

    Args:
        camera: its configuration.
        detector: finds people; may be shared by all cameras of the process.
        embedder: takes appearances; None to take none.
        epoch: random number of this life of the process.
        start_score: detections from here may start a track.
        settings: the tracker's limits; `start_score` takes precedence over theirs.
        traits: models that tell attributes of each track; None to tell none.
        action: tells whose hands are at goods; None to tell nothing of hands.
    """

    def __init__(
        self,
        camera: CameraConfig,
        detector: Detector,
        embedder: Embedder | None,
        *,
        epoch: int,
        start_score: float = TrackerSettings().start_score,
        settings: TrackerSettings | None = None,
        traits: TraitModels | None = None,
        action: ActionClassifier | None = None,
    ) -> None:
        self.camera = camera
        self.floor = FloorMapper(camera)
        self._detector = detector
        self._embedder = embedder
        self._tracker = Tracker(replace(settings or TrackerSettings(), start_score=start_score))
        self._schedule = AppearanceSchedule()
        self._traits = TraitReader(traits) if traits is not None else None
        self._hands = HandsReader(action) if action is not None else None
        self._epoch = epoch
        self._sequence = 0
        self._looked_everywhere_ns: int | None = None

    def process(
        self,
        frame: ImageArray,
        *,
        mono_ns: int,
        utc_ns: int,
        received_mono_ns: int,
        moved_px: BoxPx | None = EVERYWHERE_PX,
    ) -> Observation:
        """Observe one frame.

        Args:
            frame: BGR uint8 (H, W, 3); not kept.
            mono_ns: its place on the source's monotonic timeline, never falling.
            utc_ns: the same instant in UTC.
            received_mono_ns: when the decoder delivered it.
            moved_px: where the motion gate saw movement: there, and where people are known,
                people are looked for. None when it saw none: then nobody is.
        """
        checked(frame, "frame", (None, None, 3), np.uint8)
        size_px = (frame.shape[1], frame.shape[0])
        tracks = self._track(frame, size_px, mono_ns, moved_px)
        embedded, embedding, quality = self._embed(frame, size_px, tracks, mono_ns)
        self._sequence += 1
        return Observation(
            camera_id=self.camera.id,
            epoch=self._epoch,
            sequence=self._sequence,
            mono_ns=mono_ns,
            utc_ns=utc_ns,
            received_mono_ns=received_mono_ns,
            size_px=size_px,
            track_id=tracks.track_id,
            xyxy_px=tracks.xyxy_px,
            score=tracks.score,
            floor_m=self._placed(tracks, size_px),
            ended=tracks.ended,
            embedded=embedded,
            embedding=embedding,
            quality=quality,
            traits=self._told(frame, size_px, tracks, mono_ns),
            traits_so_far=self._traits.so_far if self._traits is not None else (),
            hands=self._look_at_hands(frame, size_px, tracks, mono_ns),
        )

    def _placed(self, tracks: Tracks, size_px: tuple[int, int]) -> Float32Array:
        floor_m = self.floor.place(tracks.xyxy_px, size_px, tracks.track_id)
        self.floor.forget(tracks.ended.tolist())
        return floor_m

    def forget(self, track_id: int) -> None:
        """Drop all that is known of a track; whoever it is of is followed as somebody new."""
        self._tracker.forget(track_id)
        self.floor.forget([track_id])
        self._schedule.forget(track_id)
        if self._embedder is not None:
            self._embedder.wipe()
        if self._traits is not None:
            self._traits.forget(track_id)

    def _told(
        self, frame: ImageArray, size_px: tuple[int, int], tracks: Tracks, mono_ns: int
    ) -> tuple[Traits, ...]:
        if self._traits is None:
            return ()
        visible = visible_share(tracks.xyxy_px, size_px)
        return self._traits.look(frame, tracks, visible, mono_ns)

    def _look_at_hands(
        self, frame: ImageArray, size_px: tuple[int, int], tracks: Tracks, mono_ns: int
    ) -> HandLooks:
        if self._hands is None:
            return HandLooks()
        visible = visible_share(tracks.xyxy_px, size_px)
        return self._hands.look(frame, tracks, visible, mono_ns)

    def _track(
        self, frame: ImageArray, size_px: tuple[int, int], mono_ns: int, moved_px: BoxPx | None
    ) -> Tracks:
        looked_ns = self._looked_everywhere_ns
        part = None
        if looked_ns is not None and mono_ns - looked_ns < LOOK_ANYWAY_NS:
            if moved_px is None:
                return self._tracker.hold(mono_ns, size_px)
            known_px = self._tracker.known_px()
            part = part_to_look_at(moved_px, known_px, size_px, self._detector.size_px)
        if part is None:
            self._looked_everywhere_ns = mono_ns
            found = self._detector.detect([frame])[0]
        else:
            found = self._detector.detect_within(frame, part)
        return self._tracker.update(found, mono_ns, size_px)

    def _embed(
        self, frame: ImageArray, size_px: tuple[int, int], tracks: Tracks, mono_ns: int
    ) -> tuple[Int64Array, Float32Array, Float32Array]:
        """Ids of the tracks embedded now, their embeddings and their crops' quality."""
        if self._embedder is None:
            return np.zeros(0, np.int64), np.zeros((0, 0), np.float32), np.zeros(0, np.float32)
        visible = visible_share(tracks.xyxy_px, size_px)
        rows = self._schedule.due(tracks, visible, mono_ns)
        crops = [crop(frame, tracks.xyxy_px[row]) for row in rows]
        quality = [
            crop_quality(image, float(visible[row])) for image, row in zip(crops, rows, strict=True)
        ]
        whole = whole_body(tracks.xyxy_px, size_px)
        parts = part_visibility(whole, tracks.xyxy_px, size_px)[rows]
        bodies = [body_crop(frame, whole[row]) for row in rows]
        embedding = self._embedder.embed(bodies, parts)
        return tracks.track_id[rows], embedding, np.array(quality, np.float32)
