"""Person crops to learn and judge "handling goods" from: simulated shoppers at simulated rails.

Nobody published crops of people at garment rails with labels that may be used, so the crops are
drawn: shoppers of the simulated shop reach into rails, take garments, look at them and hang them
up again, or stand, pay, telephone, cross their arms, touch their hair and carry garments along.
Shoppers, actions and cameras of training are not those that are judged on: other seeds, and
cameras hung at random instead of the site's own. Real crops (people in videos who handle nothing)
only measure false alarms: taught as "not handling" they would teach what a real picture looks
like, since nothing that is real would ever be "handling".
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import cv2
import numpy as np
import shapely

from edge_core.simulator import Cameras, Scene, World, load_scene
from edge_core.simulator.frames import Frame
from edge_core.simulator.handling import RAILS, Handling, hang
from edge_core.simulator.scene import CameraPose
from edge_core.simulator.shopper import PersonState
from edge_core.training.detector.pictures import Progress, read_frames
from edge_core.types import BoolArray, Float32Array, Float64Array, ImageArray, Int64Array
from edge_core.vision import load_detector
from edge_core.vision.action import CONTEXT, HEIGHT_PX, WIDTH_PX, surroundings
from edge_core.vision.boxes import iou
from edge_core.vision.models import MODELS_FOLDER

SHOP: Final = MODELS_FOLDER.parent / "malls" / "shop"
KEPT_CONTEXT: Final = 0.25
"""Of the box's size, kept on every side for shifts and scales."""
KEPT_WIDTH_PX: Final = round(WIDTH_PX * (1 + 2 * KEPT_CONTEXT) / (1 + 2 * CONTEXT))
KEPT_HEIGHT_PX: Final = round(HEIGHT_PX * (1 + 2 * KEPT_CONTEXT) / (1 + 2 * CONTEXT))
REAL_CLIPS: Final = (
    ("intel_one-by-one-person-detection.mp4", 6),
    ("intel_preview_face-demographics-walking.gif", 2),
    ("concourse.mp4", 20),
)
"""Videos of people who walk and stand, and every how many frames are taken."""
_VISIBLE: Final = 0.4
_HEIGHT_LEAST_PX: Final = 56.0
_JITTER: Final = 0.06
_SAME_IOU: Final = 0.5
_SCORE_LEAST: Final = 0.5
_POSES: Final = 4
_TICK_S: Final = 0.25
_JPEG_QUALITY: Final = 88


@dataclass(frozen=True, slots=True)
class ActionCrops:
    """Person crops with a margin, struct of arrays.

    Attributes:
        bgr: uint8 (N, 185, 111, 3); the box and its context are the middle 160x96.
        handling: bool (N,), the hands are at goods.
        person: int64 (N,), one number a shopper, over all seeds.
        time_s: float64 (N,), within the simulation.
        deed: what the hands do, a word each.
    """

    bgr: ImageArray
    handling: BoolArray
    person: Int64Array
    time_s: Float64Array
    deed: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.handling)

    def plain(self) -> ImageArray:
        """Box and context without the margin, uint8 (N, 160, 96, 3)."""
        top, left = (KEPT_HEIGHT_PX - HEIGHT_PX) // 2, (KEPT_WIDTH_PX - WIDTH_PX) // 2
        return self.bgr[:, top : top + HEIGHT_PX, left : left + WIDTH_PX]


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of simulated trade.

    Attributes:
        seed: of everything.
        seconds: how long.
        every_s: between pictures.
        own_cameras: the site's cameras; else four hung at random that look at rails.
        detected: boxes are the product detector's; else true ones, shifted by chance.
    """

    seed: int
    seconds: float
    every_s: float
    own_cameras: bool = False
    detected: bool = False


def simulate_crops(spans: Sequence[Span], progress: Progress) -> ActionCrops:
    """Crops of several stretches as one."""
    rows: list[tuple[ImageArray, bool, int, float, str]] = []
    for index, span in enumerate(spans):
        rows += _crops_of(span)
        progress((index + 1) / len(spans))
    return _crops(rows)


def _crops(rows: Sequence[tuple[ImageArray, bool, int, float, str]]) -> ActionCrops:
    return ActionCrops(
        np.array([row[0] for row in rows], np.uint8).reshape(-1, KEPT_HEIGHT_PX, KEPT_WIDTH_PX, 3),
        np.array([row[1] for row in rows], np.bool_),
        np.array([row[2] for row in rows], np.int64),
        np.array([row[3] for row in rows], np.float64),
        tuple(row[4] for row in rows),
    )


def _crops_of(span: Span) -> Iterator[tuple[ImageArray, bool, int, float, str]]:
    rng = np.random.default_rng(span.seed)
    scene = load_scene(SHOP)
    if not span.own_cameras:
        scene = hung_anew(scene, rng)
    floor = next(f for f in scene.site.floors if f.id == scene.config.floor)
    world, cameras = World(scene, span.seed), Cameras(scene, span.seed)
    handling = Handling(hang(floor, [f"{span.seed:08x}{n:016x}" for n in range(4000)]), span.seed)
    detector = load_detector("person-s", score=_SCORE_LEAST) if span.detected else None
    every = round(span.every_s / _TICK_S)
    for tick in range(1, round(span.seconds / _TICK_S) + 1):
        people = world.advance_to(tick * _TICK_S)
        handling.advance(people, world.time_s)
        if tick % every:
            continue
        shown = handling.shown(people, world.time_s)
        by_number = {person.number: person for person in shown}
        for camera_id in cameras.renderers:
            frame = cameras.render(camera_id, shown)
            picture = _through_jpeg(frame.bgr)
            found = None if detector is None else detector.detect([picture])[0].xyxy_px
            for box, number in _boxes(frame, found, rng):
                person = by_number[number]
                who = span.seed * 100_000 + number
                yield with_context(picture, box), *_label(person), who, world.time_s, _deed(person)


def _label(person: PersonState) -> tuple[bool]:
    return (person.hands is not None and person.hands.handling,)


def _deed(person: PersonState) -> str:
    return person.activity if person.hands is None else person.hands.deed


def _boxes(
    frame: Frame, found_px: Float32Array | None, rng: np.random.Generator
) -> Iterator[tuple[Float32Array, int]]:
    """Boxes of those who show enough: the detector's where given, else true ones, shifted."""
    people = [
        person for person in frame.people
        if person.visibility >= _VISIBLE and person.full[3] - person.full[1] >= _HEIGHT_LEAST_PX
    ]  # fmt: skip
    for person in people:
        box = np.array(person.full, np.float32)
        if found_px is None:
            size = np.tile(box[2:] - box[:2], 2)
            yield box + (rng.normal(0, _JITTER, 4) * size).astype(np.float32), person.person
            continue
        overlap = iou(found_px, box[None])[:, 0] if len(found_px) else np.zeros(0)
        if len(overlap) and overlap.max() >= _SAME_IOU:
            yield found_px[int(np.argmax(overlap))], person.person


