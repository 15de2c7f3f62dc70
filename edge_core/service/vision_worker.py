"""The vision process: the newest frame of each camera in, sightings out. Pixels end here."""

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import cv2

from edge_core.config import SiteConfig
from edge_core.runtime.board import HealthRow
from edge_core.runtime.link import LinkAddress, RecordSender
from edge_core.runtime.ring import DropPolicy, FrameRing, RingFrame, RingReader
from edge_core.runtime.wake import WakeSignal
from edge_core.runtime.worker import WorkerContext
from edge_core.service.rows import READY, vision_row
from edge_core.types import Observation
from edge_core.vision import load_detector, load_embedder
from edge_core.vision.pipeline import CameraPipeline

_IDLE_S: Final = 0.2
_BACKLOG_WHEN_WAITING: Final = 200
_FLUSH_S: Final = 5.0


@dataclass(slots=True)
class _Station:
    """One camera's place in the vision process."""

    pipeline: CameraPipeline
    reader: RingReader
    row: HealthRow


def run_vision(
    worker: WorkerContext,
    site: SiteConfig,
    rings: Mapping[str, FrameRing],
    wake: WakeSignal,
    link: LinkAddress,
) -> None:
    """Detect, track, embed and place people until told to stop. A worker's target.

    Raises:
        ModelError: a model is missing, altered or does not run.
    """
    cv2.setNumThreads(1)  # the capture processes need the other cores
    models = site.models
    detector = load_detector(
        models.detector,
        size_px=models.detector_size_px,
        provider=models.provider,
        threads=models.threads,
    )
    embedder = load_embedder(models.embedder, provider=models.provider, threads=models.threads)
    epoch = secrets.randbits(63)
    stations = [
        _Station(
            CameraPipeline(
                camera, detector, embedder, epoch=epoch, start_score=models.detector_score
            ),
            rings[camera.id].reader(),
            worker.board.row(vision_row(camera.id)),
        )
        for camera in site.cameras
    ]
    sender = RecordSender(link, "vision")
    worker.row.set(READY, time.monotonic_ns())
    while not worker.stopping:
        worker.beat()
        # One frame of each camera a round, so that none starves another.
        looked = [look(station, sender) for station in stations]
        if not any(looked):
            wake.wait(_IDLE_S)
    sender.wait_for_backlog(0, _FLUSH_S)
    sender.close()


def look(station: _Station, sender: RecordSender) -> bool:
    """Process the camera's next frame, if there is one; tells whether there was."""
    lossless = station.reader.policy is DropPolicy.WAIT
    if lossless and not sender.wait_for_backlog(_BACKLOG_WHEN_WAITING, _IDLE_S):
        return False
    frame = station.reader.take()
    if frame is None:
        return False
    began_ns = time.monotonic_ns()
    observation = _observe(station.pipeline, frame)
    if frame.intact():
        sender.send(observation)
        _note(station, observation, frame.motion, time.monotonic_ns() - began_ns)
    else:
        station.reader.discard()
    return True


def _observe(pipeline: CameraPipeline, frame: RingFrame) -> Observation:
    stamps = frame.stamps
    return pipeline.process(
        frame.image,
        mono_ns=stamps.mono_ns,
        utc_ns=stamps.utc_ns,
        received_mono_ns=stamps.received_mono_ns,
        motion=frame.motion,
    )


def _note(station: _Station, observation: Observation, motion: bool, busy_ns: int) -> None:
    row, counters = station.row, station.reader.counters()
    row.add("processed")
    row.add("still", not motion)
    row.set("dropped", counters.dropped)
    row.set("torn", counters.torn)
    row.set("tracks", len(observation.track_id))
    row.add("busy_us", busy_ns // 1000)
    row.set("last_mono_ns", observation.received_mono_ns)
