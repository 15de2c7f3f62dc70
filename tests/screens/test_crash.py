import logging
import subprocess
import sys
import threading

import pytest

from edge_core.qt.crash import CRASH_EXIT_CODE, CrashGuard
from edge_core.qt.resources import qml_folder

BROKEN = """
import os
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from PySide6.QtCore import QTimer
import edge_core.qt.crash as crash
import kiosk.__main__
import kiosk.view_models
from edge_core.logs import start_logging
from edge_core.qt import app

class Broken(kiosk.view_models.KioskModel):
    def __init__(self, screen):
        super().__init__(screen)
        QTimer.singleShot(100, self.fall)

    def fall(self):
        raise ValueError("cannot reach rtsp://user:hunter2@10.0.0.7/door")

crash.CrashGuard.__init__.__kwdefaults__["stay_s"] = 0.3
start_logging("kiosk")
program = kiosk.__main__.program()
broken = app.ScreenProgram(program.kind, program.module, program.folder, Broken)
raise SystemExit(app.run_screen(broken, app.ScreenOptions("http://127.0.0.1:9")))
"""


def test_a_bug_ends_the_screen_with_its_own_code_and_a_scrubbed_trace():
    done = subprocess.run(
        [sys.executable, "-c", BROKEN], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == CRASH_EXIT_CODE, done.stderr
    assert "the screen failed" in done.stderr
    assert "in fall" in done.stderr
    assert "hunter2" not in done.stderr


FULL_SCREEN = """
import os
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
import edge_core.qt.crash as crash
import kiosk.__main__
import kiosk.view_models
from edge_core.qt import app

def note():
    frameless = Qt.WindowType.FramelessWindowHint
    shown = [it for it in QGuiApplication.topLevelWindows() if it.isVisible()]
    print("frameless", [bool(it.flags() & frameless) for it in shown], flush=True)

class Broken(kiosk.view_models.KioskModel):
    def __init__(self, screen):
        super().__init__(screen)
        crash.QTimer.singleShot(100, self.fall)

    def fall(self):
        note()
        crash.QTimer.singleShot(500, note)
        raise ValueError("broken on purpose")

crash.CrashGuard.__init__.__kwdefaults__["stay_s"] = 1.5
program = kiosk.__main__.program()
broken = app.ScreenProgram(program.kind, program.module, program.folder, Broken)
raise SystemExit(app.run_screen(broken, app.ScreenOptions("http://127.0.0.1:9", fullscreen=True)))
"""


def test_neither_a_full_screen_nor_its_crash_page_has_a_bar_that_could_close_it():
    done = subprocess.run(
        [sys.executable, "-c", FULL_SCREEN], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == CRASH_EXIT_CODE, done.stderr
    assert done.stdout.splitlines() == ["frameless [True]"] * 2


@pytest.fixture
def guard(qapp):
    guard = CrashGuard(qapp, qml_folder(), stay_s=3600)
    yield guard
    if guard.view is not None:
        guard.view.hide()
        guard.view.deleteLater()


@pytest.mark.logs_errors
def test_the_crash_page_is_calm_and_in_both_languages(guard, open_screen, qtbot):
    shown = open_screen("kiosk", (1920, 1080))
    guard.fail(ValueError, ValueError("boom"), None)
    qtbot.waitUntil(lambda: guard.view is not None and guard.view.isExposed())
    assert not shown.window.isVisible()
    page = guard.view.rootObject()
    texts = [i.property("text") for i in page.childItems()[0].childItems() if i.property("text")]
    assert "One moment, please" in texts
    assert "请稍候" in texts
    assert guard.view.size() == shown.window.size()
    picture = guard.view.grabWindow()
    grid = {picture.pixel(x, y) for x in range(0, 1920, 7) for y in range(0, 1080, 7)}
    assert len(grid) > 10


@pytest.mark.logs_errors
def test_a_bug_on_another_thread_is_caught_and_told_once(guard, qtbot, caplog):
    guard.install()
    try:
        for _ in range(2):
            thread = threading.Thread(target=lambda: 1 / 0)
            thread.start()
            thread.join()
    finally:
        guard.remove()
    qtbot.waitUntil(lambda: guard.view is not None)
    assert guard.failed
    assert {r.levelno for r in caplog.records if r.name == "promenade.crash"} == {logging.CRITICAL}
