"""What cameras tell of shoppers at rails, and how wrong it is: measured on rendered pictures.

`python -m edge_core.bench.camera_errors` films simulated trade with the shop's own cameras, runs
the product's detector, tracker, floor mapping and action classifier on it, and prints the figures
that `busy_shop.Sensors` states. It takes some minutes.
"""

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from edge_core.simulator import Cameras, World, load_scene
from edge_core.simulator.handling import RAILS, Handling, hang
from edge_core.types import BoolArray, Float64Array
from edge_core.units import NS_PER_S
from edge_core.vision import load_action_classifier, load_detector
from edge_core.vision.action import surroundings
from edge_core.vision.boxes import iou
from edge_core.vision.models import MODELS_FOLDER
from edge_core.vision.pipeline import CameraPipeline

SHOP: Final = MODELS_FOLDER.parent / "malls" / "shop"
SEEDS: Final = (1400, 1401)
SECONDS: Final = 90.0
FPS: Final = 4.0
NEAR_RAIL_M: Final = 1.5
_SAME_IOU: Final = 0.5
_LIMIT: Final = 0.02


@dataclass(frozen=True, slots=True)
class Looks:
    """One row a person near a rail and moment, by the camera that shows them tallest.

    Attributes:
        seed, person: who.
        time_s: when.
        error_m: float64 (N, 2), place told minus true place; NaN while no camera shows them.
        logit: float64 (N,), of the action classifier; NaN likewise.
        handling: bool (N,), the truth.
    """

    seed: Float64Array
    person: Float64Array
    time_s: Float64Array
    error_m: Float64Array
    logit: Float64Array
    handling: BoolArray


def film(seeds: Sequence[int] = SEEDS, seconds: float = SECONDS, *, hands: bool = True) -> Looks:
    """Film trade and compare what is told with what is true."""
    rows: list[tuple[float, ...]] = []
    for seed in seeds:
        rows += _film(seed, seconds, hands)
    table = np.array(rows, np.float64).reshape(-1, 7)
    return Looks(
        table[:, 0], table[:, 1], table[:, 2], table[:, 3:5], table[:, 5], table[:, 6] > 0
    )


def _film(seed: int, seconds: float, hands: bool) -> list[tuple[float, ...]]:
    scene = load_scene(SHOP)
    floor = next(f for f in scene.site.floors if f.id == scene.config.floor)
    rails = np.array(
        [np.mean(f.polygon_m, axis=0) for f in floor.fixtures if f.kind in RAILS]
    )
    garments = hang(floor, [f"{n:024x}" for n in range(4000)])
    homes = np.array([garment.home_m[:2] for garment in garments])
    world, cameras = World(scene, seed), Cameras(scene, seed)
    handling = Handling(garments, seed)
    detector = load_detector(scene.site.models.detector)
    action = load_action_classifier() if hands else None
    pipelines = {
        camera.id: CameraPipeline(camera, detector, None, epoch=1) for camera in scene.site.cameras
    }
    rows: list[tuple[float, ...]] = []
    assert len(rails)
    for index in range(1, round(seconds * FPS) + 1):
        people = world.advance_to(index / FPS)
        handling.advance(people, world.time_s)
        shown = handling.shown(people, world.time_s)
        best: dict[int, tuple[float, float, float, float]] = {}
        for camera_id, pipeline in pipelines.items():
            frame = cameras.render(camera_id, shown)
            stamp_ns = round((index / FPS + 1) * NS_PER_S)
            told = pipeline.process(
                frame.bgr, mono_ns=stamp_ns, utc_ns=stamp_ns, received_mono_ns=stamp_ns
            )
            true_px = np.array([p.full for p in frame.people], np.float32).reshape(-1, 4)
            overlap = iou(told.xyxy_px, true_px)
            for place, seen in enumerate(frame.people):
                row = int(np.argmax(overlap[:, place])) if len(overlap) else 0
                if not len(overlap) or overlap[row, place] < _SAME_IOU:
                    continue
                tall = float(told.xyxy_px[row, 3] - told.xyxy_px[row, 1])
                if tall > best.get(seen.person, (0.0,))[0] and np.isfinite(told.floor_m[row, 0]):
                    p = 0.5
                    if action is not None:
                        p = float(action.predict([surroundings(frame.bgr, told.xyxy_px[row])])[0])
                    x, y = told.floor_m[row].tolist()
                    best[seen.person] = (tall, x, y, p)
        for person in shown:
            where = np.array(person.position_m)
            if np.hypot(*(homes - where).T).min() > NEAR_RAIL_M:
                continue
            busy = person.hands is not None and person.hands.handling
            told_row = best.get(person.number)
            if told_row is None:
                error, logit = (np.nan, np.nan), np.nan
            else:
                error = (told_row[1] - where[0], told_row[2] - where[1])
                p = float(np.clip(told_row[3], _LIMIT, 1 - _LIMIT))
                logit = float(np.log(p / (1 - p)))
            rows.append((seed, person.number, world.time_s, *error, logit, float(busy)))
    return rows


def figures(looks: Looks) -> dict[str, object]:
    """Errors of places and of hands, and how long they last."""
    seen = np.isfinite(looks.error_m[:, 0])
    off = np.hypot(*looks.error_m[seen].T)
    found: dict[str, object] = {
        "rows": len(seen),
        "people": len(set(zip(looks.seed.tolist(), looks.person.tolist(), strict=True))),
        "seen": float(seen.mean()),
        "place_error_m": {str(q): float(np.quantile(off, q / 100)) for q in (50, 75, 90, 95)},
        "place_sd_m": float(np.sqrt((np.clip(looks.error_m[seen], -1.5, 1.5) ** 2).mean())),
        "place_correlation": _lags(looks, looks.error_m[:, 0]),
    }
    for name, chosen in (("handling", looks.handling), ("not", ~looks.handling)):
        logit = looks.logit[seen & chosen]
        found[f"logit {name}"] = {
            "n": len(logit), "mean": float(logit.mean()), "sd": float(logit.std()),
        }  # fmt: skip
    centred = looks.logit.copy()
    for chosen in (looks.handling, ~looks.handling):
        centred[chosen] -= np.nanmean(looks.logit[chosen])
    found["logit_correlation"] = _lags(looks, centred)
    return found


def _lags(looks: Looks, values: Float64Array) -> dict[str, float]:
    """Correlation of a person's values some seconds apart."""
    found = {}
    key = looks.seed * 1e6 + looks.person
    for lag in (1, 2, 4, 8, 16):
        order = np.lexsort((looks.time_s, key))
        a, b = order[:-lag], order[lag:]
        pairs = (key[a] == key[b]) & (np.abs(looks.time_s[b] - looks.time_s[a] - lag / FPS) < 0.01)
        x, y = values[a[pairs]], values[b[pairs]]
        known = np.isfinite(x) & np.isfinite(y)
        found[str(lag / FPS)] = float((x[known] * y[known]).mean() / np.nanvar(values))
    return found


if __name__ == "__main__":
    json.dump(figures(film()), sys.stdout, indent=1)
