"""The site's hours, days and months as numbers, so that SQL can group by them.

An hour is named by the UTC minute at which the site's clock struck it. So the two hours called
02:00 when summer time ends are two, the one that is left out when it begins is none, and time
zones half an hour off UTC have their own hours. (Where a clock is set by half an hour, the hour
it happens in counts as two short ones.) A day is the number of days from 1970-01-01 to the site's
date; a month is twelve times the year, plus the month from 0.
"""

import sqlite3
from bisect import bisect_right
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Final
from zoneinfo import ZoneInfo

from edge_core.units import NS_PER_S

NS_PER_MINUTE: Final = 60 * NS_PER_S
_MINUTES_PER_DAY: Final = 1440
_STEP: Final = 15
"""Minutes; offsets from UTC change at quarters of an hour only."""
_EPOCH: Final = date(1970, 1, 1).toordinal()

DWELL_EDGES_S: Final[tuple[float, ...]] = (
    *(1, 1.5, 2, 2.5, 3, 4, 5, 6, 7, 8, 10, 12, 15, 18, 21, 25, 30, 35, 40, 45, 50),
    *(60, 75, 90, 105, 120, 150, 180, 210, 240, 300, 360, 420, 480, 600, 720, 900),
    *(1200, 1500, 1800, 2400, 3600, 5400, 7200, 14_400),
)
"""Lower edges of the bins that lengths of stays are counted in; the last has no upper edge."""


def minute_of(utc_ns: int) -> int:
    """The minute since 1970-01-01 UTC that an instant in nanoseconds lies in."""
    return utc_ns // NS_PER_MINUTE


def dwell_bin(seconds: float) -> int:
    """Which bin of DWELL_EDGES_S a length falls in; shorter than the first counts as the first."""
    return max(0, bisect_right(DWELL_EDGES_S, seconds) - 1)


def date_of(day: int) -> date:
    """The date of a day's number."""
    return date.fromordinal(day + _EPOCH)


def day_number(day: date) -> int:
    """The number of a date."""
    return day.toordinal() - _EPOCH


def month_number(day: date) -> int:
    """The number of the month a date lies in."""
    return day.year * 12 + day.month - 1


def month_of_day(day: int) -> int:
    """The number of the month a day lies in."""
    return month_number(date_of(day))


class SiteTime:
    """Hours, days and months by one time zone.

    Args:
        timezone: the site's, by its IANA name.
    """

    def __init__(self, timezone: str) -> None:
        self.timezone = timezone
        self._zone: tzinfo = ZoneInfo(timezone)
        self._offsets: dict[int, int] = {}

    def register(self, connection: sqlite3.Connection) -> None:
        """Let SQL on this connection call the site's clock.

        `site_hour` and `site_day` are of nanoseconds in UTC, `month_of_day` of a day's number, and
        `dwell_bin` of seconds.
        """
        for name, function in (
            ("month_of_day", month_of_day),
            ("site_hour", self.hour),
            ("site_day", self.day),
            ("dwell_bin", dwell_bin),
        ):
            connection.create_function(name, 1, function, deterministic=True)

    def hour(self, utc_ns: int) -> int:
        """The UTC minute at which the site's hour began that an instant lies in."""
        minute = utc_ns // NS_PER_MINUTE
        return minute - (minute + self._offset(minute)) % 60

    def day(self, utc_ns: int) -> int:
        """The site's day at an instant."""
        minute = utc_ns // NS_PER_MINUTE
        return (minute + self._offset(minute)) // _MINUTES_PER_DAY

    def day_of_hour(self, hour: int) -> int:
        """The site's day an hour lies in."""
        return (hour + self._offset(hour)) // _MINUTES_PER_DAY

    def hour_of_day(self, hour: int) -> int:
        """What the site's clock shows at an hour's beginning: 0..23."""
        return (hour + self._offset(hour)) // 60 % 24

    def month_of_hour(self, hour: int) -> int:
        """The month an hour lies in."""
        return month_number(date_of(self.day_of_hour(hour)))

    def day_start(self, day: int) -> int:
        """The UTC minute of a day's first moment."""
        local = datetime.combine(date_of(day), datetime.min.time(), self._zone)
        return round(local.timestamp()) // 60

    def month_start(self, month: int) -> int:
        """The UTC minute of a month's first moment."""
        return self.day_start(day_number(date(month // 12, month % 12 + 1, 1)))

    def _offset(self, minute: int) -> int:
        """Minutes the site's clock is ahead of UTC."""
        quarter = minute // _STEP
        offset = self._offsets.get(quarter)
        if offset is None:
            instant = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(minutes=quarter * _STEP)
            ahead = instant.astimezone(self._zone).utcoffset() or timedelta()
            offset = self._offsets[quarter] = ahead // timedelta(minutes=1)
        return offset
