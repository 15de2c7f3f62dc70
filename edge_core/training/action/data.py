"""Person crops to learn and judge "handling goods" from: simulated shoppers at simulated rails.

Nobody published crops of people at garment rails with labels that may be used, so the crops are
drawn: shoppers of the simulated shop reach into rails, take garments, look at them and hang them
up again, or stand, pay, telephone, cross their arms, touch their hair and carry garments along.
With each goes where its joints are, which a network learns beside what it is asked: where arms are
carries over to people it has not seen. Shoppers, actions and cameras of training are not those that
are judged on: other seeds, and cameras hung at random instead of the site's own. Real crops (people
in videos who handle nothing) only measure false alarms: taught as "not handling" they would teach
what a real picture looks like, since nothing that is real would ever be "handling".
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
from edge_core.simulator.pose import JOINTS
from edge_core.simulator.scene import CameraPose
from edge_core.simulator.wardrobe import joints_m
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
AT_RAIL_M: Final = 1.5
_VISIBLE: Final = 0.3
_CLEARLY_VISIBLE: Final = 0.4
_HEIGHT_LEAST_PX: Final = 56.0
_JITTER: Final = 0.06
_SAME_IOU: Final = 0.5
_SCORE_LEAST: Final = 0.3
_REAL_SCORE_LEAST: Final = 0.5
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
        at_rail: bool (N,), within `AT_RAIL_M` of a garment.
        joints: float32 (N, 9, 2), x and y of `JOINTS` as shares of the crop with its margin,
            outside 0..1 where it cuts them off; also of joints that something hides.
    """

    bgr: ImageArray
    handling: BoolArray
    person: Int64Array
    time_s: Float64Array
    deed: tuple[str, ...]
    at_rail: BoolArray
    joints: Float32Array

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
        own_cameras: the site's cameras; else four hung at random that look at rails, and whom the
            detector misses is there too, in the true box, shifted by chance.
    """

    seed: int
    seconds: float
    every_s: float
    own_cameras: bool = False


@dataclass(frozen=True, slots=True)
class _Row:
    """One crop; see `ActionCrops`."""

    bgr: ImageArray
    handling: bool
    person: int
    time_s: float
    deed: str
    at_rail: bool
    joints: Float64Array


def simulate_crops(spans: Sequence[Span], progress: Progress) -> ActionCrops:
    """Crops of several stretches as one."""
    rows: list[_Row] = []
    for index, span in enumerate(spans):
        rows += _crops_of(span)
        progress((index + 1) / len(spans))
    size = (-1, KEPT_HEIGHT_PX, KEPT_WIDTH_PX, 3)
    return ActionCrops(
        np.array([row.bgr for row in rows], np.uint8).reshape(size),
        np.array([row.handling for row in rows], np.bool_),
        np.array([row.person for row in rows], np.int64),
        np.array([row.time_s for row in rows], np.float64),
        tuple(row.deed for row in rows),
        np.array([row.at_rail for row in rows], np.bool_),
        np.array([row.joints for row in rows], np.float32).reshape(-1, len(JOINTS), 2),
    )


def _crops_of(span: Span) -> Iterator[_Row]:
    rng = np.random.default_rng(span.seed)
    scene = load_scene(SHOP)
    if not span.own_cameras:
        scene = hung_anew(scene, rng)
    floor = next(f for f in scene.site.floors if f.id == scene.config.floor)
    garments = hang(floor, [f"{span.seed:08x}{n:016x}" for n in range(4000)])
    homes = np.array([garment.home_m[:2] for garment in garments])
    world, cameras = World(scene, span.seed), Cameras(scene, span.seed)
    handling = Handling(garments, span.seed)
    detector = load_detector("person-s", score=_SCORE_LEAST)
    every = round(span.every_s / _TICK_S)
    for tick in range(1, round(span.seconds / _TICK_S) + 1):
        people = world.advance_to(tick * _TICK_S)
        handling.advance(people, world.time_s)
        if tick % every:
            continue
        shown = handling.shown(people, world.time_s)
        by_number = {person.number: person for person in shown}
        for camera_id, renderer in cameras.renderers.items():
            frame = cameras.render(camera_id, shown)
            picture = _through_jpeg(frame.bgr)
            found = detector.detect([picture])[0].xyxy_px
            for box, number in _boxes(frame, found, not span.own_cameras, rng):
                person = by_number[number]
                apart_m = np.hypot(*(homes - np.array(person.position_m)).T)
                yield _Row(
                    with_context(picture, box),
                    person.hands is not None and person.hands.handling,
                    span.seed * 100_000 + number,
                    world.time_s,
                    person.activity if person.hands is None else person.hands.deed,
                    bool(apart_m.min() <= AT_RAIL_M),
                    _in_crop(renderer.camera.project(joints_m(person))[0], box),
                )


def _in_crop(pixels: Float64Array, xyxy_px: Float32Array) -> Float64Array:
    """Places in the picture (K, 2) as shares of a box with its `KEPT_CONTEXT`."""
    corner, size = xyxy_px[:2].astype(np.float64), (xyxy_px[2:] - xyxy_px[:2]).astype(np.float64)
    return np.asarray((pixels - corner + KEPT_CONTEXT * size) / ((1 + 2 * KEPT_CONTEXT) * size))


def _boxes(
    frame: Frame, found_px: Float32Array, missed_too: bool, rng: np.random.Generator
) -> Iterator[tuple[Float32Array, int]]:
    """The detector's boxes of those who show enough; of those it misses true ones, shifted."""
    full = np.array([person.full for person in frame.people], np.float32).reshape(-1, 4)
    shows = np.array([person.visible for person in frame.people], np.float32).reshape(-1, 4)
    # Behind a rail the detector's box ends where the body is hidden.
    overlap = np.maximum(iou(found_px, full), iou(found_px, shows))
    for place, person in enumerate(frame.people):
        whole = full[place]
        if person.visibility < _VISIBLE or whole[3] - whole[1] < _HEIGHT_LEAST_PX:
            continue
        best = int(np.argmax(overlap[:, place])) if len(found_px) else None
        if best is not None and overlap[best, place] >= _SAME_IOU:
            if np.argmax(overlap[best]) == place:
                yield found_px[best], person.person
        elif missed_too and person.visibility >= _CLEARLY_VISIBLE:
            size = np.tile(whole[2:] - whole[:2], 2)
            yield whole + (rng.normal(0, _JITTER, 4) * size).astype(np.float32), person.person


