"""Where frames come from: network cameras, USB cameras and video files, through OpenCV's FFmpeg.

`grab` advances by one frame and decodes it; `retrieve` converts it to BGR. Frames that nobody
can take are grabbed and never converted.
"""

import os
import sys
import time
from pathlib import Path
from typing import Final, Protocol

import cv2

from edge_core.config import CameraConfig
from edge_core.errors import SourceError
from edge_core.logs import scrub
from edge_core.types import ImageArray
from edge_core.units import NS_PER_MS, NS_PER_S

OPEN_TIMEOUT_S: Final = 5.0
READ_TIMEOUT_S: Final = 4.0
_DECODE_THREADS: Final = 1
_GRABS_PAST_END: Final = 2
_MOST_CORRUPT: Final = 50


class FrameSource(Protocol):
    """An open source.

    Attributes:
        live: a camera, not a file.
        corrupt: frames that could not be decoded so far.
        frame_ns: nominal time from frame to frame of a file; 0 for live sources.
    """

    live: bool
    corrupt: int
    frame_ns: int

    def grab(self) -> bool:
        """Advance to the next frame; False at the end, or when the connection broke."""
        ...

    def media_ns(self) -> int:
        """Place of the grabbed frame within a file, from 0; meaningless for live sources."""
        ...

    def retrieve(self, into: ImageArray | None) -> ImageArray | None:
        """The grabbed frame as uint8 (H, W, 3), BGR; None if it cannot be converted.

        Args:
            into: written into if it has the frame's size, and then itself returned.
        """
        ...

    def close(self) -> None:
        """Let go of the source."""
        ...


def open_source(camera: CameraConfig, folder: Path) -> FrameSource | None:
    """Open a camera's source.

    Args:
        camera: whose.
        folder: what relative paths of files are relative to.

    Returns:
        The source, or None when it cannot be reached now but may be later.

    Raises:
        SourceError: it never will be: a file that is missing or holds no video.
    """
    kind = camera.source.partition(":")[0].lower()
    if kind == "usb":
        return _open_usb(camera)
    if "://" in camera.source:
        capture = cv2.VideoCapture(camera.source, cv2.CAP_FFMPEG, _network_options())
        return LiveSource(capture) if capture.isOpened() else None
    return _open_file(folder / camera.source)


def quiet_ffmpeg() -> None:
    """Keep FFmpeg's own lines, which may hold addresses, out of this process's logs."""
    os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_ERROR)


def _network_options() -> list[int]:
    # OpenCV itself asks for RTSP over TCP, so that a lost packet is not a torn picture.
    return [
        *(cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, round(OPEN_TIMEOUT_S * 1000)),
        *(cv2.CAP_PROP_READ_TIMEOUT_MSEC, round(READ_TIMEOUT_S * 1000)),
        *(cv2.CAP_PROP_N_THREADS, _DECODE_THREADS),
    ]


def _open_usb(camera: CameraConfig) -> "LiveSource | None":
    backend = cv2.CAP_DSHOW if sys.platform == "win32" else cv2.CAP_V4L2
    capture = cv2.VideoCapture(int(camera.source[4:]), backend)
    if not capture.isOpened():
        return None
    width, height = camera.max_resolution_px
    capture.set(cv2.CAP_PROP_FRAME_WIDTH, width)
    capture.set(cv2.CAP_PROP_FRAME_HEIGHT, height)
    capture.set(cv2.CAP_PROP_BUFFERSIZE, 1)
    return LiveSource(capture)


def _open_file(path: Path) -> "FileSource":
    if not path.is_file():
        raise SourceError(
            f"There is no video file {scrub(str(path))}.",
            "Correct the camera's `source`; paths are relative to site.toml.",
        )
    options = [cv2.CAP_PROP_N_THREADS, _DECODE_THREADS]
    capture = cv2.VideoCapture(str(path), cv2.CAP_FFMPEG, options)
    if not capture.isOpened() or not capture.grab():
        capture.release()
        raise SourceError(
            f"{path} is no video that can be read.",
            "Give a whole MP4, MKV, AVI, TS or similar file; `ffprobe` tells what is in it.",
        )
    return FileSource(capture)


class LiveSource:
    """A network or USB camera."""

    live = True
    frame_ns = 0

    def __init__(self, capture: cv2.VideoCapture) -> None:
        self._capture = capture
        self.corrupt = 0

    def grab(self) -> bool:
        """See `FrameSource`; blocks for at most `READ_TIMEOUT_S`."""
        began = time.monotonic()
        failed = 0
        while not self._capture.grab():
            failed += 1
            # FFmpeg says "no frame" once per frame it cannot decode, without end once the
            # connection is broken, and after seconds when the camera is silent.
            if failed > _MOST_CORRUPT or time.monotonic() - began > READ_TIMEOUT_S / 2:
                return False
        self.corrupt += failed
        return True

    def media_ns(self) -> int:
        """See `FrameSource`."""
        return 0

    def retrieve(self, into: ImageArray | None) -> ImageArray | None:
        """See `FrameSource`."""
        image = _retrieve(self._capture, into)
        self.corrupt += image is None
        return image

    def close(self) -> None:
        """See `FrameSource`."""
        self._capture.release()


class FileSource:
    """A video file, opened with its first frame grabbed.

    Damage in the middle is jumped over: FFmpeg says "no frame" once per frame it cannot decode,
    and the same at the end, so where the container says the end is decides.
    """

    live = False

    def __init__(self, capture: cv2.VideoCapture) -> None:
        self._capture = capture
        self._first_waits = True
        rate = capture.get(cv2.CAP_PROP_FPS)
        self.frame_ns = round(NS_PER_S / rate) if 0 < rate <= 1000 else NS_PER_S // 25
        self._length_ns = round(capture.get(cv2.CAP_PROP_FRAME_COUNT)) * self.frame_ns
        self._media_ns = 0
        self.corrupt = 0

    def grab(self) -> bool:
        """See `FrameSource`."""
        if self._first_waits:
            self._first_waits = False
            return True
        failed = 0
        while not self._capture.grab():
            failed += 1
            left = (self._length_ns - self._media_ns) // self.frame_ns
            if failed > max(_GRABS_PAST_END, left):
                return False
        self._advance(failed)
        return True

    def _advance(self, failed: int) -> None:
        """Read the new frame's time; what is missing between was corrupt."""
        stamp_ns = round(self._capture.get(cv2.CAP_PROP_POS_MSEC) * NS_PER_MS)
        if stamp_ns <= self._media_ns:  # a container without usable time stamps
            stamp_ns = self._media_ns + self.frame_ns
        missing = round((stamp_ns - self._media_ns) / self.frame_ns) - 1
        self.corrupt += max(failed, missing)
        self._media_ns = stamp_ns

    def media_ns(self) -> int:
        """See `FrameSource`."""
        return self._media_ns

    def retrieve(self, into: ImageArray | None) -> ImageArray | None:
        """See `FrameSource`."""
        image = _retrieve(self._capture, into)
        self.corrupt += image is None
        return image

    def close(self) -> None:
        """See `FrameSource`."""
        self._capture.release()


def _retrieve(capture: cv2.VideoCapture, into: ImageArray | None) -> ImageArray | None:
    try:
        done, image = capture.retrieve() if into is None else capture.retrieve(into)
    except cv2.error:
        return None
    if not done or image is None or image.ndim != 3 or image.size == 0:
        return None
    return image  # type: ignore[return-value]  # OpenCV's stubs know no dtype
