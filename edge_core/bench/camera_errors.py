"""What cameras tell of shoppers at rails, and how wrong it is: measured on rendered pictures.

`python -m edge_core.bench.camera_errors` films simulated trade with a camera at every rail, runs
the product's detector, tracker, floor mapping and action classifier on it, and prints the figures
that `busy_shop.Sensors` states. It takes some minutes.
"""

import json
import math
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Final

import numpy as np
import shapely

from edge_core.config import CameraConfig
from edge_core.simulator import Cameras, Scene, World, load_scene
from edge_core.simulator.camera import calibration_pairs
from edge_core.simulator.frames import Frame
from edge_core.simulator.handling import RAILS, Handling, hang
from edge_core.simulator.scene import CameraPose
from edge_core.training.tags.logistic import area_under_curve
from edge_core.types import BoolArray, Float64Array, ImageArray
from edge_core.units import NS_PER_S
from edge_core.vision import load_action_classifier, load_detector
from edge_core.vision.action import PREVALENCE, ActionClassifier, surroundings
from edge_core.vision.boxes import iou
from edge_core.vision.models import MODELS_FOLDER
from edge_core.vision.pipeline import CameraPipeline

SHOP: Final = MODELS_FOLDER.parent / "malls" / "shop"
SEEDS: Final = (1411, 1412, 1413, 1414)
SECONDS: Final = 60.0
FPS: Final = 4.0
NEAR_RAIL_M: Final = 1.5
_SAME_IOU: Final = 0.5
_LIMIT: Final = 0.002
_BATCH: Final = 32
_ROUNDS: Final = 200
_HIGH_M: Final = 2.8
_INSIDE_M: Final = (0.4, 0.4, 17.6, 11.8)
_ASLANT_RAD: Final = tuple(np.radians((20, -20, 45, -45, 70, -70)).tolist())


@dataclass(frozen=True, slots=True)
class Looks:
    """One row a person near a rail and moment, by the camera that shows them tallest.

    Attributes:
        seed, person: who.
        time_s: when.
        error_m: float64 (N, 2), place told minus true place; NaN while no camera shows them.
        logit: float64 (N,), of the action classifier; NaN likewise.
        handling: bool (N,), the truth.
        deed: what the hands do, a word each.
    """

    seed: Float64Array
    person: Float64Array
    time_s: Float64Array
    error_m: Float64Array
    logit: Float64Array
    handling: BoolArray
    deed: tuple[str, ...]


def film(seeds: Sequence[int] = SEEDS, seconds: float = SECONDS) -> Looks:
    """Film trade and compare what is told with what is true."""
    action = load_action_classifier()
    return judged([one for seed in seeds for one in shots(seed, seconds)], action)


@dataclass(frozen=True, slots=True)
class Shot:
    """Somebody near a rail at one moment; `told_m` and `crop` are None while nobody sees them."""

    seed: int
    person: int
    time_s: float
    true_m: tuple[float, float]
    handling: bool
    deed: str
    told_m: tuple[float, float] | None
    crop: ImageArray | None


def judged(seen: Sequence[Shot], action: ActionClassifier) -> Looks:
    """What the classifier says of the crops, beside the errors of the places."""
    crops = [shot.crop for shot in seen if shot.crop is not None]
    p = np.concatenate(
        [np.zeros(0, np.float32)]
        + [action.predict(crops[at : at + _BATCH]) for at in range(0, len(crops), _BATCH)]
    )
    p = np.clip(p.astype(np.float64), _LIMIT, 1 - _LIMIT)
    logit = np.full(len(seen), np.nan)
    logit[[shot.crop is not None for shot in seen]] = np.log(p / (1 - p))
    unknown = (np.nan, np.nan)
    return Looks(
        np.array([shot.seed for shot in seen], np.float64),
        np.array([shot.person for shot in seen], np.float64),
        np.array([shot.time_s for shot in seen], np.float64),
        np.array([shot.told_m or unknown for shot in seen])
        - np.array([shot.true_m for shot in seen]),
        logit,
        np.array([shot.handling for shot in seen], np.bool_),
        tuple(shot.deed for shot in seen),
    )


def camera_at_every_rail(scene: Scene) -> Scene:
    """The scene with a camera under the ceiling for each rail, three to four metres from it."""
    floor = next(f for f in scene.site.floors if f.id == scene.config.floor)
    solid = shapely.union_all(
        [shapely.Polygon(f.polygon_m) for f in floor.fixtures if f.kind in ("wall", "pillar")]
    )
    inside = shapely.box(*_INSIDE_M)
    poses = []
    for number, fixture in enumerate(f for f in floor.fixtures if f.kind in RAILS):
        polygon = shapely.Polygon(fixture.polygon_m)
        rail, (x1, y1, x2, y2) = polygon.centroid, polygon.bounds
        # Across the rail first, then more and more along it.
        across = 0.0 if x2 - x1 >= y2 - y1 else np.pi / 2
        aslant = [across + side + off for off in _ASLANT_RAD for side in (0.0, np.pi)]
        for far_m, turn in product((3.6, 3.2, 2.8), aslant):
            at = shapely.Point(rail.x - far_m * np.sin(turn), rail.y + far_m * np.cos(turn))
            if inside.contains(at) and not shapely.LineString([at, rail]).intersects(solid):
                pitch = float(np.degrees(np.arctan2(_HIGH_M - 1.0, far_m)))
                poses.append(
                    CameraPose(
                        id=f"rail-{number}",
                        position_m=(float(at.x), float(at.y), _HIGH_M),
                        yaw_deg=float(np.degrees(turn)),
                        pitch_deg=pitch,
                        hfov_deg=75.0,
                    )
                )
                break
    return replace(scene, config=scene.config.model_copy(update={"cameras": tuple(poses)}))


