"""A screen used by an untiring finger: what `promenade bench screens` measures.

Each line of standard output is one thing that happened, as JSON; see `Trial`.
"""

import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Final

from PySide6.QtCore import QObject, QPoint, QPointF, QTimer, Slot
from PySide6.QtQuick import QQuickItem, QQuickWindow
from PySide6.QtTest import QTest

_TOUCH_MS: Final = 500
_UNANSWERED_S: Final = 2.0


@dataclass(frozen=True, slots=True)
class _Touch:
    name: str
    at_s: float
    cpu_s: float


class Trial(QObject):
    """Says when the first frame and the first live content are drawn, then touches what is there.

    Lines: `{"drawn": "first"}`, `{"drawn": "live"}`, and of each touch
    `{"touched": name, "wall_ms": …, "cpu_ms": …}`, from before the finger comes down until the
    next frame is finished, by the wall clock and in processor time of the GUI thread; both null
    when no frame came. A finger comes down twice a second on any control that can be seen, once
    the page before has faded.

    Args:
        window: the screen's.
        live: tells whether live content is shown.
        turning: tells whether one page fades into another.
        touches: whether to touch at all.
    """

    def __init__(
        self,
        window: QQuickWindow,
        live: Callable[[], bool],
        turning: Callable[[], bool],
        *,
        touches: bool,
    ) -> None:
        super().__init__()
        self._window, self._live, self._turning = window, live, turning
        self._chance = Random(1)
        self._finger = QTest.createTouchDevice()
        self._pending: _Touch | None = None
        self._drawn: set[str] = set()
        self._timer = QTimer(self)
        self._timer.setInterval(_TOUCH_MS)
        self._timer.timeout.connect(self._touch)
        window.frameSwapped.connect(self._frame)
        if touches:
            self._timer.start()

    @Slot()
    def _frame(self) -> None:
        self._say_drawn("first")
        if self._live():
            self._say_drawn("live")
        touch, self._pending = self._pending, None
        if touch is not None:
            wall_ms = 1000 * (time.monotonic() - touch.at_s)
            cpu_ms = 1000 * (time.thread_time() - touch.cpu_s)
            _say({"touched": touch.name, "wall_ms": wall_ms, "cpu_ms": cpu_ms})

    def _say_drawn(self, what: str) -> None:
        if what not in self._drawn:
            self._drawn.add(what)
            _say({"drawn": what})

    @Slot()
    def _touch(self) -> None:
        if "live" not in self._drawn or self._turning():
            return
        if self._pending is not None:
            if time.monotonic() - self._pending.at_s < _UNANSWERED_S:
                return
            _say({"touched": self._pending.name, "wall_ms": None, "cpu_ms": None})
        controls = touchable(self._window)
        if not controls:
            return
        item, at = self._chance.choice(controls)
        self._pending = _Touch(item.objectName(), time.monotonic(), time.thread_time())
        QTest.touchEvent(self._window, self._finger).press(0, at, self._window).commit(False)
        QTest.touchEvent(self._window, self._finger).release(0, at, self._window).commit(False)


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
