"""What the screens need of the Qt binding they are installed with."""

import gc
import sys

from PySide6.QtCore import QObject


def test_calls_into_qt_do_not_wear_none_out(qapp):
    # PySide 6.12.0 took one reference from None at every call: below Python 3.12, where None can
    # be freed, a screen died within minutes ("none_dealloc").
    thing = QObject()
    before = sys.getrefcount(None)
    for _ in range(2000):
        thing.setObjectName("screen")
    assert abs(sys.getrefcount(None) - before) < 200


def test_pages_come_and_go_without_wearing_anything_out(open_screen, qtbot):
    shown = open_screen("kiosk")
    gc.collect()
    before = sys.getrefcount(None)
    for _ in range(3):
        for name in ("beginArea", "finish"):
            qtbot.waitUntil(lambda name=name: bool(shown.items(name)))
            shown.tap(shown.item(name))
        gc.collect()
    assert shown.window.isVisible(), "a page that goes must not take the window with it"
    assert sys.getrefcount(None) - before > -200


def test_no_view_model_has_a_meta_object_of_its_own(open_screen):
    # PySide makes one for an instance whose method without @Slot is connected; QML then goes on
    # using what it remembers of the class's.
    shown = open_screen("kiosk")
    screen = shown.screen
    models = [
        screen, shown.model, screen.tongue, screen.wall_clock, screen.facts, screen.floor_plan,
        screen.people, screen.attention, shown.model._programme,
    ]  # fmt: skip
    own = {type(m).__name__: [k for k in vars(m) if "metaobject" in k.lower()] for m in models}
    assert {name: keys for name, keys in own.items() if keys} == {}
