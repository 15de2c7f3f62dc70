"""Series of counts over hours and days, with how much of each was observed."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

import numpy as np

from edge_core.analytics.bands import Band, usual_band
from edge_core.analytics.suppression import shown_days, shown_hours
from edge_core.ledger import History, Rows
from edge_core.ledger.site_time import date_of, day_number, month_number
from edge_core.service.history_schema import BucketView, By, Measure, SeriesView
from edge_core.service.observed import Hours, Watch
from edge_core.service.site_schema import LineView, SiteView
from edge_core.service.views import utc_from_ns
from edge_core.types import BoolArray, Float64Array, Int64Array

WEEKS: Final = 8
"""How many past weeks tell what is usual."""
_LEAST_H: Final = 0.05
_NS_PER_MINUTE: Final = 60_000_000_000
_LINES: Final = ("entered", "left")


class SeriesBuilder:
    """Builds the series of one site at one moment.

    Args:
        history: of its ledger.
        site: lines, zones, opening hours, smallest group.
        watches: of `watches_of`, by zone.
        now: UTC nanoseconds.
    """

    def __init__(
        self, history: History, site: SiteView, watches: Mapping[str, Watch], now: int
    ) -> None:
        self._history = history
        self._site = site
        self._watches = watches
        self._now_minute = now // _NS_PER_MINUTE
        self._today = history.time.day(now)

    def hours(
        self, measure: Measure, place: str, first: date, last: date, *, usual: bool
    ) -> SeriesView:
        """One measure hour by hour, if wanted with what is usual for lines."""
        begin, end = day_number(first), day_number(last)
        hours = self._hours(begin, end)
        watched_h = hours.watched_h(self._watch(measure, place))
        hidden = np.zeros(len(hours.start), np.bool_)
        band = None
        if measure in _LINES:
            values = self._line_hours(measure, place, hours)
            band = self._band(measure, place, begin, end, hours) if usual else None
        else:
            values, hidden = self._zone_hours(measure, place, begin, end, hours)
        buckets = _buckets(hours.start, values, watched_h, hours.share(watched_h), hidden, band)
        due_h = hours.due_h(watched_h)
        return _series(measure, place, "hour", (first, last), buckets, watched_h, due_h)

    def days(self, measure: Measure, place: str, first: date, last: date) -> SeriesView:
        """One measure day by day."""
        begin, end = day_number(first), day_number(last)
        hours = self._hours(begin, end)
        watched_h = hours.watched_h(self._watch(measure, place))
        due_h = hours.due_h(watched_h)
        days = np.arange(begin, end + 1)
        start = np.searchsorted(hours.day, days)
        watched_by_day = np.add.reduceat(watched_h, start)
        due_by_day = np.add.reduceat(due_h, start)
        share = np.minimum(watched_by_day / np.maximum(due_by_day, 1e-9), 1.0)
        values, hidden = self._day_values(measure, place, days)
        starts = np.array([self._history.time.day_start(day) for day in days.tolist()], np.int64)
        buckets = _buckets(starts, values, watched_by_day, share, hidden, None)
        return _series(measure, place, "day", (first, last), buckets, watched_h, due_h)

    def _hours(self, begin: int, end: int) -> Hours:
        return Hours(self._history, self._site, begin, end, self._now_minute)

    def _watch(self, measure: Measure, place: str) -> Watch:
        if measure in ("stays", "engaged"):
            return self._watches.get(place, ())
        lines = self._lines(place)
        return [((line.camera,), 1 / len(lines)) for line in lines]

    def _lines(self, place: str) -> Sequence[LineView]:
        return [it for it in self._site.lines if it.id == place or (not place and it.entrance)]

    def _sum(self, by_line: Mapping[str, Rows], measure: Measure, place: str) -> Rows:
        """The rows of a line, or of all entrances one after the other."""
        column = _LINES.index(measure)
        found = [by_line[line.id] for line in self._lines(place) if line.id in by_line]
        if not found:
            return Rows(np.zeros(0, np.int64), np.zeros((0, 1), np.int64))
        return Rows(
            np.concatenate([rows.number for rows in found]),
            np.concatenate([rows.values[:, column : column + 1] for rows in found]),
        )

    def _line_hours(self, measure: Measure, place: str, hours: Hours) -> Int64Array:
        begin, end = int(hours.start[0]), int(hours.start[-1]) + 60
        rows = self._sum(self._history.line_hours(begin, end), measure, place)
        return hours.spread(rows.number, rows.values[:, 0])

    def _zone_hours(
        self, measure: Measure, place: str, begin: int, end: int, hours: Hours
    ) -> tuple[Int64Array, BoolArray]:
        """Hours of a zone, and which of them hold too few to tell; judged by whole months."""
        first, last = _whole_months(begin, end, self._today)
        whole = self._hours(first, last)
        rows = self._history.zone_hours(place, int(whole.start[0]), int(whole.start[-1]) + 60)
        columns = [whole.spread(rows.number, rows.values[:, column]) for column in range(3)]
        parts = _parts(measure, *columns)
        month = np.array([month_number(date_of(day)) for day in whole.day.tolist()], np.int64)
        shown = shown_hours(parts, whole.day, month, self._site.minimum_group)
        at = (hours.start - whole.start[0]) // 60
        inside = at < len(whole.start)
        at = np.minimum(at, len(whole.start) - 1)
        return np.where(inside, parts[at, 0], 0), np.asarray(inside & ~shown[at], np.bool_)

    def _day_values(
        self, measure: Measure, place: str, days: Int64Array
    ) -> tuple[Int64Array, BoolArray]:
        begin, end = int(days[0]), int(days[-1])
        if measure in _LINES:
            rows = self._sum(self._history.line_days(begin, end), measure, place)
            values = np.zeros(len(days), np.int64)
            np.add.at(values, rows.number - begin, rows.values[:, 0])
            return values, np.zeros(len(days), np.bool_)
        first, last = _whole_months(begin, end, self._today)
        whole = np.arange(first, last + 1)
        if measure == "visits":
            by_entrance = self._history.visit_days(first, last)
            wanted = [place] if place else list(by_entrance)
            found = [by_entrance[it] for it in wanted if it in by_entrance]
            parts = sum((_spread(rows, whole)[:, :1] for rows in found), _none(whole, 1))
        else:
            rows = self._history.zone_days(first, last).get(
                place, Rows(whole[:0], _none(whole[:0], 6))
            )
            table = _spread(rows, whole)
            parts = _parts(measure, table[:, 0], table[:, 3], table[:, 2])
        month = np.array([month_number(date_of(day)) for day in whole.tolist()], np.int64)
        shown, _ = shown_days(parts, month, self._site.minimum_group)
        at, begun = np.minimum(days, last) - first, days <= last
        return np.where(begun, parts[at, 0], 0), np.asarray(begun & ~shown[at], np.bool_)

    def _band(self, measure: Measure, place: str, begin: int, end: int, hours: Hours) -> Band:
        """What the same hours of the same weekdays brought in past weeks."""
        past = self._hours(begin - 7 * WEEKS, end)
        values = self._line_hours(measure, place, past)
        share = past.share(past.watched_h(self._watch(measure, place)))
        place_of = {
            key: index
            for index, key in enumerate(zip(past.day.tolist(), past.clock.tolist(), strict=True))
        }
        counts, watched = np.zeros((2, WEEKS, len(hours.start)))
        for index, (day, clock) in enumerate(
            zip(hours.day.tolist(), hours.clock.tolist(), strict=True)
        ):
            for week in range(WEEKS):
                at = place_of.get((day - 7 * (week + 1), clock))
                if at is not None:  # else the clock was set forward
                    counts[week, index], watched[week, index] = values[at], share[at]
        return usual_band(counts, watched)


def _parts(
    measure: Measure, stays: Int64Array, engaged: Int64Array, judged: Int64Array
) -> Int64Array:
    """What is told first, and what it leaves of its whole: int64 (N, V)."""
    if measure == "engaged":
        return np.column_stack([engaged, judged - engaged])
    return stays[:, None]


def _none(rows: Int64Array, width: int) -> Int64Array:
    return np.zeros((len(rows), width), np.int64)


def _spread(rows: Rows, days: Int64Array) -> Int64Array:
    """Rows for every day of a span, zero where there is none."""
    table = _none(days, rows.values.shape[1])
    table[rows.number - days[0]] = rows.values
    return table


def _whole_months(begin: int, end: int, today: int) -> tuple[int, int]:
    """The days of the months a span touches, as far as they have begun."""
    first = day_number(date_of(begin).replace(day=1))
    last = date_of(end)
    after = date(last.year + last.month // 12, last.month % 12 + 1, 1)
    return first, max(first, min(day_number(after) - 1, today))


def _buckets(
    start: Int64Array,
    values: Int64Array,
    watched_h: Float64Array,
    share: Float64Array,
    hidden: BoolArray,
    band: Band | None,
) -> list[BucketView]:
    found = []
    for index, minute in enumerate(start.tolist()):
        hours, secret = float(watched_h[index]), bool(hidden[index])
        value = None if secret or hours <= 0 else float(values[index])
        usual: list[float | None] = [None] * 3
        if band is not None and np.isfinite(band.expected[index]):
            usual = [round(float(it[index]), 2) for it in (band.expected, band.low, band.high)]
        found.append(
            BucketView(
                start=utc_from_ns(minute * _NS_PER_MINUTE),
                value=value,
                observed=round(float(share[index]), 4),
                per_hour=None if value is None or hours < _LEAST_H else round(value / hours, 3),
                hidden=secret and hours > 0,
                expected=usual[0],
                low=usual[1],
                high=usual[2],
            )
        )
    return found


def _series(
    measure: Measure,
    place: str,
    by: By,
    span: tuple[date, date],
    buckets: list[BucketView],
    watched_h: Float64Array,
    due_h: Float64Array,
) -> SeriesView:
    told = [bucket.value for bucket in buckets if bucket.value is not None]
    return SeriesView(
        first=span[0],
        last=span[1],
        measure=measure,
        place=place,
        by=by,
        buckets=buckets,
        total=sum(told) if told else None,
        observed=round(min(1.0, float(watched_h.sum()) / max(float(due_h.sum()), 1e-9)), 4),
        hidden=sum(bucket.hidden for bucket in buckets),
    )
