"""Labelled pictures: what training and evaluation read, whatever their source."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import cv2
import numpy as np
import shapely

from edge_core.errors import SourceError
from edge_core.simulator import Cameras, Scene, World, load_scene
from edge_core.simulator.frames import Frame
from edge_core.simulator.handling import RAILS, Handling, hang
from edge_core.simulator.scene import CameraPose
from edge_core.types import Float32Array, ImageArray

VISIBLE_LEAST: Final = 0.35
"""Share of a simulated body that must show for it to be a person to find."""
SIMULATED_HEIGHT_LEAST_PX: Final = 16
_GOODS: Final = ("rack", "shelf", "table", "counter")
_RAILS_SHARE: Final = 0.7
_TAGS: Final = 4000
_TICK_S: Final = 0.25

Progress = Callable[[float], None]
NO_BOXES: Final = np.zeros((0, 4), np.float32)
NO_BOXES.setflags(write=False)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture and the people in it.

    Attributes:
        bgr: uint8 (H, W, 3).
        xyxy_px: float32 (N, 4), boxes of people.
        ignored_px: float32 (K, 4), where there may be people: neither right nor wrong.
    """

    bgr: ImageArray
    xyxy_px: Float32Array
    ignored_px: Float32Array


def read_folder(folder: Path, progress: Progress | None = None) -> list[Picture]:
    """Pictures `*.jpg` with YOLO labels `*.txt` (class, centre, size; shares) beside them.

    Raises:
        SourceError: there is no such picture, or one cannot be read.
    """
    paths = sorted(folder.glob("*.jpg"))
    if not paths:
        raise SourceError(
            f"There are no pictures in {folder}.", "Give the folder that holds `detection`."
        )
    pictures = []
    for index, path in enumerate(paths):
        bgr = cv2.imread(str(path))
        if bgr is None:
            raise SourceError(f"The picture {path} cannot be read.", "Copy the data anew.")
        pictures.append(Picture(np.asarray(bgr, np.uint8), _yolo_boxes(path, bgr.shape), NO_BOXES))
        if progress is not None:
            progress((index + 1) / len(paths))
    return pictures


def _yolo_boxes(picture: Path, shape: Sequence[int]) -> Float32Array:
    text = picture.with_suffix(".txt")
    rows = [line.split() for line in text.read_text().splitlines()] if text.exists() else []
    centre_size = np.array([row[1:5] for row in rows if row], np.float32).reshape(-1, 4)
    centre_size *= np.array([shape[1], shape[0], shape[1], shape[0]], np.float32)
    centre, half = centre_size[:, :2], centre_size[:, 2:] / 2
    return np.concatenate([centre - half, centre + half], axis=1)


def read_frames(path: Path, every: int, start: float = 0.0, stop: float = 1.0) -> list[ImageArray]:
    """Every n-th frame of a part of a video, in order.

    Args:
        path: any file OpenCV reads, animated GIFs included.
        every: take one frame of so many.
        start: where the part begins, as a share of the frame count.
        stop: where it ends.

    Raises:
        SourceError: the video cannot be opened.
    """
    capture = cv2.VideoCapture(str(path))
    try:
        if not capture.isOpened():
            raise SourceError(f"The video {path} cannot be read.", "Copy the data anew.")
        count = capture.get(cv2.CAP_PROP_FRAME_COUNT)
        wanted = range(round(start * count), round(stop * count), every)
        return [frame for index, frame in _frames(capture) if index in wanted]
    finally:
        capture.release()


def _frames(capture: cv2.VideoCapture) -> Iterator[tuple[int, ImageArray]]:
    index = 0
    while True:
        read, frame = capture.read()
        if not read:
            return
        yield index, np.asarray(frame, np.uint8)
        index += 1


def simulate(site_folder: Path, instants: int, *, seed: int, apart_s: float = 4.0) -> list[Picture]:
    """What the cameras of a simulated site see, and who is truly there.

    Whoever shows too little of the body, or is too far away, is ignored.

    Args:
        site_folder: folder with `site.toml` and `scene.toml`.
        instants: how many moments; each gives a picture of every camera.
        seed: of the shoppers and the sensors' noise.
        apart_s: simulated time between moments.
    """
    scene = load_scene(site_folder)
    cameras, world = Cameras(scene, seed), World(scene, seed)
    pictures = []
    for index in range(instants):
        people = world.advance_to(index * apart_s)
        for camera_id in cameras.renderers:
            pictures.append(_labelled(cameras.render(camera_id, people)))
    return pictures


