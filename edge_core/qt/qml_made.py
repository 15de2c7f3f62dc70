"""Painted items that QML makes, and that are gone from Python too once QML has destroyed them."""

import ctypes
import weakref
from typing import ClassVar

import shiboken6
from PySide6.QtCore import QByteArray, QUrl
from PySide6.QtGui import QPainter
from PySide6.QtQml import QmlElement, QQmlComponent, QQmlEngine
from PySide6.QtQuick import QQuickPaintedItem

QML_IMPORT_NAME = "Promenade.Native"
QML_IMPORT_MAJOR_VERSION = 1

_ONE = b"import Promenade.Native\nNothingPainted {}"


class QmlMadeItem(QQuickPaintedItem):
    """Base of every item that QML makes.

    PySide (6.11 at least) never drops the reference with which it made an object for QML: each
    icon of each page ever shown would stay in memory. Where `let_go_of_what_qml_made` has seen
    that, an item's reference is dropped when its C++ half has been destroyed.
    """

    kept_for_ever: ClassVar[bool] = False

    def componentComplete(self) -> None:  # noqa: N802
        """See QQmlParserStatus; QML alone calls it."""
        super().componentComplete()
        if QmlMadeItem.kept_for_ever:
            address = id(self)
            self.destroyed.connect(lambda: _drop_reference(address))


def _drop_reference(address: int) -> None:
    ctypes.pythonapi.Py_DecRef(ctypes.c_void_p(address))


@QmlElement
class NothingPainted(QmlMadeItem):
    """What `let_go_of_what_qml_made` looks at."""

    def paint(self, painter: QPainter) -> None:
        """See QQuickPaintedItem; nothing."""


def let_go_of_what_qml_made(engine: QQmlEngine) -> None:
    """See whether this PySide keeps what QML made and destroyed; `QmlMadeItem` then lets go of it.

    Call it before the first item is made.
    """
    QmlMadeItem.kept_for_ever = False
    component = QQmlComponent(engine)
    component.setData(QByteArray(_ONE), QUrl())
    made = component.create()
    seen = weakref.ref(made)
    shiboken6.delete(made)
    del made
    QmlMadeItem.kept_for_ever = seen() is not None
