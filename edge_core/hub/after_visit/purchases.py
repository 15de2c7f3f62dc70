"""Purchases as shops' systems report them, by the API or as a file."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from edge_core.errors import SourceError
from edge_core.hub.after_visit.contacts import one_spelling
from edge_core.hub.after_visit.opt_ins import Purchase
from edge_core.hub.after_visit.settings import AfterVisitConfig

_LEAST_KEY: Final = 32
_MOST: Final = 500


class Reported(BaseModel):
    """One purchase."""

    model_config = ConfigDict(extra="ignore", str_strip_whitespace=True)

    id: str = Field(min_length=1, max_length=80, description="the shop system's own number")
    time_utc: AwareDatetime
    code: str = Field(default="", max_length=40, description="of the list, as the till scanned it")
    contact: str = Field(default="", max_length=120, description="e-mail address or +number")


class Report(BaseModel):
    """Body of POST /v1/purchases."""

    purchases: tuple[Reported, ...] = Field(max_length=_MOST)


class Reports(BaseModel):
    """Answer to it."""

    taken: int = Field(description="purchases read; whose they are is not told")


def read_report(report: Report) -> Iterator[Purchase]:
    """What was reported, contacts in one spelling."""
    for it in report.purchases:
        yield Purchase(it.id, it.time_utc, it.code, one_spelling(it.contact))


def read_file(path: Path) -> list[Purchase]:
    """A CSV file with the columns id, time_utc, and code or contact or both.

    Raises:
        SourceError: it cannot be read, lacks a column or says something wrong; names the line.
    """
    found = []
    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            table = csv.DictReader(file, restval="")
            for row in table:
                try:
                    found.append(Reported.model_validate(row))
                except ValidationError as error:
                    item = error.errors()[0]
                    where = ".".join(str(part) for part in item["loc"])
                    raise ValueError(f"line {table.line_num}, {where}: {item['msg']}") from None
    except (OSError, UnicodeDecodeError, csv.Error, ValueError) as error:
        raise SourceError(
            f"The purchases {path} cannot be used: {error}.",
            "Save them as CSV in UTF-8 with the columns id, time_utc, code, contact.",
        ) from None
    return [Purchase(it.id, it.time_utc, it.code, one_spelling(it.contact)) for it in found]


def purchases_key(config: AfterVisitConfig) -> bytes:
    """What proves that a report is a shop system's; empty where none may report.

    Raises:
        SourceError: the file cannot be used.
    """
    if config.purchases_key is None:
        return b""
    try:
        key = config.purchases_key.read_text(encoding="utf-8").strip().encode()
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(
            f"The key for purchases {config.purchases_key} cannot be read: {error}.",
            "Write one of at least 32 characters there, the same as in the shop's system.",
        ) from None
    if len(key) < _LEAST_KEY:
        raise SourceError(
            f"The key for purchases {config.purchases_key} is too short.",
            "Write at least 32 characters.",
        )
    return key
