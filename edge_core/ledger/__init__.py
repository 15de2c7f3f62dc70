"""The event ledger: SQLite with a write-ahead log, one writer, many readers."""

from edge_core.ledger.history import HeatSums, History, Rows
from edge_core.ledger.outbox import OutboxCounts, OutboxRow
from edge_core.ledger.proofs import ConsentCount, Deletion, broken_at
from edge_core.ledger.reader import LedgerReader, day_bounds_utc_ns
from edge_core.ledger.records import (
    ItemMinute,
    ItemTotal,
    LineBucket,
    LineTotal,
    StoredEvent,
    VisitRow,
    VisitTotals,
    ZoneTotal,
)
from edge_core.ledger.site_time import DWELL_EDGES_S, SiteTime, minute_of
from edge_core.ledger.writer import Ledger

__all__ = [
    "DWELL_EDGES_S",
    "ConsentCount",
    "Deletion",
    "HeatSums",
    "History",
    "ItemMinute",
    "ItemTotal",
    "Ledger",
    "LedgerReader",
    "LineBucket",
    "LineTotal",
    "OutboxCounts",
    "OutboxRow",
    "Rows",
    "SiteTime",
    "StoredEvent",
    "VisitRow",
    "VisitTotals",
    "ZoneTotal",
    "broken_at",
    "day_bounds_utc_ns",
    "minute_of",
]
