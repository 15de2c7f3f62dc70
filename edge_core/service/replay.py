"""The whole pipeline on video files, as fast as it goes, without dropping a frame."""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Any, Final

import cv2
import numpy as np

from edge_core.config import CameraConfig, PrivacyConfig, SiteConfig, SiteSection
from edge_core.errors import ConfigError, Problem, SourceError
from edge_core.runtime.board import WorkerState
from edge_core.runtime.link import Received, RecordReceiver
from edge_core.runtime.supervisor import Supervisor
from edge_core.runtime.worker import LogSettings
from edge_core.sensing.sources import open_source
from edge_core.service.core_pipeline import CorePipeline
from edge_core.service.engine import Wiring, sensing_workers
from edge_core.service.rows import READY, VISION, capture_row, vision_row
from edge_core.types import EventKind, Observation
from edge_core.units import NS_PER_S, ms_from_ns
from edge_core.vision.mot import MotWriter

_SUPERVISE_S: Final = 0.05
_RECEIVE_S: Final = 0.02


@dataclass(slots=True)
class Tally:
    """What a replay adds up."""

    frames: int = 0
    first_ns: int = 0
    last_ns: int = 0
    latencies_ms: list[float] = field(default_factory=list)
    crossings: Counter[tuple[str, str]] = field(default_factory=Counter)


def replay_videos(
    videos: Sequence[Path],
    site: SiteConfig | None = None,
    mot: Path | None = None,
    *,
    on_progress: Callable[[int], None] = lambda frames: None,
) -> dict[str, Any]:
    """Count the people in video files with the processes the service itself runs.

    Args:
        videos: one file per camera.
        site: settings, zones and lines; its first cameras stand for the videos, in order. None
            for plain counting of every frame.
        mot: where MOTChallenge tracks go; with several videos, one file each beside it.
        on_progress: told the number of processed frames.

    Returns:
        `people` (distinct visitors), `tracks`, `frames`, `processed_fps`, `dropped`,
        `latency_ms_p95`, `seconds`, and by line `entered` and `left` where the site has lines.

    Raises:
        SourceError: a file is missing or holds no video; nothing was started.
        ConfigError: more videos than the site has cameras.
    """
    config = _site_for(videos, site)
    for camera in config.cameras:
        source = open_source(camera, Path.cwd())
        if source is not None:
            source.close()
    wiring = Wiring.of(config)
    pipeline = CorePipeline(config, Random(0))
    tally = Tally()
    supervisor = Supervisor(
        sensing_workers(config, Path.cwd(), wiring),
        wiring.board,
        logs=LogSettings(level="WARNING", style="text"),
    )
    with ExitStack() as stack:
        writers = _mot_writers(stack, mot, config)
        receiver = RecordReceiver(wiring.link)
        stack.callback(receiver.close)
        stack.callback(supervisor.stop)
        supervisor.start()
        supervise_at = time.monotonic()
        last: Received | None = None
        while (received := receiver.receive(_RECEIVE_S)) or not _all_done(config, wiring, tally):
            if received:
                last = received
                observation = _on_common_time(received.record, wiring)
                _take_in(observation, pipeline, tally, wiring.board.row(VISION).get(READY))
                _write_mot(observation, writers, wiring.started_mono_ns)
                _acknowledge(receiver, received, tally)
                on_progress(tally.frames)
            if time.monotonic() >= supervise_at:
                supervisor.step(0.0)
                supervise_at = time.monotonic() + _SUPERVISE_S
        if last is not None:
            receiver.ack(last)  # the vision process waits for it before it ends
    pipeline.finish()
    return _result(config, wiring, pipeline, tally)


def _site_for(videos: Sequence[Path], site: SiteConfig | None) -> SiteConfig:
    """The site with its cameras pointed at the files."""
    for video in videos:
        if not video.is_file():
            raise SourceError(f"There is no video file {video}.", "Correct --video.")
    fast: dict[str, Any] = {"pace": "fast", "loop": False}
    if site is None:
        cameras = tuple(
            CameraConfig(id=f"video-{index}", source=str(video.resolve()), fps=60, **fast)
            for index, video in enumerate(videos, 1)
        )
        # Whoever replays a recording has it already; nothing is kept of it.
        privacy = PrivacyConfig(pack="none")
        return SiteConfig(
            site=SiteSection(id="replay", name="Replay"), cameras=cameras, privacy=privacy
        )
    if len(videos) > len(site.cameras):
        reason = f"{len(videos)} videos were given and it has {len(site.cameras)} cameras"
        raise ConfigError(
            "The site file", [Problem(None, "cameras", "", reason, "Add cameras or drop videos.")]
        )
    cameras = tuple(
        camera.model_copy(update={"source": str(video.resolve()), **fast})
        for camera, video in zip(site.cameras, videos, strict=False)
    )
    kept = {camera.id for camera in cameras}
    lines = tuple(line for line in site.lines if line.camera in kept)
    return site.model_copy(update={"cameras": cameras, "lines": lines})