def simulate_at_goods(
    site_folder: Path,
    views: int,
    instants: int,
    *,
    seed: int,
    first_s: float = 40.0,
    apart_s: float = 5.0,
) -> list[Picture]:
    """Shoppers before and behind goods, handling them, from cameras hung anywhere near.

    Clothes before clothes, legs behind rails and bodies cut off by the picture's edge are what a
    shop's camera sees most, and what pictures of streets teach least. Pictures without anybody
    are left out, but for one of each camera.

    Args:
        site_folder: folder with `site.toml` and `scene.toml`.
        views: how many cameras.
        instants: how many moments.
        seed: of the cameras, the shoppers, the textures and the sensors' noise.
        first_s: simulated time before the first moment.
        apart_s: simulated time between moments.
    """
    scene = load_scene(site_folder)
    rng = np.random.default_rng(seed)
    poses = tuple(_pose_at_goods(scene, rng, number) for number in range(views))
    scene = replace(scene, config=scene.config.model_copy(update={"cameras": poses}))
    floor = next(f for f in scene.site.floors if f.id == scene.config.floor)
    handling = Handling(hang(floor, [f"{n:024x}" for n in range(_TAGS)]), seed)
    cameras, world = Cameras(scene, seed), World(scene, seed)
    pictures, bare = [], set(cameras.renderers)
    for tick in range(round((first_s + instants * apart_s) / _TICK_S)):
        people = world.advance_to(tick * _TICK_S)
        handling.advance(people, world.time_s)
        since_s = world.time_s - first_s
        if since_s < 0 or round(since_s / _TICK_S) % round(apart_s / _TICK_S):
            continue
        for camera_id in cameras.renderers:
            picture = _labelled(cameras.render(camera_id, handling.shown(people, world.time_s)))
            if len(picture.xyxy_px) or camera_id in bare:
                pictures.append(picture)
            if not len(picture.xyxy_px):
                bare.discard(camera_id)
    return pictures


def _pose_at_goods(scene: Scene, rng: np.random.Generator, number: int) -> CameraPose:
    """A camera that looks at one of the scene's goods, past no wall; rails most of the time."""
    floor = next(f for f in scene.site.floors if f.id == scene.config.floor)
    walls = shapely.union_all(
        [shapely.Polygon(f.polygon_m) for f in floor.fixtures if f.kind in ("wall", "pillar")]
    )
    inside = shapely.Polygon(floor.outline_m)
    kinds = RAILS if rng.random() < _RAILS_SHARE else _GOODS
    goods = [shapely.Polygon(f.polygon_m) for f in floor.fixtures if f.kind in kinds]
    while True:
        aim = goods[int(rng.integers(len(goods)))].centroid
        far_m, turn = rng.uniform(2.2, 9.0), rng.uniform(0, 2 * np.pi)
        at = shapely.Point(aim.x - far_m * np.sin(turn), aim.y + far_m * np.cos(turn))
        clear = inside.contains(at) and walls.distance(at) > 0.15
        if clear and not shapely.LineString([at, aim]).intersects(walls):
            break
    high_m = rng.uniform(2.3, 3.4)
    return CameraPose(
        id=f"goods-{number}",
        position_m=(float(at.x), float(at.y), float(high_m)),
        yaw_deg=float((np.degrees(turn) + rng.uniform(-18, 18)) % 360),
        pitch_deg=float(np.degrees(np.arctan2(high_m - 1.0, far_m)).clip(8, 42)),
        hfov_deg=float(rng.uniform(55, 98)),
        noise=float(rng.uniform(1.0, 4.0)),
        exposure=float(rng.uniform(0.75, 1.2)),
        warmth=float(rng.uniform(-0.06, 0.06)),
    )


def _labelled(frame: Frame) -> Picture:
    boxes = np.array([p.full for p in frame.people], np.float32).reshape(-1, 4)
    plain = np.array(
        [
            p.visibility >= VISIBLE_LEAST and p.full[3] - p.full[1] >= SIMULATED_HEIGHT_LEAST_PX
            for p in frame.people
        ],
        np.bool_,
    )
    return Picture(frame.bgr, boxes[plain], boxes[~plain])
