"""What shops do to a query's picture, one thing at a time; each takes and gives uint8 (H, W, 3)."""

from collections.abc import Callable, Mapping
from typing import Final

import cv2
import numpy as np

from edge_core.types import Float32Array, ImageArray
from edge_core.vision.crops import body_crop, part_visibility, whole_body
from edge_core.vision.letterbox import PAD

Spoil = Callable[[ImageArray, np.random.Generator], ImageArray]
_LOW_HEIGHT_PX: Final = 48
_SHOWN: Final = 0.6


def plain(image: ImageArray, _: np.random.Generator) -> ImageArray:
    """As it is."""
    return image


def out_of_focus(image: ImageArray, _: np.random.Generator) -> ImageArray:
    """Blurred by a hundredth of the height (standard deviation)."""
    return np.asarray(cv2.GaussianBlur(image, (0, 0), image.shape[0] / 100), np.uint8)


def in_little_light(image: ImageArray, rng: np.random.Generator) -> ImageArray:
    """A quarter of the light, and noise of 6 levels."""
    noise = rng.normal(0, 6, image.shape[:2])[..., None]
    return np.asarray(np.clip(image * 0.25 + noise, 0, 255), np.uint8)


def from_afar(image: ImageArray, _: np.random.Generator) -> ImageArray:
    """48 pixels high."""
    height, width = image.shape[:2]
    size = (round(width * _LOW_HEIGHT_PX / height), _LOW_HEIGHT_PX)
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)


def behind_a_shelf(image: ImageArray, _: np.random.Generator) -> ImageArray:
    """The lower 40 % covered, as by a shelf."""
    hidden = image.copy()
    hidden[round(image.shape[0] * 0.6) :] = 114
    return hidden


def in_warm_light(image: ImageArray, _: np.random.Generator) -> ImageArray:
    """Blue weakened and red strengthened by a fifth, as warm lamps do."""
    return np.asarray(np.clip(image * np.array([0.8, 1.0, 1.2]), 0, 255), np.uint8)


def compressed_to_30(image: ImageArray, _: np.random.Generator) -> ImageArray:
    """JPEG of quality 30."""
    data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, 30])[1]
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)


def cut_at_the_edge(image: ImageArray, _: np.random.Generator) -> ImageArray:
    """The lower 40 % outside the frame, and the rest taken for a whole person."""
    return image[: round(image.shape[0] * _SHOWN)]


def as_the_pipeline_cuts(image: ImageArray) -> tuple[ImageArray, Float32Array]:
    """The same, handed on as the product does: crop, and visibility float32 (4,) of its parts."""
    shown = cut_at_the_edge(image, np.random.default_rng())
    height, width = shown.shape[:2]
    frame = np.full((height, 3 * width, 3), PAD, np.uint8)
    frame[:, width : 2 * width] = shown
    size_px = (3 * width, height)
    box = np.array([[width, 0, 2 * width, height]], np.float32)
    whole = whole_body(box, size_px)
    return body_crop(frame, whole[0]), part_visibility(whole, box, size_px)[0]


CHANGES: Final[Mapping[str, Spoil]] = {
    "none": plain,
    "blur": out_of_focus,
    "low light": in_little_light,
    "48 px high": from_afar,
    "lower 40 % hidden": behind_a_shelf,
    "lower 40 % outside": cut_at_the_edge,
    "warm cast": in_warm_light,
    "JPEG 30": compressed_to_30,
}
