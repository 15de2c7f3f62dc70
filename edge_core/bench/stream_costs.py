"""What each stage costs a frame, in processor time of one thread."""

import statistics
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import cv2

from edge_core.bench import Figure
from edge_core.bench.turns import PROCESSOR_CLOCK
from edge_core.sensing.gate import MotionGate
from edge_core.types import ImageArray
from edge_core.units import NS_PER_MS, NS_PER_S
from edge_core.vision import load_detector, load_embedder
from edge_core.vision.crops import body_crop

_EVERY: Final = 5
_FRAMES: Final = 250
_FRAME_NS: Final = NS_PER_S // 25
_SCORE: Final = 0.45
DETECTORS: Final = ("person-s", "person-s-int8")
SIDES_PX: Final = (320, 416)


@dataclass(frozen=True, slots=True)
class Costs:
    """Milliseconds of processor time, medians but for decoding, which is a mean.

    Attributes:
        decode_ms: a frame received.
        convert_ms: to BGR, a frame looked at.
        gate_ms: motion gate, a frame looked at.
        detect_ms: letterbox, network, boxes of a whole frame, by model and input side.
        embed_ms: a crop.
        count: frames looked at.
    """

    decode_ms: float
    convert_ms: float
    gate_ms: float
    detect_ms: dict[tuple[str, int], float]
    embed_ms: float
    count: int

    def figures(self) -> list[Figure]:
        """A line for each stage."""
        told = {
            "decode_ms": "decoding alone, a frame received",
            "convert_ms": "conversion to BGR, a frame looked at",
            "gate_ms": "motion gate, a frame looked at",
            "embed_ms": "appearance, a crop",
        }
        plain = {label: getattr(self, name) for name, label in told.items()}
        nets = {f"{name} {side}, a whole frame": ms for (name, side), ms in self.detect_ms.items()}
        return [
            Figure(f"cost: {label}", ms, "ms", None, None, self.count)
            for label, ms in (plain | nets).items()
        ]

    @property
    def fastest(self) -> str:
        """The detector that costs least here: INT8 where the processor has instructions for it."""
        side = max(side for _, side in self.detect_ms)
        return min(DETECTORS, key=lambda name: self.detect_ms[name, side])


def stage_costs(clip: Path) -> Costs:
    """Measure on the first ten seconds of a clip."""
    threads = cv2.getNumThreads()
    cv2.setNumThreads(1)
    try:
        return _costs(clip)
    finally:
        cv2.setNumThreads(threads)


def _costs(clip: Path) -> Costs:
    embedder, gate = load_embedder(), MotionGate()
    detectors = {
        (name, side): load_detector(name, size_px=side) for name in DETECTORS for side in SIDES_PX
    }
    capture = cv2.VideoCapture(str(clip), cv2.CAP_FFMPEG, [cv2.CAP_PROP_N_THREADS, 1])
    spent: dict[str, list[float]] = {name: [] for name in ("decode", "convert", "gate", "embed")}
    detect: dict[tuple[str, int], list[float]] = {key: [] for key in detectors}
    image: ImageArray | None = None
    for number in range(_FRAMES):
        with _timed(spent["decode"]):
            capture.grab()
        if number % _EVERY:
            continue
        with _timed(spent["convert"]):
            _, image = capture.retrieve() if image is None else capture.retrieve(image)  # type: ignore[assignment]
        assert image is not None
        with _timed(spent["gate"]):
            gate.moved_px(image, number * _FRAME_NS)
        for key, detector in detectors.items():
            with _timed(detect[key]):
                found = detector.detect([image])[0]
        for box in found.xyxy_px[found.score > _SCORE][:1]:
            with _timed(spent["embed"]):
                embedder.embed([body_crop(image, box)])
    median = {name: statistics.median(times) for name, times in spent.items() if times}
    return Costs(
        statistics.fmean(spent["decode"]),
        median["convert"],
        median["gate"],
        {key: statistics.median(times) for key, times in detect.items()},
        median["embed"],
        len(spent["gate"]),
    )


class _timed:  # noqa: N801  reads as a word
    """Adds the milliseconds of processor time within it to a list."""

    def __init__(self, into: list[float]) -> None:
        self._into = into

    def __enter__(self) -> None:
        self._began_ns = PROCESSOR_CLOCK()

    def __exit__(self, *_: object) -> None:
        self._into.append((PROCESSOR_CLOCK() - self._began_ns) / NS_PER_MS)