def hung_anew(scene: Scene, rng: np.random.Generator) -> Scene:
    """The scene with cameras at random places under the ceiling, each looking at a rail."""
    floor = next(f for f in scene.site.floors if f.id == scene.config.floor)
    solid = shapely.union_all(
        [shapely.Polygon(f.polygon_m) for f in floor.fixtures if f.kind in ("wall", "pillar")]
    )
    inside = shapely.box(0.3, 0.3, 17.7, 11.9)
    rails = [shapely.Polygon(f.polygon_m).bounds for f in floor.fixtures if f.kind in RAILS]
    poses: list[CameraPose] = []
    while len(poses) < _POSES:
        x1, y1, x2, y2 = rails[int(rng.integers(len(rails)))]
        rail = shapely.Point(rng.uniform(x1, x2), rng.uniform(y1, y2))
        turn, far_m = rng.uniform(0, 2 * np.pi), rng.uniform(1.6, 6.5)
        high_m = rng.uniform(2.2, 3.3)
        at = shapely.Point(rail.x - far_m * np.sin(turn), rail.y + far_m * np.cos(turn))
        clear = not shapely.LineString([at, rail]).buffer(0.1).intersects(solid)
        if not inside.contains(at) or not clear:
            continue
        pitch = np.degrees(np.arctan2(high_m - rng.uniform(0.8, 1.4), far_m))
        poses.append(
            CameraPose(
                id=f"c{len(poses)}",
                position_m=(float(at.x), float(at.y), float(high_m)),
                yaw_deg=float(np.degrees(turn) + rng.normal(0, 8)),
                pitch_deg=float(np.clip(pitch, 5, 60)),
                hfov_deg=float(rng.uniform(55, 95)),
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
    detector = load_detector("person-s", score=_REAL_SCORE_LEAST)
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