def hung_anew(scene: Scene, rng: np.random.Generator) -> Scene:
    """The scene with cameras at random places under the ceiling, each looking at a rail."""
    floor = next(f for f in scene.site.floors if f.id == scene.config.floor)
    solid = shapely.union_all(
        [shapely.Polygon(f.polygon_m) for f in floor.fixtures if f.kind in ("wall", "pillar")]
    )
    inside = shapely.Polygon([(0.4, 0.4), (17.6, 0.4), (17.6, 11.8), (0.4, 11.8)])
    rails = [shapely.Polygon(f.polygon_m) for f in floor.fixtures if f.kind in RAILS]
    poses: list[CameraPose] = []
    while len(poses) < _POSES:
        rail = rails[int(rng.integers(len(rails)))].centroid
        turn, far_m = rng.uniform(0, 2 * np.pi), rng.uniform(2.5, 7.0)
        high_m = rng.uniform(2.3, 3.2)
        at = shapely.Point(rail.x - far_m * np.sin(turn), rail.y + far_m * np.cos(turn))
        clear = not shapely.LineString([at, rail]).buffer(0.1).intersects(solid)
        if not inside.contains(at) or not clear:
            continue
        pitch = np.degrees(np.arctan2(high_m - rng.uniform(0.9, 1.3), far_m))
        poses.append(
            CameraPose(
                id=f"c{len(poses)}",
                position_m=(float(at.x), float(at.y), float(high_m)),
                yaw_deg=float(np.degrees(turn) + rng.normal(0, 6)),
                pitch_deg=float(np.clip(pitch, 5, 50)),
                hfov_deg=float(rng.uniform(55, 80)),
                noise=float(rng.uniform(1, 4)),
                exposure=float(rng.uniform(0.75, 1.25)),
                warmth=float(rng.uniform(-0.06, 0.06)),
            )
        )
    return replace(scene, config=scene.config.model_copy(update={"cameras": tuple(poses)}))


def real_crops(folder: Path, progress: Progress) -> dict[str, ImageArray]:
    """Crops of people in videos who handle nothing, uint8 (N, 160, 96, 3), by video.

    Raises:
        SourceError: a video is missing.
    """
    detector = load_detector("person-s", score=_SCORE_LEAST)
    top, left = (KEPT_HEIGHT_PX - HEIGHT_PX) // 2, (KEPT_WIDTH_PX - WIDTH_PX) // 2
    found = {}
    for index, (file, every) in enumerate(REAL_CLIPS):
        crops = []
        for frame in read_frames(folder / file, every):
            boxes = detector.detect([frame])[0].xyxy_px
            tall = boxes[:, 3] - boxes[:, 1] >= _HEIGHT_LEAST_PX
            crops += [with_context(frame, box) for box in boxes[tall]]
        whole = np.array(crops, np.uint8).reshape(-1, KEPT_HEIGHT_PX, KEPT_WIDTH_PX, 3)
        found[Path(file).stem] = whole[:, top : top + HEIGHT_PX, left : left + WIDTH_PX]
        progress((index + 1) / len(REAL_CLIPS))
    return found


def with_context(image: ImageArray, xyxy_px: Float32Array) -> ImageArray:
    """A box (4,) and a quarter of its size around, uint8 (185, 111, 3); grey beyond the edge."""
    part = surroundings(image, xyxy_px, KEPT_CONTEXT)
    how = cv2.INTER_AREA if part.shape[0] > KEPT_HEIGHT_PX else cv2.INTER_LINEAR
    return np.asarray(
        cv2.resize(part, (KEPT_WIDTH_PX, KEPT_HEIGHT_PX), interpolation=how), np.uint8
    )


def _through_jpeg(bgr: ImageArray) -> ImageArray:
    _, coded = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY])
    return np.asarray(cv2.imdecode(coded, cv2.IMREAD_COLOR), np.uint8)
