"""Capture workers on real sources: files, an RTSP server and an HTTP camera that misbehave."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import runtime_workers as workers
from http_camera import HttpCamera

from edge_core.config import CameraConfig
from edge_core.runtime.board import HealthBoard, WorkerState
from edge_core.runtime.supervisor import Supervisor
from edge_core.runtime.wake import WakeSignal
from edge_core.runtime.worker import LogSettings, WorkerSpec
from edge_core.sensing.capture import CAPTURE_COUNTERS, capture_spec, make_ring
from edge_core.sensing.reconnect import CameraState
from edge_core.simulator.rtsp import PACKAGES, RtspServer, can_serve
from edge_core.units import NS_PER_S

START_S = 20.0


class Shop:
    """One camera, its capture worker and a consumer in place of vision."""

    def __init__(self, camera: CameraConfig, *, with_consumer: bool) -> None:
        wake = WakeSignal()
        self.ring = make_ring(camera)
        rows = {"capture:door": CAPTURE_COUNTERS, "vision": workers.CONSUMER_COUNTERS}
        self.board = HealthBoard(rows)
        specs = [capture_spec(camera, self.ring, wake, Path(), stage=1)]
        if with_consumer:
            specs.append(WorkerSpec("vision", workers.consume, (self.ring, wake)))
        self.supervisor = Supervisor(specs, self.board, logs=LogSettings(style="text"))
        self.supervisor.start()
        self.capture, self.vision = self.board.row("capture:door"), self.board.row("vision")

    def step(self) -> None:
        self.supervisor.step(0.02)

    @property
    def state(self) -> CameraState:
        return CameraState(self.capture.get("camera_state"))

    @property
    def size_px(self) -> tuple[int, int]:
        return self.vision.get("width"), self.vision.get("height")

    def reaches(self, state: CameraState) -> Callable[[], bool]:
        return lambda: self.state is state


@pytest.fixture
def open_shop() -> Iterator[Callable[..., Shop]]:
    shops = []

    def open_it(source: object, *, with_consumer: bool = True, **settings: object) -> Shop:
        camera = CameraConfig.model_validate({"id": "door", "source": str(source)} | settings)
        shops.append(Shop(camera, with_consumer=with_consumer))
        return shops[-1]

    yield open_it
    for shop in shops:
        shop.supervisor.stop(3.0)


@pytest.fixture
def rtsp(free_port: int) -> Iterator[RtspServer]:
    if not can_serve():
        pytest.skip(f"no GStreamer RTSP server (apt install {PACKAGES})")
    with RtspServer(free_port) as server:
        yield server


def test_a_file_read_fast_loses_no_frame_and_keeps_its_own_time(
    open_shop, make_clip, until
) -> None:
    shop = open_shop(make_clip(seconds=4), pace="fast", fps=25)
    until(shop.reaches(CameraState.ENDED), within_s=START_S, meanwhile=shop.step)
    until(lambda: shop.vision.get("taken") == 100, within_s=5, meanwhile=shop.step)
    counters = shop.ring.counters()
    assert (counters.published, counters.dropped, counters.skipped) == (100, 0, 0)
    shown_ns = shop.vision.get("newest_mono_ns") - shop.capture.get("origin_mono_ns")
    assert shown_ns == pytest.approx(3.96 * NS_PER_S, abs=NS_PER_S // 100)
    until(lambda: shop.capture.state is WorkerState.STOPPED, within_s=5, meanwhile=shop.step)
    assert shop.capture.restarts == 0


def test_a_file_at_real_pace_takes_its_own_time_and_is_thinned_to_the_target_rate(
    open_shop, make_clip, until
) -> None:
    shop = open_shop(make_clip(seconds=2), fps=10)
    until(shop.reaches(CameraState.ENDED), within_s=START_S, meanwhile=shop.step)
    lasted_ns = shop.capture.get("last_frame_mono_ns") - shop.capture.get("origin_mono_ns")
    assert lasted_ns >= 1.96 * NS_PER_S
    assert shop.capture.get("received") == 50
    counters = shop.capture.counters()
    assert counters["published"] + counters["skipped"] + counters["thinned"] == 50
    assert 1 <= counters["published"] <= 20


def test_frames_nobody_takes_are_not_converted(open_shop, make_clip, until) -> None:
    shop = open_shop(make_clip(seconds=2), fps=25, with_consumer=False)
    until(shop.reaches(CameraState.ENDED), within_s=START_S, meanwhile=shop.step)
    counters = shop.ring.counters()
    assert counters.skipped > 2 * counters.published
    assert counters.skipped + counters.published == 50


def test_a_looped_file_goes_on_and_time_only_rises(open_shop, make_clip, until) -> None:
    shop = open_shop(make_clip(seconds=1), fps=25, loop=True)
    until(lambda: shop.capture.get("received") > 40, within_s=START_S, meanwhile=shop.step)
    assert shop.state is CameraState.STREAMING
    assert shop.capture.get("reconnects") == 0


def test_a_capture_worker_killed_in_a_file_goes_on_where_it_was(
    open_shop, make_clip, until
) -> None:
    shop = open_shop(make_clip(seconds=4), pace="fast", fps=25, max_resolution_px=(320, 240))
    until(lambda: shop.capture.get("published") >= 5, within_s=START_S, meanwhile=shop.step)
    os.kill(shop.capture.pid, signal.SIGKILL)
    until(shop.reaches(CameraState.ENDED), within_s=START_S, meanwhile=shop.step)
    # The frame in hand when the worker was killed may come twice; none is missing.
    assert 100 <= shop.ring.counters().published <= 101


@pytest.mark.parametrize("content", [b"", b"minutes of the meeting\n" * 50])
def test_a_file_that_is_no_video_is_refused_once_and_stops_nobody(
    open_shop, tmp_path: Path, until, content: bytes
) -> None:
    path = tmp_path / "notes.mp4"
    path.write_bytes(content)
    shop = open_shop(path)
    until(shop.reaches(CameraState.REFUSED), within_s=START_S, meanwhile=shop.step)
    until(lambda: shop.capture.state is WorkerState.STOPPED, within_s=5, meanwhile=shop.step)
    assert "is no video that can be read" in shop.capture.note
    assert shop.capture.restarts == 0
    assert shop.vision.state is WorkerState.RUNNING


def test_a_file_whose_resolution_changes_inside_plays_on(open_shop, make_clip, tmp_path, until):
    parts = [make_clip("320x240", 1, suffix="ts"), make_clip("160x120", 1, suffix="ts")]
    path = tmp_path / "change.ts"
    path.write_bytes(b"".join(part.read_bytes() for part in parts))
    shop = open_shop(path, pace="fast", fps=25)
    until(shop.reaches(CameraState.ENDED), within_s=START_S, meanwhile=shop.step)
    assert shop.ring.counters().published >= 45
    assert shop.ring.counters().refused == 0


def test_frames_larger_than_configured_are_refused_with_the_remedy(
    open_shop, make_clip, until
) -> None:
    shop = open_shop(make_clip("640x480"), max_resolution_px=(320, 240))
    until(shop.reaches(CameraState.REFUSED), within_s=START_S, meanwhile=shop.step)
    assert "640 x 480 pixels are larger than max_resolution_px (320 x 240)" in shop.capture.note
    assert shop.ring.counters().published == 0


def test_an_rtsp_camera_that_vanishes_and_returns_with_another_resolution_is_found_again(
    open_shop, make_clip, until, rtsp
) -> None:
    rtsp.serve({"/camera": make_clip("320x240", 20)})
    shop = open_shop(rtsp.url("/camera"), fps=25)
    until(lambda: shop.vision.get("taken") > 5, within_s=START_S, meanwhile=shop.step)
    assert shop.state is CameraState.STREAMING
    assert shop.size_px == (320, 240)
    rtsp.stop()
    until(shop.reaches(CameraState.LOST), within_s=10, meanwhile=shop.step)
    assert shop.capture.note
    seen = shop.vision.get("taken")
    rtsp.serve({"/camera": make_clip("640x480", 20)})
    until(lambda: shop.vision.get("taken") > seen + 5, within_s=START_S, meanwhile=shop.step)
    assert shop.size_px == (640, 480)
    assert shop.capture.get("reconnects") >= 1
    assert (shop.capture.restarts, shop.vision.restarts) == (0, 0)


def test_a_camera_that_is_not_there_at_start_is_waited_for(
    open_shop, make_clip, until, rtsp
) -> None:
    shop = open_shop(rtsp.url("/camera"))
    until(shop.reaches(CameraState.LOST), within_s=START_S, meanwhile=shop.step)
    rtsp.serve({"/camera": make_clip("320x240", 20)})
    until(lambda: shop.vision.get("taken") > 5, within_s=START_S, meanwhile=shop.step)
    assert shop.capture.restarts == 0


def test_corrupt_frames_of_a_camera_are_skipped_and_it_plays_on(open_shop, until) -> None:
    with HttpCamera() as camera:
        shop = open_shop(camera.address, fps=25)
        until(lambda: shop.vision.get("taken") > 5, within_s=START_S, meanwhile=shop.step)
        camera.corrupt = 5
        until(lambda: camera.corrupt == 0, within_s=10, meanwhile=shop.step)
        seen = shop.vision.get("taken")
        until(lambda: shop.vision.get("taken") > seen + 10, within_s=20, meanwhile=shop.step)
        assert shop.capture.get("corrupt") >= 4
        assert shop.capture.get("reconnects") == 0
        assert shop.capture.restarts == 0


def test_a_camera_that_falls_silent_is_stalled_and_opened_again(open_shop, until) -> None:
    with HttpCamera() as camera:
        shop = open_shop(camera.address, fps=25)
        until(lambda: shop.vision.get("taken") > 5, within_s=START_S, meanwhile=shop.step)
        camera.silent = True
        seen = []

        def watch() -> None:
            shop.step()
            seen.append(shop.state)

        until(lambda: camera.connections >= 2, within_s=30, meanwhile=watch)
        camera.silent = False
        assert CameraState.STALLED in seen or CameraState.CONNECTING in seen
        taken = shop.vision.get("taken")
        until(lambda: shop.vision.get("taken") > taken + 5, within_s=30, meanwhile=shop.step)
        assert shop.capture.get("reconnects") >= 1
        assert shop.capture.restarts == 0


def test_a_camera_whose_pictures_change_size_mid_stream_plays_on(open_shop, until) -> None:
    with HttpCamera() as camera:
        shop = open_shop(camera.address, fps=25)
        until(lambda: shop.vision.get("taken") > 5, within_s=START_S, meanwhile=shop.step)
        camera.size_px = (160, 120)
        seen = shop.vision.get("taken")
        until(lambda: shop.vision.get("taken") > seen + 20, within_s=20, meanwhile=shop.step)
        assert shop.ring.counters().refused == 0
        assert time.monotonic_ns() - shop.vision.get("newest_mono_ns") < 2 * NS_PER_S
        assert shop.capture.restarts == 0
