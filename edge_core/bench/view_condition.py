"""How soon a hurt view of a camera is noticed, and how often a good one is taken for hurt.

Faults are put on pictures of simulated cameras and, where `data` is given, of real clips: the
picture shifted or turned, covered wholly or for the most part, blurred as by grease, or darkened.
"""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from edge_core.bench import Figure
from edge_core.chaos.cameras import film
from edge_core.sensing.view import View
from edge_core.sensing.view_condition import LOOK_NS, ViewCondition
from edge_core.service.demo import mall_folder
from edge_core.types import ImageArray

WELL_S: Final = 120
HURT_S: Final = 60
_CLIP_S: Final = 30.0

Hurt = Callable[[ImageArray], ImageArray]


def _uint8(image: NDArray[Any]) -> ImageArray:
    return np.asarray(image, np.uint8)


def _shifted(share: float) -> Hurt:
    def hurt(image: ImageArray) -> ImageArray:
        height, width = image.shape[:2]
        matrix = np.array([[1, 0, share * width], [0, 1, 0.3 * share * height]])
        return _uint8(cv2.warpAffine(image, matrix, (width, height), borderMode=cv2.BORDER_REFLECT))

    return hurt


def _turned(degrees: float) -> Hurt:
    def hurt(image: ImageArray) -> ImageArray:
        height, width = image.shape[:2]
        matrix = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1.1)
        return _uint8(cv2.warpAffine(image, matrix, (width, height), borderMode=cv2.BORDER_REFLECT))

    return hurt


def _covered(share: float) -> Hurt:
    def hurt(image: ImageArray) -> ImageArray:
        noise = np.random.default_rng(1).normal(0, 2, image.shape)
        hurt_image = image.copy()
        width = round(share * image.shape[1])
        cloth = np.clip(70 + noise, 0, 255).astype(np.uint8)
        hurt_image[:, :width] = cloth[:, :width]
        return hurt_image

    return hurt


def _blurred(sigma_share: float) -> Hurt:
    return lambda image: _uint8(cv2.GaussianBlur(image, (0, 0), sigma_share * image.shape[1]))


def _darkened(factor: float) -> Hurt:
    return lambda image: (image * factor).astype(np.uint8)


FAULTS: Final[tuple[tuple[str, View, Hurt], ...]] = (
    ("shifted by 8 % of the width", View.MOVED, _shifted(0.08)),
    ("shifted by 25 % of the width", View.MOVED, _shifted(0.25)),
    ("turned by 8 degrees", View.MOVED, _turned(8.0)),
    ("covered wholly", View.BLOCKED, _covered(1.0)),
    ("covered by four fifths", View.BLOCKED, _covered(0.8)),
    ("blurred (sigma 0.6 % of the width)", View.BLURRED, _blurred(0.006)),
    ("light off (4 % left)", View.DARK, _darkened(0.04)),
)


def measure(data: Path | None = None, note: Callable[[str], None] = lambda _: None) -> list[Figure]:
    """False alarms an hour on good pictures; hits and delay by fault."""
    if data is None:
        note("view: without --data only simulated cameras are looked at")
    clips = list(_clips(data))
    figures = []
    for kind in sorted({kind for kind, _ in clips}):
        of_kind = [pictures for it, pictures in clips if it == kind]
        alarms = sum(_false_alarms(pictures) for pictures in of_kind)
        hours = len(of_kind) * (WELL_S + HURT_S) / 3600
        name = f"view, {kind}: false alarms an hour"
        figures.append(Figure(name, alarms / hours, "1/h", None, None, len(of_kind)))
        for fault, truth, hurt in FAULTS:
            found = [_delay_s(pictures, truth, hurt) for pictures in of_kind]
            hits = [(right, delay) for right, delay in found if delay is not None]
            say = f"view, {kind}, {fault}"
            n = len(of_kind)
            figures.append(Figure(f"{say}: noticed", len(hits) / n, "", None, None, n))
            named = sum(right for right, _ in hits) / n
            figures.append(Figure(f"{say}: called by its name", named, "", None, None, n))
            if hits:
                delay = float(np.median([it for _, it in hits]))
                figures.append(Figure(f"{say}: median delay", delay, "s", None, None, len(hits)))
    return figures


def _false_alarms(pictures: Sequence[ImageArray]) -> int:
    condition, alarms, before = ViewCondition(), 0, View.LEARNING
    for second in range(WELL_S + HURT_S):
        view = condition.see(pictures[second % len(pictures)], second * LOOK_NS)
        alarms += view > View.WELL and view is not before
        before = view
    return alarms


def _delay_s(pictures: Sequence[ImageArray], truth: View, hurt: Hurt) -> tuple[bool, float | None]:
    """Whether it got the right name, and seconds until anything was told; None = never."""
    condition = ViewCondition()
    for second in range(WELL_S):
        condition.see(pictures[second % len(pictures)], second * LOOK_NS)
    for second in range(WELL_S, WELL_S + HURT_S):
        view = condition.see(hurt(pictures[second % len(pictures)]), second * LOOK_NS)
        if view > View.WELL:
            return view is truth, float(second - WELL_S + 1)
    return False, None


def _clips(data: Path | None) -> Iterator[tuple[str, list[ImageArray]]]:
    """Kind and pictures of each clip, a picture a second where it is long enough."""
    for seed in (1, 2, 3):
        filmed = film(mall_folder("shop"), "door", _CLIP_S, seed)[::8]
        decoded = [cv2.imdecode(np.frombuffer(it, np.uint8), cv2.IMREAD_COLOR) for it in filmed]
        yield "simulated", [_uint8(it) for it in decoded if it is not None]
    if data is None:
        return
    for path in sorted((data / "video").iterdir()):
        pictures = _read(path)
        if len(pictures) >= 2:
            yield "real", pictures


def _read(path: Path) -> list[ImageArray]:
    capture = cv2.VideoCapture(str(path))
    step = max(1, round(capture.get(cv2.CAP_PROP_FPS)))
    frames = []
    while True:
        done, image = capture.read()
        if not done:
            break
        frames.append(np.asarray(image, np.uint8))
    capture.release()
    return frames[::step] if len(frames) >= 8 * step else frames[:: max(1, len(frames) // 8)]
