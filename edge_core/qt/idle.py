"""Whether anybody is there: asleep, awake, in use, or asked "Still there?"."""

from enum import StrEnum
from math import ceil
from typing import Final

from PySide6.QtCore import Property, QEvent, QObject, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication

from edge_core.clock import Clock
from edge_core.units import s_from_ns

ASK_AFTER_S: Final = 45.0
WIPE_AFTER_S: Final = 60.0
SLEEP_AFTER_S: Final = 40.0
_TICK_MS: Final = 250

_INPUT: Final = frozenset(
    {
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseButtonRelease,
        QEvent.Type.Wheel,
        QEvent.Type.KeyPress,
        QEvent.Type.TouchBegin,
        QEvent.Type.TouchUpdate,
        QEvent.Type.TouchEnd,
    }
)


class Stage(StrEnum):
    """What the screen believes about the people before it."""

    ASLEEP = "asleep"
    AWAKE = "awake"
    IN_USE = "in-use"
    ASKING = "asking"


class Presence(QObject):
    """Stages of attention, driven by touches, by approaches and by time.

    Asleep until somebody approaches or touches; awake while somebody is near; in use from
    `begin` on. Without input the visitor is asked after `ASK_AFTER_S`; after `WIPE_AFTER_S`
    `sessionEnded` tells everybody to forget what belongs to the session.

    Args:
        clock: measures the silence.
    """

    changed = Signal()
    sessionEnded = Signal()  # noqa: N815

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock
        self._stage = Stage.AWAKE
        self._last_sign_ns = clock.monotonic_ns()
        self._timer = QTimer(self)
        self._timer.setInterval(_TICK_MS)
        self._timer.timeout.connect(self.tick)
        self._timer.start()

    @Property(str, notify=changed)
    def stage(self) -> str:
        """A `Stage`."""
        return self._stage.value

    @Property(bool, notify=changed)
    def asleep(self) -> bool:
        """Nobody is there: dim, and stop moving."""
        return self._stage is Stage.ASLEEP

    @Property(bool, notify=changed)
    def asking(self) -> bool:
        """The session ends soon unless somebody answers."""
        return self._stage is Stage.ASKING

    @Property(int, notify=changed)
    def secondsLeft(self) -> int:  # noqa: N802
        """Whole seconds until the session is wiped; meaningful while asking."""
        return max(0, ceil(WIPE_AFTER_S - self._silence_s()))

    def watch_input(self, application: QGuiApplication) -> None:
        """See every touch, click and key of the application, wherever it lands."""
        application.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """See QObject; nothing is swallowed."""
        if event.type() in _INPUT:
            self.touched()
        return False

    @Slot()
    def touched(self) -> None:
        """A visitor did something."""
        self._last_sign_ns = self._clock.monotonic_ns()
        if self._stage is Stage.ASLEEP:
            self._enter(Stage.AWAKE)
        elif self._stage is Stage.ASKING:
            self._enter(Stage.IN_USE)

    def approached(self) -> None:
        """Somebody before the screen slowed down or stands there."""
        if self._stage in (Stage.ASLEEP, Stage.AWAKE):
            self._last_sign_ns = self._clock.monotonic_ns()
            self._enter(Stage.AWAKE)

    @Slot()
    def begin(self) -> None:
        """A session begins."""
        self._last_sign_ns = self._clock.monotonic_ns()
        self._enter(Stage.IN_USE)

    @Slot()
    def end(self) -> None:
        """The visitor, or their silence, ends the session."""
        if self._stage in (Stage.IN_USE, Stage.ASKING):
            self._last_sign_ns = self._clock.monotonic_ns()
            self._enter(Stage.AWAKE)
            self.sessionEnded.emit()

    @Slot()
    def tick(self) -> None:
        """Let time count; a timer calls it four times a second."""
        silence_s = self._silence_s()
        if self._stage is Stage.AWAKE and silence_s >= SLEEP_AFTER_S:
            self._enter(Stage.ASLEEP)
        elif self._stage is Stage.IN_USE and silence_s >= ASK_AFTER_S:
            self._enter(Stage.ASKING)
        elif self._stage is Stage.ASKING and silence_s >= WIPE_AFTER_S:
            self.end()
        elif self._stage is Stage.ASKING:
            self.changed.emit()

    def _silence_s(self) -> float:
        return s_from_ns(self._clock.monotonic_ns() - self._last_sign_ns)

    def _enter(self, stage: Stage) -> None:
        if stage is not self._stage:
            self._stage = stage
            self.changed.emit()
