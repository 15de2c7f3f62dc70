"""Choosing how Qt draws, and sending what it complains about to the log."""

import logging
import os
import sys

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtGui import QGuiApplication, QOffscreenSurface, QOpenGLContext
from PySide6.QtQuick import QQuickWindow, QSGRendererInterface

from edge_core.errors import PromenadeError

_log = logging.getLogger("promenade.qt")

_GL_RENDERER = 0x1F01
_EMULATED = ("llvmpipe", "softpipe", "swrast", "swr", "microsoft basic render")
_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


def prepare_environment(*, offscreen_without_display: bool) -> None:
    """Set what Qt reads once, before the application object exists.

    The basic render loop is needed because the threaded one deadlocks when a window with
    Python-drawn items is grabbed.

    Args:
        offscreen_without_display: draw into memory when the machine has no display.

    Raises:
        PromenadeError: there is no display and drawing into memory was not asked for.
    """
    os.environ["QSG_RENDER_LOOP"] = "basic"
    os.environ.setdefault("QT_QUICK_CONTROLS_STYLE", "Basic")
    if "QT_QPA_PLATFORM" in os.environ or not sys.platform.startswith("linux"):
        return
    if os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"):
        return
    if not offscreen_without_display:
        raise PromenadeError(
            "There is no display to open the screen on.",
            "Start it in a desktop session, or take a picture with --grab FILE.png.",
        )
    os.environ["QT_QPA_PLATFORM"] = "offscreen"


def choose_scene_graph() -> str:
    """Use Qt's own software scene graph where OpenGL is absent or emulated, else leave the GPU.

    Qt's software renderer repaints only what changed and was measured some thirty times cheaper
    than emulated OpenGL. Call it after the application object and before the first window.

    Returns:
        What will draw, for the log.
    """
    if QQuickWindow.sceneGraphBackend() == "software" or sys.platform == "win32":
        return QQuickWindow.sceneGraphBackend() or "gpu"
    renderer = _opengl_renderer()
    if renderer and not any(name in renderer.lower() for name in _EMULATED):
        return renderer
    QQuickWindow.setGraphicsApi(QSGRendererInterface.GraphicsApi.Software)
    return "software"


def _opengl_renderer() -> str:
    """Name of what OpenGL would draw with, or "" when there is no usable OpenGL."""
    if QGuiApplication.platformName() in ("offscreen", "minimal"):
        return ""
    surface = QOffscreenSurface()
    surface.create()
    context = QOpenGLContext()
    if not context.create() or not context.makeCurrent(surface):
        return ""
    name = context.functions().glGetString(_GL_RENDERER)
    context.doneCurrent()
    return str(name or "")


def log_qt_messages() -> None:
    """Send Qt's messages to the program's log instead of standard error."""

    def forward(kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
        place = f" ({context.file}:{context.line})" if context.file else ""
        _log.log(_LEVELS.get(kind, logging.WARNING), "%s%s", text, place)

    qInstallMessageHandler(forward)
