"""What a page was made of leaves memory with it: a kiosk runs for months."""

import gc
from collections import Counter

import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent

from edge_core.qt.qml_made import QmlMadeItem


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
