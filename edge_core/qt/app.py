"""Starting and ending a screen, in the order Qt needs."""

import gc
import logging
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import PySide6.QtQuick
import shiboken6
from PySide6.QtCore import QObject, Qt, qInstallMessageHandler
from PySide6.QtGui import QGuiApplication
from PySide6.QtQml import QQmlApplicationEngine
from PySide6.QtQuick import QQuickWindow

import edge_core.qt.figures_item
import edge_core.qt.garment_item
import edge_core.qt.icon_item
import edge_core.qt.picture_item
import edge_core.qt.plan_item
import edge_core.qt.qr_item
import edge_core.qt.route_item
from edge_core.clock import SystemClock
from edge_core.errors import PromenadeError
from edge_core.heap import steady_heap
from edge_core.qt.crash import CrashGuard
from edge_core.qt.fonts import load_fonts
from edge_core.qt.grab import Grabber
from edge_core.qt.graphics import choose_scene_graph, log_qt_messages, prepare_environment
from edge_core.qt.link import ServiceLink
from edge_core.qt.qml_made import let_go_of_what_qml_made
from edge_core.qt.release import WindowLock
from edge_core.qt.resources import assets_folder, qml_folder
from edge_core.qt.screen import Screen

assert PySide6.QtQuick is not None  # imported first: root objects come back as QQuickWindow
assert edge_core.qt.plan_item is not None  # these register the types of Promenade.Native
assert edge_core.qt.icon_item is not None
assert edge_core.qt.figures_item is not None
assert edge_core.qt.garment_item is not None
assert edge_core.qt.qr_item is not None
assert edge_core.qt.picture_item is not None
assert edge_core.qt.route_item is not None

TROUBLE_EXIT_CODE: Final = 2
"""The environment's fault; standard error says what to do."""

_log = logging.getLogger("promenade.screen")


@dataclass(frozen=True, slots=True)
class ScreenProgram:
    """What makes a kiosk a kiosk.

    Attributes:
        kind: name of the program.
        module: QML module with `Main`.
        folder: folder that holds the module's folder.
        build: makes the program's own view model; QML gets it as `model`.
    """

    kind: Literal["kiosk", "mirror"]
    module: str
    folder: Path
    build: Callable[[Screen], QObject]


@dataclass(frozen=True, slots=True)
class ScreenOptions:
    """How to open a screen; the command line says it.

    Attributes:
        url: address of the edge service.
        screen_id: id in site.toml, None for the first of its kind.
        size_px: size of the window.
        fullscreen: cover the display and hide the pointer.
        language: None for what site.toml says.
        grab: save a picture there and end.
        after_s: longest wait for live content before the picture is taken.
        position_px: where on the desktop; None leaves it to the window manager.
        zone: whose garments a mirror shows; None for what site.toml says.
        trial: be measured, see `Trial`: `watched` for its frames only, `touched` also used.
    """

    url: str
    screen_id: str | None = None
    size_px: tuple[int, int] = (1080, 1920)
    fullscreen: bool = False
    language: str | None = None
    grab: Path | None = None
    after_s: float = 15.0
    position_px: tuple[int, int] | None = None
    zone: str | None = None
    trial: Literal["watched", "touched"] | None = None


def load_window(
    program: ScreenProgram, screen: Screen, model: QObject, size_px: tuple[int, int]
) -> tuple[QQmlApplicationEngine, QQuickWindow]:
    """Load a screen's QML; the window is not shown yet.

    Delete the engine (`shiboken6.delete`) before the view models.

    Raises:
        RuntimeError: the QML does not load; the log says why.
    """
    engine = QQmlApplicationEngine()
    engine.addImportPath(str(qml_folder()))
    engine.addImportPath(str(program.folder))
    let_go_of_what_qml_made(engine)
    width, height = size_px
    engine.setInitialProperties(
        {"screenModel": screen, "model": model, "width": width, "height": height}
    )
    screen.tongue.changed.connect(engine.retranslate)
    engine.loadFromModule(program.module, "Main")
    windows = engine.rootObjects()
    if not windows or not isinstance(windows[0], QQuickWindow):
        raise RuntimeError(f"the QML module {program.module} does not load")
    return engine, windows[0]


