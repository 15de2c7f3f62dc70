"""The vision process: the newest frame of each camera in, sightings out. Pixels end here.

But for stills without people that an operator asks for while setting up a camera.
"""

import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np

from edge_core.config import CameraConfig, SiteConfig
from edge_core.runtime.board import HealthRow
from edge_core.runtime.link import LinkAddress, RecordSender
from edge_core.runtime.ring import DropPolicy, FrameRing, RingFrame, RingReader
from edge_core.runtime.stills import MOST_BYTES, StillAnswerer, StillBox
from edge_core.runtime.wake import WakeSignal
from edge_core.runtime.worker import WorkerContext
from edge_core.sensing.reconnect import CameraState
from edge_core.service.rows import (
    FORGET_ASKED,
    FORGET_TRACK,
    FORGOT,
    KINDS,
    MODELS,
    READY,
    capture_row,
    core_row,
    vision_row,
)
from edge_core.types import Float32Array, Observation
from edge_core.vision import load_action_classifier, load_detector, load_embedder
from edge_core.vision.action import ActionClassifier
from edge_core.vision.detect import Detector
from edge_core.vision.embed import Embedder
from edge_core.vision.floor import calibrate
from edge_core.vision.models import Kind
from edge_core.vision.pipeline import CameraPipeline
from edge_core.vision.redact import encoded, redacted, room_px
from edge_core.vision.traits import TraitModels

_IDLE_S: Final = 0.2
_OVER: Final = (CameraState.ENDED, CameraState.REFUSED)
ASKED_AHEAD: Final = 2
_BACKLOG_WHEN_WAITING: Final = 200
_FLUSH_S: Final = 3.0


@dataclass(slots=True)
class _Station:
    """One camera's place in the vision process."""

    pipeline: CameraPipeline
    reader: RingReader
    row: HealthRow
    capture: HealthRow
    core: HealthRow
    stills: "CameraStills | None" = None


@dataclass(frozen=True, slots=True)
class LoadedModels:
    """The networks that a site needs and its privacy policy allows; of others no file is opened.

    Attributes:
        detector: finds people.
        embedder: takes appearances; None where nobody is recognised.
        traits: None where nothing is told of anybody.
        action: tells whose hands are at goods; None without tag readers.
    """

    detector: Detector
    embedder: Embedder | None
    traits: TraitModels | None
    action: ActionClassifier | None

    @classmethod
    def of(cls, site: SiteConfig) -> "LoadedModels":
        """Load them. Raises ModelError."""
        models = site.models
        how: dict[str, Any] = {"provider": models.provider, "threads": models.threads}
        return cls(
            load_detector(models.detector, size_px=models.detector_size_px, **how),
            load_embedder(models.embedder, **how) if site.privacy.recognises else None,
            TraitModels.load(site.attributes, **how),
            # Hands matter only to tell who handled which garment.
            load_action_classifier(**how) if site.readers else None,
        )

    def kinds(self) -> list[Kind]:
        """What they are, to be told on the health board."""
        traits = self.traits or TraitModels()
        there: dict[Kind, bool] = {
            "detector": True,
            "embedder": self.embedder is not None,
            "face-attributes": traits.faces is not None,
            "face-detector": traits.faces is not None,
            "body-attributes": traits.body_model is not None,
            "action": self.action is not None,
        }
        return [kind for kind, loaded in there.items() if loaded]


class CameraStills:
    """Gives stills of one camera to an operator who sets it up, without the people in them.

    Args:
        camera: whose.
        site: its fitting rooms are covered, as far as the camera is calibrated.
        detector: finds the people.
        answerer: where stills are asked for.
    """

    def __init__(
        self, camera: CameraConfig, site: SiteConfig, detector: Detector, answerer: StillAnswerer
    ) -> None:
        self._camera_id = camera.id
        self._detector = detector
        self._answerer = answerer
        self._calibration = calibrate(camera)
        self._rooms_m = [
            np.array(zone.polygon_m)
            for zone in site.zones
            if zone.kind == "fitting-room" and zone.floor == camera.floor
        ]

    def give(self, frame: RingFrame, tracked_xyxy_px: Float32Array) -> None:
        """Answer if a still is asked for; a frame overwritten meanwhile is not given."""
        number = self._answerer.wanted(self._camera_id)
        if number is None:
            return
        image = frame.image.copy()
        if not frame.intact():
            return
        height, width = image.shape[:2]
        found = self._detector.detect([image])[0].xyxy_px
        people = np.concatenate([found, tracked_xyxy_px])
        rooms = []
        if self._calibration is not None:
            rooms = [room_px(self._calibration, it, (width, height)) for it in self._rooms_m]
        still = redacted(image, people, [room for room in rooms if len(room)])
        self._answerer.answer(number, encoded(still, MOST_BYTES))


