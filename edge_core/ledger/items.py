"""Queries of items and sales: from the sums by minute, never from the events."""

import sqlite3

from edge_core.ledger.records import ItemMinute, ItemTotal, VisitTotals

_SPAN = " WHERE minute >= ? AND minute < ?"


def item_totals(
    connection: sqlite3.Connection, first_minute: int, end_minute: int
) -> dict[str, ItemTotal]:
    """What happened to items, by SKU, in a span of minutes."""
    rows = connection.execute(
        "SELECT sku, sum(touched), sum(picked), sum(tried), sum(put_back), sum(misplaced),"
        " sum(gone), count(DISTINCT nullif(visit, 0))"
        f" FROM item_minutes{_SPAN} GROUP BY sku",
        (first_minute, end_minute),
    )
    return {sku: ItemTotal(*figures) for sku, *figures in rows}


def visit_totals(connection: sqlite3.Connection, first_minute: int, end_minute: int) -> VisitTotals:
    """Items by visit, over the visits that are known, in a span of minutes."""
    row = connection.execute(
        "SELECT count(DISTINCT visit), coalesce(sum(touched), 0), coalesce(sum(picked), 0),"
        f" coalesce(sum(tried), 0) FROM item_minutes{_SPAN} AND visit <> 0",
        (first_minute, end_minute),
    ).fetchone()
    return VisitTotals(*row)


def item_minutes(
    connection: sqlite3.Connection, first_minute: int, end_minute: int
) -> dict[str, list[ItemMinute]]:
    """What leads to sales and the sales, by SKU, minute by minute, in a span of minutes."""
    rows = connection.execute(
        "SELECT sku, minute, sum(kept), sum(tried), sum(bought) FROM ("
        " SELECT sku, minute, max(0, sum(picked - put_back - misplaced)) AS kept,"
        f" sum(tried) AS tried, 0 AS bought FROM item_minutes{_SPAN} GROUP BY sku, minute"
        " UNION ALL"
        f" SELECT sku, minute, 0, 0, bought FROM sale_minutes{_SPAN}"
        ") GROUP BY sku, minute ORDER BY sku, minute",
        (first_minute, end_minute, first_minute, end_minute),
    )
    found: dict[str, list[ItemMinute]] = {}
    for sku, *figures in rows:
        found.setdefault(sku, []).append(ItemMinute(*figures))
    return found
