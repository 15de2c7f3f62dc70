import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

ROOT = Path(__file__).parents[2]
NOBODY = "http://127.0.0.1:9"


def run(kind, *options):
    """Start a screen on a machine without a display."""
    hidden = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    return subprocess.run(
        [sys.executable, "-m", kind, *options],
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if name not in hidden},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("kind", ["kiosk", "mirror"])
def test_a_picture_without_live_content_is_saved_and_told_to_be_one(kind, tmp_path):
    picture = tmp_path / "shots" / f"{kind}.png"
    done = run(
        kind, "--url", NOBODY, "--size", "1920x1080", "--language", "zh", "--grab", str(picture),
        "--after", "0.5",
    )  # fmt: skip
    assert done.returncode == 2, done.stderr
    assert "no live content" in done.stderr
    image = QImage(str(picture))
    assert (image.width(), image.height()) == (1920, 1080)


def test_a_picture_that_cannot_be_saved_is_told(tmp_path):
    (tmp_path / "file").write_text("not a folder")
    grab = str(tmp_path / "file" / "kiosk.png")
    done = run("kiosk", "--url", NOBODY, "--grab", grab, "--after", "0")
    assert done.returncode == 2
    assert "could not be saved" in done.stderr


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems have a display")
def test_without_a_display_it_says_what_to_do():
    done = run("kiosk", "--url", NOBODY)
    assert done.returncode == 2
    assert "no display" in done.stderr
    assert "--grab" in done.stderr


def test_a_wrong_size_is_refused():
    done = run("mirror", "--size", "large")
    assert done.returncode == 2
    assert "1920x1080" in done.stderr


def test_screens_load_no_vision_and_no_server():
    code = (
        "import sys, kiosk.__main__, mirror.__main__, edge_core.qt.options\n"
        "kiosk.__main__.program(), mirror.__main__.program()\n"
        "heavy = {'cv2', 'onnxruntime', 'fastapi', 'uvicorn', 'nicegui'} & set(sys.modules)\n"
        "raise SystemExit(' '.join(heavy) or 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