def _all_done(config: SiteConfig, wiring: Wiring, tally: Tally) -> bool:
    """Whether every file has ended and every frame of it has been looked at and taken in.

    A frame that was taken is still being looked at until it counts as processed or torn; a vision
    process that died took at most one with it.
    """
    board = wiring.board
    taken, processed, torn = 0, 0, 0
    for camera in config.cameras:
        if board.row(capture_row(camera.id)).state is not WorkerState.STOPPED:
            return False
        counters = wiring.rings[camera.id].counters()
        if counters.taken < counters.published:
            return False
        taken += counters.taken
        torn += counters.torn
        processed += board.row(vision_row(camera.id)).get("processed")
    looked_at = processed + torn + board.row(VISION).restarts
    return looked_at >= taken and tally.frames >= processed


def _on_common_time(observation: Observation, wiring: Wiring) -> Observation:
    """Let all files begin at the same moment, whichever process was first to open its own."""
    row = wiring.board.row(capture_row(observation.camera_id))
    shift_ns = wiring.started_mono_ns - row.get("origin_mono_ns")
    return replace(observation, mono_ns=observation.mono_ns + shift_ns)


def _take_in(observation: Observation, pipeline: CorePipeline, tally: Tally, ready_ns: int) -> None:
    """Frames decoded while the models were still being loaded say nothing of latency."""
    now_ns = time.monotonic_ns()
    tally.first_ns = tally.first_ns or ready_ns
    tally.last_ns = now_ns
    tally.frames += 1
    if observation.received_mono_ns >= ready_ns:
        tally.latencies_ms.append(ms_from_ns(now_ns - observation.received_mono_ns))
    for event in pipeline.ingest(observation):
        if event.kind is EventKind.CROSSING:
            tally.crossings[event.place_id, event.data["direction"]] += 1


def _acknowledge(receiver: RecordReceiver, received: Received, tally: Tally) -> None:
    """Often enough that the sender never waits for it."""
    if tally.frames % 16 == 0:
        receiver.ack(received)


def _mot_writers(
    stack: ExitStack, mot: Path | None, config: SiteConfig
) -> dict[str, tuple[MotWriter, float]]:
    """A writer and the file's frame rate by camera id."""
    if mot is None:
        return {}
    mot.parent.mkdir(parents=True, exist_ok=True)
    single = len(config.cameras) == 1
    writers = {}
    for camera in config.cameras:
        path = mot if single else mot.with_name(f"{mot.stem}_{camera.id}{mot.suffix}")
        capture = cv2.VideoCapture(camera.source, cv2.CAP_FFMPEG)
        fps = capture.get(cv2.CAP_PROP_FPS) or camera.fps
        capture.release()
        writers[camera.id] = (stack.enter_context(MotWriter(path)), fps)
    return writers


def _write_mot(
    observation: Observation, writers: dict[str, tuple[MotWriter, float]], started_ns: int
) -> None:
    """Frame numbers follow from media time, so a frame that could not be decoded shifts none."""
    if observation.camera_id in writers:
        writer, fps = writers[observation.camera_id]
        media_s = (observation.mono_ns - started_ns) / NS_PER_S
        writer.write(round(media_s * fps) + 1, observation)


def _result(
    config: SiteConfig, wiring: Wiring, pipeline: CorePipeline, tally: Tally
) -> dict[str, Any]:
    counters = [wiring.rings[camera.id].counters() for camera in config.cameras]
    seconds = (tally.last_ns - tally.first_ns) / NS_PER_S
    result: dict[str, Any] = {
        "people": pipeline.people_count(),
        "tracks": pipeline.tracks_count(),
        "frames": tally.frames,
        "processed_fps": round(tally.frames / seconds, 1) if seconds > 0 else 0.0,
        "dropped": sum(it.dropped + it.torn + it.skipped + it.refused for it in counters),
        "latency_ms_p95": round(float(np.percentile(tally.latencies_ms or [0.0], 95)), 1),
        "seconds": round(seconds, 2),
    }
    if config.lines:
        result["lines"] = {
            line.id: {
                "entered": tally.crossings[line.id, "in"],
                "left": tally.crossings[line.id, "out"],
            }
            for line in config.lines
        }
    return result
