"""Rows as CSV that spreadsheets open rightly and safely."""

import csv
import io
from collections.abc import Iterable
from typing import Final

from edge_core.dashboard.exports.tables import Cell

_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def csv_text(rows: Iterable[tuple[Cell, ...]]) -> str:
    """CSV after RFC 4180, with a byte order mark so that Chinese names show everywhere.

    Text that a spreadsheet would run as a formula is led by an apostrophe (OWASP, CSV Injection).
    """
    sink = io.StringIO()
    writer = csv.writer(sink)
    for row in rows:
        writer.writerow(["" if cell is None else _safe(cell) for cell in row])
    return "\ufeff" + sink.getvalue()


def _safe(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
