"""Saving a picture of a screen once it shows live content."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal, Slot
from PySide6.QtQuick import QQuickWindow

from edge_core.errors import PromenadeError

_POLL_MS: Final = 100
_SETTLE_MS: Final = 1500
"""Fades and the first glow of the crowd are over by then."""


class Grabber(QObject):
    """Waits for live content, then saves one picture.

    Args:
        window: what to take a picture of.
        path: PNG file to write.
        ready: tells whether live content is shown.
        wait_s: take the picture after this long whatever is shown, seconds; `failure` then says
            that nothing live was.
    """

    done = Signal()

    def __init__(
        self, window: QQuickWindow, path: Path, ready: Callable[[], bool], wait_s: float
    ) -> None:
        super().__init__()
        self.failure: PromenadeError | None = None
        self._window, self._path, self._ready = window, path, ready
        self._wait_ms = round(wait_s * 1000)
        self._ready_since_ms: int | None = None
        self._elapsed = QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.setInterval(_POLL_MS)
        self._timer.timeout.connect(self._look)

    def start(self) -> None:
        """Begin to wait."""
        self._elapsed.start()
        self._timer.start()

    @Slot()
    def _look(self) -> None:
        now_ms = self._elapsed.elapsed()
        if not self._ready():
            self._ready_since_ms = None
        elif self._ready_since_ms is None:
            self._ready_since_ms = now_ms
        settled = self._ready_since_ms is not None and now_ms - self._ready_since_ms >= _SETTLE_MS
        if settled or now_ms >= self._wait_ms:
            self._timer.stop()
            self._save()
            if not settled and self.failure is None:
                self.failure = PromenadeError(
                    f"The picture {self._path} shows no live content: none came in "
                    f"{self._wait_ms / 1000:g} s.",
                    "Check that the service runs and that --url is its address.",
                )
            self.done.emit()

    def _save(self) -> None:
        picture = self._window.grabWindow()
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            saved = not picture.isNull() and picture.save(str(self._path))
        except OSError:
            saved = False
        if not saved:
            self.failure = PromenadeError(
                f"The picture {self._path} could not be saved.",
                "Give --grab a .png file in a folder that can be written.",
            )
