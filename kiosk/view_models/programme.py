"""What is on today: running now, next, later."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Literal

from PySide6.QtCore import Property, QObject, Signal, Slot

from edge_core.qt.language import Language
from edge_core.qt.list_models import RecordListModel
from edge_core.qt.site_facts import SiteFacts
from edge_core.qt.wall_clock import WallClock
from edge_core.service.site_schema import ProgrammeView


@dataclass(frozen=True, slots=True)
class ProgrammeRow:
    """One entry as shown.

    Attributes:
        key: names the entry while the day lasts.
        state: running `now`, `next` to begin, or `later`.
        start, end: e.g. `14:00`.
        title, place: in the current language.
    """

    key: str
    state: Literal["now", "next", "later"]
    start: str
    end: str
    title: str
    place: str


def programme_rows(
    items: Sequence[ProgrammeView], now: datetime, language: Language
) -> list[ProgrammeRow]:
    """Today's entries that are not over, by their start; past midnight counts for the evening.

    Args:
        items: the whole programme.
        now: local time of the site.
        language: picks titles and places.
    """
    left = [item for item in items if not _over(item, now.time())]
    left.sort(key=lambda item: (not _running(item, now.time()), item.start, item.title))
    rows: list[ProgrammeRow] = []
    for item in left:
        upcoming = [row for row in rows if row.state != "now"]
        state: Literal["now", "next", "later"] = "later"
        if _running(item, now.time()):
            state = "now"
        elif not upcoming or upcoming[0].start == f"{item.start:%H:%M}":
            state = "next"
        rows.append(
            ProgrammeRow(
                f"{item.start}{item.end}{item.title}",
                state,
                f"{item.start:%H:%M}",
                f"{item.end:%H:%M}",
                language.pick(item.title, item.title_zh),
                language.pick(item.place, item.place_zh),
            )
        )
    return rows


def _running(item: ProgrammeView, now: time) -> bool:
    if item.end <= item.start:
        return now >= item.start or now < item.end
    return item.start <= now < item.end


def _over(item: ProgrammeView, now: time) -> bool:
    return item.end > item.start and now >= item.end


class Programme(QObject):
    """Today's entries, kept up with the clock and the language."""

    changed = Signal()

    def __init__(self, facts: SiteFacts, wall_clock: WallClock, language: Language) -> None:
        super().__init__()
        self._facts, self._wall_clock, self._language = facts, wall_clock, language
        self._rows = RecordListModel(ProgrammeRow, "key", self)
        facts.changed.connect(self._refresh)
        self._refresh()

    @Property(QObject, constant=True)
    def rows(self) -> RecordListModel[ProgrammeRow]:
        """List model of `ProgrammeRow`."""
        return self._rows

    @Property(int, notify=changed)
    def count(self) -> int:
        """Entries left today."""
        return len(self._rows.rows)

    @Property(str, notify=changed)
    def headline(self) -> str:
        """What is on now, or comes next; "" when nothing is left today."""
        return self._rows.rows[0].title if self._rows.rows else ""

    @Property(bool, notify=changed)
    def planned(self) -> bool:
        """Whether the site has a programme at all."""
        site = self._facts.site
        return bool(site and site.programme)

    @Slot()
    def _refresh(self) -> None:
        site = self._facts.site
        items = site.programme if site else []
        self._rows.show(programme_rows(items, self._wall_clock.now(), self._language))
        self.changed.emit()
