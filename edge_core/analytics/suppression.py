"""Small counts of people are hidden, and enough beside them that no total gives them away.

People are counted in cells of a tree: hours within days within months. A cell has one part or
more that add up (those who stopped and those who did not). It is hidden when one of its parts is a
small count, 1 to k - 1. Where its parent is told, other cells of the same parent are hidden with
it until, part by part, the hidden ones add up to nothing or to at least m + k - 1, m of them. So
for all that is told any hidden count may be anything from 1 to k, and if zeros may be hidden, from
0. What lies below a hidden cell is hidden. Totals of other spans are sums of cells that are told,
so two overlapping spans differ by told cells only, or by a month less its told days. (Complementary
suppression, Willenborg and de Waal 2001, chapter 4; the rule for trees is ours.)

It protects against arithmetic, not against somebody who stood there and watched.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from edge_core.types import BoolArray, Int64Array


def hidden_cells(parts: Int64Array, k: int) -> BoolArray:
    """Which cells with a common, told total are to be hidden: bool (N,).

    Args:
        parts: int64 (N, V), not negative.
        k: the smallest count of people that is told; 0 always is, beside others that are told.
    """
    small = np.asarray(((parts > 0) & (parts < k)).any(axis=1), np.bool_)
    if not small.any():
        return small
    hidden = small.copy()
    total = parts.sum(axis=1)
    for index in np.argsort(total, kind="stable").tolist():
        if _protected(parts[hidden], k):
            return hidden
        if total[index] > 0:
            hidden[index] = True
    if _protected(parts[hidden], k):
        return hidden
    return np.ones(len(parts), np.bool_)


def _protected(parts: Int64Array, k: int) -> bool:
    sums, count = parts.sum(axis=0), len(parts)
    return count >= 2 and bool(((sums == 0) | (sums >= count + k - 1)).all())


def shown_days(parts: Int64Array, month: Int64Array, k: int) -> tuple[BoolArray, BoolArray]:
    """What may be told of counts by day and of their months.

    Whole months are to be given, as far as they have passed: what may be told of a day depends on
    the other days of its month.

    Args:
        parts: int64 (D, V), of one place, one row a day.
        month: int64 (D,), the month of each, never falling.
        k: smallest count that is told.

    Returns:
        Bool (D,), whether the day may be told; and bool (D,), whether its month may.
    """
    days, months = np.zeros((2, len(parts)), np.bool_)
    for rows in _runs(month):
        sums = parts[rows].sum(axis=0)
        if ((sums > 0) & (sums < k)).any():
            continue
        months[rows] = True
        days[rows] = ~hidden_cells(parts[rows], k)
    return days, months


def shown_hours(parts: Int64Array, day: Int64Array, month: Int64Array, k: int) -> BoolArray:
    """What may be told of counts by hour, beside their days and months: bool (N,).

    Args:
        parts: int64 (N, V), every hour of whole months as far as they have passed.
        day: int64 (N,), the day of each, never falling.
        month: int64 (N,), the month of each, never falling.
        k: smallest count that is told.
    """
    hours = np.zeros(len(parts), np.bool_)
    spans = list(_runs(day))
    by_day = np.array([parts[rows].sum(axis=0) for rows in spans]).reshape(-1, parts.shape[1])
    month_of = np.array([month[rows.start] for rows in spans], np.int64)
    days, _ = shown_days(by_day, month_of, k)
    for rows, shown in zip(spans, days, strict=True):
        if shown:
            hours[rows] = ~hidden_cells(parts[rows], k)
    return hours


def _runs(number: Int64Array) -> Iterator[slice]:
    """Slices of equal numbers that stand together."""
    edges = np.flatnonzero(np.diff(number, prepend=number[:1] - 1, append=number[-1:] + 1))
    for start, end in pairwise(edges.tolist()):
        yield slice(start, end)


@dataclass(frozen=True, slots=True)
class SpanTotal:
    """Sums over a span of days, of what may be told.

    Attributes:
        parts: int64 (V,).
        hidden_days: days of the span with people that are left out.
    """

    parts: Int64Array
    hidden_days: int


def span_total(
    parts: Int64Array, day: Int64Array, month: Int64Array, first: int, last: int, k: int
) -> SpanTotal:
    """Add up days from `first` to `last`: whole months where they may be told, else told days.

    Args:
        parts: int64 (D, V), one row a day, of whole months as far as they have passed.
        day: int64 (D,), the days, rising.
        month: int64 (D,), the month of each.
        first: the first day's number.
        last: the last one's, within.
        k: smallest count that is told.
    """
    within = (day >= first) & (day <= last)
    total, hidden = np.zeros(parts.shape[1], np.int64), 0
    for rows in _runs(month):
        cells, asked = parts[rows], within[rows]
        sums = cells.sum(axis=0)
        small = bool(((sums > 0) & (sums < k)).any())
        if asked.all() and not small:
            total += sums
        elif asked.any():
            told = asked & ~(small | hidden_cells(cells, k))
            total += cells[told].sum(axis=0)
            hidden += int((asked & ~told & (cells.sum(axis=1) > 0)).sum())
    return SpanTotal(total, hidden)
