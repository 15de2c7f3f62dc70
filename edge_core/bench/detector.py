"""What detection, tracking and embedding cost per frame on one thread of this machine."""

import statistics
import time
from functools import partial
from itertools import cycle
from typing import Final

import cv2
import numpy as np

from edge_core.bench import Figure
from edge_core.bench.turns import in_turns
from edge_core.types import Detections, Float32Array, ImageArray
from edge_core.units import NS_PER_S
from edge_core.vision import load_detector, load_embedder
from edge_core.vision.track import Tracker

SIZES_PX: Final = (320, 416)
FRAME_PX: Final = (1280, 720)
ROUNDS: Final = 200
TRACKER_FRAMES: Final = 300
CROPS: Final = 8


def measure() -> list[Figure]:
    """All figures of this group; about ten seconds."""
    threads = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        return [*detector_figures(), *embedder_figures(), *tracker_figures()]
    finally:
        cv2.setNumThreads(threads)


def detector_figures(rounds: int = ROUNDS) -> list[Figure]:
    """Milliseconds and frames per second, letterbox to boxes, FP32 and INT8 in turns."""
    frame = _picture(*FRAME_PX)
    figures = []
    for size_px in SIZES_PX:
        fp32 = load_detector("person-s", size_px=size_px, provider="cpu")
        int8 = load_detector("person-s-int8", size_px=size_px, provider="cpu")
        fp32_ms, int8_ms = in_turns(
            {"fp32": partial(fp32.detect, [frame]), "int8": partial(int8.detect, [frame])},
            rounds,
            repeats_most=1,
        ).values()
        figures += _compared(f"detector {size_px}, 720p frame", fp32_ms, int8_ms, rounds)
    return figures


def embedder_figures(rounds: int = ROUNDS) -> list[Figure]:
    """Milliseconds per crop, FP32 and INT8 in turns."""
    crops = [_picture(60 + 8 * index, 160 + 16 * index) for index in range(CROPS)]
    fp32 = load_embedder("reid-s", provider="cpu")
    int8 = load_embedder("reid-s-int8", provider="cpu")
    next_crop = cycle(crops)
    fp32_ms, int8_ms = in_turns(
        {
            "fp32": lambda: fp32.embed([next(next_crop)]),
            "int8": lambda: int8.embed([next(next_crop)]),
        },
        rounds,
        repeats_most=1,
    ).values()
    baseline = "embedder per crop, fp32, median"
    return [
        Figure(baseline, statistics.median(fp32_ms), "ms", None, None, rounds),
        Figure(
            "embedder per crop, int8, median",
            statistics.median(int8_ms),
            "ms",
            baseline,
            statistics.median(fp32_ms) / statistics.median(int8_ms),
            rounds,
        ),
    ]


def tracker_figures(frames: int = TRACKER_FRAMES) -> list[Figure]:
    """Microseconds per frame with 10 and with 50 people walking about."""
    figures = []
    for people in (10, 50):
        tracker, walk = Tracker(), _walk(people, frames)
        spent_us = []
        for index, boxes in enumerate(walk):
            found = Detections(boxes, np.full(people, 0.9, np.float32))
            started_ns = time.perf_counter_ns()
            tracker.update(found, index * NS_PER_S // 10, FRAME_PX)
            spent_us.append((time.perf_counter_ns() - started_ns) / 1000)
        name = f"tracker, {people} people, median"
        figures.append(Figure(name, statistics.median(spent_us), "us", None, None, frames))
    return figures


def _compared(name: str, fp32_ms: list[float], int8_ms: list[float], rounds: int) -> list[Figure]:
    slow, fast = statistics.median(fp32_ms), statistics.median(int8_ms)
    p99 = statistics.quantiles(int8_ms, n=100, method="inclusive")[98]
    ms, rate = f"{name}, fp32, median", f"{name}, fp32, rate"
    return [
        Figure(ms, slow, "ms", None, None, rounds),
        Figure(f"{name}, int8, median", fast, "ms", ms, slow / fast, rounds),
        Figure(f"{name}, int8, p99", p99, "ms", None, None, rounds),
        Figure(rate, 1000 / slow, "frames/s", None, None, rounds),
        Figure(f"{name}, int8, rate", 1000 / fast, "frames/s", rate, slow / fast, rounds),
    ]


def _picture(width: int, height: int) -> ImageArray:
    """A smooth random picture: what it shows does not change what it costs."""
    coarse = np.random.default_rng(7).integers(0, 255, (9, 16, 3), dtype=np.uint8)
    return cv2.resize(coarse, (width, height)).astype(np.uint8, copy=False)


def _walk(people: int, frames: int) -> list[Float32Array]:
    """Boxes (N, 4) of people walking straight on, turning back at the edges, per frame."""
    random = np.random.default_rng(11)
    start = random.uniform((40, 120), (FRAME_PX[0] - 40, FRAME_PX[1] - 10), (people, 2))
    step = random.normal(0, 4, (people, 2))
    size = np.array([30, 90])
    foot = [
        np.abs((start + step * index) % (2 * np.array(FRAME_PX)) - np.array(FRAME_PX))
        for index in range(frames)
    ]
    return [
        np.concatenate([at - size * [0.5, 1], at + size * [0.5, 0]], axis=1).astype(np.float32)
        for at in foot
    ]
