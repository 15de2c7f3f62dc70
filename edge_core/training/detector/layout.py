"""Where pictures are shown in a training input, and where that puts the people in them.

Scale, proportions, mirroring and tiling, all on boxes alone: `shelf` draws what is laid out here.
All chance comes from the generator handed in.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from edge_core.training.detector.pictures import NO_BOXES, Picture
from edge_core.types import BoolArray, Float32Array, Int64Array
from edge_core.vision.boxes import area_px2

VISIBLE_LEAST: Final = 0.35
"""Share of a box that must be left after cutting for it to stay a person."""
SIDE_LEAST_PX: Final = 4.0
GRID: Final = 3
"""Cells across an input at most."""
_FOUR_FIT: Final = 0.7
_SMALL_PEOPLE_SHARE: Final = 0.18
_SMALL_PEOPLE_SCALE: Final = (0.7, 2.2)

Draw = Callable[[np.random.Generator], int]
"""Gives a training picture's place in the list of all."""


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


@dataclass(frozen=True, slots=True)
class Layout:
    """One input: pictures in the cells of a grid, each cut at its cell's edges.

    Attributes:
        cuts_px: float32 (2, 2), the inner lines of the grid, x then y; beyond the input where the
            grid has fewer cells.
        picture: int64 (9,), which picture each cell shows, row by row.
        xywh_px: float32 (9, 4), where it lies in the input: left, top, width, height.
        mirrored: bool (9,).
        people: float32 (M, 4), boxes of people still to be found, input pixels.
        ignored: float32 (K, 4), where there may be people.
    """

    cuts_px: Float32Array
    picture: Int64Array
    xywh_px: Float32Array
    mirrored: BoolArray
    people: Float32Array
    ignored: Float32Array


def lay_out(
    pictures: list[Picture], draw: Draw, size_px: int, hardness: Hardness, rng: np.random.Generator
) -> Layout:
    """Lay out one training input.

    Args:
        pictures: what `draw` chooses from.
        draw: gives a place in `pictures`.
        size_px: side of the input.
        hardness: how much is changed.
        rng: all chance.
    """
    kind = rng.random()
    tiles, limits = 1, hardness.scale
    if kind < hardness.nine:
        tiles, limits = GRID, hardness.far_scale
    elif kind < hardness.nine + hardness.mosaic:
        tiles = 2
    elif rng.random() < hardness.far:
        limits = hardness.far_scale
    cuts_px = _cuts(tiles, size_px, rng)
    picture, mirrored_ = np.zeros(GRID**2, np.int64), np.zeros(GRID**2, np.bool_)
    xywh_px = np.zeros((GRID**2, 4), np.float32)
    people, ignored = [NO_BOXES], [NO_BOXES]
    # Scales are told against filling the whole input; four whole pictures would need half of it.
    share = {1: 1.0, 2: _FOUR_FIT, GRID: 1.0}[tiles]
    for row in range(tiles):
        for column in range(tiles):
            at = GRID * row + column
            corner = np.array([cuts_px[0, column], cuts_px[1, row]])
            cell = np.array([cuts_px[0, column + 1], cuts_px[1, row + 1]]) - corner
            picture[at] = draw(rng)
            fit = share * size_px / cell.max() if tiles > 1 else 1.0
            shown = pictures[picture[at]]
            place = placed(shown, (int(cell[0]), int(cell[1])), fit, limits, hardness.aspect, rng)
            mirrored_[at] = place.mirrored
            xywh_px[at] = place.xywh_px
            xywh_px[at, :2] += corner
            offset = np.tile(corner, 2).astype(np.float32)
            people.append(place.people + offset)
            ignored.append(place.ignored + offset)
    inner = np.full((2, GRID - 1), 4.0 * size_px, np.float32)
    inner[:, : tiles - 1] = cuts_px[:, 1:-1]
    return Layout(
        inner, picture, xywh_px, mirrored_, np.concatenate(people), np.concatenate(ignored)
    )


def _cuts(tiles: int, size_px: int, rng: np.random.Generator) -> Int64Array:
    """Edges of the cells (2, tiles + 1), the lines between them shifted at random."""
    inner = np.arange(1, tiles) / tiles + rng.uniform(-0.25, 0.25, (2, tiles - 1)) / tiles
    edges = np.concatenate([np.zeros((2, 1)), inner, np.ones((2, 1))], axis=1)
    return (edges * size_px).round().astype(np.int64)


@dataclass(frozen=True, slots=True)
class Place:
    """A picture laid on a canvas; as in `Layout`, in pixels of the canvas."""

    xywh_px: Float32Array
    mirrored: bool
    people: Float32Array
    ignored: Float32Array


def placed(
    picture: Picture,
    canvas_px: tuple[int, int],
    fit: float,
    limits: tuple[float, float],
    aspect: float,
    rng: np.random.Generator,
) -> Place:
    """A picture scaled, perhaps mirrored, and laid at a random place on a canvas.

    Args:
        picture: any size.
        canvas_px: width and height of the canvas.
        fit: scale 1 shows the picture's long side at so many times the canvas's long side.
        limits: range of the scale, drawn evenly in its logarithm; another one when the picture's
            people are small already.
        aspect: largest change of proportions, as a factor.
        rng: all chance.
    """
    height, width = picture.bgr.shape[:2]
    if _people_are_small(picture):
        limits, fit = _SMALL_PEOPLE_SCALE, max(fit, 1.0)
    scale = np.exp(rng.uniform(*np.log(limits))) * fit * max(canvas_px) / max(height, width)
    stretch = np.exp(rng.uniform(-1, 1) * np.log(aspect) / 2)
    size = (max(8, round(width * scale * stretch)), max(8, round(height * scale / stretch)))
    left, top = (
        int(rng.integers(min(0, room - side), max(0, room - side) + 1))
        for room, side in zip(canvas_px, size, strict=True)
    )
    factor = np.array([size[0] / width, size[1] / height] * 2, np.float32)
    shift = np.array([left, top] * 2, np.float32)
    boxes = [some * factor + shift for some in (picture.xyxy_px, picture.ignored_px)]
    turned = bool(rng.random() < 0.5)
    if turned:
        left = canvas_px[0] - left - size[0]
        boxes = [mirrored(some, canvas_px[0]) for some in boxes]
    people, cut = kept_people(boxes[0], canvas_px)
    ignored = np.concatenate([cut, cut_to(boxes[1], canvas_px)])
    return Place(np.array([left, top, *size], np.float32), turned, people, ignored)


def _people_are_small(picture: Picture) -> bool:
    if not len(picture.xyxy_px):
        return False
    height = np.median(picture.xyxy_px[:, 3] - picture.xyxy_px[:, 1])
    return bool(height < _SMALL_PEOPLE_SHARE * max(picture.bgr.shape[:2]))


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
