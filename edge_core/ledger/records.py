"""What ledger queries answer with."""

from dataclasses import dataclass
from typing import NamedTuple

from edge_core.types import Event


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """An event with its row id; ids rise in the order of appending and are never used twice."""

    id: int
    event: Event


@dataclass(frozen=True, slots=True)
class LineTotal:
    """Crossings of one line."""

    entered: int = 0
    left: int = 0


@dataclass(frozen=True, slots=True)
class ZoneTotal:
    """Finished stays in one zone and their seconds together."""

    stays: int = 0
    dwell_s: float = 0.0


@dataclass(frozen=True, slots=True)
class ItemTotal:
    """What happened to the garments of one product.

    Attributes:
        touched: handled in any way.
        picked: taken in hand.
        tried: taken to a fitting room.
        put_back: put back where they belong.
        misplaced: left elsewhere.
        gone: heard no more.
        visits: different visits known to have handled one.
    """

    touched: int = 0
    picked: int = 0
    tried: int = 0
    put_back: int = 0
    misplaced: int = 0
    gone: int = 0
    visits: int = 0


class VisitRow(NamedTuple):
    """What counting a visit needs.

    Attributes:
        staff: it was somebody's who works here.
        again: somebody who had been here before on that day.
        seen_in: a `SeenIn`.
        duration_s: length.
        group: how many people came together.
        group_id: the group's name.
    """

    staff: bool
    again: bool
    seen_in: str
    duration_s: float
    group: int
    group_id: str


@dataclass(frozen=True, slots=True)
class VisitTotals:
    """Items by visit, over the visits that handled any: a number of visits and sums."""

    visits: int = 0
    touched: int = 0
    picked: int = 0
    tried: int = 0


@dataclass(frozen=True, slots=True)
class ItemMinute:
    """What leads to sales, of one product in one minute.

    Attributes:
        minute: since 1970-01-01 UTC.
        kept: taken in hand and not put back.
        tried: taken to a fitting room.
        bought: sold, less what was taken back.
    """

    minute: int
    kept: int = 0
    tried: int = 0
    bought: int = 0


@dataclass(frozen=True, slots=True)
class LineBucket:
    """Crossings of one line within one span of time.

    Attributes:
        start_utc_ns: begin of the span.
        line_id: the line.
        entered, left: crossings seen.
        available: share (0..1) of the span, as far as it has passed, in which the line's camera
            was watched; 0 means that the counts say nothing.
    """

    start_utc_ns: int
    line_id: str
    entered: int
    left: int
    available: float
