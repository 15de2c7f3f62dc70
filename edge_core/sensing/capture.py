"""The capture worker of a camera, as the supervisor sees it.

Light to import: OpenCV is loaded in the capture process only.
"""

from pathlib import Path
from typing import Final

from edge_core.config import CameraConfig
from edge_core.runtime.ring import DropPolicy, FrameRing
from edge_core.runtime.wake import WakeSignal
from edge_core.runtime.worker import WorkerContext, WorkerSpec

CAPTURE_COUNTERS: Final = (
    "camera_state",
    "received",
    "published",
    "thinned",
    "skipped",
    "dropped",
    "corrupt",
    "refused",
    "reconnects",
    "width",
    "height",
    "last_frame_mono_ns",
    "origin_mono_ns",
    "origin_utc_ns",
    "media_ns",
    "view",
)
"""Counters of a capture worker's row on the health board.

camera_state: a `CameraState`. received: frames grabbed. thinned: left out to meet the target
rate. skipped: never converted because vision was busy. dropped: overwritten before vision
looked. corrupt: could not be decoded. refused: larger than the ring's slots. width, height: of
the last published frame. last_frame_mono_ns: when the last frame was received. The last three
let a restarted worker go on in a file where it was.
"""
_STALL_LIMIT_S: Final = 15.0
_START_UP_S: Final = 90.0
"""Many at once on few cores take their time to load OpenCV."""


def is_read_fast(camera: CameraConfig) -> bool:
    """Whether a camera's source is a file to be read as fast as vision can take it."""
    is_file = "://" not in camera.source and not camera.source.startswith("usb:")
    return is_file and camera.pace == "fast"


def make_ring(camera: CameraConfig) -> FrameRing:
    """The frame ring of a camera: no frame is lost of a file read fast, else the newest wins.

    Raises:
        SharedMemoryFullError: no room for it.
    """
    policy = DropPolicy.WAIT if is_read_fast(camera) else DropPolicy.LIVE
    return FrameRing(camera.id, camera.max_resolution_px, policy=policy)


def capture_spec(
    camera: CameraConfig, ring: FrameRing, wake: WakeSignal, folder: Path, *, stage: int
) -> WorkerSpec:
    """How the supervisor runs the capture worker of a camera.

    Args:
        camera: whose.
        ring: its ring.
        wake: wakes the vision process.
        folder: what relative paths of files are relative to.
        stage: see `WorkerSpec`.
    """
    return WorkerSpec(
        name=f"capture:{camera.id}",
        target=run_capture,
        args=(camera, ring, wake, folder),
        stage=stage,
        essential=False,  # one bad camera never stops the others
        stall_limit_s=_STALL_LIMIT_S,  # longer than OpenCV may block in opening and reading
        startup_grace_s=_START_UP_S,
        gives_way=True,  # too many cameras slow down themselves, not the screens
    )


def run_capture(
    worker: WorkerContext, camera: CameraConfig, ring: FrameRing, wake: WakeSignal, folder: Path
) -> None:
    """Body of a capture worker; returns when told to stop, or when a file is over or bad."""
    import cv2

    from edge_core.sensing.capture_loop import CaptureLoop

    cv2.setNumThreads(1)  # one process a camera is parallel enough
    CaptureLoop(worker, camera, ring, wake, folder).run()
