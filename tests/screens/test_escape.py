"""Nobody but the operator gets out of a full screen, and nothing gets into it."""

import re
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QCloseEvent, QContextMenuEvent, QDropEvent, QGuiApplication, QKeyEvent
from PySide6.QtTest import QTest

from edge_core.errors import PromenadeError
from edge_core.qt.release import WindowLock

ROOT = Path(__file__).parents[2]
QML = ("edge_core/qt/qml", "kiosk", "mirror")
NONE = Qt.KeyboardModifier.NoModifier
PIN = "482913"


class Service:
    """Answers on the spot, as the service's thread does a little later."""

    def __init__(self, right):
        self.right, self.asked = right, []

    def ask(self, question, taker):
        try:
            answer = question(self)
        except PromenadeError as error:
            answer = error
        taker(answer)

    def release(self, screen, pin):
        self.asked.append((screen, pin))
        if pin != self.right:
            raise PromenadeError("That is not the PIN.", "Try again.")


@pytest.fixture(params=["kiosk", "mirror"])
def shown(request, open_screen):
    shown = open_screen(request.param)
    shown.lock = WindowLock()
    shown.window.installEventFilter(shown.lock)
    yield shown
    shown.window.removeEventFilter(shown.lock)


def drop():
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile("/etc/passwd")])
    data.setText("=cmd")
    return QDropEvent(
        QPointF(50, 50), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, NONE
    )


def test_a_full_screen_ignores_what_would_end_cover_or_fill_it(shown):
    window, before = shown.window, shown.texts()
    commands = [
        QCloseEvent(),
        QContextMenuEvent(QContextMenuEvent.Reason.Mouse, QPoint(9, 9), QPoint(9, 9), NONE),
        drop(),
    ]
    for key, modifier in (
        (Qt.Key.Key_Escape, NONE),
        (Qt.Key.Key_F11, NONE),
        (Qt.Key.Key_F4, Qt.KeyboardModifier.AltModifier),
        (Qt.Key.Key_Q, Qt.KeyboardModifier.ControlModifier),
        (Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier),
        (Qt.Key.Key_Tab, Qt.KeyboardModifier.AltModifier),
        (Qt.Key.Key_D, Qt.KeyboardModifier.MetaModifier),
        (Qt.Key.Key_Menu, NONE),
    ):
        commands.append(QKeyEvent(QEvent.Type.KeyPress, key, modifier))
    for event in commands:
        QGuiApplication.sendEvent(window, event)
        assert not event.isAccepted(), event
    QTest.mouseClick(window, Qt.MouseButton.RightButton, NONE, QPoint(40, 40))
    assert window.close() is False
    assert window.isVisible()
    assert shown.texts() == before
    assert shown.items("operatorPin") == []


def test_a_keypad_for_blind_visitors_still_reaches_the_screen(shown):
    plain = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Tab, NONE)
    assert not shown.lock.eventFilter(shown.window, plain)


def test_three_seconds_in_the_corner_and_the_pin_end_the_screen(shown):
    service, ended = Service(PIN), []
    shown.screen.questions = service
    shown.screen.way_out.opened.connect(lambda: ended.append(True))
    corner = shown.item("corner")
    at = QPoint(round(corner.width() / 2), round(corner.height() / 2))
    QTest.mouseClick(shown.window, Qt.MouseButton.LeftButton, NONE, at)
    assert shown.items("operatorPin") == []
    QTest.mousePress(shown.window, Qt.MouseButton.LeftButton, NONE, at)
    shown.until(lambda: shown.items("operatorPin"))
    QTest.mouseRelease(shown.window, Qt.MouseButton.LeftButton, NONE, at)
    for digit in "000111":
        shown.tap(shown.item(f"pinKey{digit}"))
    assert not set(shown.texts()) & {"000111"}
    shown.tap(shown.item("pinEnter"))
    assert "did not end" in shown.item("pinTold").property("text")
    assert (ended, shown.screen.way_out.digits) == ([], 0)
    for digit in f"{PIN}":
        shown.tap(shown.item(f"pinKey{digit}"))
    shown.tap(shown.item("pinEnter"))
    assert ended == [True]
    assert [pin for _, pin in service.asked] == ["000111", PIN]
    assert shown.items("operatorPin") == []


def test_a_keypad_that_is_left_alone_goes_away_with_what_was_typed(shown):
    way_out = shown.screen.way_out
    way_out.begin()
    for digit in "1234567890123x":
        way_out.press(digit)
    assert way_out.digits == 12
    shown.screen.attention.sessionEnded.emit()
    assert (way_out.asked, way_out.digits) == (False, 0)


def test_an_answer_that_comes_after_the_keypad_was_put_away_ends_nothing(shown):
    takers, ended = [], []

    class Slow:
        def ask(self, question, taker):
            takers.append(taker)

    shown.screen.questions = Slow()
    way_out = shown.screen.way_out
    way_out.opened.connect(lambda: ended.append(True))
    way_out.begin()
    for digit in PIN:
        way_out.press(digit)
    way_out.enter()
    way_out.cancel()
    takers[0](object())
    assert ended == []


def test_no_page_has_a_text_field_a_shortcut_or_a_place_to_drop_anything():
    """So nothing can be pasted, and no system keyboard with ways of its own comes up."""
    found = [
        f"{path.name}: {match[0]}"
        for folder in QML
        for path in (ROOT / folder).rglob("*.qml")
        for match in re.finditer(
            r"\b(TextInput|TextEdit|TextField|TextArea|Shortcut|DropArea|Menu|FileDialog|WebView"
            r"|openUrlExternally|onLinkActivated|RichText|StyledText|MarkdownText|AutoText)\b",
            path.read_text(encoding="utf-8"),
        )
    ]
    assert found == []


def test_every_text_is_plain_whatever_a_store_calls_itself():
    """A name from a table or the hub that looks like markup is shown, and neither read nor run."""
    files = [path for folder in QML for path in (ROOT / folder).rglob("*.qml")]
    texts = {
        path.name: (len(re.findall(r"(?m)^\s*Text \{", text)), text.count("Text.PlainText"))
        for path in files
        if re.search(r"(?m)^\s*Text \{", text := path.read_text(encoding="utf-8"))
    }
    assert texts.keys() == {"Label.qml", "CrashPage.qml"}
    assert [name for name, (count, plain) in texts.items() if count != plain] == []


def test_a_name_like_markup_is_shown_letter_by_letter(shown, sample):
    name = "<b>Bold</b> <img src='file:///etc/passwd'> {{7*7}}"
    shown.screen.take_site(sample.model_copy(update={"name": name, "name_zh": name}))
    assert any("<b>Bold" in text for text in shown.texts())
