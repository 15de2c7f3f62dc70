"""Pictures made harder: mosaics, people small in the frame, and everything bad cameras do.

Geometry first (scale, proportions, flip, tiling), then light and compression on the whole.
All chance comes from the generator handed in.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import cv2
import numpy as np

from edge_core.training.detector.pictures import NO_BOXES, Picture
from edge_core.types import Float32Array, ImageArray
from edge_core.vision.boxes import area_px2
from edge_core.vision.letterbox import PAD

VISIBLE_LEAST: Final = 0.35
"""Share of a box that must be left after cutting for it to stay a person."""
SIDE_LEAST_PX: Final = 4.0
_FOUR_FIT: Final = 0.7
_SMALL_PEOPLE_SHARE: Final = 0.18
_SMALL_PEOPLE_SCALE: Final = (0.7, 2.2)

Draw = Callable[[np.random.Generator], Picture]


@dataclass(frozen=True, slots=True)
class Hardness:
    """How often and how far pictures are changed.

    Attributes:
        mosaic: share of inputs that are four tiles.
        nine: share of inputs that are nine tiles.
        scale: range of the scale of a single picture or of four tiles, against filling.
        far_scale: range of the scale where people are to be small, used for nine tiles and for
            `far` of the rest.
        far: share of single pictures shown small.
        aspect: largest change of proportions, as a factor.
        spoil: share of inputs blurred, downscaled, compressed or darkened.
    """

    mosaic: float = 0.3
    nine: float = 0.15
    scale: tuple[float, float] = (0.55, 1.6)
    far_scale: tuple[float, float] = (0.25, 0.7)
    far: float = 0.1
    aspect: float = 1.2
    spoil: float = 0.5

    def without_mosaics(self) -> "Hardness":
        """For the end of a run, when pictures should look as cameras make them."""
        return replace(self, mosaic=0.0, nine=0.0)


def make_input(draw: Draw, size_px: int, hardness: Hardness, rng: np.random.Generator) -> Picture:
    """One training input, size_px x size_px.

    Args:
        draw: gives a picture from the training set.
        size_px: side of the input.
        hardness: how much is changed.
        rng: all chance.
    """
    kind = rng.random()
    if kind < hardness.nine:
        made = _tiled(draw, 3, size_px, hardness.far_scale, hardness, rng)
    elif kind < hardness.nine + hardness.mosaic:
        made = _tiled(draw, 2, size_px, hardness.scale, hardness, rng)
    else:
        far = rng.random() < hardness.far
        limits = hardness.far_scale if far else hardness.scale
        made = placed(draw(rng), (size_px, size_px), 1.0, limits, hardness, rng)
    image = colour_changed(made.bgr, rng)
    if rng.random() < hardness.spoil:
        image = spoilt(image, rng)
    return Picture(image, made.xyxy_px, made.ignored_px)


def _tiled(
    draw: Draw,
    tiles: int,
    size_px: int,
    limits: tuple[float, float],
    hardness: Hardness,
    rng: np.random.Generator,
) -> Picture:
    """Tiles x tiles pictures side by side, the lines between them shifted at random."""
    inner = np.arange(1, tiles) / tiles + rng.uniform(-0.25, 0.25, (2, tiles - 1)) / tiles
    cuts = np.concatenate([np.zeros((2, 1)), inner, np.ones((2, 1))], axis=1)
    x_px, y_px = (cuts * size_px).round().astype(int)
    canvas = np.full((size_px, size_px, 3), PAD, np.uint8)
    people, ignored = [NO_BOXES], [NO_BOXES]
    # Scales are told against filling the whole input; four whole pictures would need half of it.
    fit = _FOUR_FIT if tiles == 2 else 1.0
    for row in range(tiles):
        for column in range(tiles):
            left, top = x_px[column], y_px[row]
            cell = (int(x_px[column + 1] - left), int(y_px[row + 1] - top))
            tile = placed(draw(rng), cell, fit * size_px / max(cell), limits, hardness, rng)
            canvas[top : top + cell[1], left : left + cell[0]] = tile.bgr
            offset = np.array([left, top, left, top], np.float32)
            people.append(tile.xyxy_px + offset)
            ignored.append(tile.ignored_px + offset)
    return Picture(canvas, np.concatenate(people), np.concatenate(ignored))


def placed(
    picture: Picture,
    canvas_px: tuple[int, int],
    fit: float,
    limits: tuple[float, float],
    hardness: Hardness,
    rng: np.random.Generator,
) -> Picture:
    """A picture scaled, perhaps mirrored, and laid at a random place on a canvas.

    Args:
        picture: any size.
        canvas_px: width and height of the result.
        fit: scale 1 shows the picture's long side at so many times the canvas's long side.
        limits: range of the scale, drawn evenly in its logarithm; another one when the picture's
            people are small already.
        hardness: for the proportions.
        rng: all chance.
    """
    height, width = picture.bgr.shape[:2]
    if _people_are_small(picture):
        limits, fit = _SMALL_PEOPLE_SCALE, max(fit, 1.0)
    scale = np.exp(rng.uniform(*np.log(limits))) * fit * max(canvas_px) / max(height, width)
    stretch = np.exp(rng.uniform(-1, 1) * np.log(hardness.aspect) / 2)
    size = (max(8, round(width * scale * stretch)), max(8, round(height * scale / stretch)))
    offset = [
        int(rng.integers(min(0, room - side), max(0, room - side) + 1))
        for room, side in zip(canvas_px, size, strict=True)
    ]
    canvas = np.full((canvas_px[1], canvas_px[0], 3), PAD, np.uint8)
    _paste(canvas, picture.bgr, size, offset, _filter(scale, rng))
    factor = np.array([size[0] / width, size[1] / height] * 2, np.float32)
    shift = np.array(offset * 2, np.float32)
    boxes = [some * factor + shift for some in (picture.xyxy_px, picture.ignored_px)]
    if rng.random() < 0.5:
        canvas = np.ascontiguousarray(canvas[:, ::-1])
        boxes = [mirrored(some, canvas_px[0]) for some in boxes]
    people, cut = kept_people(boxes[0], canvas_px)
    return Picture(canvas, people, np.concatenate([cut, cut_to(boxes[1], canvas_px)]))


def _people_are_small(picture: Picture) -> bool:
    if not len(picture.xyxy_px):
        return False
    height = np.median(picture.xyxy_px[:, 3] - picture.xyxy_px[:, 1])
    return bool(height < _SMALL_PEOPLE_SHARE * max(picture.bgr.shape[:2]))


def _filter(scale: float, rng: np.random.Generator) -> int:
    # Cameras and drivers differ in how they downscale; the network must not learn one filter.
    if scale >= 1:
        return cv2.INTER_LINEAR
    return cv2.INTER_AREA if scale < 0.5 or rng.random() < 0.6 else cv2.INTER_LINEAR


def _paste(
    canvas: ImageArray, image: ImageArray, size: tuple[int, int], offset: list[int], how: int
) -> None:
    """Lay an image, scaled to a size, on a canvas; only the part that will show is scaled."""
    parts, places = [], []
    for axis in (0, 1):
        side, source, room = size[axis], image.shape[1 - axis], canvas.shape[1 - axis]
        first = max(0, -offset[axis]) * source // side
        last = -(-min(side, room - offset[axis]) * source // side)
        parts.append((first, max(first + 1, last)))
        places.append(offset[axis] + round(first * side / source))
    (left, right), (top, bottom) = parts
    wide, high = (
        max(1, round((b - a) * s / image.shape[1 - k]))
        for k, ((a, b), s) in enumerate(zip(parts, size, strict=True))
    )
    piece = cv2.resize(image[top:bottom, left:right], (wide, high), interpolation=how)
    x0, y0 = max(0, places[0]), max(0, places[1])
    x1, y1 = min(canvas.shape[1], places[0] + wide), min(canvas.shape[0], places[1] + high)
    canvas[y0:y1, x0:x1] = piece[y0 - places[1] : y1 - places[1], x0 - places[0] : x1 - places[0]]


def mirrored(xyxy_px: Float32Array, width_px: int) -> Float32Array:
    """Boxes (N, 4) of a picture mirrored left to right."""
    return np.stack(
        [width_px - xyxy_px[:, 2], xyxy_px[:, 1], width_px - xyxy_px[:, 0], xyxy_px[:, 3]], axis=1
    )


def cut_to(xyxy_px: Float32Array, size_px: tuple[int, int]) -> Float32Array:
    """Boxes cut at the edges of a picture (width, height); those left without area go."""
    side = np.array([*size_px, *size_px], np.float32)
    cut = np.clip(xyxy_px, 0, side).astype(np.float32)
    return cut[area_px2(cut) > 0]


def kept_people(
    xyxy_px: Float32Array, size_px: tuple[int, int]
) -> tuple[Float32Array, Float32Array]:
    """People still to be found after cutting, and what is left of the others."""
    side = np.array([*size_px, *size_px], np.float32)
    cut = np.clip(xyxy_px, 0, side).astype(np.float32)
    share = area_px2(cut) / np.maximum(area_px2(xyxy_px), 1e-6)
    tall = (cut[:, 2:] - cut[:, :2]).min(axis=1, initial=1e9) >= SIDE_LEAST_PX
    plain = (share >= VISIBLE_LEAST) & tall
    rest = cut[~plain]
    return cut[plain], rest[area_px2(rest) > 0]


def colour_changed(image: ImageArray, rng: np.random.Generator) -> ImageArray:
    """Hue, saturation and brightness changed a little; one picture in twenty made grey."""
    if rng.random() < 0.05:
        grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
        return np.asarray(cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR), np.uint8)
    hue, saturation, value = rng.uniform(-1, 1, 3) * (0.015, 0.6, 0.4) + (0, 1, 1)
    steps = np.arange(256)
    tables = [
        (steps + hue * 180) % 180,
        np.clip(steps * saturation, 0, 255),
        np.clip(steps * value, 0, 255),
    ]
    hsv = cv2.cvtColor(image, cv2.COLOR_BGR2HSV)
    table = np.stack(tables, axis=1)[None].astype(np.uint8)
    return np.asarray(cv2.cvtColor(cv2.LUT(hsv, table), cv2.COLOR_HSV2BGR), np.uint8)


def spoilt(image: ImageArray, rng: np.random.Generator) -> ImageArray:
    """One or two of: blur, loss of resolution, darkness with noise, low contrast, JPEG."""
    for change in rng.permutation(len(_SPOILERS))[: rng.integers(1, 3)]:
        image = _SPOILERS[change](image, rng)
    return image


def blurred(image: ImageArray, rng: np.random.Generator) -> ImageArray:
    """Out of focus, or moved along or across the picture."""
    if rng.random() < 0.5:
        return np.asarray(cv2.GaussianBlur(image, (0, 0), rng.uniform(0.5, 1.6)), np.uint8)
    length = int(rng.integers(2, 6))
    size = (length, 1) if rng.random() < 0.7 else (1, length)
    return np.asarray(cv2.blur(image, size), np.uint8)


def coarsened(image: ImageArray, rng: np.random.Generator) -> ImageArray:
    """Scaled down and up again, as cheap recorders do."""
    height, width = image.shape[:2]
    share = rng.uniform(0.45, 0.9)
    small = cv2.resize(image, (round(width * share), round(height * share)))
    return np.asarray(cv2.resize(small, (width, height)), np.uint8)


def darkened(image: ImageArray, rng: np.random.Generator) -> ImageArray:
    """Little light: a steep tone curve and sensor noise."""
    curve = 255 * (np.arange(256) / 255) ** rng.uniform(1.1, 1.8) * rng.uniform(0.5, 0.95)
    dark = cv2.LUT(image, curve.astype(np.uint8))
    noise = rng.normal(0, rng.uniform(2, 9), image.shape[:2]).astype(np.float32)
    return np.asarray(np.clip(dark + noise[..., None], 0, 255), np.uint8)


def flattened(image: ImageArray, rng: np.random.Generator) -> ImageArray:
    """Low contrast around a random grey, as through haze or a dirty dome."""
    share, grey = rng.uniform(0.45, 0.8), rng.uniform(70, 190)
    curve = np.arange(256) * share + grey * (1 - share)
    return np.asarray(cv2.LUT(image, curve.astype(np.uint8)), np.uint8)


def compressed(image: ImageArray, rng: np.random.Generator) -> ImageArray:
    """JPEG of quality 25 to 70."""
    quality = int(rng.integers(25, 71))
    _, data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)


_SPOILERS: Final = (blurred, coarsened, darkened, flattened, compressed)