def run_vision(
    worker: WorkerContext,
    site: SiteConfig,
    rings: Mapping[str, FrameRing],
    wake: WakeSignal,
    link: LinkAddress,
    stills: StillBox | None = None,
) -> None:
    """Detect, track, embed and place people until told to stop. A worker's target.

    Args:
        worker: this process's place in the service.
        site: the site's settings.
        rings: frames by id of the cameras that this process looks at.
        wake: told of new frames.
        link: where sightings go.
        stills: where an operator asks for stills; None = never.

    Raises:
        ModelError: a model is missing, altered or does not run.
    """
    cv2.setNumThreads(1)  # the capture processes need the other cores
    models = LoadedModels.of(site)
    epoch = secrets.randbits(63)
    answerer = None if stills is None else stills.answerer()
    stations = [
        _Station(
            CameraPipeline(
                camera,
                models.detector,
                models.embedder,
                epoch=epoch,
                start_score=site.models.detector_score,
                traits=models.traits,
                action=models.action,
            ),
            rings[camera.id].reader(),
            worker.board.row(vision_row(camera.id)),
            worker.board.row(capture_row(camera.id)),
            worker.board.row(core_row(camera.id)),
            None if answerer is None else CameraStills(camera, site, models.detector, answerer),
        )
        for camera in site.cameras
        if camera.id in rings
    ]
    sender = RecordSender(link, worker.name)
    worker.row.set(MODELS, sum(1 << KINDS.index(kind) for kind in models.kinds()))
    worker.row.set(READY, time.monotonic_ns())
    while not worker.stopping:
        worker.beat()
        if not go_round(next_round(stations), sender):
            wake.wait(_IDLE_S)
    sender.wait_for_backlog(0, _FLUSH_S)
    sender.close()


def next_round(stations: Sequence[_Station]) -> Sequence[_Station]:
    """Whose turn it is: one frame of each camera, so that none starves another.

    Files read as fast as possible go in the order of their media time instead, as if they had
    been filmed together; whoever is ahead waits for the slowest decoder.
    """
    lossless = [it for it in stations if it.reader.policy is DropPolicy.WAIT]
    if not lossless:
        return stations
    live = [station for station in stations if station not in lossless]
    ahead = [it for it in lossless if it.capture.get("camera_state") not in _OVER]
    waiting = [station for station in lossless if station.reader.waiting()]
    if not waiting or any(not station.reader.waiting() for station in ahead):
        return live
    return [*live, min(waiting, key=_next_media_ns)]


def _next_media_ns(station: _Station) -> int:
    return (station.reader.next_mono_ns() or 0) - station.capture.get("origin_mono_ns")


def go_round(stations: Sequence[_Station], sender: RecordSender) -> bool:
    """Look at the next frame of each, asking ahead for the frames of those whose turn comes soon.

    Nobody converts a frame that would wait for most of a round. Tells whether there was any.
    """
    looked = False
    for index, station in enumerate(stations):
        stations[(index + ASKED_AHEAD) % len(stations)].reader.ask()
        looked |= look(station, sender)
    return looked


def look(station: _Station, sender: RecordSender) -> bool:
    """Process the camera's next frame, if there is one; tells whether there was."""
    lossless = station.reader.policy is DropPolicy.WAIT
    if lossless and not sender.wait_for_backlog(_BACKLOG_WHEN_WAITING, _IDLE_S):
        return False
    frame = station.reader.take()
    if frame is None:
        return False
    began_ns = time.monotonic_ns()
    forget_asked(station, sender)
    observation = _observe(station.pipeline, frame)
    if station.stills is not None:
        station.stills.give(frame, observation.xyxy_px)
    if frame.intact():
        sender.send(observation)
        _note(station, observation, frame.moved_px is None, time.monotonic_ns() - began_ns)
    else:
        station.reader.discard()
    return True


def forget_asked(station: _Station, sender: RecordSender) -> None:
    """Forget the track that the core process asks to forget, if it asks.

    What was sent of it is kept for a while in case the core process dies; there it goes too.
    """
    asked = station.core.get(FORGET_ASKED)
    if asked == station.row.get(FORGOT):
        return
    track = station.core.get(FORGET_TRACK)
    here = station.pipeline.camera.id

    def without(record: Observation) -> Observation:
        known = record.camera_id == here and (track in record.track_id or track in record.embedded)
        return record.ending([track]) if known else record

    station.pipeline.forget(track)
    sender.revise(without)
    station.row.set(FORGOT, asked)


def _observe(pipeline: CameraPipeline, frame: RingFrame) -> Observation:
    stamps = frame.stamps
    return pipeline.process(
        frame.image,
        mono_ns=stamps.mono_ns,
        utc_ns=stamps.utc_ns,
        received_mono_ns=stamps.received_mono_ns,
        moved_px=frame.moved_px,
    )


def _note(station: _Station, observation: Observation, still: bool, busy_ns: int) -> None:
    row, counters = station.row, station.reader.counters()
    row.add("processed")
    row.add("still", still)
    row.set("dropped", counters.dropped)
    row.set("torn", counters.torn)
    row.set("tracks", len(observation.track_id))
    row.add("busy_us", busy_ns // 1000)
    row.set("last_mono_ns", observation.received_mono_ns)
