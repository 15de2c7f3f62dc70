"""The pipeline that streams are compared with, as one would write it first.

A process a camera reads every frame as BGR and sends each one that is due through a pipe, pickled;
one process takes them in turn and finds people with ONNX Runtime. No ring, no gate, no tracks, no
appearances, nothing told to anybody: it does less.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, Final, TypeAlias

import cv2
import numpy as np
import psutil

from edge_core.runtime.inference import InferenceSession
from edge_core.sensing.sources import quiet_ffmpeg
from edge_core.types import Float32Array, ImageArray
from edge_core.vision.nms import non_maximum_suppression

Pipe: TypeAlias = "Connection[Any, Any]"
_SIDE_PX: Final = 416
_STRIDES: Final = (8, 16, 32)
_SCORE: Final = 0.4
_PAD: Final = 114


@dataclass(frozen=True, slots=True)
class PeerRun:
    """What a peer pipeline did.

    Attributes:
        frames: looked at, by camera.
        latency_ms: of each, from its decoding to its boxes.
        processor_s: of all its processes.
        seconds: how long it was watched.
    """

    frames: tuple[int, ...]
    latency_ms: tuple[float, ...]
    processor_s: float
    seconds: float


def run_peer(
    urls: Sequence[str],
    every: int,
    network: Path,
    input_name: str,
    *,
    warm_up_s: float,
    seconds: float,
) -> PeerRun:
    """Run it for a while.

    Args:
        urls: of the cameras.
        every: so many frames one is looked at.
        network: its ONNX file, float32 (1, 3, 416, 416) in; YOLOX's output is decoded, that of
            others is left as it is.
        input_name: of the network.
        warm_up_s: before it counts.
        seconds: that count.
    """
    context = get_context("spawn")
    pipes, processes = [], []
    for url in urls:
        here, there = context.Pipe(duplex=False)
        processes.append(context.Process(target=_read, args=(url, every, there), daemon=True))
        processes[-1].start()
        there.close()
        pipes.append(here)
    try:
        return _look(pipes, processes, _detector(network, input_name), warm_up_s, seconds)
    finally:
        for process in processes:
            process.kill()
            process.join()


def _read(url: str, every: int, out: Pipe) -> None:
    quiet_ffmpeg()
    capture, number = cv2.VideoCapture(url, cv2.CAP_FFMPEG), 0
    while True:
        done, frame = capture.read()
        if not done:
            return
        number += 1
        if number % every == 0:
            out.send((time.monotonic_ns(), frame))


def _look(
    pipes: Sequence[Pipe],
    processes: Sequence[BaseProcess],
    detect: Callable[[ImageArray], object],
    warm_up_s: float,
    seconds: float,
) -> PeerRun:
    watched = [psutil.Process(it.pid) for it in processes] + [psutil.Process()]
    numbers: Mapping[object, int] = {pipe: index for index, pipe in enumerate(pipes)}
    frames, latency_ms = [0] * len(pipes), []
    begin = time.monotonic() + warm_up_s
    before_s: float | None = None
    while time.monotonic() < begin + seconds:
        for pipe in (it for it in wait(pipes, 0.2) if isinstance(it, Connection)):
            if before_s is None and time.monotonic() >= begin:
                before_s = _processor_s(watched)
            stamp_ns, frame = pipe.recv()
            detect(frame)
            if before_s is not None and time.monotonic() < begin + seconds:
                frames[numbers[pipe]] += 1
                latency_ms.append((time.monotonic_ns() - stamp_ns) / 1e6)
    used_s = _processor_s(watched) - (before_s or 0.0)
    return PeerRun(tuple(frames), tuple(latency_ms), used_s, seconds)


def _processor_s(processes: Sequence[psutil.Process]) -> float:
    return sum(sum(it.cpu_times()[:2]) for it in processes)


def _detector(network: Path, input_name: str) -> Callable[[ImageArray], object]:
    probe = np.zeros((1, 3, _SIDE_PX, _SIDE_PX), np.float32)
    session = InferenceSession(network, {input_name: probe}, provider="cpu", threads=1)

    def detect(frame: ImageArray) -> object:
        maps = session.run({input_name: _letterboxed(frame)})
        return _people(maps[0]) if maps[0].ndim == 3 else maps

    return detect


def _letterboxed(frame: ImageArray) -> Float32Array:
    scale = _SIDE_PX / max(frame.shape[:2])
    small = cv2.resize(frame, None, fx=scale, fy=scale)
    canvas = np.full((_SIDE_PX, _SIDE_PX, 3), _PAD, np.uint8)
    canvas[: small.shape[0], : small.shape[1]] = small
    return np.ascontiguousarray(canvas.transpose(2, 0, 1)[None], np.float32)


def _people(raw: Float32Array) -> Float32Array:
    """Boxes of people, float32 (N, 4), from YOLOX's raw (1, 3549, 85); Ge et al. 2021."""
    grids = []
    for stride in _STRIDES:
        y, x = np.mgrid[: _SIDE_PX // stride, : _SIDE_PX // stride].reshape(2, -1)
        grids.append(np.stack([x, y, np.full_like(x, stride)]))
    x, y, strides = np.concatenate(grids, axis=1)
    cells = raw[0]
    score = cells[:, 4] * cells[:, 5]
    kept = score > _SCORE
    centre = (cells[kept, :2] + np.stack([x, y], 1)[kept]) * strides[kept, None]
    half = np.exp(cells[kept, 2:4]) * strides[kept, None] / 2
    boxes = np.concatenate([centre - half, centre + half], 1).astype(np.float32)
    return boxes[non_maximum_suppression(boxes, score[kept], iou_limit=0.5)]
