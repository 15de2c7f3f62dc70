"""File sources: real files written here, whole, damaged and fake."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from edge_core.config import CameraConfig
from edge_core.errors import SourceError
from edge_core.sensing.sources import FrameSource, open_source, quiet_ffmpeg

FRAMES, WIDTH, HEIGHT = 30, 96, 64


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    """Thirty frames at 10 frames/s, each greyer than the one before."""
    quiet_ffmpeg()
    path = tmp_path / "clip.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 10, (WIDTH, HEIGHT))
    for number in range(FRAMES):
        writer.write(np.full((HEIGHT, WIDTH, 3), number * 8, np.uint8))
    writer.release()
    return path


def opened(path: Path) -> FrameSource:
    camera = CameraConfig(id="door", source=path.name)
    source = open_source(camera, path.parent)
    assert source is not None
    return source


def test_every_frame_comes_once_with_its_media_time(clip: Path) -> None:
    source = opened(clip)
    times, shades = [], []
    while source.grab():
        image = source.retrieve(None)
        assert image is not None
        times.append(source.media_ns())
        shades.append(int(np.median(image)))
    assert times == [number * 100_000_000 for number in range(FRAMES)]
    np.testing.assert_allclose(shades, [number * 8 for number in range(FRAMES)], atol=4)
    assert source.corrupt == 0
    assert not source.live


def test_a_frame_is_decoded_straight_into_memory_of_its_size(clip: Path) -> None:
    source = opened(clip)
    assert source.grab()
    slot = np.zeros((HEIGHT, WIDTH, 3), np.uint8)
    assert source.grab()
    assert source.retrieve(slot) is slot
    assert slot.max() > 0


def test_memory_of_another_size_is_left_alone(clip: Path) -> None:
    source = opened(clip)
    assert source.grab()
    slot = np.full((10, 10, 3), 7, np.uint8)
    image = source.retrieve(slot)
    assert image is not None
    assert image.shape == (HEIGHT, WIDTH, 3)
    assert slot.min() == slot.max() == 7


def test_damage_in_the_middle_is_jumped_over_and_counted(clip: Path) -> None:
    data = bytearray(clip.read_bytes())
    starts = [place for place in range(len(data)) if data[place : place + 3] == b"\xff\xd8\xff"]
    for place in starts[10:13]:
        data[place : place + 200] = bytes(200)
    clip.write_bytes(data)
    source = opened(clip)
    last_ns = -1
    good = 0
    while source.grab():
        assert source.media_ns() > last_ns
        last_ns = source.media_ns()
        good += 1
    assert last_ns == (FRAMES - 1) * 100_000_000
    assert good + source.corrupt == FRAMES
    assert source.corrupt >= 3


@pytest.mark.parametrize("content", [b"", b"not a video\n" * 100, b"\0" * 5000])
def test_a_file_that_is_no_video_is_refused_with_a_remedy(tmp_path: Path, content: bytes) -> None:
    quiet_ffmpeg()
    path = tmp_path / "notes.mp4"
    path.write_bytes(content)
    with pytest.raises(SourceError, match=r"notes\.mp4 is no video") as raised:
        opened(path)
    assert "ffprobe" in raised.value.remedy


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"no video file .*absent\.mp4"):
        opened(tmp_path / "absent.mp4")


@pytest.mark.parametrize("source", ["usb:97", "rtsp://127.0.0.1:1/camera"])
def test_a_camera_that_is_away_may_come_back_and_is_no_error(source: str) -> None:
    quiet_ffmpeg()
    assert open_source(CameraConfig(id="door", source=source), Path()) is None
