"""What lamps and bad cameras do to a picture, one at a time; `spoil` does it to whole batches.

All chance comes from the generator handed in.
"""

from typing import Final

import cv2
import numpy as np

from edge_core.types import ImageArray


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
