"""When a screen fails: the reason goes to the log, a calm page to the visitor, and it restarts."""

import logging
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import Final

from PySide6.QtCore import QObject, QRect, Qt, QTimer, QUrl, Signal, Slot
from PySide6.QtGui import QColor, QGuiApplication
from PySide6.QtQuick import QQuickView

CRASH_EXIT_CODE: Final = 70
"""EX_SOFTWARE of sysexits.h; the service manager starts the screen again."""
PAGE_S: Final = 6.0

_log = logging.getLogger("promenade.crash")


class CrashGuard(QObject):
    """Catches what nobody else did, on any thread.

    Args:
        application: ended with `CRASH_EXIT_CODE`.
        import_path: where the page's QML module is found.
        stay_s: how long the page is shown, so that a crash at every start does not flicker.
    """

    crashed = Signal()

    def __init__(
        self, application: QGuiApplication, import_path: Path, *, stay_s: float = PAGE_S
    ) -> None:
        super().__init__()
        self._application = application
        self._import_path = import_path
        self._stay_ms = round(stay_s * 1000)
        self._failed = threading.Event()
        self._hooks = (sys.excepthook, threading.excepthook)
        self.view: QQuickView | None = None
        self.crashed.connect(self._show, Qt.ConnectionType.QueuedConnection)

    def install(self) -> None:
        """Take over the hooks for unhandled exceptions."""
        sys.excepthook = self.fail
        threading.excepthook = self._fail_in_thread

    def remove(self) -> None:
        """Give the hooks back."""
        sys.excepthook, threading.excepthook = self._hooks

    @property
    def failed(self) -> bool:
        """Whether something has failed."""
        return self._failed.is_set()

    def fail(
        self,
        kind: type[BaseException],
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Log an unhandled exception, show the page once, and end the program soon after."""
        if issubclass(kind, KeyboardInterrupt | SystemExit):
            self._application.quit()
            return
        _log.critical("the screen failed", exc_info=(kind, error or kind(), trace))
        if not self._failed.is_set():
            self._failed.set()
            self.crashed.emit()

    def _fail_in_thread(self, args: threading.ExceptHookArgs) -> None:
        self.fail(args.exc_type, args.exc_value, args.exc_traceback)

    @Slot()
    def _show(self) -> None:
        QTimer.singleShot(self._stay_ms, self._end)
        area, full = self._cover()
        view = QQuickView()
        view.engine().addImportPath(str(self._import_path))
        view.setColor(QColor("black"))
        view.setResizeMode(QQuickView.ResizeMode.SizeRootObjectToView)
        view.setSource(QUrl.fromLocalFile(str(self._import_path / "Promenade" / "CrashPage.qml")))
        view.setGeometry(area)
        view.setFlag(Qt.WindowType.FramelessWindowHint, full)
        view.showFullScreen() if full else view.show()
        self.view = view

    def _cover(self) -> tuple[QRect, bool]:
        """Hide the failed windows; tell where they were."""
        area, full = QRect(0, 0, 1080, 1920), False
        for window in self._application.topLevelWindows():
            if window.isVisible():
                area = window.geometry()
                full = full or bool(window.flags() & Qt.WindowType.FramelessWindowHint)
                window.hide()
        return area, full

    @Slot()
    def _end(self) -> None:
        self._application.exit(CRASH_EXIT_CODE)
