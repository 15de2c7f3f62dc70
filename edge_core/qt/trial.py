"""A screen used by an untiring finger: what `promenade bench screens` measures.

Each line of standard output is one thing that happened, as JSON; see `Trial`.
"""

import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Final

import shiboken6
from PySide6.QtCore import QObject, QPoint, QPointF, QTimer, Slot
from PySide6.QtQuick import QQuickItem, QQuickWindow
from PySide6.QtTest import QTest

_TOUCH_MS: Final = 500
_HELD_MS: Final = 80
"""So long a finger rests on what it touches."""
_UNANSWERED_S: Final = 2.0
_SEEN: Final = 0.25
"""Opacity from which on a page that fades in counts as seen."""


@dataclass(slots=True)
class _Since:
    wall_s: float = field(default_factory=time.monotonic)
    cpu_s: float = field(default_factory=time.thread_time)

    def spent(self, what: str) -> dict[str, float]:
        wall_ms = 1000 * (time.monotonic() - self.wall_s)
        return {
            f"{what}_wall_ms": wall_ms,
            f"{what}_cpu_ms": 1000 * (time.thread_time() - self.cpu_s),
        }


@dataclass(slots=True)
class _Touch:
    """A finger on a control; `told` gathers what its line will say."""

    item: QQuickItem
    place: QPoint
    page: str
    told: dict[str, object]
    since: _Since = field(default_factory=_Since)
    lifted: bool = False

    @property
    def pressed(self) -> bool:
        """The control knows of the finger; one that is gone knows of none."""
        return shiboken6.isValid(self.item) and bool(self.item.property("pressed"))


class Trial(QObject):
    """Says when the first frame and the first live content are drawn, then touches what is there.

    Lines: `{"drawn": "first"}`, `{"drawn": "live"}`, and of each touch `{"touched": name, "from":
    page, "to": page, …}` with milliseconds by the wall clock and in processor time of the GUI
    thread: `press_…` from before the finger comes down until the frame that shows the control
    pressed is finished, `answer_…` from before it goes up until the frame that shows what came of
    it: the first frame afterwards, or the first in which another page is seen. Those that no frame
    followed lack them. A finger comes down twice a second at most on a control of any kind that can
    be seen, once the page before has faded.

    Args:
        window: the screen's.
        live: tells whether live content is shown.
        touches: whether to touch at all.
    """

    def __init__(self, window: QQuickWindow, live: Callable[[], bool], *, touches: bool) -> None:
        super().__init__()
        self._window, self._live = window, live
        pages = window.findChild(QObject, "pages")
        assert pages is not None
        self._pages = pages
        self._chance = Random(1)
        self._finger = QTest.createTouchDevice()
        self._touch: _Touch | None = None
        self._drawn: set[str] = set()
        self._timer = QTimer(self)
        self._timer.setInterval(_TOUCH_MS)
        self._timer.timeout.connect(self._press)
        self._holding = QTimer(self)
        self._holding.setSingleShot(True)
        self._holding.setInterval(_HELD_MS)
        self._holding.timeout.connect(self._lift)
        window.frameSwapped.connect(self._frame)
        if touches:
            self._timer.start()

    @Slot()
    def _frame(self) -> None:
        self._say_drawn("first")
        if self._live():
            self._say_drawn("live")
        touch = self._touch
        if touch is None:
            return
        if not touch.lifted and touch.pressed and "press_wall_ms" not in touch.told:
            touch.told |= touch.since.spent("press")
        elif touch.lifted and not touch.pressed and self._answered(touch):
            touch.told |= touch.since.spent("answer") | {"to": self._page()}
            self._end()

    def _answered(self, touch: _Touch) -> bool:
        if self._page() == touch.page:
            return True
        shown = self._pages.property("currentItem")
        return isinstance(shown, QQuickItem) and shown.opacity() >= _SEEN

    def _page(self) -> str:
        return str(self._pages.property("page"))

    def _say_drawn(self, what: str) -> None:
        if what not in self._drawn:
            self._drawn.add(what)
            _say({"drawn": what})

    @Slot()
    def _press(self) -> None:
        if self._touch is not None:
            if self._touch.lifted and time.monotonic() - self._touch.since.wall_s > _UNANSWERED_S:
                self._end()
            return
        if "live" not in self._drawn or self._pages.property("busy"):
            return
        controls = touchable(self._window)
        if controls:
            item, place = self._chance.choice(self._chance.choice(by_kind(controls)))
            page = self._page()
            self._touch = _Touch(item, place, page, {"touched": item.objectName(), "from": page})
            finger = QTest.touchEvent(self._window, self._finger)
            finger.press(0, place, self._window).commit(False)
            self._holding.start()

    @Slot()
    def _lift(self) -> None:
        touch = self._touch
        if touch is None:
            return
        shown = "press_wall_ms" in touch.told or not shiboken6.isValid(touch.item)
        if not shown and time.monotonic() - touch.since.wall_s < _UNANSWERED_S:
            self._holding.start()  # a slow frame: who sees nothing happen does not let go
            return
        touch.lifted, touch.since = True, _Since()
        finger = QTest.touchEvent(self._window, self._finger)
        finger.release(0, touch.place, self._window).commit(False)

    def _end(self) -> None:
        assert self._touch is not None
        _say(self._touch.told)
        self._touch = None


def by_kind(
    controls: Sequence[tuple[QQuickItem, QPoint]],
) -> list[list[tuple[QQuickItem, QPoint]]]:
    """Controls together that are named alike but for what follows a dash, as a keyboard's keys."""
    kinds: dict[str, list[tuple[QQuickItem, QPoint]]] = {}
    for control in controls:
        kinds.setdefault(control[0].objectName().partition("-")[0], []).append(control)
    return list(kinds.values())


def touchable(window: QQuickWindow) -> list[tuple[QQuickItem, QPoint]]:
    """Controls whose middle can be seen, with that place in the window's pixels."""
    found, waiting = [], [window.contentItem()]
    while waiting:
        item = waiting.pop(0)
        if not item.isVisible() or not item.isEnabled() or item.opacity() == 0:
            continue
        waiting.extend(item.childItems())
        if item.inherits("QQuickAbstractButton") or item.objectName() == "beginArea":
            middle = item.mapToScene(QPointF(item.width() / 2, item.height() / 2))
            if _seen(item, middle) and window.contentItem().contains(middle):
                found.append((item, middle.toPoint()))
    return found


def _seen(item: QQuickItem, place: QPointF) -> bool:
    """Nothing that clips cuts this place of the scene off."""
    above: QQuickItem | None = item
    while above is not None:
        if above.clip() and not above.contains(above.mapFromScene(place)):
            return False
        above = above.parentItem()
    return True


def _say(what: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()
