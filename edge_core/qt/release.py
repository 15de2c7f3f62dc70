"""The operator's way out of a full screen, and none for anybody else."""

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Property, QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent

from edge_core.errors import PromenadeError, ServiceUnavailableError

if TYPE_CHECKING:  # the screen holds it
    from edge_core.qt.screen import Screen

_LEAST, _MOST = 6, 12
_SWALLOWED: Final = frozenset(
    {
        QEvent.Type.Close,  # Alt+F4, a window manager's wish
        QEvent.Type.ContextMenu,
        QEvent.Type.Drop,
        QEvent.Type.DragEnter,
        QEvent.Type.DragMove,
        QEvent.Type.Shortcut,
    }
)
_KEYS: Final = frozenset(
    {QEvent.Type.KeyPress, QEvent.Type.KeyRelease, QEvent.Type.ShortcutOverride}
)
_COMMANDS: Final = (
    Qt.KeyboardModifier.AltModifier
    | Qt.KeyboardModifier.ControlModifier
    | Qt.KeyboardModifier.MetaModifier
)


class WindowLock(QObject):
    """Event filter of a full-screen window: what could end, cover or fill it does not reach it."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """See QObject. Plain keys pass: a keypad for blind visitors sends them."""
        kind = event.type()
        if kind in _SWALLOWED or (
            kind in _KEYS and isinstance(event, QKeyEvent) and _is_command(event)
        ):
            event.ignore()
            return True
        return False


def _is_command(event: QKeyEvent) -> bool:
    key = event.key()
    named = key in (Qt.Key.Key_Escape, Qt.Key.Key_Menu) or Qt.Key.Key_F1 <= key <= Qt.Key.Key_F35
    return bool(event.modifiers() & _COMMANDS) or named


class Release(QObject):
    """Asks for the operator's PIN; the service knows it, this screen never keeps it.

    Args:
        screen: whose.
    """

    changed = Signal()
    opened = Signal()

    def __init__(self, screen: "Screen") -> None:
        super().__init__()
        self._screen = screen
        self._typed = ""
        self._asked = False
        self._told = ""
        self._try = 0

    @Property(bool, notify=changed)
    def asked(self) -> bool:
        """The keypad is shown."""
        return self._asked

    @Property(int, notify=changed)
    def digits(self) -> int:
        """How many were typed; which is not told."""
        return len(self._typed)

    @Property(bool, notify=changed)
    def enough(self) -> bool:
        """A PIN may have so many digits."""
        return len(self._typed) >= _LEAST

    @Property(str, notify=changed)
    def told(self) -> str:
        """`refused`, `away` when the service did not answer, `waiting` for it, or ""."""
        return self._told

    @Slot()
    def begin(self) -> None:
        """Somebody holds the corner."""
        self._show(asked=True)

    @Slot()
    def cancel(self) -> None:
        """Nobody wants to end the screen any more; what was typed is gone."""
        self._show(asked=False)

    @Slot(str)
    def press(self, digit: str) -> None:
        """A key of the keypad."""
        if len(digit) == 1 and digit in "0123456789" and len(self._typed) < _MOST:
            self._typed += digit
            self._told = ""
            self.changed.emit()

    @Slot()
    def erase(self) -> None:
        """The last digit goes."""
        self._typed = self._typed[:-1]
        self.changed.emit()

    @Slot()
    def enter(self) -> None:
        """Ask the service whether it is right."""
        questions, pin, screen = self._screen.questions, self._typed, self._screen.own_id
        if len(pin) < _LEAST or self._told == "waiting":
            return
        self._typed, self._told = "", "waiting" if questions is not None else "away"
        self.changed.emit()
        if questions is not None:
            number = self._try
            questions.ask(
                lambda client: client.release(screen, pin),
                lambda answer: self._take(number, answer),
            )

    def _take(self, number: int, answer: object) -> None:
        if number != self._try:  # the keypad was put away meanwhile
            return
        if isinstance(answer, PromenadeError):
            away = isinstance(answer, ServiceUnavailableError)
            self._told = "away" if away else "refused"
            self.changed.emit()
        else:
            self._show(asked=False)
            self.opened.emit()

    def _show(self, *, asked: bool) -> None:
        self._try += 1
        self._typed, self._told, self._asked = "", "", asked
        self.changed.emit()
