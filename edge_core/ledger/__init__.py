"""The event ledger: SQLite with a write-ahead log, one writer, many readers."""

from edge_core.ledger.reader import LedgerReader, day_bounds_utc_ns
from edge_core.ledger.records import (
    ItemMinute,
    ItemTotal,
    LineBucket,
    LineTotal,
    StoredEvent,
    VisitTotals,
    ZoneTotal,
)
from edge_core.ledger.rollups import minute_of
from edge_core.ledger.writer import Ledger

__all__ = [
    "ItemMinute",
    "ItemTotal",
    "Ledger",
    "LedgerReader",
    "LineBucket",
    "LineTotal",
    "StoredEvent",
    "VisitTotals",
    "ZoneTotal",
    "day_bounds_utc_ns",
    "minute_of",
]