def _configured(scene: Scene, pose: CameraPose) -> CameraConfig:
    """What an installer would enter for a camera."""
    return CameraConfig(
        id=pose.id,
        source="usb:0",
        floor=scene.config.floor,
        calibration_px=pose.size_px,
        calibration=calibration_pairs(pose.camera(), scene.outline_m),
    )


def shots(seed: int, seconds: float) -> Iterator[Shot]:
    """Everybody near a rail, four times a second, by the camera that shows them tallest."""
    scene = camera_at_every_rail(load_scene(SHOP))
    floor = next(f for f in scene.site.floors if f.id == scene.config.floor)
    garments = hang(floor, [f"{n:024x}" for n in range(4000)])
    homes = np.array([garment.home_m[:2] for garment in garments])
    world, cameras = World(scene, seed), Cameras(scene, seed)
    handling, detector = Handling(garments, seed), load_detector(scene.site.models.detector)
    pipelines = {
        pose.id: CameraPipeline(_configured(scene, pose), detector, None, epoch=1)
        for pose in scene.config.cameras
    }
    for index in range(1, round(seconds * FPS) + 1):
        people = world.advance_to(index / FPS)
        handling.advance(people, world.time_s)
        shown = handling.shown(people, world.time_s)
        best: dict[int, _Best] = {}
        for camera_id, pipeline in pipelines.items():
            _look(cameras.render(camera_id, shown), pipeline, index, best)
        for person in shown:
            if np.hypot(*(homes - np.array(person.position_m)).T).min() <= NEAR_RAIL_M:
                busy = person.hands is not None and person.hands.handling
                told = best.get(person.number)
                yield Shot(
                    seed, person.number, world.time_s, person.position_m, busy,
                    person.activity if person.hands is None else person.hands.deed,
                    None if told is None else told.floor_m,
                    None if told is None else told.crop,
                )  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Best:
    tall_px: float
    floor_m: tuple[float, float]
    crop: ImageArray


def _look(frame: Frame, pipeline: CameraPipeline, index: int, best: dict[int, _Best]) -> None:
    """Take in one picture; whoever it shows taller than `best` is seen by it."""
    stamp_ns = round((index / FPS + 1) * NS_PER_S)
    told = pipeline.process(frame.bgr, mono_ns=stamp_ns, utc_ns=stamp_ns, received_mono_ns=stamp_ns)
    whole = np.array([p.full for p in frame.people], np.float32).reshape(-1, 4)
    shows = np.array([p.visible for p in frame.people], np.float32).reshape(-1, 4)
    overlap = np.maximum(iou(told.xyxy_px, whole), iou(told.xyxy_px, shows))
    for place, seen in enumerate(frame.people):
        row = int(np.argmax(overlap[:, place])) if len(overlap) else 0
        if not len(overlap) or overlap[row, place] < _SAME_IOU:
            continue
        box = told.xyxy_px[row]
        tall, (x, y) = float(box[3] - box[1]), told.floor_m[row].tolist()
        taller = seen.person not in best or tall > best[seen.person].tall_px
        if taller and np.isfinite(x):
            best[seen.person] = _Best(tall, (x, y), surroundings(frame.bgr, box).copy())


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
        "places": two_kinds(off),
        "place_correlation": _lags(looks, looks.error_m[:, 0]),
    }
    for name, chosen in (("handling", looks.handling), ("not", ~looks.handling)):
        logit = looks.logit[seen & chosen]
        found[f"logit {name}"] = {
            "n": len(logit), "mean": float(logit.mean()), "sd": float(logit.std()),
        }  # fmt: skip
    found["area under the curve"] = area_under_curve(looks.handling[seen], looks.logit[seen])
    deeds, centred, means = np.array(looks.deed), looks.logit.copy(), {}
    for deed in sorted(set(deeds[seen].tolist())):
        centred[deeds == deed] -= np.nanmean(looks.logit[deeds == deed])
        even = np.nanmean(looks.logit[deeds == deed]) - math.log(PREVALENCE / (1 - PREVALENCE))
        means[deed] = {"n": int((seen & (deeds == deed)).sum()), "mean at even odds": float(even)}
    found["deeds"] = means
    found["logit_sd"] = float(np.nanstd(centred))
    found["logit_correlation"] = _lags(looks, centred)
    return found


def two_kinds(off_m: Float64Array) -> dict[str, float]:
    """Places that err a little and places that err by far more, by expectation maximisation.

    Each kind errs alike along both axes, so that its distances are Rayleigh's.

    Args:
        off_m: float64 (N,), distances between told and true places.

    Returns:
        Standard deviation along an axis of the first kind, how many times as much that of the
        second is, and the second's share.
    """
    small, large, share = 0.2, 0.8, 0.1
    for _ in range(_ROUNDS):
        of_each = np.stack(
            [
                weight * off_m / sd**2 * np.exp(-(off_m**2) / (2 * sd**2))
                for sd, weight in ((small, 1 - share), (large, share))
            ]
        )
        far = of_each[1] / np.maximum(of_each.sum(axis=0), 1e-300)
        share = float(far.mean())
        small = float(np.sqrt(((1 - far) * off_m**2).sum() / (2 * (1 - far).sum())))
        large = float(np.sqrt((far * off_m**2).sum() / (2 * far.sum())))
    return {"sd_m": small, "behind": share, "behind_times": large / small}


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
