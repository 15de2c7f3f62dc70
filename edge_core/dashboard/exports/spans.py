"""A time of whole local days cut into spans."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta, tzinfo
from typing import Final

from edge_core.ledger import day_bounds_utc_ns
from edge_core.units import NS_PER_S

DAY_S: Final = 86_400
BUCKETS_S: Final = (900, 3600, DAY_S)
MOST_DAYS: Final = 400
MOST_SPANS: Final = 20_000


@dataclass(frozen=True, slots=True)
class Span:
    """From a moment up to, without, another, in UTC nanoseconds."""

    start_utc_ns: int
    end_utc_ns: int


def spans(first: date, last: date, bucket_s: int, timezone: tzinfo) -> Iterator[Span]:
    """Spans of `bucket_s` seconds from the first local day to the last, with it.

    They start anew at each local midnight, so a span of a day has 23 or 25 hours when the clocks
    change.
    """
    day = first
    while day <= last:
        start, end = day_bounds_utc_ns(day, timezone)
        step = end - start if bucket_s >= DAY_S else bucket_s * NS_PER_S
        for begin in range(start, end, step):
            yield Span(begin, min(begin + step, end))
        day += timedelta(days=1)


def count_of_spans(first: date, last: date, bucket_s: int) -> int:
    """About how many spans that makes."""
    return ((last - first).days + 1) * max(1, DAY_S // bucket_s)
