"""Sales as a till exports them: CSV or JSON in, transactions out, every mistake told by its line.

A transaction is taken whole or not at all: one with a bad line is refused with all its lines, for
half a receipt would be a wrong one, and the others are kept. What is handed in again is known by
its transaction's number and changes nothing.

CSV, columns in any order and others passed over::

    transaction,time_utc,sku,quantity
    1047,2026-05-01T09:12:03Z,ox-blue-m,1

JSON: ``{"transactions": [{"transaction": "1047", "time_utc": "2026-05-01T09:12:03Z", "lines":
[{"sku": "ox-blue-m", "quantity": 1}]}]}``. `quantity` may be left out (1) and is negative for
what is taken back.
"""

import csv
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from edge_core.errors import PromenadeError
from edge_core.ledger import LedgerReader
from edge_core.service.item_schema import RefusalView
from edge_core.types import Event, EventKind

COLUMNS: Final = ("transaction", "time_utc", "sku", "quantity")
MOST_BYTES: Final = 16 * 1024 * 1024
_REMEDIES: Final = {
    "time_utc": "Write an instant with its zone, like 2026-05-01T09:12:03Z.",
    "sku": "Write the shop's own number of the product, at most 60 characters.",
    "quantity": "Write a whole number, negative for what is taken back, not 0.",
    "transaction": "Write the receipt's number, at most 60 characters without a slash.",
}


class TillError(PromenadeError):
    """Nothing of what was handed in can be understood; nothing was kept."""


class _Line(BaseModel):
    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True)

    sku: str = Field(min_length=1, max_length=60)
    quantity: int = Field(default=1, ge=-10_000, le=10_000)


class _Head(BaseModel):
    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True, coerce_numbers_to_str=True)

    transaction: str = Field(min_length=1, max_length=60, pattern="^[^/]*$")
    time_utc: AwareDatetime


@dataclass(frozen=True, slots=True)
class Sale:
    """One transaction.

    Attributes:
        transaction: the receipt's number, told apart from all others of the shop.
        time_utc: when.
        lines: SKU and quantity.
        first_line: where it stands in what was handed in, from 1.
    """

    transaction: str
    time_utc: datetime
    lines: tuple[tuple[str, int], ...]
    first_line: int

    def events(self, utc_ns: int, place_id: str = "") -> list[Event]:
        """The sale as durable events, one a line."""
        return [
            Event(
                key=f"{sale_key(self.transaction)}{number:05d}",
                kind=EventKind.SALE,
                utc_ns=utc_ns,
                mono_ns=0,
                camera_id="",
                place_id=place_id,
                data={"transaction": self.transaction, "sku": sku, "quantity": quantity},
            )
            for number, (sku, quantity) in enumerate(self.lines, 1)
        ]


def sale_key(transaction: str) -> str:
    """What the keys of a transaction's events begin with."""
    return f"sale/{transaction}/"


@dataclass(slots=True)
class Handed:
    """What was handed in: whole transactions, and what is wrong with the others."""

    sales: list[Sale] = field(default_factory=list)
    refused: list[RefusalView] = field(default_factory=list)


def read_csv(body: bytes) -> Handed:
    """Sales of a CSV file in UTF-8.

    Raises:
        TillError: it is no such file; nothing of it can be taken.
    """
    try:
        text = body.decode("utf-8-sig")
        table = csv.DictReader(io.StringIO(text, newline=""), restval="", strict=True)
        missing = [name for name in COLUMNS[:3] if name not in (table.fieldnames or ())]
        if missing:
            raise TillError(
                f"The file lacks the column {missing[0]}.",
                f"Write {','.join(COLUMNS)} into its first line; separate columns by commas.",
            )
        rows = [(table.line_num, row) for row in table]
    except (UnicodeDecodeError, csv.Error) as error:
        raise TillError(
            f"The file is no CSV in UTF-8: {error}.", "Export it anew as CSV in UTF-8."
        ) from None
    return _grouped(rows)


def _grouped(rows: Sequence[tuple[int, dict[str, str]]]) -> Handed:
    """Rows of one transaction together, in the order of its first."""
    handed = Handed()
    groups: dict[str, list[tuple[int, dict[str, str]]]] = {}
    for line, row in rows:
        groups.setdefault(row["transaction"].strip(), []).append((line, row))
    for group in groups.values():
        first = group[0][1]
        lines = [
            (line, {"sku": row["sku"], "quantity": row.get("quantity") or "1"})
            for line, row in group
        ]
        heads = [(line, _head_of(row)) for line, row in group]
        said = _sale(_head_of(first), heads, lines)
        handed.sales += [it for it in said if isinstance(it, Sale)]
        handed.refused += [it for it in said if isinstance(it, RefusalView)]
    return handed


