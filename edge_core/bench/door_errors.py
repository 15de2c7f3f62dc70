"""What entrance cameras make of people at the line: measured on rendered pictures.

`python -m edge_core.bench.door_errors` films simulated shoppers with the cameras that watch
entrance lines, runs the product's detector, tracker and line counter, and prints how wrong tracks
are about everybody who crosses; `day_cameras.DoorErrors` states these figures. Takes some minutes.
"""

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from random import Random
from typing import Any, Final

import numpy as np

from edge_core.analytics.matching import match_events
from edge_core.service.core_pipeline import CorePipeline
from edge_core.simulator import Cameras, World, load_scene
from edge_core.types import EventKind, Observation
from edge_core.units import NS_PER_S
from edge_core.vision import load_detector, load_embedder
from edge_core.vision.boxes import iou
from edge_core.vision.models import MODELS_FOLDER
from edge_core.vision.pipeline import CameraPipeline

MALLS: Final = MODELS_FOLDER.parent / "malls"
RUNS: Final = (("mall", 1500), ("shop", 1502))
SECONDS: Final = 60.0
FPS: Final = 5.0
AROUND_S: Final = 2.0
"""Of a crossing, so long before and after is looked at."""
TOLERANCE_S: Final = 3.0
_SAME_IOU: Final = 0.4


@dataclass(slots=True)
class _Filmed:
    """What was told about whom: by (camera, person), the moments with track id and place error."""

    crossings: list[tuple[str, str, float, int]] = field(default_factory=list)
    told: list[tuple[str, str, float]] = field(default_factory=list)
    looks: dict[tuple[str, int], list[tuple[float, int, float, float]]] = field(
        default_factory=dict
    )
    camera_of: dict[str, str] = field(default_factory=dict)


def film(mall: str, seed: int, seconds: float = SECONDS) -> _Filmed:
    """Film one scene with its entrance cameras."""
    scene = load_scene(MALLS / mall)
    lines = {line.id: line.camera for line in scene.site.lines if line.entrance}
    watching = set(lines.values())
    scene = replace(
        scene,
        config=scene.config.model_copy(
            update={"cameras": tuple(c for c in scene.config.cameras if c.id in watching)}
        ),
    )
    world, cameras, told = World(scene, seed), Cameras(scene, seed), _Filmed(camera_of=lines)
    detector, embedder = load_detector(scene.site.models.detector), load_embedder()
    pipelines = {
        it.id: CameraPipeline(it, detector, embedder, epoch=1)
        for it in scene.site.cameras
        if it.id in watching
    }
    core = CorePipeline(scene.site, Random(0))
    for index in range(round(seconds * FPS)):
        _take(world, cameras, pipelines, core, index, told)
    told.crossings = [
        (it.line, it.direction, it.t_s, it.person) for it in world.log.crossings if it.line in lines
    ]
    return told


def _take(
    world: World,
    cameras: Cameras,
    pipelines: dict[str, CameraPipeline],
    core: CorePipeline,
    index: int,
    told: _Filmed,
) -> None:
    """One picture of every camera."""
    people = world.advance_to(index / FPS)
    places = {person.number: person.position_m for person in people}
    stamp_ns = round((index / FPS + 1) * NS_PER_S)
    for camera_id, pipeline in pipelines.items():
        frame = cameras.render(camera_id, people)
        seen = pipeline.process(
            frame.bgr, mono_ns=stamp_ns, utc_ns=stamp_ns, received_mono_ns=stamp_ns
        )
        whole = np.array([p.full for p in frame.people], np.float32).reshape(-1, 4)
        _note(told, seen, index / FPS, [p.person for p in frame.people], whole, places)
        for event in core.ingest(seen):
            if event.kind is EventKind.CROSSING and event.place_id in told.camera_of:
                at_s = event.mono_ns / NS_PER_S - 1
                told.told.append((event.place_id, event.data["direction"], at_s))


def _note(
    told: _Filmed,
    seen: Observation,
    time_s: float,
    people: Sequence[int],
    whole: Any,
    places: dict[int, tuple[float, float]],
) -> None:
    overlap = iou(seen.xyxy_px, whole)
    for column, person in enumerate(people):
        row = int(np.argmax(overlap[:, column])) if len(overlap) else 0
        if not len(overlap) or overlap[row, column] < _SAME_IOU:
            continue
        error = seen.floor_m[row].astype(np.float64) - np.array(places[person][:2])
        look = (time_s, int(seen.track_id[row]), float(error[0]), float(error[1]))
        told.looks.setdefault((seen.camera_id, person), []).append(look)


def figures(filmed: Sequence[_Filmed]) -> dict[str, Any]:
    """How wrong tracks are round crossings."""
    seen, breaks, looked_s, gaps, errors, unseen = [], 0, 0.0, [], [], 0
    hits = told = true = 0
    for one in filmed:
        for line, _, at_s, person in one.crossings:
            looks = [
                look
                for look in one.looks.get((one.camera_of[line], person), [])
                if abs(look[0] - at_s) <= AROUND_S
            ]
            unseen += not looks
            expected = 2 * AROUND_S * FPS + 1
            seen.append(min(1.0, len(looks) / expected))
            errors += [look[2:] for look in looks if np.isfinite(look[2])]
            for before, after in pairwise(looks):
                breaks += before[1] != after[1]
                looked_s += after[0] - before[0]
                if after[0] - before[0] > 1.5 / FPS:
                    gaps.append(after[0] - before[0])
        for line in one.camera_of:
            for direction in ("in", "out"):
                a = [t for at, way, t in one.told if (at, way) == (line, direction)]
                b = [t for at, way, t, _ in one.crossings if (at, way) == (line, direction)]
                hits += len(match_events(a, b, TOLERANCE_S))
                told, true = told + len(a), true + len(b)
    off = np.clip(np.array(errors).reshape(-1, 2), -2, 2)
    return {
        "crossings": true,
        "told": told,
        "hits": hits,
        "f1": 2 * hits / max(1, told + true),
        "never seen": unseen,
        "seen share": float(np.mean(seen)),
        "seen share quantiles": np.quantile(seen, [0.05, 0.25, 0.5]).tolist(),
        "new track ids a second seen": breaks / max(looked_s, 1e-9),
        "gap s": float(np.mean(gaps)) if gaps else 0.0,
        "place sd m": off.std(axis=0).tolist(),
        "place mean m": off.mean(axis=0).tolist(),
    }


def main() -> None:
    """Print the figures of all runs, together and apart."""
    filmed = {run: film(*run) for run in RUNS}
    told = {f"{mall}, seed {seed}": figures([one]) for (mall, seed), one in filmed.items()}
    json.dump({"all": figures(list(filmed.values()))} | told, sys.stdout, indent=1)


if __name__ == "__main__":
    main()
