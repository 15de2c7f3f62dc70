"""Workers, clips and waiting for the tests on real processes."""

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

# Child processes import the workers by name, so their folder must be on the path they inherit.
sys.path.insert(0, str(Path(__file__).parent))

Wait = Callable[..., None]


@pytest.fixture
def until() -> Wait:
    """Wait for a condition, doing `meanwhile` between looks; fail after the deadline."""

    def wait(
        condition: Callable[[], object],
        *,
        within_s: float,
        meanwhile: Callable[[], object] = lambda: time.sleep(0.01),
    ) -> None:
        deadline = time.monotonic() + within_s
        while not condition():
            assert time.monotonic() < deadline, f"not within {within_s} s"
            meanwhile()

    return wait


@pytest.fixture(scope="session")
def make_clip(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Make an H.264 clip of a test picture with ffmpeg; one file per description."""
    if shutil.which("ffmpeg") is None:
        pytest.skip("ffmpeg is not installed (apt install ffmpeg)")
    folder = tmp_path_factory.mktemp("clips")

    def make(size: str = "320x240", seconds: int = 2, fps: int = 25, suffix: str = "mp4") -> Path:
        path = folder / f"{size}-{seconds}-{fps}.{suffix}"
        if not path.exists():
            picture = f"testsrc2=s={size}:r={fps}:d={seconds}"
            source = ["-f", "lavfi", "-i", picture]
            codec = ["-c:v", "libx264", "-preset", "ultrafast", "-g", "25", "-bf", "0"]
            command = ["ffmpeg", "-v", "error", *source, *codec, "-bsf:v", "dump_extra"]
            subprocess.run([*command, str(path)], check=True)
        return path

    return make


@pytest.fixture
def free_port() -> int:
    """A TCP port nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
