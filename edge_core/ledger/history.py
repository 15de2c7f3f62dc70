"""Queries of the sums by hour, day and month: what pages about long spans are made of."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np

from edge_core.ledger.heat import add_packed, grid_number
from edge_core.ledger.reader import LedgerReader
from edge_core.ledger.site_time import DWELL_EDGES_S, SiteTime
from edge_core.types import FloorGrid, Int64Array

_CLOCKS: Final = 24


@dataclass(frozen=True, slots=True)
class HeatSums:
    """Where people were over a span.

    Attributes:
        amount: int64 (cells,), person-milliseconds or millimetres walked.
        watched_ms: by the set of cameras that watched at the same time.
    """

    amount: Int64Array
    watched_ms: dict[tuple[str, ...], int]


@dataclass(frozen=True, slots=True)
class Rows:
    """Sums of one place, row by row.

    Attributes:
        number: int64 (N,), days or hours, rising.
        values: int64 (N, V), the columns asked for.
    """

    number: Int64Array
    values: Int64Array


class History:
    """Answers about long spans from sums, never from events.

    Days are the numbers of `SiteTime`, both ends within; hours are UTC minutes, the end without.

    Args:
        reader: of the ledger.
    """

    def __init__(self, reader: LedgerReader) -> None:
        self._reader = reader
        self.time: SiteTime = reader.site_time()

    def hours_of(self, first_day: int, last_day: int) -> tuple[int, int]:
        """The first hour of a span of days and the first after it."""
        return self.time.day_start(first_day), self.time.day_start(last_day + 1)

    def line_hours(self, first_hour: int, end_hour: int) -> dict[str, Rows]:
        """Hours of every line: entered, left."""
        return self._by_place(
            'SELECT line_id, hour, entered, "left" FROM line_hours'
            " WHERE hour >= ? AND hour < ? ORDER BY line_id, hour",
            (first_hour, end_hour),
            2,
        )

    def line_days(self, first_day: int, last_day: int) -> dict[str, Rows]:
        """Days of every line: entered, left."""
        return self._by_place(
            'SELECT line_id, day, entered, "left" FROM line_days'
            " WHERE day >= ? AND day <= ? ORDER BY line_id, day",
            (first_day, last_day),
            2,
        )

    def camera_hours(self, camera_id: str, first_hour: int, end_hour: int) -> Rows:
        """Hours of a camera: milliseconds watched."""
        rows = self._reader.rows(
            "SELECT hour, watched_ms FROM camera_hours"
            " WHERE camera_id = ? AND hour >= ? AND hour < ? ORDER BY hour",
            (camera_id, first_hour, end_hour),
        )
        return _rows(rows, 1)

    def zone_hours(self, zone_id: str, first_hour: int, end_hour: int) -> Rows:
        """Hours of a zone: stays, engaged, judged."""
        rows = self._reader.rows(
            "SELECT hour, stays, engaged, judged FROM zone_hours"
            " WHERE zone_id = ? AND hour >= ? AND hour < ? ORDER BY hour",
            (zone_id, first_hour, end_hour),
        )
        return _rows(rows, 3)

    def zone_days(self, first_day: int, last_day: int) -> dict[str, Rows]:
        """Days of every zone: stays, cut, judged, engaged, long, dwell in milliseconds."""
        return self._by_place(
            "SELECT zone_id, day, stays, cut, judged, engaged, long, dwell_ms FROM zone_days"
            " WHERE day >= ? AND day <= ? ORDER BY zone_id, day",
            (first_day, last_day),
            6,
        )

    def stay_lengths(
        self, first_day: int, last_day: int
    ) -> dict[str, tuple[Int64Array, Int64Array]]:
        """By zone, stays seen to end and stays cut, int64 (B,) each by bin of DWELL_EDGES_S."""
        sql, values = self._days_and_months("stay", "zone_id, bin, stays, cut", first_day, last_day)
        rows = self._reader.rows(
            f"SELECT zone_id, bin, sum(stays), sum(cut) FROM ({sql}) GROUP BY zone_id, bin", values
        )
        found: dict[str, tuple[Int64Array, Int64Array]] = {}
        for zone, place, stays, cut in rows:
            empty = np.zeros(len(DWELL_EDGES_S), np.int64), np.zeros(len(DWELL_EDGES_S), np.int64)
            ended, longer = found.setdefault(zone, empty)
            ended[place], longer[place] = stays - cut, cut
        return found

    def moves(self, first_day: int, last_day: int) -> dict[tuple[str, str], Rows]:
        """Moves of every pair of origin and target, by day."""
        return self._by_pair(
            "SELECT origin, target, day, moves FROM move_days WHERE day >= ? AND day <= ?"
            " ORDER BY origin, target, day",
            (first_day, last_day),
        )

    def moves_of_months(self, first_month: int, last_month: int) -> dict[tuple[str, str], Rows]:
        """Moves of every pair of origin and target, by month."""
        return self._by_pair(
            "SELECT origin, target, month, moves FROM move_months WHERE month >= ? AND month <= ?"
            " ORDER BY origin, target, month",
            (first_month, last_month),
        )

    def moves_by_clock(self, origin: str, first_hour: int, end_hour: int) -> dict[str, Int64Array]:
        """Moves from an origin by target, int64 (24,) by hour of the site's day."""
        rows = self._reader.rows(
            "SELECT target, hour, moves FROM move_hours"
            " WHERE origin = ? AND hour >= ? AND hour < ?",
            (origin, first_hour, end_hour),
        )
        hours = {hour for _, hour, _ in rows}
        clock = {hour: self.time.hour_of_day(hour) for hour in hours}
        found: dict[str, list[int]] = {}
        for target, hour, moves in rows:
            found.setdefault(target, [0] * _CLOCKS)[clock[hour]] += moves
        return {target: np.array(counts, np.int64) for target, counts in found.items()}

    def moves_between(self, first_hour: int, end_hour: int) -> dict[tuple[str, str], int]:
        """Moves of every pair of origin and target."""
        rows = self._reader.rows(
            "SELECT origin, target, sum(moves) FROM move_hours WHERE hour >= ? AND hour < ?"
            " GROUP BY origin, target",
            (first_hour, end_hour),
        )
        return {(origin, target): moves for origin, target, moves in rows}

    def looks(self, first_hour: int, end_hour: int) -> tuple[int, int] | None:
        """The first and the last hour, both ends within, at which people were looked at."""
        row = self._reader.rows(
            "SELECT min(hour), max(hour) FROM present_hours WHERE hour >= ? AND hour <= ?",
            (first_hour, end_hour),
        )[0]
        return None if row[0] is None else (int(row[0]), int(row[1]))

    def present_at(self, hour: int) -> dict[str, int]:
        """People by zone at an hour's first look; empty where nobody looked."""
        return dict(
            self._reader.rows("SELECT zone_id, present FROM present_hours WHERE hour = ?", (hour,))
        )

    def window_days(self, first_day: int, last_day: int) -> dict[str, Rows]:
        """Days of every window: people who came in after passing it."""
        return self._by_place(
            "SELECT zone_id, day, entered FROM window_days WHERE day >= ? AND day <= ?"
            " ORDER BY zone_id, day",
            (first_day, last_day),
            1,
        )

    def visit_days(self, first_day: int, last_day: int) -> dict[str, Rows]:
        """Days of every entrance: visits, again, grouped, complete, duration in milliseconds."""
        return self._by_place(
            "SELECT entrance, day, visits, again, grouped, complete, duration_ms FROM visit_days"
            " WHERE day >= ? AND day <= ? ORDER BY entrance, day",
            (first_day, last_day),
            5,
        )

    def trait_days(
        self, place_id: str, first_day: int, last_day: int
    ) -> dict[tuple[str, str], Rows]:
        """Days of every attribute and label at a place: people."""
        return self._by_pair(
            "SELECT attribute, label, day, people FROM trait_days"
            " WHERE place_id = ? AND day >= ? AND day <= ? ORDER BY attribute, label, day",
            (place_id, first_day, last_day),
        )

    def item_totals(self, first_day: int, last_day: int) -> dict[str, tuple[int, ...]]:
        """By SKU: touched, picked, tried, put back, misplaced, bought, and two joined by day.

        Of the pieces picked on a day, those matched by a try-on of the same product on that day;
        and of those tried, those matched by a sale.
        """
        plain = "touched, picked, tried, put_back, misplaced, bought"
        joined = "min(picked, tried) AS {}, min(tried, max(bought, 0)) AS {}"
        names = ("picked_tried", "tried_bought")
        sql, values = self._days_and_months(
            "item",
            f"sku, {plain}, {', '.join(names)}",
            first_day,
            last_day,
            of_days=f"sku, {plain}, {joined.format(*names)}",
        )
        sums = ", ".join(f"sum({it.strip()})" for it in (*plain.split(","), *names))
        rows = self._reader.rows(f"SELECT sku, {sums} FROM ({sql}) GROUP BY sku", values)
        return {sku: tuple(figures) for sku, *figures in rows}

    def _days_and_months(
        self, table: str, columns: str, first_day: int, last_day: int, of_days: str = ""
    ) -> tuple[str, tuple[int, ...]]:
        """SELECT a span's whole months as such, and the days before and after them."""
        months = self._whole_months(*self.hours_of(first_day, last_day))
        days = f"SELECT {of_days or columns} FROM {table}_days WHERE day >= ? AND day <= ?"
        if not months:
            return days, (first_day, last_day)
        before, after = (
            self.time.day_of_hour(self.time.month_start(it)) for it in (months[0], months[-1] + 1)
        )
        sql = (
            f"SELECT {columns} FROM {table}_months WHERE month >= ? AND month <= ?"
            f" UNION ALL {days} UNION ALL {days}"
        )
        return sql, (months[0], months[-1], first_day, before - 1, after, last_day)

    def heat(
        self,
        grid: FloorGrid,
        kind: Literal["dwell", "walked"],
        first_day: int,
        last_day: int,
        clocks: Sequence[int],
    ) -> HeatSums:
        """Heat of a floor within some hours of the site's day; whole months are read as such.

        What was kept by other cells than the floor has now is not in it.
        """
        sums = HeatSums(np.zeros(grid.cells, np.int64), {})
        number = self._grid(grid)
        if number is None:
            return sums
        start, end = self.hours_of(first_day, last_day)
        months = self._whole_months(start, end)
        marks = ", ".join(str(int(clock)) for clock in clocks)
        if months:
            where = f"grid = ? AND month >= ? AND month <= ? AND clock IN ({marks})"
            self._add(sums, kind, "months", where, (number, months[0], months[-1]))
            spans = (
                (start, self.time.month_start(months[0])),
                (self.time.month_start(months[-1] + 1), end),
            )
        else:
            spans = ((start, end), (end, end))
        for begin, until in spans:
            hours = range(self.time.hour(begin * 60_000_000_000), until, 60)
            wanted = [hour for hour in hours if self.time.hour_of_day(hour) in clocks]
            for piece in range(0, len(wanted), 500):
                listed = ", ".join(map(str, wanted[piece : piece + 500]))
                self._add(sums, kind, "hours", f"grid = ? AND hour IN ({listed})", (number,))
        return sums

    def _grid(self, grid: FloorGrid) -> int | None:
        with self._reader.reading() as connection:
            return grid_number(connection, grid)

    def _whole_months(self, start: int, end: int) -> list[int]:
        month = self.time.month_of_hour(start)
        if self.time.month_start(month) < start:
            month += 1
        months = []
        while self.time.month_start(month + 1) <= end:
            months.append(month)
            month += 1
        return months

    def _add(
        self, sums: HeatSums, kind: str, span: str, where: str, values: tuple[int, ...]
    ) -> None:
        for (blob,) in self._reader.rows(f"SELECT {kind} FROM heat_{span} WHERE {where}", values):
            add_packed(blob, sums.amount)
        for cameras, watched_ms in self._reader.rows(
            f"SELECT cameras, sum(watched_ms) FROM watch_{span} WHERE {where} GROUP BY cameras",
            values,
        ):
            names = tuple(cameras.split())
            sums.watched_ms[names] = sums.watched_ms.get(names, 0) + watched_ms

    def _by_pair(self, sql: str, values: tuple[Any, ...]) -> dict[tuple[str, str], Rows]:
        found: dict[tuple[str, str], list[tuple[int, int]]] = {}
        for one, other, number, count in self._reader.rows(sql, values):
            found.setdefault((one, other), []).append((number, count))
        return {pair: _rows(figures, 1) for pair, figures in found.items()}

    def _by_place(self, sql: str, values: tuple[int, ...], width: int) -> dict[str, Rows]:
        found: dict[str, list[Sequence[int]]] = {}
        for place, *figures in self._reader.rows(sql, values):
            found.setdefault(place, []).append(figures)
        return {place: _rows(rows, width) for place, rows in found.items()}


def _rows(rows: Sequence[Any], width: int) -> Rows:
    table = np.array(rows, np.int64).reshape(len(rows), width + 1)
    return Rows(table[:, 0].copy(), table[:, 1:].copy())