def run_screen(program: ScreenProgram, options: ScreenOptions) -> int:
    """Open a screen and stay until it ends.

    Returns:
        Exit code: 0, `TROUBLE_EXIT_CODE`, or `CRASH_EXIT_CODE`.

    Raises:
        PromenadeError: it cannot be opened.
    """
    steady_heap()
    prepare_environment(offscreen_without_display=options.grab is not None)
    application = QGuiApplication(sys.argv[:1])
    application.setApplicationName(f"promenade-{program.kind}")
    log_qt_messages()
    guard = CrashGuard(application, qml_folder())
    guard.install()
    _end_on_signals(application)
    try:
        _log.info("drawing with %s", choose_scene_graph())
        load_fonts(assets_folder() / "fonts")
        return _Session(application, program, options).run()
    except PromenadeError:
        raise
    except Exception:  # noqa: BLE001 - the edge of the program: whatever it is, show the page
        kind, error, trace = sys.exc_info()
        guard.fail(kind or RuntimeError, error, trace)
        return application.exec()
    finally:
        guard.remove()
        qInstallMessageHandler(None)


class _Session:
    """One life of a screen, from its view models to their end."""

    def __init__(
        self, application: QGuiApplication, program: ScreenProgram, options: ScreenOptions
    ) -> None:
        self._application = application
        self._options = options
        self._screen = Screen(
            program.kind,
            SystemClock(),
            assets_folder() / "i18n",
            screen_id=options.screen_id,
            language=options.language,
            zone=options.zone,
        )
        self._screen.attention.watch_input(application)
        self._model = program.build(self._screen)
        self._link = ServiceLink(options.url)
        self._screen.follow(self._link)
        self._lock = WindowLock()
        self._engine, self._window = load_window(
            program, self._screen, self._model, options.size_px
        )

    def run(self) -> int:
        """Show the window until the program ends, then take everything down in order."""
        grabber, trial = self._grabber(), self._trial()
        # What is asked and told waits for the first frame: it would take its processor time.
        once = Qt.ConnectionType.SingleShotConnection
        self._window.frameSwapped.connect(self._link.start, once)
        self._window.frameSwapped.connect(_collect_garbage, once)
        self._open()
        try:
            code = self._application.exec()
        finally:
            self._link.stop()
            self._application.removeEventFilter(self._screen.attention)
            shiboken6.delete(self._engine)
            del trial
        if grabber is not None and grabber.failure is not None:
            raise grabber.failure
        return code

    def _open(self) -> None:
        self._screen.way_out.opened.connect(lambda: self._application.exit(0))
        if self._options.fullscreen:
            self._window.installEventFilter(self._lock)
            QGuiApplication.setOverrideCursor(Qt.CursorShape.BlankCursor)
            # Where a compositor only enlarges it, Qt would draw a bar with a close button.
            self._window.setFlag(Qt.WindowType.FramelessWindowHint)
            self._window.showFullScreen()
            return
        if self._options.position_px is not None:
            self._window.setPosition(*self._options.position_px)
        self._window.show()

    def _turns_page(self) -> bool:
        """Whether one page fades into another just now."""
        pages = self._window.findChild(QObject, "pages")
        return pages is not None and bool(pages.property("busy"))

    def _grabber(self) -> Grabber | None:
        if self._options.grab is None:
            return None
        grabber = Grabber(
            self._window,
            self._options.grab,
            lambda: self._screen.shows_live and not self._turns_page(),
            self._options.after_s,
        )
        grabber.done.connect(lambda: self._application.exit(0))
        grabber.start()
        return grabber

    def _trial(self) -> QObject | None:
        if self._options.trial is None:
            return None
        from edge_core.qt.trial import Trial  # needs Qt's test library

        return Trial(
            self._window,
            lambda: self._screen.shows_live,
            touches=self._options.trial == "touched",
        )


def _collect_garbage() -> None:
    """Begin with it, and leave out what has been loaded: it stays."""
    gc.freeze()
    gc.enable()


def _end_on_signals(application: QGuiApplication) -> None:
    """End quietly on Ctrl+C and on the service manager's wish; the screen's timers let it in."""

    def end(number: int, _: object) -> None:
        _log.info("ending on signal %d", number)
        application.exit(0)  # `quit` would ask a window that refuses to close

    signal.signal(signal.SIGINT, end)
    signal.signal(signal.SIGTERM, end)
