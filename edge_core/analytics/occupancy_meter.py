"""The filter of `occupancy` on the site's calendar: minutes, closing time, gaps, durable events."""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, tzinfo
from typing import Any, Final

from edge_core.analytics.occupancy import Occupancy, OccupancyFilter
from edge_core.types import Event, EventKind
from edge_core.units import NS_PER_S

NS_PER_MINUTE: Final = 60 * NS_PER_S
EVENT_EVERY_MIN: Final = 5
LATE_MIN: Final = 1
"""A minute is judged so long after it ended: crossings are told with some delay."""
GRACE_MIN: Final = 30
"""So long after closing time an empty view means an empty site."""
RECENT_MIN: Final = 15
UNWATCHED: Final = 0.5
"""With the doors watched for less of the last minutes, nobody knows how many are inside."""
LONGEST_CATCH_UP_MIN: Final = 24 * 60


@dataclass(frozen=True, slots=True)
class InsideNow:
    """How many people are inside.

    Attributes:
        estimate: from the filter; None while the doors were not watched enough.
        watched: share (0..1) of the last quarter of an hour in which the doors were watched.
        since_utc_ns: when the site was last known to be empty, or when counting began.
    """

    estimate: Occupancy | None
    watched: float
    since_utc_ns: int


class OccupancyMeter:
    """Follows occupancy over days. Pure: no I/O, no clock.

    Args:
        entrances: ids of the entrance lines, each with the camera that watches it.
        opens, closes: the site's hours; equal means that it never closes.
        timezone: of the site.
    """

    def __init__(
        self, entrances: Mapping[str, str], opens: time, closes: time, timezone: tzinfo
    ) -> None:
        self._entrances = dict(entrances)
        self._opens, self._closes = _minute_of_day(opens), _minute_of_day(closes)
        self._timezone = timezone
        self._filter = OccupancyFilter()
        self._counts: dict[int, list[int]] = {}
        self._watched_s: dict[tuple[int, str], float] = {}
        self._recent: deque[float] = deque(maxlen=RECENT_MIN)
        self._next: int | None = None
        self._emptied = False
        self._since_utc_ns = 0
        self._share_since: list[float] = []

    def cross(self, events: Sequence[Event]) -> None:
        """Take in crossings; those of lines inside the site are passed over."""
        for event in events:
            if event.kind is EventKind.CROSSING and event.place_id in self._entrances:
                minute = max(event.utc_ns // NS_PER_MINUTE, self._next or 0)
                counted = self._counts.setdefault(minute, [0, 0])
                counted[event.data["direction"] == "out"] += 1

    def watch(self, camera_id: str, minute: int, seconds: float) -> None:
        """A camera was watched for some seconds of a minute (since 1970 UTC)."""
        key = (minute, camera_id)
        self._watched_s[key] = min(60.0, self._watched_s.get(key, 0.0) + seconds)

    def advance(self, utc_ns: int, seen: int | None) -> list[Event]:
        """Judge the minutes that are over.

        Args:
            utc_ns: now.
            seen: different people seen inside just now; None where no camera looks inside.

        Returns:
            Events of kind occupancy, one every five minutes.
        """
        due = utc_ns // NS_PER_MINUTE - LATE_MIN
        if self._next is None:
            self._next = max(min([due, *self._counts]), due - LONGEST_CATCH_UP_MIN)
            self._since_utc_ns = self._next * NS_PER_MINUTE
        self._next = max(self._next, due - LONGEST_CATCH_UP_MIN)
        events: list[Event] = []
        while self._next < due:
            minute, self._next = self._next, self._next + 1
            # Only the newest minute can be compared with what is seen now.
            events += self._judge(minute, seen if self._next == due else None)
        return events

    def now(self) -> InsideNow:
        """How many are inside, with the crossings of the running minute."""
        running = [sum(column) for column in zip(*self._counts.values(), strict=True)]
        entered, left = running or (0, 0)
        watched = sum(self._recent) / len(self._recent) if self._recent else 0.0
        known = bool(self._entrances) and watched >= UNWATCHED
        estimate = self._filter.estimate(entered, left) if known else None
        return InsideNow(estimate, watched, self._since_utc_ns)

    def restore(self, event: Event, counted: Mapping[int, tuple[int, int]]) -> None:
        """Go on from the newest occupancy event of an earlier life.

        Args:
            event: it.
            counted: crossings of the entrances, in and out, by minute since then.

        Raises:
            ValueError, KeyError, TypeError: it is no such event.
        """
        state = event.data["state"]
        self._filter = OccupancyFilter.restored(state)
        self._emptied, self._since_utc_ns = bool(state["emptied"]), int(state["since_utc_ns"])
        self._next = event.utc_ns // NS_PER_MINUTE
        for minute, (entered, left) in counted.items():
            if minute >= self._next:
                self._counts[minute] = [entered, left]

    def _judge(self, minute: int, seen: int | None) -> list[Event]:
        entered, left = self._counts.pop(minute, (0, 0))
        watched = self._watched_in(minute)
        self._recent.append(watched)
        self._share_since.append(watched)
        self._filter.advance(entered, left, seen, watched=watched)
        closed = self._is_closed(minute)
        if closed and not self._emptied and not seen:
            self._filter.close()
            self._since_utc_ns = (minute + 1) * NS_PER_MINUTE
            self._emptied = True
        elif not closed:
            self._emptied = False
        if (minute + 1) % EVENT_EVERY_MIN:
            return []
        return [self._event(minute + 1, seen)]

    def _event(self, minute: int, seen: int | None) -> Event:
        share, self._share_since = self._share_since, []
        watched = sum(share) / len(share)
        known = watched >= UNWATCHED and bool(self._entrances)
        told = self._filter.estimate()
        state: dict[str, Any] = self._filter.state()
        state |= {"emptied": self._emptied, "since_utc_ns": self._since_utc_ns}
        utc_ns = minute * NS_PER_MINUTE
        return Event(
            key=f"occupancy/{minute}",
            kind=EventKind.OCCUPANCY,
            utc_ns=utc_ns,
            mono_ns=0,
            camera_id="",
            place_id="",
            data={
                "inside": round(told.inside, 1) if known else None,
                "low": told.low if known else None,
                "high": told.high if known else None,
                "in_view": seen,
                "watched": round(watched, 3),
                "state": state,
            },
        )

    def _watched_in(self, minute: int) -> float:
        cameras = set(self._entrances.values())
        told = [self._watched_s.get((minute, camera), 0.0) for camera in cameras]
        for key in [key for key in self._watched_s if key[0] <= minute]:
            del self._watched_s[key]
        return sum(told) / (60.0 * len(told)) if told else 0.0

    def _is_closed(self, minute: int) -> bool:
        """Whether the site has been closed for longer than the grace."""
        closed_min = (self._opens - self._closes) % (24 * 60)
        local = datetime.fromtimestamp(minute * 60, UTC).astimezone(self._timezone)
        since_closing = (_minute_of_day(local.time()) - self._closes) % (24 * 60)
        return GRACE_MIN <= since_closing < closed_min


def _minute_of_day(at: time) -> int:
    return at.hour * 60 + at.minute
