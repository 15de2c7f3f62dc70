"""Detection, tracking and counting on rendered shoppers, against the simulator's truth.

Everything here is simulated: it shows that the parts work together and guards against getting
worse, and says little of a real shop. Somebody counts as truth for a camera while at least 30 %
of the body show; what lies on others is neither right nor wrong.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

import cv2
import numpy as np

from edge_core.bench import Figure
from edge_core.sensing.gate import MotionGate
from edge_core.service.core_pipeline import CorePipeline
from edge_core.service.demo import MALLS_FOLDER
from edge_core.simulator import Cameras, World, load_scene
from edge_core.simulator.frames import Frame
from edge_core.training.detector.evaluate import score_detections
from edge_core.training.detector.pictures import Picture
from edge_core.types import Detections, Event, EventKind, Float32Array, ImageArray, Observation
from edge_core.units import NS_PER_S
from edge_core.vision import load_detector, load_embedder
from edge_core.vision.boxes import iou
from edge_core.vision.detect import Detector
from edge_core.vision.evaluate import MotScores, evaluate
from edge_core.vision.mot import MotRows
from edge_core.vision.pipeline import CameraPipeline

_RUNS: Final = (("mall", 4), ("shop", 5))
_SECONDS: Final = 60.0
_FPS: Final = 8.0
_VISIBLE: Final = 0.3
_COUNTED_S: Final = 1.0
_AP_EVERY: Final = 20
_TOLERANCE_S: Final = 3.0
_JPEG_QUALITY: Final = 88
_SAME_IOU: Final = 0.5


@dataclass(slots=True)
class _Rows:
    """Boxes with ids, collected frame by frame."""

    frame: list[int] = field(default_factory=list)
    ids: list[int] = field(default_factory=list)
    boxes: list[Float32Array] = field(default_factory=list)

    def add(self, frame: int, ids: Any, boxes: Float32Array) -> None:
        self.frame += [frame] * len(boxes)
        self.ids += [int(one) for one in ids]
        self.boxes += list(boxes)

    def as_mot(self) -> MotRows:
        return MotRows(
            np.array(self.frame, np.int64),
            np.array(self.ids, np.int64),
            np.array(self.boxes, np.float32).reshape(-1, 4),
            np.ones(len(self.ids), np.float32),
        )


@dataclass(slots=True)
class _Watched:
    """What one camera saw and what was true."""

    truth: _Rows = field(default_factory=_Rows)
    tracks: _Rows = field(default_factory=_Rows)


@dataclass(slots=True)
class _Run:
    """One simulated minute."""

    cameras: dict[str, _Watched]
    pictures: list[Picture] = field(default_factory=list)
    found: list[Detections] = field(default_factory=list)
    crossings: list[tuple[str, str, float]] = field(default_factory=list)
    true_crossings: list[tuple[str, str, float]] = field(default_factory=list)
    seen_frames: Counter[int] = field(default_factory=Counter)
    people: int = 0


def measure() -> list[Figure]:
    """Figures by site; a few minutes."""
    return [figure for name, seed in _RUNS for figure in _figures(name, _film(name, seed))]


def _film(name: str, seed: int) -> _Run:
    scene = load_scene(MALLS_FOLDER / name)
    world, cameras = World(scene, seed), Cameras(scene, seed)
    detector, embedder = load_detector(scene.site.models.detector), load_embedder()
    start_score = scene.site.models.detector_score
    pipelines = {
        camera.id: CameraPipeline(camera, detector, embedder, epoch=1, start_score=start_score)
        for camera in scene.site.cameras
    }
    gates = {camera.id: MotionGate() for camera in scene.site.cameras}
    core = CorePipeline(scene.site, Random(0))
    run = _Run({camera.id: _Watched() for camera in scene.site.cameras})
    for index in range(round(_SECONDS * _FPS)):
        people = world.advance_to(index / _FPS)
        for camera_id, pipeline in pipelines.items():
            frame = cameras.render(camera_id, people)
            picture = _through_jpeg(frame.bgr)
            stamp_ns = round((index / _FPS + 1) * NS_PER_S)
            observation = pipeline.process(
                picture,
                mono_ns=stamp_ns,
                utc_ns=stamp_ns,
                received_mono_ns=stamp_ns,
                moved_px=gates[camera_id].moved_px(picture, stamp_ns),
            )
            _note(run, run.cameras[camera_id], index + 1, frame, observation)
            run.crossings += _crossings(core.ingest(observation))
            if index % _AP_EVERY == 0:
                _judge(run, detector, picture, frame)
        core.snapshot(round((index / _FPS + 1) * NS_PER_S), 0)
    core.finish()
    run.people = core.people_count()
    run.true_crossings = [(it.line, it.direction, it.t_s) for it in world.log.crossings]
    return run


def _through_jpeg(bgr: ImageArray) -> ImageArray:
    _, coded = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY])
    return np.asarray(cv2.imdecode(coded, cv2.IMREAD_COLOR), np.uint8)


def _boxes(frame: Frame, *, shown: bool) -> tuple[list[int], Float32Array]:
    """Ids and whole-body boxes of those who show enough, or of those who do not."""
    people = [p for p in frame.people if (p.visibility >= _VISIBLE) == shown]
    return [p.person for p in people], np.array([p.full for p in people], np.float32).reshape(-1, 4)


def _note(
    run: _Run, watched: _Watched, number: int, frame: Frame, observation: Observation
) -> None:
    ids, true_px = _boxes(frame, shown=True)
    _, hidden_px = _boxes(frame, shown=False)
    watched.truth.add(number, ids, true_px)
    run.seen_frames.update(set(ids))
    tracked_px = observation.xyxy_px
    on_hidden = iou(tracked_px, hidden_px).max(1, initial=0.0) >= _SAME_IOU
    on_shown = iou(tracked_px, true_px).max(1, initial=0.0) >= _SAME_IOU
    kept = on_shown | ~on_hidden
    watched.tracks.add(number, observation.track_id[kept], tracked_px[kept])


def _judge(run: _Run, detector: Detector, picture: ImageArray, frame: Frame) -> None:
    run.pictures.append(
        Picture(picture, _boxes(frame, shown=True)[1], _boxes(frame, shown=False)[1])
    )
    run.found += detector.detect([picture])


def _crossings(events: list[Event]) -> Iterator[tuple[str, str, float]]:
    for event in events:
        if event.kind is EventKind.CROSSING:
            yield event.place_id, event.data["direction"], event.mono_ns / NS_PER_S - 1


def _figures(name: str, run: _Run) -> Iterator[Figure]:
    found = score_detections(run.found, run.pictures)
    yield Figure(f"{name}: detector AP50", found.ap50, "", None, None, found.people)
    scores = [evaluate(it.truth.as_mot(), it.tracks.as_mot()) for it in run.cameras.values()]
    boxes = sum(score.truth_boxes for score in scores)
    yield Figure(f"{name}: MOTA", _mota(scores), "", None, None, boxes)
    yield Figure(f"{name}: IDF1", _idf1(scores), "", None, None, boxes)
    switches = sum(score.switches for score in scores)
    people = sum(score.truth_ids for score in scores)
    yield Figure(f"{name}: identity switches", switches, "", None, None, people)
    hits = _matched(run.crossings, run.true_crossings)
    f1 = 2 * hits / max(1, len(run.crossings) + len(run.true_crossings))
    yield Figure(f"{name}: crossings F1, ±3 s", f1, "", None, None, len(run.true_crossings))
    visitors = sum(frames >= _COUNTED_S * _FPS for frames in run.seen_frames.values())
    share = run.people / max(1, visitors)
    yield Figure(f"{name}: visitors counted", run.people, "", "visitors seen", share, visitors)


def _mota(scores: list[MotScores]) -> float:
    errors = sum(it.false_negatives + it.false_positives + it.switches for it in scores)
    return 1 - errors / max(1, sum(it.truth_boxes for it in scores))


def _idf1(scores: list[MotScores]) -> float:
    boxes = sum(it.truth_boxes + it.track_boxes for it in scores)
    return 2 * sum(it.id_true_positives for it in scores) / max(1, boxes)


def _matched(found: list[tuple[str, str, float]], true: list[tuple[str, str, float]]) -> int:
    """Crossings of the same line and direction at most so far apart, each used once."""
    left, hits = sorted(true, key=lambda it: it[2]), 0
    for line, direction, t_s in sorted(found, key=lambda it: it[2]):
        for one in left:
            if one[:2] == (line, direction) and abs(one[2] - t_s) <= _TOLERANCE_S:
                left.remove(one)
                hits += 1
                break
    return hits
