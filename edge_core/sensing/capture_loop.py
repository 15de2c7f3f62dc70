"""One camera's frames from its source into its ring, whatever happens to the camera."""

import logging
import random
import time
from pathlib import Path
from typing import Final

from edge_core.clock import SystemClock
from edge_core.config import CameraConfig
from edge_core.errors import SourceError
from edge_core.logs import scrub
from edge_core.runtime.ring import FrameRing, FrameStamps
from edge_core.runtime.wake import WakeSignal
from edge_core.runtime.worker import WorkerContext
from edge_core.sensing.capture import is_read_fast
from edge_core.sensing.gate import MotionGate
from edge_core.sensing.reconnect import CameraState, ReconnectMachine
from edge_core.sensing.sources import READ_TIMEOUT_S, FrameSource, open_source, quiet_ffmpeg
from edge_core.sensing.timing import FrameRate, Origin, Timeline
from edge_core.sensing.view_condition import ViewCondition
from edge_core.units import NS_PER_S, s_from_ns

_LONGEST_SLEEP_S: Final = 0.1
_LATE_NS: Final = NS_PER_S

log = logging.getLogger(__name__)


class CaptureLoop:
    """One camera: connect, stream, reconnect.

    Args:
        worker: the process this runs in.
        camera: the camera's settings.
        ring: where its frames go.
        wake: wakes the vision process.
        folder: what relative paths of files are relative to.
    """

    def __init__(
        self,
        worker: WorkerContext,
        camera: CameraConfig,
        ring: FrameRing,
        wake: WakeSignal,
        folder: Path,
    ) -> None:
        quiet_ffmpeg()
        self._worker = worker
        self._row = worker.row
        self._camera = camera
        self._writer = ring.writer()
        self._wake = wake
        self._folder = folder
        self._clock = SystemClock()
        self._machine = ReconnectMachine(random.Random())
        self._gate = MotionGate()
        self._view = ViewCondition()
        self._rate = FrameRate(camera.fps)
        self._fast = is_read_fast(camera)
        self._size_px: tuple[int, int] | None = None
        self._corrupt_before = self._row.get("corrupt")
        self._reconnects_before = self._row.get("reconnects")
        self._resume_ns = -1
        self._timeline = Timeline(self._clock, self._earlier_origin())
        self._tell(CameraState.CONNECTING)

    def run(self) -> None:
        """Capture until stopped, ended or refused."""
        while not self._worker.stopping:
            self._worker.beat()
            try:
                source = open_source(self._camera, self._folder)
            except SourceError as error:
                self._machine.refused()
                self._tell(self._machine.state, str(error))
                log.error("%s", error)
                return
            if source is None:
                self._machine.lost(self._clock.monotonic_ns())
                self._tell(self._machine.state, "cannot be reached")
            else:
                try:
                    over = self._stream(source)
                finally:
                    source.close()
                if over:
                    return
            self._wait_to_retry()

    def _stream(self, source: FrameSource) -> bool:
        """Publish a source's frames until it breaks; True if there is nothing more to do."""
        row, began_ns = self._row, self._clock.monotonic_ns()
        while not self._worker.stopping:
            self._worker.beat()
            if not source.grab():
                return self._broken(source, began_ns)
            if self._machine.state is CameraState.CONNECTING:
                self._machine.opened()
                row.set("reconnects", self._reconnects_before + self._machine.reconnects)
                self._tell(CameraState.STREAMING)
            row.add("received")
            row.set("corrupt", self._corrupt_before + source.corrupt)
            if source.live or self._reached(source.media_ns()):
                media_ns = source.media_ns()
                stamps = self._timeline.live() if source.live else self._timeline.of_media(media_ns)
                row.set("last_frame_mono_ns", stamps.received_mono_ns)
                self._offer(source, stamps)
                if not source.live:
                    self._remember(media_ns)
            began_ns = self._clock.monotonic_ns()
        self._corrupt_before += source.corrupt
        return True

    def _offer(self, source: FrameSource, stamps: FrameStamps) -> None:
        """Publish the grabbed frame if it is due and vision wants it."""
        if not self._rate.due(stamps.mono_ns):
            self._row.add("thinned")
        elif self._is_wanted():
            self._publish(source, stamps)
        elif not self._worker.stopping:
            self._writer.skip()
        counters = self._writer.counters()
        self._row.set("skipped", counters.skipped)
        self._row.set("dropped", counters.dropped)

    def _is_wanted(self) -> bool:
        if not self._fast:
            return self._writer.wanted()
        while not self._worker.stopping:
            self._worker.beat()
            if self._writer.wait_for_room(1.0, giving_up=lambda: self._worker.stopping):
                return True
        return False

    def _publish(self, source: FrameSource, stamps: FrameStamps) -> None:
        """Convert the frame into the ring, in place if its size is that of the last one."""
        self._rate.keep(stamps.mono_ns)
        view = self._writer.begin(*self._size_px) if self._size_px else None
        image = source.retrieve(view)
        if image is None:
            return
        if image is not view:
            height, width = image.shape[:2]
            if not self._writer.fits(width, height):
                self._refuse(width, height)
                return
            self._size_px = (width, height)
            view = self._writer.begin(width, height)
            view[:] = image
            self._row.set("width", width)
            self._row.set("height", height)
            log.info("%s sends %d x %d pixels", self._camera.id, width, height)
        moved_px = self._gate.moved_px(image, stamps.mono_ns)
        self._row.set("view", self._view.see(image, stamps.mono_ns))
        self._writer.publish(stamps, moved_px=moved_px)
        self._wake.notify()
        self._row.add("published")
        if self._machine.state is CameraState.REFUSED:
            self._machine.opened()
            self._tell(CameraState.STREAMING)

    def _refuse(self, width: int, height: int) -> None:
        self._row.set("refused", self._writer.counters().refused)
        if self._machine.state is CameraState.REFUSED:
            return
        most = "{} x {}".format(*self._camera.max_resolution_px)
        self._machine.refused()
        self._tell(
            CameraState.REFUSED,
            f"frames of {width} x {height} pixels are larger than max_resolution_px ({most});"
            " raise it, or use the camera's smaller stream",
        )

    def _broken(self, source: FrameSource, asked_ns: int) -> bool:
        """No further frame came; True if there is nothing more to do."""
        self._corrupt_before += source.corrupt
        now_ns = self._clock.monotonic_ns()
        if not source.live:
            if not self._camera.loop:
                self._machine.ended()
                self._tell(CameraState.ENDED)
                return True
            self._timeline.go_round(source.media_ns() + source.frame_ns)
            return False
        silent_s = s_from_ns(now_ns - asked_ns)
        if self._machine.state is not CameraState.CONNECTING and silent_s >= READ_TIMEOUT_S / 2:
            self._machine.stalled(now_ns)
            self._tell(CameraState.STALLED, "frames have stopped coming")
        else:
            self._machine.lost(now_ns)
            self._tell(CameraState.LOST, "the connection broke")
        return False

    def _reached(self, media_ns: int) -> bool:
        """Wait for a file's frame to be due; False if it was dealt with in an earlier life."""
        if media_ns <= self._resume_ns:
            return False
        if self._fast or self._timeline.origin is None:
            return True
        due_ns = self._timeline.origin.mono_ns + media_ns
        while (ahead_ns := due_ns - self._clock.monotonic_ns()) > 0:
            if self._worker.stopping:
                return False
            self._worker.beat()
            time.sleep(min(_LONGEST_SLEEP_S, s_from_ns(ahead_ns)))
        if -ahead_ns > _LATE_NS:  # decoding cannot keep up, or the worker was restarted
            self._writer.skip()
            return False
        return True

    def _wait_to_retry(self) -> None:
        if self._machine.state not in (CameraState.LOST, CameraState.STALLED):
            return  # a looped file begins again
        while not self._worker.stopping:
            self._worker.beat()
            if self._machine.retry(self._clock.monotonic_ns()):
                self._tell(CameraState.CONNECTING, self._row.note)
                return
            left_s = s_from_ns(self._machine.due_ns - self._clock.monotonic_ns())
            time.sleep(min(_LONGEST_SLEEP_S, max(0.0, left_s)))

    def _earlier_origin(self) -> Origin | None:
        """Where a file's reading began, if an earlier life of this worker was reading it."""
        mono_ns = self._row.get("origin_mono_ns")
        if self._camera.loop or mono_ns == 0:
            return None
        self._resume_ns = self._row.get("media_ns")
        return Origin(mono_ns, self._row.get("origin_utc_ns"))

    def _remember(self, media_ns: int) -> None:
        origin = self._timeline.origin
        if origin is not None and not self._camera.loop:
            self._row.set("media_ns", media_ns)
            self._row.set("origin_utc_ns", origin.utc_ns)
            self._row.set("origin_mono_ns", origin.mono_ns)

    def _tell(self, state: CameraState, detail: str = "") -> None:
        if state != self._row.get("camera_state") or state is CameraState.CONNECTING:
            log.info("%s is %s%s", self._camera.id, state.name.lower(), detail and f": {detail}")
        self._row.set("camera_state", state)
        self._row.note = scrub(detail)