def _head_of(row: dict[str, str]) -> dict[str, str]:
    return {"transaction": row["transaction"], "time_utc": row["time_utc"]}


def read_json(body: bytes) -> Handed:
    """Sales of a JSON document.

    Raises:
        TillError: it is no such document; nothing of it can be taken.
    """
    try:
        transactions = json.loads(body)["transactions"]
        groups = [(it, list(it["lines"])) for it in transactions]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise TillError(
            f"That is no JSON of sales: {type(error).__name__} {error}.",
            'Send {"transactions": [{"transaction": …, "time_utc": …, "lines": [{"sku": …}]}]}.',
        ) from None
    handed = Handed()
    for head, lines in groups:
        said = _sale(head, [(1, head)], list(enumerate(lines, 1)))
        handed.sales += [it for it in said if isinstance(it, Sale)]
        handed.refused += [it for it in said if isinstance(it, RefusalView)]
    return handed


def _sale(
    head: dict[str, Any],
    heads: Sequence[tuple[int, dict[str, Any]]],
    lines: Sequence[tuple[int, Any]],
) -> list[Sale | RefusalView]:
    """One transaction, or all that is wrong with it."""
    # JSON may hold half a character, which no answer can be written with.
    transaction = str(head.get("transaction", "")).encode(errors="replace").decode()
    refused = [
        refusal for line, row in heads for refusal in _mistakes(_Head, row, transaction, line)
    ]
    for line, row in lines:
        found = list(_mistakes(_Line, row, transaction, line))
        if not found and _Line.model_validate(row).quantity == 0:
            reason = "quantity: it is 0"
            found = [_refusal(transaction, line, reason, "quantity")]
        refused += found
    if not lines:
        reason = "lines: there is none"
        refused.append(_refusal(transaction, heads[0][0], reason, "sku"))
    if refused:
        return list(refused)
    checked = [_Head.model_validate(row) for _, row in heads]
    odd = next((n for n, it in enumerate(checked) if it.time_utc != checked[0].time_utc), None)
    if odd is not None:
        reason = f"time_utc: the lines of transaction {transaction} tell different times"
        return [_refusal(transaction, heads[odd][0], reason, "time_utc")]
    sold = [_Line.model_validate(row) for _, row in lines]
    return [
        Sale(
            checked[0].transaction,
            checked[0].time_utc,
            tuple((line.sku, line.quantity) for line in sold),
            heads[0][0],
        )
    ]


def _mistakes(
    model: type[BaseModel], row: Any, transaction: str, line: int
) -> Iterator[RefusalView]:
    try:
        model.model_validate(row)
    except ValidationError as error:
        for item in error.errors():
            name = str(item["loc"][0]) if item["loc"] else "line"
            reason = f"{name}: {item['msg'].removeprefix('Value error, ')}"
            yield _refusal(transaction, line, reason, name)


def _refusal(transaction: str, line: int, reason: str, column: str) -> RefusalView:
    remedy = _REMEDIES.get(column, "Correct the line.")
    return RefusalView(transaction=transaction, line=line, reason=reason, remedy=remedy)


@dataclass(frozen=True, slots=True)
class Sorted:
    """Sales beside what the ledger holds.

    Attributes:
        new: not in the ledger yet.
        known: how many are there already, line for line.
        refused: there with other lines, or of a time that cannot be.
    """

    new: list[Sale]
    known: int
    refused: list[RefusalView]


def sort_out(sales: Sequence[Sale], ledger: LedgerReader, now: datetime) -> Sorted:
    """Which sales are new; reads the ledger, changes nothing.

    Args:
        sales: of `read_csv` or `read_json`.
        ledger: what is kept already.
        now: sales of a later day than this are refused.
    """
    new: dict[str, Sale] = {}
    known, refused = 0, []
    for sale in sales:
        kept = ledger.sale_lines(sale_key(sale.transaction))
        if not kept and sale.transaction in new:
            kept = list(new[sale.transaction].lines)
        if kept == list(sale.lines):
            known += 1
        elif kept:
            reason = f"transaction {sale.transaction} is kept already, with other lines"
            remedy = "Give a correction a transaction number of its own, with negative quantities."
            refused.append(
                RefusalView(
                    transaction=sale.transaction,
                    line=sale.first_line,
                    reason=reason,
                    remedy=remedy,
                )
            )
        elif sale.time_utc > now + timedelta(days=1) or sale.time_utc.year < 1970:
            reason = f"time_utc: {sale.time_utc.isoformat()} cannot be"
            refused.append(_refusal(sale.transaction, sale.first_line, reason, "time_utc"))
        else:
            new[sale.transaction] = sale
    return Sorted(list(new.values()), known, refused)
