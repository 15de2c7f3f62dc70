"""The time of day where the site is, for the eyes."""

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from PySide6.QtCore import Property, QDate, QObject, QTimer, Signal, Slot

from edge_core.clock import Clock
from edge_core.qt.language import Language

_DATE_FORMATS: Final = {"zh": "M月d日 dddd"}
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=ZoneInfo("UTC"))


class WallClock(QObject):
    """Time and date in the site's zone; `changed` comes once a minute."""

    changed = Signal()

    def __init__(self, clock: Clock, language: Language) -> None:
        super().__init__()
        self._clock = clock
        self._language = language
        self._zone: ZoneInfo | None = None  # the machine's own until the site is known
        self._shown = self.now()
        self._timer = QTimer(self)
        self._timer.setInterval(1000)
        self._timer.timeout.connect(self.tick)
        self._timer.start()
        language.changed.connect(self.changed)

    def now(self) -> datetime:
        """The instant now, in the site's zone."""
        instant = _EPOCH + timedelta(microseconds=self._clock.utc_ns() // 1000)
        return instant.astimezone(self._zone)

    def local(self, instant: datetime) -> str:
        """Hours and minutes of an aware instant, e.g. `14:05`."""
        return f"{instant.astimezone(self._zone):%H:%M}"

    def use_zone(self, name: str) -> None:
        """Show the time of another zone, e.g. `Asia/Shanghai`."""
        self._zone = ZoneInfo(name)
        self._shown = self.now()
        self.changed.emit()

    @Slot()
    def tick(self) -> None:
        """Look at the clock; a timer calls it every second."""
        now = self.now()
        if (now.date(), now.hour, now.minute) != (
            self._shown.date(), self._shown.hour, self._shown.minute,
        ):  # fmt: skip
            self._shown = now
            self.changed.emit()

    @Property(str, notify=changed)
    def time(self) -> str:
        """Hours and minutes, e.g. `14:05`."""
        return f"{self._shown:%H:%M}"

    @Property(str, notify=changed)
    def date(self) -> str:
        """Weekday, day and month in the current language."""
        pattern = _DATE_FORMATS.get(self._language.current, "dddd d MMMM")
        day = QDate(self._shown.year, self._shown.month, self._shown.day)
        return self._language.locale().toString(day, pattern)
