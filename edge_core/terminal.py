"""What the commands share: where they print, tables, results, progress."""

import json
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

OUT: Final = Console()
ERR: Final = Console(stderr=True, soft_wrap=True, highlight=False)

EXIT_REFUSED: Final = 1
EXIT_CONFIG: Final = 2
EXIT_ENVIRONMENT: Final = 3

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for a machine.")]

_NUMBERS: Final = ("value", "ratio", "n")


def print_table(columns: Sequence[str], rows: Sequence[Mapping[str, Any]]) -> None:
    """Some columns of rows of JSON values."""
    table = Table(box=None)
    for column in columns:
        number = column in _NUMBERS
        table.add_column(column, justify="right" if number else "left", no_wrap=number)
    for row in rows:
        table.add_row(*(_cell(row[column]) for column in columns))
    OUT.print(table)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:g}" if isinstance(value, float) else str(value)


def print_result(result: Mapping[str, Any], as_json: bool) -> None:
    """One object of JSON values: for a machine, or a line a key."""
    if as_json:
        typer.echo(json.dumps(result))
        return
    for name, value in result.items():
        OUT.print(f"{name.replace('_', ' '):>20}  {value}")


def progress() -> Progress:
    """A bar on standard error that is gone when the work is done."""
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed:.6g}"))
    return Progress(*columns, TimeRemainingColumn(), console=ERR, transient=True)
