"""What a page was made of leaves memory with it: a kiosk runs for months."""

import gc
import subprocess
import sys
from collections import Counter

import psutil
import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QSizeF
from PySide6.QtGui import QImage, QPainter

from edge_core.qt.garment_item import GarmentItem
from edge_core.qt.qml_made import QmlMadeItem
from edge_core.runtime.written_memory import written_bytes


def painted():
    """How many painted items Python knows, by their class."""
    for _ in range(3):
        QCoreApplication.processEvents()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    found = [it for it in gc.get_objects() if isinstance(it, QmlMadeItem)]
    assert all(shiboken6.isValid(it) for it in found if type(it).__name__ != "NothingPainted")
    return Counter(type(it).__name__ for it in found)


def test_pages_that_are_gone_leave_no_painted_item_behind(open_screen):
    shown = open_screen()

    def round_trip():
        shown.model.begin()
        for page in ("stores", "programme", "sees"):
            shown.model.open(page)
            shown.until(lambda: not shown.item("pages").property("busy"))
        shown.model.finish()
        shown.until(lambda: shown.items("attractPage") and not shown.item("pages").property("busy"))

    round_trip()
    before = painted()
    assert before["IconItem"] > 1
    for _ in range(3):
        round_trip()
    assert painted() == before


def test_a_mirror_before_which_a_whole_catalogue_was_tried_on_keeps_few_drawings(qapp):
    item, canvas = GarmentItem(), QImage(300, 400, QImage.Format.Format_ARGB32_Premultiplied)
    item.setSize(QSizeF(300, 400))

    def look_at(tints):
        for tint in tints:
            item.setProperty("name", "oxford-shirt")
            item.setProperty("tint", f"#{tint:06x}")
            painter = QPainter(canvas)
            item.paint(painter)
            painter.end()
        gc.collect()

    look_at(range(40))
    before_bytes = written_bytes(psutil.Process())
    look_at(range(40, 240))  # 96 MB of pixels
    assert written_bytes(psutil.Process()) < before_bytes + 10e6


def test_what_has_not_changed_is_not_drawn_again(qapp, monkeypatch):
    item, asked = GarmentItem(), []
    monkeypatch.setattr(item, "update", lambda: asked.append(1))
    for _ in range(2):
        item.setProperty("name", "oxford-shirt")
        item.setProperty("tint", "#3a5a7c")
        item.setProperty("radius", 12.0)
    assert len(asked) == 3


_PICTURES_COME_AND_GO = """
import ctypes, sys, psutil
from edge_core.heap import steady_heap
from edge_core.runtime.written_memory import written_bytes

if sys.argv[1] == "returned":
    assert steady_heap()
library = ctypes.CDLL(None)
library.malloc.restype = ctypes.c_void_p
library.free.argtypes = [ctypes.c_void_p]
library.memset.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_size_t]
library.free(library.malloc(24 << 20))
pictures = []
for _ in range(40):
    pictures.append(library.malloc(1 << 20))
    library.memset(pictures[-1], 1, 1 << 20)
    library.memset(library.malloc(4096), 1, 4096)
for picture in pictures:
    library.free(picture)
print(written_bytes(psutil.Process()))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only the GNU C library is asked to")
def test_pictures_that_come_and_go_leave_no_holes():
    def held(how):
        told = subprocess.run(
            [sys.executable, "-c", _PICTURES_COME_AND_GO, how],
            check=True, capture_output=True, text=True,
        )  # fmt: skip
        return int(told.stdout)

    assert held("returned") < held("kept") - (30 << 20)
