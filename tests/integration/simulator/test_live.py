import json
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import psutil
import pytest

from edge_core.config import load_site
from edge_core.errors import SourceError
from edge_core.simulator import MallProcess, MallServer, live_site

MALLS = Path(__file__).parents[3] / "assets" / "malls"


def wait_for(condition: Callable[[], bool], limit_s: float = 10) -> None:
    deadline = time.monotonic() + limit_s
    while not condition():
        assert time.monotonic() < deadline, "the condition never came true"
        threading.Event().wait(0.02)


@pytest.fixture(scope="module")
def server() -> Iterator[MallServer]:
    with MallServer(MALLS / "shop", seed=2, warm_up_s=10) as running:
        yield running


def read_some(url: str, count: int) -> tuple[list[tuple[int, ...]], float]:
    """Shapes of the first pictures and seconds until the first."""
    begin = time.monotonic()
    capture = cv2.VideoCapture(url)
    assert capture.isOpened()
    shapes, first_s = [], 0.0
    for index in range(count):
        read, picture = capture.read()
        assert read
        first_s = first_s or time.monotonic() - begin
        shapes.append(picture.shape)
        assert index < count
    capture.release()
    return shapes, first_s


def test_opencv_opens_a_stream_and_reads_pictures(server: MallServer):
    shapes, first_s = read_some(server.source_urls()["door"], 8)
    assert shapes == [(360, 640, 3)] * 8
    assert first_s < 5


def test_several_readers_share_a_camera(server: MallServer):
    url = server.source_urls()["till"]
    results: list[int] = []
    threads = [
        threading.Thread(target=lambda: results.append(len(read_some(url, 6)[0]))) for _ in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert results == [6, 6, 6]


def test_truth_goes_on(server: MallServer):
    def truth() -> dict:
        with urllib.request.urlopen(f"{server.base_url}/truth.json", timeout=5) as answer:
            return json.load(answer)

    first = truth()
    assert first["site"] == "silverstitch"
    assert first["now"]
    wait_for(lambda: truth()["t_s"] > first["t_s"] + 0.3)


def test_a_single_picture_and_an_unknown_camera(server: MallServer):
    with urllib.request.urlopen(f"{server.base_url}/cameras/door.jpg", timeout=5) as answer:
        assert answer.headers["Content-Type"] == "image/jpeg"
        assert answer.read()[:2] == b"\xff\xd8"
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(f"{server.base_url}/cameras/attic.mjpg", timeout=5)


def test_a_taken_port_is_told_with_a_remedy(server: MallServer):
    port = int(server.base_url.rsplit(":", 1)[1])
    with pytest.raises(SourceError, match="cannot listen"):
        MallServer(MALLS / "shop", port=port, warm_up_s=0)


def test_the_live_site_points_at_the_streams(server: MallServer, tmp_path: Path):
    path = live_site(MALLS / "shop", server.base_url, tmp_path / "site.toml")
    urls = server.source_urls()
    assert {camera.id: camera.source for camera in load_site(path).cameras} == urls


def test_the_process_serves_and_goes_when_told():
    with MallProcess(MALLS / "shop", seed=1) as mall:
        pid = mall.pid
        assert pid is not None
        shapes, _ = read_some(f"{mall.base_url}/cameras/men.mjpg", 2)
        assert shapes[0] == (360, 640, 3)
    wait_for(lambda: not psutil.pid_exists(pid))


def test_a_scene_that_cannot_be_loaded_is_told(tmp_path: Path):
    with pytest.raises(SourceError, match="no such file"), MallProcess(tmp_path):
        pass
