"""How good a floor calibration is, and what would make it better, while it is being clicked."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import cv2
import numpy as np

from edge_core.config import CameraConfig, PointPair
from edge_core.dashboard.language import Say
from edge_core.errors import ConfigError
from edge_core.types import Float64Array
from edge_core.vision.floor import Calibration, calibrate

LEAST: Final = 4
PROVEN: Final = 6
"""Pairs from which an error says something."""
GOOD_CM: Final = 10.0
FAIR_CM: Final = 25.0
_STANDS_OUT: Final = 3.0
_COVERED: Final = 0.12
"""Share of the picture that the points' hull should cover."""

Grade = Literal["none", "unproven", "good", "fair", "bad"]


@dataclass(frozen=True, slots=True)
class Judgement:
    """A calibration looked at.

    Attributes:
        grade: none = no homography can be fitted; unproven = too few pairs to tell.
        to_floor: the homography, row by row; None when there is none.
        least_depth: see `Calibration`.
        error_cm: how far each pair misses, in their order.
        typical_cm: root mean square of what each pair misses by when it is left out of the fit
            (leave-one-out); None under `PROVEN` pairs. An honest figure: a pair that the fit has
            seen misses by less than a new one.
        advice: what to do, the most useful first.
    """

    grade: Grade
    to_floor: tuple[tuple[float, ...], ...] | None
    least_depth: float
    error_cm: tuple[float, ...]
    typical_cm: float | None
    advice: tuple[str, ...]


def judge(pairs: Sequence[PointPair], picture_px: tuple[int, int], say: Say) -> Judgement:
    """Fit the pairs as the service would, and say how good that is.

    Args:
        pairs: points of the picture and of the plan.
        picture_px: width and height of the picture.
        say: the language of the advice.
    """
    if len(pairs) < LEAST:
        missing = LEAST - len(pairs)
        told = say(
            f"{missing} more: click a spot on the floor in the picture, then the same spot on the"
            " plan.",
            f"还需 {missing} 对点：先在画面中点击地面上的一点，再在平面图上点击同一位置。",
        )
        return Judgement("none", None, 0.0, (), None, (told,))
    camera = CameraConfig(
        id="x", source="usb:0", floor="x", calibration_px=picture_px, calibration=tuple(pairs)
    )
    try:
        fitted = calibrate(camera)
    except ConfigError:
        fitted = None
    if fitted is None:
        told = say(
            "These pairs describe no flat floor seen from above. Are they along one line, or is"
            " the plan clicked at the wrong side? Spread them over the floor.",
            "这些点无法构成从上方看到的平面地面。请检查它们是否在一条直线上，"
            "或平面图上左右点反了，并把点分散到整个地面。",
        )
        return Judgement("none", None, 0.0, (), None, (told,))
    return _of_fit(fitted, pairs, picture_px, say)


def _of_fit(
    fitted: Calibration, pairs: Sequence[PointPair], picture_px: tuple[int, int], say: Say
) -> Judgement:
    px = np.array([pair.px for pair in pairs], np.float64)
    floor_m = np.array([pair.m for pair in pairs], np.float64)
    typical = _left_out_cm(px, floor_m) if len(pairs) >= PROVEN else None
    grade: Grade = "unproven"
    if typical is not None:
        grade = "good" if typical <= GOOD_CM else "fair" if typical <= FAIR_CM else "bad"
    return Judgement(
        grade,
        tuple(tuple(float(value) for value in row) for row in fitted.to_floor),
        fitted.least_depth,
        tuple(round(float(miss), 1) for miss in fitted.error_cm),
        None if typical is None else round(typical, 1),
        tuple(_advice(fitted, px, picture_px, typical, say)),
    )


def _advice(
    fitted: Calibration,
    px: Float64Array,
    picture_px: tuple[int, int],
    typical_cm: float | None,
    say: Say,
) -> list[str]:
    advice = []
    worst = int(np.argmax(fitted.error_cm))
    miss = float(fitted.error_cm[worst])
    if miss > GOOD_CM and miss > _STANDS_OUT * float(np.median(fitted.error_cm)):
        advice.append(
            say(
                f"Pair {worst + 1} misses by {miss:.0f} cm, far more than the others: click it"
                " again, in the picture and on the plan.",
                f"第 {worst + 1} 对点偏差 {miss:.0f} 厘米，远大于其他点："
                "请在画面和平面图上重新点击。",
            )
        )
    if typical_cm is None:
        more = PROVEN - len(px)
        advice.append(
            say(
                f"{more} more, please: so few pairs always fit and prove nothing.",
                f"请再添加 {more} 对点：点太少总能吻合，无法说明精度。",
            )
        )
    elif typical_cm > FAIR_CM and not advice:
        advice.append(
            say(
                "All pairs miss: is the plan to scale, and does the camera bend straight lines?"
                " Use corners of fixtures that touch the floor.",
                "所有点都有偏差：请确认平面图比例正确、镜头无明显畸变，"
                "并选择货架等与地面接触的角点。",
            )
        )
    hull = cv2.contourArea(cv2.convexHull(px.astype(np.float32)))
    if hull < _COVERED * picture_px[0] * picture_px[1]:
        advice.append(
            say(
                "The points lie close together; add some near the picture's edges and far away.",
                "点过于集中：请在画面边缘和远处再添加一些。",
            )
        )
    return advice


def _left_out_cm(px: Float64Array, floor_m: Float64Array) -> float:
    """Root mean square miss of each pair under the fit of the others, in centimetres."""
    misses = []
    for index in range(len(px)):
        matrix, _ = cv2.findHomography(np.delete(px, index, 0), np.delete(floor_m, index, 0), 0)
        if matrix is None:
            continue
        place = matrix @ np.array([*px[index], 1.0])
        misses.append(np.sum((place[:2] / place[2] - floor_m[index]) ** 2))
    return 100 * float(np.sqrt(np.mean(misses))) if misses else float("inf")
